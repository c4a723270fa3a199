"""Numbers that are names: of streets, articles, resolutions, postcodes, organisations.

What belongs here: what stands beside a phrase that makes its numbers a name and no date. What does not: which phrases
are dates by what they say themselves (`finding.spans`).
"""

from __future__ import annotations

import re

from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.tokens import END, Token
from pipelines.refine.dates.words.pieces import DASHES

_QUOTES = ".,„“”«»\"'"
_ROMAN = re.compile("[ivx]+")
_STREET_REACH = 12  # tokens
_NEAR = 4  # tokens
_NUMBER_SIGNS = "#№§°º"
_YEAR_DIGITS = 4
_LONG_NUMBER = 3  # digits that are neither a day nor a month


def is_part_of_a_name(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """A street, a numbered paper, or a part of a longer number."""
    return (
        _follows_a_street(tokens, phrase)
        or _precedes_a_street(tokens, phrase)
        or _is_numbered(tokens, phrase)
        or _runs_on(tokens, phrase)
    )


def _follows_a_street(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """Rue du 8 mai 1945, Straße des 17. Juni: a street that has its name from a day."""
    for at in range(phrase.start, max(phrase.start - _STREET_REACH, -1), -1):
        token = tokens[at]
        if "street" in token.roles:
            return True
        if not _is_in_a_street(token) and not (at == phrase.start and token.word.month):
            return False
    return False


def _is_in_a_street(token: Token) -> bool:
    """A number, a small word or a mark between a street's word and its month."""
    if token.kind == "w":
        return token.tight or bool(token.roles & {"on", "fill", "from"}) or bool(_ROMAN.fullmatch(token.text))
    return token.text in _QUOTES or token.text in DASHES or 0 < token.digits <= 2


def _precedes_a_street(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """12 March Road, 1. Mai-Straße 5: a month right before the street's word, and no more words of a name after it."""
    after = phrase.end
    if not tokens[after - 1].word.month:
        return False
    after += _at(tokens, after).text in DASHES
    if "street_after" not in _at(tokens, after).roles:
        return False
    # Not in "24 December St. Nicholas".
    follows = _at(tokens, after + 1 + (_at(tokens, after + 1).text == "."))
    return follows.kind != "w" or "guard" in follows.roles


def _is_numbered(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """Resolution 2017/12, Art. 12.05.2018, # 2019-05, 2019-07 Resolution: the numbers of a paper."""
    if not phrase.points or not all(p.numeric for p in phrase.points):
        return False
    if numbers_things(tokens, phrase) or _is_week(_before(tokens, phrase)):
        return True
    return not any(p.day for p in phrase.points) and "guard" in _at(tokens, phrase.end).roles


def numbers_things(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """A word or a sign before the phrase says that its number is one of a room, a law, a telephone."""
    before = _before(tokens, phrase)
    if "guard" in before.roles or (before.kind == "p" and before.text in _NUMBER_SIGNS):
        return True
    inside = tokens[phrase.start : phrase.end]
    if any(t.kind == "p" for t in inside) and any(t.digits == _YEAR_DIGITS for t in inside):
        return False  # "Room 5 12.05.2026"
    at = phrase.start - 1
    while at > 0 and _is_in_a_number(tokens, at):
        at -= 1
    if at > 0 and tokens[at].text in ".:":
        at -= 1
    return 0 <= at < phrase.start - 1 and "guard" in tokens[at].roles


def _is_in_a_number(tokens: tuple[Token, ...], at: int) -> bool:
    """A part of "Tel. 030/20 05 2026", "тел. 8 (495) 12-05-26"."""
    token = tokens[at]
    touches = token.tight and tokens[at + 1].tight
    return token.kind == "n" or token.text in "()+" or (touches and token.text in "./-:")


def _is_week(token: Token) -> bool:
    """Week 12/2026, KW 12/2026."""
    return "unit" in token.roles and token.word.label == "week"


def _runs_on(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """File 2019-123, ID 2019-01-0042: more digits follow than a date has."""
    mark, number = _at(tokens, phrase.end), _at(tokens, phrase.end + 1)
    if not (mark.tight and number.tight and (mark.text in DASHES or mark.text == "/")):
        return False
    return number.digits >= _LONG_NUMBER and not (number.digits == _YEAR_DIGITS and number.text[0] != "0")


def is_house_number(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """2020 East 9th Street, Olympics 2012 Trust: a word that numbers things or names a body follows soon."""
    near = tokens[phrase.end : phrase.end + _NEAR]
    return any(not token.roles.isdisjoint(("guard", "organisation", "street_after")) for token in near)


def is_joined(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """The number hangs on a word or follows one that numbers things: ISO-2017, Room 2017, no. 2017, SW1A 2019."""
    if not phrase.start:
        return False
    first, before = tokens[phrase.start], _before(tokens, phrase)
    if not before.roles.isdisjoint(("guard", "organisation")) or before.kind == "n" or _is_postcode(tokens, phrase):
        return True
    return (first.tight and tokens[phrase.start - 1].text not in "(,;:|–—") or _runs_on(tokens, phrase)


def _is_postcode(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """SW1A, NE1: one or two letters, a number, perhaps a letter, all touching."""
    back = phrase.start - 1
    if tokens[back].kind == "w" and tokens[back].tight and tokens[back].end - tokens[back].start == 1:
        back -= 1
    letters = tokens[back - 1] if back >= 1 else END
    is_number = 0 < tokens[back].digits <= 2 and tokens[back].tight
    return is_number and letters.kind == "w" and letters.end - letters.start <= 2


def _before(tokens: tuple[Token, ...], phrase: Phrase) -> Token:
    """The token before a phrase, an abbreviation's dot apart."""
    at = phrase.start - 1
    if at >= 1 and tokens[at].text == "." and tokens[at].tight:
        at -= 1
    return tokens[at] if at >= 0 else END


def _at(tokens: tuple[Token, ...], at: int) -> Token:
    return tokens[at] if at < len(tokens) else END

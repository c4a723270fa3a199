"""A text into tokens and date phrases, in the language that it is written in.

What belongs here: choosing the lexicon, and walking through the tokens. What does not: what a phrase means, and which
phrases count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.phrases import Phrases
from pipelines.refine.dates.grammar.point import Source
from pipelines.refine.dates.grammar.tokens import Token, tokenise
from pipelines.refine.dates.words.lexicon import Lexicon, guess_language, lexicon
from pipelines.refine.dates.words.pieces import words_of
from pipelines.refine.dates.words.vocabulary import language_codes

_MONTH_FIRST = frozenset({"us", "ph"})  # regions that write 5/13/2019
_SAME = {"no": "nb", "sh": "sr", "cnr": "sr", "iw": "he", "mo": "ro"}
# In a text of more tokens than this a phrase is looked for only where one of these is near.
_SHORT, _SHORT_RUNNING = 30, 12
_REACH = 10
_ANCHORS = frozenset(
    "since onwards ongoing deadline tbc none unit half quarter season year_word month_word day_word every hour".split()
)


Watch = Callable[[list[Token]], None]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text cut into tokens and phrases, in their order."""

    text: str
    tokens: tuple[Token, ...]
    phrases: tuple[Phrase, ...]
    language: str


def parse(text: str, languages: tuple[str, ...], finding: bool = False, watch: Watch | None = None) -> Parsed:
    """Tokens and phrases of a text; `languages` are the candidates, none = any; `finding`: it is running text.

    `watch` may look at the tokens before they are read (see `shapes`).
    """
    return parse_with(text, lexicon(*choose_language(text, languages)), finding, watch)


def parse_with(text: str, lex: Lexicon, finding: bool = False, watch: Watch | None = None) -> Parsed:
    """The same, when it is known what the text is read with."""
    tokens = tokenise(text, lex)
    if watch is not None:
        watch(tokens)
    reader = Phrases(Source(text, tokens, lex, finding))
    phrases: list[Phrase] = []
    worth = _worth_a_look(tokens, finding)
    at, count = 0, len(tokens)
    while at < count:
        phrase = reader.read(at) if worth[at] else None
        if phrase is not None:
            phrases.append(phrase)
            at = phrase.end
        else:
            at += 1
    return Parsed(text, tuple(tokens), tuple(phrases), lex.language)


def _worth_a_look(tokens: list[Token], finding: bool) -> list[bool]:
    """Which tokens may begin a phrase; in long texts only those with something of a date not far behind."""
    worth = [t.kind == "n" or bool(t.roles) or t.word.month > 0 or t.word.weekday >= 0 for t in tokens]
    if len(tokens) <= (_SHORT_RUNNING if finding else _SHORT):
        return worth
    near = -1
    for at in range(len(tokens) - 1, -1, -1):
        if _is_anchor(tokens, at, finding):
            near = at
        worth[at] = worth[at] and 0 <= near - at <= _REACH
    return worth


def _is_anchor(tokens: list[Token], at: int, finding: bool) -> bool:
    token = tokens[at]
    if token.digits == 4:
        return not finding or 1000 <= token.num <= 2200
    if token.digits:
        return _is_marked(tokens, at) and not (finding and _is_time_or_fraction(tokens, at))
    return token.word.month > 0 or not token.roles.isdisjoint(_ANCHORS)


def _is_marked(tokens: list[Token], at: int) -> bool:
    """A number that a mark ties to the next: 3.5., 3/5, 18:30."""
    return at + 2 < len(tokens) and tokens[at + 1].tight and tokens[at + 1].text in "./:-" and tokens[at + 2].digits > 0


def _is_time_or_fraction(tokens: list[Token], at: int) -> bool:
    """18:30, 5.6, 3-5: in running text no date unless a month, a year or a second mark stands there too."""
    mark = tokens[at + 1].text
    third = tokens[at + 3] if at + 3 < len(tokens) else None
    return mark == ":" or (mark in ".-" and not (third is not None and third.tight and third.text == mark))


def choose_language(text: str, languages: tuple[str, ...]) -> tuple[str, str]:
    """(language, order of numbers) to read a text in; a region ("en-US") may turn the order round."""
    known, order = known_languages(languages)
    if len(known) == 1:
        return known[0], order
    guessed = guess_language(words_of(text), known)
    return guessed or (known[0] if known else "en"), order


@lru_cache(maxsize=4096)
def known_languages(languages: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The languages among the candidates that there are words of, and the order of numbers that the first asks for."""
    codes = [tag.replace("_", "-").lower().split("-") for tag in languages]
    order = "mdy" if codes and len(codes[0]) > 1 and codes[0][-1] in _MONTH_FIRST else ""
    known = tuple(dict.fromkeys(_SAME.get(code[0], code[0]) for code in codes))
    return tuple(code for code in known if code in language_codes()), order


@lru_cache(maxsize=16384)
def is_calendar_word(word: str, languages: tuple[str, ...] = ()) -> bool:
    """Whether a word is the name of a month or of a weekday, short or long."""
    tokens = tokenise(word, lexicon(*choose_language(word, languages)))
    return len(tokens) in (1, 2) and (tokens[0].word.month > 0 or tokens[0].word.weekday >= 0)

"""The parts of a point that are numbers: days, years, and numbers that a word beside them explains.

What belongs here: when a number is a day or a year, and when it is none (2-day, 20 %, Room 5). What does not: number
dates with marks (`numeric`), times.
"""

from __future__ import annotations

from pipelines.refine.dates.grammar.numeric import Numeric, full_year
from pipelines.refine.dates.grammar.point import BETWEEN, Point, Source
from pipelines.refine.dates.grammar.tokens import END, Token
from pipelines.refine.dates.words.pieces import DASHES

_UNITS = "%€$£°+"
_CURRENCIES = "€$£%"
_SIGNS = "€$£#№§+"
_SPAN_WORDS = frozenset({"half", "quarter"})
_ROMAN = {name: n for n, name in enumerate("I II III IV V VI VII VIII IX X XI XII".split(), 1)}
# What stands after a number that is no year: "14 March 12 rue de la Paix", "14 March 12 Uhr".
_NO_YEAR_BEFORE = frozenset({"guard", "street", "street_after", "organisation", "hour", "unit"})
# A guard word that is a common word of dates too ("la", "i") guards nothing.
_NO_GUARD = frozenset({"on", "fill", "to", "and", "from", "ordinal"})


def take_numeric(source: Source, point: Point, numeric: Numeric, after: int) -> int:
    """Take all parts of a number date."""
    point.day, point.month = numeric.day or point.day, numeric.month or point.month
    point.year = numeric.year or point.year
    point.order, point.ambiguous, point.wrong = numeric.order, numeric.ambiguous, numeric.wrong
    point.numeric, point.year_first = True, point.year_first or numeric.year_first
    return ending_at(source, point, after)


def take_roman(source: Source, point: Point, here: int) -> int:
    """3. V. 2026, 29 V - 7 VI 2026: a day and a month in Roman figures; the place after the month, or 0."""
    tokens, after = source.tokens, here + 1
    after += tokens[after].text == "." and tokens[after].tight
    month = _roman(source, after)
    if not month or not 1 <= tokens[here].num <= 31 or tokens[here].digits > 2:
        return 0
    end = after + 1
    end += tokens[end].text == "." and tokens[end].tight
    other = end + 2 + (tokens[end + 2].text == ".")
    joined = tokens[end].text in DASHES and 0 < tokens[end + 1].digits <= 2 and _roman(source, other)
    if not (full_year(tokens[end]) and tokens[end].digits == 4) and not joined:
        return 0
    point.day, point.month = tokens[here].num, month
    return end


def _roman(source: Source, at: int) -> int:
    """The month of Roman figures in capitals; 0 when they are none."""
    token = source.tokens[at]
    return _ROMAN.get(source.text[token.start : token.end], 0) if token.kind == "w" else 0


def take_counted(source: Source, point: Point, here: int) -> int:
    """3月, 5日: a number that a word right after it makes a month or a day; 0 when there is no such word."""
    token, word = source.tokens[here], source.tokens[here + 1]
    if not word.tight and not (word.kind == "w" and word.roles & {"month_word", "day_word"}):
        return 0
    if token.digits > 2 or "unit" in word.roles:
        return 0
    if "month_word" in word.roles and not point.month and 1 <= token.num <= 12:
        point.month = token.num
        return ending_at(source, point, here + 2)
    if "day_word" in word.roles and not point.day and 1 <= token.num <= 31:
        point.day = token.num
        return ending_at(source, point, here + 2)
    return 0


def half_or_quarter(source: Source, here: int) -> int:
    """The place of "half" or "quarter" after a number ("2nd half", "1. Halbjahr"); 0 when there is none."""
    after = after_ordinal(source, here)
    tokens = source.tokens
    while "fill" in tokens[after].roles and not tokens[after].roles & _SPAN_WORDS:
        after += 1
    return after if tokens[after].roles & _SPAN_WORDS and tokens[here].digits == 1 else 0


def after_ordinal(source: Source, here: int) -> int:
    """The place after a number and its ordinal ending: 2nd, 1er, 18-го, 14., 1.º."""
    tokens, after, suffixes = source.tokens, here + 1, source.lexicon.suffixes
    if not tokens[after].tight:
        return after
    if tokens[after].text == ".":
        after += 1
    mark = tokens[after]
    if not mark.tight:
        return after
    if mark.text in "º°ª" or (mark.kind == "w" and mark.text in suffixes):
        return after + 1
    word = tokens[after + 1]
    if (mark.text in DASHES or mark.text in "':") and word.tight and word.kind == "w" and word.text in suffixes:
        return after + 2
    return after


def take_day_or_year(source: Source, point: Point, here: int) -> int:
    """A bare number: a day, a year, or what is no date at all."""
    token = source.tokens[here]
    if token.digits == 4:
        return _take_year(source, point, here)
    if token.digits > 2:
        return _implausible(source, point, here)
    after = after_ordinal(source, here)
    if not stands_free(source, here, after):
        return 0
    if not point.day and not point.span:
        return _take_day(source, point, here, after)
    if token.digits == 2 and not point.year and point.month and _short_year_fits(source, here):
        point.year = full_year(token)
        return here + 1
    return 0


def _take_day(source: Source, point: Point, here: int, after: int) -> int:
    token = source.tokens[here]
    near = month_near(source, after)
    if 1 <= token.num <= 31:
        if point.year and not point.month and not near:
            return 0
        point.day = token.num
        return ending_at(source, point, after)
    if point.month and token.digits == 2 and not point.year and not source.finding and not _year_follows(source, after):
        point.year = full_year(token)
        return here + 1
    if point.month or near:
        point.wrong = f"no such day: {token.text}"
        return here + 1
    return 0


def _year_follows(source: Source, after: int) -> bool:
    """May 32, 2026: the number is no year, since one follows."""
    after += source.tokens[after].text == ","
    return source.tokens[after].digits == 4


def _take_year(source: Source, point: Point, here: int) -> int:
    year = full_year(source.tokens[here])
    if point.year or (point.day and not point.month and source.tokens[here - 1].text == "("):
        return 0  # "Phase 2 (2018)"
    if not year:
        return _implausible(source, point, here)
    word = source.tokens[here + 1]
    if word.tight and word.kind == "w" and not word.roles and word.text not in source.lexicon.endings:
        return 0
    point.year, point.year_first = year, not point.day
    return ending_at(source, point, here + 1)


def _implausible(source: Source, point: Point, here: int) -> int:
    """A number where the year should stand, and can not be one: 3 May 20017."""
    token = source.tokens[here]
    if point.month and not point.year and (point.day or token.digits >= 4):
        point.wrong = f"no plausible year: {token.text[:12]}"
        return here + 1
    return 0


def month_near(source: Source, after: int) -> bool:
    """A month's name follows, small words and the other end of a range apart ("1998. gada 20.-21. oktobris")."""
    tokens, seen = source.tokens, 0
    while True:
        token = tokens[after]
        if token.text in DASHES and 0 < tokens[after + 1].digits <= 2 and not seen:
            after, seen = after + 2, 1
        elif token.roles & BETWEEN or token.text in ".'":
            after += 1
        else:
            return token.word.month > 0


def _short_year_fits(source: Source, here: int) -> bool:
    """14 April 15: two digits right after the month or its day, and nothing after them that makes them an hour."""
    tokens = source.tokens
    back = here - 2 if tokens[here - 1].text == "." else here - 1
    last, after = tokens[back], tokens[here + 1]
    if source.finding or last.text == "," or month_near(source, here + 1):
        return False  # December 3, 10 & 17; 14 March, 10-12
    if not last.word.month and not (0 < last.digits <= 2 and tokens[back - 1].word.month):
        return False
    if after.text in DASHES or "to" in after.roles:
        return _leads_to_a_month(tokens, here + 2)
    return after.kind != "w" or (bool(after.roles) and after.roles.isdisjoint(_NO_YEAR_BEFORE))


def _leads_to_a_month(tokens: list[Token], at: int) -> bool:
    """3 May 15 - 5 June 16; not 14 March 10-12."""
    return any(token.word.month for token in tokens[at : at + 4]) or tokens[at].kind != "n"


def stands_free(source: Source, here: int, after: int) -> bool:
    """The number is not part of a word or an amount: 3D, 2-day, 20%, €5, no. 7."""
    tokens = source.tokens
    before, next_ = tokens[here - 1], tokens[after]
    if before.text in _SIGNS or ("guard" in before.roles and before.roles.isdisjoint(_NO_GUARD)):
        return False
    if (next_.text in _UNITS and (next_.tight or next_.text != "+")) or (next_.tight and not _may_touch(source, after)):
        return False
    hyphened = next_.tight and next_.text in DASHES and tokens[after + 1].tight
    return not (hyphened and not _may_touch(source, after + 1))


def is_amount(source: Source, here: int, after: int) -> bool:
    """£8.10, 12/10/8 €: a number with a mark in it, beside a currency."""
    before, next_ = source.tokens[here - 1] if here else END, source.tokens[after]
    return (before.text in _CURRENCIES and before.kind == "p") or (next_.text in _CURRENCIES and next_.kind == "p")


def _may_touch(source: Source, at: int) -> bool:
    """A word that may touch a number: a month, an ending, a word of dates."""
    token = source.tokens[at]
    if token.kind != "w":
        return True
    return bool(token.word.month or token.word.weekday >= 0 or token.roles) or token.text in source.lexicon.endings


def take_mark(source: Source, point: Point, here: int) -> int:
    """An apostrophe before a short year (May '18), a weekday's letter in brackets (5月4日(土))."""
    mark, token = source.tokens[here : here + 2]
    if mark.text == "'" and token.tight and token.digits == 2 and point.month and not point.year:
        point.year = full_year(token)
        return here + 2
    if mark.text in "([" and point.weekday < 0:
        return _bracketed_weekday(source, point, here)
    return 0


def _bracketed_weekday(source: Source, point: Point, here: int) -> int:
    """5月4日(土), 5月4日(金・祝), "7 maja (czw.)", "7 May (Thursday)"; the place after the bracket, or 0."""
    tokens, token = source.tokens, source.tokens[here + 1]
    letters = source.lexicon.weekday_letters
    if token.text in letters:
        weekday, closing = letters[token.text], here + 2 if tokens[here + 2].text in ")]" else here + 4
    elif token.word.weekday >= 0 and point.is_dated:
        weekday, closing = token.word.weekday, here + 2 + (tokens[here + 2].text == ".")
    else:
        return 0
    if tokens[closing].text not in (")", "]"):
        return 0
    point.weekday = weekday
    return closing + 1


def ending_at(source: Source, point: Point, after: int) -> int:
    """The place after a number's case ending (5-től, 2019'dan), which may say from or to."""
    tokens, at = source.tokens, after
    if not tokens[at].tight or not source.lexicon.endings:
        return after
    if tokens[at].text in DASHES or tokens[at].text == "'":
        at += 1
    role = source.lexicon.endings.get(tokens[at].text) if tokens[at].tight and tokens[at].kind == "w" else None
    if role is None:
        return after
    point.ending = role if role != "in" else point.ending
    return at + 1

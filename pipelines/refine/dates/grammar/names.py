"""The parts of a point that are words: months, weekdays, halves, quarters, seasons, years named as such.

What belongs here: when a word that could be a part is one. What does not: numbers, times.
"""

from __future__ import annotations

from pipelines.refine.dates.grammar.figures import after_ordinal, ending_at, take_numeric
from pipelines.refine.dates.grammar.numeric import full_year
from pipelines.refine.dates.grammar.point import BETWEEN, Point, Source
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.words.pieces import DASHES

_SPAN_WORDS = frozenset({"half", "quarter"})
_PERIODS = frozenset({"half", "quarter", "season"})
_TO_A_YEAR = BETWEEN | {"season", "and", "to"}
_MARKS = ".'"  # II. pololetí, Β΄ εξάμηνο
_INSIDE = frozenset({"fill", "on"})  # words between a day and its month
_FIRST_YEAR = "元"  # the first year of a reign has no number
_MOST = {"half": 2, "quarter": 4}


def take_month(source: Source, point: Point, here: int) -> int:
    """A month's name, alone or in a number date (sep-23-2020)."""
    numeric = source.numeric(here) if not point.day and not point.year else None
    if numeric is not None:
        return take_numeric(source, point, numeric[0], numeric[1])
    token = source.tokens[here]
    word = token.word
    if not point.day and stands_before_a_date(source, here):
        return 0
    if (
        source.finding
        and not point.day
        and token.text in source.lexicon.everyday
        and source.text[token.start].islower()
        and not _is_counted_day(source, here + 1)
    ):
        return 0
    point.month = word.month
    point.tentative = word.abbreviated and word.weekday >= 0 and not point.day  # "3 mar" is no Tuesday
    for ending in word.roles & {"from_ending", "to_ending"}:
        point.ending = ending.removesuffix("_ending")
    slash, other = source.tokens[here + 1 : here + 3]
    twice = slash.text == "/" and other.word.month and other.word.month == word.month
    return here + 3 if twice else here + 1  # Arabic months often stand with both their names


def _is_counted_day(source: Source, here: int) -> bool:
    """ "may 25th": a day with its ordinal ending, so that even a small "may" before it is the month."""
    return 0 < source.tokens[here].digits <= 2 and after_ordinal(source, here) > here + 1


def stands_before_a_date(source: Source, here: int) -> bool:
    """ "Porto do Mar, 12 de marzo", "mar 24.03.2026", "się 14 marca": a whole date follows, so the word is no month."""
    tokens, after = source.tokens, here + 1
    while tokens[after].text in ".,":
        after += 1
    if tokens[after].kind != "n":
        return False
    numeric = source.numeric(after)
    if numeric is not None and numeric[0].day and numeric[0].month:
        return bool(numeric[0].year) or tokens[here].word.weekday >= 0
    abbreviated = tokens[here].word.abbreviated
    if tokens[after].digits > 2 and not (abbreviated and tokens[after].digits == 4):
        return False
    days = tokens[after].digits <= 2
    after += 1
    while tokens[after].text == "." or tokens[after].roles & _INSIDE:
        after += 1
    if abbreviated and days and "and" in tokens[after].roles and 0 < tokens[after + 1].digits <= 2:
        after += 2  # "się 3 i 10 marca"
    other = tokens[after].word
    if not other.month or (other.abbreviated and other.weekday >= 0):
        return False
    return days or 0 < tokens[after + 1].digits <= 2  # "már 2026. március 14."


def names_a_weekday(source: Source, here: int) -> bool:
    """Italian "mar 19 marzo", "mar 24.03.2026": a month follows, so the word that could be one is the weekday."""
    if stands_before_a_date(source, here):
        return True
    dash = weekday = False
    for token in source.tokens[here + 1 : here + 10]:
        if token.word.month:
            return weekday or not dash
        dash = dash or token.text in DASHES
        weekday = weekday or token.word.weekday >= 0
        if token.kind == "e" or (token.kind == "p" and token.text not in ".," and token.text not in DASHES):
            break
    return False


def take_weekday(source: Source, point: Point, here: int) -> int:
    """A weekday; an abbreviation only beside a number or a month, since it may be an everyday word ("so", "do")."""
    tokens, word = source.tokens, source.tokens[here].word
    if word.abbreviated and not (point.day or point.month):
        near = here + 1
        while tokens[near].text in ".,":
            near += 1
        if tokens[near].kind != "n" and not tokens[near].word.month and not _begins_weekdays(tokens, here):
            return 0
    if point.day and _begins_weekdays(tokens, here):
        return 0
    point.weekday = word.weekday
    return here + 1


def _begins_weekdays(tokens: list[Token], here: int) -> bool:
    """ "1 April - 31 October, Tue-Sun 10-18": weekdays from and to, not the weekday of the day before them."""
    after = here + 1
    while tokens[after].text == ".":
        after += 1
    joined = tokens[after].text in DASHES or not tokens[after].roles.isdisjoint(("to", "and", "until"))
    return joined and tokens[after + 1].word.weekday >= 0 and not tokens[after + 1].word.month


def take_edge(source: Source, point: Point, here: int) -> int:
    """ "beginning of", "mid-": only before the part that it belongs to. It makes nothing more precise."""
    if point.is_dated:
        return 0
    tokens, after = source.tokens, here + 1
    while tokens[after].roles & BETWEEN or tokens[after].text in DASHES or tokens[after].text == "'":
        after += 1
    follows = tokens[after]
    return after if follows.word.month or full_year(follows) or follows.roles & _PERIODS else 0


def take_span(source: Source, point: Point, here: int) -> int:
    """ "first half", "Q3", "second quarter", "II kwartał": an ordinal and a word, or the reverse."""
    if point.span or point.month:
        return 0
    tokens, token, after = source.tokens, source.tokens[here], here + 1
    if "ordinal" in token.roles:
        while tokens[after].text in _MARKS or (tokens[after].roles & BETWEEN and not tokens[after].roles & _SPAN_WORDS):
            after += 1
        return set_span(point, tokens[after], token.word.value, after + 1)
    follows = tokens[after]
    if follows.digits == 1:
        return set_span(point, token, follows.num, after + 1)
    return set_span(point, token, follows.word.value, after + 1) if "ordinal" in follows.roles else 0


def set_span(point: Point, token: Token, number: int, after: int) -> int:
    """Take a half or a quarter; 0 when there is no such one. The number -1 is the last."""
    kind = "half" if "half" in token.roles else "quarter" if "quarter" in token.roles else ""
    most = _MOST.get(kind, 0)
    number = most if number == -1 else number
    if not 1 <= number <= most:
        return 0
    point.span, point.span_number, point.day = kind, number, 0
    return after


def take_season(source: Source, point: Point, here: int) -> int:
    """A season, only with a year beside it."""
    if point.span or point.month:
        return 0
    tokens, near = source.tokens, here + 1
    while near < here + 6 and (
        tokens[near].roles & _TO_A_YEAR or tokens[near].text in ",'/" or tokens[near].text in DASHES
    ):
        near += 1
    if not point.year and not full_year(tokens[near]):
        return 0
    point.span, point.span_number = "season", tokens[here].word.value
    return here + 1


def take_year_word(source: Source, point: Point, here: int) -> int:
    """ "the year 2020", "im Jahr 2020", "viti 2020", "2020 год"."""
    follows = source.tokens[here + 1]
    if not point.year and follows.digits == 4 and full_year(follows):
        point.year, point.year_first = full_year(follows), not point.day
        return ending_at(source, point, here + 2)
    return here + 1 if point.year and source.tokens[here - 1].digits == 4 else 0


def take_era(source: Source, point: Point, here: int) -> int:
    """ "令和8年", "令和元年", "R8.5.3": a year counted from the first one of a reign."""
    token, number, word, month, dot, day = source.tokens[here : here + 6]
    counted = 1 if number.text == _FIRST_YEAR else number.num if 0 < number.digits <= 3 else 0
    if point.year or counted < 1 or (token.text.isascii() and not number.tight):
        return 0
    year = token.word.value + counted
    if "year_word" in word.roles:
        point.year, point.year_first = year, not point.day
        return here + 3
    dated = word.text == dot.text == "." and 1 <= month.num <= 12 and 1 <= day.num <= 31 and not point.day
    if not dated:
        return 0
    point.year, point.month, point.day, point.year_first = year, month.num, day.num, True
    return here + 6


def take_month_word(source: Source, point: Point, here: int) -> int:
    """ "tháng 3": a month by number."""
    follows = source.tokens[here + 1]
    if point.month or not 1 <= follows.num <= 12:
        return 0
    point.month = follows.num
    return here + 2

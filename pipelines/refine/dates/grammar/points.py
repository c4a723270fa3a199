"""One end of a date: weekday, day, month, year, time, half, quarter, season, in whatever order they stand.

What belongs here: collecting the parts of one point from the tokens, and where the point ends. What does not: the parts
themselves (`names`, `figures`, `hours`), ranges, words around a date, missing years.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.refine.dates.grammar.clock import Clock, clock_at
from pipelines.refine.dates.grammar.figures import (
    half_or_quarter,
    is_amount,
    take_counted,
    take_day_or_year,
    take_mark,
    take_numeric,
    take_roman,
)
from pipelines.refine.dates.grammar.hours import take_at, take_clock, take_part, take_zone
from pipelines.refine.dates.grammar.names import (
    names_a_weekday,
    set_span,
    take_edge,
    take_era,
    take_month,
    take_month_word,
    take_season,
    take_span,
    take_weekday,
    take_year_word,
)
from pipelines.refine.dates.grammar.numeric import is_next_of_a_list
from pipelines.refine.dates.grammar.point import BETWEEN, Point, Source
from pipelines.refine.dates.words.pieces import DASHES

_COUNTED_SPANS = ("half", "quarter")
_MOST_SKIPPED = 4
_TAKE: tuple[tuple[str, Callable[[Source, Point, int], int]], ...] = (
    ("edge", take_edge),
    ("ordinal", take_span),
    ("half", take_span),
    ("quarter", take_span),
    ("season", take_season),
    ("am", take_part),
    ("pm", take_part),
    ("part", take_part),
    ("at", take_at),
    ("between", take_at),
    ("from", take_at),
    ("since", take_at),
    ("year_word", take_year_word),
    ("era", take_era),
    ("month_word", take_month_word),
)
_ROLES = frozenset(role for role, _ in _TAKE)


def read_point(source: Source, at: int) -> tuple[Point, int]:
    """The point that begins at a token, and the place after its last part; an empty point ends where it began."""
    point = Point()
    tokens, count = source.tokens, source.count
    end = here = at
    while here < count:
        after = _part(source, point, here)
        if after:
            here = end = after
        elif end > at and here - end < _MOST_SKIPPED and _may_skip(source, point, here):
            here += 1
        else:
            break
    if point.clock is None and point.part == "noon" and point.day:
        point.clock = Clock(12)
    if point.clock is not None:
        end = take_zone(source, point, end)
    if tokens[end].text == "." and tokens[end].tight and _dot_belongs(source, point, end):
        end += 1
    return point, end


def _may_skip(source: Source, point: Point, here: int) -> bool:
    token = source.tokens[here]
    if token.kind == "p":
        if token.text == "/" or token.text in DASHES:  # Q3/2026
            counted = point.span in _COUNTED_SPANS and not point.year
            return counted and token.tight and source.tokens[here + 1].digits == 4
        if token.text in "|·•" and not source.finding:
            return True
        return token.text in ",.(" or (token.text in "')" and token.tight)
    if token.text == "t" and token.tight and source.tokens[here + 1].tight:
        return source.tokens[here + 1].kind == "n"  # 2016-10-18T18:00
    if source.finding and source.tokens[here - 1].word.abbreviated:
        return False
    return not token.roles.isdisjoint(BETWEEN)


def _dot_belongs(source: Source, point: Point, end: int) -> bool:
    """The dot of an abbreviation or an ordinal ("8 aug.", "27. 11."), not of a sentence's end."""
    last = source.tokens[end - 1]
    if "year_word" in last.roles and last.end - last.start <= 2:
        return True
    if last.roles & {"am", "pm"} and "." in source.text[last.start : last.end]:
        return True
    return last.word.abbreviated or (0 < last.digits <= 2 and point.day > 0 and not source.finding)


def _part(source: Source, point: Point, here: int) -> int:
    """Take one part at a token; the place after it, or 0 when the token is none or the part is there already."""
    kind = source.tokens[here].kind
    if kind == "n":
        return _number(source, point, here)
    return _word(source, point, here) if kind == "w" else take_mark(source, point, here)


def _word(source: Source, point: Point, here: int) -> int:
    token = source.tokens[here]
    word = token.word
    if word.month and not point.month and not point.span:
        if word.weekday >= 0 and point.weekday < 0 and names_a_weekday(source, here):
            return take_weekday(source, point, here)
        return take_month(source, point, here)
    if word.weekday >= 0 and point.weekday < 0:
        return take_weekday(source, point, here)
    if token.roles.isdisjoint(_ROLES):
        return 0
    for role, take in _TAKE:
        if role in token.roles:
            after = take(source, point, here)
            if after:
                return after
    return 0


def _number(source: Source, point: Point, here: int) -> int:
    if not point.day and not point.month:
        after = take_roman(source, point, here)
        if after:
            return after
        found = source.numeric(here)
        if found is not None and _is_date(source, point, here, found[0].year) and not is_amount(source, here, found[1]):
            return take_numeric(source, point, found[0], found[1])
    if point.clock is None and not (point.numeric and is_next_of_a_list(source.tokens, here)):
        after = take_clock(source, point, here)
        if after:
            return after
    span = half_or_quarter(source, here) if not point.span and not point.month else 0
    if span:
        return set_span(point, source.tokens[span], source.tokens[here].num, span + 1)
    return take_counted(source, point, here) or take_day_or_year(source, point, here)


def _is_date(source: Source, point: Point, here: int, year: int) -> bool:
    """A number date, not a time: 11.30 has no year, and 30 is no month."""
    return not point.year if year else clock_at(source.tokens, here, False) is None

"""A phrase into days: shared months and years, ranges, first and last days, the year that is missing.

What belongs here: the calendar and the rules of the contract about missing years, order of days, plausible spans. What
does not: tokens and words.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.point import Point

LONGEST_RANGE = 150  # years; a longer one is no activity of a city
_FIRST_MONTH = {"half": (1, 7), "quarter": (1, 4, 7, 10), "season": (3, 6, 9, 12)}
_MONTHS = {"half": 6, "quarter": 3, "season": 3}
_NEW_SEASON = 7  # the month from which on a school or season year is in its first calendar year
_RANK = {"day": 0, "month": 1, "year": 2}


class Days(NamedTuple):
    """First and last day (None: open, unknown), precision, why none, each day of a list, a note for `reason`."""

    start: date | None = None
    end: date | None = None
    precision: str | None = None
    inferred: bool = False
    reason: str = ""
    each: tuple[date, ...] = ()
    note: str = ""


class Known(NamedTuple):
    """What is known beside the text: the day of capture, what the context tells, where a missing year is sought.

    `spanning`: those of `years` that a school or season year begins in. `order`: of numbers that could be either.
    `months`: (month, year) pairs that it names, "December 2026 - January 2027".
    """

    captured: date | None = None
    years: tuple[int, ...] = ()
    past: bool = False
    spanning: tuple[int, ...] = ()
    month: int = 0
    order: str = ""
    months: tuple[tuple[int, int], ...] = ()


class ImpossibleError(ValueError):
    """The words say no possible date; the message says why."""


def days_of(phrase: Phrase, known: Known) -> Days:
    """The days that a phrase with points means."""
    first = phrase.points[0]
    if len(phrase.points) == 1 and first.year and first.month and first.day and not (first.wrong or first.span):
        return _one_day(first)
    points = _same_order([p.copy() for p in phrase.points])
    points = [p for p in points if not p.only_clock or len(points) == 1]
    for point in points:
        if point.wrong:
            return Days(reason=point.wrong)
    if "weekdays" in phrase.said and all(p.only_day for p in points):
        return Days(reason="weekdays and numbers without a month")
    try:
        return _range(points, list(phrase.joins), known)
    except ImpossibleError as why:
        return Days(reason=str(why))


def _one_day(point: Point) -> Days:
    """The most frequent case by far: one day with its month and its year."""
    try:
        day = date(point.year, point.month, point.day)
    except ValueError:
        return Days(reason=f"no such day: {point.day}.{point.month}.{point.year}")
    return Days(day, day, "day")


def _same_order(points: list[Point]) -> list[Point]:
    """All-number dates of one phrase have one order: where one is forced, the others follow."""
    if any(p.order == "mdy" for p in points) and not any(p.order == "dmy" for p in points):
        for point in points:
            if point.ambiguous:
                point.day, point.month, point.ambiguous = point.month, point.day, False
    return points


def _range(points: list[Point], joins: list[str], known: Known) -> Days:
    points = _two_digit_ends(points)
    _share(points)
    if not points or not any(p.year or p.month or p.day for p in points):
        raise ImpossibleError("no day, month or year in the words")
    first, last = points[0], points[-1]
    inferred = not (first.year and last.year)
    note = _find_month(points, joins, known)
    if not first.month and not first.year and not last.month:
        raise ImpossibleError("a number without a month")
    if len(points) == 1 and first.month and not first.day and not first.year and not known.years:
        raise ImpossibleError("a month without a year")
    if inferred and first.tentative and first.weekday < 0:
        raise ImpossibleError("a word that may be a month or a weekday")
    if inferred:
        note = _find_years(points, known) or note
    start, precision = _first_day(first)
    end, other = _last_day(last)
    each: tuple[date, ...] = ()
    if joins and _is_list(joins) and all(p.day and p.month and p.year for p in points):
        each = tuple(sorted({_day(p) for p in points}))
        start, end = each[0], each[-1]
    if end < start:
        raise ImpossibleError("the end is before the start")
    if end.year - start.year > LONGEST_RANGE:
        raise ImpossibleError(f"a range of {end.year - start.year} years")
    return Days(start, end, max(precision, other, key=lambda p: _RANK[p]), inferred, each=each, note=note)


def _is_list(joins: list[str]) -> bool:
    return all(join != "to" for join in joins)


def _two_digit_ends(points: list[Point]) -> list[Point]:
    """2021-25, 2015/16: a number after a bare year is the last year in short."""
    for before, point in pairwise(points):
        if before.year and not before.month and not before.day and point.only_day and point.weekday < 0:
            year = before.year - before.year % 100 + point.day
            point.year, point.day = year, 0
            if before.span == "season":  # winter 2017/18 is one winter
                return [p for p in points if p is not point]
        elif before.span == "season" and point.year == before.year + 1 and _is_bare_year(point):
            return [p for p in points if p is not point]
    return points


def _is_bare_year(point: Point) -> bool:
    return not (point.month or point.day or point.span)


def _share(points: list[Point]) -> None:
    """Give each point the month and year that it shares with a neighbour: right to left, then left to right."""
    forth = list(pairwise(points))
    _share_months(forth)
    for point, after in reversed(forth):
        if not point.year and after.year and (point.month or point.span):
            point.year = after.year - (_key(point) > _key(after) and point.month != after.month)
    for before, point in forth:
        if not point.year and before.year and (point.month or point.span):
            point.year = before.year + (_key(before) > _key(point) and before.month != point.month)


def _share_months(forth: list[tuple[Point, Point]]) -> None:
    for point, after in forth:
        if point.only_day and point.day <= 12 and after.month and after.year and not after.day and after.numeric:
            point.month, point.day = point.day, 0  # 5-7/1977
    for point, after in reversed(forth):
        if point.day and not point.month:
            point.month = after.month
    for before, point in forth:
        if point.day and not point.month:
            point.month = before.month


def _key(point: Point) -> tuple[int, int]:
    month = _first_month(point) if point.span else point.month
    return month, point.day or (1 if point.span or point.month else 0)


def _first_month(point: Point) -> int:
    return _FIRST_MONTH[point.span][point.span_number - 1]


def _find_month(points: list[Point], joins: list[str], known: Known) -> str:
    """Give bare days the month of a heading, else that of the weekday they name; what is told of it, or nothing.

    "Thursday 10-20" may be hours: the last day of a range has to name its weekday too.
    """
    if points[-1].month or points[0].year or points[-1].year:
        return ""
    if not known.month or not all(p.only_day for p in points):
        if _is_list(joins) or all(p.weekday >= 0 for p in points):
            _month_of_weekday(points, known)
        return ""
    for point in points:
        point.month = known.month
    return "month from context"


def _find_years(points: list[Point], known: Known) -> str:
    """Give the points the year that none has: the context's, else the named weekday's, else the nearest to the capture.

    What is told of it, when it is the year of a school or season that spans two.
    """
    if known.captured is not None and not known.years and any(p.near for p in points):
        _years_nearby(points, known.captured)
    if all(p.year for p in points):
        return ""
    first = points[0]
    anchor = next((p for p in points if p.weekday >= 0 and p.day and p.month), first)
    year, note = _year_of_context(anchor, known)
    if year:
        pass
    elif known.captured is None:
        raise ImpossibleError("no year, and nothing to tell it from")
    elif anchor.weekday >= 0 and anchor.day:
        year = _year_of_weekday(anchor, known.captured)
    else:
        year = _nearest_year(first, points[-1], known)
    offset = 0
    for before, point in zip([None, *points], points, strict=False):
        if before is not None and _key(point) < _key(before):
            offset += 1
        if not point.year:
            point.year = year + offset
    return note


def _year_of_context(anchor: Point, known: Known) -> tuple[int, str]:
    """The first year of the context, or the first in which the named weekday is right; and what is told of it."""
    if not known.years:
        return 0, ""
    month = _key(anchor)[0]
    # Of a school year or a season the first half of the calendar is the second half.
    likely = {y + (y in known.spanning and 0 < month < _NEW_SEASON): y for y in known.years}
    others = {y + 1 - (0 < month < _NEW_SEASON): y for y in known.spanning}
    years = {y: of for y, of in (*likely.items(), *others.items()) if not anchor.day or _exists(y, month, anchor.day)}
    fits = [y for y in years if anchor.day and date(y, month, anchor.day).weekday() == anchor.weekday]
    named = [y for m, y in known.months if m == month and y in years]
    year = next(iter(fits or named or [y for y in years if y in likely]), 0)
    of = years.get(year, 0)
    return year, f"year of {of}-{of + 1}, inferred from context" if of in known.spanning else ""


def _years_nearby(points: list[Point], captured: date) -> None:
    """ "this 5 May" is the one nearest to the capture, "next 5 May" the first on or after it."""
    for point in points:
        if not point.near or point.year or not (point.day and point.month):
            continue
        days = [date(y, point.month, point.day) for y in _years_around(captured) if _exists(y, point.month, point.day)]
        days = [d for d in days if point.near == "this" or d >= captured]
        if days:
            point.year = min(days, key=lambda d: abs((d - captured).days)).year
    _share(points)


def _years_around(captured: date) -> range:
    return range(captured.year - 6, captured.year + 7)


def _month_of_weekday(points: list[Point], known: Known) -> None:
    """ "Tuesday 19" without a month: the nearest such day on or after the capture (before it, with `past`)."""
    point = next((p for p in points if p.only_day and p.weekday >= 0), None)
    if known.captured is None or point is None:
        return
    for ahead in range(366):
        day = known.captured + timedelta(days=-ahead if known.past else ahead)
        if day.day == point.day and day.weekday() == point.weekday:
            point.month, point.year = day.month, day.year
            _share(points)
            return


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and (1 <= day <= 28 or 29 <= day <= monthrange(year, month)[1])


def _year_of_weekday(point: Point, captured: date) -> int:
    """The year nearest to the capture in which the day is that weekday."""
    years = [y for y in _years_around(captured) if _exists(y, point.month, point.day)]
    fits = [y for y in years if date(y, point.month, point.day).weekday() == point.weekday]
    if not fits:
        raise ImpossibleError(f"no such day: {point.day}.{point.month}.")
    return min(fits, key=lambda y: abs((date(y, point.month, point.day) - captured).days))


def _nearest_year(first: Point, last: Point, known: Known) -> int:
    """The year of the nearest such days that do not end before the capture; with `past`, that do not begin after it."""
    (month, day), (last_month, last_day) = _key(first), _key(last)
    step = -1 if known.past else 1
    assert known.captured is not None
    begin = known.captured.year - (0 if known.past else 1)
    for year in range(begin, begin + 10 * step, step):
        if not _exists(year, month, day):
            continue
        over = year + ((last_month, last_day) < (month, day))
        edge = (
            date(year, month, day)
            if known.past or not _exists(over, last_month, last_day)
            else date(over, last_month, last_day)
        )
        if (edge - known.captured).days * step >= 0:
            return year
    raise ImpossibleError(f"no such day: {day}.{month}.")


def _first_day(point: Point) -> tuple[date, str]:
    if point.span:
        return date(point.year, _first_month(point), 1), "month"
    if not point.month:
        return date(point.year, 1, 1), "year"
    if not point.day:
        return date(point.year, point.month, 1), "month"
    return _day(point), "day"


def _last_day(point: Point) -> tuple[date, str]:
    if point.span:
        month = _first_month(point) + _MONTHS[point.span] - 1
        year, month = (point.year + 1, month - 12) if month > 12 else (point.year, month)
        return date(year, month, monthrange(year, month)[1]), "month"
    if not point.month:
        return date(point.year, 12, 31), "year"
    if not point.day:
        return date(point.year, point.month, monthrange(point.year, point.month)[1]), "month"
    return _day(point), "day"


def _day(point: Point) -> date:
    if not _exists(point.year, point.month, point.day):
        raise ImpossibleError(f"no such day: {point.day}.{point.month}.{point.year}")
    return date(point.year, point.month, point.day)

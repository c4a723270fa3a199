"""Years that no heading says, from the order of a list: it goes up or down, and over New Year once in a while.

What belongs here: the years of the dates of one list that fit together best. What does not: years in headings
(`periods`), single dates (`refine.dates`).

The choice is the cheapest path through the possible years (Viterbi): a weekday that contradicts costs most, then a step
against the order of the list, then a gap, then distance from the capture.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.read.generic.finding.judge import Judged
from pipelines.refine.dates import read_date

_LIST = 2
_BACKWARDS = 3.0
_MONTH, _SLIP = 40, 0.2  # a list is seldom in perfect order; so many days back are no new year
_WEEKDAY = 8.0
_GAP = 1 / 200  # a day between neighbours
_AWAY = 1 / 3000  # a day from the capture
_AROUND = (-1, 0, 1)


def settle_years(listed: Sequence[Judged], languages: tuple[str, ...], captured: date | None) -> None:
    """Give each date of one list that has no year of its own, nor from a heading, the year that fits the others.

    The year goes to `context` as words for the date reader; `reading` is read again with it.
    """
    free = [one for one in listed if _is_free(one)]
    known = [one.reading.start_date for one in listed if not _is_free(one) and one.reading.start_date]
    if not free or (not known and (captured is None or len(listed) < _LIST)):
        return  # a date by itself is for the date reader: the nearest on or after the capture
    years = {day.year for day in known} or {captured.year} if captured else {day.year for day in known}
    wanted = sorted({year + step for year in years for step in _AROUND})
    options = [_options(one, wanted, languages, captured) for one in listed]
    _, path = min(_path(options, direction, captured) for direction in (1, -1))
    for one, at, choices in zip(listed, path, options, strict=True):
        if _is_free(one) and choices:
            day, _ = choices[at]
            one.context = [*one.record.mention.context, f"{day.year} (by the order of the list)"]
            one.reading = read_date(one.record.mention.text, languages, captured, "; ".join(one.context))


def _is_free(one: Judged) -> bool:
    """Whether neither the words nor a heading name the year."""
    return one.reading.date_inferred and not any(char.isdigit() for text in one.context for char in text)


def _options(
    one: Judged, years: Sequence[int], languages: tuple[str, ...], captured: date | None
) -> list[tuple[date, float]]:
    """(day, cost) of each year that a date may be of."""
    if not _is_free(one):
        return [(one.reading.start_date, 0.0)] if one.reading.start_date else []
    found = []
    for year in years:
        context = "; ".join([*one.record.mention.context, str(year)])
        reading = read_date(one.record.mention.text, languages, captured, context)
        if reading.start_date is not None:
            found.append((reading.start_date, _WEEKDAY if ", not a " in reading.reason else 0.0))
    return found


def _path(
    options: Sequence[Sequence[tuple[date, float]]], direction: int, captured: date | None
) -> tuple[float, list[int]]:
    """(cost, choice for each date) of the cheapest way through a list that goes up (1) or down (-1)."""
    before: list[tuple[float, list[int]]] = [(0.0, [])]
    last: Sequence[tuple[date, float]] = ()
    for choices in options:
        if not choices:
            before = [(cost, [*way, 0]) for cost, way in before]
            continue
        step = []
        for at, (day, cost) in enumerate(choices):
            here = cost + (0.0 if captured is None else abs((day - captured).days) * _AWAY)
            ways = [
                (sofar + here + (_between(last[n][0], day, direction) if last else 0.0), way)
                for n, (sofar, way) in enumerate(before)
            ]
            best, way = min(ways, key=lambda pair: pair[0])
            step.append((best, [*way, at]))
        before, last = step, choices
    return min(before, key=lambda pair: pair[0])


def _between(one: date, other: date, direction: int) -> float:
    days = (other - one).days * direction
    if days >= 0:
        return days * _GAP
    return _SLIP if -days <= _MONTH else _BACKWARDS - days * _GAP

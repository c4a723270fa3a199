"""What the words around a text tell of its date: years, years that span two, a month, the order of numbers.

What belongs here: reading a context (a heading "March 2024", a year above a list, the dates of its neighbours). What
does not: which of it a date needs (`calendar`), which words are the context of an entry (readers).

- Years in their order. Two years that follow each other, "School year 2019-2020", "2019/20 season", are one that spans
  two: months from July on are of the first, the others of the second.
- A month, when only one is named and no day with it: a heading over bare days.
- An order for each mark between numbers, when number dates with that mark are possible in this order only: "5/28/2019".
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipelines.refine.dates.grammar.parse import Parsed, known_languages, parse
from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.point import Point

_LONGEST = 2_000  # characters
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d/])")
_MARK = re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}(?!\d)")


class Told(NamedTuple):
    """Years, first years of those that span two, (month, year) pairs, the month (0: none), (mark, order) pairs."""

    years: tuple[int, ...] = ()
    spanning: tuple[int, ...] = ()
    months: tuple[tuple[int, int], ...] = ()
    month: int = 0
    orders: tuple[tuple[str, str], ...] = ()

    def order_for(self, text: str) -> str:
        """The order of a number date in a text; empty when nothing tells it."""
        mark = _MARK.search(text) if self.orders else None
        return dict(self.orders).get(mark[1], "") if mark else ""


@lru_cache(maxsize=4096)
def told_by(context: str, languages: tuple[str, ...]) -> Told:
    """What a context tells. Where the source's region says the order of numbers, the context does not."""
    context = context[:_LONGEST]
    parsed = parse(context, languages)
    years: dict[int, None] = {}
    spanning: dict[int, None] = {}
    months: dict[tuple[int, int], None] = {}
    for phrase in parsed.phrases:
        first = _spans_two(phrase)
        if first:
            spanning[first] = years[first] = None
            continue
        years |= dict.fromkeys(p.year for p in phrase.points if p.year and not p.wrong)
        months |= dict.fromkeys((p.month, p.year) for p in phrase.points if p.month and p.year and not p.wrong)
    orders = () if known_languages(languages)[1] else _orders(context)
    return Told(tuple(years), tuple(spanning), tuple(months), _month(parse(context, languages, finding=True)), orders)


def _spans_two(phrase: Phrase) -> int:
    """The first of two bare years that follow each other; 0 when it is none."""
    for before, after in pairwise(phrase.points):
        bare = before.year and not (before.month or before.day or before.span)
        if bare and _last_year(before, after) == before.year + 1:
            return before.year
    return 0


def _last_year(before: Point, after: Point) -> int:
    """2020 of "2019-2020" and of "2019-20"."""
    return after.year or (before.year - before.year % 100 + after.day if after.only_day else 0)


def _month(parsed: Parsed) -> int:
    """The one month that is named without a day."""
    points = [point for phrase in parsed.phrases for point in phrase.points]
    months = {point.month for point in points if point.month and not point.wrong}
    alone = all(not point.day for point in points if point.month)
    return months.pop() if len(months) == 1 and alone else 0


def _orders(context: str) -> tuple[tuple[str, str], ...]:
    """For each mark the order that its number dates force, when they force one only."""
    found: dict[str, set[str]] = {}
    for first, mark, second in _NUMBERS.findall(context):
        low, high = sorted((int(first), int(second)))
        if 1 <= low <= 12 < high <= 31:
            found.setdefault(mark, set()).add("mdy" if high == int(second) else "dmy")
    return tuple((mark, orders.pop()) for mark, orders in found.items() if len(orders) == 1)

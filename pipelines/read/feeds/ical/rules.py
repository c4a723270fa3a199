"""Recurrence rules: `FREQ=MONTHLY;BYDAY=2TU` to the moments at which something happens.

What belongs here: reading a rule, and its moments within a window. What does not: time zones and exceptions (`events`).
Source: RFC 5545, section 3.3.10. Moments are local and without a zone, as the rule means them.

Days are tested one by one within the periods of the rule that meet the window, so the cost is known before: a rule that
never holds ("30 February") ends with the window, and a `Budget` ends a file full of rules. Rules by the hour or
shorter, and by the number of the week, are refused: no calendar of a city needs them.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, product

_DAYS = {name: at for at, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_BY_DAY = re.compile(r"([+-]?\d{1,3})?(MO|TU|WE|TH|FR|SA|SU)")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_MOST_VALUES = 400
_KNOWN = frozenset(
    "FREQ INTERVAL COUNT UNTIL BYMONTH BYMONTHDAY BYYEARDAY BYDAY BYSETPOS BYHOUR BYMINUTE BYSECOND WKST".split()
)


class RuleError(ValueError):
    """A rule that is not read; the message says why."""


@dataclass(slots=True)
class Budget:
    """How many days may still be tested for the rules of one file; a day takes 2 to 4 us."""

    days: int = 200_000

    def take(self, days: int) -> bool:
        """Take some; False when there are none left."""
        self.days -= days
        return self.days >= 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `until` as written, since its zone is that of the event. `weekdays`: (which one, 0 = every; day)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: str | None = None
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    positions: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    week_start: int = 0


def rule_of(text: str) -> Rule:
    """The rule that a text says; RuleError when it is none, or one that is not expanded."""
    parts = {}
    for part in text[:2000].upper().replace(" ", "").strip(";").split(";"):
        name, _, value = part.partition("=")
        parts[name] = value
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        raise RuleError(f"repeats by {frequency[:20].lower() or 'nothing'}")
    unknown = sorted(name[:20] for name in parts if name not in _KNOWN and not name.startswith("X-"))
    if unknown:
        raise RuleError(f"repeats by {unknown[0]}")
    return Rule(
        frequency,
        _one(parts, "INTERVAL", 1),
        _one(parts, "COUNT", 0) or None if "COUNT" in parts else None,
        parts.get("UNTIL") or None,
        frozenset(_numbers(parts, "BYMONTH", 1, 12)),
        frozenset(_numbers(parts, "BYMONTHDAY", -31, 31)),
        frozenset(_numbers(parts, "BYYEARDAY", -366, 366)),
        frozenset(_weekdays(parts.get("BYDAY", ""), frequency)),
        tuple(_numbers(parts, "BYSETPOS", -366, 366)),
        tuple(sorted(set(_numbers(parts, "BYHOUR", 0, 23)))),
        tuple(sorted(set(_numbers(parts, "BYMINUTE", 0, 59)))),
        _DAYS.get(parts.get("WKST", "MO"), 0),
    )


def _one(parts: dict[str, str], name: str, otherwise: int) -> int:
    if name not in parts:
        return otherwise
    if not (parts[name].isascii() and parts[name].isdecimal()) or not 0 < int(parts[name][:9]) < 100_000:
        raise RuleError(f"{name} is no number that can be meant")
    return int(parts[name])


def _numbers(parts: dict[str, str], name: str, least: int, most: int) -> list[int]:
    values = [value for value in parts.get(name, "").split(",")[:_MOST_VALUES] if value]
    if not all(re.fullmatch(r"[+-]?\d{1,3}", value) and least <= int(value) <= most for value in values):
        raise RuleError(f"{name} is no number that can be meant")
    return [int(value) for value in values]


def _weekdays(text: str, frequency: str) -> Iterator[tuple[int, int]]:
    for part in text.split(",")[:_MOST_VALUES] if text else ():
        found = _BY_DAY.fullmatch(part)
        if found is None:
            raise RuleError("BYDAY names no day")
        which = int(found[1] or 0) if frequency in ("MONTHLY", "YEARLY") else 0
        yield which, _DAYS[found[2]]


def moments(
    rule: Rule, start: datetime, first: datetime, last: datetime, until: datetime | None, budget: Budget
) -> Iterator[datetime]:
    """The moments of a rule from `first` to `last`, in order; `until` is the rule's own end, local.

    Stops when the budget is used up, which `budget.days < 0` tells.
    """
    last = min(last, until) if until else last
    skipped = _skipped(rule, start.date(), first.date())
    left = rule.count - skipped if rule.count is not None else None
    if left is not None and left <= 0:
        return
    for days in _periods(rule, start, skipped, last):
        if not budget.take(len(days)):
            return
        for moment in _of_period(rule, start, days):
            if moment < start:
                continue
            if moment > last or left == 0:
                return
            left = left - 1 if left is not None else None
            if moment >= first:
                yield moment


def _of_period(rule: Rule, start: datetime, days: list[date]) -> list[datetime]:
    holding = [day for day in days if _holds(rule, start, day)]
    if not holding:
        return []
    if not (rule.hours or rule.minutes or rule.positions):
        return [datetime.combine(day, start.time()) for day in holding]
    hours, minutes = rule.hours or (start.hour,), rule.minutes or (start.minute,)
    times = [time(hour, minute, start.second) for hour, minute in product(hours, minutes)]
    found = [datetime.combine(day, at) for day in holding for at in times]
    if not rule.positions:
        return found
    size = len(found)
    places = {at - 1 if at > 0 else size + at for at in rule.positions if at and abs(at) <= size}
    return [found[at] for at in sorted(places)]


def _skipped(rule: Rule, start: date, first: date) -> int:
    """How many periods before the window are left out: none where what is in them has to be counted, and is not known
    to be one moment each."""
    if rule.count is not None and not (rule.frequency in ("DAILY", "WEEKLY") and _is_bare(rule)):
        return 0
    return max(0, _distance(rule, start, first) // rule.interval - 1)


def _is_bare(rule: Rule) -> bool:
    """Whether a rule has nothing but its frequency, interval and end."""
    return not (_chooses(rule) or rule.months or rule.positions or rule.hours or rule.minutes)


def _periods(rule: Rule, start: datetime, skipped: int, last: datetime) -> Iterator[list[date]]:
    """The days of each period of the rule that may hold."""
    for number in count(skipped):
        days = _days(rule, start.date(), number * rule.interval)
        if not days or days[0] > last.date():
            return
        yield days


def _distance(rule: Rule, start: date, first: date) -> int:
    """How many days, weeks, months, years lie between."""
    if rule.frequency in ("DAILY", "WEEKLY"):
        return (first - start).days // (7 if rule.frequency == "WEEKLY" else 1)
    years = first.year - start.year
    return years if rule.frequency == "YEARLY" else 12 * years + first.month - start.month


def _days(rule: Rule, start: date, step: int) -> list[date]:
    """The days of the period that lies so many steps behind that of the start; none behind the end of the calendar."""
    try:
        if rule.frequency == "DAILY":
            return [start + timedelta(days=step)]
        if rule.frequency == "WEEKLY":
            monday = start - timedelta(days=(start.weekday() - rule.week_start) % 7) + timedelta(weeks=step)
            return [monday + timedelta(days=day) for day in _in_week(rule, start)]
        if rule.frequency == "MONTHLY":
            year, month = divmod(12 * start.year + start.month - 1 + step, 12)
            return _month(year, month + 1)
        year = start.year + step
        months = sorted(rule.months) or (range(1, 13) if _chooses(rule) else [start.month])
        return [day for month in months for day in _month(year, month)]
    except (OverflowError, ValueError):
        return []


@lru_cache(maxsize=256)
def _in_week(rule: Rule, start: date) -> list[int]:
    """Which days of a week may hold, as their distance from its first."""
    days = {day for _, day in rule.weekdays} or {start.weekday()}
    if rule.month_days or rule.year_days:
        days = {day for _, day in rule.weekdays} or set(range(7))
    return sorted((day - rule.week_start) % 7 for day in days)


@lru_cache(maxsize=1024)
def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _chooses(rule: Rule) -> bool:
    """Whether the rule itself says which days; otherwise it is the day of the start."""
    return bool(rule.month_days or rule.year_days or rule.weekdays)


def _holds(rule: Rule, start: datetime, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if not _chooses(rule):
        if rule.frequency == "WEEKLY":
            return day.weekday() == start.weekday()
        return rule.frequency == "DAILY" or day.day == start.day
    length = monthrange(day.year, day.month)[1]
    if rule.month_days and not rule.month_days & {day.day, day.day - length - 1}:
        return False
    if rule.year_days and not rule.year_days & set(_in_year(day)):
        return False
    return not rule.weekdays or _is_weekday(rule, day, length)


def _is_weekday(rule: Rule, day: date, length: int) -> bool:
    """Whether a day is one of the weekdays, or the n-th of them in its month, of a yearly rule without months in its
    year."""
    if (0, day.weekday()) in rule.weekdays:
        return True
    if rule.frequency == "YEARLY" and not rule.months:
        at, back = _in_year(day)
    else:
        at, back = day.day, day.day - length - 1
    return bool(rule.weekdays & {((at + 6) // 7, day.weekday()), (-((6 - back) // 7), day.weekday())})


def _in_year(day: date) -> tuple[int, int]:
    """The number of a day in its year, from the beginning and (negative) from the end."""
    at = day.timetuple().tm_yday
    return at, at - (366 if monthrange(day.year, 2)[1] == 29 else 365) - 1

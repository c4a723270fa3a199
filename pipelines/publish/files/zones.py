"""VTIMEZONE: what the clocks of a zone do in the years of a calendar, out of the tz database.

What belongs here: one IANA zone as the component of RFC 5545 (3.6.5). What does not: events (`ics`). Our own, since
the one that icalendar 7.3 makes begins summer time an hour late, and lists dates (RDATE) that Outlook does not read.

Changes that follow one rule ("the last Sunday of March at 2:00") up to the end become one part with a yearly rule,
which goes on. All others stand by themselves: libraries differ in what UNTIL means east of Greenwich.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STEP = timedelta(days=5)  # no clocks changed there and back within so few days since 1950
_LOCAL = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of the clocks. `local`: the moment as the clocks showed it before; offsets from UTC."""

    local: datetime
    before: timedelta
    after: timedelta
    summer: bool
    label: str

    @property
    def rules(self) -> frozenset[tuple[int, str, str]]:
        """The yearly rules that it may follow: month, weekday with its number from either end, time."""
        last = (self.local + timedelta(days=7)).month != self.local.month
        numbers = [f"{(self.local.day - 1) // 7 + 1}", *(["-1"] if last else [])]
        day, at = _DAYS[self.local.weekday()], f"{self.local:%H%M%S}"
        return frozenset((self.local.month, number + day, at) for number in numbers)


def vtimezone(zone: str, first: int, last: int) -> list[str]:
    """The lines of the component for the years `first` to `last`. KeyError or ValueError when there is no such zone."""
    info = ZoneInfo(zone)
    begin = datetime(first, 1, 1, tzinfo=UTC) - timedelta(days=2)  # New Year's Day begins earlier in the east
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    lines += _part(_state(info, begin))
    changes = list(_changes(info, begin, datetime(last + 1, 12, 31, tzinfo=UTC)))
    for same in _groups(changes):
        if len(same) > 1 and same[-1].local.year > last:
            lines += _part(same[0], _rule(same))
        else:
            lines += [line for change in same for line in _part(change)]
    return [*lines, "END:VTIMEZONE"]


def _state(info: ZoneInfo, moment: datetime) -> _Change:
    """The clocks as they go at a moment, as a change from the same to the same."""
    local = moment.astimezone(info)
    offset = local.utcoffset() or timedelta()
    return _Change(local.replace(tzinfo=None), offset, offset, bool(local.dst()), local.tzname() or "")


def _changes(info: ZoneInfo, begin: datetime, end: datetime) -> Iterator[_Change]:
    """All changes in between, found step by step and then by halving: the database gives no list of them."""
    moment, old = begin, _state(info, begin)
    while moment < end:
        following = moment + _STEP
        new = _state(info, following)
        if _goes(old) != _goes(new):
            at = _exact(info, moment, following)
            new = _state(info, at)
            yield _Change((at + old.after).replace(tzinfo=None), old.after, new.after, new.summer, new.label)
            following = at
        moment, old = following, new


def _goes(state: _Change) -> tuple[timedelta, bool, str]:
    return (state.after, state.summer, state.label)


def _exact(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new state."""
    old = _state(info, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _goes(_state(info, middle)) == _goes(old):
            before = middle
        else:
            after = middle
    return after


def _groups(changes: list[_Change]) -> list[list[_Change]]:
    """Changes of one kind that come once a year by one rule, together; in the order of their first."""
    groups: list[list[_Change]] = []
    for change in changes:
        for group in groups:
            follows = change.local.year == group[-1].local.year + 1
            if follows and _kind(change) == _kind(group[-1]) and _common([*group, change]):
                group.append(change)
                break
        else:
            groups.append([change])
    return groups


def _kind(change: _Change) -> tuple[timedelta, timedelta, bool, str]:
    return (change.before, change.after, change.summer, change.label)


def _common(group: list[_Change]) -> frozenset[tuple[int, str, str]]:
    return frozenset.intersection(*(change.rules for change in group))


def _rule(group: list[_Change]) -> str:
    month, day, _ = min(_common(group))  # "-1SU" before "4SU": a last Sunday is meant as one
    return f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={day}"


def _part(change: _Change, *rule: str) -> list[str]:
    """One STANDARD or DAYLIGHT."""
    part = "DAYLIGHT" if change.summer else "STANDARD"
    offsets = [f"TZOFFSETFROM:{_offset(change.before)}", f"TZOFFSETTO:{_offset(change.after)}"]
    return [
        f"BEGIN:{part}",
        f"DTSTART:{change.local:{_LOCAL}}",
        *rule,
        f"TZNAME:{change.label}",
        *offsets,
        f"END:{part}",
    ]


def _offset(offset: timedelta) -> str:
    """As +HHMM, with seconds only where a zone had them."""
    seconds = abs(int(offset.total_seconds()))
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{'-' if offset < timedelta() else '+'}{hours:02}{minutes:02}{f'{rest:02}' if rest else ''}"

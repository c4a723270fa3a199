"""Time zones of a calendar: names of the tz database however they are written, Windows names, and described zones.

What belongs here: the zone that a TZID means, and the offset of a described one (`VTIMEZONE`) at a local time. What
does not: events. Nothing is kept from one file to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from pipelines.read.feeds.ical.lines import Component
from pipelines.read.feeds.ical.rules import Budget, Rule, RuleError, moments, rule_of
from pipelines.read.feeds.moments import Moment, of_datetime, zone_named

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?:\d\d)?")
_LOCAL = re.compile(r"(\d{8})T(\d{6})")
_MOST_OBSERVANCES = 200
_PARTS = 3  # of a name: America/Argentina/Salta


@dataclass(frozen=True, slots=True)
class _Observance:
    start: datetime
    rule: Rule | None
    offset: timedelta


@dataclass(slots=True)
class DescribedZone:
    """A zone that the file describes: from when which offset holds."""

    observances: list[_Observance]
    budget: Budget
    _onsets: dict[int, list[tuple[datetime, timedelta]]] = field(default_factory=dict)

    def offset(self, local: datetime) -> timedelta:
        """The offset at a local time: that of the observance that began last."""
        if local.year not in self._onsets:
            self._onsets[local.year] = sorted(self._of_year(local.year))
        found = [offset for onset, offset in self._onsets[local.year] if onset <= local]
        return found[-1] if found else min(self.observances, key=lambda one: one.start).offset

    def _of_year(self, year: int) -> Iterator[tuple[datetime, timedelta]]:
        first = datetime.combine(date(max(year - 1, 1), 1, 1), time.min)
        last = datetime.combine(date(year, 12, 31), time.max)
        for one in self.observances:
            if one.start <= last:
                yield one.start, one.offset
            if one.rule is not None:
                until = None
                if one.rule.until and (found := _LOCAL.match(one.rule.until)):
                    until = _read(found) + one.offset
                yield from ((at, one.offset) for at in moments(one.rule, one.start, first, last, until, self.budget))


Zone = ZoneInfo | DescribedZone | None
"""None: floating, the time of the place, whichever that is."""
UTC_ZONE = ZoneInfo("UTC")


class Zones:
    """The zones of one file, by TZID."""

    def __init__(self, described: list[Component], budget: Budget) -> None:
        self.described = {part.value("TZID"): part for part in described[:100]}
        self.budget = budget
        self.known: dict[str, tuple[Zone, bool]] = {}

    def zone(self, tzid: str) -> tuple[Zone, bool]:
        """The zone of a TZID, and whether it is known."""
        if tzid not in self.known:
            self.known[tzid] = self._zone(tzid)
        return self.known[tzid]

    def _zone(self, tzid: str) -> tuple[Zone, bool]:
        part = self.described.get(tzid)
        found = named(tzid) or (named(part.value("X-LIC-LOCATION")) if part else None)
        if found:
            return found, True
        observances = list(_observances(part)) if part else []
        return (DescribedZone(observances, self.budget), True) if observances else (None, False)


def named(tzid: str) -> ZoneInfo | None:
    """The zone of a name: "Europe/Berlin", "/example.net/20260101_1/Europe/Berlin", "Romance Standard Time"."""
    name = tzid.strip().strip('"')
    if not name:
        return None
    if name.upper() in ("UTC", "GMT", "Z", "ETC/UTC"):
        return UTC_ZONE
    if windows := WINDOWS_TO_OLSON.get(name):
        return zone_named(windows)
    if found := zone_named(name):
        return found
    parts = name.split("/")
    tails = ("/".join(parts[-size:]) for size in range(min(_PARTS, len(parts)), 1, -1))
    return next((zone for tail in tails if (zone := zone_named(tail))), None)


def _observances(part: Component) -> Iterator[_Observance]:
    for one in part.parts[:_MOST_OBSERVANCES]:
        offset, start = _OFFSET.match(one.value("TZOFFSETTO")), _LOCAL.match(one.value("DTSTART"))
        if offset is None or start is None:
            continue
        try:
            rule = rule_of(one.value("RRULE")) if one.first("RRULE") else None
            begins = _read(start)
        except (RuleError, ValueError):
            continue
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        if size < timedelta(hours=15):
            yield _Observance(begins, rule, -size if offset[1] == "-" else size)


def _read(found: re.Match[str]) -> datetime:
    return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S")  # noqa: DTZ007  # local by its nature


def in_zone(instant: datetime, zone: Zone) -> datetime:
    """An instant (UTC, without zone) in the local time of a zone; of a floating one as it is."""
    if isinstance(zone, DescribedZone):
        return instant + zone.offset(instant)
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if zone else instant


def shown(local: datetime, zone: Zone, display: ZoneInfo | None) -> Moment | None:
    """A local time as a moment; UTC and floating times in the zone of the calendar, when that is known."""
    if isinstance(zone, DescribedZone):
        return Moment(local.date(), local.time(), zone.offset(local))
    if zone is None:
        return of_datetime(local, display)
    if zone.key == "UTC" and display is not None:
        return of_datetime(local.replace(tzinfo=UTC), display)
    return of_datetime(local, zone)

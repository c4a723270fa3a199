"""Components of a calendar to what happens when: each event, each instance of one that repeats.

What belongs here: start and end, rules with their exceptions and changed instances, the window. What does not: titles
and places (`reader`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from pipelines.read.feeds.ical.lines import Component, Property
from pipelines.read.feeds.ical.rules import Budget, RuleError, moments, rule_of
from pipelines.read.feeds.ical.zones import UTC_ZONE, Zone, Zones, in_zone
from pipelines.read.feeds.moments import moment_of
from pipelines.read.feeds.payload import Feed

MOST_INSTANCES = 1000
"""Instances of one event; the rest is left out, and an Issue says so."""
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?", re.IGNORECASE)
_DURATION = re.compile(r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?")
_DAY = timedelta(days=1)
_MOST_EXCEPTIONS = 5000


@dataclass(frozen=True, slots=True)
class Time:
    """A time as written: local, of a zone; `is_day`: a whole day."""

    local: datetime
    is_day: bool
    zone: Zone


@dataclass(frozen=True, slots=True)
class Happening:
    """One event or one instance: its component, start and end (of whole days the last day), and which instance."""

    component: Component
    start: Time
    end: Time | None
    instance: str | None = None


@dataclass(slots=True)
class Series:
    """The components of one UID: the event itself, and instances that were changed."""

    master: Component | None = None
    changed: list[Component] = field(default_factory=list)


@dataclass(slots=True)
class Expander:
    """Events to happenings, within a window of local days."""

    zones: Zones
    first: datetime
    last: datetime
    budget: Budget
    feed: Feed

    def happenings(self, series: Series) -> Iterator[Happening]:
        """What one UID gives, in order; what has no start that can be read gives nothing, and an Issue."""
        changed = {}
        for one in series.changed:
            made = self._single(one)
            if made and (at := self._time(one.first("RECURRENCE-ID"), made.start.zone)):
                changed[at.local] = Happening(one, made.start, made.end, _label(at))
        master = self._single(series.master) if series.master else None
        if series.master and master and (series.master.first("RRULE") or series.master.first("RDATE")):
            yield from self._repeated(series.master, master, changed)
        else:
            yield from [master] if master else []
            yield from (changed[at] for at in sorted(changed))

    def _single(self, component: Component) -> Happening | None:
        start = self._time(component.first("DTSTART"))
        if start is None:
            self.feed.note("events without a start that can be read are left out", "VEVENT")
            return None
        try:
            end = self._end(component, start)
        except OverflowError:
            end = None
        if _is_whole(component, start, end):
            start = Time(start.local, True, None)
            last = end.local - _DAY if end and end.local > start.local else start.local
            end = Time(max(last, start.local), True, None)
        return Happening(component, start, end)

    def _end(self, component: Component, start: Time) -> Time | None:
        end = self._time(component.first("DTEND"), start.zone)
        if end is not None:
            if end.is_day != start.is_day:  # a start with a time, an end without: the end is meant to be that day
                return None if end.is_day else Time(end.local + _DAY, True, None)
            return end
        duration = _duration(component.value("DURATION"))
        return Time(start.local + duration, start.is_day, start.zone) if duration else None

    def _repeated(
        self, component: Component, master: Happening, changed: dict[datetime, Happening]
    ) -> Iterator[Happening]:
        """The instances within the window: those of rule and extra dates, without exceptions, changed ones changed."""
        excluded = {one.local for one in self._listed(component, "EXDATE", master.start)}
        days = {one.date() for one in excluded if one.time() == time.min} if master.start.is_day else set()
        starts = sorted({*self._starts(component, master.start), *changed})
        length = master.end.local - master.start.local if master.end else None
        given = 0
        for local in starts:
            held = changed.get(local)
            if held is None and (local in excluded or local.date() in days):
                continue
            if not self.first <= (held.start.local if held else local) <= self.last:
                continue
            if given == MOST_INSTANCES:
                self.feed.note(f"an event has more than {MOST_INSTANCES} instances: the rest is left out", "RRULE")
                return
            given += 1
            yield held or self._instance(component, master, local, length)

    def _instance(
        self, component: Component, master: Happening, local: datetime, length: timedelta | None
    ) -> Happening:
        start = Time(local, master.start.is_day, master.start.zone)
        end = Time(local + length, start.is_day, master.end.zone) if length is not None and master.end else None
        return Happening(component, start, end, _label(start))

    def _starts(self, component: Component, start: Time) -> Iterator[datetime]:
        """The starts of all instances in the window, and the first of all, in no order."""
        yield start.local
        yield from (one.local for one in self._listed(component, "RDATE", start))
        for written in component.properties.get("RRULE", [])[:5]:
            try:
                rule = rule_of(written.value)
            except RuleError as error:
                self.feed.note(f"{error}: not expanded, its first instance stands", "RRULE")
                continue
            until = self._until(rule.until, start) if rule.until else None
            if rule.until and until is None:
                self.feed.note("the end of a rule is not read: not expanded, its first instance stands", "RRULE")
                continue
            found = moments(rule, start.local, self.first, self.last, until, self.budget)
            for number, moment in enumerate(found):
                if number > MOST_INSTANCES + _MOST_EXCEPTIONS:
                    break
                yield moment
        if self.budget.days < 0:
            self.feed.note("too many repetitions in one file: some are not expanded", "RRULE")

    def _until(self, written: str, start: Time) -> datetime | None:
        """The last local moment of a rule; a day counts to its end."""
        until = self._time(Property(written), start.zone)
        if until is None:
            return None
        return datetime.combine(until.local.date(), time.max) if until.is_day or start.is_day else until.local

    def _listed(self, component: Component, name: str, start: Time) -> Iterator[Time]:
        """The times that a list names, in the zone of the start; of periods their starts."""
        found = 0
        for written in component.properties.get(name, []):
            for value in written.value.split(","):
                found += 1
                if found > _MOST_EXCEPTIONS:
                    return
                if at := self._time(Property(value.partition("/")[0], written.parameters), start.zone):
                    yield at

    def _time(self, written: Property | None, zone: Zone = None) -> Time | None:
        """A time as written, in local time; UTC becomes the local time of `zone`, when that is given."""
        if written is None:
            return None
        value = written.value.strip()[:40]
        found = _STAMP.fullmatch(value)
        try:
            if found is None:
                return self._dashed(value, written, zone)
            day = date(*(int(part) for part in found.groups()[:3]))
            if found[4] is None or written.parameters.get("VALUE", "").upper() == "DATE":
                return Time(datetime.combine(day, time.min), True, None)
            at = time(int(found[4]) % 24, int(found[5]), min(int(found[6] or 0), 59))
            local = datetime.combine(day, at) + (_DAY if found[4] == "24" else timedelta(0))
            if found[7]:
                return Time(in_zone(local, zone), False, zone) if zone else Time(local, False, UTC_ZONE)
            return Time(local, False, self._zone(written, zone))
        except (ValueError, OverflowError):
            return None

    def _dashed(self, value: str, written: Property, zone: Zone) -> Time | None:
        """What is written as ISO 8601 with dashes, as some calendars do."""
        moment = moment_of(value)
        if moment is None:
            return None
        local = datetime.combine(moment.day, moment.at or time.min)
        if moment.offset is not None:
            return Time(in_zone(local - moment.offset, zone or UTC_ZONE), False, zone or UTC_ZONE)
        return Time(local, moment.at is None, self._zone(written, zone) if moment.at else None)

    def _zone(self, written: Property, otherwise: Zone) -> Zone:
        tzid = written.parameters.get("TZID")
        if tzid is None:
            return otherwise
        zone, known = self.zones.zone(tzid)
        if not known:
            self.feed.note("a time zone that is not known: its times are taken as local", "TZID")
        return zone if known else otherwise


def _is_whole(component: Component, start: Time, end: Time | None) -> bool:
    """Whole days: dates, or from midnight to midnight of another day."""
    if start.is_day:
        return True
    if start.local.time() != time.min:
        return False
    marked = component.value("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"
    return marked or (end is not None and end.local > start.local and end.local.time() == time.min)


def _duration(text: str) -> timedelta | None:
    found = _DURATION.fullmatch(text.strip().upper()) if text else None
    if found is None or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _label(at: Time) -> str:
    """The instance, as its RECURRENCE-ID would be written in local time."""
    return at.local.strftime("%Y%m%d" if at.is_day else "%Y%m%dT%H%M%S")

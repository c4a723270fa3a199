"""Date words of a feed: a stated start and end to words that `refine.dates` reads as what they say.

What belongs here: values of APIs and calendars (ISO 8601, seconds since 1970, dates and times of Python) to one form,
ISO 8601 intervals in local wall-clock time. What does not: dates in sentences, which stay as they are displayed.

An offset is that of the place where it is known; the zone follows in brackets (RFC 9557), because an offset alone names
no zone. Offsets of half and quarter hours are left out of the words: the date reader takes ":30" for a time of day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.read.structured.stated import plain_text

_LONGEST = 80
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d|\d{8})"
    r"(?:(?:[Tt]|\s+)(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"\s*(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?)?(?:\[(?P<name>[^\[\]]{1,60})\])?"
)
_EPOCH = re.compile(r"-?\d{9,13}(?:\.\d+)?")
_FIRST_SECOND, _LAST_SECOND = -631_152_000, 4_102_444_800  # 1950 to 2100: another number is no moment
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
_FIXED = re.compile(r"(?:UTC|GMT)([+-])(\d{1,2})(?::?00)?", re.IGNORECASE)
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, its time when one is stated (local wall-clock), the offset and the IANA name of its zone when known."""

    day: date
    at: time | None = None
    offset: timedelta | None = None
    zone: str | None = None


def zone_named(name: Any) -> ZoneInfo | None:
    """The zone of an IANA name; None when it is none."""
    return _zone_named(name.strip()) if isinstance(name, str) and len(name) <= _LONGEST else None


@lru_cache(maxsize=512)
def _zone_named(name: str) -> ZoneInfo | None:
    if found := _FIXED.fullmatch(name):  # WordPress: "UTC+2"; POSIX turns the sign round
        name = f"Etc/GMT{'-' if found[1] == '+' else '+'}{int(found[2])}"
    if not _ZONE_NAME.fullmatch(name) or name.lower() in ("localtime", "posixrules"):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known, a folder of the database, or no such file
        return None


def moment_of(value: Any, zone: ZoneInfo | None = None) -> Moment | None:
    """A stated value as a moment; None when it is no ISO 8601 and no number of seconds or milliseconds since 1970.

    `zone` is the place's: an instant is told in its local time, a local time gets its offset.
    """
    if isinstance(value, datetime):
        return of_datetime(value, zone)
    if isinstance(value, date):
        return Moment(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip() if not isinstance(value, str) or len(value) <= _LONGEST else ""
    if found := _ISO.fullmatch(text):
        return _of_iso(found, zone)
    return _of_epoch(float(text), zone) if _EPOCH.fullmatch(text) else None


def of_datetime(value: datetime, zone: ZoneInfo | None = None) -> Moment | None:
    """A moment of Python's; of one that is aware the local time in `zone`, else in its own zone."""
    try:
        if zone is not None:
            local = value.replace(tzinfo=zone) if value.tzinfo is None else value.astimezone(zone)
            return Moment(local.date(), local.time().replace(tzinfo=None), local.utcoffset(), _name(zone))
        return Moment(value.date(), value.time().replace(tzinfo=None), value.utcoffset(), _name(value.tzinfo))
    except (OverflowError, ValueError):  # the first and the last day of the calendar in another zone
        return None


def _name(zone: tzinfo | None) -> str | None:
    return zone.key if isinstance(zone, ZoneInfo) and zone.key != "UTC" else None


def _of_iso(found: re.Match[str], zone: ZoneInfo | None) -> Moment | None:
    try:
        day = date.fromisoformat(found["day"])
        if found["hour"] is None:
            return Moment(day)
        late = found["hour"] == "24" and not int(found["minute"])
        second = min(int(found["second"] or 0), 59)  # a leap second
        local = datetime.combine(day, time(0 if late else int(found["hour"]), int(found["minute"]), second))
        local += timedelta(days=late)
    except (ValueError, OverflowError):
        return None
    if found["zone"] is None:
        return of_datetime(local, zone_named(found["name"]) or zone)
    offset = _offset(found["zone"])
    if offset is None:
        return of_datetime(local, zone)
    if zone is None and (named := zone_named(found["name"])):
        return of_datetime((local - offset).replace(tzinfo=UTC), named)
    if zone is None:
        return Moment(local.date(), local.time(), offset)
    return of_datetime((local - offset).replace(tzinfo=UTC), zone)


def _offset(text: str) -> timedelta | None:
    if text in "Zz":
        return timedelta(0)
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    size = timedelta(hours=hours, minutes=minutes)
    return None if hours > 14 or minutes > 59 else (-size if text[0] == "-" else size)


def _of_epoch(seconds: float, zone: ZoneInfo | None) -> Moment | None:
    seconds = seconds / 1000 if abs(seconds) > _LAST_SECOND else seconds
    if not _FIRST_SECOND < seconds < _LAST_SECOND:
        return None
    return of_datetime(datetime.fromtimestamp(int(seconds), UTC), zone)


def stated_words(start: Any, end: Any, zone: ZoneInfo | None = None, whole_days: bool = False) -> str | None:
    """The date words of a stated start and end; None when there are none.

    `whole_days`: the times are those of a database, not of the event. A start and an end at midnight are days then
    anyway, as are 00:00 to 23:59: where no hour is known, stores of dates write these.
    """
    first, last = moment_of(start, zone), moment_of(end, zone)
    if first is None and last is None:
        return _as_displayed(start, end)
    if first is None:
        said = _displayed(start)
        return None if last is None else _joined(said, words(last)) if said else f"../{words(last)}"  # ISO 8601-2: open
    if last is None and (said := _displayed(end)):
        return _joined(words(_bare(first, None, whole_days)[0]), said)
    return interval(*_bare(first, last, whole_days))


def _bare(first: Moment, last: Moment | None, whole_days: bool) -> tuple[Moment, Moment | None]:
    """Both without their times, when these say nothing."""
    ends = last.at.replace(second=0, microsecond=0) if last and last.at else None
    whole = first.at == time(0) and (ends in (None, time(0), _LAST_MINUTE))
    if not (whole or whole_days):
        return first, last
    return Moment(first.day), Moment(last.day) if last else None


def interval(first: Moment, last: Moment | None) -> str:
    """Words for a start and an end (inclusive); an end that lies before the start, or equals it, is left out."""
    if last is None or last == first or (last.day, last.at or time.max) < (first.day, first.at or time.min):
        return words(first)
    if first.at is None:
        return first.day.isoformat() if last.day == first.day else f"{first.day}/{last.day}"
    if last.at is None and last.day == first.day:
        return words(first)
    ends = f"{_stamp(first)}/{_stamp(last)}"
    return f"{ends}[{first.zone}]" if first.zone else ends


def words(moment: Moment) -> str:
    """Words for one moment."""
    return f"{_stamp(moment)}[{moment.zone}]" if moment.zone and moment.at else _stamp(moment)


def _stamp(moment: Moment) -> str:
    if moment.at is None:
        return moment.day.isoformat()
    local = datetime.combine(moment.day, moment.at.replace(microsecond=0)).isoformat()
    return local + _offset_words(moment.offset, "+00:00" if moment.zone else "Z")


def _offset_words(offset: timedelta | None, none: str) -> str:
    minutes = int(offset.total_seconds() // 60) if offset is not None else None
    if minutes is None or minutes % 60:
        return ""
    return none if not minutes else f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:00"


def _as_displayed(start: Any, end: Any) -> str | None:
    first, last = _displayed(start), _displayed(end)
    return first if first == last or not last else _joined(first, last)


def _joined(first: str | None, last: str | None) -> str | None:
    return f"{first} - {last}" if first and last else first or last


def _displayed(value: Any) -> str | None:
    """A value that is a text, as it is; at most so long as a date can be."""
    text = plain_text(value[: 4 * _LONGEST]) if isinstance(value, str) else ""
    return text if 0 < len(text) <= 2 * _LONGEST else None

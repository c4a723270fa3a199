"""Days and times as JSON has them: ISO, seconds since 1970, objects of both, an hour under a key of its own.

What belongs here: telling a value that is a moment from any other, and giving it as ISO. What does not: days in words
(`refine.dates`), which only a page shows to people.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from pipelines.read.structured.vocabulary import first_of, folded, values_of

_ISO = re.compile(
    r"(?P<year>(?:19|20)\d\d)-?(?P<month>0[1-9]|1[0-2])-?(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:(?:T|\s+)(?P<hour>[01]\d|2[0-4]):?(?P<minute>[0-5]\d)(?::?[0-5]\d(?:[.,]\d{1,9})?)?\s*(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_MICROSOFT = re.compile(r"/Date\((-?\d{9,14})(?:[+-]\d{4})?\)/")
_HOUR = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?::[0-5]\d)?")
_EARLIEST, _LATEST = 631_152_000, 4_102_444_800  # 1990 and 2100: what is outside is an id or a size
_DEPTH = 2


def moment_of(value: Any, depth: int = _DEPTH) -> str | None:
    """A value as ISO, as it was given when it is so; None when it is no moment."""
    for one in values_of(value):
        if isinstance(one, dict) and depth:
            found = moment_of(first_of(folded(one), "inner"), depth - 1)
        elif isinstance(one, str):
            found = _from_text(one)
        else:
            found = _from_number(one)
        if found:
            return found
    return None


def _from_text(text: str) -> str | None:
    text = text[:80].strip()
    if _ISO.fullmatch(text):
        return text
    if found := _MICROSOFT.fullmatch(text):
        return _from_number(int(found[1]))
    return _from_number(int(text)) if len(text) in (9, 10, 12, 13) and text.isascii() and text.isdecimal() else None


def _from_number(number: Any) -> str | None:
    """Seconds or milliseconds since 1970."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    for unit in (1, 1000):
        if _EARLIEST <= number / unit < _LATEST:
            return datetime.fromtimestamp(int(number / unit), UTC).isoformat()
    return None


def with_hour(day: str, hour: Any) -> str:
    """A day without a time, with the hour that stands under another key ("18:00"); otherwise as it was."""
    found = _HOUR.fullmatch(hour.strip()[:20]) if isinstance(hour, str) else None
    plain = len(day) == 10 or day[10:] in ("T00:00:00", " 00:00:00", "T00:00:00Z", "T00:00:00.000Z")
    return f"{day[:10]}T{int(found['hour']):02}:{found['minute']}" if found and plain else day


def wall_clock(text: str) -> tuple[str, str | None, datetime | None]:
    """For comparing: the day, the time, and the instant when the zone is stated; the words themselves when not ISO."""
    found = _ISO.fullmatch(text.strip())
    if not found:
        return text, None, None
    day, time = f"{found['year']}-{found['month']}-{found['day']}", None
    if found["hour"] and found["hour"] != "24":
        time = f"{found['hour']}:{found['minute']}"
    try:
        instant = datetime.fromisoformat(text.strip()) if time and found["zone"] else None
    except ValueError:  # the thirtieth of February; an odd fraction
        instant = None
    return day, time, instant if instant is not None and instant.tzinfo else None

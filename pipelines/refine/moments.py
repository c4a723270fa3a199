"""Moments: a local time and a zone to the instant.

What belongs here: the zone of a place, and the conversion. What does not: reading times and zones from words (`dates`).
The zones of a country are those of `zone.tab` of the tz database (public domain, in the package tzdata).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo


def zone_of(countries: Sequence[str], day: date | None, at: time | None) -> str | None:
    """The IANA zone of a local time in one country: its only one, or that of most of it when all agree at that time.

    None when no country, or more than one, is named, and where the clocks of a country disagree.
    """
    if len(countries) != 1 or day is None or at is None:
        return None
    zones = _zones().get(countries[0], {})
    main = [zone for zone, where in zones.items() if len(zones) == 1 or where.startswith("most of")]
    offsets = {datetime.combine(day, at, ZoneInfo(zone)).utcoffset() for zone in zones}
    return main[0] if main and len(offsets) == 1 else None


def instant(day: date | None, at: time | None, zone: str | None) -> tuple[datetime | None, str | None]:
    """(the instant in UTC, None) or (None, why a full local time gives none); (None, None) when a part is unknown.

    A local time that the change of clocks repeats means the first of the two.
    """
    if day is None or at is None or zone is None:
        return None, None
    try:
        local = datetime.combine(day, at, ZoneInfo(zone))
        moment = local.astimezone(UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None, f"no instant: zone {zone!r} is not in the tz database, or the day is out of its range"
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        return None, f"no instant: the clocks of {zone} skip {at:%H:%M} on {day.isoformat()}"
    return moment, None


@cache
def _zones() -> dict[str, dict[str, str]]:
    """Country (ISO 3166-1 alpha-2) to its zones, each with what `zone.tab` says of where it holds."""
    table: dict[str, dict[str, str]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *where = line.split("\t")
            table.setdefault(country, {})[zone] = " ".join(where)
    return table

"""`events.ics`, `calendars/<country>.ics`: the events of a release, to subscribe to; `calendar.parquet`: their record.

What belongs here: which event goes into which file, and its SEQUENCE. What does not: how an event is written (`ics`),
time zones (`zones`).

The record says of each event what was published of it: uid, sequence, hash, when it was revised. An event whose lines
differ from those of the release before has a SEQUENCE that is one higher, and its DTSTAMP is the moment at which its
new content was seen last; an event that did not change keeps all its bytes. So nothing here depends on the clock. An
event that is gone keeps its row, and goes on counting if it comes back. A country that had a calendar keeps one, also
without events: there are people who subscribed to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from zoneinfo import available_timezones

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files.ics import events_sql, fold, head
from pipelines.publish.files.zones import vtimezone
from pipelines.reference import country_names
from warehouse.build import literal
from warehouse.tables import Column, Table

WHOLE, BY_COUNTRY, RECORD = "events.ics", "calendars", "calendar.parquet"
CALENDAR = Table(
    "calendar",
    "What was published of each event in the calendars, in this release and those before it.",
    ("uid",),
    (
        Column("uid", "VARCHAR", "UID in the calendars: the entry_id and @cityharvest", False),
        Column("entry_id", "VARCHAR", "entry that it shows", False),
        Column("sequence", "INTEGER", "how often its content changed since it was first published", False),
        Column("hash", "VARCHAR", "MD5 over what the calendars show of it", False),
        Column("revised_at", "TIMESTAMPTZ", "when the content that it has was seen last as it changed: DTSTAMP", False),
        Column("is_shown", "BOOLEAN", "it is in the calendars of this release", False),
    ),
)
_AT_ONCE = 5_000  # rows in memory
_STAMP = literal("%Y%m%dT%H%M%SZ")
_ABOUT = "What cities and the Council of Europe's Intercultural Cities programme announce, as read on their pages."
CODE = re.compile(r"[A-Z]{2}")  # a country becomes a file name


def write_calendars(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> None:
    """Write all calendars and the record. Raises DamagedRelease, duckdb.IOException or OSError."""
    before, events = facts.earlier(RECORD), _events(con)
    (folder / BY_COUNTRY).mkdir()
    with ExitStack() as stack:
        files = _Calendars(con, events, folder, facts, stack)
        record = stack.enter_context(pq.ParquetWriter(folder / RECORD, CALENDAR.arrow_schema(), compression="zstd"))
        batches: pa.RecordBatchReader = con.sql(_record(events, before)).to_arrow_reader(_AT_ONCE)
        for batch in batches:
            files.add(batch["event"].to_pylist(), batch["countries"].to_pylist())
            record.write_table(pa.Table.from_batches([batch]).select(CALENDAR.names).cast(CALENDAR.arrow_schema()))


def earlier_codes(facts: ReleaseFacts) -> set[str]:
    """The countries that had a calendar in the release before. Raises DamagedRelease."""
    codes = {Path(file).stem.upper() for file in facts.earlier_files(BY_COUNTRY)}
    return {code for code in codes if CODE.fullmatch(code)}


def _events(con: duckdb.DuckDBPyConnection) -> str:
    events = con.table("entries").filter("kind = 'event'")
    codes = {code for (code,) in events.project("unnest(countries)").distinct().fetchall()}
    zones = {zone for (zone,) in events.project("timezone").distinct().fetchall()}
    known = country_names()
    return events_sql(sorted(zones & available_timezones()), {c: known[c][0] for c in codes if c in known})


def _record(events: str, before: Path | None) -> str:
    """SQL for the columns of the record in order of uid, with countries and the lines of the event; null when gone."""
    earlier = f"read_parquet({literal(str(before))})" if before else "(SELECT * FROM record LIMIT 0)"
    columns = ", ".join(f"NULL::{column.type} AS {column.name}" for column in CALENDAR.columns)
    return f"""
WITH record AS (SELECT {columns}), compared AS (
    SELECT coalesce(new.entry_id, old.entry_id) AS entry_id, new.countries, new.shown, new.hash IS NOT NULL AS is_shown,
           coalesce(old.sequence + (new.hash <> old.hash)::INTEGER, old.sequence, 0) AS sequence,
           coalesce(new.hash, old.hash) AS hash,
           CASE WHEN new.hash IS NULL OR new.hash = old.hash THEN old.revised_at
                ELSE greatest(date_trunc('second', new.last_seen_at), old.revised_at) END AS revised_at
    FROM (SELECT *, md5(shown) AS hash FROM ({events})) new
    FULL JOIN {earlier} old ON old.entry_id = new.entry_id
)
SELECT *, entry_id || '@cityharvest' AS uid, concat_ws(
           chr(13) || chr(10), 'BEGIN:VEVENT', 'UID:' || uid, 'SEQUENCE:' || sequence,
           'DTSTAMP:' || strftime(revised_at, {_STAMP}), 'LAST-MODIFIED:' || strftime(revised_at, {_STAMP}),
           shown, 'END:VEVENT', '') AS event
FROM compared ORDER BY entry_id"""  # noqa: S608  # of literals that are quoted


class _Calendars:
    """The open files of a release: the whole calendar, and one a country that an event names, or named once."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, events: str, folder: Path, facts: ReleaseFacts, stack: ExitStack
    ) -> None:
        zones = con.execute(_ZONES.format(events=events)).fetchall()
        parts = {zone: vtimezone(zone, first, last) for zone, first, last, _ in zones}
        named = {code for (code,) in con.execute(_COUNTRIES.format(events=events)).fetchall() if CODE.fullmatch(code)}
        is_empty = not con.execute(f"SELECT 1 FROM ({events}) LIMIT 1").fetchall()  # noqa: S608  # of names that are ours
        known, base = country_names(), facts.base_url
        self._whole = stack.enter_context((folder / WHOLE).open("wb"))
        self._of: dict[str, BinaryIO] = {}
        _begin(self._whole, WHOLE, "Events of intercultural cities", [_NO_EVENT] if is_empty else parts.values(), base)
        for code in sorted(named | earlier_codes(facts)):
            path = f"{BY_COUNTRY}/{code.lower()}.ics"
            self._of[code] = stack.enter_context((folder / path).open("wb"))
            used = [parts[zone] for zone, _, _, countries in zones if code in countries]
            used = used if code in named else [_NO_EVENT]
            _begin(self._of[code], path, f"Events of intercultural cities: {known.get(code, (code,))[0]}", used, base)
        # Called before the files are closed, also when a write failed: then the release is thrown away.
        stack.callback(self._end)

    def add(self, events: Iterable[str], countries: Iterable[list[str] | None]) -> None:
        """Write events, each into the whole and into the calendars of its countries; null is one that is gone."""
        for event, codes in zip(events, countries, strict=True):
            if codes is None:
                continue
            lines = fold(event.encode())
            self._whole.write(lines)
            for code in set(codes):
                if code in self._of:
                    self._of[code].write(lines)

    def _end(self) -> None:
        for file in (self._whole, *self._of.values()):
            file.write(b"END:VCALENDAR\r\n")


_NO_EVENT = vtimezone("UTC", 1970, 1970)  # a calendar has at least one component (RFC 5545, 3.6)
_ZONES = """
SELECT timezone, min(first_year), max(last_year), list_distinct(flatten(list(countries)))
FROM ({events}) WHERE timezone IS NOT NULL GROUP BY timezone ORDER BY timezone"""
_COUNTRIES = "SELECT DISTINCT unnest(countries) FROM ({events})"


def _begin(file: BinaryIO, path: str, name: str, zones: Iterable[list[str]], base: str | None) -> None:
    lines = head(f"{path}@cityharvest", name, _ABOUT, f"{base}/{path}" if base else None)
    file.write(fold("".join(f"{line}\r\n" for line in chain(lines, *zones)).encode()))

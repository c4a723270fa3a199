"""The files beside the tables: each opens as what it is, and holds as much as the database has for it.

What belongs here: calendars, places, changes, feeds and the data of the site. What does not: the files of the tables
(`tables`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
from lxml import etree

from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files import calendar, changes, feeds, geo
from pipelines.publish.gate.findings import count, number
from pipelines.publish.site import scripts
from warehouse.build import literal
from warehouse.tables import Table

_AT_ONCE = 1 << 20
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\t\r\n")
_ATOM_ENTRY = "{http://www.w3.org/2005/Atom}entry"
_UNREADABLE = (OSError, ValueError, LookupError, TypeError, duckdb.Error, etree.XMLSyntaxError)
_DATED = "kind = 'event' AND start_date IS NOT NULL"


def check_parts(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> list[str]:
    """Problems of the files beside the tables."""
    checks: dict[str, Callable[[], Iterator[str]]] = {
        changes.FILE: lambda: _changes(con, folder, facts),
        calendar.RECORD: lambda: _record(con, folder),
        calendar.WHOLE: lambda: _calendars(con, folder, facts),
        geo.FILE: lambda: _places(con, folder),
        feeds.ATOM: lambda: _feeds(folder),
        scripts.FOLDER: lambda: _site(con, folder, facts),
    }
    problems = list[str]()
    for file, check in checks.items():
        try:
            problems += check()
        except _UNREADABLE as error:
            detail = (str(error).splitlines() or [type(error).__name__])[0]
            problems.append(f"{file}: can not be read: {detail}")
    return problems


def _columns(con: duckdb.DuckDBPyConnection, path: Path, table: Table) -> Iterator[str]:
    if con.read_parquet(str(path)).columns != table.names:
        yield f"{path.name}: its columns are not those of its declaration"


def _changes(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> Iterator[str]:
    path = folder / changes.FILE
    yield from _columns(con, path, changes.CHANGES)
    kinds = con.execute(f'FROM {_parquet(path)} SELECT "change", count(DISTINCT entry_id) GROUP BY ALL').fetchall()
    numbers = Counter(dict(kinds))
    before = facts.earlier("entries.parquet")
    had = number(con, f"FROM {_parquet(before)} SELECT count(*)") if before else 0
    if set(numbers) - {"ADD", "MOD", "DEL"} or had + numbers["ADD"] - numbers["DEL"] != count(con, "entries"):
        yield f"{path.name}: {dict(numbers)} do not lead from {had} entries to {count(con, 'entries')}"


def _record(con: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[str]:
    path = folder / calendar.RECORD
    yield from _columns(con, path, calendar.CALENDAR)
    rows = f"FROM {_parquet(path)} SELECT"
    shown, uids = number(con, f"{rows} count(*) FILTER (is_shown)"), number(con, f"{rows} count(DISTINCT uid)")
    want = number(con, f"FROM entries SELECT count(*) WHERE {_DATED}")
    if shown != want or uids != number(con, f"{rows} count(*)"):
        yield f"{path.name}: {shown} events are shown, {want} have a date; {uids} different UIDs"


def _calendars(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> Iterator[str]:
    want = {calendar.WHOLE: number(con, f"FROM entries SELECT count(*) WHERE {_DATED}")}
    want |= {f"{calendar.BY_COUNTRY}/{code.lower()}.ics": 0 for code in calendar.earlier_codes(facts)}
    listed = f"FROM entries SELECT unnest(list_distinct(countries)) AS country WHERE {_DATED}"
    for country, events in con.execute(f"FROM ({listed}) SELECT country, count(*) GROUP BY ALL").fetchall():
        if calendar.CODE.fullmatch(country):
            want[f"{calendar.BY_COUNTRY}/{country.lower()}.ics"] = events
    have = {calendar.WHOLE, *(p.relative_to(folder).as_posix() for p in folder.glob(f"{calendar.BY_COUNTRY}/*"))}
    if have != set(want):
        yield f"{calendar.BY_COUNTRY}: {', '.join(sorted(have ^ set(want)))} should not be there, or is missing"
    for file, events in want.items():
        yield from _calendar(folder / file, events)


def _calendar(path: Path, want: int) -> Iterator[str]:
    """Lines as RFC 5545 has them (CRLF, 75 octets, no control characters), and as many events as there should be."""
    counted = Counter[bytes]()
    with path.open("rb") as file:
        while chunk := file.read(_AT_ONCE) + file.readline():
            chunk.decode()
            lines = chunk.split(b"\r\n")
            breaks = {chunk.count(b"\n"), chunk.count(b"\r"), len(lines) - 1}
            if len(breaks) > 1 or max(map(len, lines)) > 75 or chunk.translate(None, _CONTROLS) != chunk:
                yield f"{path.name}: a line is over 75 octets, does not end with CRLF, or has a control character"
            counted.update(line for line in lines if line.startswith((b"BEGIN:V", b"END:V")))
    if counted[b"BEGIN:VEVENT"] != want or counted[b"END:VEVENT"] != want or counted[b"END:VCALENDAR"] != 1:
        yield f"{path.name}: {counted[b'BEGIN:VEVENT']} events, there should be {want}"
    if not want and not counted[b"BEGIN:VTIMEZONE"]:
        yield f"{path.name}: it has no component; one without events has a time zone"


def _places(con: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[str]:
    features = json.loads((folder / geo.FILE).read_text(encoding="utf-8"))["features"]
    want = number(con, "FROM (FROM entries SELECT DISTINCT unnest(city_ids)) SELECT count(*)")
    if len(features) != want:
        yield f"{geo.FILE}: {len(features)} places, the entries name {want}"
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    if any(not (-180 <= east <= 180 and -90 <= north <= 90) for east, north in points):
        yield f"{geo.FILE}: a point lies outside of the earth"


def _feeds(folder: Path) -> Iterator[str]:
    items = json.loads((folder / feeds.JSON_FEED).read_text(encoding="utf-8"))["items"]
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    entries = etree.parse(str(folder / feeds.ATOM), parser).getroot().findall(_ATOM_ENTRY)
    if len({item["id"] for item in items}) != len(items) or not len(entries) == len(items) <= feeds.MOST:
        yield f"{feeds.ATOM}: {len(entries)} changes, {feeds.JSON_FEED} has {len(items)}, or an id stands twice"


def _site(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> Iterator[str]:
    """Every data file of the site is one call with the name of the release, and together they hold every entry."""
    found = Counter[str]()
    for path in sorted((folder / scripts.FOLDER).iterdir()):
        call = path.read_bytes()
        if b"<" in call or not call.startswith(scripts.CALL) or scripts.as_json(facts.name).encode() not in call[:200]:
            yield f"{path.name}: is no data of this release"
        elif path.name.startswith("entries-"):
            found["entries"] += call.count(b"\n") - 1  # a row a line, between the first line and the end
        elif path.name.startswith(("index-", "first.")):
            data = scripts.said(call)
            found["first"] += data.get("total", 0)
            found["index"] += len(data.get("id", ()))
    want = count(con, "entries")
    if any(found[part] != want for part in ("entries", "first", "index")):
        yield f"{scripts.FOLDER}: {dict(found)}, there should be {want} in each"


def _parquet(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"

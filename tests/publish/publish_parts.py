"""A small curated warehouse for the tests of this folder: real tables, awkward values."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from pipelines.publish.declared import released
from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files.tables import write_files
from pipelines.publish.gate import check_files, check_parts
from pipelines.publish.release import PARTS, Release
from warehouse.build import build_database, connect
from warehouse.layout import DataFolder
from warehouse.releases import DATABASE
from warehouse.tables import RELEASE_TABLES

NOW = datetime(2024, 11, 2, 5, 0, tzinfo=UTC)
SEEN = datetime(2024, 11, 1, 8, 0, 0, 250_000, tzinfo=UTC)
AWKWARD = '=HYPERLINK("x"), a „quoted“ name,\nand a second line'

Tables = dict[str, list[dict[str, Any]]]


def entry(number: int, **said: Any) -> dict[str, Any]:
    return {
        "entry_id": f"ce-{number:012x}", "kind": "event", "title": f"Open day {number}", "url": "https://www.example.org/a",
        "language": "en", "language_confidence": 0.5, "date_raw": "3 May 2024", "start_date": date(2024, 5, 3),
        "end_date": date(2024, 5, 3), "date_precision": "day", "date_role": "event", "date_inferred": False,
        "is_ongoing": False, "cities": ["Lyon"], "city_ids": ["fr-lyon"], "countries": ["FR"], "is_online": False,
        "topics": [], "first_seen_at": SEEN, "last_seen_at": SEEN, "source_count": 1,
    } | said  # fmt: skip


def raw(number: int, **said: Any) -> dict[str, Any]:
    return {
        "entry_id": f"ce-{number:012x}", "raw_entry_id": f"raw-{number:016x}", "source": "listing",
        "title": f"Open day {number}", "page_url": "https://www.example.org/", "captured_at": SEEN,
        "capture_file": "pages.warc.gz", "capture_offset": number,
    } | said  # fmt: skip


def version(number: int, **said: Any) -> dict[str, Any]:
    return {
        "entry_id": f"ce-{number:012x}", "version": 1, "valid_from": SEEN, "raw_entry_id": f"raw-{number:016x}",
        "title": f"Open day {number}", "start_date": date(2024, 5, 3), "end_date": date(2024, 5, 3),
    } | said  # fmt: skip


def warehouse(entries: int = 10) -> Tables:
    """Rows of all tables: entry 1 is awkward, entry 2 a practice."""
    special = {
        1: {"title": AWKWARD, "summary": "-5 degrees", "cities": ['L"y,on'], "start_time": time(11, 0),
            "date_precision": "time", "start_at": datetime(2024, 5, 3, 9, 0, tzinfo=UTC), "timezone": "Europe/Paris"},
        2: {"kind": "practice", "date_role": "period", "sections": '{"purpose": "To show \\"it\\"."}'},
    }  # fmt: skip
    numbers = range(1, entries + 1)
    return {
        "entries": [entry(n, **special.get(n, {})) for n in numbers],
        "entry_sources": [raw(n) for n in numbers],
        "entry_versions": [version(n) for n in numbers],
        "entry_links": [
            {"entry_id": f"ce-{1:012x}", "url": "https://www.example.org/a.pdf", "label": "@agenda", "role": "document"}
        ],
        "cities": [
            {"city_id": "fr-lyon", "name": "Lyon", "country": "FR", "latitude": 45.75, "longitude": -4.85,
             "status": "member"}
        ],
        "sources": [
            {"source": "listing", "title": "List", "publisher": "Somebody", "scope": "programme", "status": "active",
             "captures": 1, "entries": entries, "data_as_of": SEEN}
        ],
        "entry_redirects": [],
        "left_out": [],
    }  # fmt: skip


def build(data: DataFolder, tables: Tables) -> None:
    """Write the rows as the curated warehouse of the data folder."""
    data.build.unlink(missing_ok=True)
    build_database(data.build, {t.name: t.to_arrow(t.frame(tables[t.name])) for t in RELEASE_TABLES})


def copied(release: Release, data: DataFolder) -> Release:
    """The release in a data folder of one's own, with all that stood beside it."""
    shutil.copytree(release.folder.parents[2], data.root, symlinks=True, dirs_exist_ok=True)
    return replace(release, folder=data.latest.resolve())


def staged(folder: Path, tables: Tables) -> list[str]:
    """All data files of a release, without what judges its rows; gives what the gate says of the files."""
    build_database(folder / DATABASE, {t.name: t.to_arrow(t.frame(tables[t.name])) for t in RELEASE_TABLES})
    with connect(folder / DATABASE, read_only=True) as con:
        facts = ReleaseFacts("20241102T050000Z-0123abcd", NOW, "", released(con), {})
        for table in facts.tables:
            write_files(con, table, folder)
        (folder / "issues.json").write_text("[]", encoding="utf-8")
        for part in PARTS:
            part(con, folder, facts)
        return check_files(con, facts.tables, folder) + check_parts(con, folder, facts)

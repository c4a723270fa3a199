"""Rows for the tests of this folder: refined entries and sightings as the earlier rooms write them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from warehouse.lake import write_table
from warehouse.layout import DataFolder
from warehouse.tables import REFINED_ENTRIES, SIGHTINGS

NOW = datetime(2024, 11, 2, 5, 0, tzinfo=UTC)
DAY = datetime(2024, 11, 1, 8, 0, tzinfo=UTC)
SOURCES = [
    {"source": key, "title": key, "publisher": "Somebody", "scope": "programme", "status": "active"}
    for key in ("listing", "table", "articles")
]
CITY_IDS = {
    "Lyon": "fr-lyon",
    "Oslo": "no-oslo",
    "Lisbon": "pt-lisbon",
    "Rome": "it-rome",
    "Cascais": "pt-cascais",
    "Belém": "pt-belem",
}


def row(title: str | None, **said: Any) -> dict[str, Any]:
    """A refined row; what is not said is unknown. `day` and `days` are short for a date by the day."""
    if "day" in said:
        said["days"] = (day := said.pop("day"), day)
    if "days" in said:
        first, last = said.pop("days")
        said |= {"start_date": date.fromisoformat(first), "end_date": date.fromisoformat(last), "date_precision": "day"}
        said.setdefault("date_role", "event")
    said = {"source": "listing", "title": title, "raw_title": title, "captured_at": DAY} | said
    said.setdefault("page_url", f"https://www.example.org/en/{said['source']}")
    if "cities" in said:
        said.setdefault("city_ids", [CITY_IDS[name] for name in said["cities"]])
    content = repr(sorted((k, v) for k, v in said.items() if k not in ("captured_at", "run_id")))
    defaults = {
        "raw_entry_id": "raw-" + hashlib.sha256(content.encode()).hexdigest()[:16],
        "run_id": "run1", "page_key": said["page_url"], "ordinal": 0, "reader": "test",
        "capture_file": f"captures/{said['source']}/pages.warc.gz",
        "capture_offset": int(said["captured_at"].timestamp()), "kind_reason": "test", "issues": [], "kind": "event",
        "url": said["page_url"], "date_inferred": False, "is_ongoing": False, "is_online": False, "cities": [],
        "city_ids": [], "countries": [], "topics": [], "language": "en",
    }  # fmt: skip
    return defaults | said


def fill_lake(data: DataFolder, rows: Iterable[dict[str, Any]], run_id: str = "run1") -> None:
    """Write refined rows, and a sighting of each, as the run of their sources."""
    rows = [r | {"run_id": run_id} for r in rows]
    for source in sorted({r["source"] for r in rows}):
        own = [r for r in rows if r["source"] == source]
        seen = [{name: r[name] for name in SIGHTINGS.names} for r in own]
        write_table(data, REFINED_ENTRIES, source, run_id, REFINED_ENTRIES.frame(own))
        write_table(data, SIGHTINGS, source, run_id, SIGHTINGS.frame(seen))

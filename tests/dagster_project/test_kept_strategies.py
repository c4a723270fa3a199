"""Kept pages of every strategy: imported, and read by the strategy and the hints of their source."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from dagster_project.steps import read_source
from scrapers.captures.imports import import_captures
from scrapers.registry import Registry, Source
from warehouse.captures import CaptureWriter
from warehouse.lake import read_table
from warehouse.layout import DataFolder
from warehouse.tables import RAW_ENTRIES

FOLDER = Path(__file__).parents[1] / "pages"
PAGES = {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*/*.json"))}
FED = {path: told for path, told in PAGES.items() if path.parent.name != "html" and told["entries"]}


def source_of(told: dict[str, Any]) -> Source:
    host = urlsplit(told["url"]).netloc
    fields = {
        "key": "town",
        "title": "Town",
        "publisher": "The town",
        "languages": ["en"],
        "scope": "city",
        "status": "candidate",
        "strategy": told["strategy"],
        "hints": told["hints"],
        "start": [told["url"]],
        "patterns": [f"{host}/{{rest...}}"],
    }
    return Source.model_validate(fields)


def test_there_is_a_page_of_every_strategy_that_has_entries() -> None:
    assert {path.parent.name for path in FED} >= {"ical", "rss", "wp_rest", "ckan", "socrata", "json_api", "jsonld"}
    assert {path.parent.name for path in FED} >= {"opendatasoft", "linkedevents"}


@pytest.mark.parametrize("path", FED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_kept_answer_is_read_as_its_source_says(path: Path, tmp_path: Path) -> None:
    told = FED[path]
    body = next(page for page in path.parent.glob(f"{path.stem}.*") if page != path).read_bytes()
    moment = datetime.combine(date.fromisoformat(told["captured"]), datetime.min.time(), UTC)
    kept = tmp_path / "kept.warc.gz"
    with CaptureWriter(kept) as writer:
        writer.write_response(told["url"], moment, 200, [("Content-Type", told["media_type"])], body)
    source, data = source_of(told), DataFolder(tmp_path / "data")
    report = import_captures(kept, Registry({source.key: source}), data)
    assert [run.source for run in report.runs] == ["town"]
    read_source(data, source, again=False)
    rows = read_table(data, RAW_ENTRIES, "town")
    assert set(rows["reader"]) == {told["strategy"]}
    assert sorted(rows["title"]) == sorted(
        {(e.get("item_key"), e["title"]): e["title"] for e in told["entries"]}.values()
    )

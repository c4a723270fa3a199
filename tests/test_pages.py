"""The walker over saved pages: every page of `tests/pages/<strategy>/` reads as the JSON beside it says.

A page is any file that is not `.json`; its JSON has the same name and says how it is read (`url`, `media_type`,
`captured`, `strategy`, `hints`, and `reader` where that is not the strategy) and what comes of it (`entries`, `links`,
`issues`). A JSON that is missing, or has no `entries`, is written once, and the test fails: look at it, line by line,
before it is kept. The clock is `captured`.

Pages of the strategy html are measured elsewhere (`benchmarks/bench_pages.py`); those of sources of ours, which
`cityharvest source try --save` keeps, stand in `html_sources`.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.read import read_page
from pipelines.read.feeds import STRATEGIES
from pipelines.refine.dates import read_dates

FOLDER = Path(__file__).parent / "pages"
ELSEWHERE = ("html",)
COLUMNS = (
    *("title", "subtitle", "summary", "url", "item_key", "date_raw", "place_raw"),
    *("status", "language_declared", "page_kind", "links", "issues"),
)
MEDIA_TYPES = {".ics": "text/calendar", ".xml": "application/xml", ".html": "text/html", ".gz": "application/gzip"}
PAGES = sorted(
    path
    for folder in FOLDER.iterdir()
    if folder.is_dir() and folder.name not in ELSEWHERE
    for path in folder.iterdir()
    if path.suffix != ".json"
)


def read(path: Path, told: dict[str, Any]) -> dict[str, Any]:
    """What a page gives, as the JSON beside it says it; `read_as`: what the date reader makes of the date words."""
    when = datetime.combine(date.fromisoformat(told["captured"]), datetime.min.time(), UTC)
    reading = read_page(told["url"], path.read_bytes(), told["media_type"], when, told["strategy"], told["hints"])
    assert reading.reader in (told.get("reader", told["strategy"]), "none")
    entries = [{name: entry[name] for name in COLUMNS if entry[name]} for entry in reading.entries]
    dates = read_dates([entry.get("date_raw") for entry in entries], captured=when.date())
    for entry, row in zip(entries, dates.to_dict("records"), strict=True):
        days = [str(row["start_date"]), str(row["end_date"])]
        times = [str(row[name]) for name in ("start_time", "end_time") if row[name] is not None]
        entry |= {"read_as": " ".join(dict.fromkeys([*days, *times]))}
    links = [[link.role, link.url, *([link.modified] if link.modified else [])] for link in reading.links]
    issues = [f"{issue.where}: {issue.reason}" for issue in reading.issues]
    return {"entries": entries, "links": links, "issues": issues}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_page_reads_as_expected(path: Path) -> None:
    beside = path.with_suffix(".json")
    told: dict[str, Any] = {
        "url": f"https://{path.stem.replace('_', '-')}.example/",
        "media_type": MEDIA_TYPES.get(path.suffix, "application/json"),
        "captured": "2026-03-01",
        "strategy": path.parent.name,
        "hints": {},
    }
    if beside.exists():
        told = json.loads(beside.read_text(encoding="utf-8"))
    found = read(path, told)
    if "entries" not in told:
        written = json.dumps({**told, **found}, ensure_ascii=False, indent=1) + "\n"
        beside.write_text(written, encoding="utf-8")
        pytest.fail(f"{beside.name} was written: review it, then run again")
    assert found == {name: told[name] for name in found}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_has_saved_pages(strategy: str) -> None:
    assert sum(path.parent.name == strategy for path in PAGES) >= 3


@pytest.mark.parametrize("folder", [path for path in FOLDER.iterdir() if path.is_dir()], ids=lambda path: path.name)
def test_a_folder_of_a_strategy_has_a_page_and_no_json_stands_alone(folder: Path) -> None:
    pages = {path.stem for path in folder.iterdir() if path.suffix != ".json"}
    assert pages
    assert {path.stem for path in folder.glob("*.json")} <= pages

"""Saved pages: a page of a source beside what is read of it, as the walker over saved pages expects them.

    <folder>/<strategy>/<key>.<ics|xml|html|body>    the page, as it came
    <folder>/<strategy>/<key>.json                   how it is read (url, media_type, captured, strategy, hints, reader)
                                                     and what comes of it (entries, links, issues)

What belongs here: writing the two, and reading one again to see whether it still says the same. What does not: choosing
when. The folder is `tests/pages` of the project, or `pages` in the folder of one's own sources. Pages of strategy html
stand in `html_sources`, since `html` holds pages whose truth was written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import scrapers
from pipelines.read import PageReading, read_page
from pipelines.refine.dates import read_dates
from scrapers.registry import source_file, source_folders
from scrapers.source import Source
from warehouse.captures import Capture

COLUMNS = (
    *("title", "subtitle", "summary", "url", "item_key", "date_raw", "place_raw"),
    *("status", "language_declared", "page_kind", "links", "issues"),
)
"""The columns of an entry that are kept, those with a value."""
_ROOT = Path(scrapers.__file__).parents[1]
_SUFFIXES = {"ical": ".ics", "rss": ".xml", "sitemap": ".xml", "html": ".html", "liferay": ".html", "jsonld": ".html"}
_FOLDERS = {"html": "html_sources"}


def pages_folder(source: Source) -> Path | None:
    """Where pages of a source are saved when nobody says; None for a source of an installed copy of the project."""
    file, folders = source_file(source.key), source_folders()
    if file is not None and folders[0] not in file.parents:
        return folders[-1] / "pages"
    tests = _ROOT / "tests" / "pages"
    return tests if tests.is_dir() else None


def saved_page(source: Source) -> Path | None:
    """The saved page of a source, or the folder of its sample pages; None when it has neither."""
    folder, samples = pages_folder(source), _ROOT / "samples" / "pages" / source.key
    found = sorted((folder / _folder(source)).glob(f"{source.key}.*")) if folder else []
    page = next((path for path in found if path.suffix != ".json" and path.with_suffix(".json").is_file()), None)
    return page or (samples if samples.is_dir() else None)


def save_page(source: Source, capture: Capture, folder: Path) -> tuple[Path, Path]:
    """Save a page and what is read of it; FileExistsError when the source has one there already."""
    place = folder / _folder(source)
    place.mkdir(parents=True, exist_ok=True)
    page = place / f"{source.key}{_SUFFIXES.get(source.strategy, '.body')}"
    told = {
        "url": capture.url,
        "media_type": capture.media_type,
        "captured": capture.captured_at.date().isoformat(),
        "strategy": source.strategy,
        "hints": dict(source.hints),
    }
    reading, found = _read(capture.body, told)
    told |= {"reader": reading.reader} if reading.reader != source.strategy else {}
    expected = page.with_suffix(".json")
    if expected.exists():
        raise FileExistsError(expected)
    with page.open("xb") as file:
        file.write(capture.body)
    expected.write_text(json.dumps(told | found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return page, expected


def differences(page: Path) -> list[str]:
    """What of a saved page reads otherwise today than its JSON says: `entries`, `links`, `issues`."""
    told = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    _, found = _read(page.read_bytes(), told)
    return [name for name, value in found.items() if told.get(name) != value]


def page_to_save(captures: tuple[Capture, ...], source: Source) -> Capture | None:
    """The first page of a crawl with entries; of a sitemap, whose pages have them, the first with links."""
    pages = [one for one in captures if one.status in (200, 203)]
    readings = [
        read_page(one.url, one.body, one.media_type, one.captured_at, source.strategy, source.hints) for one in pages
    ]
    wanted = (page for page, found in zip(pages, readings, strict=True) if found.entries or found.links)
    return next(wanted, None)


def _folder(source: Source) -> str:
    return _FOLDERS.get(source.strategy, source.strategy)


def _read(body: bytes, told: Mapping[str, Any]) -> tuple[PageReading, dict[str, Any]]:
    """What a page gives, as it is kept; `read_as`: what the date reader makes of the date words."""
    when = datetime.combine(date.fromisoformat(told["captured"]), time.min, UTC)
    reading = read_page(told["url"], body, told["media_type"], when, told["strategy"], told["hints"])
    entries = [{name: entry[name] for name in COLUMNS if entry[name]} for entry in reading.entries]
    dates = read_dates([entry.get("date_raw") for entry in entries], captured=when.date())
    for entry, row in zip(entries, dates.to_dict("records"), strict=True):
        days = [str(row["start_date"]), str(row["end_date"])]
        times = [str(row[name]) for name in ("start_time", "end_time") if row[name] is not None]
        entry["read_as"] = " ".join(dict.fromkeys([*days, *times]))
    links = [[link.role, link.url, *([link.modified] if link.modified else [])] for link in reading.links]
    issues = [f"{issue.where}: {issue.reason}" for issue in reading.issues]
    return reading, {"entries": entries, "links": links, "issues": issues}

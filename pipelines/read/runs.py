"""A run to raw entries: every capture of one crawl or import read, and written to the lake.

What belongs here: ids of raw entries, sightings, the count by reader (`read.json`). What does not: how a page is read
(`page`), which runs are due (the caller knows).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.fingerprint import fingerprint
from pipelines.read.addresses import parse_address
from pipelines.read.page import read_page
from pipelines.read.reading import PageReading
from warehouse.captures import Capture, Fault, read_captures
from warehouse.lake import write_table
from warehouse.layout import DataFolder, written_whole
from warehouse.storage import storing
from warehouse.tables import RAW_ENTRIES, SIGHTINGS

# What an entry says: a change in one of these makes another raw entry; context and links do not.
_CONTENT = (
    "title",
    "surtitle",
    "subtitle",
    "summary",
    "sections",
    "date_raw",
    "place_raw",
    "status",
    "language_declared",
    "page_kind",
)
_MAX_TEXT = 200  # of a page's own words in a message


@dataclass(slots=True)
class ReadReport:
    """What reading a run gave; `issues` are rows of `issues.json`."""

    source: str
    run_id: str
    captures: int = 0
    entries: int = 0
    sightings: int = 0
    by_reader: dict[str, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    issues: list[dict[str, str]] = field(default_factory=list)


def reader_fingerprint() -> str:
    """Changes when the code or the vocabulary that reads pages changes."""
    return fingerprint("pipelines.read", "pipelines.reference", "pipelines.refine.dates", "pipelines.refine.places")


def read_run(
    data: DataFolder, source: str, run_id: str, strategy: str | None = None, hints: Mapping[str, Any] | None = None
) -> ReadReport:
    """Read the captures of a run; write its raw entries, its sightings and `read.json`.

    A capture that can not be read is an issue of the report, never an error; the rest of the run goes on. Raises
    `warehouse` errors when the lake can not be written.
    """
    report = ReadReport(source, run_id)
    rows: dict[str, dict[str, Any]] = {}
    sightings: dict[tuple[str, int], dict[str, Any]] = {}
    folder = data.captures(source, run_id)
    for capture in _usable(folder / "pages.warc.gz", report):
        reading = read_page(capture.url, capture.body, capture.media_type, capture.captured_at, strategy, hints)
        _note(reading, capture, report)
        for row, seen in _rows(reading, capture, source, run_id, data.relative(folder / "pages.warc.gz")):
            rows.setdefault(row["raw_entry_id"], row)
            sightings.setdefault((row["raw_entry_id"], capture.offset), seen)
    report.entries, report.sightings = len(rows), len(sightings)
    report.fields = dict(Counter(name for row in rows.values() for name in _CONTENT if row.get(name)))
    marks = {"reader": reader_fingerprint()}
    write_table(data, RAW_ENTRIES, source, run_id, RAW_ENTRIES.frame(rows.values()), marks)
    write_table(data, SIGHTINGS, source, run_id, SIGHTINGS.frame(sightings.values()), marks)
    with storing("a report", folder / "read.json"), written_whole(folder / "read.json") as part:
        part.write_text(json.dumps(asdict(report) | marks, ensure_ascii=False, indent=1), encoding="utf-8")
    return report


def _usable(path: Any, report: ReadReport) -> Iterator[Capture]:
    """The captures that may be pages; faults and failed responses become issues."""
    for found in read_captures(path):
        if isinstance(found, Fault):
            _issue(
                report,
                f"{found.file} at byte {found.offset}",
                found.reason,
                "the records before and after it were used",
            )
            continue
        report.captures += 1
        status = found.status or 200
        if status in (200, 203) or found.record_type == "revisit":
            yield found
        elif not 300 <= status < 400:  # a redirect is no page, and where it leads to is a capture of its own
            _issue(report, found.url, f"the server answered {status}", "the next harvest asks again")


def _note(reading: PageReading, capture: Capture, report: ReadReport) -> None:
    """Count the reading, and keep what could not be read."""
    report.by_reader[reading.reader] = report.by_reader.get(reading.reader, 0) + len(reading.entries)
    for issue in reading.issues:
        _issue(
            report,
            f"{capture.url} {issue.where}".strip(),
            issue.reason,
            "see the capture; `cityharvest read --diff` tries a changed reader",
        )
    for entry in reading.entries:
        for reason in entry["issues"]:
            _issue(
                report,
                f"{capture.url} entry {str(entry['title'])[:_MAX_TEXT]!r}",
                reason,
                "the entry is kept as far as it could be read",
            )


def _issue(report: ReadReport, where: str, reason: str, what_to_do: str) -> None:
    report.issues.append(
        {"stage": "read", "source": report.source, "where": where, "reason": reason, "what_to_do": what_to_do}
    )


def _rows(
    reading: PageReading, capture: Capture, source: str, run_id: str, file: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each entry of a page as a row of `raw_entries` and its sighting."""
    page_key = parse_address(capture.url).page_key
    for ordinal, entry in enumerate(reading.entries):
        content_hash = _hash({name: entry.get(name) for name in _CONTENT})
        place = entry["item_key"] or f"{page_key}#{ordinal}"
        seen = {
            "raw_entry_id": f"raw-{_hash([source, place, content_hash])[:16]}",
            "source": source,
            "run_id": run_id,
            "page_url": capture.url,
            "captured_at": capture.captured_at,
            "capture_file": file,
            "capture_offset": capture.offset,
        }
        texts = {name: _json(entry[name]) for name in ("sections", "links", "evidence")}
        row = (
            entry
            | seen
            | texts
            | {"page_key": page_key, "ordinal": ordinal, "content_hash": content_hash, "reader": reading.reader}
        )
        yield row, seen


def _hash(value: Any) -> str:
    return hashlib.sha256(
        json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    ).hexdigest()


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None

"""What is known of a source's runs from the data folder: how each ended, which are due, what went wrong.

What belongs here: looking at `run.json`, `read.json` and the marks of the lake. What does not: doing anything about it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pipelines.read.runs import reader_fingerprint
from pipelines.refine.privacy import redact
from pipelines.refine.runs import refiner_fingerprint
from scrapers.captures.records import RecordedFault, RunRecord, run_records
from scrapers.registry import Registry, Source
from warehouse.captures import Fault
from warehouse.lake import LakeError, table_metadata
from warehouse.layout import DataFolder, written_whole
from warehouse.storage import storing
from warehouse.tables import RAW_ENTRIES, REFINED_ENTRIES, SIGHTINGS

_ADDRESS = re.compile(r"(https?://\S+)")
WHOLE = ("complete", "imported")
READ, REFINED = "read.json", "refine.json"


def load(path: Path) -> dict[str, Any]:
    """A JSON object; an empty one when the file is missing or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def save(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object, whole or not at all."""
    with storing("a report", path), written_whole(path) as part:
        part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def note_left_out(data: DataFolder, urls: set[str], damages: list[dict[str, Any]]) -> None:
    """Remember what imports could not use, so that every later release can name it: addresses of no source, damage."""
    known = load(_left_out(data))
    told = [row for row in known.get("damages", []) if _is_issue(row)]
    content = {
        "urls": sorted({url for url in known.get("urls", []) if isinstance(url, str)} | urls),
        "damages": told + [row for row in damages if row not in told],
    }
    if content != known and (content["urls"] or content["damages"]):
        save(_left_out(data), content)


def _is_issue(row: Any) -> bool:
    return isinstance(row, dict) and {"stage", "source", "where", "reason", "what_to_do"} <= set(row)


def _left_out(data: DataFolder) -> Path:
    return data.root / "captures" / "left_out.json"


def entries(data: DataFolder, source: str, run_id: str) -> int | None:
    """How many entries a run gave; None when it was not read."""
    found = load(data.captures(source, run_id) / READ).get("entries")
    return found if isinstance(found, int) else None


def last_yield(data: DataFolder, source: str) -> tuple[str | None, int | None]:
    """The last complete crawl and its entries; imports hold whatever somebody kept, so they are not judged."""
    crawled = [run.run_id for run in run_records(data, source) if run.outcome == "complete"]
    return (crawled[-1], entries(data, source, crawled[-1])) if crawled else (None, None)


def is_bad(run: RunRecord) -> bool:
    """Whether a run was not whole, or brought less than it should have."""
    return run.outcome not in WHOLE or run.verdict not in (None, "good")


def how_it_ended(run: RunRecord) -> str:
    """How a run that is not good ended, in words: verdict, reason, likely cause and next step as far as known."""
    ended = f"the crawl was {run.verdict or run.outcome} ({run.finish_reason})"
    cause = f": {run.likely_cause}" if run.likely_cause else ""
    return f"{ended}{cause}{f'. Next: {run.next_step}' if run.next_step else ''}"


def shortfall(found: int | None, source: Source) -> str | None:
    """What the minimum of a source says of the entries of a complete crawl."""
    least = source.thresholds.min_entries
    return (
        f"the last crawl gave {found} entries, at least {least} are expected"
        if found is not None and found < least
        else None
    )


def unread(data: DataFolder, source: str) -> list[str]:
    """Runs without raw entries or sightings, empty or not, in the lake."""
    made = (RAW_ENTRIES.name, SIGHTINGS.name)
    runs = data.runs(source)
    return [run_id for run_id in runs if not all(data.lake(name, source, run_id).is_file() for name in made)]


def of_older_code(data: DataFolder, source: str) -> int:
    """How many runs were read or refined by code or vocabularies that are not today's."""
    today = {RAW_ENTRIES: ("reader", reader_fingerprint()), REFINED_ENTRIES: ("refiner", refiner_fingerprint())}
    older = set()
    for run_id in data.runs(source):
        for table, (name, fingerprint) in today.items():
            file = data.lake(table.name, source, run_id)
            if file.is_file() and _mark(file, name) != fingerprint:
                older.add(run_id)
    return len(older)


def _mark(file: Path, name: str) -> str | None:
    try:
        return table_metadata(file).get(name)
    except LakeError:
        return None


def unrefined(data: DataFolder, source: Source, again: bool) -> list[str]:
    """Runs that are read, and not refined since; all that are read when it is to be done again. A complete crawl that
    gave less than the minimum of its source is never among them: its list, or the reader of it, is not what it was."""
    key = source.key
    crawled = [run.run_id for run in run_records(data, key) if run.outcome == "complete"]
    below = {run_id for run_id in crawled if shortfall(entries(data, key, run_id), source)}
    read = [run_id for run_id in data.runs(key) if data.lake(RAW_ENTRIES.name, key, run_id).is_file()]
    return [run_id for run_id in read if run_id not in below and (again or _is_stale(data, key, run_id))]


def _is_stale(data: DataFolder, source: str, run_id: str) -> bool:
    refined = data.lake(REFINED_ENTRIES.name, source, run_id)
    raw = data.lake(RAW_ENTRIES.name, source, run_id)
    return not refined.is_file() or refined.stat().st_mtime_ns < raw.stat().st_mtime_ns


def source_rows(registry: Registry) -> list[dict[str, Any]]:
    """The table `sources` as far as the registry tells it; curating adds what the data folder holds."""
    names = ("title", "publisher", "scope", "status", "licence", "attribution")
    return [
        {"source": key} | {n: getattr(source, n) for n in names} for key, source in sorted(registry.sources.items())
    ]


def issues(data: DataFolder, registry: Registry) -> list[dict[str, Any]]:
    """Rows of `issues.json` that lie in the data folder: what readers noted, damage, last runs that were not good.

    What is wrong with a page that is captured again and again is told once. What a page says is told without e-mail
    addresses and phone numbers, as all that is published.
    """
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for key in sorted(registry.sources):
        known = run_records(data, key)
        reports = [load(data.captures(key, run.run_id) / name) for run in known for name in (READ, REFINED)]
        found = [_withheld(row) for report in reports for row in report.get("issues", []) if _is_issue(row)]
        found += [damage(run.imported_from or fault.file, fault) for run in known for fault in run.faults]
        found += [_not_good(run) for run in known[-1:] if is_bad(run)]
        found += _short(data, registry.sources[key])
        for row in found:
            rows.setdefault((row["stage"], row["source"], row["where"], row["reason"]), row)
    for row in filter(_is_issue, load(_left_out(data)).get("damages", [])):
        rows.setdefault((row["stage"], row["source"], row["where"], row["reason"]), row)
    return [*rows.values(), *_unclaimed(data, registry)]


def _withheld(row: dict[str, Any]) -> dict[str, Any]:
    """A row without the e-mail addresses and phone numbers of its page; the address of the page stays as it is."""

    def told(text: str) -> str:
        parts = _ADDRESS.split(text)
        return "".join(part if at % 2 else redact(part)[0] for at, part in enumerate(parts))

    return row | {name: told(str(row[name])) for name in ("where", "reason")}


def _unclaimed(data: DataFolder, registry: Registry) -> list[dict[str, Any]]:
    """Imported pages that no source claims."""
    reason, remedy = (
        "the address belongs to no source",
        "widen the patterns of a source or add one, then import it again",
    )
    known = (url for url in load(_left_out(data)).get("urls", []) if isinstance(url, str))
    urls = [url for url in known if registry.route(url) is None]
    return [issue("captures", "", url, reason, remedy) for url in urls]


def damage(file: str, fault: RecordedFault | Fault) -> dict[str, Any]:
    """A damaged place of a capture file as a row of `issues.json`."""
    return issue("captures", "", f"{file} at byte {fault.offset}", fault.reason, "what was intact is used")


def _not_good(run: RunRecord) -> dict[str, Any]:
    where = f"captures/{run.source}/{run.run_id}"
    cause = f": {run.likely_cause}" if run.likely_cause else ""
    reason = f"the last run is {run.verdict or run.outcome} ({run.finish_reason}){cause}"
    remedy = f"its last good entries stay; {run.next_step or 'the next harvest tries again'}"
    return issue("captures", run.source, where, reason, remedy)


def _short(data: DataFolder, source: Source) -> list[dict[str, Any]]:
    run_id, found = last_yield(data, source.key)
    reason = shortfall(found, source)
    remedy = "look at its captures: the list, or its reader, has changed"
    return [issue("read", source.key, f"captures/{source.key}/{run_id}", reason, remedy)] if reason else []


def issue(stage: str, source: str, where: str, reason: str, what_to_do: str) -> dict[str, Any]:
    """A row of `issues.json`."""
    return {"stage": stage, "source": source, "where": where, "reason": reason, "what_to_do": what_to_do}

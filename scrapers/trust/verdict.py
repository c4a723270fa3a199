"""Trust: how a run is judged against the source's own history, what probably went wrong, and what to do next.

What belongs here: the verdict of a run (into `run.json`), and how a source stands (`health`). What does not: counting,
showing, stopping a release (`pipelines.publish`).

A crawl sees the items that lists name; what the reader makes of them is known later, from `read.json`. So the verdict
in `run.json` is about items, and `health` looks at entries too. Causes and remedies are data: `causes.yaml`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from scrapers.captures.records import FINISHED, RunRecord, Verdict, run_records
from scrapers.source import Source
from warehouse.layout import DataFolder

LAST_RUNS = 5
_STRAY = 0.05  # share of requests
SHORT = 0.5
"""Less than this share of what is usual is short: lists grow and shrink by less."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a source stands after its last crawl.

    verdict: `never` when it was never crawled. last_run: its id and end. last_complete_at: end of the last crawl that
    counts as a look. items, entries: of the last crawl, None when unknown; usual_*: medians of the complete crawls
    before it. likely_cause, next_step: None when there is nothing to do.
    """

    source: str
    verdict: str
    last_run: str | None = None
    last_run_at: datetime | None = None
    last_complete_at: datetime | None = None
    items: int | None = None
    entries: int | None = None
    usual_items: int | None = None
    usual_entries: int | None = None
    likely_cause: str | None = None
    next_step: str | None = None


def judged(record: RunRecord, earlier: Iterable[RunRecord], least: int = 0) -> RunRecord:
    """The record with its verdict. `earlier`: runs of the source before it; `least`: items expected at any time."""
    usual = _usual([run.items for run in earlier if run.outcome == "complete" and run.run_id != record.run_id])
    verdict = _verdict(record, usual, least)
    cause, remedy = (None, None) if verdict == "good" else explained(record, verdict)
    told = {"verdict": verdict, "usual_items": usual, "likely_cause": cause, "next_step": remedy}
    return record.model_copy(update=told)


def health(data: DataFolder, source: Source) -> Health:
    """How a source stands, from the records of its crawls and what was read of them; imports are not judged."""
    runs = [run for run in run_records(data, source.key) if run.outcome != "imported"]
    if not runs:
        return Health(source.key, "never")
    last, before = runs[-1], runs[:-1]
    known = judged(last, before, source.thresholds.min_entries)
    entries = _entries(data, last)
    counts = [_entries(data, run) for run in before if run.outcome == "complete"]
    usual = _usual([count for count in counts if count is not None])
    verdict, cause, remedy = known.verdict or "failed", known.likely_cause, known.next_step
    if verdict == "good" and entries is not None and _is_short(entries, usual, source.thresholds.min_entries):
        verdict = "short"
        cause, remedy = explained(last, "unread")
    return Health(
        source=source.key,
        verdict=verdict,
        last_run=last.run_id,
        last_run_at=last.finished_at,
        last_complete_at=max((run.finished_at for run in runs if run.outcome == "complete"), default=None),
        items=last.items,
        entries=entries,
        usual_items=known.usual_items,
        usual_entries=usual,
        likely_cause=cause,
        next_step=remedy,
    )


def explained(record: RunRecord, verdict: str) -> tuple[str, str]:
    """Likely cause and next step in words: by why it ended, else by its gravest fault, else by the verdict."""
    rules = _causes()
    reason = record.finish_reason.partition(":")[0]
    telling = _by_weight(_of_lists(record)) + _by_weight(_frequent(record) if verdict == "short" else record.errors)
    names = [reason, *telling] if reason != FINISHED else telling
    name = next((name for name in names if name in rules), verdict)
    if verdict == "unread" or name not in rules:
        name = verdict
    cause, remedy = rules[name]["cause"], rules[name]["next"]
    told = {
        "source": record.source,
        "run": f"captures/{record.source}/{record.run_id}",
        "reason": record.finish_reason,
        "count": record.errors.get(name, 0),
        "example": record.examples.get(name, "the addresses in crawl.log"),
    }
    return cause.format_map(told), remedy.format_map(told)


def _of_lists(record: RunRecord) -> dict[str, int]:
    """Faults whose example is a list that was lost: they made the run partial, whatever else went wrong."""
    return {name: n for name, n in record.errors.items() if record.examples.get(name) in record.lost_lists}


def _frequent(record: RunRecord) -> dict[str, int]:
    """Faults that are more than a stray page; one that is gone does not explain a list that shrank."""
    return {name: count for name, count in record.errors.items() if count > record.requests * _STRAY}


def _verdict(record: RunRecord, usual: int | None, least: int) -> Verdict:
    if record.outcome == "imported":
        return "good"
    if record.outcome != "complete":
        return record.outcome
    return "short" if _is_short(record.items, usual, least) else "good"


def _is_short(found: int, usual: int | None, least: int) -> bool:
    return found < least or (usual is not None and found < usual * SHORT)


def _usual(counts: Sequence[int]) -> int | None:
    """Median of the last runs; None when nothing was ever found."""
    found = [count for count in counts if count][-LAST_RUNS:]
    return round(median(found)) if found else None


def _by_weight(errors: dict[str, int]) -> list[str]:
    """Classes of faults, the most telling first: in the order of the rules. `http 503` is told by `http 5xx`."""
    order = list(_causes())
    known = sorted((name for name in errors if name in order), key=order.index)
    groups = {f"http {name[5]}xx" for name in errors if name.startswith("http ")}
    spiders = ["spider"] if any(name.startswith("spider ") for name in errors) else []
    return sorted([*known, *spiders, *(group for group in groups if group in order)], key=order.index)


def _entries(data: DataFolder, run: RunRecord) -> int | None:
    try:
        found = json.loads((data.captures(run.source, run.run_id) / "read.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    count = found.get("entries") if isinstance(found, dict) else None
    return count if isinstance(count, int) else None


@cache
def _causes() -> dict[str, dict[str, Any]]:
    found = yaml.safe_load(Path(__file__).with_name("causes.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found

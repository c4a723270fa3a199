"""What was harvested when, and how complete: the rows of `sources`.

What belongs here: counts out of the run records and the lake. What does not: what a source is (the registry says it).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from warehouse.layout import DataFolder
from warehouse.tables import SOURCES

_WHOLE = ("complete", "imported")
_OUTCOMES = (*_WHOLE, "partial", "failed", "empty")


def source_rows(
    data: DataFolder, sources: Sequence[Mapping[str, Any]], refined: pd.DataFrame, sightings: pd.DataFrame
) -> list[dict[str, Any]]:
    """One row a source: what the registry says (columns of `sources` without counts) and what the data folder holds."""
    entries = refined.groupby("source")["raw_entry_id"].nunique().to_dict() if len(refined) else {}
    newest = sightings.groupby("source")["captured_at"].max().to_dict() if len(sightings) else {}
    return [_row(data, source, entries, newest) for source in sources]


def _row(
    data: DataFolder, source: Mapping[str, Any], entries: Mapping[Any, int], newest: Mapping[Any, Any]
) -> dict[str, Any]:
    key = source["source"]
    records = sorted((_record(data.captures(key, run)) | {"run": run} for run in _runs(data, key)), key=_ended)
    last = records[-1] if records else {}
    whole = [moment for record in records if record.get("outcome") in _WHOLE and (moment := _moment(record))]
    said = {name: value for name, value in source.items() if name in SOURCES.names}
    return said | {
        "captures": sum(record["captures"] for record in records),
        "entries": entries.get(key, 0),
        "last_run_id": last.get("run"),
        "last_run_outcome": last.get("outcome"),
        "last_complete_at": max(whole, default=None),
        "data_as_of": newest.get(key),
    }


def record_issues(data: DataFolder, sources: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Rows of `issues.json` for runs of which nobody can tell how they ended."""
    return [
        {
            "stage": "curate",
            "source": key,
            "where": data.relative(data.captures(key, run) / "run.json"),
            "reason": "the record of the run is missing or damaged, so how it ended is unknown",
            "what_to_do": "what was read of it is used; restore the file, or import its pages.warc.gz with --captures",
        }
        for key in sorted(source["source"] for source in sources)
        for run in _runs(data, key)
        if _record(data.captures(key, run))["outcome"] is None
    ]


def _runs(data: DataFolder, source: str) -> list[str]:
    """Runs with captures, and runs that kept none and left their record, such as a crawl that failed."""
    recorded = {path.parent.name for path in data.captures(source, "*").parent.glob("*/run.json")}
    return sorted({*data.runs(source), *recorded})


def _record(folder: Path) -> dict[str, Any]:
    """`run.json` of a run, and the captures that were read; a run without a record counts with what was read of it."""
    run, read = _json(folder / "run.json"), _json(folder / "read.json")
    kept = next((n for n in (run.get("captures"), read.get("captures")) if isinstance(n, int) and n > 0), 0)
    outcome = run.get("outcome") if run.get("outcome") in _OUTCOMES else None
    return run | {"captures": kept, "outcome": outcome}


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _ended(record: Mapping[str, Any]) -> tuple[str, str]:
    return (str(record.get("finished_at") or record.get("started_at") or ""), str(record["run"]))


def _moment(record: Mapping[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(record.get("finished_at")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None

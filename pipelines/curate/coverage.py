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
    records = sorted((_record(data.captures(key, run)) | {"run": run} for run in data.runs(key)), key=_ended)
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


def _record(folder: Path) -> dict[str, Any]:
    """`run.json` of a run, and the captures that were read; a run without a record counts with what was read of it."""
    run, read = _json(folder / "run.json"), _json(folder / "read.json")
    return run | {"captures": int(run.get("captures") or read.get("captures") or 0)}


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
        return datetime.fromisoformat(str(record.get("finished_at")))
    except ValueError:
        return None

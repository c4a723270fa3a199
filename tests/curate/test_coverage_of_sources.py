"""The rows of `sources`: what the run records and the lake say of each source."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from curate_parts import DAY, SOURCES, row

from pipelines.curate.coverage import record_issues, source_rows
from warehouse.layout import DataFolder
from warehouse.tables import SOURCES as TABLE


def save_run(data: DataFolder, run_id: str, record: object) -> None:
    folder = data.captures("listing", run_id)
    folder.mkdir(parents=True)
    (folder / "pages.warc.gz").write_bytes(b"")
    (folder / "run.json").write_text(json.dumps(record) if record is not None else "{ half", encoding="utf-8")


def rows(data: DataFolder) -> dict[str, dict[str, object]]:
    refined = pd.DataFrame([row("Lanterns"), row("Lanterns"), row("Choir", captured_at=DAY + timedelta(1))])
    found = source_rows(data, SOURCES, refined, refined)
    TABLE.to_arrow(TABLE.frame(found))  # they fit the table
    return {str(r["source"]): r for r in found}


def test_captures_add_up_and_only_a_whole_run_is_a_look(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    save_run(data, "run1", {"outcome": "complete", "finished_at": "2024-11-01T08:10:00+00:00", "captures": 4})
    save_run(data, "run2", {"outcome": "partial", "finished_at": "2024-11-02T08:10:00+00:00", "captures": 1})
    listing = rows(data)["listing"]
    assert (listing["captures"], listing["entries"]) == (5, 2)
    assert (listing["last_run_id"], listing["last_run_outcome"]) == ("run2", "partial")
    assert str(listing["last_complete_at"]) == "2024-11-01 08:10:00+00:00"
    assert listing["data_as_of"] == DAY + timedelta(1)


def test_a_source_without_runs_counts_nothing(tmp_path: Path) -> None:
    table = rows(DataFolder(tmp_path))["table"]
    assert (table["captures"], table["entries"], table["last_run_id"], table["data_as_of"]) == (0, 0, None, None)


def test_a_record_that_can_not_be_read_counts_as_unknown(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    save_run(data, "run1", None)
    listing = rows(data)["listing"]
    assert (listing["captures"], listing["last_run_id"], listing["last_run_outcome"]) == (0, "run1", None)


@pytest.mark.parametrize(
    "record",
    [None, [1, 2], {"captures": "many", "outcome": "splendid", "finished_at": "never"}, {"finished_at": "2024-01-01"}],
)
def test_a_damaged_record_is_told_and_breaks_nothing(tmp_path: Path, record: object) -> None:
    data = DataFolder(tmp_path)
    save_run(data, "run0", {"outcome": "complete", "finished_at": "2024-11-01T08:10:00+00:00", "captures": 4})
    save_run(data, "run1", record)
    listing = rows(data)["listing"]
    assert (listing["captures"], str(listing["last_complete_at"])) == (4, "2024-11-01 08:10:00+00:00")
    (issue,) = record_issues(data, SOURCES)
    assert (issue["source"], issue["where"]) == ("listing", "captures/listing/run1/run.json")


def test_a_last_run_that_kept_nothing_is_the_last_run(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    save_run(data, "run1", {"outcome": "complete", "finished_at": "2024-11-01T08:10:00+00:00", "captures": 4})
    save_run(data, "run2", {"outcome": "failed", "finished_at": "2024-11-02T08:10:00+00:00", "captures": 0})
    (data.captures("listing", "run2") / "pages.warc.gz").unlink()
    listing = rows(data)["listing"]
    assert (listing["last_run_id"], listing["last_run_outcome"], listing["captures"]) == ("run2", "failed", 4)
    assert record_issues(data, SOURCES) == []

"""The whole room on a real lake: entries, sources, redirects, and the database that comes out."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from curate_parts import DAY, NOW, SOURCES, fill_lake, row

from pipelines.curate.build import CurateReport, curate
from pipelines.curate.ledger import LedgerError
from pipelines.curate.overrides import OverridesError
from pipelines.publish.release import publish
from warehouse.build import connect
from warehouse.layout import DataFolder
from warehouse.tables import RELEASE_TABLES

OPENING = "The town hall opened its doors for a day and told how its mediators work in three quarters."
OWN = "https://www.example.org/-/open-day"
LISTED = row(
    "Open day of the mediators", day="2024-05-03", cities=["Lyon"], summary=OPENING, item_key="example.org:open-day"
)
ARTICLE = row(
    "Open day of the mediators", source="articles", item_key="example.org:open-day", page_url=OWN, url=OWN,
    sections='{"purpose": "To show the work."}', captured_at=DAY + timedelta(1),
)  # fmt: skip
TABLED = row("Mediators: open day in Lyon", source="table", day="2024-05-03", cities=["Lyon"])
OTHER = row(
    "Choir of all quarters sings", day="2024-06-03", cities=["Oslo"], summary="A choir of forty neighbours sings."
)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def run(data: DataFolder) -> CurateReport:
    return curate(data, SOURCES, NOW)


def table(data: DataFolder, name: str) -> list[dict[str, Any]]:
    with connect(data.build, read_only=True) as con:
        found = con.table(name)
        return [dict(zip(found.columns, values, strict=True)) for values in found.fetchall()]


def test_tellings_of_one_event_become_one_entry(data: DataFolder) -> None:
    fill_lake(data, [LISTED, ARTICLE, TABLED, OTHER])
    report = run(data)
    assert (report.raw_entries, report.entries, report.merged) == (4, 2, 3)
    assert report.merged_by == {"listing": 1, "articles": 1, "table": 1}
    (entry,) = [e for e in table(data, "entries") if e["source_count"] == 3]
    assert entry["cities"] == ["Lyon"] and str(entry["start_date"]) == "2024-05-03"
    assert entry["sections"] == '{"purpose": "To show the work."}'
    assert entry["summary"] == OPENING
    assert (entry["first_seen_at"], entry["last_seen_at"]) == (DAY, DAY + timedelta(1))


def test_every_merged_raw_entry_says_why(data: DataFolder) -> None:
    fill_lake(data, [LISTED, ARTICLE, TABLED, OTHER])
    run(data)
    reasons = {
        s["source"]: (s["match_reason"], s["match_score"])
        for s in table(data, "entry_sources")
        if s["title"] != OTHER["title"]
    }
    assert reasons["articles"] == ("same item key", 1.0)
    assert reasons["table"][0].startswith("same event") and 0.5 < reasons["table"][1] < 1
    assert [s["match_reason"] for s in table(data, "entry_sources") if s["title"] == OTHER["title"]] == [None]


def test_no_row_of_the_lake_gives_an_empty_database_with_all_tables(data: DataFolder) -> None:
    report = run(data)
    assert report.entries == 0
    with connect(data.build, read_only=True) as con:
        have = {name for (name,) in con.execute("show tables").fetchall()}
    assert have == {t.name for t in RELEASE_TABLES} | {"practices", "events"}
    assert table(data, "entries") == []


def test_comments_say_what_each_column_means(data: DataFolder) -> None:
    run(data)
    of_tables = "table_name in (select table_name from duckdb_tables())"
    with connect(data.build, read_only=True) as con:
        meanings = con.execute(f"select column_name, comment from duckdb_columns() where {of_tables}").fetchall()
    assert len(meanings) == sum(len(t.columns) for t in RELEASE_TABLES)
    assert all(meaning for _, meaning in meanings)


def test_a_second_run_changes_nothing(data: DataFolder) -> None:
    fill_lake(data, [LISTED, ARTICLE, TABLED, OTHER])
    run(data)
    before = {t.name: table(data, t.name) for t in RELEASE_TABLES}, data.identity.read_bytes()
    curate(data, SOURCES, NOW + timedelta(days=3))
    assert ({t.name: table(data, t.name) for t in RELEASE_TABLES}, data.identity.read_bytes()) == before


def test_a_row_that_two_runs_give_counts_once(data: DataFolder) -> None:
    fill_lake(data, [OTHER])
    fill_lake(data, [OTHER], run_id="run2")
    assert run(data).raw_entries == 1


def test_a_reschedule_keeps_the_id_and_makes_a_version(data: DataFolder) -> None:
    fill_lake(data, [LISTED])
    run(data)
    (before,) = table(data, "entries")
    later = row(
        "Open day of the mediators",
        day="2024-09-20",
        cities=["Lyon"],
        summary=OPENING,
        item_key="example.org:open-day",
        captured_at=DAY + timedelta(7),
    )
    fill_lake(data, [later], run_id="run2")
    run(data)
    (after,) = table(data, "entries")
    assert after["entry_id"] == before["entry_id"] and str(after["start_date"]) == "2024-09-20"
    versions = [
        (v["version"], str(v["start_date"]), v["valid_from"], v["valid_to"]) for v in table(data, "entry_versions")
    ]
    assert versions == [(1, "2024-05-03", DAY, DAY + timedelta(7)), (2, "2024-09-20", DAY + timedelta(7), None)]


def test_a_better_reader_keeps_the_ids_of_entries_without_key(data: DataFolder) -> None:
    fill_lake(data, [OTHER])
    run(data)
    publish(data, [], NOW)
    (before,) = table(data, "entries")
    better = OTHER | {"raw_entry_id": "raw-ffffffffffffffff", "summary": OTHER["summary"] + " They are many."}
    fill_lake(data, [better])  # the same run, read again
    report = run(data)
    assert [e["entry_id"] for e in table(data, "entries")] == [before["entry_id"]]
    assert report.lost == [] and report.new_ids == 0


def test_an_id_whose_raw_entries_are_gone_is_reported(data: DataFolder) -> None:
    fill_lake(data, [OTHER])
    run(data)
    (before,) = table(data, "entries")
    fill_lake(data, [LISTED])
    report = run(data)
    assert report.lost == [before["entry_id"]]
    assert before["entry_id"] in report.issues[0]["where"]


def decide(data: DataFolder, *lines: str) -> None:
    data.overrides.write_text("\n".join(["raw_key_left,raw_key_right,decision,who,why", *lines]), encoding="utf-8")


def test_people_can_join_and_part_entries(data: DataFolder) -> None:
    fill_lake(data, [LISTED, TABLED, OTHER])
    assert run(data).entries == 2
    decide(
        data,
        f"example.org:open-day,{TABLED['raw_entry_id']},different,ana,two open days",
        f"example.org:open-day,{OTHER['raw_entry_id']},same,ana,the choir opened it",
    )
    run(data)
    groups = {
        frozenset(s["raw_entry_id"] for s in table(data, "entry_sources") if s["entry_id"] == e["entry_id"])
        for e in table(data, "entries")
    }
    assert groups == {frozenset({LISTED["raw_entry_id"], OTHER["raw_entry_id"]}), frozenset({TABLED["raw_entry_id"]})}
    assert {r["target_id"] for r in table(data, "entry_redirects")} <= {e["entry_id"] for e in table(data, "entries")}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a,b,perhaps,ana,unsure", "line 2: decision is 'perhaps'"),
        ("a,b,same,,unsure", "line 2: who is empty"),
        ("a,a,same,ana,why", "both raw keys are a"),
        ("a,b,same,ana,why\nb,a,different,ana,why", "both same and different"),
    ],
)
def test_overrides_that_can_not_be_right_are_refused(data: DataFolder, line: str, says: str) -> None:
    decide(data, line)
    with pytest.raises(OverridesError, match=says):
        run(data)
    assert not data.build.exists() and not data.identity.exists()


def test_overrides_without_a_column_are_refused(data: DataFolder) -> None:
    data.overrides.write_text("left,right\n", encoding="utf-8")
    with pytest.raises(OverridesError, match="no column raw_key_left"):
        run(data)


def test_a_damaged_ledger_stops_and_is_left_alone(data: DataFolder) -> None:
    data.identity.write_bytes(b"PAR1 no more")
    with pytest.raises(LedgerError, match="restore it from a copy"):
        run(data)
    assert data.identity.read_bytes() == b"PAR1 no more"


def test_the_ledger_knows_every_entry(data: DataFolder) -> None:
    fill_lake(data, [LISTED, TABLED, OTHER])
    run(data)
    known = set(pq.read_table(data.identity).column("entry_id").to_pylist())
    assert {e["entry_id"] for e in table(data, "entries")} == known


LIMITED = (
    "import resource, signal, sys; from pathlib import Path; from datetime import datetime, UTC;"
    "from pipelines.curate.build import curate; from warehouse.layout import DataFolder;"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])));"
    "curate(DataFolder(Path(sys.argv[1])), [], datetime.now(UTC))"
)


@pytest.mark.parametrize("limit", [0, 20_000, 400_000])
def test_a_disk_that_takes_no_more_leaves_what_was(data: DataFolder, limit: int) -> None:
    fill_lake(data, [LISTED])
    run(data)
    fill_lake(data, [LISTED, OTHER])
    before = data.build.read_bytes()
    command = [sys.executable, "-c", LIMITED, str(data.root), str(limit)]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=60)
    assert ended.returncode == 1
    assert "StorageError" in ended.stderr.splitlines()[-1] and "could not write" in ended.stderr.splitlines()[-1]
    assert data.build.read_bytes() == before and not list(data.root.rglob("*.part*"))

"""The whole street on the sample pages, through the command: captures in, a release out, and the verbs on it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from warehouse.layout import DataFolder
from warehouse.locks import hold

Command = Callable[..., "subprocess.CompletedProcess[str]"]
Harvest = tuple[Path, "subprocess.CompletedProcess[str]"]


def ids(data: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(data / "published" / "latest" / "cityharvest.duckdb"), read_only=True) as connection:
        return connection.execute("select entry_id, title, source_count from entries order by all").fetchall()


def one(answer: subprocess.CompletedProcess[str]) -> str:
    """The only line on stderr."""
    lines = answer.stderr.splitlines()
    assert len(lines) == 1, answer.stderr
    return lines[0]


def test_a_harvest_publishes_and_says_so(harvest_once: Harvest) -> None:
    data, answer = harvest_once
    assert answer.returncode == 0, answer.stderr
    assert len(ids(data)) > 40
    for word in ("coe-newsroom", "captures", "dated", "placed", "merged", "Published", "cityharvest query"):
        assert word in answer.stdout


def test_nothing_is_left_in_the_home_folder(harvest_once: Harvest, home: Path) -> None:
    assert harvest_once[1].returncode == 0
    assert list(home.rglob("*")) == []


def test_a_second_harvest_changes_nothing(data: Path, samples: Path, cityharvest: Command) -> None:
    before = ids(data)
    releases = sorted(path.name for path in (data / "published" / "releases").iterdir())
    answer = cityharvest("harvest", "--captures", samples, "--data", data)
    assert answer.returncode == 0, answer.stderr
    assert ids(data) == before
    assert sorted(path.name for path in (data / "published" / "releases").iterdir()) == releases
    assert "nchanged" in answer.stdout


def test_a_held_source_fails_alone(samples: Path, tmp_path: Path, cityharvest: Command) -> None:
    with hold(DataFolder(tmp_path).lock("coe-meetings"), "a test", wait=False):
        answer = cityharvest("harvest", "--captures", samples, "--data", tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "coe-meetings" in answer.stderr
    assert "a test" in answer.stderr
    issues = (tmp_path / "published" / "latest" / "issues.json").read_text(encoding="utf-8")
    assert "is held by" in issues
    with duckdb.connect(str(tmp_path / "published" / "latest" / "cityharvest.duckdb"), read_only=True) as connection:
        found = {row[0] for row in connection.execute("select distinct source from entry_sources").fetchall()}
    assert "coe-newsroom" in found
    assert "coe-meetings" not in found


def test_when_all_fail_latest_is_untouched(data: Path, samples: Path, cityharvest: Command) -> None:
    latest = (data / "published" / "latest").resolve()
    with hold(DataFolder(data).lock("coe-meetings"), "a test", wait=False):
        answer = cityharvest("harvest", "--captures", samples, "--source", "coe-meetings", "--data", data)
    assert answer.returncode == 1
    assert "untouched" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert (data / "published" / "latest").resolve() == latest


def test_a_file_without_any_page_of_ours(tmp_path: Path, cityharvest: Command) -> None:
    path = tmp_path / "empty.warc.gz"
    path.write_bytes(b"")
    answer = cityharvest("harvest", "--captures", path, "--data", tmp_path / "data")
    assert answer.returncode == 1
    assert "no page" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_query_in_three_formats(harvest_once: Harvest, cityharvest: Command) -> None:
    sql = "select entry_id, countries from entries where len(countries) > 0 order by entry_id limit 3"
    answers = {
        form: cityharvest("query", sql, "--format", form, "--data", harvest_once[0])
        for form in ("json", "csv", "table")
    }
    assert {answer.returncode for answer in answers.values()} == {0}
    records = json.loads(answers["json"].stdout)
    rows = list(csv.DictReader(io.StringIO(answers["csv"].stdout)))
    assert [row["entry_id"] for row in rows] == [record["entry_id"] for record in records]
    assert [json.loads(row["countries"]) for row in rows] == [record["countries"] for record in records]
    assert len(records) == 3
    assert all(record["entry_id"] in answers["table"].stdout for record in records)


@pytest.mark.parametrize(
    "sql",
    [
        "select no_such_column from entries",
        "selec 1",
        "delete from entries",
        "copy entries to 'stolen.csv'",
        "attach 'other.db'",
        "select * from read_csv('/etc/passwd')",
        "set enable_external_access = true",
    ],
)
def test_sql_that_fails_is_one_line(harvest_once: Harvest, cityharvest: Command, sql: str) -> None:
    answer = cityharvest("query", sql, "--data", harvest_once[0])
    assert answer.returncode == 1
    assert one(answer).startswith("error: SQL:")


def test_explain_shows_raw_and_parsed(harvest_once: Harvest, cityharvest: Command) -> None:
    data = harvest_once[0]
    sql = "select entry_id, start_date from entries where date_raw is not null and start_date is not null limit 1"
    found = json.loads(cityharvest("query", sql, "--format", "json", "--data", data).stdout)[0]
    answer = cityharvest("explain", found["entry_id"], "--data", data)
    assert answer.returncode == 0, answer.stderr
    for word in (found["entry_id"], found["start_date"], "captures/", "at byte", "decided by"):
        assert word in answer.stdout


def test_explain_an_unknown_id(harvest_once: Harvest, cityharvest: Command) -> None:
    answer = cityharvest("explain", "entry-that-is-not", "--data", harvest_once[0])
    assert answer.returncode == 1
    assert "entry-that-is-not" in one(answer)


def test_sources_after_a_harvest(harvest_once: Harvest, cityharvest: Command) -> None:
    answer = cityharvest("sources", "--data", harvest_once[0])
    assert answer.returncode == 0
    line = next(line for line in answer.stdout.splitlines() if "coe-newsroom" in line)
    assert "active" in line
    assert "never" not in line


def test_read_again_changes_nothing(data: Path, cityharvest: Command) -> None:
    before = ids(data)
    answer = cityharvest("read", "--data", data)
    assert answer.returncode == 0, answer.stderr
    assert ids(data) == before


def test_diff_shows_what_a_read_would_change_and_publishes_nothing(data: Path, cityharvest: Command) -> None:
    latest = (data / "published" / "latest").resolve()
    unchanged = cityharvest("read", "--diff", "--data", data)
    assert unchanged.returncode == 0, unchanged.stderr
    assert "0 added, 0 removed, 0 changed" in unchanged.stdout
    shutil.rmtree(data / "captures" / "coe-meetings")
    shutil.rmtree(data / "lake" / "raw_entries" / "coe-meetings")
    shutil.rmtree(data / "lake" / "refined_entries" / "coe-meetings")
    shutil.rmtree(data / "lake" / "sightings" / "coe-meetings")
    files = sorted((path, path.stat().st_mtime_ns) for path in data.rglob("*") if path.is_file())
    answer = cityharvest("read", "--diff", "--data", data)
    assert answer.returncode == 0, answer.stderr
    assert "0 added, 0 removed, 0 changed" not in answer.stdout
    assert "Nothing was published" in answer.stdout
    assert (data / "published" / "latest").resolve() == latest
    assert sorted((path, path.stat().st_mtime_ns) for path in data.rglob("*") if path.is_file()) == files


def test_a_query_as_csv_holds_no_formula(harvest_once: Harvest, cityharvest: Command) -> None:
    sql = "select '=1+1' as formula, ['=1+1', 'b'] as list, -1 as number, 'a' || chr(0) || 'b' as control, null as no"
    answer = cityharvest("query", sql, "--format", "csv", "--data", harvest_once[0])
    (row,) = csv.DictReader(io.StringIO(answer.stdout))
    assert row == {"formula": "'=1+1", "list": '["=1+1", "b"]', "number": "-1", "control": "ab", "no": ""}

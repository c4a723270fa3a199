"""`publish`, `releases` and `diff` as a user meets them, on a harvest of the sample pages."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from dagster_project import steps
from scrapers.registry import load_registry
from warehouse.layout import DataFolder
from warehouse.releases import open_release, release_names
from warehouse.storage import StorageError

Command = Callable[..., "subprocess.CompletedProcess[str]"]
LOST, ALSO_LOST = "coe-meetings", "coe-good-practice"


def lose(data: Path, source: str) -> None:
    """Take what only this source tells of out of what is curated."""
    with duckdb.connect(str(DataFolder(data).build)) as con:
        con.execute(
            "create temp table gone as select entry_id from entry_sources group by all having bool_and(source = ?)",
            [source],
        )
        for table in ("entry_links", "entry_versions", "entries"):
            con.execute(f"delete from {table} where entry_id in (from gone)")
        con.execute("delete from entry_sources where source = ?", [source])
        con.execute("delete from entry_versions where raw_entry_id not in (select raw_entry_id from entry_sources)")


def retitle(data: Path) -> str:
    """Give one entry of what is curated another title; its id."""
    with duckdb.connect(str(DataFolder(data).build)) as con:
        (entry_id,) = con.execute("select min(entry_id) from entries").fetchall()[0]
        con.execute("update entries set title = 'Another [bold]title[/]' where entry_id = ?", [entry_id])
    return str(entry_id)


def latest(data: Path) -> str:
    return DataFolder(data).latest.resolve().name


def of_latest(data: Path) -> dict[str, object]:
    return dict(json.loads((DataFolder(data).latest / "release.json").read_text(encoding="utf-8")))


@pytest.fixture
def two(data: Path, cityharvest: Command) -> tuple[Path, str, str, str]:
    """A data folder with two releases: an entry of the second has another title. Folder, names, id of that entry."""
    first, changed = latest(data), retitle(data)
    answer = cityharvest("publish", "--data", data)
    assert answer.returncode == 0, answer.stderr
    return data, first, latest(data), changed


def test_publish_publishes_what_is_curated_with_the_issues_of_the_harvest(
    two: tuple[Path, str, str, str], cityharvest: Command
) -> None:
    data, first, second, changed = two
    assert second != first
    with open_release(data) as con:
        assert con.execute("select title from entries where entry_id = ?", [changed]).fetchall() == [
            ("Another [bold]title[/]",)
        ]
    issues = [json.loads((DataFolder(data).releases / n / "issues.json").read_text("utf-8")) for n in (first, second)]
    assert issues[0] == issues[1] and issues[0]
    assert of_latest(data)["accepted"] == []
    again = cityharvest("publish", "--data", data)
    assert again.returncode == 0 and "Unchanged" in again.stdout
    assert latest(data) == second


def test_issues_tell_no_e_mail_address_or_phone_number_of_a_page(data: Path, cityharvest: Command) -> None:
    folder = DataFolder(data)
    report = next(path for path in sorted(folder.root.glob(f"captures/{LOST}/*/read.json")))
    told = json.loads(report.read_text(encoding="utf-8"))
    where = "https://www.example.org/feed?to=ana.b@example.org&id=0113-222-4444"
    row = {"stage": "read", "source": LOST, "what_to_do": "look at it"}
    told["issues"].append(
        row
        | {"where": f"{where} entry 'Ask ana.b@example.org or Tel. 0113 222 4444'", "reason": "no date: a@example.org"}
    )
    report.write_text(json.dumps(told), encoding="utf-8")
    answer = cityharvest("publish", "--data", data)
    assert answer.returncode == 0, answer.stderr
    issues = json.loads((folder.latest / "issues.json").read_text(encoding="utf-8"))
    (mine,) = [issue for issue in issues if issue["where"].startswith(where)]
    assert mine["where"] == f"{where} entry 'Ask [e-mail removed] or Tel. [phone removed]'"
    assert mine["reason"] == "no date: [e-mail removed]"


def test_a_source_that_fell_stops_the_release_and_is_named_with_the_way_out(data: Path, cityharvest: Command) -> None:
    before = latest(data)
    lose(data, LOST)
    answer = cityharvest("publish", "--data", data)
    assert answer.returncode == 1 and latest(data) == before
    (line,) = [line for line in answer.stderr.splitlines() if line.startswith("error")]
    assert f"source {LOST}: 0 entries, the release before had" in line
    assert f"cityharvest publish --accept-drop {LOST} --why" in line


def test_an_accepted_drop_lets_that_source_through_once_and_is_written_down(data: Path, cityharvest: Command) -> None:
    before = latest(data)
    lose(data, LOST)
    answer = cityharvest("publish", "--accept-drop", LOST, "--why", "the page was\nclosed", "--data", data)
    assert answer.returncode == 0, answer.stderr
    assert latest(data) != before
    about = of_latest(data)
    assert about["accepted"] == [{"source": LOST, "why": "the page was closed", "when": about["created_at"]}]
    assert any("accepted, because the page was closed" in str(warning) for warning in about["warnings"])  # type: ignore[attr-defined]
    retitle(data)
    assert cityharvest("publish", "--data", data).returncode == 0
    assert of_latest(data)["accepted"] == []


def test_the_drop_of_another_source_still_stops_the_release(data: Path, cityharvest: Command) -> None:
    before = latest(data)
    lose(data, LOST)
    lose(data, ALSO_LOST)
    answer = cityharvest("publish", "--accept-drop", LOST, "--why", "closed", "--data", data)
    assert answer.returncode == 1 and latest(data) == before
    assert f"source {ALSO_LOST}" in answer.stderr
    both = ("--accept-drop", LOST, "--accept-drop", ALSO_LOST)
    assert cityharvest("publish", *both, "--why", "closed", "--data", data).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--accept-drop", LOST], "--why"),
        (["--accept-drop", LOST, "--why", " \n"], "--why"),
        (["--why", "closed"], "--accept-drop"),
        (["--accept-drop", "coe-meetingz", "--why", "closed"], LOST),
    ],
    ids=" ".join,
)
def test_a_wrong_call_of_publish_is_exit_2(
    harvest_once: tuple[Path, object], cityharvest: Command, arguments: list[str], told: str
) -> None:
    answer = cityharvest("publish", *arguments, "--data", harvest_once[0])
    assert answer.returncode == 2
    assert told in answer.stderr and "Traceback" not in answer.stderr


def test_publish_without_anything_curated_says_what_to_do(cityharvest: Command, tmp_path: Path) -> None:
    answer = cityharvest("publish", "--data", tmp_path / "empty")
    assert answer.returncode == 1
    assert "curate first" in answer.stderr and "Traceback" not in answer.stderr


def test_releases_tells_what_each_changed_and_why_it_stays(
    two: tuple[Path, str, str, str], cityharvest: Command
) -> None:
    data, first, second, _ = two
    rows = json.loads(cityharvest("releases", "--format", "json", "--data", data).stdout)
    assert [row["release"] for row in rows] == [second, first]
    with open_release(data) as con:
        (entries,) = con.execute("select count(*) from entries").fetchall()[0]
    new, old = rows
    assert (new["entries"], new["added"], new["changed"], new["hidden"]) == (entries, 0, 1, 0)
    assert (old["added"], old["changed"], old["hidden"]) == (None, None, None)
    assert new["stays"] == "latest" and old["stays"].startswith("one of the last")
    assert new["schema"] == of_latest(data)["schema_version"]
    table = cityharvest("releases", "--data", data)
    assert table.returncode == 0 and first in table.stdout and "latest" in table.stdout


def test_prune_removes_what_need_not_stay_and_tells_it(data: Path, cityharvest: Command) -> None:
    releases = DataFolder(data).releases
    names = [f"20200101T0000{second:02d}Z-{second:08x}" for second in range(20)]
    for number, name in enumerate(names):
        shutil.copytree(releases / latest(data), releases / name, copy_function=os.link)
        about = json.loads((releases / name / "release.json").read_text(encoding="utf-8"))
        about["created_at"] = f"2020-01-01T00:00:{number:02d}Z"
        (releases / name / "release.json").unlink()  # a link: the file of the latest must stay as it is
        (releases / name / "release.json").write_text(json.dumps(about), encoding="utf-8")
    wrong = cityharvest("releases", "--dry-run", "--data", data)
    assert wrong.returncode == 2 and "--prune" in wrong.stderr
    would = cityharvest("releases", "--prune", "--dry-run", "--data", data)
    assert would.returncode == 0 and would.stdout.split() == names[:7]
    assert "7 would be removed, 14 stay" in would.stderr
    listed = json.loads(cityharvest("releases", "--format", "json", "--data", data).stdout)
    assert [row["release"] for row in listed if row["stays"] == "to be pruned"] == names[6::-1]
    done = cityharvest("releases", "--prune", "--data", data)
    assert done.returncode == 0 and done.stdout.split() == names[:7]
    assert release_names(DataFolder(data)) == [*names[7:], latest(data)]


def test_a_publish_prunes(data: Path, cityharvest: Command) -> None:
    releases = DataFolder(data).releases
    for second in range(20):
        name = f"20200101T0000{second:02d}Z-{second:08x}"
        shutil.copytree(releases / latest(data), releases / name, copy_function=os.link)
        about = json.loads((releases / name / "release.json").read_text(encoding="utf-8"))
        (releases / name / "release.json").unlink()
        about["created_at"] = f"2020-01-01T00:00:{second:02d}Z"
        (releases / name / "release.json").write_text(json.dumps(about), encoding="utf-8")
    retitle(data)
    answer = cityharvest("publish", "--data", data)
    assert answer.returncode == 0, answer.stderr
    kept = release_names(DataFolder(data))
    # 14 with the new one; that of the month before it is among them.
    assert len(kept) == 14 and kept[-1] == latest(data)
    assert "removed 8 older releases" in answer.stderr


def test_a_release_stands_when_an_older_one_can_not_be_removed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(folder: DataFolder, now: datetime) -> None:
        raise StorageError(13, f"could not remove {folder.releases} (Permission denied): remove it by hand")

    monkeypatch.setattr(steps, "prune", refused)
    report = steps.publish_all(DataFolder(data), load_registry(), None)
    assert report.figures["name"] == latest(data)
    assert any("an older release could not be removed" in problem for problem in report.problems)


def test_diff_counts_by_kind_and_column_and_gives_examples(
    two: tuple[Path, str, str, str], cityharvest: Command
) -> None:
    data, first, second, changed = two
    answer = cityharvest("diff", "--data", data)
    assert answer.returncode == 0, answer.stderr
    assert f"{first} -> {second}" in answer.stdout
    assert changed in answer.stdout and "Another [bold]title[/]" in answer.stdout.replace("\n", " ")
    told = json.loads(cityharvest("diff", first, second, "--format", "json", "--data", data).stdout)
    assert (told["older"], told["newer"], told["schema"]) == (first, second, [])
    counts = {(row["table"], row["change"], row["column"]): row["rows"] for row in told["counts"]}
    assert counts[("entries", "changed", None)] == counts[("entries", "changed", "title")] == 1
    (row,) = [row for row in told["rows"] if row["table"] == "entries"]
    assert (row["key"], row["column"], row["new"]) == (changed, "title", "Another [bold]title[/]")


def test_diff_backwards_and_by_table_as_csv(two: tuple[Path, str, str, str], cityharvest: Command) -> None:
    data, first, _, changed = two
    answer = cityharvest("diff", "latest", first[:20], "--table", "entries", "--format", "csv", "--data", data)
    (row,) = csv.DictReader(io.StringIO(answer.stdout))
    assert (row["table"], row["change"], row["key"], row["old"]) == (
        "entries", "changed", changed, "Another [bold]title[/]",
    )  # fmt: skip


def test_diff_cuts_the_table_and_nothing_that_programs_read(data: Path, cityharvest: Command) -> None:
    """Eight entries with two cells each: less than the limit in rows, more in cells."""
    with duckdb.connect(str(DataFolder(data).build)) as con:
        con.execute(
            """update entries set title = concat(title, ' again'), subtitle = 'Another'
               where entry_id in (from entries select entry_id order by all limit 8)"""
        )
    assert cityharvest("publish", "--data", data).returncode == 0

    def asked(*more: str) -> subprocess.CompletedProcess[str]:
        return cityharvest("diff", "previous", "latest", "--table", "entries", "--data", data, *more)

    assert len(list(csv.DictReader(io.StringIO(asked("--format", "csv").stdout)))) == 16
    assert len(list(csv.DictReader(io.StringIO(asked("--format", "csv", "--limit", "3").stdout)))) == 3
    assert len(json.loads(asked("--format", "json").stdout)["rows"]) == 16
    table = asked()
    assert "at most 10 of each kind of change are shown" in table.stderr and table.stdout.count("Another") == 5
    assert "are shown" not in asked("--limit", "16").stderr + asked("--limit", "0").stderr


def test_query_gives_json_that_any_program_reads(harvest_once: tuple[Path, object], cityharvest: Command) -> None:
    sql = """select 1e308 * 10 as x, 1.25::decimal(10, 2) as d, [1, 'nan'::double, '-inf'::double] as l,
             {'a': ['nan'::double], 'b': date '2024-05-03', 'c': 2.5::decimal(3, 1)} as s,
             map([date '2024-05-03'], ['inf'::double]) as m, true as t, 12345678901234567890 as big"""
    row = {
        "x": None, "d": 1.25, "l": [1, None, None], "s": {"a": [None], "b": "2024-05-03", "c": 2.5},
        "m": {"2024-05-03": None}, "t": True, "big": 12345678901234567890,
    }  # fmt: skip

    def never(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    answer = cityharvest("query", sql, "--format", "json", "--data", harvest_once[0])
    assert json.loads(answer.stdout, parse_constant=never) == [row], answer.stderr
    (cells,) = csv.DictReader(
        io.StringIO(cityharvest("query", sql, "--format", "csv", "--data", harvest_once[0]).stdout)
    )
    assert json.loads(cells["l"], parse_constant=never) == row["l"] and json.loads(cells["s"]) == row["s"]


def test_diff_of_a_release_with_itself_says_so(harvest_once: tuple[Path, object], cityharvest: Command) -> None:
    answer = cityharvest("diff", "latest", "latest", "--data", harvest_once[0])
    assert answer.returncode == 0 and "No difference." in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["1999"], 1, "the newest is"),
        (["previous"], 1, "no release before"),
        (["latest", "--table", "nothing"], 2, "entry_sources"),
        (["latest", "--limit", "-1"], 2, "--limit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_diff_can_not_compare_is_told(
    harvest_once: tuple[Path, object], cityharvest: Command, arguments: list[str], code: int, told: str
) -> None:
    answer = cityharvest("diff", *arguments, "--data", harvest_once[0])
    assert answer.returncode == code
    assert told in answer.stderr and "Traceback" not in answer.stderr

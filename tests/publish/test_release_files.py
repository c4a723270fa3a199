"""What a release holds: every table in every format, the documents beside them, and that other programs read them."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import time, timedelta
from pathlib import Path

import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from publish_parts import AWKWARD, NOW, SEEN, build, warehouse

from pipelines.publish.release import Release, publish
from warehouse.layout import DataFolder
from warehouse.releases import open_release
from warehouse.tables import ENTRIES, RELEASE_TABLES

NAMES = [*(t.name for t in RELEASE_TABLES), "practices", "events"]
OLDER = Path(os.environ.get("CITYHARVEST_DUCKDB15") or Path(__file__).parents[2] / ".venv" / "duckdb15")
ISSUE = {"stage": "read", "source": "listing", "where": "page 3", "reason": "no title", "what_to_do": "nothing"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    build(folder, warehouse())
    return folder


@pytest.fixture(scope="module")
def release(data: DataFolder) -> Release:
    return publish(data, [ISSUE], NOW)


def files(release: Release) -> dict[str, Path]:
    """All files by their path below the release."""
    return {p.relative_to(release.folder).as_posix(): p for p in release.folder.rglob("*") if p.is_file()}


def rows(release: Release, name: str) -> list[dict[str, str]]:
    with (release.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_and_view_is_there_in_every_format(release: Release) -> None:
    data_files = {f"{name}.{suffix}" for name in NAMES for suffix in ("parquet", "csv", "jsonl")}
    documents = {"cityharvest.duckdb", "datapackage.json", "issues.json", "release.json"}
    others = {"changes.parquet", "changes.atom", "changes.json", "calendar.parquet", "events.ics", "places.geojson"}
    assert set(files(release)) >= data_files | documents | others | {"calendars/fr.ics"}


def test_all_formats_hold_the_same_rows(release: Release) -> None:
    for name in NAMES:
        lines = (release.folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        sizes = {len(lines), len(rows(release, name)), pq.read_metadata(release.folder / f"{name}.parquet").num_rows}
        assert sizes == {release.counts[name]}, name


def test_csv_keeps_any_text_and_disarms_formulas(release: Release) -> None:
    first = rows(release, "entries")[0]
    assert first["title"] == "'" + AWKWARD
    assert first["summary"] == "'-5 degrees"
    assert rows(release, "entry_links")[0]["label"] == "'@agenda"
    assert rows(release, "cities")[0]["longitude"] == "-4.85"  # a number is no text
    assert json.loads(first["cities"]) == ['L"y,on']
    assert (first["start_time"], first["start_at"], first["is_online"]) == ("11:00:00", "2024-05-03T09:00:00Z", "false")
    assert first["first_seen_at"] == "2024-11-01T08:00:00.250000Z"
    assert (release.folder / "entries.csv").read_bytes().count(b"\r\n") == 11


def test_json_lines_hold_lists_objects_and_the_text_as_it_is(release: Release) -> None:
    lines = [json.loads(line) for line in (release.folder / "entries.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines[0]["title"] == AWKWARD and lines[0]["cities"] == ['L"y,on']
    assert lines[1]["sections"] == {"purpose": 'To show "it".'}
    assert lines[0]["summary"] == "-5 degrees" and lines[2]["summary"] is None


def test_parquet_has_the_declared_types(release: Release) -> None:
    table = pq.read_table(release.folder / "entries.parquet")
    want = {field.name: field.type for field in ENTRIES.arrow_schema()}
    have = {field.name: field.type for field in table.schema if field.name != "sections"}
    assert have == {name: kind for name, kind in want.items() if name != "sections"}
    assert table.schema.field("start_at").type == pa.timestamp("us", tz="UTC")
    assert table.column("start_time")[0].as_py() == time(11, 0)
    assert pq.ParquetFile(release.folder / "entries.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


def test_views_hold_their_kind(release: Release) -> None:
    assert (release.counts["practices"], release.counts["events"]) == (1, 9)
    assert "kind" not in rows(release, "practices")[0]


def test_the_data_package_is_valid_by_its_own_library(release: Release) -> None:
    report = frictionless.validate(str(release.folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    assert len(report.tasks) == len(NAMES)


def test_the_data_package_is_checked_in_earnest(release: Release, tmp_path: Path) -> None:
    """The library sees a reference that points nowhere, so the schema above says something."""
    folder = Path(shutil.copytree(release.folder, tmp_path / "copy"))
    path = folder / "entry_links.csv"
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8").replace("ce-", "xx-"), encoding="utf-8", newline="")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert "foreign-key" in {kind for (kind,) in report.flatten(["type"])}


def test_release_json_names_and_counts_everything(release: Release) -> None:
    about = json.loads((release.folder / "release.json").read_text(encoding="utf-8"))
    assert about["release"] == release.folder.name == f"20241102T050000Z-{release.content_hash[:8]}"
    assert about["counts"]["entries"] == 10 and about["schema_version"] == "1.0"
    assert about["data_as_of"] == {"listing": SEEN.isoformat()}
    assert {*about["files"], "release.json"} == set(files(release))
    for name, path in files(release).items():
        if name == "release.json":
            continue
        assert about["files"][name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(), name


def test_issues_lie_beside_the_release(release: Release) -> None:
    assert json.loads((release.folder / "issues.json").read_text(encoding="utf-8")) == [ISSUE]


def test_latest_json_names_the_latest_release(data: DataFolder, release: Release) -> None:
    latest = json.loads(data.latest_json.read_text(encoding="utf-8"))
    assert latest["release"] == release.name
    assert (data.latest_json.parent / latest["path"]).resolve() == data.latest.resolve() == release.folder.resolve()


def test_files_are_never_written_again(release: Release) -> None:
    assert {path.stat().st_mode & 0o777 for path in files(release).values()} == {0o444}


def test_the_same_content_gives_the_same_data(tmp_path: Path, release: Release) -> None:
    other = DataFolder(tmp_path / "other")
    build(other, warehouse())
    again = publish(other, [ISSUE], NOW + timedelta(hours=1))
    assert again.content_hash == release.content_hash
    same = [f"{name}.{suffix}" for name in NAMES for suffix in ("csv", "jsonl", "parquet")]
    for file in (*same, "events.ics", "calendars/fr.ics", "calendar.parquet"):
        assert (again.folder / file).read_bytes() == (release.folder / file).read_bytes(), file


def test_an_older_engine_reads_the_database(release: Release) -> None:
    assert (OLDER / "duckdb").is_dir(), (
        f"DuckDB 1.5 is not in {OLDER}: `make install` puts it there (or set CITYHARVEST_DUCKDB15)"
    )
    script = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True);"
        "print(duckdb.__version__, con.execute('select count(*) from entries').fetchone()[0],"
        "con.execute('select title from practices').fetchone()[0],"
        "con.execute(\"select comment from duckdb_columns() where column_name='raw_entry_id'\").fetchone()[0])"
    )
    command = [sys.executable, "-c", script, str(release.folder / "cityharvest.duckdb")]
    said = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(OLDER)}, check=True
    )
    assert said.stdout.startswith("1.5.") and said.stdout.split(maxsplit=1)[1] == "10 Open day 2 raw entry\n"


def test_the_release_opens_read_only(data: DataFolder, release: Release) -> None:
    with open_release(data.root) as con:
        assert con.sql("select count(*) from events").fetchall() == [(9,)]

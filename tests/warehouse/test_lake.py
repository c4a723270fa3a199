from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.lake import LakeError, read_table, runs, stream_table, table_metadata, write_table
from warehouse.layout import DataFolder
from warehouse.storage import StorageError
from warehouse.tables import LAKE_TABLES, REFINED_ENTRIES, SIGHTINGS, Table

VALUES: dict[str, Any] = {
    "VARCHAR": "Žilina – 'fête'",
    "JSON": '{"purpose": "to meet"}',
    "VARCHAR[]": ["a", "ü"],
    "BOOLEAN": False,
    "INTEGER": 7,
    "BIGINT": 2**40,
    "DOUBLE": 0.25,
    "DATE": date(2018, 4, 18),
    "TIME": time(11, 0),
    "TIMESTAMPTZ": datetime(2018, 4, 18, 9, 0, tzinfo=UTC),
}


def row(table: Table, **values: Any) -> dict[str, Any]:
    return {c.name: VALUES[c.type] for c in table.columns} | values


@pytest.mark.parametrize("table", LAKE_TABLES, ids=lambda table: table.name)
def test_rows_come_back_as_they_were(tmp_path: Path, table: Table) -> None:
    data = DataFolder(tmp_path)
    nullable = {c.name: None for c in table.columns if c.nullable}
    frame = table.frame([row(table), row(table, **nullable)])
    path = write_table(data, table, "coe", "r1", frame)
    assert path == tmp_path / "lake" / table.name / "coe" / "r1.parquet"
    found = read_table(data, table)
    pd.testing.assert_frame_equal(found, frame)
    assert all(type(a) is type(b) for a, b in zip(found.iloc[0], frame.iloc[0], strict=True))


def test_runs_and_sources(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    for source, run in [("b", "r1"), ("a", "r2"), ("a", "r1")]:
        write_table(data, SIGHTINGS, source, run, SIGHTINGS.frame([row(SIGHTINGS, source=source, run_id=run)] * 2))
    write_table(data, SIGHTINGS, "a", "r3", SIGHTINGS.frame([]))
    (tmp_path / "lake" / "sightings" / "a" / "r9.parquet.77.part").write_bytes(b"half")
    assert runs(data, SIGHTINGS) == [("a", "r1"), ("a", "r2"), ("a", "r3"), ("b", "r1")]
    assert runs(data, SIGHTINGS, "b") == [("b", "r1")]
    assert runs(data, REFINED_ENTRIES) == []
    assert [len(frame) for frame in stream_table(data, SIGHTINGS, "a")] == [2, 2, 0]
    assert list(read_table(data, SIGHTINGS)["source"]) == ["a"] * 4 + ["b"] * 2
    assert list(read_table(data, SIGHTINGS, "a", "r2")["run_id"]) == ["r2"] * 2
    assert list(read_table(data, SIGHTINGS, "a", "r3").columns) == SIGHTINGS.names
    assert len(read_table(data, SIGHTINGS, "nobody")) == 0


def test_metadata_and_same_bytes(tmp_path: Path) -> None:
    data, frame = DataFolder(tmp_path), SIGHTINGS.frame([row(SIGHTINGS)])
    path = write_table(data, SIGHTINGS, "a", "r1", frame, {"reader": "5f0c", "refiner": "ü"})
    first = path.read_bytes()
    assert table_metadata(path) == {"reader": "5f0c", "refiner": "ü"}
    assert pq.read_metadata(path).row_group(0).column(0).compression == "ZSTD"
    assert write_table(data, SIGHTINGS, "a", "r1", frame, {"reader": "5f0c", "refiner": "ü"}).read_bytes() == first
    assert table_metadata(write_table(data, SIGHTINGS, "a", "r2", frame)) == {}


def test_duckdb_reads_the_declared_types(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    path = write_table(data, REFINED_ENTRIES, "a", "r1", REFINED_ENTRIES.frame([row(REFINED_ENTRIES)]))
    with duckdb.connect() as connection:
        described = connection.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
    stored = {"JSON": "VARCHAR", "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}
    assert {name: kind for name, kind, *_ in described} == {
        c.name: stored.get(c.type, c.type) for c in REFINED_ENTRIES.columns
    }


@pytest.mark.parametrize("damage", [b"", b"no parquet", None])
def test_a_damaged_file_is_a_clear_error_with_the_path(tmp_path: Path, damage: bytes | None) -> None:
    data = DataFolder(tmp_path)
    path = write_table(data, SIGHTINGS, "a", "r1", SIGHTINGS.frame([row(SIGHTINGS)] * 500))
    path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
    for read in (lambda: read_table(data, SIGHTINGS), lambda: table_metadata(path)):
        with pytest.raises(LakeError) as raised:
            read()
        assert str(raised.value).startswith(f"{path} is damaged (")
        assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"none\.parquet is not there"):
        table_metadata(tmp_path / "none.parquet")


def test_columns_that_an_older_file_lacks_are_none(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    older = Table("sightings", "as it was", ("raw_entry_id",), SIGHTINGS.columns[:3])
    write_table(data, older, "a", "r1", older.frame([dict.fromkeys(older.names, "x")]))
    found = read_table(data, SIGHTINGS)
    assert list(found.columns) == SIGHTINGS.names
    assert found.loc[0, "page_url"] is None


def test_bad_rows_leave_the_old_file(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    path = write_table(data, SIGHTINGS, "a", "r1", SIGHTINGS.frame([row(SIGHTINGS)]))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="is null in 1 rows"):
        write_table(data, SIGHTINGS, "a", "r1", SIGHTINGS.frame([row(SIGHTINGS, run_id=None)]))
    with pytest.raises(ValueError, match="has no column surprise"):
        write_table(data, SIGHTINGS, "a", "r1", pd.DataFrame([row(SIGHTINGS, surprise=1)]))
    with pytest.raises(pa.ArrowException):
        write_table(data, SIGHTINGS, "a", "r1", SIGHTINGS.frame([row(SIGHTINGS, capture_offset="x")]))
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["r1.parquet"]


def test_a_file_that_may_not_grow_is_one_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    script = """
import pathlib, resource, sys, os
from datetime import UTC, datetime
from warehouse.lake import write_table
from warehouse.layout import DataFolder
from warehouse.storage import StorageError
from warehouse.tables import SIGHTINGS
moment = datetime(2018, 4, 18, tzinfo=UTC)
row = dict(source="a", run_id="r", page_url="u", captured_at=moment, capture_file="f", capture_offset=1)
frame = SIGHTINGS.frame([row | {"raw_entry_id": os.urandom(50).hex()} for _ in range(2000)])
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write_table(DataFolder(pathlib.Path(sys.argv[1])), SIGHTINGS, "a", "r", frame)
except StorageError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, capture_output=True, text=True)
    assert "could not write table sightings to" in done.stdout
    assert "may not grow further" in done.stdout
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="could not write table sightings"):
        write_table(DataFolder(tmp_path), SIGHTINGS, "a", "r1", SIGHTINGS.frame([]))

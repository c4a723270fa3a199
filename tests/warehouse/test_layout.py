from __future__ import annotations

import os
from pathlib import Path

import pytest

from warehouse.layout import DataFolder, written_whole


def test_nothing_is_made_by_asking(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    assert (data.sources(), data.runs("coe")) == ([], [])
    assert not data.root.exists()


def test_places(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    places = [data.captures("coe", "r1"), data.lake("sightings", "coe", "r1"), data.lock("coe"), data.latest]
    assert [data.relative(p) for p in places] == [
        "captures/coe/r1",
        "lake/sightings/coe/r1.parquet",
        "locks/coe.lock",
        "published/latest",
    ]


def test_a_run_counts_when_its_pages_are_whole(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    for run, name in [("r2", "pages.warc.gz"), ("r1", "pages.warc.gz"), ("r3", "pages.warc.gz.part")]:
        data.captures("coe", run).mkdir(parents=True)
        (data.captures("coe", run) / name).write_bytes(b"")
    assert data.sources() == ["coe"]
    assert data.runs("coe") == ["r1", "r2"]


def test_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    with written_whole(path) as part:
        part.write_text("one")
        assert not path.exists()
        assert str(os.getpid()) in part.name
        assert part.name.endswith(".part")
    with pytest.raises(KeyError), written_whole(path) as part:
        part.write_text("half of tw")
        raise KeyError
    assert path.read_text() == "one"
    assert [p.name for p in path.parent.iterdir()] == ["file"]

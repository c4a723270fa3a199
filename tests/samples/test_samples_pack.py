"""Packing the samples: the same bytes each time, everything reads back, mistakes are named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from warehouse.captures import Capture, read_captures

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ROW = {
    "file": "pages/a.html",
    "url": "https://www.coe.int/en/web/interculturalcities/newsroom",
    "captured_at": "2020-01-01T00:00:00Z",
    "status": 200,
    "headers": {"Content-Type": "text/html"},
}


def small(folder: Path, *rows: dict[str, Any]) -> Path:
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "pages" / "a.html").write_bytes(b"<h1>Caf\xe9</h1>")
    (folder / "index.yaml").write_text(yaml.safe_dump({"captures": list(rows)}), encoding="utf-8")
    return folder


def test_packing_twice_gives_the_same_bytes(packer: ModuleType, tmp_path: Path) -> None:
    first, second = tmp_path / "one" / "s.warc.gz", tmp_path / "two" / "s.warc.gz"
    assert packer.pack(first) == packer.pack(second) > 80
    assert first.read_bytes() == second.read_bytes()


def test_every_capture_reads_back_as_it_was_indexed(
    packer: ModuleType, index: list[dict[str, Any]], tmp_path: Path
) -> None:
    target = tmp_path / "s.warc.gz"
    packer.pack(target)
    read = list(read_captures(target))
    assert all(isinstance(capture, Capture) for capture in read)
    assert len(read) == len(index)
    for row, capture in zip(index, read, strict=True):
        assert isinstance(capture, Capture)
        assert (capture.url, capture.status) == (row["url"], row["status"])
        assert capture.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ") == row["captured_at"]
        assert capture.record_type == ("revisit" if "revisit_of" in row else "response")
        if "file" in row:
            assert capture.body == (SAMPLES / row["file"]).read_bytes()
            assert capture.media_type == row["headers"]["Content-Type"]


def test_the_script_writes_a_file_and_says_so(tmp_path: Path) -> None:
    target = tmp_path / "out.warc.gz"
    run = subprocess.run([sys.executable, SAMPLES / "pack.py", target], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert str(target) in run.stdout
    assert target.stat().st_size > 50_000


def test_a_missing_file_is_named_and_nothing_is_written(packer: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    shutil.copytree(SAMPLES, folder)
    gone = folder / "pages" / "coe-meetings" / "meetings-2017-th.html"
    gone.unlink()
    target = tmp_path / "s.warc.gz"
    run = subprocess.run(
        [sys.executable, folder / "pack.py", target], capture_output=True, text=True, check=False, cwd=SAMPLES.parent
    )
    assert run.returncode == 2
    assert str(gone) in run.stderr
    assert run.stderr.count("\n") == 1
    assert list(tmp_path.glob("*.warc*")) == []
    with pytest.raises(packer.SampleIndexError, match="meetings-2017-th"):
        packer.load_samples(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"captured_at": "yesterday"}, "yesterday"),
        ({"captured_at": "2020-01-01T00:00:00"}, "not a moment"),
        ({"status": "fine"}, "status"),
        ({"statuss": 200}, "unknown key statuss"),
        ({"headers": None}, "headers a mapping"),
        ({"url": None}, "url must be an address"),
    ],
)
def test_a_wrong_row_is_refused_with_its_number(
    packer: ModuleType, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    folder = small(tmp_path, ROW, {**ROW, **change})
    with pytest.raises(packer.SampleIndexError, match=words) as caught:
        packer.load_samples(folder)
    assert "capture 2" in str(caught.value)


def test_a_revisit_must_refer_to_an_earlier_response(packer: ModuleType, tmp_path: Path) -> None:
    later = {k: v for k, v in ROW.items() if k != "file"} | {"captured_at": "2020-02-01T00:00:00Z", "status": 304}
    of = {"url": ROW["url"], "captured_at": ROW["captured_at"]}
    folder = small(tmp_path, ROW, later | {"revisit_of": of})
    assert [s.status for s in packer.load_samples(folder)] == [200, 304]
    small(tmp_path, ROW, later | {"revisit_of": of | {"captured_at": "2019-01-01T00:00:00Z"}})
    with pytest.raises(packer.SampleIndexError, match="no capture before it"):
        packer.load_samples(folder)
    small(tmp_path, ROW, later | {"revisit_of": ROW["url"]})
    with pytest.raises(packer.SampleIndexError, match="needs url and captured_at"):
        packer.load_samples(folder)


@pytest.mark.parametrize("text", ["captures: [", "pages: []\n", "captures: []\n", "- a\n"])
def test_a_broken_index_is_one_clear_line(packer: ModuleType, tmp_path: Path, text: str) -> None:
    (tmp_path / "index.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(packer.SampleIndexError) as caught:
        packer.load_samples(tmp_path)
    assert "index.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)

"""Imports: each record to its source, once, with what was damaged told."""

from __future__ import annotations

import gzip
import os
import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.captures.imports import ImportPathError, ImportReport, capture_files, import_captures, import_run_id
from scrapers.captures.records import read_record
from scrapers.registry import Registry, load_registry
from scrapers.source import Source
from warehouse.captures import Capture, CaptureWriter, payload_digest, read_captures
from warehouse.layout import DataFolder
from warehouse.locks import hold

ICC = "https://www.coe.int/en/web/interculturalcities"
HTML = [("Content-Type", "text/html;charset=UTF-8")]
REGISTRY: Registry = load_registry()


def at(minute: int) -> datetime:
    return datetime(2024, 5, 1, 8, minute, tzinfo=UTC)


def write(path: Path) -> Path:
    """News, practices, an article and a page of nobody; one page unchanged later; one as text."""
    body = b"<html><body><h1>Newsroom</h1></body></html>"
    with CaptureWriter(path) as writer:
        writer.write_response(f"{ICC}/newsroom;jsessionid=1", at(0), 200, HTML, body)
        writer.write_response(f"{ICC}/good-practice?delta=5", at(1), 200, HTML, b"<html>practices</html>")
        writer.write_response(f"{ICC}/paris", at(2), 200, HTML, b"<html>Paris</html>")
        writer.write_revisit(f"{ICC}/newsroom", at(3), f"{ICC}/newsroom;jsessionid=1", at(0), payload_digest(body), 304)
        writer.write_text("http://coe.int/en/web/interculturalcities/newsroom", at(4), "Newsroom\n\nA text")
        writer.write_response(f"{ICC}/-/immigrants-council", at(5), 404, HTML, b"gone")
        writer.write_response(f"{ICC}/paris", at(6), 200, HTML, b"<html>Paris again</html>")
    return path


def captures(data: DataFolder, source: str, run_id: str) -> list[Capture]:
    found = list(read_captures(data.captures(source, run_id) / "pages.warc.gz"))
    assert all(isinstance(capture, Capture) for capture in found)
    return [capture for capture in found if isinstance(capture, Capture)]


def test_each_record_goes_to_its_source(tmp_path: Path, data: DataFolder) -> None:
    file = write(tmp_path / "kept.warc.gz")
    report = import_captures(file, REGISTRY, data)
    run_id = import_run_id(file)
    assert run_id.startswith("import-")
    assert len(run_id) == len("import-") + 12
    assert [(r.source, r.run_id, r.new, r.captures) for r in report.runs] == [
        ("coe-articles", run_id, True, 1),
        ("coe-good-practice", run_id, True, 1),
        ("coe-newsroom", run_id, True, 3),
    ]
    assert (report.unmatched, report.unmatched_count, report.faults) == ([f"{ICC}/paris"], 2, [])
    news = captures(data, "coe-newsroom", run_id)
    assert [(c.record_type, c.status, c.captured_at) for c in news] == [
        ("response", 200, at(0)),
        ("revisit", 304, at(3)),
        ("conversion", None, at(4)),
    ]
    assert news[0].url == f"{ICC}/newsroom;jsessionid=1", "the address is kept as it was"
    assert news[1].body == news[0].body != b""
    assert news[2].body == b"Newsroom\n\nA text"
    assert captures(data, "coe-articles", run_id)[0].status == 404
    record = read_record(data, "coe-newsroom", run_id)
    assert record is not None
    assert (record.outcome, record.captures, record.new, record.unchanged) == ("imported", 3, 2, 1)
    assert record.responses == {"200": 1, "304": 1, "text": 1}


def test_the_same_bytes_twice_add_nothing(tmp_path: Path, data: DataFolder) -> None:
    file = write(tmp_path / "kept.warc.gz")
    first = import_captures(file, REGISTRY, data)
    before = {path: path.stat().st_mtime_ns for path in data.root.rglob("captures/**/*") if path.is_file()}
    again = import_captures(Path(shutil.copy(file, tmp_path / "other.name")), REGISTRY, data)
    assert [run._replace(new=True) for run in again.runs] == first.runs
    assert not any(run.new for run in again.runs)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (again.unmatched_count, again.faults) == (2, [])


def test_what_a_source_claims_since_its_patterns_were_widened_comes_in_too(tmp_path: Path, data: DataFolder) -> None:
    file = write(tmp_path / "kept.warc.gz")
    run_id = import_run_id(file)
    import_captures(file, REGISTRY, data)
    news = REGISTRY.get("coe-newsroom")
    wider = news.model_copy(update={"patterns": [*news.patterns, "www.coe.int/{locale}/web/interculturalcities/paris"]})
    registry = Registry(REGISTRY.sources | {news.key: Source.model_validate(wider.model_dump())})
    report = import_captures(file, registry, data)
    assert [run for run in report.runs if run.new] == [("coe-newsroom", f"{run_id}-2", True, 5)]
    assert [c.body for c in captures(data, "coe-newsroom", f"{run_id}-2")] == [
        b"<html>Paris</html>",
        b"<html>Paris again</html>",
    ]
    assert (report.unmatched, len(captures(data, "coe-newsroom", run_id))) == ([], 3)
    assert not any(run.new for run in import_captures(file, registry, data).runs)


def test_an_import_that_was_cut_short_is_made_again(tmp_path: Path, data: DataFolder) -> None:
    file = write(tmp_path / "kept.warc.gz")
    run_id = import_run_id(file)
    folder = data.captures("coe-newsroom", run_id)
    import_captures(file, REGISTRY, data)
    (folder / "run.json").unlink()
    (folder / "pages.warc.gz").write_bytes(b"half")
    report = import_captures(file, REGISTRY, data)
    assert {run.source: run.new for run in report.runs} == {
        "coe-articles": False,
        "coe-good-practice": False,
        "coe-newsroom": True,
    }
    assert len(captures(data, "coe-newsroom", run_id)) == 3


def test_damage_is_told_and_the_rest_is_used(tmp_path: Path, data: DataFolder) -> None:
    file = write(tmp_path / "kept.warc.gz")
    file.write_bytes(file.read_bytes()[:-30])
    report = import_captures(file, REGISTRY, data)
    assert report.faults
    assert report.unmatched_count == 1, "the last page of nobody was cut"
    record = read_record(data, "coe-newsroom", import_run_id(file))
    assert record is not None
    assert [(f.offset, f.reason) for f in record.faults] == [(f.offset, f.reason) for f in report.faults]
    assert {f.file for f in record.faults} == {"kept.warc.gz"}
    assert record.captures == 3


@pytest.mark.parametrize(
    "content", [b"", b"no captures at all", gzip.compress(b"neither here", mtime=0), b"\x1f\x8b\x08broken"]
)
def test_a_file_that_is_no_capture_file_is_a_fault(tmp_path: Path, data: DataFolder, content: bytes) -> None:
    (tmp_path / "page.warc.gz").write_bytes(content)
    report = import_captures(tmp_path / "page.warc.gz", REGISTRY, data)
    assert (report.files, report.runs, report.unmatched) == (1, [], [])
    assert bool(report.faults) or not content


def test_a_revisit_of_an_earlier_import_gets_its_body(tmp_path: Path, data: DataFolder) -> None:
    body = b"<html>News of May</html>"
    with CaptureWriter(tmp_path / "may.warc.gz") as writer:
        writer.write_response(f"{ICC}/newsroom", at(0), 200, HTML, body)
    with CaptureWriter(tmp_path / "june.warc.gz") as writer:
        writer.write_revisit(f"{ICC}/newsroom", at(30), f"{ICC}/newsroom", at(0), payload_digest(body), 304)
        writer.write_revisit(f"{ICC}/newsroom", at(31), f"{ICC}/newsroom", at(9), payload_digest(b"never seen"), 304)
        writer.write_response(f"{ICC}/meetings", at(32), 200, HTML, b"<html>table</html>")
    import_captures(tmp_path / "may.warc.gz", REGISTRY, data)
    report = import_captures(tmp_path / "june.warc.gz", REGISTRY, data)
    run_id = import_run_id(tmp_path / "june.warc.gz")
    news = captures(data, "coe-newsroom", run_id)
    assert [(c.body, c.captured_at, c.media_type, c.status) for c in news] == [(body, at(30), HTML[0][1], 200)]
    assert len(captures(data, "coe-meetings", run_id)) == 1
    assert len(report.faults) == 1, "the page that is nowhere"


def test_a_folder_is_all_its_files_in_order(tmp_path: Path, data: DataFolder) -> None:
    folder = tmp_path / "folder"
    for name in ("b.warc.gz", "a/z.warc", "a/deep/c.wet.gz", "A.WARC.GZ", "notes.txt", "half.warc.gz.part"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    names = [path.relative_to(folder).as_posix() for path in capture_files(folder)]
    assert names == ["A.WARC.GZ", "a/deep/c.wet.gz", "a/z.warc", "b.warc.gz"]
    write(folder / "b.warc.gz")
    assert import_captures(folder, REGISTRY, data).files == 4


def test_a_path_that_holds_nothing_is_told(tmp_path: Path, data: DataFolder) -> None:
    with pytest.raises(ImportPathError, match=r"nowhere\.warc: no such file or folder"):
        import_captures(tmp_path / "nowhere.warc", REGISTRY, data)
    with pytest.raises(ImportPathError, match="no capture file in this folder"):
        import_captures(tmp_path, REGISTRY, data)
    assert not (data.root / "captures").exists()


def test_names_of_pages_of_nobody_are_bounded(tmp_path: Path, data: DataFolder, monkeypatch) -> None:
    monkeypatch.setattr("scrapers.captures.imports.MOST_UNMATCHED", 3)
    with CaptureWriter(tmp_path / "web.warc.gz") as writer:
        for number in range(9):
            writer.write_response(f"https://x.example/{number}", at(number), 200, HTML, b"x")
    report: ImportReport = import_captures(tmp_path / "web.warc.gz", REGISTRY, data)
    assert (len(report.unmatched), report.unmatched_count) == (3, 9)


def test_a_name_that_is_not_utf_8_is_written_down_all_the_same(tmp_path: Path, data: DataFolder) -> None:
    file = write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/ke\xffpt.warc.gz")))
    file.write_bytes(file.read_bytes()[:-30])
    import_captures(file, REGISTRY, data)
    record = read_record(data, "coe-newsroom", import_run_id(file))
    assert record is not None
    assert {record.imported_from, *(fault.file for fault in record.faults)} == {"ke\\udcffpt.warc.gz"}


def test_waiting_for_another_import_is_told(tmp_path: Path, data: DataFolder, caplog: pytest.LogCaptureFixture) -> None:
    with hold(data.lock("imports"), "import of other.warc.gz", wait=False):
        thread = threading.Thread(target=import_captures, args=(write(tmp_path / "kept.warc.gz"), REGISTRY, data))
        thread.start()
        deadline = time.monotonic() + 20
        while not caplog.messages and time.monotonic() < deadline:
            time.sleep(0.02)
        assert "waiting: the import of captures is held" in caplog.text
        assert "import of other.warc.gz" in caplog.text
    thread.join(20)
    assert not thread.is_alive()

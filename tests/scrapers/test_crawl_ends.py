"""How crawls end when they are stopped, killed, orphaned, or refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from portal import Portal

from scrapers.captures.records import RunRecord, judge, read_record, run_records
from scrapers.captures.salvage import salvage_dead_runs
from scrapers.crawl import crawl
from scrapers.registry import Source
from warehouse.captures import Capture, CaptureWriter, read_captures
from warehouse.layout import DataFolder
from warehouse.locks import Held, hold, holder_of


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


class Crawling:
    """A crawl in a thread, for being disturbed."""

    def __init__(self, source: Source, data: DataFolder, portal: Portal, after: int) -> None:
        self.records: list[RunRecord] = []
        self.thread = threading.Thread(target=lambda: self.records.append(crawl(source, data)))
        self.thread.start()
        wait_until(lambda: sum(portal.hits.values()) >= after)
        holder = holder_of(data.lock(source.key))
        assert holder
        self.pid = holder.pid

    def record(self) -> RunRecord:
        self.thread.join(30)
        assert not self.thread.is_alive()
        return self.records[0]


def captures(data: DataFolder, record: RunRecord) -> list[Capture]:
    found = list(read_captures(data.captures(record.source, record.run_id) / "pages.warc.gz"))
    return [capture for capture in found if isinstance(capture, Capture)]


@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGINT])
def test_a_crawl_that_is_told_to_stop_is_partial(
    portal: Portal, data: DataFolder, make_source, blow: signal.Signals
) -> None:
    portal.pause = 0.1
    crawling = Crawling(make_source(politeness={"concurrency": 1}), data, portal, after=6)
    os.kill(crawling.pid, blow)
    record = crawling.record()
    assert (record.outcome, record.finish_reason) == ("partial", "shutdown")
    assert 0 < record.captures == len(captures(data, record)) < len(portal.slugs)


def test_a_crawl_that_is_killed_is_saved_as_partial(portal: Portal, data: DataFolder, make_source) -> None:
    portal.pause = 0.1
    source = make_source(politeness={"concurrency": 1})
    crawling = Crawling(source, data, portal, after=8)
    os.kill(crawling.pid, signal.SIGKILL)
    record = crawling.record()
    assert (record.outcome, record.finish_reason) == ("partial", "killed")
    assert record.captures == len(captures(data, record)) >= 4
    assert not list(data.captures(source.key, record.run_id).glob("*.part"))
    assert read_record(data, source.key, record.run_id) == record
    portal.pause = 0
    assert crawl(source, data).outcome == "complete", "the next crawl is not in the way of the dead one"


def test_a_crawl_whose_master_is_killed_ends_by_itself(
    portal: Portal, data: DataFolder, make_source, tmp_path: Path
) -> None:
    portal.pause = 0.1
    source = make_source(politeness={"concurrency": 1})
    (tmp_path / "source.json").write_text(source.model_dump_json())
    program = (
        "import sys; from pathlib import Path; from scrapers.crawl import crawl; from scrapers.source import Source; "
        "from warehouse.layout import DataFolder; "
        "crawl(Source.model_validate_json(Path(sys.argv[1]).read_text()), DataFolder(Path(sys.argv[2])))"
    )
    master = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "source.json"), str(data.root)])
    wait_until(lambda: sum(portal.hits.values()) >= 6)
    master.kill()
    master.wait()
    wait_until(lambda: bool(run_records(data, source.key)))
    record = run_records(data, source.key)[0]
    assert record.outcome == "partial"
    assert record.captures == len(captures(data, record)) < len(portal.slugs)


def test_two_crawls_of_one_source_are_refused_naming_the_holder(portal: Portal, data: DataFolder, make_source) -> None:
    portal.pause = 0.1
    source = make_source()
    crawling = Crawling(source, data, portal, after=2)
    with pytest.raises(Held, match=rf"source local-news .*pid {crawling.pid} .*crawl"):
        crawl(source, data)
    assert salvage_dead_runs(data) == [], "a run that lives is not dead"
    assert crawling.record().outcome == "complete"
    assert len(run_records(data, source.key)) == 1


def test_a_process_that_dies_at_once_is_a_failed_run(data: DataFolder, make_source, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    record = crawl(make_source(), data)
    assert record.outcome == "failed"
    assert "died before it began" in record.finish_reason


def test_a_dead_run_that_somebody_else_salvaged_stays_as_it_is(
    portal: Portal, data: DataFolder, make_source, monkeypatch
) -> None:
    source = make_source()

    def died(source: Source, data: DataFolder, run_id: str, *_: object) -> int:
        """As a crawl that is killed after a page, with another source's turn right behind it."""
        writer = CaptureWriter(data.captures(source.key, run_id) / "pages.warc.gz")
        writer.write_response(
            source.start[0],
            datetime(2026, 11, 1, 12, tzinfo=UTC),
            200,
            [("Content-Type", "text/html")],
            b"<p>A page.</p>",
        )
        writer.close()
        assert [run.captures for run in salvage_dead_runs(data)] == [1]
        return -9

    monkeypatch.setattr("scrapers.crawl._run", died)
    record = crawl(source, data)
    assert (record.outcome, record.finish_reason, record.captures) == ("partial", "killed", 1)
    assert run_records(data, source.key) == [record]


def test_a_full_disk_ends_a_crawl_with_what_was_kept(
    portal: Portal, data: DataFolder, make_source, tmp_path: Path, monkeypatch, warm: str
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nulimit -f 24\nexec {warm} "$@"\n')  # 24 blocks of 512 bytes a file
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    record = crawl(make_source(), data)
    assert record.outcome == "partial"
    assert record.finish_reason.startswith("storage: could not write captures to ")
    assert 0 < record.captures == len(captures(data, record)) < len(portal.slugs)


@pytest.mark.torture
@pytest.mark.parametrize("moment", [0.1 * n for n in range(20)])
def test_a_crawl_killed_at_any_moment_leaves_whole_captures(
    portal: Portal, data: DataFolder, make_source, moment: float
) -> None:
    portal.pause = 0.03
    crawling = Crawling(make_source(politeness={"concurrency": 2}), data, portal, after=1)
    time.sleep(moment)
    with suppress(ProcessLookupError):
        os.kill(crawling.pid, signal.SIGKILL)
    record = crawling.record()
    assert record.outcome in ("partial", "failed", "complete")
    if record.captures:
        assert len(captures(data, record)) == record.captures
    assert salvage_dead_runs(data) == []


def abandoned(data: DataFolder, run_id: str, pages: int) -> Path:
    """What a killed run leaves behind."""
    path = data.captures("local-news", run_id) / "pages.warc.gz"
    with suppress(KeyboardInterrupt), CaptureWriter(path) as writer:
        for number in range(pages):
            moment = datetime(2024, 5, 1, 8, number, tzinfo=UTC)
            body = b"<p>" + os.urandom(90).hex().encode()
            writer.write_response(f"http://a.example/{number}", moment, 200, [("Content-Type", "text/html")], body)
        raise KeyboardInterrupt
    return writer.part


def test_dead_runs_are_saved_with_what_was_whole(data: DataFolder) -> None:
    part = abandoned(data, "20240501T080000Z-aaaa", 3)
    part.write_bytes(part.read_bytes()[:-20])
    abandoned(data, "20240502T080000Z-bbbb", 0)
    abandoned(data, "import-0123456789ab", 2)
    saved = {record.run_id: record for record in salvage_dead_runs(data)}
    assert saved["20240501T080000Z-aaaa"].outcome == "partial"
    assert saved["20240501T080000Z-aaaa"].captures == 2
    assert saved["20240501T080000Z-aaaa"].faults
    assert saved["20240501T080000Z-aaaa"].finished_at.isoformat() == "2024-05-01T08:01:00+00:00"
    assert saved["20240502T080000Z-bbbb"].outcome == "failed"
    assert set(saved) == {"20240501T080000Z-aaaa", "20240502T080000Z-bbbb"}, "an import is made again from its file"
    assert data.runs("local-news") == ["20240501T080000Z-aaaa"]
    assert salvage_dead_runs(data) == []


def test_dead_runs_of_a_source_that_is_held_are_left_alone(data: DataFolder) -> None:
    part = abandoned(data, "20240501T080000Z-aaaa", 3)
    with hold(data.lock("local-news"), "test", wait=False):
        assert salvage_dead_runs(data) == []
        assert part.is_file()
    assert len(salvage_dead_runs(data)) == 1


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (("finished", 3, 3, 0, 0), "complete"),
        (("finished", 3, 3, 9, 0), "complete"),
        (("finished", 3, 3, 1, 1), "partial"),
        (("shutdown", 3, 3, 0, 0), "partial"),
        (("shutdown", 0, 0, 0, 0), "failed"),
        (("finished", 2, 0, 2, 1), "failed"),
        (("finished", 0, 0, 0, 0), "empty"),
        (("finished", 0, 2, 0, 0), "empty"),
    ],
)
def test_the_rule_of_outcomes(told: tuple[str, int, int, int, int], outcome: str) -> None:
    assert judge(*told) == outcome

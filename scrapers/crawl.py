"""Crawl a source: start its process, wait for it, and believe nothing but its record.

What belongs here: the parent's side of a crawl. What does not: Scrapy (`crawl_process` and what it imports), judging
the yield. Importing this module does not import Scrapy.

    captures/<source>/<run_id>/pages.warc.gz.part   while it runs
    captures/<source>/<run_id>/pages.warc.gz        at the close, unless nothing was kept
    captures/<source>/<run_id>/run.json             last, written whole
    captures/<source>/<run_id>/crawl.log            what Scrapy said
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scrapers.browsing.browser_check import require_browser
from scrapers.captures.records import RunRecord, new_run_id, read_record, run_records, write_record
from scrapers.captures.salvage import is_dead, salvage_run
from scrapers.source import Source
from scrapers.trust.verdict import judged
from scrapers.trust.webhook import report
from warehouse.layout import DataFolder
from warehouse.locks import Held, hold, holder_of
from warehouse.storage import storing

_HELD = 75  # of crawl_process, not imported from there: that would import Scrapy
_GLANCE = 0.2  # seconds between two looks whether a crawl is over or to be stopped
_PATIENCE = 90  # seconds for a crawl that was told to stop; one response may take as long as its timeout


class NotCrawledError(ValueError):
    """A source that is never fetched was asked for."""


def crawl(
    source: Source,
    data: DataFolder,
    run_id: str | None = None,
    full: bool = False,
    look: bool = False,
    trial_of: DataFolder | None = None,
    stop: threading.Event | None = None,
) -> RunRecord:
    """Crawl a source into a new run and give its record, whatever came of it.

    `full`: every page is asked for and kept anew, else only what changed since the last run. A run that is not good is
    told to the webhooks. `look`: the start page and what it offers, of any strategy (`look`). `trial_of`: the data
    folder that this one is a scratch folder of: its book of hosts counts, and no webhook hears of the run. `stop`: when
    it is set the crawl is told to stop, and leaves a partial run.

    Raises warehouse.locks.Held at once when another run holds the source, NotCrawledError for one that is archive-only,
    BrowserMissingError for one that needs a browser which is not there, StorageError when the folder of the run can not
    be made. When the caller is interrupted the crawl is told to stop and leaves a partial run.
    """
    if source.strategy == "archive-only":
        raise NotCrawledError(f"source {source.key} is archive-only: import captures of it with --captures")
    if source.browser:
        require_browser(source.key)
    lock = data.lock(source.key)
    with hold(lock, "start of a crawl", wait=False):
        run_id = run_id or new_run_id(datetime.now(UTC))
        folder = data.captures(source.key, run_id)
        with storing("a run", folder):
            folder.mkdir(parents=True)
    started = datetime.now(UTC)
    order = Ordered(full, look, trial_of or data, stop)
    code = _run(source, data, run_id, folder / "crawl.log", order)
    if code == _HELD:
        _discard(folder)
        raise Held(lock, holder_of(lock))
    record = read_record(data, source.key, run_id) or _without_record(source, data, run_id, started)
    if trial_of is None:
        report(source, record)
    return record


@dataclass(frozen=True, slots=True)
class Ordered:
    """How a crawl is made, whose book of hosts counts, and what stops it early."""

    full: bool
    look: bool
    book: DataFolder
    stop: threading.Event | None = None


def _run(source: Source, data: DataFolder, run_id: str, log: Path, ordered: Ordered) -> int:
    """Run the process to its end; its standard input stays open as long as we live."""
    order: dict[str, object] = {
        "source": source.model_dump(mode="json"),
        "data": str(data.root.resolve()),
        "run_id": run_id,
        "full": ordered.full,
        "look": ordered.look,
        "book": str(ordered.book.root.resolve()),
    }
    command = [sys.executable, "-m", "scrapers.crawl_process"]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said)  # noqa: S603  # our own
        try:
            _tell(process, json.dumps(order))
            return _waited(process, ordered.stop)
        finally:
            _end(process)


def _tell(process: subprocess.Popen[bytes], order: str) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it died at once; its log says why, and it has no record
        process.stdin.write(f"{order}\n".encode())
        process.stdin.flush()


def _waited(process: subprocess.Popen[bytes], stop: threading.Event | None) -> int:
    """Wait for the end of a process, and see to it when it is told to stop; its exit code."""
    if stop is None:
        return process.wait()
    while (code := process.poll()) is None and not stop.wait(_GLANCE):
        pass
    if code is None:
        _end(process)
    return process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that the process is over: told by the end of its input, then by signals."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.close()
    for harder in (process.terminate, process.kill):
        try:
            process.wait(_PATIENCE)
            return
        except subprocess.TimeoutExpired:
            harder()
    process.wait()


def _without_record(source: Source, data: DataFolder, run_id: str, started: datetime) -> RunRecord:
    """The record of a run whose process died before it could write one."""
    folder = data.captures(source.key, run_id)
    with hold(data.lock(source.key), f"salvage of {run_id}", wait=True):
        if salvaged := read_record(data, source.key, run_id):
            return salvaged  # by somebody who came before us
        if is_dead(folder):
            return salvage_run(data, folder)
        record = RunRecord(
            run_id=run_id,
            source=source.key,
            outcome="failed",
            finish_reason=_last_words(folder / "crawl.log"),
            started_at=started,
            finished_at=datetime.now(UTC),
        )
        record = judged(record, run_records(data, source.key), source.thresholds.min_entries)
        write_record(data, record)
        return record


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.is_file() else []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
    return f"died before it began: {last[:300]}"


def _discard(folder: Path) -> None:
    (folder / "crawl.log").unlink(missing_ok=True)
    folder.rmdir()

"""Imports: capture files from anywhere into the data folder, each record to the source that it belongs to.

What belongs here: finding files, run ids, routing records, writing runs of imports. What does not: the WARC format
(`warehouse.captures`), which source an address is of (`registry`), reading pages.

A file is a run `import-<first 12 hex digits of SHA-256 of its bytes>` of every source that one of its records belongs
to. A run that is there is not written again; one that was cut short is, since only a whole one has a `run.json`. When a
source claims more of a file than before, that goes into a further run, `import-<digits>-2`. The lock `imports` is
waited for, so that two imports of one file never write the same run.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

from scrapers.captures.records import MOST_FAULTS, RecordedFault, RunRecord, read_record, write_record
from scrapers.registry import Registry
from warehouse.captures import Capture, CaptureWriter, Fault, payload_digest, read_captures, resolve_from
from warehouse.layout import DataFolder
from warehouse.locks import Held, hold

LOG = logging.getLogger("cityharvest.imports")
SUFFIXES = (".warc", ".warc.gz", ".wet", ".wet.gz")
MOST_UNMATCHED = 1000
"""Addresses named in a report; a crawl of the whole web holds millions that are of no source."""


class ImportPathError(ValueError):
    """A path that holds nothing to import; the message says what to do."""


class ImportedRun(NamedTuple):
    """A run of an import; `new` is false when it was there before."""

    source: str
    run_id: str
    new: bool
    captures: int


@dataclass(slots=True)
class ImportReport:
    """What an import did. `unmatched`: addresses of no source, each once, the first thousand; `unmatched_count` all."""

    files: int = 0
    runs: list[ImportedRun] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    unmatched_count: int = 0
    faults: list[Fault] = field(default_factory=list)


def import_captures(path: Path, registry: Registry, data: DataFolder) -> ImportReport:
    """Import a file, or all capture files below a folder in the order of their paths.

    ImportPathError when the path is not there or a folder holds no capture file; RegistryError when an address fits
    two sources; StorageError when the disk is full. What a file holds never raises: damage is a fault of the report.
    """
    files = capture_files(path)
    report = ImportReport()
    with hold(data.lock("imports"), f"import of {path.name}", wait=True, on_wait=_tell_wait):
        for file in files:
            _import_file(file, registry, data, report)
    return report


def _tell_wait(held: Held) -> None:
    LOG.warning("waiting: %s", held)


def capture_files(path: Path) -> list[Path]:
    """The file itself, whatever its name, or all capture files below a folder, sorted."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise ImportPathError(f"{path}: no such file or folder; give a {', '.join(SUFFIXES)} file or a folder of them")
    files = sorted(p for p in path.rglob("*") if p.name.lower().endswith(SUFFIXES) and p.is_file())
    if not files:
        raise ImportPathError(f"{path}: no capture file in this folder; they end with {', '.join(SUFFIXES)}")
    return files


def import_run_id(path: Path) -> str:
    """The run id of a file, from its bytes."""
    with path.open("rb") as file:
        return f"import-{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"


@dataclass(slots=True)
class _Run:
    """One run of a file, written from its first capture on that no earlier run of the same file holds.

    count: captures of those earlier runs. held: their addresses and moments.
    """

    run_id: str
    open: Callable[[], CaptureWriter]
    count: int = 0
    held: frozenset[tuple[str, str]] = frozenset()
    writer: CaptureWriter | None = None
    first: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    responses: Counter[str] = field(default_factory=Counter)
    captures: int = 0
    bytes: int = 0

    def write(self, capture: Capture) -> None:
        """Keep a capture; a revisit of a body that this run holds refers to it, any other is kept with its body."""
        if (capture.url, _stamp(capture)) in self.held:
            return
        if self.writer is None:
            self.writer = self.open()
        digest = payload_digest(capture.body)
        earlier = self.first.setdefault(digest, (capture.url, capture.captured_at))
        status, moment = capture.status, capture.captured_at
        if capture.record_type == "conversion":
            self.writer.write_text(capture.url, moment, capture.body)
        elif capture.record_type == "revisit" and earlier != (capture.url, moment):
            self.writer.write_revisit(capture.url, moment, *earlier, digest, status or 304, capture.headers)
        else:
            # A 304 that brings its body along is what the server would have said without being asked for less.
            status = 200 if capture.record_type == "revisit" else status
            self.writer.write_response(capture.url, moment, status, _headers(capture), capture.body)
        self.captures += 1
        self.bytes += len(capture.body)
        self.responses[str(capture.status or "text")] += 1


def _headers(capture: Capture) -> list[tuple[str, str]]:
    """The headers, with the media type that a revisit has from the capture it refers to."""
    named = any(name.lower() == "content-type" for name, _ in capture.headers)
    return [*capture.headers, *([] if named or not capture.media_type else [("Content-Type", capture.media_type)])]


def _import_file(path: Path, registry: Registry, data: DataFolder, report: ImportReport) -> None:
    run_id, started = import_run_id(path), datetime.now(UTC)
    runs: dict[str, _Run] = {}
    faults: list[Fault] = []
    with ExitStack() as stack:
        for found in _records(path, data):
            if isinstance(found, Fault):
                faults.append(found)
                continue
            source = registry.route(found.url)
            if source is None:
                _unmatched(found.url, report)
                continue
            if source.key not in runs:
                runs[source.key] = _open(data, source.key, run_id, stack)
            runs[source.key].write(found)
    for key, run in sorted(runs.items()):
        if run.writer is not None:
            write_record(data, _record(key, run, started, _name(path), faults))
        name, is_new = (run.run_id, True) if run.writer else (run_id, False)
        report.runs.append(ImportedRun(key, name, is_new, run.count + run.captures))
    report.files += 1
    report.faults += faults


def _name(path: Path) -> str:
    """The name of a file as it can be written down: bytes that are no UTF-8 as escapes."""
    return path.name.encode("utf-8", "backslashreplace").decode()


def _records(path: Path, data: DataFolder) -> Iterator[Capture | Fault]:
    """The records of a file; a revisit whose page is in an earlier run is given its body, one of nothing is dropped."""
    waiting: Capture | None = None
    earlier = (p for p in sorted((data.root / "captures").glob("*/*/pages.warc.gz")))
    for found in read_captures(path, resolve_from(earlier)):
        is_bare = isinstance(found, Capture) and found.record_type == "revisit" and not found.body
        if waiting and not (isinstance(found, Fault) and found.offset == waiting.offset):
            yield waiting
        waiting = found if is_bare and isinstance(found, Capture) else None
        if not is_bare:
            yield found
    if waiting:
        yield waiting


def _open(data: DataFolder, source: str, run_id: str, stack: ExitStack) -> _Run:
    """The run of a file for a source. When the patterns of the source were narrower before, what they left out then
    goes into a further run: a run that is written is never touched."""
    known: list[tuple[str, str]] = []
    name, further = run_id, count(2)
    while (file := data.captures(source, name) / "pages.warc.gz").is_file() and read_record(data, source, name):
        known += [(one.url, _stamp(one)) for one in read_captures(file) if isinstance(one, Capture)]
        name = f"{run_id}-{next(further)}"
    return _Run(name, lambda: stack.enter_context(CaptureWriter(file)), len(known), frozenset(known))


def _stamp(capture: Capture) -> str:
    return f"{capture.captured_at:%Y%m%d%H%M%S}"


def _unmatched(url: str, report: ImportReport) -> None:
    report.unmatched_count += 1
    if len(report.unmatched) < MOST_UNMATCHED and url not in report.unmatched:
        report.unmatched.append(url)


def _record(source: str, run: _Run, started: datetime, name: str, faults: list[Fault]) -> RunRecord:
    return RunRecord(
        run_id=run.run_id,
        source=source,
        outcome="imported",
        finish_reason="finished",
        started_at=started,
        finished_at=datetime.now(UTC),
        responses=dict(run.responses),
        captures=run.captures,
        new=len(run.first),
        unchanged=run.captures - len(run.first),
        bytes=run.bytes,
        faults=[RecordedFault(file=name, offset=f.offset, reason=f.reason) for f in faults[:MOST_FAULTS]],
        imported_from=name,
    )

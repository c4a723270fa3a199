"""Keeping what archives give: originals into runs of the source that they are of, and the counts of the backfill.

    captures/<archive source>/<run_id>/          run.json and crawl.log of the backfill, no pages
    captures/<source>/import-<run_id>/           its pages, as an import: pages.warc.gz and run.json

What belongs here: writing originals, handing the run over, what a killed backfill has left. What does not: which
captures are asked for (`choosing`), whether an answer is one (`originals`).

The pages go where an import of them would go, so the source reads them with its own strategy, and what they say meets
what its live pages say. As of an import its file has no name without `.part` before it is whole, and no lock of the
source is held: its crawls go on meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scrapy import Request
from scrapy.http import Response

from scrapers.archive.originals import Original
from scrapers.archive.rows import Row
from scrapers.archive.taken import Taken, taken_path
from scrapers.captures.keeping import Keeper
from scrapers.captures.records import FINISHED, RecordedFault, RunRecord, import_id, write_record
from scrapers.source import Source
from warehouse.captures import Capture, CaptureWriter, Fault, read_captures, salvage
from warehouse.layout import DataFolder

_PAGES = "pages.warc.gz"
_OFTEN, _MANY = 2.0, 100  # seconds, rows: what a killed backfill may have to ask for again


class ArchiveKeeper(Keeper):
    """Counts answers of archives, and keeps the originals in them. finish_reason: of the backfill, for its record."""

    def __init__(self, source: Source, data: DataFolder, run_id: str, full: bool = False) -> None:
        if source.target is None:
            raise ValueError(f"source {source.key}: the source that it is of is not known; take both from one registry")
        self.target: str = source.target.key
        self.finish_reason = FINISHED
        left = list(_settled(data, source.key, self.target))
        self.taken = Taken(taken_path(data, source.key), _runs(data, source.key, self.target), full)
        for file in left:
            self.taken.add_file(file)
        self.taken.commit()
        super().__init__(source, data, run_id, full)
        self._data, self._started = data, datetime.now(UTC)
        self._run = import_id(run_id)
        self._originals: CaptureWriter | None = None
        self._synced_at = time.monotonic()

    def keep(self, request: Request, response: Response, moment: datetime) -> None:
        """Count an answer; what is in it is kept when it is known to be an original."""
        self.responses[str(response.status)] += 1

    def keep_original(self, row: Row, original: Original) -> None:
        """Write a capture as it was made, and remember it."""
        if self.broken:
            return
        with self.noticing():
            if self._originals is None:
                self._originals = CaptureWriter(self._data.captures(self.target, self._run) / _PAGES)
            write = self._originals.write_response
            write(original.url, original.moment, original.status, original.headers, original.body)
            self.captures += 1
            self.bytes += len(original.body)
            self.taken.add(row)
            if self.taken.waiting >= _MANY or time.monotonic() - self._synced_at > _OFTEN:
                self._originals.sync()
                self.taken.commit()
                self._synced_at = time.monotonic()

    def close(self) -> None:
        """Finish the file and hand it over; then what was taken is true."""
        if self._originals is not None:
            self._originals.close()
            now = datetime.now(UTC)
            record = _record(
                self._data, self.target, self._run, self.source.key, self.finish_reason, self._started, now
            )
            write_record(self._data, record)
        self.taken.close()
        kept, self.captures = self.captures, 0  # none of them is in the run of the backfill itself
        super().close()
        self.captures = kept


def _folders(data: DataFolder, source: str, target: str) -> Iterator[Path]:
    """Folders of pages that backfills of a source have left in its target, the oldest first."""
    runs = sorted(path.name for path in data.captures(source, "run").parent.glob("*") if path.is_dir())
    folders = (data.captures(target, import_id(run)) for run in runs)
    return (folder for folder in folders if folder.is_dir())


def _runs(data: DataFolder, source: str, target: str) -> Iterator[Path]:
    return (folder / _PAGES for folder in _folders(data, source, target) if (folder / _PAGES).is_file())


def _settled(data: DataFolder, source: str, target: str) -> Iterator[Path]:
    """Make runs of what killed backfills have left; gives their files."""
    for folder in _folders(data, source, target):
        part, whole = folder / f"{_PAGES}.part", folder / _PAGES
        if part.is_file() and not whole.is_file():
            salvage(part)
        if whole.is_file() and not (folder / "run.json").is_file():
            moment = datetime.fromtimestamp(whole.stat().st_mtime, UTC)
            record = _record(data, target, folder.name, source, "killed", moment, moment)
            if record.captures:
                write_record(data, record)
                yield whole
            else:
                whole.unlink()


def _record(
    data: DataFolder, target: str, run_id: str, source: str, reason: str, started: datetime, finished: datetime
) -> RunRecord:
    """The record of the pages, counted as they stand in the file."""
    captures, size, bodies = 0, 0, set()
    faults: list[RecordedFault] = []
    for found in read_captures(data.captures(target, run_id) / _PAGES):
        if isinstance(found, Fault):
            faults.append(RecordedFault(file=_PAGES, offset=found.offset, reason=found.reason))
        elif isinstance(found, Capture):
            captures, size = captures + 1, size + len(found.body)
            bodies.add(hash(found.body))
    return RunRecord(
        run_id=run_id,
        source=target,
        outcome="imported",
        finish_reason=reason,
        started_at=started,
        finished_at=finished,
        responses={"200": captures} if captures else {},
        captures=captures,
        new=len(bodies),
        unchanged=captures - len(bodies),
        bytes=size,
        faults=faults,
        imported_from=f"{source}/{run_id.removeprefix('import-')}",
    )

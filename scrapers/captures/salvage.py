"""Salvage: what a crawl that was killed has left becomes a partial run.

What belongs here: finding dead runs and writing their records. What does not: the intact records of a `.part`
(`warehouse.captures.salvage`), imports, which are simply made again from their file.

A run is dead when it has captures but no `run.json`, and nobody holds its source's lock.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from scrapers.captures.records import MOST_FAULTS, RecordedFault, RunRecord, run_records, write_record
from scrapers.trust.verdict import judged
from warehouse.captures import Capture, Fault, read_captures, salvage
from warehouse.layout import DataFolder
from warehouse.locks import Held, hold

_WHOLE = "pages.warc.gz"


def salvage_dead_runs(data: DataFolder) -> list[RunRecord]:
    """Make a run of every dead one; sources whose lock is held are left alone. StorageError when the disk is full."""
    by_source: dict[str, list[Path]] = {}
    for folder in sorted((data.root / "captures").glob("*/*")):
        if is_dead(folder):
            by_source.setdefault(folder.parent.name, []).append(folder)
    saved = []
    for source, folders in by_source.items():
        try:
            with hold(data.lock(source), "salvage of dead runs", wait=False):
                saved += [salvage_run(data, folder) for folder in folders if is_dead(folder)]
        except Held:
            continue
    return saved


def is_dead(folder: Path) -> bool:
    """Whether a run's folder was left behind without a record; imports never count."""
    has_captures = (folder / _WHOLE).is_file() or (folder / f"{_WHOLE}.part").is_file()
    return has_captures and not (folder / "run.json").is_file() and not folder.name.startswith("import-")


def salvage_run(data: DataFolder, folder: Path) -> RunRecord:
    """Save one dead run; the caller holds the lock of its source. A run of nothing is failed, and keeps no captures."""
    whole, part = folder / _WHOLE, folder / f"{_WHOLE}.part"
    moment = datetime.fromtimestamp((part if part.is_file() else whole).stat().st_mtime, UTC)
    faults: list[Fault] = []
    if part.is_file() and not whole.is_file():
        faults += salvage(part).faults
    found = list(_outline(whole, faults))
    captures, revisits = len(found), sum(is_revisit for _, is_revisit, _ in found)
    if not captures:
        whole.unlink()
    moments = [at for _, _, at in found]
    record = RunRecord(
        run_id=folder.name,
        source=folder.parent.name,
        outcome="partial" if captures else "failed",
        finish_reason="killed",
        started_at=min(moments, default=moment),
        finished_at=max(moments, default=moment),
        responses=dict(Counter(status for status, _, _ in found)),
        captures=captures,
        new=captures - revisits,
        unchanged=revisits,
        faults=[RecordedFault(file=_WHOLE, offset=f.offset, reason=f.reason) for f in faults[:MOST_FAULTS]],
    )
    record = judged(record, run_records(data, record.source))
    write_record(data, record)
    return record


def _outline(path: Path, faults: list[Fault]) -> list[tuple[str, bool, datetime]]:
    """Status, whether it is a revisit, and moment of each capture; bodies are let go at once."""
    outline = []
    for found in read_captures(path):
        if isinstance(found, Capture):
            outline.append((str(found.status), found.record_type == "revisit", found.captured_at))
        else:
            faults.append(found)
    return outline

"""What is left of a dead run: its `.part` becomes a whole capture file.

What belongs here: keeping the intact records. What does not: the run record, which says that the run was partial.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.captures.model import Fault
from warehouse.captures.records import CAPTURE_TYPES, read_records
from warehouse.captures.writing import info_record, is_packed
from warehouse.layout import written_whole
from warehouse.storage import StorageError, storing


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The file that was made, how many captures it holds, and the damaged places that were left out.

    A damaged place is one record as a rule; where the damage hid the start of the next ones, more.
    """

    path: Path
    kept: int
    lost: int
    faults: tuple[Fault, ...]


def salvage(part: Path) -> Salvaged:
    """Make `pages.warc.gz` of `pages.warc.gz.part`: the intact records, byte for byte as they are.

    Needs no room on the disk when only the end is damaged. Only for the `.part` of a run that is over: the caller holds
    the lock of its source. ValueError when it is no `.part` that is there, StorageError when the whole file exists
    already or the disk does not take it; the part can then be salvaged later.
    """
    if part.suffix != ".part" or not part.is_file():
        raise ValueError(f"{part} is not the .part of a capture file, or not there")
    path = part.with_suffix("")
    if path.exists():
        raise StorageError(f"could not salvage {part}: {path} exists already; remove one of the two")
    spans, kept, faults = _scan(part)
    with storing("salvaged captures", path):
        if spans and all(fault.offset >= spans[-1][1] for fault in faults):
            # Only the tail is damaged, as a rule: cut it off in place, for the disk may be full.
            _cut(part, spans[-1][1])
            part.replace(path)
        else:
            with written_whole(path) as whole:
                _copy(part, whole, spans, path.name)
            part.unlink()
    return Salvaged(path, kept, len(faults), faults)


def _scan(part: Path) -> tuple[list[tuple[int, int]], int, tuple[Fault, ...]]:
    """Where the intact records are, how many of them are captures, and what is damaged."""
    spans: list[tuple[int, int]] = []
    faults: list[Fault] = []
    kept = 0
    for record in read_records(part, name=str(part)):
        if isinstance(record, Fault):
            faults.append(record)
        else:
            spans.append((record.offset, record.end))
            kept += record.type in CAPTURE_TYPES
    return spans, kept, tuple(faults)


def _closing(name: str) -> bytes:
    return b"" if is_packed(name) else b"\r\n\r\n"


def _cut(part: Path, end: int) -> None:
    with part.open("r+b") as file:
        file.truncate(end)
        file.seek(end)
        file.write(_closing(part.name))
        file.flush()
        os.fsync(file.fileno())


def _copy(part: Path, whole: Path, spans: list[tuple[int, int]], name: str) -> None:
    with part.open("rb") as source, whole.open("wb") as target:
        for start, end in spans:
            source.seek(start)
            target.write(source.read(end - start) + _closing(name))
        if not spans:
            target.write(info_record(name, datetime.now(UTC)))
        target.flush()
        os.fsync(target.fileno())

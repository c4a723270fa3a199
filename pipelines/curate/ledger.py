"""The ledger of ids on disk, and heirs: raw keys that take over from ones that a changed reader no longer gives.

What belongs here: `identity.parquet` in and out, and what the latest release knew of each raw entry. What does not:
who gets which id (`identity`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rapidfuzz import fuzz

from pipelines.curate.features import fold
from pipelines.curate.identity import Row
from warehouse.build import connect
from warehouse.layout import DataFolder, written_whole
from warehouse.releases import DATABASE, latest_release, reading
from warehouse.storage import storing
from warehouse.tables import IDENTITY

# Two readings of one line of one capture: the title may have been mended, it does not become another.
_ALIKE_TITLES = 90


class LedgerError(RuntimeError):
    """The ledger can not be read. It is never made anew in silence: that would lose published ids."""


def read_ledger(data: DataFolder) -> list[Row]:
    """All rows, oldest first; none when nothing was ever curated here. Raises LedgerError."""
    path = data.identity
    if not path.exists():
        return []
    try:
        with path.open("rb") as file:
            frame = IDENTITY.from_arrow(pq.ParquetFile(file).read())
    except (OSError, pa.ArrowException) as error:
        raise LedgerError(f"{path}: the ledger of ids is damaged ({error}); restore it from a copy") from error
    return list(frame.itertuples(index=False, name=None))


def write_ledger(data: DataFolder, rows: Sequence[Row]) -> None:
    """Write the whole ledger, in place of the one it continues. StorageError when the disk does not take it."""
    table = IDENTITY.to_arrow(IDENTITY.frame([dict(zip(IDENTITY.names, row, strict=True)) for row in rows]))
    with storing("the ledger of ids", data.identity), written_whole(data.identity) as part:
        pq.write_table(table, part, compression="zstd")


def published_sources(data: DataFolder) -> list[dict[str, Any]]:
    """Rows of `entry_sources` of the latest release: entry_id, raw_entry_id, title, capture_file, capture_offset.

    Raises DamagedRelease.
    """
    release = latest_release(data)
    if release is None:
        return []
    columns = ("entry_id", "raw_entry_id", "title", "capture_file", "capture_offset")
    with reading(release), connect(release / DATABASE, read_only=True) as con:
        rows = con.table("entry_sources").project(", ".join(columns)).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def heirs(
    published: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], known: set[str], now: datetime
) -> list[Row]:
    """Ledger rows for raw keys that take over the id of a vanished raw entry.

    A better reader changes what is said of an item, and so the `raw_entry_id` that stands for an item without a key.
    Such an entry is known again by its place: the same capture, and the same or nearly the same title. `published` are
    rows as of `published_sources`, `rows` the refined rows with `raw_key`, `known` the raw keys of the ledger.
    """
    present = {row["raw_entry_id"] for row in rows}
    vanished = defaultdict(list)
    for old in published:
        if old["raw_entry_id"] not in present and old["raw_entry_id"] in known:
            vanished[old["capture_file"], old["capture_offset"]].append(old)
    found = []
    for row in sorted(rows, key=lambda r: (r["ordinal"], r["raw_entry_id"])):
        left = vanished.get((row["capture_file"], row["capture_offset"]))
        if not left or row["raw_key"] in known:
            continue
        likeness, old = max(((_likeness(old, row), old) for old in left), key=lambda pair: pair[0])
        if likeness >= _ALIKE_TITLES:
            left.remove(old)
            known = known | {row["raw_key"]}
            found.append((row["raw_key"], old["entry_id"], now))
    return found


def _likeness(old: Mapping[str, Any], row: Mapping[str, Any]) -> float:
    titles = (fold(old["title"] or ""), fold(row["raw_title"] or row["title"] or ""))
    return float(fuzz.ratio(*titles)) if all(titles) else 0.0

"""What was taken from the archives before, so that a run asks only for what is new; and what never comes.

    validators/<source>.archive.sqlite    one row a capture that was taken or refused

What belongs here: the store. What does not: choosing (`choosing`), writing captures (`keeping`).

A row is written only after its capture is on the disk, and says no more than the capture does: the rows can be made
again from what is kept, and are when the store is lost or damaged.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.read.addresses import parse_address
from scrapers.archive.originals import SOURCE_HEADER
from scrapers.archive.rows import Row
from scrapers.asking.validators import leftovers
from warehouse.captures import Capture, read_captures
from warehouse.captures.records import header
from warehouse.layout import DataFolder

LOG = logging.getLogger("cityharvest.archive")
MOST_TRIES = 3
"""Runs in which a capture that is not what the index says is asked for; after that it is passed over."""
_TABLE = """create table if not exists taken (
    page text, stamp text, digest text not null, tries integer not null, primary key (page, stamp)
) without rowid"""
_Key = tuple[str, str]


def page_of(url: str) -> str:
    """The page that an address is of, whatever its scheme and spelling."""
    return parse_address(url).page_key


def taken_path(data: DataFolder, source: str) -> Path:
    """Where the store of a source lies."""
    return data.root / "validators" / f"{source}.archive.sqlite"


class Taken:
    """What is known of the captures of one source. The caller holds its lock.

    runs: capture files that the store can be made from again. `full` knows nothing, and still remembers.
    """

    def __init__(self, path: Path, runs: Iterable[Path], full: bool = False) -> None:
        self._taken: set[_Key] = set()
        self._bodies: set[_Key] = set()
        self._tries: dict[_Key, int] = {}
        self._waiting: dict[_Key, tuple[str, int]] = {}
        self._store, is_new = _opened(path)
        if is_new:
            for file in runs:
                self.add_file(file)
            self.commit()
        if full:
            self._taken, self._bodies, self._tries = set(), set(), {}
        else:
            self._load()

    def has(self, row: Row) -> bool:
        """Whether the capture is kept."""
        return (page_of(row.url), row.stamp) in self._taken

    def has_body(self, row: Row) -> bool:
        """Whether a capture of the same page with the same digest is kept."""
        return (page_of(row.url), row.digest) in self._bodies

    def is_given_up(self, row: Row) -> bool:
        """Whether it was asked for in vain so often that it is not asked for again."""
        return self._tries.get((page_of(row.url), row.stamp), 0) >= MOST_TRIES

    def add(self, row: Row) -> None:
        """Remember a capture that is kept; it is stored by the next `commit`."""
        self._remember((page_of(row.url), row.stamp), row.digest, 0)

    def add_file(self, path: Path) -> None:
        """Remember the captures of a file that came from an archive."""
        for key, digest in _kept(path):
            self._remember(key, digest, 0)

    def refuse(self, row: Row) -> None:
        """Remember that a capture is not what the index says."""
        key = (page_of(row.url), row.stamp)
        self._remember(key, row.digest, self._tries.get(key, 0) + 1)

    @property
    def waiting(self) -> int:
        """Rows that are not stored yet."""
        return len(self._waiting)

    def commit(self) -> None:
        """Store what waits. The captures that it speaks of must be on the disk by now."""
        rows, self._waiting = [(*key, *told) for key, told in self._waiting.items()], {}
        if self._store is None or not rows:
            return
        try:
            with self._store:
                self._store.executemany("insert or replace into taken values (?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            LOG.warning("what was taken from archives is not stored (%s): the next run asks for it again", error)
            self._store.close()
            self._store = None

    def close(self) -> None:
        """Store what waits, and let go."""
        self.commit()
        if self._store is not None:
            self._store.close()

    def _remember(self, key: _Key, digest: str, tries: int) -> None:
        self._waiting[key] = (digest, tries)
        self._note(key, digest, tries)

    def _note(self, key: _Key, digest: str, tries: int) -> None:
        if tries:
            self._tries[key] = tries
            return
        self._taken.add(key)
        if digest:
            self._bodies.add((key[0], digest))

    def _load(self) -> None:
        if self._store is None:
            return
        for page, stamp, digest, tries in self._store.execute("select page, stamp, digest, tries from taken"):
            self._note((page, stamp), digest, tries)


def _kept(path: Path) -> Iterator[tuple[_Key, str]]:
    """Page, moment and digest of each capture of a file that came from an archive."""
    for found in read_captures(path):
        if isinstance(found, Capture) and header(found.headers, SOURCE_HEADER):
            digest = header(found.headers, f"{SOURCE_HEADER}-Digest") or ""
            yield (page_of(found.url), f"{found.captured_at:%Y%m%d%H%M%S}"), digest


def _opened(path: Path) -> tuple[sqlite3.Connection | None, bool]:
    """The store, and whether it knows nothing yet; None when the disk does not take it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.is_file()
        try:
            return _connected(path), is_new
        except sqlite3.OperationalError:  # locked, read-only, no room: not the file's fault
            raise
        except sqlite3.DatabaseError:
            LOG.warning("%s is damaged and made anew from what is kept", path)
            for name in leftovers(path):
                name.unlink(missing_ok=True)
            return _connected(path), True
    except (sqlite3.Error, OSError) as error:
        LOG.warning("%s can not be used (%s)", path, error)
        return None, True


def _connected(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path, timeout=10)
    try:
        store.execute("pragma journal_mode = truncate")
        store.execute(_TABLE)
        store.execute("select count(*), max(tries) from taken").fetchone()
        store.commit()
    except sqlite3.Error:
        store.close()
        raise
    return store

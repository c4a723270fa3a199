"""Validators: what is known of each address of a source from its last capture, for asking only for what changed.

    validators/<source>.sqlite    one row an address; one row a finished capture file: its size and when it was written

What belongs here: the store, and what a page led to (`Outline`). What does not: sending the headers (`conditional`),
writing captures (`keeping`).

A row is written only after the capture that it speaks of: losing the store costs one full crawl, but a row without its
capture would make of a 304 a page that nobody has. A store that is damaged is therefore thrown away.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.read import Link
from warehouse.captures import Capture, payload_digest, read_capture
from warehouse.layout import DataFolder

LOG = logging.getLogger("cityharvest.validators")
_VERSION = 1
_TABLE = """create table if not exists pages (
    url text primary key, etag text, last_modified text, sha256 text not null, digest text not null,
    captured_at text not null, run_id text, offset integer, outline text not null, reader text not null
) without rowid"""
_FILES = """create table if not exists files (
    run_id text primary key, size integer not null, written_ns integer not null
) without rowid"""
_COLUMNS = "url, etag, last_modified, sha256, digest, captured_at, run_id, offset, outline, reader"


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page led to: keys of the items it lists, links worth following, how many entries its reader found.

    unread: its reader finds nothing any more, though it links to what it listed before; never stored.
    """

    items: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    entries: int = 0
    unread: bool = False

    def to_json(self) -> str:
        """As it is stored."""
        links = [[link.url, link.role] for link in self.links]
        return json.dumps({"items": sorted(self.items), "links": links, "entries": self.entries}, ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> Outline:
        """As it was stored."""
        found = json.loads(text)
        links = tuple(Link(url, role) for url, role in found["links"])
        return cls(frozenset(found["items"]), links, found["entries"])


@dataclass(frozen=True, slots=True)
class Known:
    """An address as it was last captured.

    etag, last_modified: as the server gave them, or None. sha256: of the body, decoded, in hex. digest: of the same as
    WARC has it. captured_at, run_id, offset: the record that holds the body; run_id None when the page only led on and
    was not kept. reader: mark of the code that made the outline.
    """

    url: str
    etag: str | None
    last_modified: str | None
    sha256: str
    digest: str
    captured_at: datetime
    run_id: str | None
    offset: int | None
    outline: Outline = field(default_factory=Outline)
    reader: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request that asks whether the page changed."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}

    def row(self) -> tuple[Any, ...]:
        """As it is stored, in the order of the columns."""
        moment = self.captured_at.isoformat()
        place = (moment, self.run_id, self.offset, self.outline.to_json(), self.reader)
        return (self.url, self.etag, self.last_modified, self.sha256, self.digest, *place)


def store_path(data: DataFolder, source: str) -> Path:
    """Where the validators of a source lie."""
    return data.root / "validators" / f"{source}.sqlite"


class Validators:
    """The rows of one source. `full` knows nothing of earlier runs, so everything is asked for and kept anew.

    The caller holds the lock of the source. A store that can not be used is left out with a warning: the crawl goes on
    as if every page were new.
    """

    def __init__(self, data: DataFolder, source: str, run_id: str, full: bool = False) -> None:
        self._data, self._source, self._run_id = data, source, run_id
        self._full = full
        self._waiting: dict[str, Known] = {}
        self._now: dict[str, Known] = {}
        self._sizes: dict[str, int] = {}
        self._store: sqlite3.Connection | None = None
        path = store_path(data, source)
        try:
            self._store = _opened(path)
        except (sqlite3.Error, OSError) as error:
            LOG.warning("%s can not be used (%s): every page is asked for in full", path, error)

    def find(self, url: str) -> Known | None:
        """What is known of an address, as long as its capture is there and whole; None when it is new."""
        if url in self._now:
            return self._now[url]
        found = None if self._full else self._row(url)
        return found if found and self._is_kept(found) else None

    def capture(self, known: Known) -> Capture | None:
        """The capture that a row speaks of; None when it is not there any more, or never was."""
        if known.run_id is None or known.offset is None:
            return None
        folder = self._data.captures(self._source, known.run_id)
        name = "pages.warc.gz.part" if known.run_id == self._run_id else "pages.warc.gz"
        found = read_capture(folder / name, known.offset)
        is_it = isinstance(found, Capture) and found.captured_at == known.captured_at
        return found if isinstance(found, Capture) and is_it and payload_digest(found.body) == known.digest else None

    def add(self, known: Known) -> None:
        """Remember an address; it is stored by the next `commit`."""
        self._waiting[known.url] = self._now[known.url] = known

    @property
    def waiting(self) -> int:
        """Rows that are not stored yet."""
        return len(self._waiting)

    def commit(self) -> None:
        """Store what waits. The captures that it speaks of must be on the disk by now."""
        rows, self._waiting = [known.row() for known in self._waiting.values()], {}
        if self._store is None or not rows:
            return
        try:
            with self._store:
                self._store.executemany(f"insert or replace into pages ({_COLUMNS}) values ({_marks()})", rows)  # noqa: S608
        except sqlite3.Error as error:
            LOG.warning("validators of %s are not stored (%s)", self._source, error)
            self._store.close()
            self._store = None

    def close(self) -> None:
        """Store what waits, and let go."""
        self.commit()
        if self._store is not None:
            self._store.close()

    def vouch(self) -> None:
        """Remember the finished capture file of this run: as long as it is the same, its captures need no look."""
        if self._store is None:
            return
        with suppress(OSError, sqlite3.Error), self._store:
            row = (self._run_id, *self._stamp(self._run_id))
            self._store.execute("insert or replace into files (run_id, size, written_ns) values (?, ?, ?)", row)

    def _is_kept(self, known: Known) -> bool:
        if known.run_id is None or known.offset is None:
            return known.run_id is None
        if known.run_id not in self._sizes:
            self._sizes[known.run_id] = self._vouched(known.run_id)
        return known.offset < self._sizes[known.run_id] or self.capture(known) is not None

    def _vouched(self, run_id: str) -> int:
        """Size of a capture file that is as its crawl left it; 0 for one that is not, or that nobody vouches for."""
        if self._store is None:
            return 0
        with suppress(OSError, sqlite3.Error):
            asked = "select size, written_ns from files where run_id = ?"
            row = self._store.execute(asked, (run_id,)).fetchone()
            stamp = self._stamp(run_id)
            return stamp[0] if row == stamp else 0
        return 0

    def _stamp(self, run_id: str) -> tuple[int, int]:
        found = (self._data.captures(self._source, run_id) / "pages.warc.gz").stat()
        return found.st_size, found.st_mtime_ns

    def _row(self, url: str) -> Known | None:
        if self._store is None:
            return None
        try:
            row = self._store.execute(f"select {_COLUMNS} from pages where url = ?", (url,)).fetchone()  # noqa: S608
            return _known(row) if row else None
        except (sqlite3.Error, ValueError, KeyError, TypeError):
            return None  # a row that can not be read is a page that is not known


def _known(row: tuple[Any, ...]) -> Known:
    url, etag, modified, sha256, digest, moment, run_id, offset, outline, reader = row
    captured_at, led_to = datetime.fromisoformat(moment), Outline.from_json(outline)
    return Known(url, etag, modified, sha256, digest, captured_at, run_id, offset, led_to, reader)


def _marks() -> str:
    return ", ".join("?" for _ in _COLUMNS.split(","))


def _opened(path: Path) -> sqlite3.Connection:
    """The store, made when it is not there, made anew when it is damaged or of another version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # locked, read-only, no room: not the file's fault
            raise
        LOG.warning("%s is damaged and made anew: every page is asked for in full", path)
        for name in leftovers(path):
            name.unlink(missing_ok=True)
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path, timeout=10)
    try:
        store.execute("pragma page_size = 1024")
        store.execute("pragma journal_mode = truncate")
        if store.execute("pragma user_version").fetchone()[0] not in (0, _VERSION):
            raise sqlite3.DatabaseError("made by another version")
        store.execute(_TABLE)
        store.execute(_FILES)
        store.execute(f"pragma user_version = {_VERSION}")
        store.commit()
    except sqlite3.Error:
        store.close()
        raise
    return store


def leftovers(path: Path) -> Iterable[Path]:
    """The files of a store: itself and its journals."""
    return [path, *(path.with_name(f"{path.name}-{end}") for end in ("journal", "wal", "shm"))]

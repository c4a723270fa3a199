"""The book of hosts: how often each was asked today, when it may be asked again. One for all crawls of a data folder.

    hosts.sqlite    one row a host (with its port)

What belongs here: the shared count and clock. What does not: waiting (`pace`), which answers ask for patience
(`retrying`).

Sources share hosts, and crawls run side by side: two of one host take turns here as one crawl would. Times are those of
the wall clock, the only one that processes and days share; when it was set back nobody waits longer than asked for.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scrapers.asking.validators import leftovers
from warehouse.layout import DataFolder
from warehouse.storage import StorageError

LONGEST_PAUSE = 86_400.0
"""Seconds; a server that asks for more is asked again after a day."""
_TABLE = """create table if not exists hosts (
    host text primary key, day integer not null, requests integer not null, next_at real not null, pause real not null
) without rowid"""


class SpentError(Exception):
    """The budget of a host for today is used up."""


def book_path(data: DataFolder) -> Path:
    """Where the book lies."""
    return data.root / "hosts.sqlite"


class HostBook:
    """The book. StorageError when it can not be written: without it nobody would know how much was asked."""

    def __init__(self, data: DataFolder, clock: Callable[[], float] = time.time) -> None:
        self._path = book_path(data)
        self._clock = clock
        with self._storing():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._book = self._opened()

    def turn(self, host: str, delay: float, daily: int) -> float:
        """Take a turn to ask a host, and give 0; or the seconds after which to try again, and nothing is taken.

        `delay`: seconds until the next turn of anybody. SpentError when `daily` requests were made today (UTC).
        """
        with self._storing(), self._alone():
            now = self._clock()
            day, requests, next_at, pause = self._row(host, now)
            if requests >= daily:
                raise SpentError(f"{requests} requests to {host} today")
            wait = max(min(next_at - now, delay), min(pause - now, LONGEST_PAUSE))
            if wait > 0:
                return wait
            row = (host, day, requests + 1, now + delay, 0.0)
            self._book.execute("insert or replace into hosts values (?, ?, ?, ?, ?)", row)
        return 0.0

    def pause(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long; a longer pause that is under way stands."""
        with self._storing(), self._alone():
            now = self._clock()
            day, requests, next_at, pause = self._row(host, now)
            until = max(min(pause, now + LONGEST_PAUSE), now + min(seconds, LONGEST_PAUSE))
            row = (host, day, requests, next_at, until)
            self._book.execute("insert or replace into hosts values (?, ?, ?, ?, ?)", row)

    def asked_today(self, host: str) -> int:
        """Requests to a host today (UTC)."""
        with self._storing():
            return self._row(host, self._clock())[1]

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def _row(self, host: str, now: float) -> tuple[int, int, float, float]:
        today = int(now // 86_400)
        found = self._book.execute("select day, requests, next_at, pause from hosts where host = ?", (host,)).fetchone()
        day, requests, next_at, pause = found or (today, 0, 0.0, 0.0)
        return today, requests if day == today else 0, next_at, pause

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._book.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._book.execute("rollback")
            raise
        self._book.execute("commit")

    @contextmanager
    def _storing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            message = f"could not write the book of hosts to {self._path}: {error}; check disk and rights of the folder"
            raise StorageError(0, message) from error

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            # Damaged: what was asked today is forgotten, and only that.
            for name in leftovers(self._path):
                name.unlink(missing_ok=True)
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        book = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            book.execute("pragma page_size = 1024")
            book.execute("pragma journal_mode = truncate")
            book.execute("pragma synchronous = off")  # after a power cut a lost minute of the count does no harm
            book.execute(_TABLE)
        except sqlite3.Error:
            book.close()
            raise
        return book

"""Which of the captures that an index lists are asked for.

What belongs here: the choice. What does not: reading an index (`rows`), what was taken before (`taken`).

A month of an address has room for so many captures, and the first that the index lists have it, in this run as in the
next; so a second run asks for nothing that the first did not. One that is given up leaves its room to the next.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum, auto

from pipelines.read.addresses import parse_address
from scrapers.archive.rows import Row
from scrapers.archive.taken import Taken, page_of
from scrapers.source import Source


class Choice(Enum):
    """What becomes of a listed capture."""

    TAKE = auto()
    HELD = auto()  # it is kept already
    SAME = auto()  # the same bytes of this address are kept, or asked for
    CROWDED = auto()  # its month has no room
    GIVEN_UP = auto()  # it never was what the index says
    OTHER = auto()  # it belongs to no pattern of the source, or to another time


class Chooser:
    """Chooses the captures of one run, in the order in which they are listed."""

    def __init__(self, source: Source, taken: Taken) -> None:
        assert source.archive is not None
        self._source, self._taken, self._archive = source, taken, source.archive
        self._months: Counter[tuple[str, str]] = Counter()
        self._asked: set[tuple[str, str]] = set()

    def choose(self, row: Row) -> Choice:
        """What becomes of a capture; one that is taken, or held, fills a place in its month."""
        if not self._is_ours(row):
            return Choice.OTHER
        page = page_of(row.url)
        month, is_held = (page, row.stamp[:6]), self._taken.has(row)
        if not is_held and (refused := self._refusal(row, page)):
            return refused
        if self._months[month] >= self._archive.per_month or (page, row.stamp) in self._asked:
            return Choice.CROWDED
        self._months[month] += 1
        self._asked |= {(page, row.stamp), *([(page, row.digest)] if row.digest else [])}
        return Choice.HELD if is_held else Choice.TAKE

    def _refusal(self, row: Row, page: str) -> Choice | None:
        if self._taken.is_given_up(row):
            return Choice.GIVEN_UP
        is_known = self._taken.has_body(row) or (page, row.digest) in self._asked
        return Choice.SAME if self._archive.collapse and row.digest and is_known else None

    def _is_ours(self, row: Row) -> bool:
        address, archive = parse_address(row.url), self._archive
        is_then = archive.begin <= row.moment.date() and (archive.end is None or row.moment.date() <= archive.end)
        return is_then and not address.is_trap and self._source.best_match(address) is not None

"""Walks through a list: page after page until nothing is new, and round again until a round adds nothing.

What belongs here: which page of a list is asked next. What does not: fetching, what a page says.

The order of a list is not stable, so an item may slip from a page not yet seen to one already seen; only another round
finds it. A page beyond the end may repeat the last one, so the end is a page that brings nothing new in its round.
"""

from __future__ import annotations

from collections.abc import Hashable, Set
from dataclasses import dataclass, field

from w3lib.url import add_or_replace_parameter

from pipelines.read.addresses import parse_address

MOST_ROUNDS = 5
MOST_PAGES = 1000
_FAILURES_IN_A_ROW = 2


@dataclass(slots=True)
class Walk:
    """A list that is walked through.

    start: address of its first page; with a `delta` it is paged by `start`, counted from 1. seen: what all rounds
    brought. lost: pages that never came. unread: pages that listed items of which no entry could be made, though those
    of pages before them could.
    """

    start: str
    seen: set[Hashable] = field(default_factory=set)
    lost: dict[int, str] = field(default_factory=dict)
    unread: set[int] = field(default_factory=set)
    round: int = 1
    _in_round: set[Hashable] = field(default_factory=set)
    _gained: int = 0
    _pages_with_new: int = 0
    _failures: int = 0
    _retried: bool = False
    _had_entries: bool = False

    def arrived(
        self, page: int, items: Set[Hashable], following: str | None, entries: int | None = None, unread: bool = False
    ) -> tuple[int, str] | None:
        """Note what a page brought; give the number and address of the page to ask next, None at the end.

        `following`: the address of the next page as the page itself links to it, for lists that are not paged by
        number. `entries`: how many the reader made of it; None when nobody looked. `unread`: an earlier run made some.
        """
        self.lost.pop(page, None)
        self._failures = 0
        if unread or (self._had_entries and entries == 0 and items):
            self.unread.add(page)
        self._had_entries |= bool(entries)
        new = items - self._in_round
        self._gained += len(items - self.seen)
        self.seen |= items
        self._in_round |= items
        if not new:
            return self._next_round()
        self._pages_with_new += 1
        return self._after(page, following) or self._next_round()

    def failed(self, page: int, url: str, is_end: bool) -> tuple[int, str] | None:
        """Note a page that did not come; `is_end` when the server says that there is no such page."""
        if is_end and page > 1:
            return self._next_round()
        self.lost[page] = url
        self._failures += 1
        if self._failures >= _FAILURES_IN_A_ROW:
            return self._next_round()
        return self._after(page, None) or self._next_round()

    def address(self, page: int) -> str:
        """The address of a page of the list."""
        return self.start if page == 1 else add_or_replace_parameter(self.start, "start", str(page))

    @property
    def is_numbered(self) -> bool:
        """Whether its pages are asked for by number, whatever they link to."""
        return "delta=" in self.start.partition("?")[2]

    def _after(self, page: int, following: str | None) -> tuple[int, str] | None:
        if page >= MOST_PAGES:
            return None
        if self.is_numbered:
            return page + 1, self.address(page + 1)
        return (max(page + 1, parse_address(following).page), following) if following else None

    def _next_round(self) -> tuple[int, str] | None:
        # One page holds the whole list, or the last round added nothing: the list is known. A lost page is worth one
        # more round, if the server answers at all.
        worth_it = self._pages_with_new > 1 and self._gained > 0
        if self.lost and self._pages_with_new and not self._retried:
            self._retried = worth_it = True
        if not worth_it or self.round >= MOST_ROUNDS:
            return None
        self.round += 1
        self._in_round, self._gained, self._pages_with_new, self._failures = set(), 0, 0, 0
        return 1, self.address(1)

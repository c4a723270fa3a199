"""The crawls of a harvest: several side by side, each handed over when the turn of its source comes.

What belongs here: when a crawl begins, and how it is waited for or stopped. What does not: the crawl itself
(`scrapers.crawl`), and what follows from its record (`steps`).

A crawl is a process of its own that mostly waits, because it is polite. Hosts that several sources share take turns in
their book, so nobody is asked faster for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Self

from scrapers.captures.records import RunRecord
from scrapers.captures.salvage import salvage_dead_runs
from scrapers.crawl import crawl
from scrapers.source import Source
from warehouse.layout import DataFolder

LOG = logging.getLogger("cityharvest.crawls")


def tell_salvaged(data: DataFolder) -> None:
    """Make runs of what killed crawls have left, and say so."""
    for saved in salvage_dead_runs(data):
        LOG.warning("%s: run %s was killed; its %d captures are used", saved.source, saved.run_id, saved.captures)


class Crawls:
    """Crawls when asked to, and waits for it."""

    def record(self, source: Source, data: DataFolder, full: bool) -> RunRecord:
        """The record of a crawl; raises what `scrapers.crawl.crawl` raises."""
        return crawl(source, data, full=full)


class CrawlsAhead(Crawls):
    """At most `jobs` crawls side by side, begun before they are asked for; a context, which stops those under way."""

    def __init__(self, jobs: int) -> None:
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="crawl")
        self._stop = threading.Event()
        self._begun: dict[str, Future[RunRecord]] = {}

    def begin(self, sources: Iterable[Source], data: DataFolder, full: bool) -> None:
        """Begin crawls. Dead runs are salvaged before, since that takes the locks of their sources for a moment."""
        tell_salvaged(data)
        for source in sources:
            self._begun[source.key] = self._pool.submit(crawl, source, data, full=full, stop=self._stop)

    def in_turn(self, keys: Sequence[str]) -> Iterator[str]:
        """Those that are not begun, in their order; then the others, as their crawls end."""
        yield from (key for key in keys if key not in self._begun)
        waiting = {self._begun[key]: key for key in keys if key in self._begun}
        for ended in as_completed(waiting):
            yield waiting[ended]

    def record(self, source: Source, data: DataFolder, full: bool) -> RunRecord:
        """That of the crawl which was begun, or of one made now."""
        begun = self._begun.get(source.key)
        return begun.result() if begun else super().record(source, data, full)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)

"""Pace: every request waits for its turn, and the budgets of the run and of the day end it.

What belongs here: the middleware that waits. What does not: the book that it asks (`hosts`), how long a server wants to
be left alone (`retrying`), the delay that robots.txt names (`robots`, which puts it into `delays`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request

from pipelines.read.addresses import parse_address
from scrapers.asking.guard import Refused
from scrapers.asking.hosts import HostBook, SpentError
from scrapers.source import Source
from warehouse.storage import StorageError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_STEP = 0.5  # seconds; a crawl that is told to stop does not sleep on


class Pace:
    """Downloader middleware: the turn of a request, or the end of the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        spider: Any = crawler.spider
        source: Source = spider.source
        book: HostBook = spider.book
        self._spider, self._polite, self._book = spider, source.politeness, book
        self._left = self._polite.budget

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Return when the request may be sent; raise Refused when it may not be sent in this run."""
        if self._left <= 0:
            self._end("budget", request)
        self._left -= 1
        host = parse_address(request.url).host
        try:
            while wait := self._book.turn(host, self._delay(host), self._polite.daily):
                if wait > max(self._polite.max_wait, self._delay(host)):
                    self._end("throttled", request)
                await self._sleep(wait, request)
        except SpentError:
            self._end("daily budget", request)
        except StorageError as error:
            self._end(f"storage: {error}", request)

    def _delay(self, host: str) -> float:
        asked: float = self._spider.delays.get(host, 0.0)
        return max(self._polite.delay, asked)

    async def _sleep(self, seconds: float, request: Request) -> None:
        while seconds > 0:
            if self._spider.finish_reason or not self._crawler.crawling:
                raise Refused("stopped", request.url)
            await asyncio.sleep(min(seconds, _STEP))
            seconds -= _STEP

    def _end(self, reason: str, request: Request) -> None:
        self._spider.stop(reason)
        raise Refused(reason.partition(":")[0], request.url)

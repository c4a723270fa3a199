"""The spider for Liferay portals: lists by page number, then the pages of single items.

What belongs here: which links of a page are followed. What does not: finding the links (`pipelines.read`), refusing
addresses (`guard`), keeping responses (`keeping`), when a list ends (`walks`).

A portal of 13 languages and 9 page sizes has tens of thousands of addresses for a few hundred items. One list a
language is walked, and of links only those of role `detail` are followed, in the languages of the source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, Self

import scrapy
from scrapy import signals
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from pipelines.read import PageReading, read_page
from pipelines.read.addresses import clean_address, parse_address
from scrapers.guard import refused_names
from scrapers.keeping import Keeper
from scrapers.source import Source
from scrapers.spiders.walks import Walk

_GONE = (404, 410)


class LiferaySpider(scrapy.Spider):
    """Walks the lists of a source and, when the source says so, its items' own pages."""

    name = "liferay"

    def __init__(self, source: Source, keeper: Keeper, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.keeper = keeper
        self.walks = [Walk(clean_address(start) or start) for start in source.start_addresses]
        self.asked: set[str] = set()
        self.errors: Counter[str] = Counter()
        self.finish_reason: str | None = None
        keeper.on_full = lambda message: self.stop(f"storage: {message}")

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to make one."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The first page of every list."""
        for walk in self.walks:
            yield self._list_request(walk, 1, walk.address(1))

    def parse_list(self, response: Response, walk: Walk, page: int) -> Iterator[scrapy.Request]:
        """One page of a list: its items' pages, then the next page."""
        reading = self._read(response)
        items = {
            entry["item_key"] or (entry["title"], entry["date_raw"], entry["summary"]) for entry in reading.entries
        }
        items |= {parse_address(link.url).item_key for link in reading.links if link.role == "detail"}
        yield from self._details(reading)
        following = min((link.url for link in reading.links if link.role == "next"), key=_page, default=None)
        yield from self._list_requests(walk, walk.arrived(page, items - {None}, following))

    def parse_detail(self, response: Response) -> None:
        """A page of one item: it is kept, and leads nowhere."""

    def list_failed(self, failure: Failure) -> Iterator[scrapy.Request]:
        """A page of a list that did not come."""
        request: Any = failure.request  # type: ignore[attr-defined]
        status = self._count(failure)
        walk, page = request.cb_kwargs["walk"], request.cb_kwargs["page"]
        yield from self._list_requests(walk, walk.failed(page, request.url, is_end=status in _GONE))

    def detail_failed(self, failure: Failure) -> None:
        """A page of an item that did not come."""
        self._count(failure)

    def broke(self, failure: Failure, response: Response) -> None:
        """A fault of our own while a page was read: the walk ends there, so the run must not pass for complete."""
        self.errors[f"spider {type(failure.value).__name__}"] += 1
        told = response.cb_kwargs
        if "walk" in told:
            told["walk"].lost[told["page"]] = response.url

    def stop(self, reason: str) -> None:
        """End the crawl early; the first reason stands."""
        if self.finish_reason is None:
            self.finish_reason = reason
            engine: Any = self.crawler.engine
            engine.close_spider(self, reason)

    def closed(self, reason: str) -> None:
        """Scrapy's word that the crawl is over, and why."""
        self.finish_reason = self.finish_reason or reason

    def _read(self, response: Response) -> PageReading:
        media_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        moment = datetime.now(UTC)
        return read_page(response.url, response.body, media_type, moment, self.source.strategy, self.source.hints)

    def _details(self, reading: PageReading) -> Iterator[scrapy.Request]:
        for link in reading.links if self.source.follow_details else []:
            address = parse_address(link.url)
            wanted = address.locale is None or not self.source.locales or address.locale in self.source.locales
            if link.role != "detail" or address.is_trap or not wanted or address.page_key in self.asked:
                continue
            if self.source.best_match(address):
                self.asked.add(address.page_key)
                yield scrapy.Request(link.url, callback=self.parse_detail, errback=self.detail_failed)

    def _list_requests(self, walk: Walk, step: tuple[int, str] | None) -> Iterator[scrapy.Request]:
        if step:
            yield self._list_request(walk, *step)

    def _list_request(self, walk: Walk, page: int, url: str) -> scrapy.Request:
        told = {"walk": walk, "page": page}
        # Lists first: an item that vanishes while details are fetched is then at least known.
        return scrapy.Request(url, callback=self.parse_list, errback=self.list_failed, cb_kwargs=told, priority=10)

    def _count(self, failure: Failure) -> int | None:
        """Count a failure by its class; give the HTTP status when it has one."""
        error: Any = failure.value
        if isinstance(error, HttpError):
            self.errors[f"http {error.response.status}"] += 1
            return int(error.response.status)
        reason = getattr(error, "reason", None)
        if any(name in str(error) for name in refused_names):
            reason = "private address"
        self.errors[reason if isinstance(reason, str) else type(error).__name__] += 1
        return None


def _page(url: str) -> int:
    return parse_address(url).page

"""The spider of archives: an index query by query, and of what it lists the records themselves.

What belongs here: which request follows which answer, and the class of what goes wrong. What does not: what an index or
a record says (`scrapers.archive`), the choice, keeping.

Records go before the rest of the index, so a run that is ended early has used its requests; the next run lists again,
which is cheap, and asks for what is still missing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import scrapy
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.archive import asking
from scrapers.archive.choosing import Choice, Chooser
from scrapers.archive.keeping import ArchiveKeeper
from scrapers.archive.originals import PASSING, NotOriginalError, Original, from_range, from_replay
from scrapers.archive.prefixes import Asked, named, of_patterns
from scrapers.archive.rows import (
    Answer,
    IndexFaultError,
    Row,
    commoncrawl_answer,
    crawls_between,
    page_count,
    says_none,
    wayback_answer,
)
from scrapers.archive.wire import WIRE
from scrapers.asking.hosts import HostBook
from scrapers.source import Source
from scrapers.spiders.base import HarvestSpider
from scrapers.spiders.walks import Walk
from scrapers.trust.faults import fault_class
from warehouse.captures import MAX_BODY

MOST_PAGES = 1000
"""Answers to one query; an index that never ends would have as many."""
BAD_ROW, REDIRECT = "bad index row", "archive redirect"
_LASTING = ("http 404", "http 410", "http 451", REDIRECT)  # of this record; all else may be a bad day of the archive
_DECODE, _NOTED = "scrapers.captures.decoding.Decode", "scrapers.archive.wire.NotedDecode"


class _Query(NamedTuple):
    """One question to an index. crawl: of Common Crawl; `key`, or `page` of `pages`, say where it goes on."""

    service: str
    asked: Asked
    crawl: str = ""
    key: str | None = None
    page: int | None = None
    pages: int = 0


class ArchiveSpider(HarvestSpider):
    """Takes captures of another source out of archives. held: captures that are listed and kept already."""

    name = "archive"

    def __init__(self, source: Source, keeper: ArchiveKeeper, book: HostBook, **kwargs: Any) -> None:
        super().__init__(source, keeper, book, **kwargs)
        assert source.archive is not None
        self.archive, self.originals = source.archive, keeper
        self.chooser = Chooser(source, keeper.taken)
        self.held = 0
        self._limit = min(source.politeness.max_bytes, MAX_BODY)
        self._waiting = [_Query(service, asked) for service in self.archive.services for asked in asked_of(source)]
        self._crawls: list[str] | None = list(self.archive.crawls) or None

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Note digests before codings are undone, and ask for records in the order in which they are listed."""
        super().update_settings(settings)
        chain = settings.getdict("DOWNLOADER_MIDDLEWARES")
        chain[_NOTED] = chain.pop(_DECODE)
        settings.set("DOWNLOADER_MIDDLEWARES", chain, priority="spider")
        settings.set("SCHEDULER_MEMORY_QUEUE", "scrapy.squeues.FifoMemoryQueue", priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        """The first question; each further one follows the answer to the one before it."""
        for request in self._next_query():
            yield request

    def parse_crawls(self, response: Response, walk: Walk, page: int) -> Iterator[scrapy.Request]:
        """The crawls of Common Crawl."""
        first, last = self.archive.begin.year, self.archive.end.year if self.archive.end else 9999
        try:
            self._crawls = crawls_between(response.body, first, last)
        except IndexFaultError as fault:
            self._lose(fault.reason, walk, page, response.url)
            self._crawls = []
        yield from self._next_query()

    def parse_index(self, response: Response, walk: Walk, page: int, query: _Query) -> Iterator[scrapy.Request]:
        """An answer of an index: records that it lists, and the next question."""
        following: _Query | None = None
        try:
            if query.service == "commoncrawl" and query.page is None:
                pages = page_count(response.body)
                following = query._replace(page=0, pages=pages) if pages else None
                walk.lost.pop(page, None)
            else:
                answer = _answer(query, response.body)
                yield from self._records(answer, walk, response.url)
                following = self._following(query, answer, walk, page)
        except IndexFaultError as fault:
            self.refused += 1
            self._lose(fault.reason, walk, page, response.url)
        yield from [self._ask(following, walk, page + 1)] if following else self._next_query()

    def parse_record(self, response: Response, row: Row) -> None:
        """A record: kept when it is the original that was asked for."""
        try:
            original = self._original(response, row)
        except NotOriginalError as fault:
            self.count(fault.reason, response.url)
            if fault.reason not in PASSING:
                self.originals.taken.refuse(row)
            return
        self.originals.keep_original(row, original)

    def index_failed(self, failure: Failure) -> Iterator[scrapy.Request]:
        """An answer of an index that did not come; Common Crawl says 404 when it has nothing."""
        request: Any = failure.request  # type: ignore[attr-defined]
        walk, page, query = (request.cb_kwargs.get(name) for name in ("walk", "page", "query"))
        if not (query and query.crawl and _is_none(failure)):
            self._lose(self._class(failure), walk, page, request.url)
        if query is None:
            self._crawls = self._crawls or []
        yield from self._next_query()

    def record_failed(self, failure: Failure) -> None:
        """A record that did not come."""
        request: Any = failure.request  # type: ignore[attr-defined]
        if self._class(failure) in _LASTING:
            self.originals.taken.refuse(request.cb_kwargs["row"])
        self.count(self._class(failure), request.url)

    def closed(self, reason: str) -> None:
        """Scrapy's word that the crawl is over, and why."""
        super().closed(reason)
        self.originals.finish_reason = self.finish_reason or reason

    def _next_query(self) -> Iterator[scrapy.Request]:
        """The next question of those that wait; for Common Crawl once a crawl."""
        if not self._waiting:
            return
        if self._waiting[0].service == "commoncrawl" and not self._waiting[0].crawl:
            if self._crawls is None:
                yield self._first_request(asking.crawl_list(self.archive), self.parse_crawls)
                return
            asked = [query.asked for query in self._waiting if query.service == "commoncrawl"]
            others = [query for query in self._waiting if query.service != "commoncrawl"]
            self._waiting = [_Query("commoncrawl", a, crawl) for crawl in self._crawls for a in asked] + others
            yield from self._next_query()
            return
        query = self._waiting.pop(0)
        yield self._first_request(self._address(query), self.parse_index, query=query)

    def _first_request(self, url: str, callback: Any, **told: Any) -> scrapy.Request:
        self.walks.append(Walk(url))
        return self._request(url, callback, walk=self.walks[-1], page=1, **told)

    def _ask(self, query: _Query, walk: Walk, page: int) -> scrapy.Request:
        return self._request(self._address(query), self.parse_index, walk=walk, page=page, query=query)

    def _request(self, url: str, callback: Any, **told: Any) -> scrapy.Request:
        meta = {"dont_redirect": True}
        return scrapy.Request(url, callback=callback, errback=self.index_failed, cb_kwargs=told, meta=meta)

    def _address(self, query: _Query) -> str:
        if query.service == "wayback":
            return asking.wayback_query(self.archive, query.asked, query.key)
        return asking.commoncrawl_query(self.archive, query.crawl, query.asked, query.page)

    def _records(self, answer: Answer, walk: Walk, url: str) -> Iterator[scrapy.Request]:
        """Requests for those of the listed captures that are chosen."""
        for _ in range(answer.bad):
            self.count(BAD_ROW, url)
        for row in answer.rows:
            choice = self.chooser.choose(row)
            if choice is not Choice.OTHER:
                walk.seen.add((row.url, row.stamp))
            self.held += choice is Choice.HELD
            if choice is Choice.TAKE:
                self.asked.add(f"{row.stamp} {row.url}")
                yield self._record_request(row)

    def _record_request(self, row: Row) -> scrapy.Request:
        headers = {"Range": asking.byte_range(row)} if row.file else {}
        request = scrapy.Request(asking.record_address(self.archive, row), callback=self.parse_record, headers=headers)
        request.meta["dont_redirect"] = True
        # Before the rest of the index: a run that ends early has then brought something.
        return request.replace(errback=self.record_failed, cb_kwargs={"row": row}, priority=10)

    def _following(self, query: _Query, answer: Answer, walk: Walk, page: int) -> _Query | None:
        """The question that goes on with a query; None at its end. An index that goes in circles is left."""
        if page >= MOST_PAGES or (answer.following and answer.following == query.key):
            self._lose("paging without end", walk, page, self._address(query))
            return None
        if query.service == "wayback":
            return query._replace(key=answer.following) if answer.following else None
        assert query.page is not None
        return query._replace(page=query.page + 1) if query.page + 1 < query.pages else None

    def _original(self, response: Response, row: Row) -> Original:
        headers = tuple((_text(name), _text(v)) for name, values in response.headers.items() for v in values)
        if not row.file:
            return from_replay(row, headers, response.body, response.meta[WIRE], response.url, self._limit)
        where = response.headers.get("Content-Range")
        return from_range(row, response.status, _text(where) if where else None, response.body, response.url)

    def _lose(self, reason: str, walk: Walk, page: int, url: str) -> None:
        self.count(reason, url)
        walk.lost[page] = url

    def _class(self, failure: Failure) -> str:
        error: Any = failure.value
        if isinstance(error, HttpError) and 300 <= error.response.status < 400:
            return REDIRECT
        return fault_class(error)


def asked_of(source: Source) -> list[Asked]:
    """What the indexes are asked for a source. ValueError when its patterns leave a whole host open."""
    assert source.archive is not None
    assert source.target is not None
    target = source.target
    return named(source.archive.addresses) or of_patterns(target.patterns, target.locales or target.languages)


def _answer(query: _Query, body: bytes) -> Answer:
    return wayback_answer(body) if query.service == "wayback" else commoncrawl_answer(body)


def _is_none(failure: Failure) -> bool:
    """Whether an index says by 404 that it has nothing, and not that there is no such index."""
    response = getattr(failure.value, "response", None)
    return response is not None and response.status == 404 and says_none(response.body)


def _text(value: bytes) -> str:
    return value.decode("latin-1")

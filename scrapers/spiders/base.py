"""What all spiders share: reading a page as far as links go, counting what went wrong, ending early.

What belongs here: the outline of a page, whether it came whole, was unchanged or is no page at all; counts by class.
What does not: which links are followed (the spider of a strategy), refusing requests (`guard`), keeping (`keeping`).

A page that did not change leads where it led before: its outline comes from the validators, or, when the reader has
changed since, from the body of the capture that it refers to.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

import scrapy
from scrapy import signals
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from pipelines.read import PageReading, read_page
from pipelines.read.addresses import parse_address
from pipelines.read.runs import reader_fingerprint
from scrapers.asking.conditional import KNOWN
from scrapers.asking.hosts import HostBook
from scrapers.asking.validators import Known, Outline
from scrapers.captures.keeping import Keeper
from scrapers.source import Source
from scrapers.spiders.walks import Walk
from scrapers.trust.faults import fault_class
from scrapers.trust.refused import REFUSALS, Redirects, refusal_class

_UNSENT = ("stopped",)  # requests of a crawl that was told to stop are no faults
_REASONS = {"closespider_timeout": "time limit"}
_NOT_MODIFIED = 304


class HarvestSpider(scrapy.Spider):
    """Counts and reads for the spiders of the strategies.

    delays: seconds that robots.txt of a host asks for. errors: by class. examples: the first address of each class.
    refused: answers 200 that were no page. listed: keys of the pages that are asked for as lists. lost_details: pages
    of details that did not come, or not as the page.
    """

    name = "harvest"
    handle_httpstatus_list = (_NOT_MODIFIED,)

    def __init__(self, source: Source, keeper: Keeper, book: HostBook, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source, self.keeper, self.book = source, keeper, book
        self.mark = _mark(source)
        self.delays: dict[str, float] = {}
        self.walks: list[Walk] = []
        self.asked: set[str] = set()
        self.errors: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.refused = self.lost_details = 0
        self.listed: set[str] = set()
        self.redirects = Redirects()
        self.finish_reason: str | None = None
        keeper.on_full = lambda message: self.stop(f"storage: {message}")

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to make one."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        return spider

    def outline(self, response: Response, is_list: bool) -> Outline | None:
        """What a page leads to; None when it is no page, which is counted.

        Of a page that is no list nothing is read: it is looked at only to see whether it refuses.
        """
        known: Known | None = response.meta.get(KNOWN)
        fault = self._fault(response, known, is_list)
        if fault:
            self.refused += fault in REFUSALS
            self.count(fault, response.url)
            return None
        found = self._outline(response, known) if is_list else Outline()
        if isinstance(found, str):
            self.refused += 1
            self.count(found, response.url)
            return None
        if known and is_list and (unread := still_listed(found, known.outline, response.body)):
            return unread  # and what was known of it stands, for the next run to see it too
        if response.request is not None:
            # A list may be linked like an item: what is learned of it then must not pass for its outline.
            self.keeper.learn(response.request, found, self.mark if is_list else "")
        return found

    def failed(self, failure: Failure, url: str) -> None:
        """Count a failure by its class."""
        error: Any = failure.value
        self.count(fault_class(error), url)

    def broke(self, failure: Failure, response: Response) -> None:
        """A fault of our own while a page was read: the walk ends there, so the run must not pass for complete."""
        self.count(f"spider {type(failure.value).__name__}", response.url)
        told = response.cb_kwargs
        if "walk" in told:
            told["walk"].lost[told["page"]] = response.url

    def count(self, name: str, url: str) -> None:
        """Count a fault of a class, and keep the first address of it."""
        if name not in _UNSENT:
            self.errors[name] += 1
            self.examples.setdefault(name, url)

    def stop(self, reason: str) -> None:
        """End the crawl early; the first reason stands."""
        if self.finish_reason is None:
            self.finish_reason = reason
            engine: Any = self.crawler.engine
            engine.close_spider(self, reason)

    def closed(self, reason: str) -> None:
        """Scrapy's word that the crawl is over, and why."""
        self.finish_reason = self.finish_reason or _REASONS.get(reason, reason)

    def _fault(self, response: Response, known: Known | None, is_list: bool) -> str | None:
        """The class of an answer that is not the page; lists are looked at when they are read."""
        if response.status == _NOT_MODIFIED:
            return None if known else f"http {_NOT_MODIFIED}"
        origins = response.meta.get("redirect_urls")
        if origins and (fault := self.redirects.fault(origins[0], response.url)):
            return fault
        return None if is_list else refusal_class(response.url, response.body, _media_type(response))

    def _outline(self, response: Response, known: Known | None) -> Outline | str:
        """The outline of a list, or the class of a page that refuses."""
        if response.status != _NOT_MODIFIED or known is None:
            return self._read(response.url, response.body, _media_type(response))
        if known.reader == self.mark:
            return known.outline
        # Its capture was whole when the list was asked for; gone since, the empty body is a list that was lost.
        capture = self.keeper.validators.capture(known)
        return self._read(known.url, capture.body, capture.media_type) if capture else "lost capture"

    def _read(self, url: str, body: bytes, media_type: str) -> Outline | str:
        """The outline of a list, or the class of a page that refuses."""
        reading = read_page(url, body, media_type, datetime.now(UTC), self.source.strategy, self.source.hints)
        said = next((issue.reason.partition(":")[0] for issue in reading.issues), "")
        if not reading.entries and said in REFUSALS:
            return said
        if not reading.entries and not reading.links and (refusal := refusal_class(url, body, media_type)):
            return refusal
        return _outline(reading)


def answer_of(failure: Failure) -> Response | None:
    """The answer that a failure is, if there was one."""
    return failure.value.response if isinstance(failure.value, HttpError) else None


def still_listed(found: Outline, before: Outline, body: bytes) -> Outline | None:
    """The outline of a list that links to what it listed before, though its reader finds nothing in it any more: a
    layout that changed, else the list would be taken for one that ended. None for any other page."""
    if found.entries or found.items or not before.entries:
        return None
    links = tuple(link for link in before.links if link.role == "detail" and _is_in(link.url, body))
    items = frozenset(parse_address(link.url).page_key for link in links)
    return replace(found, items=items, links=(*found.links, *links), unread=True) if links else None


def _is_in(url: str, body: bytes) -> bool:
    """Whether an address stands in a page, with or without its host."""
    path = url.partition("://")[2].partition("/")[2]
    ends = rb"[\"'\s<>&?#]"
    return bool(path) and re.search(b"/?" + re.escape(html.escape(path).encode()) + ends, body) is not None


def _outline(reading: PageReading) -> Outline:
    items = {_key(entry) for entry in reading.entries}
    items |= {key for link in reading.links if link.role == "detail" and (key := parse_address(link.url).item_key)}
    return Outline(frozenset(items), tuple(reading.links), len(reading.entries))


def _key(entry: dict[str, Any]) -> str:
    """The key of an entry within its list; of one without a key of its own, made of what it says."""
    said = json.dumps([entry["title"], entry["date_raw"], entry["summary"]], ensure_ascii=True)
    return str(entry["item_key"] or hashlib.sha256(said.encode()).hexdigest()[:16])


def _mark(source: Source) -> str:
    """Changes when an outline would: with the reader, and with what a source tells it."""
    told = json.dumps([reader_fingerprint(), source.strategy, source.hints], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _media_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")

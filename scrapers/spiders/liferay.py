"""The spider for Liferay portals: lists by page number, then the pages of single items.

What belongs here: which links of a page are followed. What does not: finding the links (`pipelines.read`), refusing
addresses (`guard`), keeping responses (`keeping`), when a list ends (`walks`).

A portal of 13 languages and 9 page sizes has tens of thousands of addresses for a few hundred items. One list a
language is walked, and of links only those of role `detail` are followed, in the languages of the source.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from pipelines.read.addresses import clean_address, parse_address
from scrapers.asking.hosts import HostBook
from scrapers.asking.validators import Outline
from scrapers.captures.keeping import Keeper
from scrapers.source import Source
from scrapers.spiders.base import HarvestSpider, answer_of
from scrapers.spiders.walks import Walk

_GONE = (404, 410)
# How an API says that a page lies beyond its last (developer.wordpress.org, REST API, Pagination).
_BEYOND = {"wp_rest": (400, b'_invalid_page_number"')}
_LINKED = ("html", "jsonld", "rss", "sitemap")  # their pages name the next one themselves
_LAYOUT = "changed layout"


class LiferaySpider(HarvestSpider):
    """Walks the lists of a source and, when the source says so, its items' own pages."""

    name = "liferay"

    def __init__(self, source: Source, keeper: Keeper, book: HostBook, **kwargs: Any) -> None:
        super().__init__(source, keeper, book, **kwargs)
        self.walks = [Walk(clean_address(start) or start) for start in source.start_addresses]

    async def start(self) -> AsyncIterator[Any]:
        """The first page of every list."""
        for walk in self.walks:
            yield self._list_request(walk, 1, walk.address(1))

    def parse_list(self, response: Response, walk: Walk, page: int) -> Iterator[scrapy.Request]:
        """One page of a list: its items' pages, then the next page."""
        found = self.outline(response, is_list=True)
        if found is None:
            yield from self._list_requests(walk, walk.failed(page, response.url, is_end=False))
            return
        yield from self._details(found)
        yield from self.further_lists(found)
        following = min((link.url for link in found.links if link.role == "next"), key=page_of, default=None)
        was_unread = page in walk.unread
        step = walk.arrived(page, found.items, following, found.entries, found.unread)
        if page in walk.unread:
            walk.lost[page] = response.url
            if not was_unread:
                self.count(_LAYOUT, response.url)
        yield from self._list_requests(walk, step)

    def further_lists(self, found: Outline) -> Iterator[scrapy.Request]:
        """First pages of lists that a list leads to; of a portal all lists are known from the start."""
        yield from ()

    def parse_detail(self, response: Response) -> None:
        """A page of one item: it is kept, and leads nowhere."""
        self.lost_details += self.outline(response, is_list=False) is None

    def list_failed(self, failure: Failure) -> Iterator[scrapy.Request]:
        """A page of a list that did not come; that an API says so beyond its last page is no fault."""
        request: Any = failure.request  # type: ignore[attr-defined]
        walk, page = request.cb_kwargs["walk"], request.cb_kwargs["page"]
        answer = answer_of(failure)
        is_beyond = page > 1 and answer is not None and _is_beyond(self.source.strategy, answer)
        if not is_beyond:
            self.failed(failure, request.url)
        is_end = is_beyond or (answer is not None and answer.status in _GONE and self._is_guessed(walk))
        yield from self._list_requests(walk, walk.failed(page, request.url, is_end))

    def detail_failed(self, failure: Failure) -> None:
        """A page of an item that did not come."""
        request: Any = failure.request  # type: ignore[attr-defined]
        self.lost_details += 1
        self.failed(failure, request.url)

    def _is_guessed(self, walk: Walk) -> bool:
        """Whether nobody linked to the pages of a list: a page that a page links to is lost when it is gone."""
        return walk.is_numbered or self.source.strategy not in _LINKED

    def _details(self, found: Outline) -> Iterator[scrapy.Request]:
        for link in found.links if self.source.follow_details else []:
            address = parse_address(link.url)
            wanted = address.locale is None or not self.source.locales or address.locale in self.source.locales
            is_known = address.page_key in self.asked or address.page_key in self.listed
            if link.role != "detail" or address.is_trap or not wanted or is_known:
                continue
            if self.source.best_match(address):
                self.asked.add(address.page_key)
                yield scrapy.Request(link.url, callback=self.parse_detail, errback=self.detail_failed)

    def _list_requests(self, walk: Walk, step: tuple[int, str] | None) -> Iterator[scrapy.Request]:
        if step:
            yield self._list_request(walk, *step)

    def _list_request(self, walk: Walk, page: int, url: str) -> scrapy.Request:
        told = {"walk": walk, "page": page}
        self.listed.add(parse_address(url).page_key)
        # Lists first: an item that vanishes while details are fetched is then at least known.
        return scrapy.Request(url, callback=self.parse_list, errback=self.list_failed, cb_kwargs=told, priority=10)


def _is_beyond(strategy: str, answer: Response) -> bool:
    status, words = _BEYOND.get(strategy, (0, b""))
    return answer.status == status and words in answer.body


def page_of(url: str) -> int:
    """The number of the page of a list that an address names."""
    return parse_address(url).page

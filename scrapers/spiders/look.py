"""The spider that looks at one page and at what it offers, before there is a source.

What belongs here: which of the offers are asked for, and when to stop. What does not: finding offers (`offers`),
judging what they give (`proposal`); both are done again on the captures, which are all that this spider leaves.

It asks little: the page, the offers of its own host, and, when the page has no entries, robots.txt for sitemaps and a
few of the pages that these name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from pipelines.read import PageReading, read_page
from pipelines.read.addresses import parse_address
from scrapers.browsing.browser import PLAIN
from scrapers.proposing.offers import ENOUGH, Offer, is_below, page_offers, routes, sitemaps
from scrapers.spiders.base import HarvestSpider
from scrapers.trust.refused import REFUSALS, refusal_class

_MOST_SITEMAPS = 3
_MOST_DETAILS = 3


class LookSpider(HarvestSpider):
    """Asks for the start page and for what it offers."""

    name = "look"

    async def start(self) -> AsyncIterator[Any]:
        """The page."""
        for address in self.source.start_addresses:
            yield self._request(address, self.parse_start)

    def parse_start(self, response: Response) -> Iterator[scrapy.Request]:
        """The page itself: its offers, and sitemaps when it shows little."""
        reading = self._reading(response)
        if reading is None:
            return
        yield from self._offered(page_offers(response.url, response.body, _media_type(response), reading))
        if len(reading.entries) < ENOUGH:
            address = f"{response.url.partition('://')[0]}://{parse_address(response.url).host}/robots.txt"
            yield self._request(address, self.parse_robots, PLAIN, page=response.url)

    def parse_offer(self, response: Response) -> None:
        """A feed, a calendar, an answer of an API: it is kept."""
        self._reading(response)

    def parse_routes(self, response: Response) -> Iterator[scrapy.Request]:
        """The index of an API: its lists."""
        yield from self._offered(routes(response.url, response.body))

    def parse_robots(self, response: Response, page: str) -> Iterator[scrapy.Request]:
        """robots.txt, for the sitemaps that it names."""
        named = sitemaps(response.body[:500_000].decode("utf-8", "replace"), response.url)
        yield from self._sitemaps(named, page)

    def parse_sitemap(self, response: Response, page: str) -> Iterator[scrapy.Request]:
        """A sitemap: a few of the pages below the one that was asked for; an index: a few of its sitemaps."""
        reading = self._reading(response)
        links = reading.links if reading else []
        yield from self._sitemaps([link.url for link in links if link.role == "next"], page)
        below = [link.url for link in links if link.role == "detail" and is_below(link.url, page)]
        for address in below[-_MOST_DETAILS:]:  # sitemaps mostly begin with what is oldest
            yield from self._once(address, self.parse_offer)

    def lost(self, failure: Failure) -> None:
        """What did not come."""
        request: Any = failure.request  # type: ignore[attr-defined]
        self.failed(failure, request.url)

    def _sitemaps(self, addresses: Iterable[str], page: str) -> Iterator[scrapy.Request]:
        for address in list(addresses)[:_MOST_SITEMAPS]:
            yield from self._once(address, self.parse_sitemap, PLAIN, page=page)

    def _offered(self, offers: Iterable[Offer]) -> Iterator[scrapy.Request]:
        for offer in offers:
            if offer.kind != "variant":
                yield from self._once(
                    offer.url, self.parse_routes if offer.kind == "routes" else self.parse_offer, PLAIN
                )

    def _once(self, address: str, callback: Any, form: str = "", **told: str) -> Iterator[scrapy.Request]:
        """A request, once, and of our own hosts: what lies elsewhere is told and left to a look of its own."""
        if address not in self.asked and parse_address(address).host in self.source.hosts:
            yield self._request(address, callback, form, **told)

    def _request(self, address: str, callback: Any, form: str = "", **told: str) -> scrapy.Request:
        """A request; `form` is PLAIN for what no browser need render."""
        self.asked.add(address)
        return scrapy.Request(address, callback, meta={form: True}, errback=self.lost, cb_kwargs=told)

    def _reading(self, response: Response) -> PageReading | None:
        """What can be read of an answer by what it is; None for a page that refuses, which is counted."""
        media_type = _media_type(response)
        reading = read_page(response.url, response.body, media_type, datetime.now(UTC))
        said = next((issue.reason.partition(":")[0] for issue in reading.issues), "")
        refusal = said if said in REFUSALS else None
        if not reading.entries and (refusal := refusal or refusal_class(response.url, response.body, media_type)):
            self.refused += 1
            self.count(refusal, response.url)
            return None
        return reading


def _media_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")

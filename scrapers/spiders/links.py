"""The spider for whatever says itself where it goes on: pages of any site, feeds, calendars, sitemaps, APIs.

What belongs here: lists that are found on the way. What does not: finding links (`pipelines.read`, by the strategy of
the source), walking one list (`liferay`, `walks`), limits of a run (`politeness`, `guard`, `pace`).

The first link of role `next` leads on within a list; each other one (a calendar's next month beside its next page, the
sitemaps of an index) begins a list of its own. That a list leads to others counts only when it brings an item that no
list brought before: a site that shows the same items at ever new addresses ends there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import scrapy
from scrapy.http import Response

from pipelines.read.addresses import parse_address
from scrapers.asking.hosts import HostBook
from scrapers.asking.validators import Outline
from scrapers.captures.keeping import Keeper
from scrapers.source import Source
from scrapers.spiders.liferay import LiferaySpider, page_of
from scrapers.spiders.walks import Walk


class LinksSpider(LiferaySpider):
    """Walks lists page by page as they link to each other, and the pages of their items when the source says so."""

    name = "links"

    def __init__(self, source: Source, keeper: Keeper, book: HostBook, **kwargs: Any) -> None:
        super().__init__(source, keeper, book, **kwargs)
        self._lists = {walk.start for walk in self.walks}

    def outline(self, response: Response, is_list: bool) -> Outline | None:
        """What a page leads to; the items of a sitemap are the pages that it names."""
        found = super().outline(response, is_list)
        if found is None or found.items or not is_list:
            return found
        pages = (parse_address(link.url).page_key for link in found.links if link.role == "detail")
        return replace(found, items=frozenset(pages))

    def further_lists(self, found: Outline) -> Iterator[scrapy.Request]:
        """The lists that begin at a page: its links of role next, but for the one that this list goes on with."""
        following = sorted((link.url for link in found.links if link.role == "next"), key=page_of)
        is_index = self.source.strategy == "sitemap" and not found.items
        if not is_index:
            following = following[1:] if self._is_new(found) else []
        for url in following:
            if url not in self._lists:
                self._lists.add(url)
                self.walks.append(Walk(url))
                yield from self._list_requests(self.walks[-1], (1, url))

    def _is_new(self, found: Outline) -> bool:
        return any(not any(item in walk.seen for walk in self.walks) for item in found.items)

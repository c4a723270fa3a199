"""The measure of `bench_crawl`: the barest Scrapy spider that follows the same links of a site and keeps nothing.

What belongs here: following. What does not: anything that `scrapers` does beside it.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from w3lib.url import add_or_replace_parameter

CONCURRENCY = 8


class Bare(scrapy.Spider):
    """Walks a list by page number and asks for every item on it."""

    name = "bare"

    def __init__(self, address: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.address = address

    async def start(self) -> AsyncIterator[Any]:
        """The first page of the list."""
        yield scrapy.Request(self.address, self.parse_list, cb_kwargs={"page": 1}, priority=10)

    def parse_list(self, response: Any, page: int) -> Iterator[scrapy.Request]:
        """The items of a page, then the next page."""
        found = response.css(".element h3 a::attr(href)").getall()
        for link in found:
            yield response.follow(link, self.parse_item)
        if found:
            following = add_or_replace_parameter(self.address, "start", str(page + 1))
            yield scrapy.Request(following, self.parse_list, cb_kwargs={"page": page + 1}, priority=10)

    def parse_item(self, response: Any) -> None:
        """Nothing."""


def main() -> None:
    """Crawl from the address that is given."""
    settings = {
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
    }
    process = CrawlerProcess(settings)
    process.crawl(Bare, address=sys.argv[1])
    process.start()


if __name__ == "__main__":
    main()

"""Conditional requests: an address that is known is asked only for what changed.

What belongs here: the headers of a request, and which pages may be asked so. What does not: what is known
(`validators`), what an answer 304 stands for (`keeping`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request

from scrapers.asking.validators import Known, Validators

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

KNOWN = "known_page"
"""Key of `request.meta`: what was known of the address when it was asked."""
_HEADERS = ("If-None-Match", "If-Modified-Since")


class AskForChanges:
    """Downloader middleware behind redirects and further tries: each address gets its own validators, no other's."""

    def __init__(self, validators: Validators, mark: str) -> None:
        self._validators = validators
        self._mark = mark

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        spider: Any = crawler.spider
        return cls(spider.keeper.validators, spider.mark)

    def process_request(self, request: Request) -> None:
        """Put the validators of the address into the request, or take out what a redirect has left there."""
        for name in _HEADERS:
            request.headers.pop(name, None)
        request.meta.pop(KNOWN, None)
        known = None if request.meta.get("dont_obey_robotstxt") else self._validators.find(request.url)
        if known and self.may_ask(known):
            request.meta[KNOWN] = known
            for name, value in known.headers.items():
                request.headers[name] = value

    def may_ask(self, known: Known) -> bool:
        """Whether a 304 would do: a page that was not kept can not be read again when the reader has changed."""
        return known.run_id is not None or known.reader == self._mark

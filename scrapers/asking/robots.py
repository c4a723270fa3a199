"""robots.txt: Scrapy's middleware, made careful where that one goes ahead.

What belongs here: what to do when robots.txt can not be had. RFC 9309 (2.3.1.4): a server that fails to answer forbids
everything, one that says there is none (4xx) allows everything. Scrapy allows everything in both cases.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser

from pipelines.read.addresses import parse_address
from scrapers.trust.faults import fault_class

AGENT = "cityharvest"
"""The name that robots.txt knows us by."""
_TOO_MANY = 429  # says nothing of what is allowed, only that this is not the moment
_NONE = b""
_FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class RobotsUnknownError(Exception):
    """robots.txt was asked for and the server failed; `reason` is the class of that."""

    def __init__(self, netloc: str, status: int) -> None:
        self.reason = "throttled" if status == _TOO_MANY else f"http {status}"
        super().__init__(f"robots.txt of {netloc} answered {status}")


class Forbidden(IgnoreRequest):
    """robots.txt forbids the address, or could not be had: `reason` is why."""

    def __init__(self, reason: str, url: str) -> None:
        self.reason = reason
        super().__init__(f"{reason}: {url}")


class CautiousRobots(RobotsTxtMiddleware):
    """Obeys robots.txt, its delays too; when a server fails to give one, nothing of it is fetched in this run."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._unknown: dict[str, str] = {}

    def process_request_2(self, rp: Any, request: Request) -> None:
        """Refuse what is forbidden, and say why."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            raise Forbidden(self._unknown.get(_netloc(request.url), "robots"), request.url) from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == _TOO_MANY:
            raise RobotsUnknownError(netloc, response.status)
        if response.status >= 400:
            response = response.replace(body=_NONE)  # the page that says "not found" is no robots.txt
        await super()._parse_robots(response, netloc, request)
        spider: Any = self.crawler.spider
        parser: Any = self._parsers[netloc]
        spider.delays[parse_address(request.url).host] = delay_of(parser.rp)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        waiting: Any = self._parsers[netloc]
        parser = ProtegoRobotParser.from_crawler(self.crawler, _FORBID_ALL)
        self._parsers[netloc] = parser
        self._unknown[netloc] = fault_class(exc)
        self._stats.inc_value(f"robotstxt/exception_count/{type(exc).__name__}")
        waiting.callback(parser)


def delay_of(rules: Any) -> float:
    """Seconds between requests that robots.txt asks for (Crawl-delay, Request-rate); 0 when it does not."""
    rate = rules.request_rate(AGENT)
    asked = [rules.crawl_delay(AGENT) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0]
    return max(0.0, *(float(seconds) for seconds in asked))


def _netloc(url: str) -> str:
    return url.split("/", 3)[2]

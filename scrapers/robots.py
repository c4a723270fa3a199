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

_TOO_MANY = 429  # says nothing of what is allowed, only that this is not the moment
_NONE = b""
_FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class RobotsUnknownError(Exception):
    """robots.txt was asked for and the server failed."""


class CautiousRobots(RobotsTxtMiddleware):
    """Obeys robots.txt; when a server fails to give one, nothing of it is fetched in this run."""

    def process_request_2(self, rp: Any, request: Request) -> None:
        """Count what is forbidden under a name of its own."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise Forbidden(str(error)) from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == _TOO_MANY:
            raise RobotsUnknownError(f"robots.txt of {netloc} answered {response.status}")
        if response.status >= 400:
            response = response.replace(body=_NONE)  # the page that says "not found" is no robots.txt
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        waiting: Any = self._parsers[netloc]
        parser = ProtegoRobotParser.from_crawler(self.crawler, _FORBID_ALL)
        self._parsers[netloc] = parser
        self._stats.inc_value(f"robotstxt/exception_count/{type(exc).__name__}")
        waiting.callback(parser)


class Forbidden(IgnoreRequest):
    """robots.txt forbids the address, or could not be had."""

    reason = "robots.txt"

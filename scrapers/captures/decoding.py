"""Content codings undone: within the limits of a source, and never half.

What belongs here: the middleware that asks for compression and undoes it. What does not: the codings themselves
(`warehouse.captures`), the size on the wire, which Scrapy watches while it reads.

Scrapy's own middleware gives what could be undone of a body that is cut, which would pass for the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from scrapers.asking.guard import Refused
from warehouse.captures import MAX_BODY, BodyLimitError, undo_codings

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_ACCEPTED = b"gzip, deflate, br, zstd"
_BOMB = 10  # times the size on the wire when the limit is met; pages seldom come to 10 as a whole, bombs to 1000


class Decode:
    """Downloader middleware: bodies decoded, or refused as a bomb, as too large, or as truncated."""

    def __init__(self, spider: Any) -> None:
        self._spider = spider
        self._limit = min(spider.source.politeness.max_bytes, MAX_BODY)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler.spider)

    def process_request(self, request: Request) -> None:
        """Say which codings are understood."""
        request.headers[b"Accept-Encoding"] = _ACCEPTED

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """The response with its body free of codings; the request again when the body is damaged."""
        named = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if not named or not response.body:
            return response
        try:
            body, remark = undo_codings(named.split(","), response.body, self._limit)
        except BodyLimitError:
            is_bomb = self._limit >= _BOMB * len(response.body)
            raise Refused("bomb" if is_bomb else "too large", request.url) from None
        if remark:
            if again := get_retry_request(request, spider=self._spider, reason="truncated body"):
                return again
            raise Refused("truncated body", request.url)
        # A class of response is chosen anew: what was bytes may turn out to be a page.
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind: type[Response] = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body, headers=headers)

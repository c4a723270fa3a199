"""Another try: with patience that grows, and as much as the server asks for.

What belongs here: when a request is tried again and how long its host is left alone before. What does not: waiting
(`pace`), counting (`spiders.base`).

RFC 9110 (10.2.3): Retry-After is seconds or an HTTP date. A server that asks for more patience than the source has ends
the run, and the next run asks no sooner.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from pipelines.read.addresses import parse_address

TOO_MANY, UNAVAILABLE = 429, 503


class PatientRetry(RetryMiddleware):
    """Scrapy's middleware, but the host is left alone before the next try."""

    def process_response(  # type: ignore[override]  # the spider is handed over by older versions only
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, or the request again."""
        if response.status not in self.retry_http_codes:
            return response
        spider: Any = self.crawler.spider
        asked = asked_patience(response, datetime.now(UTC))
        if asked is not None and asked > spider.source.politeness.max_wait:
            self._leave_alone(request, asked)
            spider.stop("throttled")
            return response
        return self._again(request, f"status {response.status}", asked) or response

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | None:
        """The request again, when the failure may pass."""
        return self._again(request, exception, None) if isinstance(exception, self.exceptions_to_retry) else None

    def _again(self, request: Request, reason: str | Exception, asked: float | None) -> Request | None:
        again = self._retry(request, reason)
        if again or asked:
            self._leave_alone(request, self._patience(request) if asked is None else asked)
        return again

    def _patience(self, request: Request) -> float:
        """Seconds before the next try: twice as long each time."""
        spider: Any = self.crawler.spider
        polite = spider.source.politeness
        return float(min(polite.backoff * 2 ** request.meta.get("retry_times", 0), polite.max_wait))

    def _leave_alone(self, request: Request, seconds: float) -> None:
        spider: Any = self.crawler.spider
        spider.book.pause(parse_address(request.url).host, seconds)


def asked_patience(response: Response, now: datetime) -> float | None:
    """Seconds that the server asks to wait; None when it does not say, or nothing that can be read.

    A date counts from the server's own clock, when it tells that.
    """
    text = _header(response, "Retry-After")
    if not text:
        return None
    if text.isdecimal():
        return float(text[:9])
    until, there = _moment(text), _moment(_header(response, "Date"))
    return max(0.0, (until - (there or now)).total_seconds()) if until else None


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

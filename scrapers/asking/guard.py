"""The guard: which address a crawl may ask, decided before every request and after every name is resolved.

What belongs here: refusing. What does not: what is worth asking, which a spider decides.

Scrapy's own filter of foreign hosts lets requests through that are tried again, and what those are redirected to; this
one sees every request that leaves: the first, further tries, redirects, and robots.txt.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from pipelines.read.addresses import parse_address
from scrapers.addresses import is_public
from scrapers.source import Source

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

refused_names: set[str] = set()
"""Host names of this process that were refused because they resolve to a private address."""


class Refused(IgnoreRequest):
    """A request that is not sent; `reason` is its class in the run record."""

    def __init__(self, reason: str, url: str) -> None:
        self.reason = reason
        super().__init__(f"{reason}: {url}")


class AddressGuard:
    """Downloader middleware that refuses requests of another host, of a trap, of a private address."""

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        self._source: Source = spider.source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise Refused when the request must not be sent."""
        reason = refusal(request.url, self._source)
        if reason == "other host" and request.meta.get("redirect_urls"):
            reason = "offsite redirect"
        if reason:
            raise Refused(reason, request.url)


def refusal(url: str, source: Source) -> str | None:
    """Why an address must not be asked for a source; None when it may be."""
    address = parse_address(url)
    if address.shape == "invalid":
        return "not http"
    if address.host not in source.hosts:
        return "other host"
    if address.is_trap:
        return "trap"
    literal = _literal(urlsplit(url).hostname or "")
    return "private address" if literal and not is_public(literal) and not source.allow_private else None


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None  # a name, or one of the odd spellings of an address: the resolver sees what it comes to


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver (IPv4), but a name that comes to a private address does not resolve.

    The check is on the very answer that the connection uses, so a name that answers otherwise the second time does not
    get round it.
    """

    def __init__(self, reactor: Any, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.allow_private = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Scrapy's way to make one."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("ALLOW_PRIVATE")
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802  # Twisted's name
        """Resolve, then check."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if self.allow_private or is_public(address):
            return address
        refused_names.add(name)
        raise DNSLookupError(f"{name} is the private address {address}")

"""Driving the browser: scrapy-playwright's download handler, behind the guard proxy and within the limits of a source.

What belongs here: starting and ending proxy and browser, which sub-requests are left out, how long a page may take, and
failures in the classes that the rest of a crawl knows. What does not: settings and what is kept (`browser`).

This module is loaded by Scrapy, by its name, for sources with `browser: true` only; scrapy-playwright is an extra.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from pipelines.read.addresses import parse_address
from scrapers.asking.guard import Refused
from scrapers.browsing.browser_proxy import DNS, PRIVATE, REFUSED, TOO_LARGE, GuardProxy
from scrapers.source import Source

LOG = logging.getLogger("cityharvest.browser")
_LEFT_OUT = frozenset({"image", "media", "font", "texttrack", "ping", "cspviolationreport"})
_MOST_PARTS = 200
"""Requests that one page may make, its own among them."""
_REST = 10_000
"""Milliseconds that a page may take to come to rest after it was loaded; one that never does is taken as it is."""
_PAGE = "rendering_page"


class TlsError(DownloadFailedError):
    """The certificate of a host can not be trusted; `reason` is its class."""

    reason = "tls"


class BrowserFailedError(DownloadFailedError):
    """The browser did not start; `reason` is the class of that."""

    reason = "browser"


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # it has no types
    """Renders what is marked for it and fetches the rest as ever."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        source: Source = crawler.spider.source
        self._polite = source.politeness
        self._proxy = GuardProxy(source.hosts if source.allow_private else ())
        self._parts: Counter[Any] = Counter()
        self.abort_request = self._is_left_out
        self._beginning, self._has_begun = asyncio.Lock(), False

    async def _launch(self) -> None:
        """Nothing yet: Scrapy has a handler for each scheme, and most sites need one."""

    async def _begin(self) -> None:
        """Start proxy and driver, once."""
        async with self._beginning:
            if not self._has_begun:
                await self._start()
                self._has_begun = True

    async def _start(self) -> None:
        server = await self._proxy.start()
        # Without the bypass rule Chromium would reach loopback past the proxy.
        self.config.launch_options["proxy"] = {"server": server, "bypass": "<-loopback>"}
        await super()._launch()

    async def _close(self) -> None:
        await super()._close()
        await self._proxy.close()

    async def download_request(self, request: Request) -> Response:
        """The response; failures of the browser as those of any download."""
        if not request.meta.get("playwright"):
            plain: Response = await super().download_request(request)
            return plain
        request.meta["playwright_page_goto_kwargs"] = {"wait_until": "domcontentloaded"}
        request.meta["playwright_page_methods"] = [PageMethod(come_to_rest)]
        request.meta["playwright_page_init_callback"] = _remember
        await self._begin()
        self._proxy.allow(self._polite.max_bytes)
        try:
            rendered = super().download_request(request)
            response: Response = await asyncio.wait_for(rendered, self._polite.timeout)
        except (TimeoutError, PlaywrightTimeoutError):
            raise DownloadTimeoutError(f"{request.url} was not rendered in {self._polite.timeout:g} seconds") from None
        except PlaywrightError as error:
            raise self._failure(request.url, error.message) from None
        finally:
            await self._leave(request)
        if reason := self._proxy.reasons.get(parse_address(response.url).host):
            raise self._failure(response.url, reason)
        request.meta["rendered_by"] = f"chromium/{self.browser.version}"
        return response

    async def _leave(self, request: Request) -> None:
        """Close the page, which a download that was broken off leaves open, and forget it."""
        page = request.meta.pop(_PAGE, None)
        self._parts.pop(page, None)
        for name in ("playwright_page_methods", "playwright_page_init_callback", "playwright_page_goto_kwargs"):
            request.meta.pop(name, None)  # they can not be stored with a request that is tried again
        if page is not None and not page.is_closed():
            with suppress(PlaywrightError):
                await page.close()

    def _failure(self, url: str, said: str) -> Exception:
        """The failure of a page by what the proxy refused, or by what the browser says."""
        reason = self._proxy.reasons.get(parse_address(url).host)
        if reason in (PRIVATE, TOO_LARGE):
            return Refused(reason, url)
        if reason == DNS:
            return CannotResolveHostError(url)
        if reason == REFUSED:
            return DownloadConnectionRefusedError(url)
        first = said.partition("\n")[0]
        if "BrowserType.launch" in first:
            LOG.error("the browser did not start: %s", said)
            return BrowserFailedError(first)
        is_tls = "net::ERR_CERT" in first or "net::ERR_SSL" in first
        return TlsError(first) if is_tls else DownloadFailedError(first)

    def _is_left_out(self, request: Any) -> bool:
        """Whether a request of a page is not made: what only pleases the eye, and more than any list needs."""
        if request.resource_type in _LEFT_OUT or not request.url.startswith(("http://", "https://")):
            return True
        try:
            page = request.frame.page
        except PlaywrightError:
            return True  # of no frame: a service worker, or a page that is gone
        self._parts[page] += 1
        return self._parts[page] > _MOST_PARTS


async def _remember(page: Any, request: Request) -> None:
    request.meta[_PAGE] = page


async def come_to_rest(page: Any) -> None:
    """Wait until the page asks for nothing any more, for some seconds."""
    with suppress(PlaywrightTimeoutError):
        await page.wait_for_load_state("networkidle", timeout=_REST)

"""The browser: what `browser: true` in a source means to Scrapy.

What belongs here: settings, which requests are rendered, and what is kept of a page that was. What does not: driving
the browser (`browser_handler`), what it may reach (`browser_proxy`), whether there is one (`browser_check`).

What is kept is the page as it stood when it came to rest, as UTF-8, under the address that was asked for, as a response
whose headers are those of the server, with `X-Cityharvest-Rendered` beside them. Its validators are left out: they
speak of the empty page that came, so an unchanged one would hide what the scripts have to show today.
"""

from __future__ import annotations

import os
from typing import Any, Self
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from pipelines.read.addresses import parse_address
from scrapers.asking.guard import Refused
from scrapers.asking.politeness import user_agent
from scrapers.browsing.browser_check import chromium
from scrapers.source import Source

PLAIN = "plain"
"""Key of `request.meta`: what is fetched as it is, such as feeds and answers of an API."""
RENDERED = "X-Cityharvest-Rendered"
"""Header of a capture that says which browser rendered it."""
_NOT_OF_THE_PAGE = ("Content-Length", "Transfer-Encoding", "ETag", "Last-Modified", "Set-Cookie", "Link")
_REDIRECTS = ("redirect_urls", "redirect_times", "redirect_reasons")
_QUIET = (
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names are resolved by the proxy, which sees what they come to; nothing goes past it.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)


def rendering(source: Source, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of Scrapy for a source, with those of the browser when its pages are rendered."""
    if not source.browser:
        return settings
    handler = "scrapers.browsing.browser_handler.BrowserHandler"
    middlewares = {**settings["DOWNLOADER_MIDDLEWARES"], "scrapers.browsing.browser.Render": 620}
    return settings | {
        "DOWNLOAD_HANDLERS": {**settings["DOWNLOAD_HANDLERS"], "http": handler, "https": handler},
        "DOWNLOADER_MIDDLEWARES": middlewares,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": chromium(),
            "headless": True,
            "args": list(_QUIET),
            "chromium_sandbox": os.geteuid() != 0,  # it does not start as root
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": source.politeness.concurrency,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,  # a browser's own; ours would ask for images as if for pages
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": source.politeness.timeout * 1000,
    }


class Render:
    """Downloader middleware nearest to the wire: has pages rendered, and gives what is kept of them."""

    def __init__(self, source: Source) -> None:
        self._most = source.politeness.max_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        spider: Any = crawler.spider
        return cls(spider.source)

    def process_request(self, request: Request) -> None:
        """Have it rendered, unless it is robots.txt or plain."""
        if request.meta.get(PLAIN) or parse_address(request.url).path == "/robots.txt":
            return
        request.meta["playwright"] = True
        # Not a setting: then every handler, one a scheme, would start a browser whether it is asked or not.
        request.meta["playwright_context_kwargs"] = {
            "user_agent": user_agent(),
            "service_workers": "block",
            "accept_downloads": False,
        }
        request.meta["before_rendering"] = {name: request.meta[name] for name in _REDIRECTS if name in request.meta}

    def process_response(self, request: Request, response: Response) -> Response:
        """The page as it is kept; a redirect when the browser was led elsewhere, so that ours are asked about it."""
        if "playwright" not in response.flags:
            return response
        was_led = self._forget_redirects(request)
        final = urldefrag(response.url).url
        is_elsewhere = parse_address(final).host != parse_address(request.url).host
        if is_elsewhere or (was_led and final != urldefrag(request.url).url):
            return Response(request.url, status=302, headers={"Location": final}, request=request)
        text = response.text if isinstance(response, TextResponse) else ""
        body = text.encode("utf-8", "replace") if text else response.body
        if len(body) > self._most:
            raise Refused("too large", request.url)
        headers = response.headers.copy()
        for name in _NOT_OF_THE_PAGE:
            headers.pop(name, None)
        if text:
            headers["Content-Type"] = "text/html; charset=utf-8"
        headers[RENDERED] = str(request.meta.get("rendered_by", "chromium"))
        return response.replace(url=request.url, headers=headers, body=body)

    def _forget_redirects(self, request: Request) -> bool:
        """Take out what the browser's own redirects left, and say whether there were any."""
        before = request.meta.pop("before_rendering", {})
        now = request.meta.get("redirect_urls")
        for name in _REDIRECTS:
            request.meta.pop(name, None)
        request.meta.update(before)
        return bool(now) and now != before.get("redirect_urls")

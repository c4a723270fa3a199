"""A local server that behaves like the portal of coe.int, its traps included; every page is made here.

It lists `items` under /{locale}/web/interculturalcities/{page}, pages of `delta` at most, numbered by `start` from 1.
Of each three requests for a list the second finds two neighbours exchanged, one the last of page 1 and one the first of
page 2, so that one round can miss an item. A page beyond the end repeats the last one. Links carry session ids, every
page links to every language through /c/portal/. It counts what it is asked.
"""

from __future__ import annotations

import gzip
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, quote, urlsplit

from loopback import LoopbackServer, QuietHandler, running

LOCALES = ("en", "fr", "de", "it", "es")
CITIES = ("Aberbridge", "Bonvallon", "Castelmare", "Dornhafen", "Eskilvik")
_LIST = re.compile(r"/(?P<locale>[a-z]{2})/web/interculturalcities/(?P<page>[a-z-]+)")
_DETAIL = re.compile(r"/(?P<locale>[a-z]{2})/web/interculturalcities/-/(?P<slug>[^/;]+)")


class Portal:
    """What the server has, how it misbehaves, and what it was asked."""

    def __init__(self, items: int = 23, largest: int = 10) -> None:
        self.slugs = [f"visit-of-experts-{number}-" for number in range(1, items + 1)]
        self.largest = largest
        self.robots: tuple[int, str] = (200, "User-agent: *\nDisallow: /*/visit-of-experts-7-\n")
        self.failing: dict[str, int] = {}  # path -> how often it still answers 500
        self.slow: dict[str, float] = {}  # path -> seconds
        self.redirects: dict[str, str] = {}  # path -> location
        self.pause = 0.0
        self.hits: Counter[str] = Counter()
        self.listed: list[tuple[str, int, list[str]]] = []  # list path, page, slugs shown
        self.compressed = 0
        self.cookies = 0
        self.lock = threading.Lock()

    def shown(self, path: str, delta: int, page: int) -> list[str]:
        """The slugs on a page of a list, this time."""
        asked = sum(1 for listed, _, _ in self.listed if listed == path)
        slugs = list(self.slugs)
        size = min(delta, self.largest)
        if asked % 3 == 1 and len(slugs) > size:
            slugs[size - 1], slugs[size] = slugs[size], slugs[size - 1]
        last = max(1, -(-len(slugs) // size))
        page = min(page, last)
        found = slugs[(page - 1) * size : page * size]
        self.listed.append((path, page, found))
        return found


def list_page(locale: str, path: str, slugs: list[str], query: dict[str, list[str]]) -> str:
    blocks = "".join(
        f'<div class="element"><h3><a href="/{locale}/web/interculturalcities/-/{slug};jsessionid=0A{n}?p_l_id=77">'
        f"Experts look at the work of {CITIES[n % 5]}, part {slug.split('-')[3]}</a></h3>"
        f"<span>{n + 1} March 2024 {CITIES[n % 5]}</span>"
        f"<p>Two experts spent a day with the team of {CITIES[n % 5]} and wrote down what they saw...</p>"
        f'<a href="/{locale}/web/interculturalcities/-/{slug}">Read More</a></div>'
        for n, slug in enumerate(slugs)
    )
    paging = "".join(f'<a href="{path}?delta={d}&start=2">{d}</a>' for d in (3, 10, 100))
    return frame(locale, f"{path}?{'&'.join(f'{k}={v[0]}' for k, v in query.items())}", blocks + paging)


def detail_page(locale: str, path: str, slug: str) -> str:
    text = "<p>The visit began at the town hall. The team showed what had been done, and what is still to do.</p>"
    return frame(
        locale, path, f"<h1>Experts' visit, part {slug.split('-')[3]}</h1><p>Aberbridge 3 March 2024</p>{text}"
    )


def frame(locale: str, path: str, content: str) -> str:
    switch, target = f"/{locale}/c/portal/update_language?p_l_id=77", quote(path, safe="")
    switches = "".join(f'<a href="{switch}&languageId={x}_XX&redirect={target}">{x}</a>' for x in LOCALES)
    return (
        f'<!DOCTYPE html><html lang="{locale}"><head><meta charset="utf-8"><title>Portal</title></head><body>'
        f'<nav>{switches}<a href="/{locale}/c/portal/login">Sign in</a><a href="mailto:a@example.org">Mail</a></nav>'
        f'<main>{content}</main><footer><a href="?toPrint=yes">Print</a><a href="http://elsewhere.example/">Elsewhere</a>'
        "</footer></body></html>"
    )


class _Handler(QuietHandler):
    protocol_version = "HTTP/1.1"
    portal: Portal

    def do_GET(self) -> None:
        portal, url = self.portal, urlsplit(self.path)
        path = re.sub(r";jsessionid=[^/?]*", "", url.path)
        with portal.lock:
            portal.hits[url.path] += 1
            portal.cookies += "Cookie" in self.headers
            failing = portal.failing.get(path, 0) > 0
            portal.failing[path] = portal.failing.get(path, 0) - 1
        time.sleep(portal.slow.get(path, 0) + portal.pause)
        if failing:
            return self.answer(500, "<html><body><p>Something went wrong.</p></body></html>")
        if path == "/robots.txt":
            return self.answer(*portal.robots, kind="text/plain")
        if path in portal.redirects:
            return self.answer(302, "", location=portal.redirects[path])
        return self.page(path, parse_qs(url.query))

    def page(self, path: str, query: dict[str, list[str]]) -> None:
        portal = self.portal
        detail, listing = _DETAIL.fullmatch(path), _LIST.fullmatch(path)
        if detail and detail["slug"] in portal.slugs:
            return self.answer(200, detail_page(detail["locale"], path, detail["slug"]))
        if listing and listing["page"] in ("newsroom", "good-practice"):
            with portal.lock:
                slugs = portal.shown(path, int(query.get("delta", ["5"])[0]), int(query.get("start", ["1"])[0]))
            return self.answer(200, list_page(listing["locale"], path, slugs, query))
        return self.answer(404, "<html><body><p>No such page.</p></body></html>")

    def answer(
        self, status: int, text: str, kind: str = "text/html;charset=UTF-8", location: str | None = None
    ) -> None:
        body = text.encode()
        self.send_response(status)
        if "gzip" in self.headers.get("Accept-Encoding", "") and body:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
            self.portal.compressed += 1
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "JSESSIONID=0A1B; Path=/; Domain=127.0.0.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the crawl gave up waiting


@contextmanager
def serve(portal: Portal) -> Iterator[int]:
    """Serve on a free port of loopback; gives the port, and ends with the block."""
    handler = type("Handler", (_Handler,), {"portal": portal})
    with running(LoopbackServer(handler)) as server:
        yield server.server_port

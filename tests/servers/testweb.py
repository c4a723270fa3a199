"""The test web: sites on loopback that are made from a seed, and misbehave where they are told to.

Towns of every strategy are in `town_web`; here is what answers for them, and a portal whose pages can misbehave.

A `Site` is a virtual host with a port of its own (`port`, once it is served). It lists `items` as Liferay does, under
/en/web/interculturalcities/newsroom, `per_page` at a time, and has a page for each; the same seed gives the same bytes.
`faults` says which paths misbehave (with their query, or for any query), as a `misbehaviour` module function. It keeps
what it was asked (`asked`: path with query, status, conditional or not).
"""

from __future__ import annotations

import gzip
import hashlib
import random
import selectors
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from loopback import LoopbackServer, QuietHandler

BASE = "/en/web/interculturalcities"
LIST, ITEM = f"{BASE}/newsroom", f"{BASE}/-/"
CITIES = ("Aberbridge", "Bonvallon", "Castelmare", "Dornhafen", "Eskilvik")
_WORDS = "the council opens library garden market school bridge tram street evening music meal story work year".split()
_LONG_AGO = 1_700_000_000


class Asked(NamedTuple):
    """One request as it was answered."""

    path: str
    status: int
    conditional: bool


Fault = Callable[["Handler"], bool]
"""Answers instead of the site and gives True, or gives False to let the site answer."""


class Site:
    """One virtual host."""

    def __init__(self, items: int = 12, per_page: int = 5, seed: int = 1, paragraphs: int = 2) -> None:
        self.per_page, self.seed, self.paragraphs = per_page, seed, paragraphs
        self.slugs = [f"walk-through-{number:05d}-" for number in range(1, items + 1)]
        self.edits: dict[str, int] = {}  # slug -> edition; a new one is another text
        self.faults: dict[str, Fault] = {}
        self.validators = {"ETag", "Last-Modified"}
        self.etag_salt = ""  # another one is another ETag of the same bytes
        self.robots = "User-agent: *\nAllow: /\n"
        self.asked: list[Asked] = []
        self.bytes_sent = 0
        self.made: dict[tuple[object, ...], tuple[int, bytes]] = {}
        self.port = 0
        self.lock = threading.Lock()

    def media_type(self, target: str) -> str:
        """Content-Type of an address."""
        return "text/html; charset=utf-8"

    def page(self, target: str) -> tuple[int, str]:
        """Status and text of an address, as it should be."""
        url = urlsplit(target)
        if url.path == "/robots.txt":
            return 200, self.robots
        if url.path == LIST:
            return 200, self.list_page(int(parse_qs(url.query).get("start", ["1"])[0]))
        slug = url.path.removeprefix(ITEM)
        return (200, self.item_page(slug)) if slug in self.slugs else (404, html("Gone", "<p>No such page.</p>"))

    def list_page(self, number: int) -> str:
        """A page of the list; beyond the end an empty one."""
        shown = self.slugs[(number - 1) * self.per_page : number * self.per_page]
        return html("News", "".join(self.teaser(slug) for slug in shown) or "<p>Nothing more.</p>")

    def teaser(self, slug: str) -> str:
        """An item as the list shows it."""
        number, city = int(slug.split("-")[2]), self.city(slug)
        return (
            f'<div class="element"><h3><a href="{ITEM}{slug}">A walk through {city}, part {number}</a></h3>'
            f"<span>{number % 28 + 1} March {2015 + number % 9} {city}</span><p>{self.sentence(slug, 12)}...</p></div>"
        )

    def item_page(self, slug: str) -> str:
        """The page of an item."""
        number, edition = int(slug.split("-")[2]), self.edits.get(slug, 0)
        texts = "".join(f"<p>{self.sentence(f'{slug}{edition}{n}', 60)}</p>" for n in range(self.paragraphs))
        return html(f"Walk {number}", f"<h1>A walk through {self.city(slug)}, part {number}</h1>{texts}")

    def city(self, slug: str) -> str:
        """The city of an item."""
        return CITIES[int(slug.split("-")[2]) % len(CITIES)]

    def sentence(self, key: str, words: int) -> str:
        """Words that depend on seed and key only."""
        return " ".join(random.Random(f"{self.seed} {key}").choices(_WORDS, k=words)).capitalize()

    def body(self, target: str) -> tuple[int, bytes]:
        """Status and bytes of an address; made once, since it is the crawl that is measured."""
        key = (target, frozenset(self.edits.items()), len(self.slugs))
        if key not in self.made:
            status, text = self.page(target)
            self.made[key] = (status, text.encode())
        return self.made[key]


def html(title: str, content: str) -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<nav><a href="/en/c/portal/login">Sign in</a><a href="{LIST}?delta=5">News</a></nav>'
        f"<main>{content}</main><footer><a href='http://elsewhere.example/'>Elsewhere</a></footer></body></html>"
    )


class Handler(QuietHandler):
    """Answers for one site; misbehaviours write through it as well."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        fault = self.site.faults.get(self.path) or self.site.faults.get(path)
        try:
            if not (fault and fault(self)):
                self.as_it_should_be()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True  # the crawl had enough

    def as_it_should_be(self) -> None:
        """The page, or 304."""
        status, body = self.site.body(self.path)
        headers = self.validators(body) if status == 200 and "robots" not in self.path else {}
        if headers and self.is_known(headers):
            self.send(304, b"", headers)
        else:
            self.send(status, body, headers | {"Content-Type": self.site.media_type(self.path)})

    def validators(self, body: bytes) -> dict[str, str]:
        """The headers by which a page can be asked for again."""
        tag = hashlib.sha256(self.site.etag_salt.encode() + body).hexdigest()[:16]
        moment = formatdate(_LONG_AGO + sum(self.site.edits.values()) * 3600, usegmt=True)
        given = {"ETag": f'"{tag}"', "Last-Modified": moment}
        return {name: value for name, value in given.items() if name in self.site.validators}

    def is_known(self, headers: dict[str, str]) -> bool:
        """Whether the crawl has this page already (RFC 9110: If-None-Match goes before If-Modified-Since)."""
        tag, since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        if tag is not None:
            return tag == headers.get("ETag")
        return since is not None and since == headers.get("Last-Modified")

    def send(self, status: int, body: bytes, headers: dict[str, str], length: int | None = None) -> None:
        """Write an answer; `length` other than that of the body is a lie."""
        is_packed = "Content-Encoding" not in headers and length is None and len(body) > 200
        if is_packed and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers = gzip.compress(body, 1, mtime=0), headers | {"Content-Encoding": "gzip"}
        self.note(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Transfer-Encoding" not in headers:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.site.bytes_sent += len(body)

    def note(self, status: int) -> None:
        """Keep what was asked."""
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        with self.site.lock:
            self.site.asked.append(Asked(self.path, status, conditional))


@contextmanager
def served(site: Site, certificate: Path | None = None) -> Iterator[int]:
    """Serve a site on a free port of loopback, with TLS when there is a certificate (PEM, with its key)."""
    with served_all([site], certificate):
        yield site.port


@contextmanager
def served_all(sites: Iterable[Site], certificate: Path | None = None) -> Iterator[None]:
    """Serve sites, each on a free port of its own; one thread takes the connections of all, each has its own then."""
    servers = [_server(site, certificate) for site in sites]
    over = threading.Event()
    thread = threading.Thread(target=_accept, args=(servers, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)
        for server in servers:
            server.server_close()


def _server(site: Site, certificate: Path | None) -> LoopbackServer:
    server = LoopbackServer(type("SiteHandler", (Handler,), {"site": site}))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site.port = int(server.server_address[1])
    return server


def _accept(servers: list[LoopbackServer], over: threading.Event) -> None:
    with selectors.DefaultSelector() as waiting:
        for server in servers:
            waiting.register(server.socket, selectors.EVENT_READ, server)
        while not over.is_set():
            for ready, _ in waiting.select(0.05):
                # What serve_forever calls; it has no public name that takes a connection which is there.
                ready.data._handle_request_noblock()

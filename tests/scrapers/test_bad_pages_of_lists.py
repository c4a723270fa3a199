"""Lists and their items that do not come: what is lost is told, and is never taken for gone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback import LoopbackServer, QuietHandler, running

from scrapers.captures.records import RunRecord
from scrapers.crawl import crawl
from scrapers.source import Source
from warehouse.layout import DataFolder


class Handler(QuietHandler):
    """Answers from `pages`, with an ETag; `failing` is a status by the beginning of a path."""

    protocol_version = "HTTP/1.1"
    server: Street

    def do_GET(self) -> None:
        body = self.server.pages.get(self.path, "").encode()
        status = next(
            (s for path, s in self.server.failing.items() if self.path.startswith(path)), 200 if body else 404
        )
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        self.server.asked.append(self.path)
        self.send_response(status)
        self.send_header("Content-Type", "text/xml" if self.path.endswith(".xml") else "text/html; charset=utf-8")
        if status in (200, 304):
            self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Street(LoopbackServer):
    """Two lists of a town that link to each other, one of them over several pages, and a sitemap."""

    def __init__(self) -> None:
        super().__init__(Handler)
        self.failing: dict[str, int] = {}
        self.asked: list[str] = []
        self.pages = {"/news": listing("/news", 1, 6, teaser("/events", "All that happens in our town, in one list"))}
        self.pages["/events"] = listing("/events", 20, 30)
        for number, first in enumerate((1, 6, 11, 16), start=1):
            following = f'<a rel="next" href="/paged?page={number + 1}">Next page</a>' if number < 4 else ""
            name = "/paged" if number == 1 else f"/paged?page={number}"
            self.pages[name] = listing("/paged", first, first + 5, f"<nav>{following}</nav>")
        for path in [f"/{name}/{n}" for name in ("news", "events", "story") for n in range(1, 30)]:
            self.pages[path] = page(
                f"<h1>What neighbours tell, {path}</h1><p>{'They told each other of it. ' * 20}</p>"
            )
        stories = "".join(f"<url><loc>{self.url}/story/{n}</loc></url>" for n in range(1, 13))
        names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        self.pages["/sitemap.xml"] = f'<?xml version="1.0"?><urlset {names}>{stories}</urlset>'


def page(body: str) -> str:
    return f'<html lang="en"><head><title>Our town</title></head><body><main>{body}</main></body></html>'


def teaser(path: str, title: str, day: int = 3) -> str:
    told = "<p>A few words on neighbours who meet, enough of them to make a summary.</p>"
    return f'<article><h2><a href="{path}">{title}</a></h2><time>{day} May 2024</time>{told}</article>'


def listing(base: str, first: int, beyond: int, more: str = "") -> str:
    entries = (teaser(f"{base}/{n}", f"Neighbours meet, part {n}", n % 27 + 1) for n in range(first, beyond))
    return page(f"<h1>List</h1>{''.join(entries)}{more}")


@pytest.fixture
def street() -> Iterator[Street]:
    with running(Street()) as server:
        assert isinstance(server, Street)
        yield server


def source_of(street: Street, *starts: str, strategy: str = "html", details: bool = True, **more: Any) -> Source:
    host = street.url.removeprefix("http://")
    told = {"key": "street", "title": "Street", "publisher": "Nobody", "languages": ["en"], "scope": "programme"}
    polite = {"delay": 0, "concurrency": 4, "retries": 0}
    return Source.model_validate(
        told
        | {"status": "active", "strategy": strategy, "start": [f"{street.url}{start}" for start in starts]}
        | {"patterns": [f"{host}/{{rest...}}"], "follow_details": details, "allow_private": True}
        | {"cron": "0 3 * * *", "politeness": polite}
        | more
    )


def came(record: RunRecord) -> tuple[str, str | None, int]:
    return record.outcome, record.verdict, record.items


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_day_on_which_most_details_fail_is_not_complete(street: Street, tmp_path: Path, status: int) -> None:
    source, data = source_of(street, "/sitemap.xml", strategy="sitemap"), DataFolder(tmp_path)
    assert came(crawl(source, data)) == ("complete", "good", 12)
    street.failing = {"/story/": status}
    bad = crawl(source, data)
    assert came(bad) == ("partial", "partial", 12)
    assert bad.lost_details == 12
    assert bad.likely_cause
    street.failing = {"/story/1": status}  # 1, 10, 11, 12: pages that are gone, as there always are
    assert (crawl(source, data).outcome, crawl(source, data).lost_details) == ("complete", 4)


def test_a_run_that_kept_nothing_but_errors_is_not_complete(street: Street, tmp_path: Path) -> None:
    patterns = [f"{street.url.removeprefix('http://')}/news/{{name}}"]  # the list itself only leads on
    source = source_of(street, "/news", patterns=patterns)
    street.failing = {"/news/1": 500, "/news/2": 500, "/news/3": 500, "/news/4": 500, "/news/5": 500}
    record = crawl(source, DataFolder(tmp_path))
    assert (record.outcome, record.captures, record.lost_details) == ("partial", 5, 5)


def test_a_list_that_is_linked_like_an_item_stays_a_list(street: Street, tmp_path: Path) -> None:
    source, data = source_of(street, "/news", "/events"), DataFolder(tmp_path)
    first, second = crawl(source, data), crawl(source, data)
    assert came(first) == came(second) == ("complete", "good", 16)
    assert first.links == second.links == 15
    assert street.asked.count("/events") == 2


def test_a_list_that_was_an_item_before_is_read_again(street: Street, tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    assert crawl(source_of(street, "/news"), data).items == 6
    both = crawl(source_of(street, "/news", "/events"), data)
    assert (both.items, both.responses.get("304")) == (16, 7)


@pytest.mark.parametrize("status", [404, 410, 500])
def test_a_page_that_a_list_links_to_is_lost_when_it_does_not_come(street: Street, tmp_path: Path, status: int) -> None:
    source, data = source_of(street, "/paged", details=False), DataFolder(tmp_path)
    assert came(crawl(source, data)) == ("complete", "good", 20)
    street.failing = {"/paged?page=4": status}
    record = crawl(source, data)
    assert came(record) == ("partial", "partial", 15)
    assert record.lost_lists == [f"{street.url}/paged?page=4"]

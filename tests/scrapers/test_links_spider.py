"""Sources of every strategy crawled from loopback: lists that lead on by links, feeds, calendars, sitemaps, APIs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import local_source
from testweb import Handler, Site, served

from pipelines.read.runs import read_run
from scrapers.captures.records import RunRecord
from scrapers.crawl import crawl
from scrapers.source import Strategy
from scrapers.spiders import spider_of
from scrapers.spiders.liferay import LiferaySpider
from scrapers.spiders.links import LinksSpider
from warehouse.lake import read_table
from warehouse.layout import DataFolder
from warehouse.tables import RAW_ENTRIES

ITEMS, PER_PAGE = 7, 3
TITLES = [f"Open garden number {number}" for number in range(1, ITEMS + 1)]
POLITE = {"politeness": {"delay": 0, "concurrency": 2, "retries": 0, "budget": 60}}


def answer(texts: dict[str, str], media_type: str, handler: Handler) -> bool:
    """Texts by path with query; what is not among them is gone."""
    text = texts.get(handler.path)
    handler.send(404 if text is None else 200, (text or "").encode(), {"Content-Type": media_type})
    return True


@contextmanager
def town(texts: dict[str, str], media_type: str) -> Iterator[tuple[Site, int]]:
    """A town whose addresses give these texts; `{port}` in them stands for its port."""
    site = Site(items=0)
    with served(site) as port:
        whole = {path: text.replace("{port}", str(port)) for path, text in texts.items()}
        for path in {urlsplit(path).path for path in whole}:
            site.faults[path] = partial(answer, whole, media_type)
        yield site, port


def source_of(port: int, strategy: str, start: str, **changes: Any) -> Any:
    host = f"127.0.0.1:{port}"
    told = {"patterns": [f"{host}/{{rest...}}"], "locales": [], "follow_details": False} | POLITE | changes
    return local_source(port, strategy=strategy, start=[f"http://{host}{start}"], **told)


def titles(data: DataFolder, record: RunRecord, source: Any) -> list[str]:
    read_run(data, record.source, record.run_id, source.strategy, source.hints)
    return sorted(read_table(data, RAW_ENTRIES, record.source)["title"])


def pages() -> list[list[tuple[int, str]]]:
    numbered = list(enumerate(TITLES, start=1))
    return [numbered[at : at + PER_PAGE] for at in range(0, ITEMS, PER_PAGE)]


def html_page(content: str) -> str:
    return f'<!DOCTYPE html><html lang="en"><head><title>Town</title></head><body><main>{content}</main></body></html>'


def html_list(number: int) -> str:
    shown = "".join(
        f'<article class="teaser"><h3><a href="/garden/{n}">{title}</a></h3><time datetime="2026-04-{n:02d}">'
        f"{n} April 2026</time><p>Neighbours show what they grow, plot {n}.</p></article>"
        for n, title in pages()[number - 1]
    )
    more = f'<nav class="pager"><a rel="next" href="/events?page={number + 1}">Next page</a></nav>'
    return html_page(f"<h1>Events</h1>{shown}{more if number < len(pages()) else ''}")


def json_list(number: int) -> str:
    return json.dumps({"rows": [{"name": title, "id": n} for n, title in pages()[number - 1]], "all": ITEMS})


def feed(items: list[tuple[int, str]]) -> str:
    entries = "".join(f"<item><title>{t}</title><guid>g{n}</guid></item>" for n, t in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Town</title>{entries}</channel></rss>'


def calendar(items: list[tuple[int, str]]) -> str:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:u{n}\r\nDTSTART;VALUE=DATE:202604{n:02d}\r\nSUMMARY:{t}\r\nEND:VEVENT\r\n"
        for n, t in items
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:town\r\n{events}END:VCALENDAR\r\n"


def sitemap(root: str, name: str, paths: list[str]) -> str:
    listed = "".join(f"<{name}><loc>http://127.0.0.1:{{port}}{path}</loc></{name}>" for path in paths)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</{root}>'


def detail(n: int, title: str) -> str:
    words = "Neighbours show what they grow and share their seeds with everybody who comes by. " * 4
    return html_page(f"<article><h1>{title}</h1><time datetime='2026-04-{n:02d}'>{n} April 2026</time><p>{words}</p>")


DETAILS = {f"/garden/{n}": detail(n, title) for n, title in enumerate(TITLES, start=1)}
HTML = {f"/events{'' if n == 1 else f'?page={n}'}": html_list(n) for n in range(1, len(pages()) + 1)}
API = {f"/api?page={n}": json_list(n) for n in range(1, len(pages()) + 1)}
HINTS = {"items": "rows", "title": "name", "id": "id", "next": {"param": "page", "size": PER_PAGE, "first": 1}}
WHOLE = list(enumerate(TITLES, start=1))


def test_each_strategy_that_is_crawled_has_a_spider() -> None:
    assert spider_of("liferay") is LiferaySpider
    crawled = set(get_args(Strategy)) - {"liferay", "archive", "archive-only"}
    assert len(crawled) == 11
    assert {spider_of(strategy) for strategy in crawled} == {LinksSpider}


@pytest.mark.parametrize(
    ("strategy", "texts", "media_type", "start", "changes"),
    [
        ("html", HTML, "text/html; charset=utf-8", "/events", {}),
        ("json_api", API, "application/json", "/api?page=1", {"hints": HINTS}),
        ("rss", {"/feed": feed(WHOLE)}, "application/rss+xml", "/feed", {}),
        ("ical", {"/events.ics": calendar(WHOLE)}, "text/calendar", "/events.ics", {}),
    ],
    ids=lambda value: value if isinstance(value, str) and "/" not in value else "",
)
def test_a_source_is_crawled_to_its_end(
    data: DataFolder, strategy: str, texts: dict[str, str], media_type: str, start: str, changes: dict[str, Any]
) -> None:
    with town(texts, media_type) as (_, port):
        source = source_of(port, strategy, start, **changes)
        record = crawl(source, data)
    assert (record.outcome, record.finish_reason, record.errors) == ("complete", "finished", {})
    assert record.items == ITEMS
    assert titles(data, record, source) == TITLES


def test_pages_of_entries_are_followed_and_kept(data: DataFolder) -> None:
    with town(HTML | DETAILS, "text/html; charset=utf-8") as (site, port):
        record = crawl(source_of(port, "html", "/events", follow_details=True), data)
    assert record.outcome == "complete"
    assert record.links == ITEMS
    assert {asked.path for asked in site.asked} >= set(DETAILS)


def test_an_index_of_sitemaps_leads_to_the_pages(data: DataFolder) -> None:
    maps = {
        "/sitemap.xml": sitemap("sitemapindex", "sitemap", ["/one.xml", "/two.xml", "/sitemap.xml"]),
        "/one.xml": sitemap("urlset", "url", [f"/garden/{n}" for n in (1, 2, 3)]),
        "/two.xml": sitemap("urlset", "url", [f"/garden/{n}" for n in (4, 5, 6, 7)]),
    }
    with town(maps, "application/xml") as (site, port):
        for path in DETAILS:
            site.faults[path] = partial(answer, DETAILS, "text/html; charset=utf-8")
        source = source_of(port, "sitemap", "/sitemap.xml", follow_details=True)
        record = crawl(source, data)
    assert (record.outcome, record.errors, record.links, record.items) == ("complete", {}, ITEMS, ITEMS)
    assert titles(data, record, source) == TITLES


def test_paging_without_end_is_left_when_nothing_new_comes(data: DataFolder) -> None:
    def endless(handler: Handler) -> bool:
        page = int(parse_qs(urlsplit(handler.path).query).get("page", ["1"])[0])
        rows = json.loads(json_list(min(page, len(pages()))))
        rows["next"] = f"/api?page={page + 1}"
        handler.send(200, json.dumps(rows).encode(), {"Content-Type": "application/json"})
        return True

    site = Site(items=0)
    site.faults["/api"] = endless
    hints = HINTS | {"next": "next"}
    with served(site) as port:
        record = crawl(source_of(port, "json_api", "/api", hints=hints), data)
    assert (record.outcome, record.items) == ("complete", ITEMS)
    assert record.requests < 12


def test_a_page_of_an_api_that_fails_makes_the_run_partial(data: DataFolder) -> None:
    broken = {path: text for path, text in API.items() if path != "/api?page=2"}
    with town(broken, "application/json") as (site, port):
        site.faults["/api?page=2"] = lambda handler: handler.send(500, b"", {}) is None
        record = crawl(source_of(port, "json_api", "/api?page=1", hints=HINTS), data)
    assert record.outcome == "partial"
    assert [urlsplit(url).query for url in record.lost_lists] == ["page=2"]
    assert record.verdict == "partial"
    assert record.next_step

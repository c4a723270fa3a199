"""The test web of towns: a virtual host each, its source as a YAML, and how well what was harvested fits the truth.

What belongs here: addresses, paging, sources, scores. What does not: bodies (`town_pages`, `town_feeds`), the truth
(`towns`), answering requests (`testweb`).

A virtual host is a port of its own on 127.0.0.1: names below `localhost` do not resolve everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import town_feeds as feeds
import town_pages as pages
import yaml
from testweb import Site, served_all
from towns import Entry, Town

_JSON, _HTML, _XML = "application/json", "text/html; charset=utf-8", "application/xml"
_PER_PAGE = 8
_FEEDS = {"rss news": feeds.news_feed, "rss events": feeds.event_feed, "ical": feeds.calendar}
_API = Callable[[Sequence[Entry], Town, str], str]
_ROWS: dict[str, tuple[str, str, str, _API]] = {
    # kind: path, parameter of the offset, parameter of the size
    "opendatasoft": ("/api/explore/v2.1/catalog/datasets/agenda/records", "offset", "limit", feeds.opendatasoft),
    "ckan": ("/api/3/action/datastore_search", "offset", "limit", feeds.ckan),
    "socrata": ("/resource/abcd-1234.json", "$offset", "$limit", feeds.socrata),
}
_PAGES: dict[str, tuple[str, str]] = {  # kind: path, parameter of the page
    "wp posts": ("/wp-json/wp/v2/posts", "page"),
    "wp events": ("/wp-json/tribe/events/v1/events", "page"),
    "linkedevents": ("/v1/event/", "page"),
    "json_api": ("/api/events", "p"),
}
_STARTS = {
    "ical": "/calendar.ics",
    "rss news": "/feed",
    "rss events": "/events.xml",
    "sitemap": "/sitemap.xml",
    "wp posts": f"/wp-json/wp/v2/posts?per_page={_PER_PAGE}",
    "wp events": _PAGES["wp events"][0],
    "linkedevents": f"{_PAGES['linkedevents'][0]}?page=1",
    "json_api": "/api/events?p=1",
    "opendatasoft": f"{_ROWS['opendatasoft'][0]}?limit={_PER_PAGE}",
    "ckan": f"{_ROWS['ckan'][0]}?resource_id=r-1&limit={_PER_PAGE}",
    "socrata": f"{_ROWS['socrata'][0]}?$limit={_PER_PAGE}",
    "liferay": f"{pages.LIFERAY}/newsroom?delta={_PER_PAGE}",
}
_HINTS: dict[str, dict[str, Any]] = {
    "json_api": {
        "items": "answer.items",
        "title": "head.text",
        "summary": "head.lead",
        "start": "when.from",
        "end": "when.to",
        "place": "where[].name",
        "url": "href",
        "id": "key",
        "page_kind": "event",
        "next": {"param": "p", "size": _PER_PAGE, "first": 1},
    },
    "linkedevents": {"timezone": "Europe/Helsinki"},
    "sitemap": {"include": "/e/"},
    "rss events": {"page_kind": "event"},
}
_WITH_DETAILS = ("html cards", "html list", "sitemap", "wp posts", "liferay")
_WITH_BOTH = ("ical", "sitemap", "rss news", "html table", "liferay")  # files
_WITH_ETAG = (*_WITH_BOTH, "html cards", "html terms", "jsonld", "rss events")
_WITH_DATE = (*_WITH_BOTH, "html list", "html months")  # and APIs have neither


class TownSite(Site):
    """The virtual host of a town."""

    def __init__(self, town: Town, per_page: int = _PER_PAGE) -> None:
        super().__init__(items=0, per_page=per_page)
        self.town = town
        given = {"ETag": _WITH_ETAG, "Last-Modified": _WITH_DATE}
        self.validators = {name for name, kinds in given.items() if town.kind in kinds}
        self.by_path = {e.url: e for e in town.entries}
        self.portal = pages.LIFERAY.format(locale=town.language)
        self.by_path |= {f"{self.portal}/-/{pages.slug(e)}": e for e in town.entries} if town.kind == "liferay" else {}

    @property
    def root(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self.port}"

    def page(self, target: str) -> tuple[int, str]:
        """Status and text of an address."""
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/robots.txt":
            return 200, self.robots
        if entry := self.by_path.get(url.path):
            make = pages.liferay_detail if self.town.kind == "liferay" else pages.detail_page
            return 200, make(self.town, entry)
        if url.path in ("/", "/contact"):
            return 200, pages.page(self.town, self.town.name, "<p>desk@example.org</p>")
        return self._list(url.path, query) or (404, pages.page(self.town, "404", "<p>404</p>"))

    def media_type(self, target: str) -> str:
        """Content-Type of an address."""
        path = urlsplit(target).path
        if path.startswith(("/api", "/wp-json", "/v1", "/resource")):
            return _JSON
        kinds = {".ics": "text/calendar; charset=utf-8", ".xml": _XML, "feed": "application/rss+xml; charset=utf-8"}
        return next((kind for end, kind in kinds.items() if path.endswith(end)), _HTML)

    def _list(self, path: str, query: dict[str, str]) -> tuple[int, str] | None:
        kind, town = self.town.kind, self.town
        if kind in _FEEDS and path == _STARTS[kind]:
            return 200, _FEEDS[kind](town, self.root)
        if kind == "sitemap":
            return self._sitemap(path)
        if kind == "liferay":
            shown = self._shown(int(query.get("start", "1")), last=True)
            return (200, pages.liferay_page(town, shown)) if path == f"{self.portal}/newsroom" else None
        if kind in _ROWS and path == _ROWS[kind][0]:
            _, offset, size, make = _ROWS[kind]
            start = int(query.get(offset, "0"))
            return 200, make(town.entries[start : start + int(query.get(size, "10"))], town, self.root)
        if kind in _PAGES and path == _PAGES[kind][0]:
            return self._api(path, int(query.get(_PAGES[kind][1], "1")))
        return self._pages(int(query.get("page", "1"))) if path == "/events" and kind not in _STARTS else None

    def _pages(self, number: int) -> tuple[int, str]:
        """A page of a list for people; beyond its end it shows no entry."""
        follow = f"/events?page={number + 1}" if number < self._last else None
        return 200, pages.list_page(self.town, self._shown(number), follow)

    def _api(self, path: str, number: int) -> tuple[int, str]:
        kind, town, shown = self.town.kind, self.town, self._shown(number)
        follow = f"{self.root}{path}?{_PAGES[kind][1]}={number + 1}" if number < self._last else None
        if kind == "wp posts":
            # WordPress answers 400 for a page beyond the last.
            wrong = '{"code": "rest_post_invalid_page_number", "message": "Too far.", "data": {"status": 400}}'
            return (200, feeds.posts(shown, town, self.root)) if shown else (400, wrong)
        if kind == "wp events":
            return 200, feeds.calendar_events(shown, town, self.root, follow, len(town.entries))
        if kind == "linkedevents":
            return 200, feeds.linkedevents(shown, town, self.root, follow)
        return 200, feeds.own_api(shown, town, self.root)

    def _sitemap(self, path: str) -> tuple[int, str] | None:
        if path == "/sitemap.xml":
            return 200, feeds.sitemap_index(self.root, self._last)
        number = path.removeprefix("/sitemap-").removesuffix(".xml")
        return (200, feeds.sitemap(self._shown(int(number)), self.root)) if number.isdecimal() else None

    def _shown(self, number: int, last: bool = False) -> Sequence[Entry]:
        """The entries of a page; beyond the end none, or those of the last page."""
        number = min(number, self._last) if last else number
        return self.town.entries[(number - 1) * self.per_page : number * self.per_page]

    @property
    def _last(self) -> int:
        return max(1, -(-len(self.town.entries) // self.per_page))


def source_of(site: TownSite, **changes: Any) -> dict[str, Any]:
    """The source of a town as its YAML says it."""
    town = site.town
    start = _STARTS.get(town.kind, "/events")
    polite = {"delay": 0, "concurrency": 2, "retries": 1, "backoff": 0.05, "timeout": 20, "budget": 20_000}
    return {
        "key": town.key,
        "title": f"What happens in {town.name} ({town.key})",
        "publisher": town.name,
        "languages": [town.language],
        "scope": "programme",
        "status": "active",
        "strategy": town.strategy,
        "hints": _HINTS.get(town.kind, {}),
        "start": [f"{site.root}{start}"],
        "patterns": [f"127.0.0.1:{site.port}/{{rest...}}"],
        "locales": [town.language] if town.kind == "liferay" else [],
        "follow_details": town.kind in _WITH_DETAILS,
        "allow_private": True,
        "cron": "0 3 * * *",
        "politeness": polite | changes.pop("politeness", {}),
    } | changes


def write_sources(folder: Path, sites: Iterable[TownSite]) -> list[str]:
    """A YAML for each town; gives the keys."""
    folder.mkdir(parents=True, exist_ok=True)
    for site in sites:
        text = yaml.safe_dump(source_of(site), allow_unicode=True)
        (folder / f"{site.town.key}.yaml").write_text(text, encoding="utf-8")
    return [site.town.key for site in sites]


@contextmanager
def served_towns(towns: Iterable[Town]) -> Iterator[list[TownSite]]:
    """Serve towns, each on a port of its own; ends with the block."""
    sites = [TownSite(town) for town in towns]
    with served_all(sites):
        yield sites


Said = tuple[str, str, str | None, str]
"""An entry as it is compared: title, start and end (ISO), path of its own page."""


def truth_of(town: Town) -> Counter[Said]:
    """What a harvest of a town should find; the pages of a portal have addresses of their own."""
    is_portal, portal = town.kind == "liferay", pages.LIFERAY.format(locale=town.language)
    return Counter(
        (
            e.title,
            e.start.isoformat(),
            e.end.isoformat() if e.end else None,
            f"{portal}/-/{pages.slug(e)}" if is_portal else e.url,
        )
        for e in town.entries
    )


@dataclass(slots=True)
class Score:
    """Entries that are true, found, and both."""

    true: int = 0
    found: int = 0
    right: int = 0
    wrong: list[Any] = field(default_factory=list)
    missed: list[Any] = field(default_factory=list)

    def add(self, truth: Counter[Said], found: Counter[Said]) -> None:
        """Compare what was found of a town with what is true of it."""
        self.true += truth.total()
        self.found += found.total()
        self.right += (truth & found).total()
        self.wrong += (found - truth).elements()
        self.missed += (truth - found).elements()

    def join(self, other: Score) -> None:
        """Add the counts of another score."""
        self.true, self.found, self.right = self.true + other.true, self.found + other.found, self.right + other.right
        self.wrong += other.wrong
        self.missed += other.missed

    @property
    def recall(self) -> float:
        """Share of what is true that was found."""
        return self.right / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """Share of what was found that is true."""
        return self.right / self.found if self.found else 1.0

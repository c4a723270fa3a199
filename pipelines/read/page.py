"""One page to its reading: decode, parse, choose the reader, collect what it gives.

What belongs here: the choice of a reader by the strategy of the source, by what the body is, by the shape of the
address and by hints. What does not: how a reader works, the registry of sources (what is known of a source comes as
arguments).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from pipelines.read.addresses import Address, parse_address
from pipelines.read.coe.details import read_detail
from pipelines.read.coe.hub import read_hub
from pipelines.read.coe.initiatives import read_city_initiatives
from pipelines.read.coe.legacy import read_event_lines
from pipelines.read.coe.listing import read_html_listing, read_text_listing
from pipelines.read.coe.tables import read_tables
from pipelines.read.coe.text_tables import read_text_table
from pipelines.read.context import add_neighbours
from pipelines.read.feeds import PAGES_TOO, STRATEGIES, Payload, is_html, read_feed, strategy_of
from pipelines.read.generic import read_anything
from pipelines.read.html.decode import decode, unreadable
from pipelines.read.html.lines import Line, text_lines
from pipelines.read.html.links import page_links, with_details
from pipelines.read.html.markup import Document, parse
from pipelines.read.html.refusals import MOST, is_refusal, may_refuse
from pipelines.read.html.roles import split_end
from pipelines.read.reading import Issue, Item, PageReading


@dataclass(frozen=True, slots=True)
class Page:
    """A page ready to be read: its address, its lines, and its tree when it came as HTML."""

    address: Address
    text: list[Line]
    document: Document | None
    captured: date | None = None

    @property
    def lines(self) -> list[Line]:
        """The lines of the page, whichever way it came."""
        return self.document.lines if self.document else self.text


Reader = Callable[[Page], tuple[list[Item], list[Issue]]]


def read_page(
    url: str,
    body: bytes,
    media_type: str,
    captured_at: datetime,
    strategy: str | None = None,
    hints: Mapping[str, Any] | None = None,
) -> PageReading:
    """Read one page, calendar, feed, sitemap or answer of an API, of a known source or not.

    `body` is the payload without any content encoding; `media_type` the Content-Type with its charset. `strategy` is
    that of the source; without one it is what the body is. `hints` may hold `reader` (a name in `READERS`) and
    `page_kind` (what the page lists); those of a strategy stand at its reader in `feeds`. Never raises for what a page
    holds: a page that can not be read gives no entries and an Issue that says why.
    """
    if refused := unreadable(body):
        return PageReading(issues=[Issue(refused, "body")])
    if fed := _strategy(url, body, media_type, strategy):
        moment = captured_at if captured_at.tzinfo else captured_at.replace(tzinfo=UTC)
        return _read_feed(fed, Payload(url, body, media_type, moment, dict(hints or {})))
    address = parse_address(url)
    text, mended = decode(body, media_type)
    issues = [mended] if mended else []
    if not text:
        return PageReading(issues=issues)
    plain = media_type.partition(";")[0].strip().lower() == "text/plain"
    document = None if plain else parse(text, address.url)
    if document is None and not plain:
        return PageReading(issues=[*issues, Issue("not HTML: no element in it", "body")])
    if document is not None and document.cut:
        issues.append(Issue(document.cut, "page"))
    page = Page(
        address,
        [] if document else [part for line in text_lines(text) for part in split_end(line)],
        document,
        captured_at.date() if captured_at else None,
    )
    return _read(page, dict(hints or {}), issues)


def _strategy(url: str, body: bytes, media_type: str, strategy: str | None) -> str | None:
    """The strategy of `feeds` to read a body by; None for a page. Pages of single entries are read as pages."""
    if strategy in STRATEGIES:
        return None if strategy in PAGES_TOO and is_html(body) else strategy
    return strategy_of(url, body, media_type) if strategy in _OPEN else None


def _read_feed(strategy: str, payload: Payload) -> PageReading:
    """What the reader of a strategy gives; a page in the place of a feed is told from a feed without entries."""
    if strategy != "jsonld" and is_html(payload.body):
        text = decode(payload.body, "text/html")[0]
        document = parse(text, payload.url)
        refusal = is_refusal(document.lines, document.title) if document else None
        return PageReading(issues=[Issue(refusal or f"not {strategy} but HTML", "page")], reader=strategy)
    feed = read_feed(strategy, payload)
    for item in feed.items:
        item.url = item.url or payload.url
        item.page_kind = payload.text_hint("page_kind") or item.page_kind
    if not (feed.items or feed.links or feed.issues):
        feed.note("no entry found on the page", "page")
    return PageReading([item.as_dict() for item in _unique(feed.items)], feed.links, feed.issues, strategy)


def _read(page: Page, hints: dict[str, Any], issues: list[Issue]) -> PageReading:
    """Run the reader of the page, and give its entries the page's own address, order and context."""
    if refusal := _refusal(page):
        return PageReading(issues=[*issues, Issue(refusal, "page")])
    name = str(hints.get("reader") or reader_name(page))
    items, found = READERS[name](page)
    for item in items:
        item.url = item.url or page.address.url
        item.page_kind = item.page_kind or hints.get("page_kind")
    if name != "generic":  # which looks for years in the whole list itself
        add_neighbours(items)
    links = page_links(page.document, page.address, page.captured) if page.document else []
    if name == "generic":
        links = with_details(links, (item.url for item in items if item.url != page.address.url))
    if not items:
        found = [*found, Issue("no entry found on the page", "page")]
    return PageReading([item.as_dict() for item in _unique(items)], links, [*issues, *found], name)


def _refusal(page: Page) -> str | None:
    """Why the page is no content; a page that says a lot is."""
    if page.document is None:
        return is_refusal(page.text, "")
    words = page.document.words(3 * MOST)
    if words is None or not may_refuse(f"{page.document.title}\n{words}"):
        return None
    return is_refusal(page.lines, page.document.title)


def reader_name(page: Page) -> str:
    """The reader for a page by the shape of its address."""
    return _BY_SHAPE.get(page.address.shape, "listing")


def _anything(page: Page) -> tuple[list[Item], list[Issue]]:
    return read_anything(page.document, page.captured) if page.document else ([], [])


def _unique(items: list[Item]) -> list[Item]:
    """Each item once: a page may show one twice (a slider and a list); the fuller showing stays, in the first place."""
    found: dict[Any, Item] = {}
    for item in items:
        key = item.item_key or (item.title, item.date_raw, item.date_context, item.place_raw, item.summary)
        if key not in found or _fullness(item) > _fullness(found[key]):
            found[key] = item
    return list(found.values())


def _fullness(item: Item) -> int:
    return sum(value is not None for value in (item.title, item.summary, item.date_raw, item.place_raw, item.subtitle))


def _listing(page: Page) -> tuple[list[Item], list[Issue]]:
    """A list of entries; without any, what is read on a page that no rule knows (as text: dated bullets)."""
    if page.document is None:
        listed = read_text_listing(page.lines)
        dated = [] if listed[0] else read_event_lines([line for line in page.lines if line.bullet])
        return ([replace(item, page_kind=None) for item in dated], []) if len(dated) >= 2 else listed
    if len(rows := read_tables(page.document)) >= 2:
        return rows, []
    listed = read_html_listing(page.document, page.address.item_key)
    return listed if listed[0] else _anything(page)


def _table(page: Page) -> tuple[list[Item], list[Issue]]:
    """A table of meetings; a page of this address without a table is a list, of entries or of dated lines."""
    items = read_tables(page.document) if page.document else read_text_table(page.lines)
    return (items, []) if items else _listing(page)


def _detail(page: Page) -> tuple[list[Item], list[Issue]]:
    item = read_detail(page.lines, page.address, page.document.title if page.document else "")
    return ([item] if item else []), []


def _hub(page: Page) -> tuple[list[Item], list[Issue]]:
    return read_hub(page.lines, page.address), []


def _initiatives(page: Page) -> tuple[list[Item], list[Issue]]:
    return read_city_initiatives(page.lines), []


def _legacy(page: Page) -> tuple[list[Item], list[Issue]]:
    """Tables of events, else dated lines, else a page about one thing."""
    items = (read_tables(page.document) if page.document else []) or read_event_lines(page.lines)
    return (items, []) if items else _detail(page)


READERS: dict[str, Reader] = {
    "listing": _listing,
    "table": _table,
    "detail": _detail,
    "hub": _hub,
    "initiatives": _initiatives,
    "legacy": _legacy,
    "generic": _anything,
}
# Strategies that say where pages come from, not what they are.
_OPEN = (None, "archive", "archive-only")
_BY_SHAPE = {"detail": "detail", "hub": "hub", "legacy": "legacy", "other": "generic"}

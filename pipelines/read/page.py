"""One page to its reading: decode, parse, choose the reader, collect what it gives.

What belongs here: the choice of a reader by the shape of the address and the hints of the source. What does not: how a
reader works, the registry of sources (what is known of a source comes as arguments).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipelines.read.addresses import Address, parse_address
from pipelines.read.context import add_neighbours
from pipelines.read.decode import decode
from pipelines.read.details import read_detail
from pipelines.read.hub import read_hub
from pipelines.read.initiatives import read_city_initiatives
from pipelines.read.legacy import read_event_lines
from pipelines.read.lines import Line, text_lines
from pipelines.read.links import page_links
from pipelines.read.listing import read_html_listing, read_text_listing
from pipelines.read.markup import Document, parse
from pipelines.read.reading import Issue, Item, PageReading
from pipelines.read.refusals import is_refusal
from pipelines.read.roles import split_end
from pipelines.read.tables import read_tables
from pipelines.read.text_tables import read_text_table


@dataclass(frozen=True, slots=True)
class Page:
    """A page ready to be read: its address, its lines, and its tree when it came as HTML."""

    address: Address
    lines: list[Line]
    document: Document | None


Reader = Callable[[Page], tuple[list[Item], list[Issue]]]


def read_page(
    url: str,
    body: bytes,
    media_type: str,
    captured_at: datetime,
    strategy: str | None = None,
    hints: Mapping[str, Any] | None = None,
) -> PageReading:
    """Read one page, of a known source or not.

    `body` is the payload without any content encoding; `media_type` the Content-Type with its charset. `hints` may hold
    `reader` (a name in `READERS`) and `page_kind` (what the page lists). Never raises for what a page holds: a page
    that can not be read gives no entries and an Issue that says why.
    """
    address = parse_address(url)
    text, mended = decode(body, media_type)
    issues = [mended] if mended else []
    if not text:
        return PageReading(issues=issues)
    plain = media_type.partition(";")[0].strip().lower() == "text/plain"
    document = None if plain else parse(text, address.url)
    if document is None and not plain:
        return PageReading(issues=[*issues, Issue("not HTML: no element in it", "body")])
    page = Page(
        address,
        document.lines if document else [part for line in text_lines(text) for part in split_end(line)],
        document,
    )
    return _read(page, dict(hints or {}), issues)


def _read(page: Page, hints: dict[str, Any], issues: list[Issue]) -> PageReading:
    """Run the reader of the page, and give its entries the page's own address, order and context."""
    if refusal := is_refusal(page.lines, page.document.title if page.document else ""):
        return PageReading(issues=[*issues, Issue(refusal, "page")])
    name = str(hints.get("reader") or reader_name(page))
    items, found = READERS[name](page)
    for item in items:
        item.url = item.url or page.address.url
        item.page_kind = item.page_kind or hints.get("page_kind")
    add_neighbours(items)
    links = page_links(page.document, page.address) if page.document else []
    if not items:
        found = [*found, Issue("no entry found on the page", "page")]
    return PageReading([item.as_dict() for item in _unique(items)], links, [*issues, *found], name)


def reader_name(page: Page) -> str:
    """The reader for a page by the shape of its address."""
    return _BY_SHAPE.get(page.address.shape, "listing")


def _unique(items: list[Item]) -> list[Item]:
    """Each item once: a page may show one twice (a slider and a list); the fuller showing stays, in the first place."""
    found: dict[Any, Item] = {}
    for item in items:
        key = item.item_key or (item.title, item.date_raw, item.place_raw, item.summary)
        if key not in found or _fullness(item) > _fullness(found[key]):
            found[key] = item
    return list(found.values())


def _fullness(item: Item) -> int:
    return sum(value is not None for value in (item.title, item.summary, item.date_raw, item.place_raw, item.subtitle))


def _listing(page: Page) -> tuple[list[Item], list[Issue]]:
    """A list of entries; without any, a list of dated lines, each a bullet or with a link."""
    if page.document is None:
        listed = read_text_listing(page.lines)
    elif len(rows := read_tables(page.document)) >= 2:
        return rows, []
    else:
        listed = read_html_listing(page.document, page.address.item_key)
    if listed[0]:
        return listed
    dated = read_event_lines([line for line in page.lines if line.bullet or line.anchors])
    return ([replace(item, page_kind=None) for item in dated], []) if len(dated) >= 2 else listed


def _table(page: Page) -> tuple[list[Item], list[Issue]]:
    """A table of meetings; a page of this address without a table is a list, of entries or of dated lines."""
    items = read_tables(page.document) if page.document else read_text_table(page.lines)
    if items:
        return items, []
    listed, dated = _listing(page), read_event_lines(page.lines)
    return (dated, []) if len(dated) > len(listed[0]) else listed


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
}
_BY_SHAPE = {"detail": "detail", "hub": "hub", "legacy": "legacy"}

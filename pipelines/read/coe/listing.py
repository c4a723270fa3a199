"""Listings: the news list, the practice list, practices grouped under cities; as text and as HTML.

What belongs here: turning the records of a list into items. What does not: finding records in HTML (`regions`), in bare
lines (`segments`), tables (`tables`), long prose (`hub`, `initiatives`), or what a record's lines say (`records`).
"""

from __future__ import annotations

from pipelines.read.coe.holding import Region
from pipelines.read.coe.metadata import join_parts
from pipelines.read.coe.records import Record, record_of, to_item
from pipelines.read.coe.regions import find_regions
from pipelines.read.coe.segments import split_records
from pipelines.read.html.lines import Line
from pipelines.read.html.markup import Document
from pipelines.read.html.roles import is_furniture, is_page_title, is_read_more, told_furniture
from pipelines.read.reading import Issue, Item
from pipelines.refine.dates import find_dates
from pipelines.refine.places import is_place_line

_SHORT = 200  # a title in a grouped list; a teaser or a paragraph is longer


def read_text_listing(lines: list[Line]) -> tuple[list[Item], list[Issue]]:
    """The entries of a list that was kept as text; grouped lists (a city, then titles) are told by their shape."""
    grouped = _grouped(lines)
    if grouped:
        return grouped, []
    records, passed = split_records(lines)
    issues = [
        Issue("long text passed over as no entry", line.text[:80]) for line in passed if len(line.text) > 2 * _SHORT
    ]
    return [_record_item(record) for record in records], issues


def _record_item(record: Record) -> Item:
    """The item of a record of bare lines; its `Read More`, or the only entry that it links to, gives its key."""
    item = to_item(record)
    keyed = {a.key: a for a in record.anchors if a.key and not a.key.startswith("rm:")}
    last = record.anchors[-1] if record.ended and record.anchors else None
    own = last if last and last.key in keyed else next(iter(keyed.values())) if len(keyed) == 1 else None
    if own:
        item.item_key, item.url = own.key, own.url
    return item


def read_html_listing(document: Document, own_key: str | None) -> tuple[list[Item], list[Issue]]:
    """The entries of a list in HTML; `own_key` is the page's own key, never an entry of itself."""
    regions = find_regions(document, own_key)
    if not regions:
        return read_text_listing(document.lines)
    headings = _headings_above(regions, document.lines)
    return [_region_item(region, headings[index]) for index, region in enumerate(regions)], []


def _region_item(region: Region, headings: list[Line]) -> Item:
    """The item of one record; what it lacks of place or year comes from the headings above it."""
    title, lines = region.titled_lines()
    parts = join_parts(lines)
    own = [line for line in parts if line is title or not (is_furniture(line.text) or is_page_title(line.text))]
    item = to_item(record_of(own), title)
    item.item_key, item.url = region.key, region.url or item.url
    item.title = region.full_title(item.title)
    if item.place_raw is None:
        item.place_raw = ", ".join(line.text for line in reversed(headings) if is_place_line(line.text)) or None
    dated = [line.text for line in headings if find_dates(line.text)]
    item.date_context = "; ".join(dated) or None
    return item


def _headings_above(regions: list[Region], lines: list[Line]) -> list[list[Line]]:
    """For each record the headings in force above it: those outside all records, a lower level ending with a higher."""
    inside = {id(line): index for index, region in enumerate(regions) for line in region.lines}
    stack: list[Line] = []
    found: list[list[Line]] = [[] for _ in regions]
    for line in lines:
        index = inside.get(id(line))
        if index is not None:
            found[index] = list(stack)
        elif line.level:
            stack = [*(held for held in stack if 0 < held.level < line.level), line]
        elif is_place_line(line.text):  # a city above a group that is no heading element: `<dt>`, `<p><b>`
            stack = [*(held for held in stack if held.level), line]
    return found


def _grouped(lines: list[Line]) -> list[Item]:
    """Practices grouped under cities: lines that are nothing but a place, each followed by short lines (titles)."""
    own = [line for line, furniture in told_furniture(lines) if not furniture and not is_page_title(line.text)]
    places = [index for index, line in enumerate(own) if is_place_line(line.text)]
    if len(places) < 2 or places[-1] == len(own) - 1 or not _alternates(own, places):
        return []
    items: list[Item] = []
    for start, end in zip(places, [*places[1:], len(own)], strict=True):
        items += [_linked(line, own[start].text) for line in own[start + 1 : end]]
    return items


def _alternates(own: list[Line], places: list[int]) -> bool:
    """Whether titles stand below places, and nothing that belongs to another kind of list."""
    listed = own[places[0] :]
    if any(is_read_more(line.text) or len(line.text) > _SHORT for line in listed):
        return False
    above = own[: places[0]]  # the name of the page and paragraphs; a title of a plain list would stand right above
    return not above or len(above[-1].text) > _SHORT or bool(above[-1].level) or len(above) == 1


def _linked(line: Line, place: str) -> Item:
    anchor = next(iter(line.anchors), None)
    return Item(
        title=line.text, place_raw=place, url=anchor.url if anchor else None, item_key=anchor.key if anchor else None
    )

"""The site before 2016: lists of events as lines, "DATE - TITLE - PLACE" in any order, under headings of years.

What belongs here: lines that begin or end with a date. What does not: tables (`tables`).
"""

from __future__ import annotations

import re

from pipelines.read.lines import Line
from pipelines.read.links import entry_links
from pipelines.read.reading import Item
from pipelines.read.roles import is_furniture, is_page_title, word_count
from pipelines.refine.dates import find_dates
from pipelines.refine.places import is_place_line

_DASH = re.compile(r"\s+[-–—|]\s+|\s*\t\s*")


def read_event_lines(lines: list[Line]) -> list[Item]:
    """The events of a page of dated lines; a heading with a year is the context of the dates below it."""
    items: list[Item] = []
    context: str | None = None
    for line in lines:
        if is_furniture(line.text) or is_page_title(line.text):
            continue
        item = _item(line)
        if item is not None:
            item.date_context = context
            items.append(item)
        elif line.level or word_count(line.text) <= 3:
            context = line.text if find_dates(line.text) else context
    return items


def _item(line: Line) -> Item | None:
    """The event that a dated line tells; None without a date at one of its ends, or with nothing beside it."""
    spans = find_dates(line.text)
    if not spans or len(line.text) > 300:
        return None
    first, last = spans[0], spans[-1]
    if first.start > 0 and last.end < len(line.text.rstrip(" .)")):
        return None
    rest = (line.text[: last.start] if first.start > 0 else line.text[first.end :]).strip(" -–—:;,|\t")
    title, place = _title_and_place(rest)
    if word_count(title) < 2:
        return None
    span = last if first.start > 0 else first
    own = next((a for a in line.anchors if a.key and not a.key.startswith("rm:")), None)
    return Item(
        title=title,
        date_raw=span.text,
        place_raw=place,
        item_key=own.key if own else None,
        url=own.url if own else None,
        links=entry_links([line], own.key if own else None),
        page_kind="event",
    )


def _title_and_place(text: str) -> tuple[str, str | None]:
    """`TITLE - PLACE` or `PLACE - TITLE`: the part at either end that is known as a place, cut off."""
    dashes = list(_DASH.finditer(text))
    if dashes and is_place_line(text[dashes[-1].end() :].strip(" .")):
        return text[: dashes[-1].start()].strip(" ,;"), text[dashes[-1].end() :].strip(" .")
    if dashes and is_place_line(text[: dashes[0].start()]):
        return text[dashes[0].end() :].strip(" ,;"), text[: dashes[0].start()]
    return text.strip(" ,;"), None

"""The site before 2016: lists of events as lines, "DATE - TITLE - PLACE" in any order, under headings of years.

What belongs here: lines that begin or end with a date. What does not: tables (`tables`).
"""

from __future__ import annotations

import re

from pipelines.read.html.lines import Line
from pipelines.read.html.links import entry_links
from pipelines.read.html.roles import is_furniture, is_page_title, word_count
from pipelines.read.reading import Item
from pipelines.refine.dates import find_dates
from pipelines.refine.places import is_place_line

_DASH = re.compile(r"\s+[-–—|]\s+|\s*\t\s*")
_COMMA = re.compile(r",\s+")
_COLON = re.compile(r":\s+")


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
    """The event that a dated line tells; None without a date at its end or behind at most a place, or with no title."""
    spans = find_dates(line.text)
    if not spans or len(line.text) > 300:
        return None
    first, last = spans[0], spans[-1]
    before = _bare(line.text[: first.start])
    if not before or is_place_line(before):
        span, rest, place = first, _bare(line.text[first.end :]), before or None
    elif last.end >= len(line.text.rstrip(" .)")):
        span, rest, place = last, _bare(line.text[: last.start]), None
    else:
        return None
    title, other = (rest, None) if place else _title_and_place(rest)
    if word_count(title) < 2 or is_place_line(title):
        return None
    own = next((a for a in line.anchors if a.key and not a.key.startswith("rm:")), None)
    return Item(
        title=title,
        date_raw=span.text,
        place_raw=place or other,
        item_key=own.key if own else None,
        url=own.url if own else None,
        links=entry_links([line], own.key if own else None),
        page_kind="event",
    )


def _bare(text: str) -> str:
    return text.strip(" -–—:;,|\t(")


def _title_and_place(text: str) -> tuple[str, str | None]:
    """`TITLE - PLACE`, `TITLE, PLACE` or `PLACE: TITLE`: the known place at either end, cut off."""
    for joint in [*_DASH.finditer(text), *_COMMA.finditer(text)]:
        if is_place_line(text[joint.end() :].strip(" .")):
            return _bare(text[: joint.start()]), text[joint.end() :].strip(" .")
    for joint in [*_DASH.finditer(text), *_COLON.finditer(text)][:1]:
        if is_place_line(text[: joint.start()]):
            return _bare(text[joint.end() :]), text[: joint.start()]
    return text.strip(" ,;"), None

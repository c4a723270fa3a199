"""Which lines belong to which record of a list in HTML.

What belongs here: a record's lines, and giving each line of a page to its record. What does not: finding the records'
elements (`regions`), what the lines say (`records`).

A line belongs to the record whose element holds it, or whose link stands in it. Where the markup is flat (a heading,
then paragraphs, no wrapper), the lines behind a record's link belong to it up to the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.read.html.lines import Anchor, Line, squeeze
from pipelines.read.html.roles import is_furniture, is_read_more, marked_language
from pipelines.refine.places import is_place_line

_JOINT = re.compile(r"\s[-–—|:,]$|^[-–—|:,]\s")  # what set a title off from the words beside it
_INLINE = frozenset(("a", "b", "strong", "em", "i", "span", "font", "u", "big", "small"))


@dataclass(slots=True)
class Region:
    """The lines of one record, the element that holds them, and the entry's key and address (None: unlinked)."""

    node: Any
    key: str | None = None
    url: str | None = None
    lines: list[Line] = field(default_factory=list)

    def titled_lines(self) -> tuple[Line | None, list[Line]]:
        """The title's line, and all lines; a title that shares its line with other words is cut out of it."""
        line, anchor = self._title()
        if line is None or anchor is None or anchor.text == line.text:
            return line, self.lines
        title = replace(line, text=anchor.text)
        left = _JOINT.sub("", squeeze(line.text.replace(anchor.text, " ", 1)))
        rest = replace(line, text=left, level=0, anchors=())
        cut = [title, rest] if line.text.startswith(anchor.text) else [rest, title]
        return title, [piece for one in self.lines for piece in (cut if one is line else [one])]

    def full_title(self, title: str | None) -> str | None:
        """A title that the page shows cut short, as the `title` of its link gives it in full."""
        if title is None or not title.endswith(("…", "...")):
            return title
        told = (squeeze(a.node.get("title") or "") for line in self.lines for a in line.anchors if a.key == self.key)
        return next((full for full in told if full.startswith(title.rstrip("….")) and len(full) > len(title)), title)

    def _title(self) -> tuple[Line | None, Anchor | None]:
        """The line whose link is the entry's own and names it; headings first; else the first heading."""
        own = [
            (line, a)
            for line in self.lines
            for a in line.anchors
            if a.key == self.key and names(a) and a.text in line.text
        ]
        headings = [pair for pair in own if pair[0].level]
        if self.key and (headings or own):
            return (headings or own)[0]
        return next((line for line in self.lines if line.level), None), None


def names(anchor: Anchor) -> bool:
    """Whether the text of a link names what it leads to."""
    return bool(anchor.text) and not is_read_more(anchor.text)


def upwards(element: Any) -> Iterator[Any]:
    """The element and those around it, from the inside."""
    while element is not None:
        yield element
        element = element.getparent()


def hold(regions: Sequence[Region], lines: Sequence[Line]) -> list[Region | None]:
    """Give each line to its record; returns the record of each line, None for none."""
    owner = {region.node: region for region in regions}
    held = [_owner(line, owner) for line in lines]
    _hold_broken(lines, held)
    for line, region in zip(lines, held, strict=True):
        if region is not None:
            region.lines.append(line)
    return held


def _owner(line: Line, owner: dict[Any, Region]) -> Region | None:
    """The record whose element holds the line, or lies in it (`<br>` parts the lines of one paragraph)."""
    around = next((owner[up] for up in upwards(line.node) if up in owner), None)
    if around is not None:
        return around
    inside = (up for anchor in line.anchors for up in upwards(anchor.node) if up in owner)
    return next((owner[up] for up in inside), None)


def _hold_broken(lines: Sequence[Line], held: list[Region | None]) -> None:
    """Markup that closes a record too early: a later `Read More` of the same entry shows how far the record reaches."""
    current, start = None, 0
    for index, line in enumerate(lines):
        if held[index] is not None:
            current, start = held[index], index
        elif current is not None and _leads_on(line, current):
            held[start : index + 1] = [current] * (index + 1 - start)


def _leads_on(line: Line, current: Region) -> bool:
    """Whether a line leads to the record's own entry without naming it."""
    own = [anchor for anchor in line.anchors if anchor.key and anchor.key == current.key]
    return any(is_read_more(line.text) or not names(anchor) for anchor in own)


def mean_lines(regions: Sequence[Region]) -> float:
    """How many lines a record has in the mean."""
    return sum(sum(bool(line.text) for line in region.lines) for region in regions) / max(len(regions), 1)


def assign_between(lines: Sequence[Line], held: Sequence[Region | None]) -> None:
    """Flat markup: the lines behind a title belong to it, up to a higher heading, furniture, or the next."""
    first = next((index for index, region in enumerate(held) if region), len(lines))
    grouped = first > 0 and is_place_line(lines[first - 1].text)
    current: Region | None = None
    for index, (line, region) in enumerate(zip(lines, held, strict=True)):
        if region is not None:
            current = region
        elif current is None or _ends(line, current, grouped):
            current = None
        elif leads := _leads_to(lines, held, index):
            leads.lines.insert(0, line)
        else:
            current.lines.append(line)


def _ends(line: Line, current: Region, grouped: bool) -> bool:
    """Whether a line behind a title is past the end of its record."""
    if _around(current.node) not in set(upwards(line.node)) or is_furniture(line.text):
        return True
    if grouped and is_place_line(line.text):
        return True
    level = next((one.level for one in current.lines if one.level), 0)
    return bool(line.level) and (not level or line.level <= level)


def _around(node: Any) -> Any:
    """The block around a record's element; a link in bold has the paragraph around it, not the bold."""
    around = node.getparent()
    while around is not None and around.tag in _INLINE:
        around = around.getparent()
    return around


def _leads_to(lines: Sequence[Line], held: Sequence[Region | None], index: int) -> Region | None:
    """The record right below a marker line: a marker stands above the title that it speaks of."""
    below = held[index + 1] if index + 1 < len(held) else None
    return below if below is not None and marked_language(lines[index].text) else None

"""Records of a list in HTML, found by the page's structure alone.

What belongs here: which elements and lines make one record. What does not: what the lines say (`records`).

An entry is found by its own address: each item key on the page owns the largest element that holds no other key (its
**node**). Where the markup is flat (a heading, then paragraphs, no wrapper), the lines behind the node belong to it up
to the next one. A sibling of the same tag and class without a link is a record too. Class names are compared between
siblings, never known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.read.lines import Anchor, Line, squeeze
from pipelines.read.markup import Document
from pipelines.read.roles import is_furniture, is_read_more, marked_language
from pipelines.refine.places import is_place_line


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
        rest = replace(line, text=squeeze(line.text.replace(anchor.text, " ", 1)), level=0, anchors=())
        cut = [title, rest] if line.text.startswith(anchor.text) else [rest, title]
        return title, [piece for one in self.lines for piece in (cut if one is line else [one])]

    def _title(self) -> tuple[Line | None, Anchor | None]:
        """The line whose link is the entry's own and names it; headings first; else the first heading."""
        own = [
            (line, a)
            for line in self.lines
            for a in line.anchors
            if a.key == self.key and _names(a) and a.text in line.text
        ]
        headings = [pair for pair in own if pair[0].level]
        if self.key and (headings or own):
            return (headings or own)[0]
        return next((line for line in self.lines if line.level), None), None


def _names(anchor: Anchor) -> bool:
    """Whether the text of a link names what it leads to."""
    return bool(anchor.text) and not is_read_more(anchor.text)


def find_regions(document: Document, own_key: str | None) -> list[Region]:
    """The records of the page's main list, in the order of the page; none when no link tells
    where an entry is (flat markup whose links say no more than `Read More`)."""
    owners = _owners(document.lines, own_key)
    taken = _upward_counts(owners)
    regions = [_region(key, pairs, taken) for key, pairs in owners.items()]
    _assign(regions, document.lines)
    named = any(_names(anchor) for pairs in owners.values() for _, anchor in pairs)
    if not named and _mean_lines(regions) < 2:
        return []
    if _mean_lines(regions) >= 2:
        regions += _unlinked(regions, document.lines)
    return _main_groups([region for region in regions if region.lines], document.lines)


def _owners(lines: Iterable[Line], own_key: str | None) -> dict[str, list[tuple[Line, Anchor]]]:
    """Entry keys of the page, each with the lines that link to it; documents are no entries."""
    owners: dict[str, list[tuple[Line, Anchor]]] = {}
    for line in lines:
        for anchor in line.anchors:
            if anchor.key and anchor.key != own_key and not anchor.key.startswith("rm:"):
                owners.setdefault(anchor.key, []).append((line, anchor))
    return owners


def _upward_counts(owners: dict[str, list[tuple[Line, Anchor]]]) -> dict[Any, set[str]]:
    """For every element above a link: the keys below it."""
    below: dict[Any, set[str]] = defaultdict(set)
    for key, pairs in owners.items():
        for _, anchor in pairs:
            for element in _upwards(anchor.node):
                below[element].add(key)
    return below


def _upwards(element: Any) -> Iterator[Any]:
    while element is not None:
        yield element
        element = element.getparent()


def _region(key: str, pairs: list[tuple[Line, Anchor]], below: dict[Any, set[str]]) -> Region:
    """The record of a key: the largest element that holds this key alone, and no heading above the title's level."""
    line, anchor = next(((li, a) for li, a in pairs if _names(a)), pairs[0])
    node = anchor.node
    for element in _upwards(anchor.node):
        if len(below[element]) > 1 or element.tag in ("body", "main") or _holds_higher_heading(element, line):
            break
        node = element
    return Region(node, key, anchor.url)


def _holds_higher_heading(element: Any, title: Line) -> bool:
    """Whether an element holds a heading that outranks, or equals, the title: then it is more than one record."""
    level = title.level or 7
    own = next((up for up in _upwards(title.node) if up.tag in _HEADINGS), None)
    return any(h is not own and int(h.tag[1]) <= min(level, 6) and level < 7 for h in element.iter(*_HEADINGS))


_HEADINGS = tuple(f"h{n}" for n in range(1, 7))


def _assign(regions: list[Region], lines: list[Line]) -> None:
    """Give each line to the record whose node holds it; in flat markup also the lines between two records."""
    owner = {region.node: region for region in regions}
    held = [next((owner[up] for up in _upwards(line.node) if up in owner), None) for line in lines]
    _hold_broken(lines, held)
    for line, region in zip(lines, held, strict=True):
        if region is not None:
            region.lines.append(line)
    if _mean_lines(regions) < 2:
        _assign_between(lines, held)


def _hold_broken(lines: list[Line], held: list[Region | None]) -> None:
    """Markup that closes a record too early: a later link of the same entry shows how far the record reaches."""
    current, start = None, 0
    for index, line in enumerate(lines):
        if held[index] is not None:
            current, start = held[index], index
        elif current is not None and any(anchor.key == current.key for anchor in line.anchors if anchor.key):
            held[start : index + 1] = [current] * (index + 1 - start)


def _mean_lines(regions: list[Region]) -> float:
    return sum(sum(bool(line.text) for line in region.lines) for region in regions) / max(len(regions), 1)


def _assign_between(lines: list[Line], held: list[Region | None]) -> None:
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
    if current.node.getparent() not in set(_upwards(line.node)) or is_furniture(line.text):
        return True
    if grouped and is_place_line(line.text):
        return True
    level = next((one.level for one in current.lines if one.level), 0)
    return bool(line.level) and (not level or line.level <= level)


def _leads_to(lines: list[Line], held: list[Region | None], index: int) -> Region | None:
    """The record right below a marker line or a line that ends in a colon; such lines stand above a title."""
    below = held[index + 1] if index + 1 < len(held) else None
    return below if below is not None and marked_language(lines[index].text) else None


def _unlinked(regions: list[Region], lines: list[Line]) -> list[Region]:
    """Siblings of the records that have the same tag and class and no link to an entry."""
    nodes = {region.node for region in regions}
    shapes = {(r.node.getparent(), r.node.tag, r.node.get("class")) for r in regions if r.node.getparent() is not None}
    found: dict[Any, Region] = {}
    for line in lines:
        for element in _upwards(line.node):
            if element not in nodes and (element.getparent(), element.tag, element.get("class")) in shapes:
                found.setdefault(element, Region(element)).lines.append(line)
    return [region for region in found.values() if len(region.lines) >= 2]


def _main_groups(regions: list[Region], lines: list[Line]) -> list[Region]:
    """The main list: records of one shape; bare links elsewhere (menus, "related") are no list beside a rich one."""
    groups: dict[tuple[str, ...], list[Region]] = defaultdict(list)
    for region in regions:
        groups[tuple(up.tag for up in _upwards(region.node))].append(region)
    best = max((_mean_lines(group) * len(group) for group in groups.values()), default=0)
    rich = any(_mean_lines(group) >= 2 and _mean_lines(group) * len(group) == best for group in groups.values())
    kept = [
        r for group in groups.values() for r in group if not rich or _mean_lines([r]) >= 2 or _mean_lines(group) >= 2
    ]
    order = {id(line): index for index, line in enumerate(lines)}
    return sorted(kept, key=lambda region: min(order[id(line)] for line in region.lines))

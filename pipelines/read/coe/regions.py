"""Records of a list in HTML, found by the page's structure alone.

What belongs here: which elements make one record. What does not: which lines belong to it (`holding`), what the lines
say (`records`).

An entry is found by its own address: each item key on the page owns the largest element that holds no other key (its
**node**); when the page names it in several places, the one where it tells most. A sibling of the same tag and class
without a link is a record too. Class names are compared between siblings, never known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pipelines.read.coe.holding import Region, assign_between, hold, mean_lines, names, upwards
from pipelines.read.html.lines import Anchor, Line
from pipelines.read.html.markup import Document
from pipelines.read.html.roles import column_of, is_furniture, is_page_title, is_read_more

_TEASER = 80  # characters; a shorter line with a link names what it leads to
_SHOWINGS = 20  # of one entry on one page; more are a page of nothing but links
_HEADINGS = tuple(f"h{n}" for n in range(1, 7))


def find_regions(document: Document, own_key: str | None) -> list[Region]:
    """The records of the page's main list, in the order of the page; none when no link tells
    where an entry is (flat markup whose links say no more than `Read More`)."""
    owners = _owners(document.lines, own_key)
    taken = _upward_counts(owners)
    regions = [_region(key, pairs, taken) for key, pairs in owners.items()]
    held = hold(regions, document.lines)
    named = any(names(anchor) for pairs in owners.values() for _, anchor in pairs)
    if mean_lines(regions) < 2:
        if not named:
            return []
        assign_between(document.lines, held)
    if mean_lines(regions) >= 2:
        regions += _unlinked(regions, document.lines, taken)
    return _main_groups([region for region in regions if region.lines], document.lines)


def _owners(lines: Iterable[Line], own_key: str | None) -> dict[str, list[tuple[Line, Anchor]]]:
    """Entry keys of the page, each with the lines that link to it; documents are no entries."""
    owners: dict[str, list[tuple[Line, Anchor]]] = {}
    for line in lines:
        for anchor in line.anchors:
            if anchor.key and anchor.key != own_key and not anchor.key.startswith("rm:"):
                owners.setdefault(anchor.key, []).append((line, anchor))
    telling = {key: kept for key, pairs in owners.items() if (kept := [p for p in pairs if not _is_mention(*p)])}
    return telling or owners


def _is_mention(line: Line, anchor: Anchor) -> bool:
    """A link amid the words of a teaser: it leads to another entry, and does not tell where one is."""
    amid = len(line.text) >= _TEASER and not line.text.startswith(anchor.text) and 2 * len(anchor.text) < len(line.text)
    return amid and bool(anchor.text) and not line.level and not is_read_more(anchor.text)


def _upward_counts(owners: dict[str, list[tuple[Line, Anchor]]]) -> dict[Any, set[str]]:
    """For every element above a link: the keys below it."""
    below: dict[Any, set[str]] = defaultdict(set)
    for key, pairs in owners.items():
        for _, anchor in pairs:
            for element in upwards(anchor.node):
                below[element].add(key)
    return below


def _region(key: str, pairs: list[tuple[Line, Anchor]], below: dict[Any, set[str]]) -> Region:
    """The record of a key: of the places where the page names it the one that tells most (a list tells more than a
    slider or a column of titles), a heading before others."""
    shown = pairs[:_SHOWINGS]
    named = [(line, anchor) for line, anchor in shown if names(anchor) and not is_read_more(line.text)] or shown
    found = [(_node(line, anchor, below), line, anchor) for line, anchor in named]
    size = {node: sum(map(len, node.itertext())) for node, _, _ in found} if len(found) > 1 else {}
    node, _, anchor = max(found, key=lambda one: (size.get(one[0], 0), bool(one[1].level)))
    return Region(node, key, anchor.url)


def _node(line: Line, anchor: Anchor, below: dict[Any, set[str]]) -> Any:
    """The largest element around a link that holds its key alone, and no heading above the title's level."""
    node = anchor.node
    for element in upwards(anchor.node):
        if len(below[element]) > 1 or element.tag in ("body", "main") or _holds_higher_heading(element, line):
            break
        node = element
    return node


def _holds_higher_heading(element: Any, title: Line) -> bool:
    """Whether an element holds a heading that outranks, or equals, the title: then it is more than one record."""
    level = title.level or 7
    own = next((up for up in upwards(title.node) if up.tag in _HEADINGS), None)
    return any(h is not own and int(h.tag[1]) <= min(level, 6) and level < 7 for h in element.iter(*_HEADINGS))


def _unlinked(regions: list[Region], lines: list[Line], below: dict[Any, set[str]]) -> list[Region]:
    """Siblings of the records that have the same tag and class and no link to an entry; furniture is none."""
    shapes = {(r.node.getparent(), r.node.tag, r.node.get("class")) for r in regions if r.node.getparent() is not None}
    found: dict[Any, Region] = {}
    for line in lines:
        for element in upwards(line.node):
            if element not in below and (element.getparent(), element.tag, element.get("class")) in shapes:
                found.setdefault(element, Region(element)).lines.append(line)
    return [region for region in found.values() if len(region.lines) >= 2 and not _is_site(region)]


def _is_site(region: Region) -> bool:
    """A box of the site ("Subscribe"), or the names of columns, in the shape of a record."""
    texts = [line.text for line in region.lines if line.text]
    return is_furniture(texts[0]) or is_page_title(texts[0]) or all(map(column_of, texts)) if texts else True


def _main_groups(regions: list[Region], lines: list[Line]) -> list[Region]:
    """The main list: records of one shape; bare links elsewhere (menus, "related") are no list beside a rich one."""
    groups: dict[tuple[str, ...], list[Region]] = defaultdict(list)
    for region in regions:
        look = str(region.node.get("class") or "").partition(" ")[0]  # "item first" and "item last" are one look
        groups[(look, *(up.tag for up in upwards(region.node)))].append(region)
    lines_of = {key: mean_lines(group) * len(group) for key, group in groups.items()}
    bare = max((lines_of[key] for key, group in groups.items() if mean_lines(group) < 2), default=0)
    rich = any(lines_of[key] > bare for key, group in groups.items() if mean_lines(group) >= 2)
    kept = [r for group in groups.values() for r in group if not rich or mean_lines([r]) >= 2 or mean_lines(group) >= 2]
    order = {id(line): index for index, line in enumerate(lines)}
    return sorted(kept, key=lambda region: min(order[id(line)] for line in region.lines))

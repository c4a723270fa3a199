"""Several things on one day: a day's heading above them, a cell of a calendar, a date cell that spans rows.

What belongs here: cutting a record that holds repeated parts without days of their own into one record a part. What
does not: records that have a day each (`records`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, takewhile
from typing import Any

from pipelines.read.generic.days.mentions import CLOCK
from pipelines.read.generic.finding.records import Group, Record, Tree
from pipelines.read.generic.layout.blocks import Block, is_strong
from pipelines.read.generic.layout.outline import shape
from pipelines.read.generic.values.naming import may_be_title
from pipelines.reference.folding import fold

_TIME_ALONE = re.compile(r"\d{1,2}[.:h]\d{2}(?: ?[–-] ?\d{1,2}[.:h]\d{2})?")
_LINES = 30  # of a part that are looked at
_HALF = 0.5
_MOST = 0.8
_DISTINCT = 0.6  # of the parts of all records say something different: "Agenda", "Minutes" do not


def spread(tree: Tree, groups: Sequence[Group]) -> list[Group]:
    """The groups, with each record that holds several things cut into these."""
    return [_spread(tree, group) for group in groups]


def _spread(tree: Tree, group: Group) -> Group:
    parts = [_parts(tree, record) for record in group.records]
    spanned = any(_rows(record) > 1 for record in group.records)
    if not spanned and not _are_things(tree, parts, len(group.records)):
        return group
    records = [
        _part(tree, record, element) if some else record
        for record, some in zip(group.records, parts, strict=True)
        for element in (some or [None])
    ]
    return Group(group.look, records)


def _part(tree: Tree, record: Record, element: Any) -> Record:
    start, end = tree.span(element)
    return replace(
        record, start=start, end=end, node=element, parent=element.getparent(), core=(start, end), date_from_above=True
    )


def _rows(record: Record) -> int:
    """How many rows the cell of the day spans."""
    element = record.mention.node
    while element is not None and element.tag not in ("td", "th", "table"):
        element = element.getparent()
    value = "" if element is None else element.get("rowspan", "")
    return int(value) if value.isdecimal() and len(value) < 3 else 1


def _parts(tree: Tree, record: Record) -> list[Any]:
    """The repeated parts of a record: elements of one shape side by side, none of which holds the day."""
    rows = _rows(record)
    if rows > 1 and record.node is not None and record.node.tag == "tr":
        below = islice((e for e in record.node.itersiblings("tr") if e in tree.range), rows - 1)
        return [record.node, *takewhile(lambda row: row not in tree.days, below)]
    inside = record.node is not None and record.end <= tree.span(record.node)[1]
    holder = record.node if inside else record.parent
    if holder is None:
        return []
    first, limit = record.mention.last + 1, record.end
    best: list[Any] = []
    for _ in range(12):
        by_shape: dict[str, list[Any]] = defaultdict(list)
        for element in (e for e in tree.inside(holder, first, limit) if _within(tree, e, first, limit)):
            by_shape[shape(element)].append(element)
        most = max(by_shape.values(), key=len, default=[])
        if len(most) > 1:
            return [e for e in most if _says(tree, e)]
        deeper = tree.inside(holder, first, limit)
        best = [e for e in most if _says(tree, e)] or best
        if len(deeper) != 1:
            break
        holder = deeper[0]
    return best


def _within(tree: Tree, element: Any, first: int, limit: int) -> bool:
    start, end = tree.span(element)
    return first <= start and end <= limit


def _says(tree: Tree, element: Any) -> bool:
    own = _blocks(tree, element)
    return any(may_be_title(CLOCK.sub(" ", block.text)) for block in own if len(block.text) < 200)


def _are_things(tree: Tree, parts: Sequence[Sequence[Any]], count: int) -> bool:
    """Whether the parts of a group's records are things of their own: more than records, and most with a time of day, a
    heading, or a link of their own that differs from part to part."""
    all_parts = [element for some in parts for element in some]
    if len(all_parts) <= count or len(all_parts) < 2:
        return False
    timed = sum(_has_time(tree, element) for element in all_parts) / len(all_parts)
    if timed >= (_HALF if count > 1 else _MOST):
        return True
    if count == 1:
        return False
    texts = [fold(_text(tree, element)) for element in all_parts]
    differ = len(set(texts)) / len(texts) >= _DISTINCT
    headed = sum(_has_heading(tree, element) for element in all_parts) / len(all_parts)
    linked = sum(_has_link(tree, element) for element in all_parts) / len(all_parts)
    return differ and (headed >= _MOST or linked >= _MOST)


def _has_time(tree: Tree, element: Any) -> bool:
    own = _blocks(tree, element)
    return any(_TIME_ALONE.fullmatch(block.text) or CLOCK.search(block.text[:120]) for block in own)


def _has_heading(tree: Tree, element: Any) -> bool:
    return any(block.level or is_strong(block) for block in _blocks(tree, element))


def _has_link(tree: Tree, element: Any) -> bool:
    return any(block.links for block in _blocks(tree, element))


def _text(tree: Tree, element: Any) -> str:
    return " ".join(block.text for block in _blocks(tree, element))[:80]


def _blocks(tree: Tree, element: Any) -> Sequence[Block]:
    """The first lines of an element: a thing is told by these."""
    start, end = tree.span(element)
    return tree.blocks[start : min(end, start + _LINES)]

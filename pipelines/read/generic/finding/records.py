"""Entries among blocks: which stretch of a page tells of one dated thing.

What belongs here: the extent of a record around its day, lists without wrappers cut at their titles, and groups of
records that look the same. What does not: what stands in a record (`titles`, `fields`), years (`periods`).

A record is the largest element that holds one day, as long as no sibling of the same shape does: that needs no rule for
the site. In a flat list (headings and paragraphs side by side) a record is the stretch from title to title.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.read.generic.days.extents import is_date_label
from pipelines.read.generic.days.mentions import Mention
from pipelines.read.generic.days.months import YEAR
from pipelines.read.generic.layout.blocks import Block, is_strong
from pipelines.read.generic.layout.outline import Outline, shape, upwards
from pipelines.read.html.roles import column_of

_MOST_LEAD = 4  # blocks above its date that a flat record may begin with
_MOST_TRAIL = 12  # blocks below it
_MOST_BELOW = 80  # blocks below a heading that is a date
_RANGE, _BADGES = 31, 6  # days of a range whose first day may stand beside it; days of an entry that shows both
_OFTEN = 0.6  # of the records of a list show a thing that is part of their shape


@dataclass(slots=True)
class Record:
    """A stretch of blocks [start, end) around a day; `node` is its element, or None where it has none of its own.

    `core` is the stretch before neighbours' blocks were added to it.
    """

    mention: Mention
    start: int
    end: int
    node: Any
    parent: Any
    core: tuple[int, int] = (0, 0)
    others: list[Mention] = field(default_factory=list)
    date_from_above: bool = False


@dataclass(slots=True)
class Group:
    """Records of one look: the same path of tags and classes."""

    look: int
    records: list[Record]


class Tree:
    """Which days stand in which element."""

    def __init__(self, outline: Outline, mentions: Sequence[Mention]) -> None:
        self.outline = outline
        self.blocks = outline.blocks
        self.range = outline.range
        self._all = sorted(mentions, key=lambda mention: mention.first)
        self._starts = [mention.first for mention in self._all]
        self.days: dict[Any, set[Any]] = defaultdict(set)
        self.mentions: dict[Any, list[Mention]] = defaultdict(list)
        self.alone: dict[Any, bool] = {}
        self._inside: dict[Any, list[Any]] = {}
        for mention in mentions:
            self.mentions[mention.node].append(mention)
            for element in upwards(mention.node):
                self.days[element].add(mention.days)
        afar = {m.days for m in mentions if m.context and m.end == m.start}  # cells of a calendar are no badges
        for days in self.days.values():
            days -= _ends_of_range(days) - afar

    def span(self, element: Any) -> tuple[int, int]:
        """The blocks [start, end) of an element."""
        return self.outline.span(element)

    def inside(self, element: Any, first: int, limit: int) -> list[Any]:
        """The children of an element that have blocks among [first, limit)."""
        if element not in self._inside:
            self._inside[element] = [child for child in element if child in self.range]
        children = self._inside[element]
        start = bisect_left(children, first, key=lambda child: self.range[child][1])
        return children[start : bisect_left(children, limit, key=lambda child: self.range[child][0])]

    def said(self, element: Any) -> int:
        """How many characters of an element are dates."""
        start, end = self.span(element)
        first = bisect_left(self._starts, start)
        return sum(len(m.text) for m in self._all[first : bisect_left(self._starts, end)])

    def is_dated_from_afar(self, element: Any) -> bool:
        """Whether an element has a day that its words do not show: the head of a column, of a week, tells it."""
        start, end = self.span(element)
        first = bisect_left(self._starts, start)
        inside = self._all[first : bisect_left(self._starts, end)]
        return bool(inside) and all(one.context and one.end == one.start for one in inside)


def _ends_of_range(days: Collection[Any]) -> set[Any]:
    """The days that begin or end a short range among them: a badge of its first day stands beside "12 to 15 March"."""
    if not 1 < len(days) <= _BADGES:
        return set()
    ranges = [(first, last) for first, last in days if first and last and 0 < (last - first).days <= _RANGE]
    return {day for day in days for first, last in ranges if day in ((first, first), (last, last))}


def find_records(outline: Outline, mentions: Sequence[Mention]) -> tuple[list[Record], Tree]:
    """The records around some days, in the order of the page, and the tree of these days.

    First those around days that stand by themselves in lines that look the same (the badge of a card, the column of a
    table), then those around days of publication that do: a day amid the words of such a record is of what it tells.
    Then those around the days outside them; days that are not plainly of a thing count when there are no others.
    """
    kept: list[Mention] = []
    records: list[Record] = []
    tree = Tree(outline, ())
    for wave in _waves(outline, mentions):
        inside = {at for record in records for at in range(*record.core)}
        dated = {mention.first for mention in wave}.union(inside)
        new = [m for m in wave if m.first not in inside and not (kept and _is_in_title(outline, m, dated))]
        if new:
            kept = sorted([*kept, *new], key=lambda mention: (mention.first, mention.start))
            records, tree = _records_of(outline, kept)
    return records, tree


def _is_in_title(outline: Outline, mention: Mention, dated: Collection[int]) -> bool:
    """A day in a heading that has words of its own, with another day right below it: it is part of a name."""
    return (
        bool(outline.blocks[mention.first].level)
        and not mention.is_pure
        and any(mention.first + step in dated for step in (1, 2))
    )


def _waves(outline: Outline, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """The days of a page, the surest first."""
    plain = [m for m in mentions if m.role == "plain"]
    published = [m for m in mentions if m.role == "published"]
    sure = _repeated(outline, plain)
    yield sure
    yield [m for m in _repeated(outline, published) if not m.in_table]
    created = [m for m in mentions if m.role == "created"]
    yield [m for m in _repeated(outline, created) if not m.in_table]
    surest = {id(mention) for mention in sure}
    yield [mention for mention in plain if id(mention) not in surest]
    if not plain:
        yield published or created or list(mentions)


def _repeated(outline: Outline, mentions: Sequence[Mention]) -> list[Mention]:
    """The days that stand by themselves, in lines of a look that the page shows more than once."""
    looks = Counter(outline.path(m.node) for m in mentions if m.is_pure)
    return [m for m in mentions if m.is_pure and looks[outline.path(m.node)] > 1]


def _records_of(outline: Outline, mentions: Sequence[Mention]) -> tuple[list[Record], Tree]:
    tree = Tree(outline, mentions)
    records = _merged(_levelled(tree, [_core(tree, mention) for mention in mentions]))
    records.sort(key=lambda record: record.core)
    by_parent: dict[Any, list[Record]] = defaultdict(list)
    for record in records:
        by_parent[record.parent].append(record)
    for parent, siblings in by_parent.items():
        if parent is not None:
            _extend(tree, tree.span(parent), siblings)
    return records, tree


def _core(tree: Tree, mention: Mention) -> Record:
    """The largest element around a day that holds no other, and has no sibling of its shape with a day."""
    node = mention.node
    if len(tree.days[node]) > 1 or _has_several_lines(tree, node):
        record = Record(mention, mention.first, mention.last + 1, None, node)
    else:
        while (parent := node.getparent()) is not None and parent.tag != "html" and _is_alone(tree, parent):
            node = parent
        parent = node.getparent()
        start, end = tree.span(node)
        record = Record(mention, start, end, node, parent if parent is not None and parent in tree.range else None)
    record.core = (record.start, record.end)
    return record


def _has_several_lines(tree: Tree, node: Any) -> bool:
    """An element with lines of its own (`<br>`) of which more than one names a day."""
    return len({m.first for m in tree.mentions[node] if m.node is node}) > 1


def _is_alone(tree: Tree, parent: Any) -> bool:
    """`_is_one`, asked once an element."""
    if parent not in tree.alone:
        tree.alone[parent] = _is_one(tree, parent)
    return tree.alone[parent]


def _is_one(tree: Tree, parent: Any) -> bool:
    """Whether an element holds one day, and not two records on the same day side by side."""
    if len(tree.days[parent]) > 1:
        return False
    dated = [child for child in parent if child in tree.days]
    if parent.tag == "tr" and len(dated) > 1 and _are_columns(tree, dated):
        return False
    if len(dated) < 2 or len({shape(child) for child in dated}) == len(dated):
        return True
    return not all(_tells_more(tree, child) for child in dated)


def _are_columns(tree: Tree, cells: Sequence[Any]) -> bool:
    """Cells of one row that hold the dates of different things: their columns' headers name these."""
    headers = [tree.blocks[tree.range[cell][0]].header for cell in cells]
    return all(header and column_of(header) is None for header in headers)


def _tells_more(tree: Tree, element: Any) -> bool:
    """Whether an element says something beside its date: then it is an entry, not a date shown twice."""
    start, end = tree.span(element)
    if tree.is_dated_from_afar(element):
        return True
    dates = tree.said(element)
    return sum(len(block.text) for block in tree.blocks[start:end]) > dates + 12


def look_of(outline: Outline, record: Record) -> int:
    """The path of shapes from a record up to the page."""
    return outline.path(record.node if record.node is not None else record.parent)


def _levelled(tree: Tree, records: list[Record]) -> list[Record]:
    """The only record of a section stands at the level of its like in other sections, not at that of the section."""
    looks = Counter(look_of(tree.outline, record) for record in records if record.node is not None)
    return [_lowered(tree, record, looks) if record.node is not None else record for record in records]


def _lowered(tree: Tree, record: Record, looks: Counter[int]) -> Record:
    own = looks[look_of(tree.outline, record)]
    best = record.node
    for element in upwards(record.mention.node):
        if element is record.node:
            break
        if looks[tree.outline.path(element)] > own:
            best, own = element, looks[tree.outline.path(element)]
    if best is record.node:
        return record
    start, end = tree.span(best)
    return Record(record.mention, start, end, best, best.getparent(), (start, end))


def _merged(records: list[Record]) -> list[Record]:
    """Records of one element as one: its further mentions are beside the first, the plainest one leads."""
    found: dict[Any, Record] = {}
    kept: list[Record] = []
    for record in records:
        first = found.get(record.node) if record.node is not None else None
        if first is None:
            if record.node is not None:
                found[record.node] = record
            kept.append(record)
        else:
            first.others.append(record.mention)
            if _says_more(record.mention, first.mention):
                first.mention, first.others[-1] = record.mention, first.mention
    return kept


def _says_more(mention: Mention, leading: Mention) -> bool:
    """Whether a further mention of a record tells its day better than the first: a range from the same day, or the same
    with the year."""
    (first, last), (start, end) = mention.days, leading.days
    if first and last and start and end and first <= start and end < last:
        return True
    return mention.has_year and not leading.has_year and not (last and end and last < end)


def _extend(tree: Tree, around: tuple[int, int], records: list[Record]) -> None:
    """Give the blocks between the records of one parent to the one above or below them."""
    leads = _leads(tree.blocks, around[0], records)
    if leads is not None:
        for record, lead in zip(records, leads, strict=True):
            record.start = lead
        for record, following in zip(records, [*records[1:], None], strict=True):
            limit = following.start if following else around[1]
            record.end = max(record.end, min(limit, record.end + _MOST_TRAIL))
        return
    bare = sum(not _has_words(tree.blocks, record) for record in records) >= _OFTEN * len(records)
    for record, following in zip(records, [*records[1:], None], strict=True):
        limit = following.start if following else around[1]
        reach = min(limit, record.end + (_trail(tree.blocks, record) if bare else 0))
        record.end = _until_heading(tree.blocks, record.end, reach, bare)


def _trail(blocks: Sequence[Block], record: Record) -> int:
    """How many blocks may follow a bare date: more below a heading, which may stand above a day's programme."""
    return _MOST_BELOW if blocks[record.mention.first].level else _MOST_TRAIL


def _leads(blocks: Sequence[Block], first: int, records: list[Record]) -> list[int] | None:
    """Where each record begins when titles stand above the dates; None when they do not, or when as many lines of the
    look of these titles stand below the dates: then each of them is the title of the date above it."""
    above: list[int | None] = []
    before = first
    for record in records:
        above.append(None if _has_heading(blocks, record) else _title_above(blocks, before, record.start))
        before = record.end
    looks = Counter(_line_look(blocks[at]) for at in above if at is not None)
    if not looks:
        return None
    ((look, hits),) = looks.most_common(1)
    if hits < max(_OFTEN * len(records), 1) or _titles_below(blocks, records, look) > hits:
        return None
    return [record.start if at is None else at for record, at in zip(records, above, strict=True)]


def _line_look(block: Block) -> tuple[int, bool, bool]:
    """How a line stands out: its level, bold, the term of a list of definitions that is no label of a day."""
    return block.level, is_strong(block), block.element.tag == "dt" and not is_date_label(block.text)


def _titles_below(blocks: Sequence[Block], records: Sequence[Record], look: tuple[int, bool, bool]) -> int:
    """How many records have a line of a look below them, before the next."""
    found = 0
    for record, following in zip(records, [*records[1:], None], strict=True):
        limit = min(following.start if following else len(blocks), record.end + _MOST_LEAD)
        found += any(_line_look(block) == look for block in blocks[record.end : limit])
    return found


def _title_above(blocks: Sequence[Block], first: int, start: int) -> int | None:
    """The line right above a record that stands out as a title does, and is no month and no year."""
    for at in range(start - 1, max(first, start - _MOST_LEAD) - 1, -1):
        block = blocks[at]
        if is_period(block.text):
            return None
        if any(_line_look(block)):
            return at
    return None


def _has_heading(blocks: Sequence[Block], record: Record) -> bool:
    return any(block.level or is_strong(block) for block in blocks[record.core[0] : record.core[1]])


def _has_words(blocks: Sequence[Block], record: Record) -> bool:
    """Whether the record says something beside its date."""
    said = sum(len(block.text) for block in blocks[record.core[0] : record.core[1]])
    return said > len(record.mention.text) + sum(len(m.text) for m in record.others) + 8


def _until_heading(blocks: Sequence[Block], end: int, reach: int, bare: bool) -> int:
    """How far a record goes on below its element: to the next heading, but for the one that is its title."""
    at = end
    level = blocks[end - 1].level or 7
    while at < reach and not is_period(blocks[at].text):
        if blocks[at].level and blocks[at].level <= level and not (bare and at == end):
            break
        at += 1
    return at


def is_period(text: str) -> bool:
    """A line that is little but a month or a year: it stands above a group of records."""
    found = YEAR.search(text)
    return len(text) <= 30 and (found is not None and len(text) - 4 <= 16)


def groups_of(outline: Outline, records: Sequence[Record]) -> list[Group]:
    """The records by their look, in the order in which the page shows each look first."""
    found: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        found[look_of(outline, record)].append(record)
    return [Group(look, group) for look, group in found.items()]

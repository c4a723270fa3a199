"""The words above a record that its date needs: a year, a month, a school year.

What belongs here: which headings, captions, column headers and tabs cover a record, and the words of them that tell its
year. What does not: resolving the date (`refine.dates`).

A heading covers what follows it until one of the same or a higher rank. A heading below a record never counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from pipelines.read.generic.blocks import Block, is_strong
from pipelines.read.generic.months import YEAR
from pipelines.read.generic.outline import Outline
from pipelines.read.generic.records import Record, is_period

_STRONG, _CAPTION, _PLAIN = 7, 8, 9
_NONE = 10
_SITE = 0.7  # of the words of a heading are the site's name, so that it names the site
_NEAR = 3  # blocks above a list in which a bold line is its heading
_LONGEST = 120  # characters of a heading that is kept as context


def rank_of(block: Block) -> int:
    """How high a block stands as a heading: 1 to 6 its level, then bold lines, captions, lines that are a period."""
    if block.level:
        return block.level
    if len(block.text) > _LONGEST:
        return _NONE
    if block.element.tag in ("caption", "summary", "legend", "dt"):
        return _CAPTION
    if is_strong(block):
        return _STRONG
    return _PLAIN if is_period(block.text) else _NONE


class Headings:
    """The heading-like blocks of a page, and what covers a record; `dated` are the blocks that name a day, `site` tells
    how much some words are the name of the site."""

    def __init__(
        self,
        outline: Outline,
        tree: Any,
        page_title: str,
        dated: Collection[int],
        site: Callable[[str], float],
    ) -> None:
        self.site = site
        self.outline = outline
        self.blocks = outline.blocks
        self.dated = dated
        self.ranked = [(block, rank) for block in self.blocks if (rank := rank_of(block)) < _NONE]
        self.page_title = page_title
        self.tabs = _tabs(tree)

    def above(self, record: Record) -> list[Block]:
        """The headings that cover a record, the nearest first."""
        own = [rank_of(block) for block in self.blocks[record.start : record.end]]
        rank = min([r for r in own if r < _NONE], default=_NONE)
        found = []
        for block, level in reversed(self.ranked):
            if block.index < record.start and level < rank:
                found.append(block)
                rank = level
        return found

    def subjects(self, record: Record) -> list[str]:
        """What may name the thing that a record without a title is of: the headings that cover it, the nearest first,
        any heading of the first level above it, the page's title, and bold lines farther up."""
        above = [block for block in self.above(record) if block.index not in self.dated]
        first = self._first(record) - _NEAR
        marked = [b.text for b in above if rank_of(b) in (*range(1, 7), _CAPTION) or b.index >= first]
        titles = [b.text for b, rank in reversed(self.ranked) if rank == 1 and b.index < record.start]
        bold = [b.text for b in above if rank_of(b) == _STRONG and b.index < first]
        return sorted([*marked, *titles, self.page_title, *bold], key=lambda text: self.site(text) >= _SITE)

    def _first(self, record: Record) -> int:
        """Where the list begins in which a record stands."""
        spot = self.outline.range.get(record.parent)
        return record.start if spot is None else spot[0]

    def context(self, record: Record) -> list[str]:
        """The words above a record that name its month, when that stands apart, and its year."""
        months = record.mention.context
        if any(YEAR.search(text) for text in months):
            return list(months)
        for text in [*self._tab(record), *(block.text for block in self.above(record)), self.page_title]:
            if YEAR.search(text):
                return [*months, text[:_LONGEST]]
        return list(months)

    def _tab(self, record: Record) -> list[str]:
        """The words of the tab that opens the part of the page in which a record stands."""
        element = record.node if record.node is not None else record.parent
        found = []
        while element is not None and self.tabs:
            text = self.tabs.get(element.get("id", ""))
            if text:
                found.append(text)
            element = element.getparent()
        return found


def _tabs(tree: Any) -> dict[str, str]:
    """Id of a part of the page to the words that open it, where these are short and name a year."""
    found: dict[str, str] = {}
    for element in tree.iter("a", "button", "li", "div"):
        target = element.get("aria-controls") or element.get("data-target") or element.get("data-bs-target")
        target = target or (element.get("href", "") if element.get("href", "").startswith("#") else "")
        if len(target) > 1:
            text = " ".join(element.itertext()).strip()
            if len(text) < 40 and YEAR.search(text):
                found.setdefault(target.lstrip("#"), text)
    return found

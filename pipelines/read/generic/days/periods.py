"""The words above a record that its date needs: a year, a month, a school year.

What belongs here: which headings, captions, column headers and tabs cover a record, and the words of them that tell its
year. What does not: resolving the date (`refine.dates`).

A heading covers what follows it until one of the same or a higher rank. A heading below a record never counts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from pipelines.read.generic.days.months import YEAR
from pipelines.read.generic.finding.records import Record, is_period
from pipelines.read.generic.layout.blocks import Block, is_strong
from pipelines.read.generic.layout.outline import Outline

_STRONG, _CAPTION, _PLAIN = 7, 8, 9
_NONE = 10
_SITE = 0.7  # of the words of a heading are the site's name, so that it names the site
_NEAR = 3  # blocks above a list in which a bold line is its heading
_LONGEST = 120  # characters of a heading that is kept as context
_TITLES = 20  # headings of the first level above a record that may name it
_SEVERAL = 2  # years side by side may be a choice
_SPAN = re.compile(r"\d{4}\s*(?:[-/–—]|\w{1,3})\s*\d{4}")  # "2025/2026", "2025 to 2026"


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
        self.ranks = [rank_of(block) for block in self.blocks]
        self.ranked = [block for block, rank in zip(self.blocks, self.ranks, strict=True) if rank < _NONE]
        self.page_title = page_title
        self.tabs = _tabs(tree)
        self._places = [block.index for block in self.ranked]
        self._levels = [self.ranks[block.index] for block in self.ranked]
        self._covering = list(_covering(self._levels))
        self._first_level = [block for block in self.ranked if self.ranks[block.index] == 1]

    def above(self, record: Record) -> list[Block]:
        """The headings that cover a record, the nearest first."""
        rank = min(self.ranks[record.start : record.end], default=_NONE)
        found = []
        at = bisect_left(self._places, record.start) - 1
        while at >= 0:
            if self._levels[at] < rank:
                found.append(self.ranked[at])
            at = self._covering[at]
        return found

    def subjects(self, record: Record) -> list[str]:
        """What may name the thing that a record without a title is of: the headings that cover it, the nearest first,
        any heading of the first level above it, the page's title, and bold lines farther up."""
        above = [block for block in self.above(record) if block.index not in self.dated]
        first = self._first(record) - _NEAR
        marked = [b.text for b in above if self.ranks[b.index] in (*range(1, 7), _CAPTION) or b.index >= first]
        count = bisect_left(self._first_level, record.start, key=lambda block: block.index)
        titles = [block.text for block in self._first_level[max(count - _TITLES, 0) : count][::-1]]
        bold = [b.text for b in above if self.ranks[b.index] == _STRONG and b.index < first]
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
        for text in [*self._tab(record), *map(_year_words, self.above(record)), self.page_title]:
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


def _covering(levels: Sequence[int]) -> Iterator[int]:
    """For each heading the place of the nearest one before it that stands higher; -1 for none."""
    open_: list[int] = []
    for at, level in enumerate(levels):
        while open_ and levels[open_[-1]] >= level:
            open_.pop()
        yield open_[-1] if open_ else -1
        open_.append(at)


def _year_words(block: Block) -> str:
    """The words of a heading that may tell a year; of a choice of years the one that is shown: it leads nowhere."""
    years = set(YEAR.findall(block.text))
    if len(years) < _SEVERAL or _SPAN.search(block.text):
        return block.text
    linked = {year for link in block.links for year in YEAR.findall("".join(link.itertext())[:_LONGEST])}
    shown = years - linked
    return shown.pop() if linked and len(shown) == 1 else "" if len(years) > _SEVERAL or linked else block.text


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

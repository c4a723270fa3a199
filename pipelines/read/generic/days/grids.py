"""Days that are only numbers, because a month stands above them: month calendars and tables of months.

What belongs here: runs of day numbers below a month's name, and cells of numbers whose row or column is a month. What
does not: dates that say their month themselves (`mentions`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from pipelines.read.generic.days.mentions import Mention
from pipelines.read.generic.days.months import month_of
from pipelines.read.generic.layout.blocks import Block
from pipelines.read.generic.layout.outline import Outline
from pipelines.read.html.lines import squeeze
from pipelines.refine.dates import read_date

_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|º|日)?")
# No part gives back what it took: "1 1 1 1 ... x" could be cut in a million ways otherwise.
_DAYS = re.compile(
    r"\W*+\d{1,2}+(?!\d)(?:st|nd|rd|th|\.)?+\*?+"
    r"(?:(?:\s*+(?:[,;&/+]|and|und|et|y|e|og|och|ja|i|a)\s*+|\s++)\d{1,2}+(?!\d)(?:st|nd|rd|th|\.)?+\*?+)*+(?!\d)\W*"
)
_NUMBER = re.compile(r"\d{1,2}")
_LONE = re.compile(r"(?<!\d)\d{1,2}(?!\d)")  # a day, so the words are no month by itself
_NTH = r"\d{1,2}(?:st|nd|rd|th|\.|º)?"
_SOME = rf"{_NTH}(?: ?[–-] ?{_NTH})?"  # "3.", "3. – 4."
_WEEKDAY = re.compile(rf"(?:[^\W\d_]{{2,12}}\.?,? ){_SOME}|{_SOME},? [^\W\d_]{{2,12}}\.?")
_PAIR = re.compile(  # "13/3", "13.3.", "Fri 13.3", "13-3"; "1.3" alone is a version, "9.30" a time
    r"(?:[^\W\d_]{2,12}\.?,? )?\d{1,2}(?:/\d{1,2}|\.\d{1,2}\.|-\d{1,2})(?:,? [^\W\d_]{2,12}\.?)?"
    r"|[^\W\d_]{2,12}\.?,? \d{1,2}\.\d{1,2}|\d{2}\.(?:0[1-9]|1[0-2])"
)
_NOTE = re.compile(r"\([^()\d]*\)")  # behind one of several days: "10 (cancelled), 24"
_LEAP = "2024"  # a year that has all days
_ORDERED = 0.8  # of a list of days without a year follow each other
_CELL = 40  # characters of a cell of days, with a note beside them ("4 and 18, cancelled")
_SHORT = 20  # characters of a day without a month
_FEW = 3  # of these are a list
_FAR = 120  # blocks above a day among which its month is looked for
_SHORTEST = 20  # days of the shortest month calendar that is one
_ABOVE = 40  # blocks above a calendar among which its month is looked for
_MONTH = 40  # characters of the name of a month with its year


def grid_mentions(
    outline: Outline, languages: tuple[str, ...], captured: date | None, taken: Collection[int]
) -> list[Mention]:
    """The days of month calendars, of tables of months, and of lists below the name of a month; `taken` are the blocks
    that name a day themselves."""
    reader, blocks = _Reader(languages, captured), outline.blocks
    found = [*_calendars(blocks, reader), *_month_cells(blocks, reader)]
    others = {mention.first for mention in found}.union(taken)
    free = [block for block in blocks if block.index not in others]
    return [*found, *_listed(free, outline, reader), *_pairs(free, outline, reader)]


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the days of a page are read."""

    languages: tuple[str, ...]
    captured: date | None

    def month(self, text: str) -> str | None:
        """The name of the month, with its year, that some words are."""
        return month_of(text, self.languages)

    def mention(self, block: Block, words: str, start: int, month: str) -> Iterator[Mention]:
        """The day that some words of a block are, in a month; none when they are no day of it."""
        reading = read_date(words, self.languages, self.captured, self.month(month) or month)
        if reading.start_date is not None and reading.date_precision in ("day", "time"):
            end = start + len(words)
            yield Mention(
                block.index,
                block.index,
                start,
                end,
                words,
                reading,
                "plain",
                block.element,
                is_pure=True,
                context=[month],
            )


def _listed(free: Sequence[Block], outline: Outline, reader: _Reader) -> Iterator[Mention]:
    """Lines or pieces of one look that are a weekday and a number, below the name of a month; three at least."""
    found = [(block, words) for block in free if (words := _bare_day(block))]
    looks = Counter(outline.path(block.element) for block, _ in found)
    for block, words in found:
        if looks[outline.path(block.element)] < _FEW:
            continue
        if month := _month_above(outline.blocks, block, reader):
            yield from reader.mention(block, words, block.text.find(words), month)


def _pairs(free: Sequence[Block], outline: Outline, reader: _Reader) -> Iterator[Mention]:
    """Lines of one look that are a day and a month in numbers ("13/3"), most of them in the order of the year: alone
    such a pair may be a share, a result or a page."""
    looks: dict[tuple[int, bool], list[tuple[Block, date]]] = defaultdict(list)
    for block in free:
        if len(block.text) <= _SHORT and _PAIR.fullmatch(block.text):
            day = read_date(block.text, reader.languages, reader.captured, _LEAP).start_date
            looks[outline.path(block.element), "/" in block.text].append((block, day or date.min))
    for some in looks.values():
        steps = [(after - before).days for (_, before), (_, after) in pairwise(some)]
        most = max(sum(step >= 0 for step in steps), sum(step <= 0 for step in steps))
        days = {day for _, day in some}
        if len(days) < _FEW or date.min in days or most < _ORDERED * len(steps):
            continue
        for block, _ in some:
            reading = read_date(block.text, reader.languages, reader.captured)
            at, end = block.index, len(block.text)
            if reading.start_date is not None:
                yield Mention(at, at, 0, end, block.text, reading, "plain", block.element, is_pure=True)


def _bare_day(block: Block) -> str | None:
    """The words of a day without a month, when a line is no more than that, or begins with it in its own element."""
    if len(block.text) <= _SHORT and _WEEKDAY.fullmatch(block.text):
        return block.text
    first = block.pieces[0] if block.pieces else None
    if first is None or first.element is block.element:
        return None
    words = squeeze("".join(first.element.itertext()))
    return words if len(words) <= _SHORT and _WEEKDAY.fullmatch(words) and block.text.startswith(words) else None


def _month_above(blocks: Sequence[Block], block: Block, reader: _Reader) -> str | None:
    """The month that heads the row of a block, names a part of the page around it, or stands above it as a heading."""
    headed = block.cell.row_header if block.cell else None
    if headed and not _LONE.search(headed) and reader.month(headed):
        return headed
    for element in block.element.iterancestors():
        label = element.get("aria-label") or ""
        if 0 < len(label) <= _MONTH and reader.month(label):
            return str(label)
    for other in reversed(blocks[max(block.index - _FAR, 0) : block.index]):
        if len(other.text) <= _MONTH and (block.cell is None or _is_apart(other)) and reader.month(other.text):
            return other.text
    return None


def _is_apart(block: Block) -> bool:
    """Whether a block is not one of several cells of a row: only then what it says is above a whole table, or above the
    rows below it."""
    cell = _cell_of(block.element)
    row = cell.getparent() if cell is not None and cell.tag in ("td", "th") else None
    return row is None or len(row) == 1


def _calendars(blocks: Sequence[Block], reader: _Reader) -> Iterator[Mention]:
    """The days of each run 1, 2, 3, ... of numbers below the name of a month."""
    run: list[int] = []
    for at, block in enumerate(blocks):
        day = _day_number(block)
        if run and day == len(run) + 1:
            run.append(at)
        elif day == 1:
            yield from _days_of(blocks, run, at, reader)
            run = [at]
    yield from _days_of(blocks, run, len(blocks), reader)


def _day_number(block: Block) -> int:
    """The number that a block is, or begins with in an element of its own; 0 for other words."""
    found = _DAY.fullmatch(block.pieces[0].text.strip()) if block.pieces else None
    return int(found[1]) if found else 0


def _days_of(blocks: Sequence[Block], run: Sequence[int], end: int, reader: _Reader) -> Iterator[Mention]:
    if len(run) < _SHORTEST:
        return
    first = run[0]
    above = [block for block in reversed(blocks[max(first - _ABOVE, 0) : first]) if reader.month(block.text)]
    above.sort(
        key=lambda block: (not block.level, bool(block.links))
    )  # a heading before words before a link to a month
    month = above[0].text if above else None
    if month is None:
        return
    for at, following in zip(run, [*run[1:], end], strict=True):
        cell = _cell_of(blocks[at].element)
        inside = [block.text for block in blocks[at:following] if _is_in(block.element, cell)]
        if len(" ".join(inside)) > 7:  # a day on which something is
            number = blocks[at].pieces[0].text.strip()
            yield from reader.mention(blocks[at], number, blocks[at].text.find(number), month)


def _is_in(element: Any, cell: Any) -> bool:
    return element is cell or any(one is cell for one in element.iterancestors())


def _cell_of(element: Any) -> Any:
    """The cell of a calendar around its number."""
    for one in (element, *element.iterancestors()):
        if one.tag in ("td", "th", "li") or one.get("role") == "gridcell":
            return one
    return element.getparent()


def _are_days(text: str, end: int) -> bool:
    """Whether nothing but a note without numbers follows the days of a cell ("11 & 25 cancelled"), and these go up."""
    days = [int(number) for number in _NUMBER.findall(text[:end])]
    return end == len(text) or (not _NUMBER.search(text, end) and all(a < b for a, b in pairwise(days)))


def _blank(note: re.Match[str]) -> str:
    return " " * len(note[0])


def _month_cells(blocks: Sequence[Block], reader: _Reader) -> Iterator[Mention]:
    """The numbers in cells whose column or row is headed by a month."""
    for block in blocks:
        text = _NOTE.sub(_blank, block.text) if block.cell is not None and len(block.text) <= _CELL else ""
        found = _DAYS.match(text)
        if block.cell is None or found is None or not _are_days(text, found.end()):
            continue
        heads = (block.cell.header, block.cell.row_header)
        month = next((head for head in heads if head and reader.month(head)), None)
        if month:
            for number in _NUMBER.finditer(text):
                yield from reader.mention(block, number[0], number.start(), month)

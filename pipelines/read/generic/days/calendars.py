"""Days of things that stand below them in a grid, or in a cell that only its markup dates: month and week views.

What belongs here: rows of days with rows of things below them (tables, ARIA grids), and parts of a page whose
attributes hold a day (`data-date="2026-03-12"`, an id that ends in it). What does not: cells that show both the number
of their day and what happens (`grids`), dates in words (`mentions`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any

from pipelines.read.generic.days.mentions import CLOCK, Mention
from pipelines.read.generic.days.months import month_in, month_of
from pipelines.read.generic.layout.blocks import Block, target_of
from pipelines.read.generic.layout.outline import Outline, shape
from pipelines.refine.dates import read_date

_STAMP = re.compile(r"(?<!\d)((?:19|20)\d{2})([-_/]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_WORDS = r"(?:[^\W\d]{1,12}\.?,? ?){0,2}"
# "Wed 16", "16. září", "Wed 9/16": nothing else is the head of a column of a day.
_HEAD = re.compile(rf"\W*{_WORDS}(\d{{1,2}})(?:st|nd|rd|th|º|日)?(?:[./-]\d{{1,2}}\b)?[.,]? ?{_WORDS}\W*")
_HOUR = re.compile(r"\d{1,2}[.:h]\d{2}(?: ?[–-] ?\d{1,2}[.:h]\d{2})?")
_DATED = ("data-date", "data-day", "data-cal-date", "datetime", "id")  # attributes of cells that hold their day
_CELLS = ("td", "th", "li", "div", "article", "section")
_DAY = 24  # characters of the head of a day: "Wednesday 16 September"
_LAST = 31
_WEEK = 5  # days side by side that make a row of days
_MOST = 8  # columns of a week, with one for the hours
_ALIKE = 3  # parts of one look, with a day of their own each, are a calendar
_ABOVE = 40  # blocks above a grid among which its month is looked for
_MONTH = 40  # characters of the name of a month, or of the days of a week
_DEEP = 12


def calendar_mentions(
    outline: Outline, languages: tuple[str, ...], captured: date | None, dated: Collection[int]
) -> tuple[list[Mention], set[int]]:
    """(the days of what stands below days or in dated cells, the blocks that are only the heads of such days); `dated`
    are the blocks that name a day themselves. The cells of such grids are no longer told as those of a table of data.
    """
    found: list[Mention] = []
    heads: set[int] = set()
    seen: set[int] = set()
    for rows in _grids(outline):
        grid = _Grid(outline, languages, captured, rows)
        below = grid.mentions()
        found += below
        heads |= grid.heads if below else set()
        seen |= grid.seen if below else set()
    for index in seen:
        outline.blocks[index].cell = None  # its column is a day, not a field of the things in it
    known = heads.union(dated, seen)
    return [*found, *_stamped_cells(outline, known)], heads


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell and the columns that it covers."""

    first: int
    width: int
    cell: Any


def _grids(outline: Outline) -> Iterator[list[list[_Place]]]:
    """The rows of tables and of ARIA grids that have as many columns as a week."""
    for holder, rows in _rows_by_holder(outline).items():
        if holder.tag != "table" and holder.get("role") not in ("grid", "table", "treegrid"):
            continue
        placed = list(_placed(rows))
        widest = max((row[-1].first + row[-1].width for row in placed if row), default=0)
        if _WEEK <= widest <= _MOST:
            yield placed


def _rows_by_holder(outline: Outline) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for element in outline.range:
        if (element.tag == "tr" and element.getparent().tag != "tfoot") or element.get("role") == "row":
            for holder in islice(element.iterancestors(), _DEEP):
                if holder.tag == "table" or holder.get("role") in ("grid", "table", "treegrid"):
                    found[holder].append(element)
                    break
    return found


def _placed(rows: Sequence[Any]) -> Iterator[list[_Place]]:
    """The cells of each row with their columns, those that reach down from a row above left out."""
    taken: Counter[int] = Counter()
    for row in rows:
        cells, column = [], 0
        held = {at for at, left in taken.items() if left > 0}
        taken.subtract(held)
        for cell in islice((cell for cell in row if isinstance(cell.tag, str)), 4 * _MOST):
            while column in held:
                column += 1
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for at in range(column, column + width):
                taken[at] = max(taken[at], height - 1)
            cells.append(_Place(column, width, cell))
            column += width
        yield cells


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or cell.get(f"aria-{name}") or "1"
    return max(int(value), 1) if value.isdecimal() and len(value) < 3 else 1


class _Grid:
    """A month or a week: which day each column stands for, from one row of days to the next."""

    def __init__(
        self, outline: Outline, languages: tuple[str, ...], captured: date | None, rows: list[list[_Place]]
    ) -> None:
        self.outline, self.languages, self.captured, self.rows = outline, languages, captured, rows
        self.heads: set[int] = set()
        self.seen: set[int] = set()
        self._open: dict[str, int] = {}

    def mentions(self) -> list[Mention]:
        """The days of what stands below the days of a grid; nothing when it is none."""
        weeks = {at: days for at, row in enumerate(self.rows) if (days := self._days_of_row(row))}
        if not any(len(days) >= _WEEK for days in weeks.values()) or self._are_mixed(weeks):
            return []
        known = self._settled(weeks)
        found: list[Mention] = []
        covering: dict[int, _Day] = {}
        for at, row in enumerate(self.rows):
            if at in weeks:
                covering = known.get(at, {})
                self.heads.update(index for place in row for index in self._span(place.cell))
            elif covering:
                self._read_row(row, covering, found)
        return found

    def _are_mixed(self, weeks: Collection[int]) -> bool:
        """Whether the cells of things show their day themselves."""
        below = [self._span(place.cell) for at, row in enumerate(self.rows) if at not in weeks for place in row]
        firsts = [self.outline.blocks[span[0]].text for span in below if span]
        return sum(text.isdecimal() and len(text) < _ALIKE for text in firsts) >= _ALIKE

    def _span(self, cell: Any) -> range:
        return range(*self.outline.span(cell)) if cell in self.outline.range else range(0)

    def _text(self, cell: Any) -> str:
        return " ".join(self.outline.blocks[index].text for index in islice(self._span(cell), 5))

    def _days_of_row(self, row: Sequence[_Place]) -> dict[int, str]:
        """The words of the days by column, when a row shows days that follow each other and nothing else."""
        texts = {place.first: text for place in row if (text := self._text(place.cell))}
        numbers = {at: day_number(text) for at, text in texts.items()}
        if numbers and not next(iter(numbers.values())) and len(row) > _WEEK and row[0].first in numbers:
            texts.pop(row[0].first)  # the hours' or the weeks' column
            numbers.pop(row[0].first)
        follow = all(b == a + 1 or (b == 1 and a >= 28) for a, b in pairwise(numbers.values()))
        return texts if numbers and all(numbers.values()) and follow else {}

    def _settled(self, weeks: dict[int, dict[int, str]]) -> dict[int, dict[int, _Day]]:
        """The day of each column below each row of days."""
        cells = {(at, place.first): place.cell for at in weeks for place in self.rows[at]}
        keys = [(at, column) for at, days in weeks.items() for column in days]
        words = {(at, column): weeks[at][column] for at, column in keys}
        first = self._first_day([words[key] for key in keys], [cells[key] for key in keys])
        found: dict[int, dict[int, _Day]] = defaultdict(dict)
        for step, (at, column) in enumerate(keys):
            text = words[at, column]
            if month_in(text, self.languages):
                found[at][column] = _Day(text, "", read_date(text, self.languages, self.captured).start_date)
            elif first is not None:
                day = first + timedelta(step)
                if day.day == day_number(text):
                    found[at][column] = _Day(str(day.day), f"{day:%Y-%m}", day)
        return found

    def _first_day(self, texts: Sequence[str], cells: Sequence[Any]) -> date | None:
        """The first day of a grid of numbers: from what its cells' attributes hold, or from the words above it."""
        for step, (text, cell) in enumerate(zip(texts, cells, strict=True)):
            day = stamp_of(cell)
            if day is not None and day.day == day_number(text):
                return day - timedelta(step)
        top = min(index for cell in cells for index in self._span(cell))
        for block in reversed(self.outline.blocks[max(top - _ABOVE, 0) : top]):
            if len(block.text) > _MONTH:
                continue
            if month := month_of(block.text, self.languages):
                ones = [step for step, text in enumerate(texts) if day_number(text) == 1]
                day = read_date("1", self.languages, self.captured, month).start_date
                return day - timedelta(ones[0]) if ones and day else None
            day = read_date(block.text, self.languages, self.captured).start_date
            if day is not None and day.day == day_number(texts[0]):
                return day
        return None

    def _read_row(self, row: Sequence[_Place], days: dict[int, _Day], found: list[Mention]) -> None:
        hour = next((text for place in row if _HOUR.fullmatch(text := self._text(place.cell)[:_DAY])), "")
        for place in row:
            covered = [days[at] for at in range(place.first, place.first + place.width) if at in days]
            if covered and self._span(place.cell):
                self.seen.update(self._span(place.cell))
                for item in self._items(place.cell):
                    self._add(item, covered, hour, days, found)

    def _items(self, cell: Any) -> list[Any]:
        """The things in a cell: parts of one look, each with a link or a time; else the cell."""
        holder = cell
        for _ in range(_DEEP):
            inside = [child for child in holder if child in self.outline.range]
            if len(inside) != 1:
                break
            holder = inside[0]
        alike = len({shape(child) for child in inside}) == 1
        return inside if alike and len(inside) > 1 and all(map(self._is_thing, inside)) else [cell]

    def _is_thing(self, element: Any) -> bool:
        blocks = [self.outline.blocks[index] for index in self._span(element)]
        return any(block.links or block.level or CLOCK.search(block.text[:200]) for block in blocks)

    def _add(self, item: Any, covered: Sequence[_Day], hour: str, days: dict[int, _Day], found: list[Mention]) -> None:
        """The day, or the days, of one thing; one that goes on from the week above makes that one longer."""
        block = self.outline.blocks[self._span(item)[0]]
        links = [target_of(link) for index in self._span(item) for link in self.outline.blocks[index].links]
        key = links[0] if links else self._text(item)
        ends = list(days.values())
        before = self._open.pop(key, None) if covered[0] is ends[0] else None
        if before is not None:
            longer = _mention(block, found[before].reading.start_date, covered[-1], "", self)
            if longer is not None:
                found[before] = replace(found[before], text=longer.text, reading=longer.reading, context=longer.context)
        else:
            one = _mention(block, covered[0].day, covered[-1], hour, self, covered[0])
            if one is not None:
                found.append(one)
                before = len(found) - 1
        if before is not None and len(covered) > 0 and covered[-1] is ends[-1]:
            self._open[key] = before


@dataclass(frozen=True, slots=True)
class _Day:
    """The head of a column: its words, the month that they lack, and the day that they are."""

    text: str
    month: str
    day: date | None


def _mention(
    block: Block, first: date | None, last: _Day, hour: str, grid: _Grid, head: _Day | None = None
) -> Mention | None:
    if first is None or last.day is None:
        return None
    context: list[str] = []
    text = first.isoformat()
    if last.day > first:
        text = f"{text} – {last.day.isoformat()}"
    elif head is not None:
        text, context = head.text, [head.month] if head.month else []
    if hour:
        text = f"{text}, {hour}"
    reading = read_date(text, grid.languages, grid.captured, context[0] if context else None)
    if reading.start_date is None:
        return None
    at = block.index
    return Mention(at, at, 0, 0, text, reading, "plain", block.element, is_pure=True, context=context)


def day_number(text: str) -> int:
    """The day that the head of a column names; 0 for other words."""
    found = _HEAD.fullmatch(text) if len(text) <= _DAY else None
    return int(found[1]) if found and int(found[1]) <= _LAST else 0


def stamp_of(element: Any) -> date | None:
    """The day that an attribute of a cell holds, or one of its own number's element or link."""
    for one in islice(element.iter(), 6):
        if isinstance(one.tag, str):
            for name in (*_DATED, "href") if one.tag == "a" else _DATED:
                if day := _stamp_in(one.get(name) or ""):
                    return day
    return None


def _stamp_in(text: str) -> date | None:
    found = _STAMP.search(text[:200])
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None


def _stamped_cells(outline: Outline, known: Collection[int]) -> Iterator[Mention]:
    """The days of parts of one look whose attributes hold a day each, and whose words name none."""
    cells = [element for element in outline.range if element.tag in _CELLS]
    days = [next(filter(None, (_stamp_in(one.get(name) or "") for name in _DATED)), None) for one in cells]
    found = [(element, day) for element, day in zip(cells, days, strict=True) if day is not None]
    looks: dict[int, set[date]] = defaultdict(set)
    for element, day in found:
        looks[outline.path(element)].add(day)
    for element, day in found:
        start, end = outline.span(element)
        said = " ".join(block.text for block in outline.blocks[start : min(end, start + 8)])
        if len(looks[outline.path(element)]) < _ALIKE or any(at in known for at in range(start, end)):
            continue
        if sum(char.isalpha() for char in said) > _ALIKE:
            reading = read_date(day.isoformat())
            block = outline.blocks[start]
            yield Mention(start, start, 0, 0, day.isoformat(), reading, "plain", block.element, is_pure=True)

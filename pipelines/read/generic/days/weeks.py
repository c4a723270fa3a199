"""Weeks without a table: days side by side in plain elements, with what happens below each of them.

What belongs here: runs of days of one week (a weekday and a number each), and the things that stand in the element of
each day, or in the column below it. What does not: tables and ARIA grids (`calendars`), whole months in numbers
(`grids`), things that show their day themselves (`mentions`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice, takewhile
from typing import Any

from pipelines.read.generic.days.calendars import day_number
from pipelines.read.generic.days.mentions import CLOCK, Mention, is_day
from pipelines.read.generic.days.months import month_of
from pipelines.read.generic.layout.blocks import Block
from pipelines.read.generic.layout.outline import Outline, upwards
from pipelines.refine.dates import find_dates, is_calendar_word, read_date

_LEAST, _MOST = 5, 7  # days of a week that are shown
_LAST = 28  # the first number that may be the last of its month
_ABOVE = 20  # blocks above a week among which its days are told
_TITLE = 60  # characters of what tells them: "Monday 30 March 2026 to Sunday 5 April 2026"
_DEEP = 12
_HOURS = 30  # rows below the heads
_MOST_WEEKS = 60  # of a page


def week_mentions(
    outline: Outline, languages: tuple[str, ...], captured: date | None, dated: Collection[int]
) -> tuple[list[Mention], set[int]]:
    """(the days of what stands below the days of weeks, the blocks that are only heads of these); `dated` are the
    blocks that name a whole day themselves."""
    found: list[Mention] = []
    heads: set[int] = set()
    for run in islice(_runs(outline), _MOST_WEEKS):
        told = _first_day(outline.blocks, run, languages, captured)
        if told is None:
            continue
        first, title = told
        things = list(_things(outline, run))
        if not things or any(at in dated for _, thing in things for at in range(*outline.span(thing))):
            continue
        heads |= {title, *(block.index for block in run), *_weekdays(outline.blocks, run)}
        found += [_mention(outline, thing, first + timedelta(step), languages) for step, thing in things]
    return found, heads


def _runs(outline: Outline) -> Iterator[list[Block]]:
    """Lines of one look, outside of tables, that are days which follow each other; weekdays stand in or above them."""
    last: dict[int, list[Block]] = {}
    for block in outline.blocks:
        if block.cell is not None or not (number := day_number(block.text)):
            continue
        look = outline.path(block.element)
        run = last.get(look, [])
        before = day_number(run[-1].text) if run else 0
        if run and (number == before + 1 or (number == 1 and before >= _LAST)) and len(run) < _MOST + 1:
            run.append(block)
            continue
        yield from _week(outline.blocks, run)
        last[look] = [block]
    for run in last.values():
        yield from _week(outline.blocks, run)


def _week(blocks: Sequence[Block], run: list[Block]) -> Iterator[list[Block]]:
    named = sum(_names_weekday(block.text) for block in run) + len(_weekdays(blocks, run))
    if _LEAST <= len(run) <= _MOST and named >= len(run):
        yield run


def _weekdays(blocks: Sequence[Block], run: Sequence[Block]) -> list[int]:
    """The lines beside the numbers of a week that are weekdays."""
    beside = [at for block in run for at in (block.index - 1, block.index + 1) if 0 <= at < len(blocks)]
    return [at for at in beside if not day_number(blocks[at].text) and _names_weekday(blocks[at].text)]


def _names_weekday(text: str) -> bool:
    words = [word for word in text.replace(",", " ").split() if word.rstrip(".").isalpha()]
    return 0 < len(words) <= 2 and any(is_calendar_word(word) for word in words)


def _first_day(
    blocks: Sequence[Block], run: Sequence[Block], languages: tuple[str, ...], captured: date | None
) -> tuple[date, int] | None:
    """The first day of a week, and the line above it that tells it: a range of days or a month."""
    number = day_number(run[0].text)
    top = run[0].index
    for block in reversed(blocks[max(top - _ABOVE, 0) : top]):
        if len(block.text) > _TITLE or day_number(block.text):
            continue
        spans = find_dates(block.text, languages)
        day = read_date(spans[0].text, languages, captured).start_date if len(spans) == 1 else None
        if day is not None and day.day == number and is_day(read_date(spans[0].text, languages, captured)):
            return day, block.index
        if month := month_of(block.text, languages):
            reading = read_date(str(number), languages, captured, month)
            return (reading.start_date, block.index) if reading.start_date else None
    return None


def _things(outline: Outline, run: Sequence[Block]) -> Iterator[tuple[int, Any]]:
    """(which day of the week, the element of a thing): what stands with the head of a day, else in the column below."""
    held = Counter(one for block in run for one in islice(upwards(block.element), _DEEP))
    if any(held[block.element] > 1 for block in run):
        return  # lines of one element, of which none has a part of its own
    around = [_around(block.element, held) for block in run]
    below = [[one for one in cell if _is_beside(outline, one, block)] for cell, block in zip(around, run, strict=True)]
    if any(below):
        for step, some in enumerate(below):
            yield from ((step, thing) for one in some for thing in _parts(outline, one))
        return
    row = around[0].getparent()
    width = len(row) if row is not None else 0
    if width not in (len(run), len(run) + 1) or any(cell.getparent() is not row for cell in around):
        return
    for columns in islice(row.itersiblings(), _HOURS):
        if len(columns) == width:
            cells = list(columns)[width - len(run) :]
            yield from ((step, thing) for step, cell in enumerate(cells) for thing in _parts(outline, cell))


def _around(element: Any, held: Mapping[Any, int]) -> Any:
    """The largest element around the head of a day that holds no other; `held` are the heads in each element."""
    alone = takewhile(lambda one: held[one] == 1, islice(upwards(element), _DEEP))
    return list(alone)[-1]


def _is_beside(outline: Outline, element: Any, head: Block) -> bool:
    """Whether a part of a day's element is shown below its head."""
    return element in outline.range and outline.span(element)[0] > head.index and _is_thing(outline, element)


def _parts(outline: Outline, element: Any) -> list[Any]:
    """The things in an element: its parts when each of them is one, else the element; nothing in an empty one."""
    if element not in outline.range or not _is_thing(outline, element):
        return []
    for _ in range(_DEEP):
        inside = [child for child in element if child in outline.range]
        if len(inside) > 1 and all(_is_thing(outline, child) for child in inside):
            return inside
        if len(inside) != 1:
            break
        element = inside[0]
    return [element]


def _is_thing(outline: Outline, element: Any) -> bool:
    blocks = outline.blocks[slice(*outline.span(element))]
    return any(block.links or block.level or _says_more(block.text) for block in blocks)


def _says_more(text: str) -> bool:
    """Whether a line says more than a time of day and a weekday."""
    return not _names_weekday(text) and any(char.isalpha() for char in CLOCK.sub(" ", text[:_TITLE]))


def _mention(outline: Outline, thing: Any, day: date, languages: tuple[str, ...]) -> Mention:
    block = outline.blocks[outline.span(thing)[0]]
    text, month = str(day.day), f"{day:%Y-%m}"
    reading = read_date(text, languages, day, month)
    at = block.index
    return Mention(at, at, 0, 0, text, reading, "plain", block.element, is_pure=True, context=[month])

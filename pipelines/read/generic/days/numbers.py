"""Days that are written as day and month in numbers alone: "25.11.", "25. 11.", "13/3".

What belongs here: telling such numbers from other ones by what several lines of one look say together. What does not:
dates that say more of themselves (`mentions`), the year (`periods`, `years`).

"1.2" is a number of a chapter, a price or a mark as well. So these are days only when at least three lines of one look
hold nothing else in their place, all of them can be read as a day and a month, and one day is no number of a month.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from pipelines.read.generic.days.mentions import CLOCK, Mention, is_day, role_of
from pipelines.read.generic.layout.blocks import Block
from pipelines.read.html.lines import squeeze
from pipelines.refine.dates import read_date

_LEAST = 3  # lines of one look
_MONTHS = 12
_PIECES = 10  # of a line that are looked at
# Two digits each, or a point behind the month, or a slash; no year behind it.
_NUMBERS = re.compile(
    r"\W{0,3}((\d{1,2})(?:\.\s?(\d{1,2})\.(?!\s?\d{4})|(?<=\d\d)\.(\d\d)(?![\d./])|/(\d{1,2})(?![\d./])))"
)


def with_days_in_numbers(
    mentions: Sequence[Mention], blocks: Sequence[Block], languages: tuple[str, ...], captured: date | None
) -> list[Mention]:
    """The mentions of a page with the days that it writes in numbers alone, in its order; their year is inferred."""
    taken = {at for mention in mentions for at in range(mention.first, mention.last + 1)}
    looks: dict[tuple[Any, ...], list[tuple[Block, re.Match[str]]]] = defaultdict(list)
    for block in blocks:
        found = _NUMBERS.match(block.text) if block.index not in taken else None
        if found and _is_apart(block, found):
            looks[_look(block)].append((block, found))
    more = [
        mention
        for some in looks.values()
        if len(some) >= _LEAST and _are_days([found for _, found in some])
        for block, found in some
        if (mention := _mention(block, found, languages, captured or date(2000, 1, 1))) is not None
    ]
    return sorted([*mentions, *more], key=lambda mention: (mention.first, mention.start))


def _look(block: Block) -> tuple[Any, ...]:
    """What lines of one template share: tag, class, column."""
    return block.element.tag, block.element.get("class"), block.cell.column if block.cell else None


def _is_apart(block: Block, found: re.Match[str]) -> bool:
    """Whether the numbers are all of their line, or of a part that markup sets apart, or a time stands behind them."""
    rest = block.text[found.end() :].lstrip(" ,")
    if len(rest) <= 1 or CLOCK.match(rest):
        return True
    return any(squeeze(piece.text) == found[0].strip() for piece in block.pieces[:_PIECES])


def _are_days(numbers: Sequence[re.Match[str]]) -> bool:
    pairs = [(int(found[2]), int(found[3] or found[4] or found[5])) for found in numbers]
    return all(0 < day <= 31 and 0 < month <= _MONTHS for day, month in pairs) and max(pairs)[0] > _MONTHS


def _mention(block: Block, found: re.Match[str], languages: tuple[str, ...], today: date) -> Mention | None:
    reading = read_date(found[1], languages, today, str(today.year))
    if not is_day(reading):
        return None
    start, end = found.span(1)
    role = role_of(block, start, end)
    inferred = reading._replace(date_inferred=True)
    at = block.index
    return Mention(at, at, start, end, found[1], inferred, role, block.element, True, block.cell is not None)

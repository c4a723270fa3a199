"""The words around an entry that its date needs.

What belongs here: neighbours' dates, for an entry whose own date names no year. What does not: resolving the date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.read.reading import Item

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def add_neighbours(items: list[Item]) -> None:
    """Give each item with a date but no year the nearest neighbour's date that names one, behind its heading's."""
    for index, item in enumerate(items):
        if item.date_raw and not _YEAR.search(f"{item.date_raw} {item.date_context or ''}"):
            nearest = next(
                (one.date_raw for one in _outwards(items, index) if one.date_raw and _YEAR.search(one.date_raw)), None
            )
            item.date_context = "; ".join(filter(None, (item.date_context, nearest))) or None


def _outwards(items: list[Item], index: int) -> Iterable[Item]:
    """The neighbours of an item, nearest first, the one above before the one below."""
    for distance in range(1, len(items)):
        for at in (index - distance, index + distance):
            if 0 <= at < len(items):
                yield items[at]

"""What a page states in structured form, merged with what it shows.

What belongs here: which statement is of which shown entry, what it adds, and which statements are entries of their own.
What does not: reading statements (`pipelines.read.structured`).

The words shown win: a statement fills what is missing. A statement that nothing on the page shows counts when it says
its type (an Event of schema.org, hCalendar), or when the page shows less than its own scripts hold.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pipelines.read.generic.finding.judge import Judged
from pipelines.read.generic.values.items import name
from pipelines.read.generic.values.naming import are_alike
from pipelines.read.reading import Evidence, Item
from pipelines.read.structured import Stated
from pipelines.reference.folding import fold
from pipelines.refine.dates import read_date

_CLOCK = re.compile(r"T(\d\d:\d\d)")
_ALIKE = 0.6  # of the words of two titles (Dice coefficient)
_STATED = 0.8  # confidence of a title that the page states of the only entry of its day


def merge(shown: Sequence[tuple[Judged, Item]], stated: Sequence[Stated], captured: date | None) -> list[Item]:
    """The items of a page: those shown, filled from what is stated of them, then those only stated."""
    by_day: dict[date, list[tuple[Judged, Item]]] = defaultdict(list)
    for one, item in shown:
        if one.reading.start_date is not None:
            by_day[one.reading.start_date].append((one, item))
    new: list[Stated] = []
    for statement in stated:
        day = read_date(statement.start, (), captured).start_date
        match = _match(statement, by_day.get(day, [])) if day else None
        if match is not None:
            _fill(match, statement)
            _fill_time(match, statement, captured)
        elif day:
            new.append(statement)
    return [*(item for _, item in shown), *(_item(statement) for statement in _entries(new, len(shown), len(stated)))]


def _match(statement: Stated, candidates: Sequence[tuple[Judged, Item]]) -> Item | None:
    """The shown entry that a statement is of: the same page of its own, or a title alike; a date without a title may
    take it when it is the only one of its day."""
    words = fold(statement.title).split()
    for _, item in candidates:
        if (statement.url and item.url == statement.url) or are_alike(words, fold(item.title or "").split(), _ALIKE):
            return item
    bare = [item for one, item in candidates if one.title is None]
    if len(candidates) == 1 and bare:
        name(bare[0], statement.title, Evidence(_STATED, f"stated as {statement.syntax}"))
        return bare[0]
    return None


def _fill(item: Item, statement: Stated) -> None:
    item.url = item.url or statement.url
    item.place_raw = item.place_raw or statement.place
    item.summary = item.summary or statement.summary
    item.status = item.status or statement.status


def _fill_time(item: Item, statement: Stated, captured: date | None) -> None:
    """Add the time of day that is stated of an event to its date when the page shows none for this day."""
    clock = _CLOCK.search(statement.start)
    if clock is None or statement.kind != "event" or not item.date_raw or clock[1] == "00:00":
        return
    shown = read_date(item.date_raw, (), captured, item.date_context)
    joined = f"{item.date_raw}, {clock[1]}"
    timed = read_date(joined, (), captured, item.date_context)
    if shown.start_time is None and timed.start_time is not None and timed[:2] == shown[:2]:
        item.date_raw = joined


def _entries(new: Sequence[Stated], shown: int, stated: int) -> list[Stated]:
    """The statements of nothing shown that are entries: all that say they are events; lists in scripts, and news, when
    they hold more than the page shows."""
    sure = [one for one in new if one.kind == "event" and one.syntax != "script-json"]
    rest = [one for one in new if one.kind == "event" and one.syntax == "script-json"]
    news = [one for one in new if one.kind == "news"] if not shown and not sure and not rest else []
    matched = stated - len(new)
    return [*sure, *(rest if len(rest) >= shown or matched else []), *news]


def _item(statement: Stated) -> Item:
    words = (
        f"{statement.start}/{statement.end}" if statement.end and statement.end != statement.start else statement.start
    )
    return Item(
        title=statement.title,
        summary=statement.summary,
        url=statement.url,
        date_raw=words,
        place_raw=statement.place,
        status=statement.status,
        page_kind="news" if statement.kind == "news" else None,
    )

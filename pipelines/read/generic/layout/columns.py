"""Tables with more than one column of dates: which of them is when the thing happens.

What belongs here: choosing the column. What does not: columns whose header says what they hold (`mentions.role_of`),
and tables of nothing but dates, whose columns are things (`records`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median
from typing import Any

from pipelines.read.generic.days.mentions import Mention
from pipelines.read.generic.days.months import YEAR
from pipelines.read.generic.layout.blocks import Block
from pipelines.read.generic.values.naming import names_a_body
from pipelines.read.html.roles import column_of

_ROWS = 3  # with a date, that make a column of dates
_SHARE = 0.5  # of the rows of the fullest column
_MOST = 3  # columns of dates in a table that tells of things
_WORDS = 8  # letters of a row beside its dates, so that it tells of a thing


def demote_columns(mentions: Sequence[Mention], blocks: Sequence[Block]) -> None:
    """Give the days of all but one column of dates of a table the role `published`: they are of the listing, not of the
    thing. The column that stays has times of day, else the later days, else it is the first."""
    tables: dict[Any, dict[int, list[Mention]]] = defaultdict(lambda: defaultdict(list))
    for mention in mentions:
        cell = blocks[mention.first].cell
        if cell is not None and mention.role == "plain" and not mention.context:
            tables[_table_of(mention.node)][cell.column].append(mention)
    for table, columns in tables.items():
        most = max(map(len, columns.values()))
        dated = {at: some for at, some in columns.items() if len(some) >= max(_ROWS, _SHARE * most)}
        if 1 < len(dated) <= _MOST and _differ(dated.values()) and _tells_of_things(table, dated, blocks):
            chosen = max(dated, key=lambda at: _rank(at, dated[at], blocks))
            for at, some in columns.items():
                if at != chosen:
                    for mention in some:
                        mention.role = "published"


def _differ(columns: Iterable[Sequence[Mention]]) -> bool:
    """Whether columns write their days in different ways: those of one way may be one list set in columns."""
    ways = set()
    for some in columns:
        words = sum(any(char.isalpha() for char in mention.text) for mention in some) >= _SHARE * len(some)
        ways.add((words, _is_timed(some)))
    return len(ways) > 1


def _is_timed(some: Sequence[Mention]) -> bool:
    return sum(mention.reading.start_time is not None for mention in some) >= _SHARE * len(some)


def _table_of(element: Any) -> Any:
    while element is not None and element.tag != "table":
        element = element.getparent()
    return element


def _tells_of_things(table: Any, dated: dict[int, list[Mention]], blocks: Sequence[Block]) -> bool:
    """Whether the other columns hold words: else the columns of dates are of different things."""
    headers = [blocks[some[0].first].header for some in dated.values()]
    if table is None or any(names_a_body(header) or YEAR.search(header) for header in headers):
        return False
    letters = sum(map(str.isalpha, "".join(table.itertext())))
    said = sum(sum(map(str.isalpha, mention.text)) for some in dated.values() for mention in some)
    return letters - said >= _WORDS * max(map(len, dated.values()))


def _rank(column: int, some: Sequence[Mention], blocks: Sequence[Block]) -> tuple[bool, bool, float, int]:
    named = column_of(blocks[some[0].first].header) == "date"
    days = [day.toordinal() for mention in some if (day := mention.reading.start_date or date.min)]
    return _is_timed(some), named, median(days), -column

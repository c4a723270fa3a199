"""Tables of meetings kept as text: a row a line, in columns or run together, or a cell a line.

What belongs here: cutting the lines into rows and cells. What does not: tables in HTML (`tables`).

A row is found by its date. Place and title stand behind it in either order, or the title stands above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.read.coe.metadata import read_metadata
from pipelines.read.html.lines import Line
from pipelines.read.html.roles import column_of, is_furniture, is_page_title
from pipelines.read.reading import Item
from pipelines.refine.dates import find_dates
from pipelines.refine.places import PlaceSpan, find_places, is_place_line

_BARS = re.compile(r"\s*\|\s*")
_DASHES = re.compile(r"\s+[-–—]\s+")
_RULE = re.compile(r"[-=|: ]+")


@dataclass(slots=True)
class Row:
    """The words of one row: its date, the cells behind it, and the heading with a year that it stands under."""

    date: str
    cells: list[str]
    context: str | None = None
    above: str | None = None


@dataclass(slots=True)
class _Rows:
    """The rows so far, and the line that may be the title of the next one."""

    rows: list[Row] = field(default_factory=list)
    context: str | None = None
    loose: str | None = None


def read_text_table(lines: list[Line]) -> list[Item]:
    """The rows of a table kept as text."""
    rows = _rows(lines)
    if rows and rows[0].above and not _titles(rows[-1]):
        rows = _titles_above(rows)
    elif rows and rows[0].above and is_place_line(rows[0].above):
        _places_above(rows)
    return [item for row in rows if (item := _item(row))]


def _rows(lines: list[Line]) -> list[Row]:
    """The lines from one date to the next. A dated line that does not begin with its date is a heading."""
    found = _Rows()
    for line in lines:
        for text in filter(None, _BARS.split(line.text)):
            if not (is_furniture(text) or is_page_title(text) or _is_header(text) or _RULE.fullmatch(text)):
                _take(text, found)
    return found.rows


def _is_header(text: str) -> bool:
    """The name of a column, or the names of several run together; it comes again above each part of a table."""
    return column_of(text) is not None or all(map(column_of, text.split()))


def _take(text: str, found: _Rows) -> None:
    """Add a cell or a line to the rows: it begins one, belongs to the last one, or is a heading."""
    spans = find_dates(text)
    if spans and spans[0].start == 0:
        above = found.loose if not found.rows else None
        found.rows.append(Row(spans[0].text, _cells(text[spans[0].end :]), found.context, above))
    elif spans and spans[0].start and is_place_line(text[spans[-1].end :].strip(" ,")):  # TITLE DATE PLACE
        place, title = text[spans[-1].end :].strip(" ,"), text[: spans[0].start].strip(" ,:;–—-")
        found.rows.append(Row(spans[0].text, [place, title], found.context))
    elif spans and not is_place_line(text) and len(text) <= 40 and not (found.rows and not _titles(found.rows[-1])):
        found.context = text
    elif found.rows:
        found.rows[-1].cells.append(text)
    else:
        found.loose = text


def _cells(rest: str) -> list[str]:
    """What stands behind the date on its own line: the known place at either end, else the parts between dashes."""
    rest = rest.strip(" ,:;–—-")
    if not rest:
        return []
    end, start = _place_in_front(rest), _place_at_end(rest)
    if end:
        cells = [rest[:end], rest[end:]]
    elif start < len(rest):
        cells = [rest[:start], rest[start:]]
    else:
        cells = _DASHES.split(rest)
    return [cell for cell in (one.strip(" ,:;–—-") for one in cells) if cell]


def _place_in_front(text: str) -> int:
    """Where the place that the text begins with ends; 0 when it begins with none."""
    end = 0
    last: PlaceSpan | None = None
    for span in find_places(text):
        between = text[end : span.start]
        if between.strip(" ,/&-–(") or (last and last.kind == "country" and not between.strip()):
            break
        end, last = span.end, span
    return end + (1 if text[end : end + 1] == ")" else 0)


def _place_at_end(text: str) -> int:
    """Where the place that the text ends with begins: `City, Country` or one name; the length of the text for none."""
    start = len(text)
    last: PlaceSpan | None = None
    for span in reversed(find_places(text)):
        between = text[span.end : start]
        joined = between.strip() if last else " "
        if between.strip(" ,/&-–().") or (last and (last.kind == "city" or not joined)):
            break
        start, last = span.start, span
    return start


def _titles(row: Row) -> list[str]:
    """The cells of a row that are no place."""
    return [cell for cell in row.cells if not is_place_line(cell)]


def _titles_above(rows: list[Row]) -> list[Row]:
    """Rows whose titles stand above their dates: each title moves down to the next row."""
    title: str | None = rows[0].above
    for row in rows:
        below = _titles(row)
        row.cells = [cell for cell in row.cells if cell not in below] + ([title] if title else [])
        title = " ".join(below) or None
    return rows


def _places_above(rows: list[Row]) -> None:
    """Rows whose places stand above their dates: each place moves down to the next row."""
    place = rows[0].above
    for row in rows:
        below = [cell for cell in row.cells if is_place_line(cell)]
        row.cells = [cell for cell in row.cells if cell not in below] + ([place] if place else [])
        place = below[-1] if below else None


def _item(row: Row) -> Item | None:
    """Date, place and title of a row; the place is the cell that is known as one."""
    known = next((cell for cell in row.cells if is_place_line(cell)), None)
    place = known or (next(filter(_may_be_place, row.cells), None) if len(row.cells) > 1 else None)
    titles = [cell for cell in row.cells if cell is not place]
    if not titles:
        return None
    return Item(title=" ".join(titles), date_raw=row.date, place_raw=place, date_context=row.context)


def _may_be_place(cell: str) -> bool:
    found = read_metadata(cell)
    return found is not None and found.place_raw is not None and found.date_raw is None

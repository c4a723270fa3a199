"""Tables of meetings in HTML: a row an event, with columns for date, place and title.

What belongs here: telling what a column holds (by its header, else by what stands in it) and reading the rows. What
does not: tables kept as text (`text_tables`), tables that only lay out a page (a listing in a table is a listing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.read.html.lines import Line, joined, squeeze
from pipelines.read.html.markup import Document, cell_lines, read_anchor
from pipelines.read.html.roles import column_in, column_of, is_prose, is_read_more, word_count
from pipelines.read.reading import Item
from pipelines.refine.dates import find_dates
from pipelines.refine.places import is_place_line

_MAX_SPAN = 1000  # HTML's own limit for colspan
_HEADER_WORDS = 5
_HEADINGS = tuple(f"h{n}" for n in range(1, 7))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text and the element that holds it."""

    text: str
    node: Any
    header: bool
    lines: tuple[Line, ...] = ()


def read_tables(document: Document) -> list[Item]:
    """The rows of every table on the page that has a column of dates and a column of titles."""
    items: list[Item] = []
    heading: str | None = None
    for element in document.tree.iter("table", *_HEADINGS):
        if element.tag != "table":
            heading = squeeze(str(element.text_content()))
        elif element.find(".//table") is None:
            items += _table_items(element, document, _caption(element) or heading)
    return items


def _table_items(table: Any, document: Document, heading: str | None) -> list[Item]:
    """The rows of one table; `heading` is what stands above it."""
    rows = _rows(table, document.base)
    columns = _columns_by_header(rows) or _columns_by_content(rows)
    if not {"date", "title"} <= set(columns.values()):
        return []
    items: list[Item] = []
    headers = {id(row) for row in rows if _is_header(row)} | {id(row) for row in rows[:3] if _names_columns(row)}
    for row in rows:
        if len({id(cell.node) for cell in row}) == 1:  # one cell across the table: a heading such as a year
            heading = row[0].text
        elif id(row) not in headers and (item := _row_item(row, columns, document)):
            item.date_context = heading if heading and find_dates(heading) else None
            items.append(item)
    return items


def _rows(table: Any, base: str) -> list[list[Cell]]:
    """The table as a grid: cells that span rows or columns are repeated (WHATWG HTML, section 4.9.12)."""
    grid: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    for tr in table.iter("tr"):
        row: list[Cell] = []
        for td in tr.iterchildren("td", "th"):
            _hang(row, hanging)
            lines = cell_lines(td, base)
            cell = Cell(" ".join(line.text for line in lines), td, td.tag == "th", tuple(lines))
            down = _span(td, "rowspan")
            for _ in range(_span(td, "colspan")):
                if down > 1:
                    hanging[len(row)] = (down - 1, cell)
                row.append(cell)
        _hang(row, hanging)
        if row:
            grid.append(row)
    return grid


def _hang(row: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    """Put the cells that reach down from rows above into their columns."""
    while len(row) in hanging:
        left, cell = hanging.pop(len(row))
        if left > 1:
            hanging[len(row)] = (left - 1, cell)
        row.append(cell)


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return min(int(value), _MAX_SPAN) if value.isdecimal() and int(value) > 0 else 1


def _columns_by_header(rows: list[list[Cell]]) -> dict[int, str]:
    """Column to meaning, by the first row whose cells are names of columns."""
    for row in rows[:3]:
        named = {index: column for index, cell in enumerate(row) if (column := column_of(cell.text))}
        if len(set(named.values())) >= 2:
            return named
        if _names_columns(row):
            return {index: column for index, cell in enumerate(row) if (column := column_in(cell.text))}
    return {}


def _names_columns(row: list[Cell]) -> bool:
    """Whether all cells are short and without a figure, and one tells of dates, another of something else."""
    texts = [cell.text for cell in row if cell.text]
    short = all(word_count(text) <= _HEADER_WORDS and not any(map(str.isdigit, text)) for text in texts)
    named = {column for text in texts if (column := column_in(text))} if short else set()
    return "date" in named and len(named) >= 2


def _columns_by_content(rows: list[list[Cell]]) -> dict[int, str]:
    """Column to meaning without headers: dates, places, and the title where text is longest."""
    width = max((len(row) for row in rows), default=0)
    body = [row for row in rows if len(row) == width and len({id(cell.node) for cell in row}) > 1]
    if len(body) < 2 or width < 2:
        return {}
    cells = [[row[index].text for row in body] for index in range(width)]
    columns: dict[int, str] = {}
    for index, texts in enumerate(cells):
        if _mostly(texts, _is_date):
            columns.setdefault(index, "date")
        elif _mostly(texts, is_place_line):
            columns.setdefault(index, "place")
    rest = [index for index in range(width) if index not in columns]
    if "date" in columns.values() and rest:
        columns[max(rest, key=lambda index: sum(map(len, cells[index])))] = "title"
    return columns


def _mostly(texts: Sequence[str], test: Any) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and sum(bool(test(text)) for text in filled) >= 0.7 * len(filled)


def _is_date(text: str) -> bool:
    """Whether a date fills the cell."""
    spans = find_dates(text)
    return bool(spans) and spans[-1].end - spans[0].start >= 0.7 * len(text)


def _is_header(row: list[Cell]) -> bool:
    """A row of nothing but header cells, or of names of columns."""
    return all(cell.header for cell in row) or all(column_of(cell.text) for cell in row if cell.text)


def _row_item(row: list[Cell], columns: dict[int, str], document: Document) -> Item | None:
    """A row's item; None for a row without a title."""
    values: dict[str, Cell] = {}
    for index, cell in enumerate(row):
        if column := columns.get(index):
            values.setdefault(column, cell)
    title = values.get("title")
    if title is None or not title.text or is_read_more(title.text):
        return None
    text = {name: cell.text or None for name, cell in values.items()}
    name, below = _title_and_rest(title)
    subtitle = below.pop(0).text if below and not is_prose(below[0]) else None
    item = Item(
        title=name,
        subtitle=subtitle,
        summary=joined(below),
        date_raw=text.get("date"),
        place_raw=text.get("place"),
        status=text.get("status"),
    )
    for element in {id(c.node): c.node for c in row}.values():
        _add_links(item, element, document.base)
    return item


def _title_and_rest(cell: Cell) -> tuple[str, list[Line]]:
    """The title of a cell and the lines below it; a line that goes on in lower case is a part of the title."""
    title, *rest = [line for line in cell.lines if not is_read_more(line.text)] or [Line(cell.text)]
    name = title.text
    while rest and rest[0].text[:1].islower():
        name = f"{name} {rest.pop(0).text}"
    return name, rest


def _add_links(item: Item, cell: Any, base: str) -> None:
    """The links of a cell: an entry's own key, documents, and the rest."""
    for element in cell.iter("a"):
        anchor = read_anchor(element, base)
        if anchor is None:
            continue
        if anchor.key and not anchor.key.startswith("rm:"):
            item.item_key, item.url = item.item_key or anchor.key, item.url or anchor.url
        else:
            role = "document" if anchor.key else "related"
            item.links.append({"url": anchor.url, "label": anchor.text, "role": role})


def _caption(table: Any) -> str | None:
    caption = table.find("caption")
    return squeeze(str(caption.text_content())) if caption is not None else None

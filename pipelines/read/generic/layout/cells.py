"""Tables of data: the column of each cell, the header above it and the words that head its row.

What belongs here: the grid of a table with its spans, and which row is its header. What does not: tables that only lay
a page out (they hold tables, or one cell a row), and what a column means (`roles.column_of`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pipelines.read.html.lines import squeeze
from pipelines.read.html.roles import column_in, column_of

_MOST_TABLES, _DEEP = 6, 12  # in a table that are looked at, and how deep
_LONGEST_NOTE = 300  # characters of a header with its note
_MOST_CELLS = 20_000  # of a page, and of a table with those that spans repeat
_MOST_COLUMNS = 200
_MOST_SPAN = 50
_SPAN_DIGITS = 5  # of a number that are read: HTML knows spans up to 65534
_HEADER = 40  # characters of the longest header that is not marked as one
_LONGEST = 120  # characters of a header that are kept


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a cell stands: its column from 0, the header of the column, and the first cell of its row (or empty).

    `note` is what the column's header says below its first line: when and where all of its days are, say.
    """

    column: int
    header: str = ""
    row_header: str = ""
    note: str = ""


def cells_of(tree: Any) -> dict[Any, Cell]:
    """The cells of all tables of data of a page."""
    found: dict[Any, Cell] = {}
    for table in tree.iter("table"):
        if _lays_out(table):
            continue
        if len(found) > _MOST_CELLS:
            break
        found.update(_cells(table))
    return found


def _lays_out(table: Any) -> bool:
    """Whether a table lays out a page: there is a table in one of several cells of a row. A pager or a form in a row of
    its own, or in the head, is none of the data."""
    return any(_is_laid_out(inner, table) for inner in islice(table.iterdescendants("table"), _MOST_TABLES))


def _is_laid_out(inner: Any, table: Any) -> bool:
    """Whether a table stands beside other cells of a table around it, or deep in it."""
    element = inner.getparent()
    for _ in range(_DEEP):
        if element is table:
            return True
        if element.tag in ("thead", "tfoot"):
            return False
        if element.tag == "tr" and sum(cell.tag in ("td", "th") for cell in element) == 1:
            return False
        element = element.getparent()
    return True


def _own_rows(table: Any) -> Iterator[Any]:
    """The rows of a table that are not of a table in it."""
    for part in table:
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in part if row.tag == "tr")


def _cells(table: Any) -> dict[Any, Cell]:
    rows = _first_rows(table)
    if len(rows) < 2 or max(len({id(c) for _, c in row}) for row in rows) < 2:
        return {}
    at = _header_row(rows)
    headers = {column: header_text(cell) for column, cell in rows[at]} if at is not None else {}
    notes = {column: _note(cell) for column, cell in rows[at]} if at is not None else {}
    found: dict[Any, Cell] = {}
    for index, row in enumerate(rows):
        first = header_text(row[0][1]) if len(row) > 1 else ""
        for column, cell in row:
            if at is not None and index <= at:
                found.setdefault(cell, Cell(column))
                continue
            head = first if cell is not row[0][1] and len(first) <= _LONGEST else ""
            found.setdefault(cell, Cell(column, headers.get(column, ""), head, notes.get(column, "")))
    return found


def _first_rows(table: Any) -> list[list[tuple[int, Any]]]:
    """The rows of a table that have cells, up to a number of cells that no table of a page has."""
    found: list[list[tuple[int, Any]]] = []
    left = _MOST_CELLS
    for row in _grid(table):
        left -= len(row)
        if left < 0:
            break
        if row:
            found.append(row)
    return found


def _grid(table: Any) -> Iterator[list[tuple[int, Any]]]:
    """Each row as (column, cell), cells that span rows standing in each of them."""
    below: dict[int, tuple[int, Any]] = {}
    for row in _own_rows(table):
        cells: list[tuple[int, Any]] = []
        column = 0
        for cell in islice((cell for cell in row if cell.tag in ("td", "th")), _MOST_COLUMNS):
            column = _free(column, below, cells)
            wide, high = _number(cell, "colspan"), _number(cell, "rowspan")
            cells.append((column, cell))
            for one in range(column, min(column + wide, _MOST_COLUMNS)):
                if high > 1:
                    below[one] = (high, cell)
            column += wide
        _free(column, below, cells)
        below = {at: (left - 1, cell) for at, (left, cell) in below.items() if left > 1}
        yield sorted(cells, key=lambda pair: pair[0])


def _free(column: int, below: dict[int, tuple[int, Any]], cells: list[tuple[int, Any]]) -> int:
    """The next column that no cell from a row above reaches into; such cells are of this row too."""
    while column in below and all(cell is not below[column][1] for _, cell in cells):
        cells.append((column, below[column][1]))
        column += 1
    return column


def _number(cell: Any, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(min(int(value[:_SPAN_DIGITS]), _MOST_SPAN), 1) if value.isdecimal() else 1


def _text(cell: Any) -> str:
    return squeeze(" ".join(cell.itertext()))[:200]


def _header_row(rows: Sequence[Sequence[tuple[int, Any]]]) -> int | None:
    """The row of the headers, among the first three: all `<th>`, in a `<thead>`, short words of which one names a
    column, or words above columns of numbers."""
    for index, row in enumerate(rows[:3]):
        texts = [header_text(cell) for _, cell in row]
        if len(row) < 2 or not any(texts):
            continue
        if all(cell.tag == "th" for _, cell in row) or row[0][1].getparent().getparent().tag == "thead":
            return index
        if any(len(text) > _HEADER or _has_digit(text) for text in texts):
            continue
        if any(column_of(text) or column_in(text) for text in texts) or _above_numbers(rows, index):
            return index
    return None


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _above_numbers(rows: Sequence[Sequence[tuple[int, Any]]], index: int) -> bool:
    """Whether most cells below a row of words hold numbers."""
    below = [_text(cell) for row in rows[index + 1 :] for _, cell in row]
    filled = [text for text in below if text]
    named = all(header_text(cell) for _, cell in rows[index])
    return named and len(filled) > 3 and sum(map(_has_digit, filled)) >= 0.7 * len(filled)


def _note(cell: Any) -> str:
    """What a header says behind its first line."""
    first = header_text(cell)
    return squeeze(" ".join(cell.itertext()))[:_LONGEST_NOTE].removeprefix(first).strip()


def header_text(cell: Any) -> str:
    """The first line of a header: what stands below it is a note."""
    for part in cell.iterdescendants("p", "div", "li"):
        if text := squeeze(" ".join(part.itertext())):
            return text[:_LONGEST]
    texts: list[str] = []
    for node in (cell.text, *(piece for child in cell for piece in (child, child.tail))):
        if getattr(node, "tag", None) == "br" and squeeze(" ".join(texts)):
            break
        texts.append(node if isinstance(node, str) else " ".join(node.itertext()) if node is not None else "")
    return squeeze(" ".join(texts))[:_LONGEST]

"""Tables whose rows a script puts in: their JSON stands in an attribute beside an empty body.

What belongs here: putting such rows into the table, so that it is read like any other. What does not: JSON that states
things by names that are known everywhere (`pipelines.read.structured`).

The keys of a row mean nothing by themselves ("col_3"); which of them a column shows is told by an attribute of its
header, or by the order of the columns when a row is a list. Cells are text or a piece of HTML, as their script says.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import lxml.html
from lxml import etree

from pipelines.read.structured.json_text import Budget, load

_MOST_TABLES, _MOST_COLUMNS, _MOST_ROWS = 20, 30, 500
_LEAST = 2  # rows, or columns, of a table
_LONGEST = 2_000  # characters of a cell that are parsed
_SHORTEST = 20  # characters of JSON in which rows can be told
_SHOWN = ("display", "text", "html", "value", "_")  # of a cell that has forms for showing and for sorting


def fill_tables(tree: Any) -> None:
    """Put the rows that attributes hold into the tables of a page that show none."""
    budget = Budget()
    for table in islice(tree.iter("table"), _MOST_TABLES):
        heads = list(islice(table.iter("th"), _MOST_COLUMNS))
        if len(heads) < _LEAST or next(table.iter("td"), None) is not None:
            continue
        rows = next((rows for rows in _carried(table, budget) if rows), [])
        keys = _keys(heads, rows[0]) if rows else []
        if sum(key is not None for key in keys) >= _LEAST:
            _fill(table, keys, rows)


def _carried(table: Any, budget: Budget) -> Iterator[list[Any]]:
    """The lists of rows in the attributes of a table and of the element around it."""
    for element in (table, table.getparent()):
        values = element.attrib.values() if element is not None else ()
        for text in values:
            if len(text) >= _SHORTEST and text.lstrip()[:1] in ("[", "{"):
                yield _rows_in(load(text, budget))


def _rows_in(value: Any) -> list[Any]:
    """A list of rows, or the longest one among the values of an object."""
    lists = list(value.values()) if isinstance(value, dict) else [value]
    found = [one for one in lists if isinstance(one, list) and one and _are_rows(one)]
    return max(found, key=len, default=[])[:_MOST_ROWS]


def _are_rows(some: list[Any]) -> bool:
    return all(isinstance(row, dict) for row in some) or all(isinstance(row, list) for row in some)


def _keys(heads: list[Any], row: Any) -> list[Any]:
    """What each column shows of a row: the key that an attribute of its header names, or its place; None for none."""
    if isinstance(row, list):
        return [at if at < len(row) else None for at in range(len(heads))]
    return [next((value for value in head.attrib.values() if value in row), None) for head in heads]


def _fill(table: Any, keys: list[Any], rows: list[Any]) -> None:
    bodies = table.findall("tbody")
    body = bodies[0] if bodies else etree.SubElement(table, "tbody")
    for row in rows:
        line = etree.SubElement(body, "tr")
        for key in keys:
            line.append(_cell(_shown(row, key)))


def _shown(row: Any, key: Any) -> str:
    known = key in row if isinstance(row, dict) else isinstance(key, int) and key < len(row)
    value = row[key] if known else None
    if isinstance(value, dict):
        value = next((value[name] for name in _SHOWN if isinstance(value.get(name), str)), None)
    return str(value)[:_LONGEST] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _cell(text: str) -> Any:
    """A cell of a text that may be a piece of HTML."""
    if "<" in text:
        try:
            return lxml.html.fragment_fromstring(text, create_parent="td")
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            text = ""
    cell = etree.Element("td")
    cell.text = "".join(char for char in text if char.isprintable())
    return cell

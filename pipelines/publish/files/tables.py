"""Each table and view of a release as Parquet, CSV and JSON lines, written by DuckDB.

What belongs here: how a value is written in these three formats. What does not: other formats (the modules beside this
one), whether files are right (`gate`).

- Parquet: zstd, every column with its type; sorted and cut into row groups so that a reader of one kind and time skips
  most of the file.
- CSV: UTF-8, RFC 4180 with CRLF, lists as JSON arrays. A text that a spreadsheet would run as a formula (it begins with
  = + - @, tab, CR or LF) gets an apostrophe in front, here and nowhere else; control characters, which RFC 4180 has no
  place for, are left out.
- JSON lines: lists and objects as such.
- In CSV and JSON lines an instant is ISO 8601 in UTC, with Z. They are ordered by key.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from warehouse.build import literal, name
from warehouse.tables import Column, Table

FORMATS = ("parquet", "csv", "jsonl")
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480"
# What most questions narrow by comes first; the key makes the order complete.
_PRUNED_BY = {
    "entries": ("kind", "start_date", "entry_id"),
    "practices": ("start_date", "entry_id"),
    "events": ("start_date", "entry_id"),
    "entry_sources": ("entry_id", "raw_entry_id"),
    "cities": ("country", "city_id"),
}
# Of a text in CSV: what has no place there, and what a spreadsheet would run when it begins so.
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
FORMULA = r"^[=+\-@\t\r\n]"
_INSTANT = "%Y-%m-%dT%H:%M:%S.%f"


def write_files(con: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> None:
    """Write the three files of one table or view into the folder. Raises duckdb.IOException."""
    pruned = ", ".join(map(name, _PRUNED_BY.get(table.name, ())))
    cells = {c.name: name(c.name) for c in table.columns}
    _copy(con, table, cells, folder / f"{table.name}.parquet", PARQUET, f"ORDER BY {pruned}" if pruned else "")
    cells = {c.name: _csv_cell(c) for c in table.columns}
    _copy(con, table, cells, folder / f"{table.name}.csv", "FORMAT csv, HEADER, NEW_LINE '\\r\\n'")
    _copy(con, table, {c.name: json_cell(c) for c in table.columns}, folder / f"{table.name}.jsonl", "FORMAT json")


def _copy(
    con: duckdb.DuckDBPyConnection, table: Table, cells: Mapping[str, str], path: Path, options: str, order: str = ""
) -> None:
    """Without an order the rows come as they are stored, which is by key (`warehouse.build.fill_table`)."""
    columns = ", ".join(f"{cell} AS {name(column)}" for column, cell in cells.items())
    con.execute(f"COPY (FROM (FROM {table.name} {order}) SELECT {columns}) TO {literal(str(path))} ({options})")


def json_cell(column: Column) -> str:
    """SQL for the value of a column in JSON: lists and objects as such, an instant in UTC."""
    cell = name(column.name)
    if column.type == "TIMESTAMPTZ":
        return f"regexp_replace(strftime({cell}, {literal(_INSTANT)}), '\\.0+$', '') || 'Z'"
    return cell


def text_cell(column: Column) -> str:
    """SQL for the value of a column as a text: lists and objects as JSON, an instant in UTC."""
    if column.type in ("VARCHAR[]", "JSON"):
        return f"CAST(to_json({name(column.name)}) AS VARCHAR)"
    return f"CAST({json_cell(column)} AS VARCHAR)"


def _csv_cell(column: Column) -> str:
    cell = name(column.name)
    if column.type != "VARCHAR":
        return text_cell(column)
    plain = f"regexp_replace({cell}, {literal(CONTROL)}, '', 'g')"
    safe = f"CASE WHEN regexp_matches({plain}, {literal(FORMULA)}) THEN chr(39) || {plain} ELSE {plain} END"
    # One look at each text, a second one at the few that need it.
    return f"CASE WHEN regexp_matches({cell}, {literal(f'{FORMULA}|{CONTROL}')}) THEN {safe} ELSE {cell} END"

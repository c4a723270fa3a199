"""The data files of a release: each table and view as Parquet, CSV and JSON lines, written by DuckDB.

What belongs here: how a value is written in each format. What does not: which files make a release whole (`release`),
whether they are right (`gate`).

- Parquet: zstd, every column with its type.
- CSV: UTF-8, RFC 4180 with CRLF, lists as JSON arrays. A text that a spreadsheet would run as a formula (it begins with
  = + - @, tab, CR or LF) gets an apostrophe in front, here and nowhere else.
- JSON lines: lists and objects as such.
- In CSV and JSON lines an instant is ISO 8601 in UTC, with Z.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.build import literal, name
from warehouse.tables import Column, Table

FORMATS = ("parquet", "csv", "jsonl")
_FORMULA = r"^[=+\-@\t\r\n]"
_INSTANT = "%Y-%m-%dT%H:%M:%S.%f"


def write_files(con: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> None:
    """Write the three files of one table or view into the folder, ordered by key. Raises duckdb.IOException."""
    _copy(
        con, table, {c.name: name(c.name) for c in table.columns}, folder, "parquet", "FORMAT parquet, COMPRESSION zstd"
    )
    cells = {c.name: _csv_cell(c) for c in table.columns}
    _copy(con, table, cells, folder, "csv", "FORMAT csv, HEADER, NEW_LINE '\\r\\n'")
    _copy(con, table, {c.name: _json_cell(c) for c in table.columns}, folder, "jsonl", "FORMAT json")


def _copy(
    con: duckdb.DuckDBPyConnection, table: Table, cells: dict[str, str], folder: Path, suffix: str, options: str
) -> None:
    columns = ", ".join(f"{cell} AS {name(column)}" for column, cell in cells.items())
    order = ", ".join(name(column) for column in table.key)
    path = literal(str(folder / f"{table.name}.{suffix}"))
    con.execute(f"COPY (FROM (FROM {table.name} ORDER BY {order}) SELECT {columns}) TO {path} ({options})")


def _csv_cell(column: Column) -> str:
    cell = name(column.name)
    if column.type == "VARCHAR":
        return f"CASE WHEN regexp_matches({cell}, {literal(_FORMULA)}) THEN '''' || {cell} ELSE {cell} END"
    if column.type in ("VARCHAR[]", "JSON"):
        return f"CAST(to_json({cell}) AS VARCHAR)"
    return _json_cell(column)


def _json_cell(column: Column) -> str:
    cell = name(column.name)
    if column.type == "TIMESTAMPTZ":
        return f"regexp_replace(strftime({cell}, {literal(_INSTANT)}), '\\.0+$', '') || 'Z'"
    return cell

"""What differs between two releases: tables and columns, counts of rows, and the rows themselves.

What belongs here: comparing two releases, by SQL. What does not: how a difference is shown, and what is made of it
(`changes.parquet` of a release is `pipelines.publish.files.changes`).

Rows are the same when their key is. Columns are compared that both releases have, as texts where their type differs;
what came and went is told as a change of the schema. `last_seen_at` of entries is not compared: every harvest moves it.

    with attached(older, newer) as con:
        schema_changes(con)
        counts(con)
        rows(con, "entries", limit=20)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.build import connect, literal, name
from warehouse.releases import DATABASE, reading
from warehouse.tables import RELEASE_TABLES, Table

OLD, NEW = "older", "newer"
NOT_COMPARED = {"entries": ("last_seen_at",)}
SCHEMA_COLUMNS = ("table", "column", "change", "old", "new")
COUNT_COLUMNS = ("table", "change", "column", "rows")
ROW_COLUMNS = ("table", "change", "key", "title", "column", "old", "new")
ADDED, REMOVED, CHANGED = "added", "removed", "changed"

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Compared:
    """A table as both releases have it: columns beside the key, with the type in each."""

    table: Table
    columns: dict[str, tuple[str, str]]
    titled: bool


@contextmanager
def attached(older: Path, newer: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which both releases (folders) are attached, read-only. Raises DamagedRelease."""
    with connect() as con:
        for alias, folder in ((OLD, older), (NEW, newer)):
            with reading(folder):
                con.execute(f"ATTACH {literal(str(folder / DATABASE))} AS {alias} (READ_ONLY)")
        yield con


def schema_changes(con: duckdb.DuckDBPyConnection) -> Rows:
    """Tables, views and columns that came, went or changed type: rows of SCHEMA_COLUMNS, in order.

    A table that came or went is one row, without a column.
    """
    before, now = _columns(con, OLD), _columns(con, NEW)
    found: Rows = []
    for table in sorted(before.keys() | now.keys()):
        if table not in before or table not in now:
            came = table in now
            found.append((table, None, ADDED if came else REMOVED, None, None))
            continue
        old, new = before[table], now[table]
        for column in dict.fromkeys((*old, *new)):
            if old.get(column) != new.get(column):
                change = REMOVED if column not in new else ADDED if column not in old else "retyped"
                found.append((table, column, change, old.get(column), new.get(column)))
    return found


def tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the tables whose rows can be compared: declared, and with their key in both releases."""
    return [compared.table.name for compared in _comparable(con)]


def counts(con: duckdb.DuckDBPyConnection, table: str | None = None) -> Rows:
    """How many rows were added, removed and changed, in all and in each column: rows of COUNT_COLUMNS.

    `column` is None for whole rows; what did not happen has no row. `table`: only this one.
    """
    return [
        (compared.table.name, change, column, count)
        for compared in _comparable(con)
        if table in (None, compared.table.name)
        for change, column, count in _counted(con, compared)
        if count
    ]


def rows(con: duckdb.DuckDBPyConnection, table: str, limit: int | None = None) -> Iterator[tuple[Any, ...]]:
    """What changed in one table, a row of ROW_COLUMNS a changed cell, by kind of change, then key.

    Values are texts as DuckDB writes them; `column`, `old` and `new` are None for a row that was added or removed.
    `limit` is of each kind of change. Some thousand rows are held at a time.
    """
    compared = next(found for found in _comparable(con) if found.table.name == table)
    answer = con.cursor().execute(_rows_sql(compared, limit))  # whoever reads it may ask other things meanwhile
    while chunk := answer.fetchmany(5000):
        yield from ((table, *row) for row in chunk)


def _columns(con: duckdb.DuckDBPyConnection, alias: str) -> dict[str, dict[str, str]]:
    """Columns with their types, of every table and view of an attached release."""
    found: dict[str, dict[str, str]] = {}
    sql = """FROM duckdb_columns() SELECT table_name, column_name, data_type
             WHERE database_name = ? AND schema_name = 'main' AND NOT internal ORDER BY table_name, column_index"""
    for table, column, kind in con.execute(sql, [alias]).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _comparable(con: duckdb.DuckDBPyConnection) -> list[_Compared]:
    before, now = _columns(con, OLD), _columns(con, NEW)
    found = []
    for table in RELEASE_TABLES:
        old, new = before.get(table.name, {}), now.get(table.name, {})
        if set(table.key) <= old.keys() & new.keys():
            left = (*table.key, *NOT_COMPARED.get(table.name, ()))
            columns = {column: (old[column], new[column]) for column in new if column in old and column not in left}
            found.append(_Compared(table, columns, "title" in old and "title" in new))
    return found


def _joined(compared: _Compared) -> str:
    """SQL of the two tables side by side; a column `here` is null in the one that lacks the row."""
    table = name(compared.table.name)
    on = ", ".join(map(name, compared.table.key))
    return f"""(SELECT *, true AS "o.here" FROM {OLD}.main.{table}) o
        FULL JOIN (SELECT *, true AS "n.here" FROM {NEW}.main.{table}) n USING ({on})"""  # noqa: S608  # of names that are ours


def _differs(column: str, types: tuple[str, str]) -> str:
    old, new = f"o.{name(column)}", f"n.{name(column)}"
    if types[0] != types[1]:
        old, new = f"CAST({old} AS VARCHAR)", f"CAST({new} AS VARCHAR)"
    return f"{old} IS DISTINCT FROM {new}"


def _counted(con: duckdb.DuckDBPyConnection, compared: _Compared) -> Iterator[tuple[str, str | None, int]]:
    """Kind of change, column, number, in one pass over the table."""
    differ = [_differs(column, types) for column, types in compared.columns.items()]
    both = '"o.here" AND "n.here"'
    sums = ['count(*) FILTER ("o.here" IS NULL)', 'count(*) FILTER ("n.here" IS NULL)']
    sums += [f"count(*) FILTER ({both} AND ({' OR '.join(differ) or 'false'}))"]
    sums += [f"count(*) FILTER ({both} AND {different})" for different in differ]
    answer = con.execute(f"SELECT {', '.join(sums)} FROM {_joined(compared)}").fetchall()[0]  # noqa: S608  # as above
    for change, count in zip((ADDED, REMOVED, CHANGED), answer, strict=False):
        yield change, None, count
    for column, count in zip(compared.columns, answer[3:], strict=True):
        yield CHANGED, column, count


def _rows_sql(compared: _Compared, limit: int | None) -> str:
    key = f"concat_ws(' ', {', '.join(f'CAST({name(column)} AS VARCHAR)' for column in compared.table.key)})"
    title = "coalesce(n.title, o.title)" if compared.titled else "NULL"
    most = "" if limit is None else f"LIMIT {limit:d}"
    head = f"{key} AS key, CAST({title} AS VARCHAR) AS title"
    gone = [
        f"""(SELECT '{change}' AS change, {head}, CAST(NULL AS VARCHAR) AS "column", NULL AS "old", NULL AS "new"
             FROM {_joined(compared)} WHERE "{side}.here" IS NULL ORDER BY key {most})"""  # noqa: S608  # as above
        for change, side in ((ADDED, "o"), (REMOVED, "n"))
    ]
    pairs = ", ".join(
        f"""{{'column': {literal(c)}, 'differs': {_differs(c, types)},
              'old': CAST(o.{name(c)} AS VARCHAR), 'new': CAST(n.{name(c)} AS VARCHAR)}}"""
        for c, types in compared.columns.items()
    )
    differ = " OR ".join(_differs(column, types) for column, types in compared.columns.items())
    changed = f"""(SELECT 'changed' AS change, key, title, pair."column", pair."old", pair."new" FROM (
            SELECT {head}, unnest([{pairs}]) AS pair FROM {_joined(compared)}
            WHERE "o.here" AND "n.here" AND ({differ})
        ) WHERE pair.differs ORDER BY ALL {most})"""  # noqa: S608  # as above
    return " UNION ALL ".join([*gone, *([changed] if pairs else [])])

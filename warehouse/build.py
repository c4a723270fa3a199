"""DuckDB files made from the declarations: connections, tables with comments, views.

What belongs here: how a database file of ours comes about. What does not: which rows stand in it (`pipelines.curate`),
how it becomes a release (`pipelines.publish`), reading a release (`releases`).

Nothing is ever installed from the net: extensions load only when they are compiled in. Files are stored so that engines
since DuckDB `STORAGE` can open them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.layout import written_whole
from warehouse.storage import STORAGE_ERRORS, failed, storing
from warehouse.tables import RELEASE_TABLES, Column, Table

STORAGE = "v1.2.0"
_VIEWS = Path(__file__).with_name("views.sql")
_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "storage_compatibility_version": STORAGE,
}


def connect(path: Path | str = ":memory:", read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with our settings; times are shown in UTC."""
    con = duckdb.connect(str(path), read_only=read_only, config=dict(_SETTINGS))
    con.execute("SET TimeZone = 'UTC'")
    return con


def build_database(path: Path, tables: Mapping[str, pa.Table], declared: Iterable[Table] = RELEASE_TABLES) -> None:
    """Write a fresh database with all declared tables, sorted by key, and the views; whole or not at all. One writer.

    `tables` holds Arrow tables by name; a declared table that it lacks is made empty. StorageError when the disk does
    not take it; duckdb.Error when a row breaks its declaration.
    """
    _sweep(path)
    try:
        with storing_database("the database", path), written_whole(path) as part, connect(part) as con:
            _fill(con, tables, declared)
    finally:
        _sweep(path)


def _fill(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table], declared: Iterable[Table]) -> None:
    con.begin()
    for table in declared:
        create_table(con, table)
        if table.name in tables:
            fill_table(con, table, con.from_arrow(tables[table.name]))
    create_views(con)
    con.commit()


def _sweep(path: Path) -> None:
    """Remove what a killed or failed build of this file left: unfinished files and DuckDB's logs beside them."""
    for leftover in path.parent.glob(f"{path.name}.*.part*"):
        leftover.unlink(missing_ok=True)


@contextmanager
def storing_database(what: str, path: Path) -> Iterator[None]:
    """As `storing`, also for what DuckDB raises when the disk does not take it; a commit fails for no other reason."""
    try:
        with storing(what, path):
            yield
    except (duckdb.IOException, duckdb.TransactionException) as error:
        # The engine tells the error number only within its text, in words that differ between calls.
        number = next((n for n in STORAGE_ERRORS if os.strerror(n) in str(error)), 0)
        raise failed(what, path, number, str(error).splitlines()[0]) from error


def create_table(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create one empty table, with the meanings of the declaration as comments."""
    con.execute(f"CREATE TABLE {table.name} ({', '.join(_ddl(column) for column in table.columns)})")
    con.execute(f"COMMENT ON TABLE {table.name} IS {literal(table.meaning)}")
    for column in table.columns:
        con.execute(f"COMMENT ON COLUMN {table.name}.{name(column.name)} IS {literal(column.meaning)}")


def fill_table(con: duckdb.DuckDBPyConnection, table: Table, rows: duckdb.DuckDBPyRelation) -> None:
    """Insert rows that have the columns of the table, in the order of its key."""
    ordered = rows.project(", ".join(map(name, table.names))).order(", ".join(map(name, table.key)))
    ordered.insert_into(table.name)


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views of a release."""
    con.execute(_VIEWS.read_text(encoding="utf-8"))


def view_names() -> list[str]:
    """Names of the views of a release, as `views.sql` declares them."""
    words = _VIEWS.read_text(encoding="utf-8").split()
    return [words[i + 2] for i, word in enumerate(words) if word == "CREATE" and words[i + 1] == "VIEW"]


def name(identifier: str) -> str:
    """An identifier, quoted for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text, quoted for SQL statements that take no parameters (COMMENT, ATTACH, COPY)."""
    return "'" + text.replace("'", "''") + "'"


def _ddl(column: Column) -> str:
    return f"{name(column.name)} {column.type}{'' if column.nullable else ' NOT NULL'}"

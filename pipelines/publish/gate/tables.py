"""The files of the tables: each opens, has the columns, and as many rows as its table.

What belongs here: Parquet, CSV and JSON lines. What does not: the other files (`parts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from pipelines.publish.files.tables import FORMATS
from pipelines.publish.gate.findings import count
from warehouse.tables import Table

_LONGEST_ROW = 100_000_000  # bytes; a page is at most a tenth of it


def check_files(con: duckdb.DuckDBPyConnection, tables: list[Table], folder: Path) -> list[str]:
    """Problems of the files: each opens, has the columns, and as many rows as its table."""
    return [problem for table in tables for problem in _files(con, table, folder)]


def _files(con: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> Iterator[str]:
    """Every file opens, has the columns, and as many rows as the table."""
    want = count(con, table.name)
    readers: dict[str, Callable[[str], duckdb.DuckDBPyRelation]] = {
        "parquet": con.read_parquet,
        # Nothing is to be found out from the content: what pages say must not decide how the file is read.
        "csv": lambda path: con.read_csv(
            path, header=True, all_varchar=True, sep=",", quotechar='"', escapechar='"', max_line_size=_LONGEST_ROW
        ),
        "jsonl": lambda path: con.read_json(path, format="newline_delimited"),
    }
    for suffix in FORMATS:
        path = folder / f"{table.name}.{suffix}"
        try:
            relation = readers[suffix](str(path))
            have = len(relation) if want or suffix != "jsonl" else 0
        except duckdb.Error as error:
            yield f"{path.name}: can not be read: {str(error).splitlines()[0]}"
            continue
        if have != want:
            yield f"{path.name}: {have} rows, the table has {want}"
        elif suffix != "jsonl" and relation.columns != table.names:
            yield f"{path.name}: its columns are not those of the table"

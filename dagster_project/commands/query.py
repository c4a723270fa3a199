"""`cityharvest query`: SQL on the latest release, read-only.

A release is never written again once published, so this works while a harvest runs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from dagster_project import console
from dagster_project.commands.csv_out import json_value, write_csv
from dagster_project.commands.options import DataOption


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def query(
    sql: Annotated[
        str, typer.Argument(metavar="SQL", help="For instance: select kind, count(*) from entries group by all")
    ],
    data: DataOption = Path("data"),
    form: Annotated[Format, typer.Option("--format", help="table, csv, or json (an array of objects).")] = Format.TABLE,
) -> None:
    """Run SQL, read-only, on the latest release."""
    import duckdb

    from warehouse.releases import open_release

    try:
        with open_release(data) as connection:
            # A read-only database still lets COPY write files and read_csv read any: both are switched off.
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            answer = connection.execute(sql)
            if answer is None:
                raise console.FailureError(
                    "SQL: there is no statement; give one, such as: select count(*) from entries"
                )
            names = [column[0] for column in answer.description or []]
            rows = answer.fetchall()
    except duckdb.Error as error:
        raise console.FailureError(f"SQL: {first_line(error)}") from error
    WRITERS[form](names, rows)


def first_line(error: Exception) -> str:
    """What DuckDB says, without its drawing of the place; a name that it proposes is kept."""
    lines = [line.strip() for line in str(error).splitlines()]
    return " ".join(line for line in lines if line and not line.startswith(("LINE ", "^")))


def as_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as a table as wide as the terminal, numbers to the right; a note says how many there are."""
    from rich.table import Table

    table = Table(show_edge=False, header_style="bold")
    for position, name in enumerate(names):
        numbers = rows and all(isinstance(row[position], (int, float)) for row in rows)
        table.add_column(console.escape(name), overflow="fold", justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(console.escape(shown(cell)) for cell in row))
    console.out.print(table)
    console.tell(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def shown(cell: Any) -> str:
    """A cell of a table; nothing for null, lists without brackets."""
    if isinstance(cell, list):
        return ", ".join(map(str, cell))
    return "" if cell is None else str(cell)


def as_json(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as a JSON array of objects on stdout."""
    import sys

    records = [dict(zip(names, map(json_value, row), strict=True)) for row in rows]
    sys.stdout.write(json.dumps(records, ensure_ascii=False, allow_nan=False, indent=1) + "\n")


WRITERS = {Format.TABLE: as_table, Format.CSV: write_csv, Format.JSON: as_json}

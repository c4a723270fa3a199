"""`cityharvest diff`: what differs between two releases, counted and by example.

What belongs here: options and showing. What does not: finding out (`warehouse.differences`); what today's readers would
change is `read --diff`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dagster_project import console
from dagster_project.commands.diff import text
from dagster_project.commands.options import DataOption
from dagster_project.commands.query import Format

if TYPE_CHECKING:
    import duckdb

OlderArgument = Annotated[
    str, typer.Argument(metavar="A", help="The older release: a name, its beginning, previous or latest.")
]
NewerArgument = Annotated[str, typer.Argument(metavar="B", help="The newer release, named likewise.")]
TableOption = Annotated[str | None, typer.Option("--table", metavar="NAME", help="Only this table of the releases.")]
EXAMPLES = 10
LimitOption = Annotated[
    int | None,
    typer.Option(
        "--limit",
        min=0,
        help=f"Changed cells, or whole rows, of each kind of change in each table; 0 for all. Else {EXAMPLES} with "
        "--format table, and all with csv and json.",
    ),
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="table, csv (a row a change), or json (schema, counts and rows).")
]


def diff(
    older: OlderArgument = "previous",
    newer: NewerArgument = "latest",
    table: TableOption = None,
    limit: LimitOption = None,
    data: DataOption = Path("data"),
    form: FormatOption = Format.TABLE,
) -> None:
    """Show which rows and columns changed between two releases: counts first, then examples.

    Without --table the examples are of the entries. When an entry was last seen is not compared, as every harvest moves
    it.
    """
    from warehouse.differences import attached, tables
    from warehouse.layout import DataFolder
    from warehouse.releases import find_release

    one, other = (find_release(DataFolder(data), word) for word in (older, newer))
    with attached(one, other) as con:
        have = tables(con)
        if table is not None and table not in have:
            raise typer.BadParameter(f"no table {table} in both; there are: {', '.join(have)}", param_hint="--table")
        chosen = [table] if table else have
        if form is Format.CSV:
            as_csv(con, chosen, limit)
        elif form is Format.JSON:
            as_json(con, (one.name, other.name), chosen, limit)
        else:
            as_tables(con, (one.name, other.name), chosen, EXAMPLES if limit is None else limit)


def changes(con: duckdb.DuckDBPyConnection, tables: Sequence[str], limit: int | None) -> Iterator[tuple[Any, ...]]:
    """What changed in the tables, as rows of `differences.ROW_COLUMNS`."""
    from warehouse.differences import rows

    for table in tables:
        yield from rows(con, table, limit or None)


def schema(con: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> list[tuple[Any, ...]]:
    """Changes of the schema; only of one table when only that was asked for."""
    from warehouse.differences import schema_changes

    return [row for row in schema_changes(con) if len(tables) > 1 or row[0] in tables]


def counted(con: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> list[tuple[Any, ...]]:
    """How many rows changed how, in the tables."""
    from warehouse.differences import counts

    return [row for table in tables for row in counts(con, table)]


def as_tables(con: duckdb.DuckDBPyConnection, names: tuple[str, str], tables: Sequence[str], limit: int) -> None:
    """Schema, counts and examples, a table each; one line when nothing differs."""
    from warehouse.differences import COUNT_COLUMNS, ROW_COLUMNS, SCHEMA_COLUMNS

    console.out.print(f"{names[0]} -> {names[1]}", highlight=False, soft_wrap=True)
    structure, found = schema(con, tables), counted(con, tables)
    if not structure and not found:
        console.out.print("No difference.", highlight=False)
        return
    show("Schema", SCHEMA_COLUMNS, structure)
    show("Rows", COUNT_COLUMNS, [(name, change, column or "(rows)", count) for name, change, column, count in found])
    examples = ["entries"] if len(tables) > 1 else tables
    show(f"Examples of {examples[0]}", ROW_COLUMNS[1:], [row[1:] for row in changes(con, examples, limit)])
    if limit and max(cells(found, examples[0]).values(), default=0) > limit:
        console.tell(f"at most {limit} of each kind of change are shown; --limit 0 shows all")


def cells(found: Sequence[tuple[Any, ...]], table: str) -> dict[str, int]:
    """How many examples there are of each kind of change in a table: a row that came or went, a cell that changed."""
    numbers = dict[str, int]()
    for name, change, column, count in found:
        if name == table and (column is not None) == (change == "changed"):
            numbers[change] = numbers.get(change, 0) + count
    return numbers


def show(title: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """One table, when it has rows; numbers to the right, missing values empty, long ones cut."""
    from rich.table import Table

    if not rows:
        return
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold", justify="right" if name == "rows" else "left")
    for row in rows:
        table.add_row(*("" if cell is None else console.escape(text(cell)) for cell in row))
    console.out.print(table)


def as_csv(con: duckdb.DuckDBPyConnection, tables: Sequence[str], limit: int | None) -> None:
    """A row a change on stdout, those of the schema first: their `change` begins with `schema`."""
    from dagster_project.commands.csv_out import write_csv
    from warehouse.differences import ROW_COLUMNS

    first = (
        (table, f"schema {change}", None, None, column, old, new)
        for table, column, change, old, new in schema(con, tables)
    )
    write_csv(ROW_COLUMNS, chain(first, changes(con, tables, limit)))


def as_json(con: duckdb.DuckDBPyConnection, names: tuple[str, str], tables: Sequence[str], limit: int | None) -> None:
    """One object on stdout: older, newer, schema, counts, rows."""
    import json
    import sys

    from warehouse.differences import COUNT_COLUMNS, ROW_COLUMNS, SCHEMA_COLUMNS

    def objects(columns: Sequence[str], found: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
        return [dict(zip(columns, row, strict=True)) for row in found]

    answer = {
        "older": names[0],
        "newer": names[1],
        "schema": objects(SCHEMA_COLUMNS, schema(con, tables)),
        "counts": objects(COUNT_COLUMNS, counted(con, tables)),
        "rows": objects(ROW_COLUMNS, list(changes(con, tables, limit))),
    }
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")

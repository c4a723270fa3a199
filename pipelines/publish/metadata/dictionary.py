"""The data dictionary: what each table, view and file of tables holds, column by column, with values from the release.

What belongs here: what is said, and its Markdown. What does not: its HTML (`dictionary_page`), the declarations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.publish.declared import ENUMERATIONS, REFERENCES
from pipelines.publish.files.calendar import CALENDAR
from pipelines.publish.files.calendar import RECORD as CALENDAR_FILE
from pipelines.publish.files.changes import CHANGES
from pipelines.publish.files.changes import FILE as CHANGES_FILE
from pipelines.publish.files.tables import FORMATS, text_cell
from pipelines.publish.files.text import one_line
from pipelines.publish.metadata.about import About
from pipelines.publish.metadata.markup import markdown
from warehouse.build import literal, name, view_names
from warehouse.tables import Column, Table

HEADS = ("column", "type", "may be empty", "meaning", "allowed values", "refers to", "for example")
# What was said once may be withdrawn, and what is said now stands among the examples of `entries`.
_WITHOUT_EXAMPLES = frozenset({(CHANGES.name, "old"), (CHANGES.name, "new")})
_ROWS, _SHOWN, _LONGEST = 200, 2, 60


@dataclass(frozen=True, slots=True)
class Described:
    """A column: its declaration, what it may hold, what it refers to, values that the release has."""

    column: Column
    allowed: tuple[str, ...]
    refers_to: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table, a view of one, or a file with a table of its own."""

    table: Table
    kind: str
    rows: int
    files: tuple[str, ...]
    columns: tuple[Described, ...]


def sections(con: duckdb.DuckDBPyConnection, folder: Path, about: About) -> list[Section]:
    """All tables, views and files in order, with examples. Raises duckdb.Error."""
    found = [_section(con, table, about.facts.counts[table.name]) for table in about.facts.tables]
    for table, file in ((CHANGES, CHANGES_FILE), (CALENDAR, CALENDAR_FILE)):
        rows = f"read_parquet({literal(str(folder / file))})"
        (number,) = con.execute(f"FROM {rows} SELECT count(*)").fetchall()[0]
        found.append(Section(table, "file", number, (file,), tuple(_columns(con, table, rows))))
    return found


def _section(con: duckdb.DuckDBPyConnection, table: Table, rows: int) -> Section:
    files = tuple(f"{table.name}.{suffix}" for suffix in FORMATS)
    kind = "view" if table.name in view_names() else "table"
    return Section(table, kind, rows, files, tuple(_columns(con, table, name(table.name))))


def _columns(con: duckdb.DuckDBPyConnection, table: Table, rows: str) -> Iterator[Described]:
    for column, examples in zip(table.columns, _examples(con, table, rows), strict=True):
        place = (table.name, column.name)
        shown = () if place in _WITHOUT_EXAMPLES else examples
        yield Described(column, ENUMERATIONS.get(place, ()), ".".join(REFERENCES.get(place, ())), shown)


def _examples(con: duckdb.DuckDBPyConnection, table: Table, rows: str) -> list[tuple[str, ...]]:
    """For each column the first values in the order of the key; where the first rows have none, the least of all."""
    cells = [f"left({_example(column)}, {4 * _LONGEST})" for column in table.columns]
    order = ", ".join(map(name, table.key))
    query = f"FROM (FROM {rows} ORDER BY {order} LIMIT {_ROWS}) SELECT {', '.join(cells)} ORDER BY {order}"
    first = con.execute(query).fetchall()
    found = [_shown(row[i] for row in first) for i in range(len(cells))]
    if missing := [i for i, examples in enumerate(found) if not examples]:
        least = con.execute(f"FROM {rows} SELECT {', '.join(f'min({cells[i]})' for i in missing)}").fetchall()[0]
        for i, value in zip(missing, least, strict=True):
            found[i] = _shown([value])
    return [tuple(examples) for examples in found]


def _example(column: Column) -> str:
    """SQL for an example: of an object only its keys, as what stands in it may be a person's name."""
    if column.type == "JSON":
        return f"'{{' || array_to_string(json_keys({name(column.name)}), ': …, ') || ': …}}'"
    return text_cell(column)


def _shown(values: Iterable[str | None]) -> list[str]:
    told: list[str] = []
    for value in dict.fromkeys(values):
        text = one_line(value or "")
        short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"
        if short and short not in told:
            told.append(short)
        if len(told) == _SHOWN:
            break
    return told


def dictionary_markdown(about: About, described: Iterable[Section]) -> str:
    """The dictionary in Markdown."""
    facts = about.facts
    head = f"# Data dictionary\n\nRelease {markdown(facts.name)} of {facts.created}.\n"
    return head + "".join(map(_markdown, described))


def _markdown(section: Section) -> str:
    table = section.table
    files = ", ".join(f"`{file}`" for file in section.files)
    lines = [
        f"\n## {markdown(table.name)} ({section.kind})\n",
        f"{markdown(table.meaning)}\n",
        f"{section.rows} rows, identified by {', '.join(f'`{key}`' for key in table.key)}; {files}\n",
        f"| {' | '.join(HEADS)} |",
        f"|{' --- |' * len(HEADS)}",
        *(f"| {' | '.join(_cells(described))} |" for described in section.columns),
    ]
    return "\n".join(lines) + "\n"


def _cells(described: Described) -> Iterator[str]:
    column = described.column
    yield f"`{column.name}`"
    yield markdown(column.type)
    yield "yes" if column.nullable else "no"
    yield markdown(column.meaning)
    yield ", ".join(markdown(value) for value in described.allowed)
    yield markdown(described.refers_to)
    yield " · ".join(markdown(value) for value in described.examples)

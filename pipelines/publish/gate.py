"""The gate: what must hold of a staged release before it may become the latest.

What belongs here: checks, each giving problems (they stop the release) or warnings (they are published with it), a
line each that says what is wrong, where, how much of it.
What does not: making files (`files`), swapping (`swap`).

The checks of text are plain patterns and know nothing of the cleaner: two nets with different holes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.publish.declared import CLEANED_TEXT, DISPLAYED_TEXT, ENUMERATIONS, REFERENCES
from pipelines.publish.files import FORMATS
from warehouse.build import literal, name
from warehouse.tables import RELEASE_TABLES, Table

MAX_DROP = 0.2  # a table that loses more of its rows than this was not harvested, it was lost
MAX_GROWTH = 1.0  # a table that more than doubles is worth a look
MIN_FOR_GROWTH = 100  # rows from which growth is watched: a young table doubles every day
FIRST_YEAR, LAST_YEAR = 1950, 2100

_LONGEST_ROW = 100_000_000  # bytes; a page is at most a tenth of it

MARKUP = r"(?i)</?(a|abbr|b|blockquote|br|button|div|em|font|form|h[1-6]|hr|i|iframe|img|input|li|link|meta|ol|object|p|pre|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|tr|u|ul)(\s[^<>]*)?/?>|&(amp|nbsp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);"  # noqa: E501
E_MAIL = r"[\w.+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}"
PHONE = r"(^|[^\w+.,])(\+|00)[1-9]\d{0,2}[\s()./-]*(\d[\s()./-]*){7,}"

ACCOUNT = r"\b[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,4})?\b"  # IBAN, its groups look like a phone number


@dataclass(slots=True)
class Findings:
    """What a comparison found."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def check_rows(con: duckdb.DuckDBPyConnection, tables: list[Table]) -> Findings:
    """Check the rows by themselves; `tables` are the tables and views that the database must have."""
    findings = Findings(list(_missing(con, tables)))
    if not findings.problems:
        for checks in (_empty, _keys, _nulls, _references, _enumerations, _dates, _texts, _addresses):
            findings.problems += checks(con)
        findings.warnings += _oddities(con)
    return findings


def check_files(con: duckdb.DuckDBPyConnection, tables: list[Table], folder: Path) -> list[str]:
    """Problems of the files: each opens, has the columns, and as many rows as its table."""
    return [problem for table in tables for problem in _files(con, table, folder)]


def compare(con: duckdb.DuckDBPyConnection, previous: duckdb.DuckDBPyConnection, same_major: bool) -> Findings:
    """Check a staged release against the one before it. `same_major`: both promise the same columns."""
    findings = Findings()
    for table in RELEASE_TABLES:
        if not _has(previous, table.name):
            continue
        before, now = count(previous, table.name), count(con, table.name)
        if now < before * (1 - MAX_DROP):
            findings.problems.append(
                f"{table.name}: {now} rows, the release before had {before}: more than a fifth is gone"
            )
        elif before >= MIN_FOR_GROWTH and now > before * (1 + MAX_GROWTH):
            findings.warnings.append(f"{table.name}: {now} rows, the release before had {before}: it more than doubled")
        if same_major:
            findings.problems += _columns_lost(table.name, con, previous)
    findings.warnings += _ids_lost(con, previous)
    return findings


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows."""
    return _number(con, f"FROM {name(table)} SELECT count(*)")


def _number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])


def _has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(con.execute("FROM duckdb_tables() SELECT 1 WHERE table_name = ?", [table]).fetchall())


def _missing(con: duckdb.DuckDBPyConnection, tables: list[Table]) -> Iterator[str]:
    for table in tables:
        have = {str(n): str(t) for n, t, *_ in con.execute(f"DESCRIBE {table.name}").fetchall()}
        want = {c.name: c.type.replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE") for c in table.columns}
        if have != want:
            wrong = sorted(c for c in {*have, *want} if have.get(c) != want.get(c))
            yield f"{table.name}: columns differ from their declaration: {', '.join(wrong)}"


def _columns_lost(table: str, con: duckdb.DuckDBPyConnection, previous: duckdb.DuckDBPyConnection) -> Iterator[str]:
    now = dict(zip(con.table(table).columns, map(str, con.table(table).types), strict=True))
    before = previous.table(table)
    for column, kind in zip(before.columns, map(str, before.types), strict=True):
        if now.get(column) != kind:
            became = f"became {now[column]}" if column in now else "is gone"
            yield f"{table}.{column}: {kind} in the release before, {became}; that needs a new major schema_version"


def _ids_lost(con: duckdb.DuckDBPyConnection, previous: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Ids that stood and do not redirect. A warning, as what a better reader knows to be no entry has no heir."""
    published, known = (
        {
            entry_id
            for table in ("entries", "entry_redirects")
            for (entry_id,) in db.table(table).project("entry_id").fetchall()
        }
        for db in (previous, con)
    )
    lost = sorted(published - known)
    if lost:
        yield f"entries: {len(lost)} ids of the release before are gone without a redirect, the first {lost[0]}"


def _empty(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Nothing at all is never what was harvested, also where no earlier release tells how much there was."""
    if not count(con, "entries"):
        yield "entries: not one row; captures/<source>/<run>/read.json tell what was wrong with the pages"


def _keys(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table in RELEASE_TABLES:
        key = ", ".join(map(name, table.key))
        twice = _number(con, f"FROM (FROM {table.name} SELECT {key} GROUP BY ALL HAVING count(*) > 1) SELECT count(*)")
        if twice:
            yield f"{table.name}: {twice} values of its key ({', '.join(table.key)}) stand in several rows"


def _nulls(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table in RELEASE_TABLES:
        for column in table.columns:
            if not column.nullable:
                yield from _broken(
                    con, table.name, column.name, f"{name(column.name)} IS NULL", "null where none may be"
                )


def _references(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for (table, column), (target, key) in REFERENCES.items():
        condition = f"{name(column)} NOT IN (FROM {target} SELECT {name(key)})"
        yield from _broken(con, table, column, condition, f"not in {target}.{key}")
    cities = "FROM entries SELECT unnest(city_ids) AS city"
    if number := _number(con, f"FROM ({cities}) SELECT count(*) WHERE city NOT IN (FROM cities SELECT city_id)"):
        yield f"entries.city_ids: {number} values not in cities.city_id"


def _enumerations(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for (table, column), allowed in ENUMERATIONS.items():
        condition = f"{name(column)} NOT IN ({', '.join(map(literal, allowed))})"
        yield from _broken(con, table, column, condition, f"none of {', '.join(allowed)}")


def _dates(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table in ("entries", "entry_versions"):
        for column in ("start_date", "end_date"):
            outside = f"year({column}) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
            yield from _broken(con, table, column, outside, f"outside of {FIRST_YEAR} to {LAST_YEAR}")
        yield from _broken(con, table, "end_date", "end_date < start_date", "before start_date")
    yield from _broken(con, "entries", "last_seen_at", "last_seen_at < first_seen_at", "before first_seen_at")


def _oddities(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """What is seldom right, and sometimes is: a night that ends before it began, a date without a role."""
    one_day = "start_date = end_date AND end_time < start_time"
    yield from _broken(con, "entries", "end_time", one_day, "before start_time of the same day")
    yield from _broken(
        con, "entries", "date_role", "start_date IS NOT NULL AND date_role IS NULL", "null beside a date"
    )


def _texts(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    personal = {"e-mail addresses": E_MAIL, "phone numbers": PHONE}
    for texts, patterns in ((CLEANED_TEXT, personal | {"markup": MARKUP}), (DISPLAYED_TEXT, personal)):
        for table, column in ((t, c) for t, columns in texts.items() for c in columns):
            for what, pattern in patterns.items():
                found = f"regexp_matches({_shown(table, column)}, {literal(pattern)})"
                yield from _broken(con, table, column, found, f"with {what}")


def _shown(table: str, column: str) -> str:
    """The text of a column, without numbers of accounts; of a JSON object its values, and no pattern spans two."""
    text = name(column)
    if any(t.name == table and c.name == column and c.type == "JSON" for t in RELEASE_TABLES for c in t.columns):
        text = f"array_to_string(json_extract_string({text}, '$.*'), ' <> ')"
    return f"regexp_replace({text}, {literal(ACCOUNT)}, ' ', 'g')"


def _addresses(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table, column in (("entries", "url"), ("entry_links", "url"), ("entry_sources", "page_url")):
        condition = f"NOT regexp_matches({column}, '^https?://[^/\\s]+')"
        yield from _broken(con, table, column, condition, "no web address")


def _broken(con: duckdb.DuckDBPyConnection, table: str, column: str, condition: str, what: str) -> Iterator[str]:
    """One line when rows meet the condition: how many, and the key of the first."""
    key = next(t.key[0] for t in RELEASE_TABLES if t.name == table)
    rows = con.execute(f"FROM {table} SELECT count(*), min({name(key)}) WHERE {condition}").fetchall()
    number, first = rows[0]
    if number:
        yield f"{table}.{column}: {number} {'value' if number == 1 else 'values'} {what}, the first at {key} {first}"


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

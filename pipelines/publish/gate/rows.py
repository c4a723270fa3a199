"""The rows of a staged release by themselves: keys, references, dates, texts.

What belongs here: what must hold whatever was published before. What does not: comparing (`compared`), files.

The checks of text are plain patterns and know nothing of the cleaner: two nets with different holes.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from pipelines.publish.declared import CLEANED_TEXT, DISPLAYED_TEXT, ENUMERATIONS, REFERENCES
from pipelines.publish.gate.findings import Findings, count, number
from warehouse.build import literal, name
from warehouse.tables import RELEASE_TABLES, Table

FIRST_YEAR, LAST_YEAR = 1950, 2100

MARKUP = r"(?i)</?(a|abbr|b|blockquote|br|button|div|em|font|form|h[1-6]|hr|i|iframe|img|input|li|link|meta|ol|object|p|pre|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|th|tr|u|ul)(\s[^<>]*)?/?>|&(amp|nbsp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);"  # noqa: E501
E_MAIL = r"[\w.+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}"
PHONE = r"(^|[^\w+.,])(\+|00)[1-9]\d{0,2}[\s()./-]*(\d[\s()./-]*){7,}"

ACCOUNT = r"\b[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,4})?\b"  # IBAN, its groups look like a phone number


def check_rows(con: duckdb.DuckDBPyConnection, tables: list[Table]) -> Findings:
    """Check the rows by themselves; `tables` are the tables and views that the database must have."""
    findings = Findings(list(_missing(con, tables)))
    if not findings.problems:
        for checks in (_empty, _keys, _nulls, _references, _enumerations, _dates, _texts, _addresses):
            findings.problems += checks(con)
        findings.warnings += _oddities(con)
    return findings


def _missing(con: duckdb.DuckDBPyConnection, tables: list[Table]) -> Iterator[str]:
    for table in tables:
        have = {str(n): str(t) for n, t, *_ in con.execute(f"DESCRIBE {table.name}").fetchall()}
        want = {c.name: c.type.replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE") for c in table.columns}
        if have != want:
            wrong = sorted(c for c in {*have, *want} if have.get(c) != want.get(c))
            yield f"{table.name}: columns differ from their declaration: {', '.join(wrong)}"


def _empty(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Nothing at all is never what was harvested, also where no earlier release tells how much there was."""
    if not count(con, "entries"):
        yield "entries: not one row; captures/<source>/<run>/read.json tell what was wrong with the pages"


def _keys(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table in RELEASE_TABLES:
        key = ", ".join(map(name, table.key))
        twice = number(con, f"FROM (FROM {table.name} SELECT {key} GROUP BY ALL HAVING count(*) > 1) SELECT count(*)")
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
    if found := number(con, f"FROM ({cities}) SELECT count(*) WHERE city NOT IN (FROM cities SELECT city_id)"):
        yield f"entries.city_ids: {found} values not in cities.city_id"


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
    found, first = rows[0]
    if found:
        yield f"{table}.{column}: {found} {'value' if found == 1 else 'values'} {what}, the first at {key} {first}"

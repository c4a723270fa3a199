"""`changes.parquet`: what was added, changed and removed since the release before, with old and new values.

What belongs here: comparing the entries of two releases. What does not: how changes are told to people (`feeds`).

Whoever applies these rows to the entries of the release before has the entries of this one, but for `last_seen_at`,
which every harvest moves and which is not compared. In the first release every entry is an ADD.

What was withdrawn is not published again: where the new value has an e-mail address or phone number removed that the
old one still has, the old one is withheld.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from pipelines.publish.declared import REMOVED
from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files.tables import PARQUET, json_cell, text_cell
from warehouse.build import literal, name
from warehouse.tables import ENTRIES, Column, Table

FILE = "changes.parquet"
CHANGES = Table(
    "changes",
    "What was added, changed and removed since the release before, one row a column that changed.",
    ("entry_id", "change", "column"),
    (
        Column("entry_id", "VARCHAR", "entry that was added, changed or removed", False),
        Column("change", "VARCHAR", "ADD, MOD or DEL", False),
        Column("column", "VARCHAR", "column of entries that changed; null when the row was added or removed"),
        Column(
            "old",
            "VARCHAR",
            "value before, as a text; of a DEL the whole row as in entries.jsonl; of a MOD null when there was none, "
            "or when it is withheld, as an e-mail address or phone number was removed from it since",
        ),
        Column("new", "VARCHAR", "value now, as a text; of an ADD the whole row as in entries.jsonl"),
        Column("release", "VARCHAR", "release in which it changed", False),
        Column("reason", "VARCHAR", "of a DEL: merged, split, override, relevance or lost; else null"),
        Column("target_id", "VARCHAR", "of a DEL: entry that holds its content now; the first, when it was split"),
    ),
)
_NOT_COMPARED = ("last_seen_at",)
_REMOVED = literal("|".join(map(re.escape, REMOVED)))
_BY_PEOPLE = "decided by people"  # as `pipelines.curate.clusters` writes it into entry_sources.match_reason


def write_changes(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> None:
    """Write the file. Raises DamagedRelease or duckdb.IOException."""
    before, sources = facts.earlier("entries.parquet"), facts.earlier("entry_sources.parquet")
    queries = [_added(con, before)]
    if before is not None and sources is not None:
        queries += [_modified(con, before), _deleted(con, before, sources)]
    rows = " UNION ALL ".join(f"({query})" for query in queries)
    cells = {c.name: name(c.name) for c in CHANGES.columns} | {"release": literal(facts.name)}
    select = ", ".join(f"CAST({cells[c.name]} AS {c.type}) AS {name(c.name)}" for c in CHANGES.columns)
    order = ", ".join(map(name, CHANGES.key))
    con.execute(f"COPY (FROM ({rows}) SELECT {select} ORDER BY {order}) TO {literal(str(folder / FILE))} ({PARQUET})")


def _columns(con: duckdb.DuckDBPyConnection, before: Path | None) -> list[Column]:
    """The columns of a row as both releases have them: one that came or went is no change of an entry."""
    had = set(con.read_parquet(str(before)).columns) if before else set(ENTRIES.names)
    return [column for column in ENTRIES.columns if column.name in had]


def _row(columns: list[Column]) -> str:
    """SQL for a whole row as an object."""
    pairs = ", ".join(f"{literal(column.name)}, {json_cell(column)}" for column in columns)
    return f"CAST(json_object({pairs}) AS VARCHAR)"


def _earlier(before: Path) -> str:
    return f"read_parquet({literal(str(before))})"


def _added(con: duckdb.DuckDBPyConnection, before: Path | None) -> str:
    known = f"WHERE entry_id NOT IN (FROM {_earlier(before)} SELECT entry_id)" if before else ""
    return f"""
        SELECT entry_id, 'ADD' AS "change", NULL AS "column", NULL AS "old", {_row(list(ENTRIES.columns))} AS "new",
               NULL AS reason, NULL AS target_id
        FROM entries {known}"""  # noqa: S608  # of names that are ours


def _modified(con: duckdb.DuckDBPyConnection, before: Path) -> str:
    """One join of the rows that differ anywhere; then a row a column that does."""
    columns = [c for c in _columns(con, before) if c.name not in (*_NOT_COMPARED, "entry_id")]
    texts = ", ".join(f"{text_cell(c)} AS {name(c.name)}" for c in columns)
    differ = " OR ".join(f"o.{name(c.name)} IS DISTINCT FROM n.{name(c.name)}" for c in columns)
    pairs = ", ".join(
        f"{{'column': {literal(c.name)}, 'old': o.{name(c.name)}, 'new': n.{name(c.name)}}}" for c in columns
    )
    return f"""
        SELECT entry_id, 'MOD' AS "change", pair."column",
               CASE WHEN {_removed('pair."new"')} <= {_removed('pair."old"')} THEN pair."old" END AS "old", pair."new",
               NULL AS reason, NULL AS target_id
        FROM (
            SELECT n.entry_id, unnest([{pairs}]) AS pair
            FROM (SELECT entry_id, {texts} FROM entries) n
            JOIN (SELECT entry_id, {texts} FROM {_earlier(before)}) o USING (entry_id)
            WHERE {differ}
        )
        WHERE pair."old" IS DISTINCT FROM pair."new" """  # noqa: S608  # of names that are ours


def _removed(text: str) -> str:
    """SQL: how many addresses and numbers were removed from a text."""
    return f"len(regexp_extract_all(coalesce({text}, ''), {_REMOVED}))"


def withheld_sql(changes: str) -> str:
    """SQL for the ids of entries of which `changes` may withhold an old value: what was told of them is not, now."""
    return f"""FROM {changes} SELECT entry_id
               WHERE "change" = 'MOD' AND "old" IS NULL AND regexp_matches("new", {_REMOVED})"""


def _deleted(con: duckdb.DuckDBPyConnection, before: Path, sources: Path) -> str:
    """An entry goes when it is merged or split, by rule or by people (override), or is left out for its relevance.

    Else it is lost: today's readers find it on no page that is kept, and the gate warns of it.
    """
    return f"""
        SELECT o.entry_id, 'DEL' AS "change", NULL AS "column", o.whole AS "old", NULL AS "new",
               CASE WHEN o.entry_id IN (SELECT entry_id FROM left_out) THEN 'relevance'
                    WHEN r.reason IS NULL THEN 'lost' WHEN d.entry_id IS NOT NULL THEN 'override' ELSE r.reason END
                   AS reason,
               r.target_id
        FROM (SELECT entry_id, {_row(_columns(con, before))} AS whole FROM {_earlier(before)}) o
        LEFT JOIN (
            SELECT entry_id, min(target_id) AS target_id, min(reason) AS reason FROM entry_redirects GROUP BY entry_id
        ) r USING (entry_id)
        LEFT JOIN (
            SELECT DISTINCT was.entry_id FROM {_earlier(sources)} was JOIN entry_sources now USING (raw_entry_id)
            WHERE now.match_reason = {literal(_BY_PEOPLE)} AND now.entry_id <> was.entry_id
        ) d ON d.entry_id = o.entry_id
        WHERE o.entry_id NOT IN (SELECT entry_id FROM entries)"""  # noqa: S608  # of names that are ours

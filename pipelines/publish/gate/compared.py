"""A staged release against the one before it: what is gone, what grew, which columns differ; each source first.

What belongs here: checks that need both. What does not: what must hold of a release by itself (`rows`), the sources one
by one (`sources`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import duckdb

from pipelines.publish.gate.findings import Findings
from pipelines.publish.gate.sources import compare_sources, fell, rows_of_others, who_lost
from warehouse.tables import LEFT_OUT, RELEASE_TABLES

MAX_GROWTH = 1.0  # a table that more than doubles is worth a look
MIN_FOR_GROWTH = 100  # rows from which growth is watched: a young table doubles every day
MOST_NAMED = 5  # sources that a message names; a loss of more is no matter of single sources
MAY_FALL = (LEFT_OUT.name,)  # what is judged to belong to the subject after all leaves it for `entries`


def compare(
    con: duckdb.DuckDBPyConnection,
    previous: duckdb.DuckDBPyConnection,
    same_major: bool,
    accepted: Mapping[str, str] | None = None,
) -> Findings:
    """Check a staged release against the one before it, the sources first: their problems say what to do.

    `same_major`: both promise the same columns. `accepted`: why the drop of a source may pass, by its key. A table may
    lose what a source may (`sources`), and `left_out` all.
    """
    passed = accepted or {}
    findings = compare_sources(con, previous, passed)
    for table in RELEASE_TABLES:
        if not _has(previous, table.name):
            continue
        before, now = (rows_of_others(release, table.name, passed) for release in (previous, con))
        if table.name not in MAY_FALL and fell(before, now):
            lost = f"{table.name}: {now} rows, the release before had {before}: more than a fifth is gone"
            findings.problems.append(f"{lost}; {_way_out(who_lost(con, previous, table.name, passed))}")
        elif before >= MIN_FOR_GROWTH and now > before * (1 + MAX_GROWTH):
            findings.warnings.append(f"{table.name}: {now} rows, the release before had {before}: it more than doubled")
        if same_major:
            findings.problems += _columns_lost(table.name, con, previous)
    findings.warnings += _ids_lost(con, previous)
    return findings


def _way_out(sources: Collection[str]) -> str:
    """The command that lets the loss of a table through: for these sources, or whatever is gone."""
    if 0 < len(sources) <= MOST_NAMED:
        named = " ".join(f"--accept-drop {source}" for source in sources)
        return f"if the loss is real, `cityharvest publish {named} --why ...` lets it through"
    return "if the loss is real, `cityharvest read --force` lets it through, and every other loss with it"


def _has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(con.execute("FROM duckdb_tables() SELECT 1 WHERE table_name = ?", [table]).fetchall())


def _columns_lost(table: str, con: duckdb.DuckDBPyConnection, previous: duckdb.DuckDBPyConnection) -> Iterator[str]:
    now = dict(zip(con.table(table).columns, map(str, con.table(table).types), strict=True))
    before = previous.table(table)
    for column, kind in zip(before.columns, map(str, before.types), strict=True):
        if now.get(column) != kind:
            became = f"became {now[column]}" if column in now else "is gone"
            yield f"{table}.{column}: {kind} in the release before, {became}; that needs a new major schema_version"


def _ids_lost(con: duckdb.DuckDBPyConnection, previous: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Ids that stood and do not redirect. A warning, as what a better reader knows to be no entry has no heir."""
    published = _ids(previous, "entries", "entry_redirects")
    lost = sorted(published - _ids(con, "entries", "entry_redirects", "left_out"))
    if lost:
        yield f"entries: {len(lost)} ids of the release before are gone without a redirect, the first {lost[0]}"


def _ids(con: duckdb.DuckDBPyConnection, *tables: str) -> set[str]:
    return {entry_id for table in tables for (entry_id,) in con.table(table).project("entry_id").fetchall()}

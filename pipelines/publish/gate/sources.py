"""Each source of a staged release against the release before it, and drops that people accepted.

What belongs here: checks source by source, and counting without the sources whose drop is accepted. What does not: the
tables as a whole (`compared`), writing down what was accepted (`release`).

A source that falls stops the release, and the message names it; an accepted drop is published with a warning, and lets
nothing but that source through: tables are then compared by what the other sources tell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

from pipelines.publish.gate.findings import Findings
from warehouse.build import name

MAX_DROP = 0.2  # a table or source that loses more of its rows than this was not harvested, it was lost
MIN_FOR_DROP = 5
"""Rows from which the share counts: of fewer, one merged duplicate is a fifth. All of them gone always stops."""

# Rows that other sources tell of, by table; the other tables belong to no source.
_OF_OTHERS = "NOT list_contains($accepted, source)"
_RAW_OF_OTHERS = f"raw_entry_id IN (SELECT raw_entry_id FROM entry_sources WHERE {_OF_OTHERS})"  # noqa: S608  # of texts that are ours
_ENTRY_OF_OTHERS = f"entry_id IN (SELECT entry_id FROM entry_sources WHERE {_OF_OTHERS})"  # noqa: S608  # as above
_OTHERS = {
    "entries": _ENTRY_OF_OTHERS,
    "entry_links": _ENTRY_OF_OTHERS,
    "entry_sources": _OF_OTHERS,
    "entry_versions": _RAW_OF_OTHERS,
    "left_out": _OF_OTHERS,
    "sources": _OF_OTHERS,
}


def compare_sources(
    con: duckdb.DuckDBPyConnection, previous: duckdb.DuckDBPyConnection, accepted: Mapping[str, str]
) -> Findings:
    """Check the entries of each source. `accepted`: why the drop of a source may pass, by its key."""
    findings, before, now = Findings(), _entries(previous), _entries(con)
    for source in sorted(before):
        had, have = before[source], now.get(source, 0)
        lost = f"source {source}: {have} entries, the release before had {had}"
        if not fell(had, have):
            continue
        if source in accepted:
            findings.warnings.append(f"{lost}: accepted, because {accepted[source]}")
            continue
        way = f"if the loss is real, `cityharvest publish --accept-drop {source} --why ...` lets it through"
        findings.problems.append(
            f"{lost}: more than a fifth is gone; `cityharvest sources` tells how its last run ended; {way}"
        )
    idle = [source for source in sorted(accepted) if not fell(before.get(source, 0), now.get(source, 0))]
    findings.warnings += [f"source {source}: a drop was accepted, and there is none" for source in idle]
    return findings


def who_lost(
    con: duckdb.DuckDBPyConnection, previous: duckdb.DuckDBPyConnection, table: str, accepted: Collection[str]
) -> list[str]:
    """The sources whose drops, accepted all together, let the loss of a table through; none when nothing does."""
    if table not in _OTHERS:
        return []
    told = set(_entries(previous))
    lost = {
        source
        for source in told
        if rows_of_others(con, table, told - {source}) < rows_of_others(previous, table, told - {source})
    }
    passed = sorted(lost | set(accepted))
    had, have = (rows_of_others(release, table, passed) for release in (previous, con))
    return [] if fell(had, have) else passed


def rows_of_others(con: duckdb.DuckDBPyConnection, table: str, accepted: Collection[str]) -> int:
    """Rows of a table that tell of sources without an accepted drop; all rows of one that belongs to no source."""
    if not accepted or table not in _OTHERS:
        return int(con.execute(f"FROM {name(table)} SELECT count(*)").fetchall()[0][0])
    sql = f"FROM {name(table)} SELECT count(*) WHERE {_OTHERS[table]}"
    return int(con.execute(sql, {"accepted": sorted(accepted)}).fetchall()[0][0])


def fell(had: int, have: int) -> bool:
    """Whether so many rows, of a source or a table, are a loss that stops a release."""
    return had > 0 and (have == 0 or (had >= MIN_FOR_DROP and have < had * (1 - MAX_DROP)))


def _entries(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    sql = "FROM entry_sources SELECT source, count(DISTINCT entry_id) GROUP BY source"
    return dict(con.execute(sql).fetchall())

"""What the columns of a release may hold beyond their type: enumerations, references; and views as tables.

What belongs here: declarations that the gate checks and the data package states. What does not: columns and types
(`warehouse.tables`), the checks themselves (`gate`).
"""

from __future__ import annotations

import duckdb

from warehouse.build import view_names
from warehouse.tables import ENTRIES, RELEASE_TABLES, Table

ENUMERATIONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("entries", "kind"): ("practice", "event", "call", "resource", "news"),
    ("entries", "status"): ("scheduled", "cancelled", "postponed"),
    ("entries", "date_precision"): ("time", "day", "month", "year"),
    ("entries", "date_role"): ("deadline", "period", "event", "published"),
    ("entry_links", "role"): ("document", "registration", "related"),
    ("entry_redirects", "reason"): ("merged", "split"),
    ("entry_versions", "status"): ("scheduled", "cancelled", "postponed"),
    ("sources", "scope"): ("programme", "city"),
    ("sources", "status"): ("candidate", "active", "paused", "retired"),
    ("sources", "last_run_outcome"): ("complete", "partial", "failed", "empty", "imported"),
}

# (table, column) -> (table, column) that must hold every value.
REFERENCES: dict[tuple[str, str], tuple[str, str]] = {
    ("entry_sources", "entry_id"): ("entries", "entry_id"),
    ("entry_sources", "source"): ("sources", "source"),
    ("entry_links", "entry_id"): ("entries", "entry_id"),
    ("entry_versions", "entry_id"): ("entries", "entry_id"),
    ("entry_versions", "raw_entry_id"): ("entry_sources", "raw_entry_id"),
    ("entry_redirects", "target_id"): ("entries", "entry_id"),
    ("left_out", "source"): ("sources", "source"),
}

# Cleaned text: no markup, no addresses or numbers of persons.
CLEANED_TEXT: dict[str, tuple[str, ...]] = {
    "entries": ("title", "subtitle", "summary", "sections", "venue"),
    "entry_links": ("label",),
    "entry_versions": ("title",),
    "left_out": ("title",),
}
# Text as displayed: a page may show what looks like markup, but addresses and numbers of persons are out here, too.
DISPLAYED_TEXT: dict[str, tuple[str, ...]] = {
    "entries": ("date_raw", "place_raw"),
    "entry_sources": ("title", "date_raw", "place_raw"),
    "entry_versions": ("date_raw",),
}

# What stands where refining took an address or a number out; as `pipelines.refine.privacy` writes it.
REMOVED = ("[e-mail removed]", "[phone removed]")


def released(con: duckdb.DuckDBPyConnection) -> list[Table]:
    """All tables of a release and its views, as tables of the columns that `con` shows."""
    return [*RELEASE_TABLES, *(_view(con, view) for view in view_names())]


def _view(con: duckdb.DuckDBPyConnection, view: str) -> Table:
    declared = {column.name: column for column in ENTRIES.columns}
    (meaning,) = con.execute("FROM duckdb_views() SELECT comment WHERE view_name = ?", [view]).fetchall()[0]
    return Table(view, str(meaning), ("entry_id",), tuple(declared[name] for name in con.table(view).columns))

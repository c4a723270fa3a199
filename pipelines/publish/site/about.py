"""What the site says of the release: its changes, sources, columns and files.

What belongs here: one function a view, which gives what is written into its data file. What does not: the entries
(`rows`).
"""

from __future__ import annotations

import json
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.facts import ReleaseFacts, sha256
from pipelines.publish.files.changes import CHANGES
from pipelines.publish.files.changes import FILE as CHANGES_FILE
from pipelines.reference import load_yaml
from pipelines.reference.projections import outlines, size
from warehouse.build import literal
from warehouse.tables import Table

MOST = 200
"""Changes of each kind that are shown; the file holds all."""

_LONGEST = 300
# Columns whose change says nothing to a reader of the page.
_BOOKKEEPING = ("city_ids", "first_seen_at", "language_confidence", "relevance", "source_count", "start_at")
_LEFT_OUT = ", ".join(map(literal, _BOOKKEEPING))


def maps() -> dict[str, Any]:
    """The outlines of both maps with their sizes."""
    return {area: {"size": size(area), "path": path} for area, path in outlines().items()}


def changes(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> dict[str, Any]:
    """Numbers of entries by kind of change, and the first of each; without a release before only the numbers.

    `counts` are of what is shown, or would be if there were fewer; `quiet` are the entries whose change says nothing to
    a reader of the page.
    """
    file = f"read_parquet({literal(str(folder / CHANGES_FILE))})"
    told = f"""count(DISTINCT entry_id) FILTER ("column" IS NULL OR "column" NOT IN ({_LEFT_OUT}))"""
    rows = con.execute(f'FROM {file} SELECT "change", {told}, count(DISTINCT entry_id) GROUP BY ALL').fetchall()
    before = facts.previous.name if facts.previous else None
    shown = [_change(row) for row in con.execute(_changed(file)).fetchall()] if before else []
    counts = {change: number for change, number, _ in sorted(rows) if number}
    quiet = sum(every - number for _, number, every in rows)
    return {"previous": before, "counts": counts, "quiet": quiet, "shown": shown, "most": MOST}


def _changed(file: str) -> str:
    """SQL: a row an entry, with its title now or before; pairs of the columns that changed."""
    return f"""
WITH grouped AS (
    FROM {file} SELECT entry_id, "change", any_value("old") FILTER ("change" = 'DEL') AS was,
         any_value(reason) AS reason, any_value(target_id) AS target_id,
         list([ "column", left("old", {_LONGEST}), left("new", {_LONGEST}) ] ORDER BY "column")
             FILTER ("column" IS NOT NULL AND "column" NOT IN ({_LEFT_OUT})) AS pairs
    GROUP BY entry_id, "change"
), numbered AS (
    FROM grouped LEFT JOIN entries USING (entry_id)
    SELECT entry_id, "change", coalesce(title, was->>'$.title', '') AS title, kind, reason, target_id, pairs,
           row_number() OVER (PARTITION BY "change" ORDER BY first_seen_at DESC, entry_id) AS place
    WHERE "change" <> 'MOD' OR pairs IS NOT NULL
)
FROM numbered SELECT * EXCLUDE (place) WHERE place <= {MOST} ORDER BY "change", place"""  # noqa: S608  # of names that are ours


def _change(row: tuple[Any, ...]) -> list[Any]:
    entry_id, change, title, kind, reason, target_id, pairs = row
    return [entry_id, change, title[:_LONGEST], kind, reason, target_id, pairs or []]


def sources(con: duckdb.DuckDBPyConnection, folder: Path) -> list[dict[str, Any]]:
    """Each source: what it is, how its last run ended, the age of its data, its entries here, and its issues."""
    query = """
        SELECT s.source AS key, s.title, s.publisher, s.scope, s.status, s.captures, s.last_run_outcome AS outcome,
               strftime(s.last_complete_at, '%Y-%m-%d') AS complete, strftime(s.data_as_of, '%Y-%m-%d') AS as_of,
               s.licence, coalesce(n.entries, 0) AS entries
        FROM sources s LEFT JOIN site_source n ON n.value = s.source ORDER BY entries DESC, s.source"""
    rows = con.execute(query)
    names = [column[0] for column in rows.description or ()]
    issues = Counter(issue.get("source") for issue in _issues(folder))
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return [row | {"issues": issues[row["key"]]} for row in found]


def _issues(folder: Path) -> list[dict[str, Any]]:
    path = folder / "issues.json"
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []


def dictionary(facts: ReleaseFacts) -> list[dict[str, Any]]:
    """Tables, views and the file of changes, with their columns: name, type, whether it may be null, meaning."""
    return [_described(table, facts) for table in (*facts.tables, CHANGES)]


def _described(table: Table, facts: ReleaseFacts) -> dict[str, Any]:
    return {
        "name": table.name,
        "meaning": table.meaning,
        "key": list(table.key),
        "rows": facts.counts.get(table.name),
        "columns": [[c.name, c.type, c.nullable, c.meaning] for c in table.columns],
    }


def downloads(folder: Path) -> dict[str, Any]:
    """The data files that are there, with size and checksum, and the documents that are written after the site."""
    paths = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    own = [path for path in paths if not path.startswith("site/") and path != "issues.json"]
    return {
        "files": [[path, (folder / path).stat().st_size, sha256(folder / path), _what(path)] for path in own],
        **load_yaml("site.yaml"),
    }


def _what(path: str) -> str | None:
    """What a file beside those of the tables holds; of a table its declaration says it."""
    patterns = load_yaml("metadata.yaml")["files"].items()
    return next((what for pattern, what in patterns if fnmatchcase(path, pattern)), None)

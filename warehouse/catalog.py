"""Which releases are kept, and what each says of itself.

What belongs here: listing, from the small files of a release. What does not: opening one (`releases`), which ones stay
(`pipelines.publish.keep`), what differs between two (`differences`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.build import connect
from warehouse.layout import DataFolder
from warehouse.releases import NAME, latest_release, release_names


@dataclass(frozen=True, slots=True)
class Published:
    """A release that is kept.

    `created_at` is UTC. `entries`, `schema_version`: None when `release.json` can not be read (`damaged`). `added`,
    `changed`, `hidden`: entries against the release before; None for the first, and when it was not written down.
    """

    name: str
    created_at: datetime
    is_latest: bool
    entries: int | None = None
    schema_version: str | None = None
    previous: str | None = None
    added: int | None = None
    changed: int | None = None
    hidden: int | None = None
    damaged: bool = False


def published(data: DataFolder, with_changes: bool = True) -> list[Published]:
    """The releases that are kept, oldest first. `with_changes`: also counts what each changed, a file a release.

    A folder in `releases/` whose name is not that of a release is not ours, and left out.
    """
    latest = latest_release(data)
    names = [name for name in release_names(data) if NAME.fullmatch(name)]
    with connect() as con:
        found = [_of(data.releases / n, latest is not None and n == latest.name, con, with_changes) for n in names]
    return sorted(found, key=lambda release: (release.created_at, release.name))


def _of(folder: Path, is_latest: bool, con: duckdb.DuckDBPyConnection, with_changes: bool) -> Published:
    name = folder.name
    stamp = datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    try:
        about: dict[str, Any] = json.loads((folder / "release.json").read_text(encoding="utf-8"))
        created = datetime.fromisoformat(about["created_at"]).astimezone(UTC)
        entries, schema, previous = int(about["counts"]["entries"]), str(about["schema_version"]), about["previous"]
    except (OSError, ValueError, KeyError, TypeError):
        return Published(name, stamp, is_latest, damaged=True)
    counts = _changes(con, folder) if with_changes and previous else {}
    if not counts:
        return Published(name, created, is_latest, entries, schema, previous)
    added, changed, hidden = (counts.get(change, 0) for change in ("ADD", "MOD", "DEL"))
    return Published(name, created, is_latest, entries, schema, previous, added, changed, hidden)


def _changes(con: duckdb.DuckDBPyConnection, folder: Path) -> Mapping[str, int]:
    """Entries by kind of change; without any, when the release does not tell its changes."""
    path = folder / "changes.parquet"
    if not path.is_file():
        return {}
    try:
        rows = con.read_parquet(str(path)).aggregate("change, count(DISTINCT entry_id)", "change").fetchall()
    except duckdb.Error:
        return {}
    return {"ADD": 0} | dict(rows)

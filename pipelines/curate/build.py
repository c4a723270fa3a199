"""The curated warehouse: all refined rows of all sources become entries with ids, in one DuckDB file.

What belongs here: the order of the steps, and the tables that come out. What does not: the steps themselves
(`duplicates`, `clusters`, `identity`, `merge`, `history`), files for people (`pipelines.publish`).

One writer: the caller holds the writer's lock. The ledger is written before the database, so no id is ever published
that the ledger does not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from pipelines import reference
from pipelines.curate.clusters import Clusters, cluster
from pipelines.curate.coverage import record_issues, source_rows
from pipelines.curate.duplicates import matching_pairs
from pipelines.curate.features import make_features
from pipelines.curate.history import links, versions
from pipelines.curate.identity import Identities, assign
from pipelines.curate.ledger import heirs, published_sources, read_ledger, write_ledger
from pipelines.curate.merge import merge
from pipelines.curate.overrides import read_overrides, unmet, with_gone_keys
from pipelines.curate.relevance import left_out, unfit
from pipelines.read.addresses import parse_address
from warehouse import tables
from warehouse.build import build_database
from warehouse.lake import read_table
from warehouse.layout import DataFolder

Row = Mapping[str, Any]


@dataclass(slots=True)
class CurateReport:
    """What curating gave. `entries`: those to publish; `left_out`: those about something else.

    `merged`: raw entries that share their entry with another; `merged_by`: the same by source. `lost`: ids of the
    ledger whose raw entries are all gone; `issues`: rows of `issues.json`.
    """

    raw_entries: int = 0
    entries: int = 0
    left_out: int = 0
    merged: int = 0
    merged_by: dict[str, int] = field(default_factory=dict)
    new_ids: int = 0
    redirects: int = 0
    lost: list[str] = field(default_factory=list)
    issues: list[dict[str, str]] = field(default_factory=list)


def curate(data: DataFolder, sources: Sequence[Mapping[str, Any]], now: datetime) -> CurateReport:
    """Read the lake, the ledger and the overrides; write the ledger and `data.build`.

    `sources` are rows of the table `sources` without its counts. `now` dates new rows of the ledger and nothing else.
    Raises OverridesError, LedgerError, LakeError, DamagedRelease or StorageError, each one clear line; then nothing was
    replaced.
    """
    overrides = read_overrides(data.overrides)
    ledger = read_ledger(data)
    refined, sightings = read_table(data, tables.REFINED_ENTRIES), read_table(data, tables.SIGHTINGS)
    rows = _rows(refined)
    features = make_features(pd.DataFrame(rows)) if rows else []
    keys = [row["raw_key"] for row in rows]
    clusters = cluster(features, keys, matching_pairs(features), overrides.same, overrides.different)
    inherited = heirs(published_sources(data), rows, {row[0] for row in ledger}, now)
    named = with_gone_keys([{keys[i] for i in c} for c in clusters.members], overrides.same, {row[0] for row in ledger})
    identities = assign(named, [*ledger, *inherited], now)
    scopes = {str(source["source"]): str(source["scope"]) for source in sources}
    built = _tables(rows, clusters, identities, sightings, scopes)
    built["cities"] += [city.row() for city in reference.cities()]
    built["sources"] += source_rows(data, sources, refined, sightings)
    write_ledger(data, identities.ledger)
    build_database(data.build, {table.name: _arrow(table, built[table.name]) for table in tables.RELEASE_TABLES})
    report = _report(rows, clusters, identities, known=len({row[1] for row in ledger}))
    report.entries, report.left_out = len(built["entries"]), len(built["left_out"])
    report.issues += [*unmet(named, overrides, data.overrides.name), *record_issues(data, sources)]
    return report


def _rows(refined: pd.DataFrame) -> list[Row]:
    """One row a raw entry, the earliest reading of it, with `raw_key` and `own_page`; sorted by id."""
    earliest: dict[str, dict[str, Any]] = {}
    for record in refined.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        known = earliest.setdefault(row["raw_entry_id"], row)
        if (row["captured_at"], row["run_id"]) < (known["captured_at"], known["run_id"]):
            earliest[row["raw_entry_id"]] = row
    for row in earliest.values():
        row["raw_key"] = row["item_key"] or row["raw_entry_id"]
        row["own_page"] = row["item_key"] is not None and parse_address(row["page_url"]).item_key == row["item_key"]
    return [earliest[raw_entry_id] for raw_entry_id in sorted(earliest)]


def _tables(
    rows: list[Row], clusters: Clusters, identities: Identities, sightings: pd.DataFrame, scopes: Mapping[str, str]
) -> dict[str, list[Row]]:
    seen = _moments(sightings)
    out: dict[str, list[Row]] = {table.name: [] for table in tables.RELEASE_TABLES}
    for entry_id, members in zip(identities.ids, clusters.members, strict=True):
        group = [{**rows[i], "seen_at": _last(rows[i], seen)} for i in members]
        entry: Row = {"entry_id": entry_id} | merge(group) | _seen(group, seen)
        if reason := unfit(entry, group, scopes):
            out["left_out"].append(left_out(entry, group, reason))
            continue
        out["entries"].append(entry)
        out["entry_sources"] += [_source(entry_id, rows[i], clusters, i) for i in members]
        out["entry_links"] += links(entry_id, group)
        out["entry_versions"] += versions(entry_id, group, seen, entry["title"])
    published = {entry["entry_id"] for entry in out["entries"]}
    out["entry_redirects"] = [
        {"entry_id": r.entry_id, "target_id": r.target_id, "reason": r.reason, "since": r.since}
        for r in identities.redirects
        if r.target_id in published
    ]
    return out


def _moments(sightings: pd.DataFrame) -> dict[str, list[datetime]]:
    moments: dict[str, set[datetime]] = defaultdict(set)
    for raw_entry_id, moment in zip(sightings["raw_entry_id"], sightings["captured_at"], strict=True):
        moments[raw_entry_id].add(moment)
    return {raw_entry_id: sorted(found) for raw_entry_id, found in moments.items()}


def _last(row: Row, seen: Mapping[str, list[datetime]]) -> datetime:
    moments: list[datetime] = [row["captured_at"], *seen.get(row["raw_entry_id"], ())]
    return max(moments)


def _seen(group: Sequence[Row], seen: Mapping[str, list[datetime]]) -> dict[str, Any]:
    first = min(m for row in group for m in (row["captured_at"], *seen.get(row["raw_entry_id"], ())))
    return {"first_seen_at": first, "last_seen_at": max(row["seen_at"] for row in group), "source_count": len(group)}


def _source(entry_id: str, row: Row, clusters: Clusters, position: int) -> Row:
    match = clusters.matches.get(position)
    copied = (
        "raw_entry_id",
        "source",
        "page_url",
        "captured_at",
        "capture_file",
        "capture_offset",
        "date_raw",
        "place_raw",
    )
    return {name: row[name] for name in copied} | {
        "entry_id": entry_id,
        "title": row["raw_title"],
        "match_reason": match.reason if match else None,
        "match_score": match.probability if match else None,
    }


def _arrow(table: tables.Table, rows: Iterable[Row]) -> pa.Table:
    return table.to_arrow(table.frame(rows))


def _report(rows: list[Row], clusters: Clusters, identities: Identities, known: int) -> CurateReport:
    merged = [i for members in clusters.members if len(members) > 1 for i in members]
    by_source: dict[str, int] = defaultdict(int)
    for i in merged:
        by_source[rows[i]["source"]] += 1
    return CurateReport(
        raw_entries=len(rows),
        merged=len(merged),
        merged_by=dict(by_source),
        new_ids=len({row[1] for row in identities.ledger}) - known,
        redirects=len(identities.redirects),
        lost=identities.lost,
        issues=[_lost_issue(entry_id) for entry_id in identities.lost],
    )


def _lost_issue(entry_id: str) -> dict[str, str]:
    return {
        "stage": "curate",
        "source": "",
        "where": f"entry {entry_id}",
        "reason": "all raw entries of this id are gone from the lake, and no other entry took them over",
        "what_to_do": "restore the captures it was read from, or name its heir in overrides.csv",
    }

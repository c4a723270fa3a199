"""Publishing: the curated warehouse becomes a release that people use.

What belongs here: the order of the steps and the documents beside the data. What does not: the steps (`files`,
`package`, `gate`, `swap`).

    cityharvest.duckdb                       the tables and views, readable by DuckDB since 1.2
    <table>.parquet  <table>.csv  <table>.jsonl
    datapackage.json                         what stands in the CSV files
    issues.json                              what went wrong on the way: {stage, source, where, reason, what_to_do}
    release.json                             which release this is, of what, with the checksum of every file

The same content with the same issues as the latest release is not published again: `latest` stays, and the `Release`
says so (`unchanged`). A release is never written again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import gate
from pipelines.publish.declared import released
from pipelines.publish.files import write_files
from pipelines.publish.package import descriptor
from pipelines.publish.swap import staging, swap, write_latest_json
from warehouse.build import connect, storing_database
from warehouse.layout import DataFolder
from warehouse.releases import DATABASE, latest_release, reading
from warehouse.tables import SCHEMA_VERSION, Table

ISSUE_KEYS = ("stage", "source", "where", "reason", "what_to_do")


class Refused(Exception):  # noqa: N818  # the name is the state, and part of the interface
    """The gate found problems; nothing was published and `latest` is what it was."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(f"not published: {self.problems[0]}{more}; the release before stays")


class NothingCurated(Exception):  # noqa: N818  # the name is the state
    """There is no curated warehouse to publish."""


@dataclass(slots=True)
class Release:
    """A published release. `unchanged`: it is the one that was there already. `counts`: rows by table and view."""

    name: str
    folder: Path
    created_at: datetime
    content_hash: str
    counts: dict[str, int]
    unchanged: bool = False
    warnings: list[str] = field(default_factory=list)


def publish(data: DataFolder, issues: Sequence[Mapping[str, Any]], now: datetime, force: bool = False) -> Release:
    """Make a release of `data.build`, check it, and make it the latest.

    `issues` are dicts with the keys of `ISSUE_KEYS`. `force` publishes what is unchanged, and accepts what differs too
    much from the release before; a release that is wrong by itself is refused all the same.
    Raises Refused, NothingCurated, DamagedRelease or StorageError; `latest` is then untouched. The caller holds the
    writer's lock.
    """
    if not data.build.is_file():
        raise NothingCurated(f"{data.build} is not there: curate first (`cityharvest harvest` does it)")
    previous = latest_release(data)
    with staging(data) as staged:
        with storing_database("a release", staged):
            tables, counts, warnings = _stage(data.build, staged, previous, force)
        _write_json(staged / "issues.json", [*map(_issue, issues), *map(_warning, warnings)])
        content = _content_hash(staged, tables)
        if previous is not None and not force and _unchanged(previous, staged, content):
            return _keep(data, previous)
        release = Release("", staged, now.astimezone(UTC), content, counts, False, warnings)
        release.name = _free_name(data, f"{release.created_at:%Y%m%dT%H%M%SZ}-{content[:8]}")
        about = _write_documents(staged, tables, release)
        release.folder = swap(data, staged, release.name, _summary(about))
        return release


def _stage(
    build: Path, staged: Path, previous: Path | None, force: bool
) -> tuple[list[Table], dict[str, int], list[str]]:
    """Copy the database, check its rows, write the data files, check them. Gives tables, counts and warnings."""
    shutil.copyfile(build, staged / DATABASE)
    with connect(staged / DATABASE, read_only=True) as con:
        tables = released(con)
        findings = gate.check_rows(con, tables)
        if not findings.problems and previous is not None:
            _compare(con, previous, findings, force)
        if not findings.problems:
            for table in tables:
                write_files(con, table, staged)
            findings.problems += gate.check_files(con, tables, staged)
        if findings.problems:
            raise Refused(findings.problems)
        return tables, {table.name: gate.count(con, table.name) for table in tables}, findings.warnings


def _compare(con: duckdb.DuckDBPyConnection, previous: Path, findings: gate.Findings, force: bool) -> None:
    with reading(previous), connect(previous / DATABASE, read_only=True) as before:
        compared = gate.compare(con, before, _major(_about(previous)) == SCHEMA_VERSION.split(".")[0])
    findings.warnings += compared.warnings + (compared.problems if force else [])
    findings.problems += [] if force else compared.problems


def _major(about: Mapping[str, Any]) -> str:
    return str(about.get("schema_version", "")).split(".")[0]


def _about(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "release.json").read_text(encoding="utf-8")))


def _content_hash(staged: Path, tables: list[Table]) -> str:
    """Over the rows of all tables and views, whatever the moment and the engine's file format."""
    lines = [f"{SCHEMA_VERSION}\n", *(f"{t.name} {_sha256(staged / f'{t.name}.jsonl')}\n" for t in tables)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _unchanged(previous: Path, staged: Path, content: str) -> bool:
    issues = (staged / "issues.json").read_bytes()
    with reading(previous):
        return (previous / "issues.json").read_bytes() == issues and _about(previous).get("content_hash") == content


def _keep(data: DataFolder, previous: Path) -> Release:
    """The latest release as it is; a `latest.json` that a killed run left behind the symlink is set right."""
    with reading(previous):
        about = _about(previous)
        summary, created = _summary(about), datetime.fromisoformat(about["created_at"])
    write_latest_json(data, summary)
    return Release(about["release"], previous, created, about["content_hash"], about["counts"], True)


def _free_name(data: DataFolder, name: str) -> str:
    """The same content within the same second: a folder that is there is never written again."""
    taken = {path.name for path in data.releases.glob(f"{name}*")}
    return next(n for n in (name, *(f"{name}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)


def _write_documents(staged: Path, tables: list[Table], release: Release) -> dict[str, Any]:
    created = f"{release.created_at:%Y-%m-%dT%H:%M:%SZ}"
    package = descriptor(tables, _checksums(staged), release.name, created)
    _write_json(staged / "datapackage.json", package)
    with connect(staged / DATABASE, read_only=True) as con:
        as_of = con.table("sources").project("source, data_as_of").order("source").fetchall()
    about = {
        "release": release.name,
        "schema_version": SCHEMA_VERSION,
        "created_at": created,
        "content_hash": release.content_hash,
        "code_version": _code_version(),
        "counts": release.counts,
        "data_as_of": {source: moment.astimezone(UTC).isoformat() if moment else None for source, moment in as_of},
        "warnings": release.warnings,
        "files": _checksums(staged),
    }
    _write_json(staged / "release.json", about)
    return about


def _summary(about: Mapping[str, Any]) -> dict[str, Any]:
    """What `latest.json` says."""
    names = ("release", "schema_version", "created_at", "content_hash", "counts")
    return {"path": f"releases/{about['release']}"} | {name: about[name] for name in names}


def _checksums(folder: Path) -> dict[str, dict[str, Any]]:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {path.name: {"bytes": path.stat().st_size, "sha256": _sha256(path)} for path in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _issue(issue: Mapping[str, Any]) -> dict[str, Any]:
    return {key: issue.get(key) or "" for key in ISSUE_KEYS}


def _warning(warning: str) -> dict[str, Any]:
    return _issue(
        {"stage": "publish", "where": warning.partition(":")[0], "reason": warning, "what_to_do": "look at it"}
    )


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _code_version() -> str:
    try:
        return version("cityharvest")
    except PackageNotFoundError:
        return "unknown"

"""Publishing: the curated warehouse becomes a release that people use.

What belongs here: the order of the steps and `release.json`. What does not: the steps (`files`, `metadata`, `gate`,
`swap`). A new kind of file is one more line of `PARTS`.

    cityharvest.duckdb                       the tables and views, readable by DuckDB since 1.2
    <table>.parquet  <table>.csv  <table>.jsonl
    changes.parquet                          what was added, changed and removed since the release before
    events.ics  calendars/<country>.ics      the events, to subscribe to; calendar.parquet: their UID and SEQUENCE
    places.geojson                           the cities that entries name
    changes.atom  changes.json               the newest changes, as feeds
    site/index.html  ...                     pages to look at, and their data
    datapackage.json  dcat.*  ...            the documents: see `metadata`
    issues.json                              what went wrong on the way: {stage, source, where, reason, what_to_do}
    release.json                             which release this is, of what, with the checksum of every file

The same content with the same issues as the latest release, made by the same code with the same settings, is not
published again: `latest` stays, and the `Release` says so (`unchanged`). A release is never written again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.fingerprint import fingerprint
from pipelines.publish import gate
from pipelines.publish.declared import released
from pipelines.publish.facts import Part, ReleaseFacts, base_url, sha256
from pipelines.publish.files.calendar import write_calendars
from pipelines.publish.files.changes import write_changes
from pipelines.publish.files.feeds import write_feeds
from pipelines.publish.files.geo import write_places
from pipelines.publish.files.tables import write_files
from pipelines.publish.metadata import stated, write_metadata
from pipelines.publish.site import write_site
from pipelines.publish.swap import staging, swap, write_latest_json
from warehouse.build import connect, literal, storing_database
from warehouse.layout import DataFolder
from warehouse.releases import DATABASE, latest_release, lost_latest, reading
from warehouse.tables import SCHEMA_VERSION, Table

# What a release holds beside its tables, in this order: the feeds are made of the changes.
PARTS: tuple[Part, ...] = (
    write_changes,
    write_calendars,
    write_places,
    write_feeds,
    write_site,
)
_MEMORY = "300MB"  # of DuckDB, at most: a release takes no more of a machine when it grows
_MAKERS = ("pipelines.publish", "pipelines.reference", "warehouse")  # what the code of this room makes files with
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


def publish(
    data: DataFolder,
    issues: Sequence[Mapping[str, Any]],
    now: datetime,
    force: bool = False,
    accepted: Mapping[str, str] | None = None,
) -> Release:
    """Make a release of `data.build`, check it, and make it the latest.

    `issues` are dicts with the keys of `ISSUE_KEYS`. `force` publishes what is unchanged, and accepts what differs too
    much from the release before; a release that is wrong by itself is refused all the same. `accepted` are sources
    whose great loss may pass this once, each with the reason why; it stands in `release.json`. Only where no release is
    kept may there be none to compare with: a `latest` that is gone is Refused.
    Raises Refused, NothingCurated, DamagedRelease or StorageError; `latest` is then untouched. The caller holds the
    writer's lock.
    """
    if not data.build.is_file():
        raise NothingCurated(f"{data.build} is not there: curate first (`cityharvest harvest` does it)")
    previous, base = latest_release(data), _base_url()
    if lost := lost_latest(data):
        # Compared with nothing, every loss would pass, and the calendars would count from nought again.
        raise Refused([lost])
    with staging(data) as staged:
        with storing_database("a release", staged):
            tables, counts, warnings = _stage(data.build, staged, previous, force, accepted or {})
        warnings += gate.check_issues(issues)
        _write_json(staged / "issues.json", [*map(_issue, issues), *map(_warning, warnings)])
        content = _content_hash(staged, tables)
        if previous is not None and not force and _unchanged(previous, staged, content):
            return _keep(data, previous)
        name = _free_name(data, f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{content[:8]}")
        facts = ReleaseFacts(name, now.astimezone(UTC), content, tables, counts, previous, base)
        with storing_database("a release", staged):
            _write_parts(staged, facts)
        about = _write_documents(staged, facts, warnings, accepted or {})
        folder = swap(data, staged, name, _summary(about))
        return Release(name, folder, facts.created_at, content, counts, False, warnings)


def _base_url() -> str | None:
    try:
        stated()  # a setting that can not be meant is told before anything is written
        return base_url()
    except ValueError as error:
        raise Refused([str(error)]) from error


def _write_parts(staged: Path, facts: ReleaseFacts) -> None:
    """Write everything beside the tables, and check it."""
    with _opened(staged) as con:
        for part in PARTS:
            part(con, staged, facts)
        problems = gate.check_parts(con, staged, facts)
    if problems:
        raise Refused(problems)


def _stage(
    build: Path, staged: Path, previous: Path | None, force: bool, accepted: Mapping[str, str]
) -> tuple[list[Table], dict[str, int], list[str]]:
    """Copy the database, check its rows, write the data files, check them. Gives tables, counts and warnings."""
    shutil.copyfile(build, staged / DATABASE)
    with _opened(staged) as con:
        tables = released(con)
        findings = gate.check_rows(con, tables)
        if not findings.problems and previous is not None:
            _compare(con, previous, findings, force, accepted)
        if not findings.problems:
            for table in tables:
                write_files(con, table, staged)
            findings.problems += gate.check_files(con, tables, staged)
        if findings.problems:
            raise Refused(findings.problems)
        return tables, {table.name: gate.count(con, table.name) for table in tables}, findings.warnings


@contextmanager
def _opened(staged: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The staged database, read-only; what does not fit into a bounded memory goes beside the staged folder."""
    spill = staged.with_name(f"{staged.name}.spill")
    try:
        with connect(staged / DATABASE, read_only=True) as con:
            con.execute(f"SET memory_limit = {literal(_MEMORY)}")
            con.execute(f"SET temp_directory = {literal(str(spill))}")
            yield con
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _compare(
    con: duckdb.DuckDBPyConnection, previous: Path, findings: gate.Findings, force: bool, accepted: Mapping[str, str]
) -> None:
    with reading(previous), connect(previous / DATABASE, read_only=True) as before:
        compared = gate.compare(con, before, _major(_about(previous)) == SCHEMA_VERSION.split(".")[0], accepted)
    findings.warnings += compared.warnings + (compared.problems if force else [])
    findings.problems += [] if force else compared.problems


def _major(about: Mapping[str, Any]) -> str:
    return str(about.get("schema_version", "")).split(".")[0]


def _about(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "release.json").read_text(encoding="utf-8")))


def _content_hash(staged: Path, tables: list[Table]) -> str:
    """Over the rows of all tables and views, whatever the moment and the engine's file format."""
    lines = [f"{SCHEMA_VERSION}\n", *(f"{t.name} {sha256(staged / f'{t.name}.jsonl')}\n" for t in tables)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _unchanged(previous: Path, staged: Path, content: str) -> bool:
    issues = (staged / "issues.json").read_bytes()
    with reading(previous):
        about = _about(previous)
        same = (about.get("content_hash"), about.get("maker")) == (content, _maker())
        return same and (previous / "issues.json").read_bytes() == issues


def _maker() -> str:
    """The code and the settings that the files of a release are made with: others make other files of the same rows."""
    told = [fingerprint(*_MAKERS), asdict(stated()), base_url()]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


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


def _write_documents(
    staged: Path, facts: ReleaseFacts, warnings: Sequence[str], accepted: Mapping[str, str]
) -> dict[str, Any]:
    with _opened(staged) as con:
        files = write_metadata(con, staged, facts)
        as_of = con.table("sources").project("source, data_as_of").order("source").fetchall()
    about = {
        "release": facts.name,
        "schema_version": SCHEMA_VERSION,
        "created_at": facts.created,
        "content_hash": facts.content_hash,
        "code_version": _code_version(),
        "maker": _maker(),
        "previous": facts.previous.name if facts.previous else None,
        "counts": facts.counts,
        "data_as_of": {source: moment.astimezone(UTC).isoformat() if moment else None for source, moment in as_of},
        "warnings": list(warnings),
        "accepted": [{"source": key, "why": why, "when": facts.created} for key, why in sorted(accepted.items())],
        "files": files,
    }
    _write_json(staged / "release.json", about)
    return about


def _summary(about: Mapping[str, Any]) -> dict[str, Any]:
    """What `latest.json` says."""
    names = ("release", "schema_version", "created_at", "content_hash", "counts")
    return {"path": f"releases/{about['release']}"} | {name: about[name] for name in names}


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

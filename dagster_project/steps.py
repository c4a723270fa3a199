"""What each asset does, as functions without Dagster: which runs of a source are due, and the call of the room that
does the work, under the lock that it needs.

What belongs here: the choice of runs, locks, figures and complaints for the UI. What does not: anything about pages,
dates or tables.

A source's lock is not waited for (`warehouse.locks.Held` says who has it): that source is left as it is. The writer's
lock is waited for, and who holds it is told.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dagster_project import runs
from dagster_project.crawls import Crawls, tell_salvaged
from pipelines.curate.build import curate
from pipelines.publish.keep import POLICY, prune
from pipelines.publish.release import publish
from pipelines.read.runs import read_run
from pipelines.refine.runs import refine_run
from scrapers.captures.records import run_records
from scrapers.registry import Registry, Source
from warehouse.lake import read_table
from warehouse.layout import DataFolder
from warehouse.locks import Held, hold
from warehouse.storage import StorageError
from warehouse.tables import REFINED_ENTRIES

LOG = logging.getLogger("cityharvest.steps")


class StepError(RuntimeError):
    """A step that could not do its work; its text says what, where and what to do."""


@dataclass(slots=True)
class StepReport:
    """What a step did: figures by name, and what a person should know of it (a check that has any warns)."""

    figures: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def keep_captures(
    data: DataFolder,
    source: Source,
    live: bool,
    full: bool = False,
    candidates: bool = False,
    crawls: Crawls | None = None,
) -> StepReport:
    """Crawl the source, or only report what is kept. `StepError` when a crawl brought nothing that can be used.

    `full`: every page is asked for and kept anew, not only what changed. `candidates`: also a source that nobody has
    verified. `crawls`: those that may have begun already. A run that is not good is told with its likely cause and what
    to do next.
    """
    tell_salvaged(data)
    if live and source.may_be_crawled(candidates):
        crawled = (crawls or Crawls()).record(source, data, full)
        if crawled.outcome in ("failed", "empty"):
            raise StepError(f"{runs.how_it_ended(crawled)}; its last good entries stay")
    kept = run_records(data, source.key)
    if not kept:
        return StepReport({"runs": 0, "captures": 0}, ["no captures are kept"])
    last = kept[-1]
    problems = [f"run {last.run_id}: {runs.how_it_ended(last)}"] if runs.is_bad(last) else []
    figures = {"runs": len(kept), "captures": sum(run.captures for run in kept), "last_run": last.run_id}
    told = {"outcome": last.outcome, "new": last.new, "unchanged": last.unchanged, "items": last.items}
    return StepReport(figures | told, problems)


def read_source(data: DataFolder, source: Source, again: bool) -> StepReport:
    """Read the runs that were never read, or all of them again."""
    due = data.runs(source.key) if again else runs.unread(data, source.key)
    with holding(data, source, "read"):
        for run_id in due:
            read_run(data, source.key, run_id, source.strategy, source.hints)
    last, entries = runs.last_yield(data, source.key)
    shortfall = runs.shortfall(entries, source)
    if shortfall and last in due:
        # The run goes no further today: the last good entries stay, and the release goes on without it.
        raise StepError(f"{shortfall}; see captures/{source.key}/{last}")
    most = source.thresholds.max_entries
    above = entries is not None and most is not None and entries > most
    problems = [f"{entries} entries, at most {most} are expected"] if above else []
    problems += [f"{shortfall}; see captures/{source.key}/{last}"] if shortfall else []
    return StepReport({"runs_read": len(due), "entries_of_last_crawl": entries}, problems)


def refine_source(data: DataFolder, source: Source, again: bool) -> StepReport:
    """Refine the runs that are read and not refined since, or all again; counts those of older code."""
    due = runs.unrefined(data, source, again)
    with holding(data, source, "refine"):
        for run_id in due:
            countries = [source.country] if source.country else []
            report = refine_run(data, source.key, run_id, countries, source.languages, source.home)
            runs.save(data.captures(source.key, run_id) / runs.REFINED, asdict(report))
    refined = read_table(data, REFINED_ENTRIES, source.key)
    shares = {name: share(refined, name) for name in ("title", "date_raw", "start_date", "language")}
    asked = {"title": source.thresholds.min_titled, "date_raw": source.thresholds.min_dated}
    short = {name: least for name, least in asked.items() if len(refined) and shares[name] < least}
    problems = [f"{name}: in {shares[name]:.0%} of the entries, {least:.0%} expected" for name, least in short.items()]
    older = runs.of_older_code(data, source.key)
    figures = {"runs_refined": len(due), "runs_of_older_code": older, "entries": len(refined)}
    return StepReport(figures | shares, problems)


def curate_all(data: DataFolder, registry: Registry) -> StepReport:
    """Merge everything that is refined; waits for another writer. What went wrong is left beside the build."""
    with hold(data.lock("writer"), "curate", wait=True, on_wait=tell_wait):
        report = curate(data, runs.source_rows(registry), datetime.now(UTC))
        runs.save(_curate_issues(data), {"issues": report.issues})
    return StepReport({name: value for name, value in asdict(report).items() if name != "issues"})


def publish_all(
    data: DataFolder,
    registry: Registry,
    issues: list[dict[str, Any]] | None,
    force: bool = False,
    accepted: Mapping[str, str] | None = None,
) -> StepReport:
    """Publish what was built, then remove the releases that need not stay; waits for another writer.

    `issues` of None are those of the harvest that built it. `force` accepts a great loss against the release before,
    `accepted` only that of the sources it names, each with the reason why.
    """
    kept, now = data.build.with_name("harvest.json"), datetime.now(UTC)
    if issues is not None:
        runs.save(kept, {"issues": issues})
    told = runs.load(kept).get("issues", []) if issues is None else issues
    noted = runs.issues(data, registry) + runs.load(_curate_issues(data)).get("issues", [])
    with hold(data.lock("writer"), "publish", wait=True, on_wait=tell_wait):
        release = publish(data, told + noted, now, force, accepted)
        problems = [*release.warnings, *_prune(data, now)]
    figures = asdict(release) | {"folder": str(release.folder), "created_at": release.created_at.isoformat()}
    return StepReport(figures, problems)


def _prune(data: DataFolder, now: datetime) -> list[str]:
    """Remove older releases. What is published stands, so a disk that does not let go of them is only told."""
    try:
        removed = prune(data, now).removed
    except StorageError as error:
        LOG.warning("an older release could not be removed: %s", error)
        return [f"an older release could not be removed: {error}"]
    if removed:
        stay = f"the last {POLICY.last} and one a month stay"
        LOG.info("removed %d older releases (%s), such as %s", len(removed), stay, removed[0])
    return []


def _curate_issues(data: DataFolder) -> Path:
    return data.build.with_name("issues.json")


def holding(data: DataFolder, source: Source, purpose: str) -> AbstractContextManager[None]:
    """The lock of a source; raises `Held` at once when another run has it."""
    return hold(data.lock(source.key), purpose, wait=False)


def tell_wait(held: Held) -> None:
    """Says who is waited for."""
    LOG.warning("waiting: %s", held)


def share(rows: Any, column: str) -> float:
    """Share of rows with a value; 0 without rows."""
    return float(rows[column].notna().mean()) if len(rows) else 0.0

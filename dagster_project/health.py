"""How each source stands: last complete harvest, yield against its own history, next run, and what is wrong.

What belongs here: judging from run records and the lake. What does not: showing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from dagster_project import runs
from scrapers.records import RunRecord, run_records
from scrapers.registry import Registry, Source
from warehouse.layout import DataFolder

_SHORT = 0.5  # less than half of what is usual is worth a look; lists grow and shrink by less
_LATE = 2  # missed turns before a source counts as stale


@dataclass(frozen=True, slots=True)
class Health:
    """One source; `entries` of the last run that was read, `usual` the median of those before it."""

    source: str
    status: str
    last_complete_at: datetime | None
    entries: int | None
    usual: int | None
    next_run: datetime | None
    problems: tuple[str, ...]


def healths(data: DataFolder, registry: Registry, now: datetime) -> list[Health]:
    """All sources, worst first: most problems, then longest without a complete harvest; the retired last."""
    found = [health(data, source, now) for source in registry.sources.values()]
    never = datetime.min.replace(tzinfo=now.tzinfo)
    return sorted(found, key=lambda h: (h.status != "active", -len(h.problems), h.last_complete_at or never, h.source))


def health(data: DataFolder, source: Source, now: datetime) -> Health:
    """One source, from what lies in the data folder."""
    known = run_records(data, source.key)
    yields = [(run, runs.entries(data, source.key, run.run_id)) for run in known]
    counts = [count for run, count in yields if count is not None and run.outcome in runs.WHOLE]
    usual = round(median(counts[:-1])) if len(counts) > 1 else None
    last = max((run.finished_at for run in known if run.outcome in runs.WHOLE), default=None)
    problems = tuple(_problems(source, known, counts, usual, last, now))
    upcoming = next_run(source.cron, now) if source.is_crawled else None
    return Health(source.key, source.status, last, counts[-1] if counts else None, usual, upcoming, problems)


def _problems(
    source: Source, known: list[RunRecord], counts: list[int], usual: int | None, last: datetime | None, now: datetime
) -> list[str]:
    if not source.is_crawled:
        return []
    found = []
    if last is None:
        found.append("never harvested")
    elif is_late(source.cron, last, now):
        found.append("overdue")
    if known and known[-1].outcome not in runs.WHOLE:
        found.append(f"last run {known[-1].outcome}")
    if usual and counts[-1] < usual * _SHORT:
        found.append("fewer entries than usual")
    elif counts and known[-1].outcome == "complete" and runs.shortfall(counts[-1], source):
        found.append("fewer entries than its minimum")
    return found


def next_run(cron: str | None, now: datetime) -> datetime | None:
    """The next turn of a cron line, UTC."""
    # Dagster's own reading of cron lines, so that the table says what its scheduler will do; it has no public name.
    from dagster._utils.schedules import get_next_cron_tick

    return get_next_cron_tick(cron, now, "UTC") if cron else None


def is_late(cron: str | None, last: datetime, now: datetime) -> bool:
    """Whether so many turns went by since the last complete harvest that it is no accident."""
    moment: datetime | None = last
    for _ in range(_LATE):
        moment = next_run(cron, moment + timedelta(seconds=1)) if moment else None
    return moment is not None and moment < now

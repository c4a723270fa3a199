"""How each source stands: last complete harvest, yield against its own history, next run, and what is wrong.

What belongs here: what the verdict of the crawls (`scrapers.trust`), the schedule and the lake say together. What does
not: the verdict itself, showing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from dagster_project import runs
from scrapers.captures.records import run_records
from scrapers.registry import Registry, Source
from scrapers.trust import verdict as trust
from warehouse.layout import DataFolder

_LATE = 2  # missed turns before a source counts as stale
_BY_STATUS = ("active", "paused", "candidate", "retired")
_WORST_FIRST = ("failed", "empty", "partial", "short", "never", "good")


@dataclass(frozen=True, slots=True)
class Health:
    """One source.

    last_complete_at: of a crawl that was complete, or an import. entries: of the last such run that was read; usual:
    the median of those before it. verdict: of the last crawl (`scrapers.trust`), `never` without one. problems: in a
    few words each, empty for a source that is not crawled. likely_cause, next_step: of a crawl that was not good.
    """

    source: str
    status: str
    last_complete_at: datetime | None
    entries: int | None
    usual: int | None
    next_run: datetime | None
    problems: tuple[str, ...]
    verdict: str = "never"
    likely_cause: str | None = None
    next_step: str | None = None


def healths(data: DataFolder, registry: Registry, now: datetime) -> list[Health]:
    """All sources, worst first: by verdict, most problems, longest without a complete harvest; the retired last."""
    found = [health(data, source, now) for source in registry.sources.values()]
    never = datetime.min.replace(tzinfo=now.tzinfo)

    def badness(h: Health) -> tuple[object, ...]:
        rank = _WORST_FIRST.index(h.verdict)
        standing = _BY_STATUS.index(h.status)
        return (standing, not h.problems, rank, -len(h.problems), h.last_complete_at or never, h.source)

    return sorted(found, key=badness)


def health(data: DataFolder, source: Source, now: datetime) -> Health:
    """One source, from what lies in the data folder."""
    known = run_records(data, source.key)
    counts = [runs.entries(data, source.key, run.run_id) for run in known if run.outcome in runs.WHOLE]
    read = [count for count in counts if count is not None]
    crawled = trust.health(data, source)
    last = max((run.finished_at for run in known if run.outcome in runs.WHOLE), default=None)
    return Health(
        source=source.key,
        status=source.status,
        last_complete_at=last,
        entries=read[-1] if read else None,
        usual=round(median(read[:-1])) if len(read) > 1 else None,
        next_run=next_run(source.cron, now) if source.is_crawled else None,
        problems=tuple(_problems(source, crawled, last, now)),
        verdict=crawled.verdict,
        likely_cause=crawled.likely_cause if source.is_crawled else None,
        next_step=crawled.next_step if source.is_crawled else None,
    )


def _problems(source: Source, crawled: trust.Health, last: datetime | None, now: datetime) -> list[str]:
    if not source.is_crawled:
        return []
    found = []
    if last is None:
        found.append("never harvested")
    elif is_late(source.cron, last, now):
        found.append("overdue")
    if crawled.verdict == "short":
        found.append(_shortness(source, crawled))
    elif crawled.verdict not in ("good", "never"):
        found.append(f"last run {crawled.verdict}")
    return found


def _shortness(source: Source, crawled: trust.Health) -> str:
    """What came short: the entries against the minimum, against what is usual, or the items that the lists named."""
    if runs.shortfall(crawled.entries, source):
        return "fewer entries than its minimum"
    usual = crawled.usual_entries
    if crawled.entries is not None and usual is not None and crawled.entries < usual * trust.SHORT:
        return "fewer entries than usual"
    return "its lists named fewer items than usual"


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

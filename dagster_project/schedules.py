"""Jobs and schedules: one for each distinct cron of the active sources, and a nightly curate and release.

What belongs here: what comes due when. What does not: what a run does.

All are shipped switched off: nobody's machine starts to crawl because a UI was opened. Candidates come due only when
`CITYHARVEST_CANDIDATES` is set (to anything but 0). Two sources with the same cron
share a schedule, which asks for one run a source.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator

import dagster as dg

from dagster_project.assets import SOURCE_ASSETS, curated, release
from scrapers.registry import Registry

HARVEST = dg.define_asset_job(
    "harvest_source",
    selection=dg.AssetSelection.assets(*SOURCE_ASSETS),
    description="Crawl, read and refine one source.",
)
RELEASE = dg.define_asset_job(
    "curate_and_release",
    selection=dg.AssetSelection.assets(curated, release),
    description="Merge all sources and publish.",
)
CANDIDATES = "CITYHARVEST_CANDIDATES"
"""Environment variable: whether schedules take sources that nobody has verified."""
NIGHTLY = "30 4 * * *"  # UTC: after the crawls of the night, before people come to work


def with_candidates() -> bool:
    """Whether schedules take candidates, as the environment says."""
    return os.environ.get(CANDIDATES, "").strip() not in ("", "0")


def due(registry: Registry, candidates: bool = False) -> dict[str, list[str]]:
    """Keys of the active sources by cron; `candidates`: and of those that nobody has verified."""
    keys = defaultdict(list)
    for source in registry.sources.values():
        if source.may_be_crawled(candidates) and source.cron:
            keys[source.cron].append(source.key)
    return {cron: sorted(keys[cron]) for cron in sorted(keys)}


def harvest_schedule(cron: str, keys: list[str], candidates: bool = False) -> dg.ScheduleDefinition:
    """A schedule that asks for one run a source."""
    config = {"ops": {"captures": {"config": {"candidates": True}}}} if candidates else {}

    def requests(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        moment = context.scheduled_execution_time.isoformat()
        for key in keys:
            yield dg.RunRequest(run_key=f"{key} {moment}", partition_key=key, tags={"source": key}, run_config=config)

    return dg.ScheduleDefinition(
        name=f"harvest_{re.sub(r'[^0-9A-Za-z]+', '_', cron.replace('*', 'any')).strip('_')}",
        job=HARVEST,
        cron_schedule=cron,
        execution_timezone="UTC",
        execution_fn=requests,
        description=f"Harvests {', '.join(keys)}.",
    )


def build_schedules(registry: Registry) -> list[dg.ScheduleDefinition]:
    """All schedules of a registry."""
    nightly = dg.ScheduleDefinition(
        name="release_nightly", job=RELEASE, cron_schedule=NIGHTLY, execution_timezone="UTC"
    )
    candidates = with_candidates()
    crons = due(registry, candidates)
    return [*(harvest_schedule(cron, keys, candidates) for cron, keys in crons.items()), nightly]

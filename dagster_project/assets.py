"""The assets: the street as Dagster sees it, `captures -> raw_entries -> refined_entries -> curated -> release`.

What belongs here: a wrapper of at most twenty lines an asset, around a function of `steps`. What does not: work.

The first three are partitioned by source and stateless, so any executor may run them; the last two see everything and
hold the writer's lock. Assets pass nothing to each other in memory: each finds in the data folder what the one before
it left.
"""

# No postponed annotations here: Dagster reads those of an asset to find its config and resources.
from typing import TYPE_CHECKING, Any, TypeAlias

import dagster as dg
from pydantic import Field

from dagster_project import checks, steps
from dagster_project.crawls import Crawls
from dagster_project.partitions import SOURCES
from dagster_project.resources import Data, Sources

# Assets hand nothing on in memory; Dagster knows the result of an asset with checks by the bare class only.
if TYPE_CHECKING:
    Made: TypeAlias = dg.MaterializeResult[None]
else:
    Made = dg.MaterializeResult


class CaptureConfig(dg.Config):
    """How to come by captures.

    `crawl: false` takes those that are in the data folder already; `full: true` asks for every page, changed or not;
    `candidates: true` also fetches a source that nobody has verified.
    """

    crawl: bool = True
    full: bool = False
    candidates: bool = False


class ReadConfig(dg.Config):
    """What to read: `again: true` reads every kept run with today's readers, not only those that were never read."""

    again: bool = False


class ReleaseConfig(dg.Config):
    """`issues`: rows of `issues.json` from earlier in the same harvest; `again`: those of the harvest before instead.

    `force`, `accepted` (the reason why, by source): see `steps.publish_all`.
    """

    issues: list[dict[str, Any]] = Field(default_factory=list)
    again: bool = False
    force: bool = False
    accepted: dict[str, str] = Field(default_factory=dict)


@dg.asset(partitions_def=SOURCES, group_name="street", kinds={"scrapy"}, check_specs=[checks.CRAWL_COMPLETE])
def captures(
    context: dg.AssetExecutionContext,
    config: CaptureConfig,
    data: Data,
    sources: Sources,
    crawls: dg.ResourceParam[Crawls],
) -> Made:
    """Kept pages of a source, as WARC: fetched now, or those that are there."""
    source = sources.registry.get(context.partition_key)
    report = steps.keep_captures(data.folder, source, config.crawl, config.full, config.candidates, crawls)
    return dg.MaterializeResult(
        metadata=report.figures, check_results=[checks.result("crawl_complete", report.problems, report.figures)]
    )


@dg.asset(
    partitions_def=SOURCES,
    deps=[captures],
    group_name="street",
    kinds={"parquet"},
    check_specs=[checks.PLAUSIBLE_YIELD],
)
def raw_entries(context: dg.AssetExecutionContext, config: ReadConfig, data: Data, sources: Sources) -> Made:
    """What the pages say of each item, as displayed."""
    source = sources.registry.get(context.partition_key)
    report = steps.read_source(data.folder, source, again=config.again)
    return dg.MaterializeResult(
        metadata=report.figures, check_results=[checks.result("plausible_yield", report.problems, report.figures)]
    )


@dg.asset(
    partitions_def=SOURCES, deps=[raw_entries], group_name="street", kinds={"pandas"}, check_specs=[checks.MOSTLY_READ]
)
def refined_entries(context: dg.AssetExecutionContext, config: ReadConfig, data: Data, sources: Sources) -> Made:
    """The same with dates, places, languages, kinds and topics read, row by row."""
    source = sources.registry.get(context.partition_key)
    report = steps.refine_source(data.folder, source, again=config.again)
    return dg.MaterializeResult(
        metadata=report.figures, check_results=[checks.result("mostly_read", report.problems, report.figures)]
    )


@dg.asset(
    deps=[dg.AssetDep(refined_entries, partition_mapping=dg.AllPartitionMapping())],
    group_name="street",
    kinds={"duckdb"},
)
def curated(data: Data, sources: Sources) -> Made:
    """All entries of all sources together: duplicates merged, ids given, history kept."""
    report = steps.curate_all(data.folder, sources.registry)
    return dg.MaterializeResult(metadata=report.figures)


@dg.asset(deps=[curated], group_name="street", kinds={"file"}, check_specs=[checks.RELEASED])
def release(config: ReleaseConfig, data: Data, sources: Sources) -> Made:
    """The files that people use, checked, and `latest` swapped."""
    issues = None if config.again else config.issues
    report = steps.publish_all(data.folder, sources.registry, issues, config.force, config.accepted)
    return dg.MaterializeResult(
        metadata=report.figures, check_results=[checks.result("released", report.problems, report.figures)]
    )


SOURCE_ASSETS = [captures, raw_entries, refined_entries]
ALL_ASSETS = [*SOURCE_ASSETS, curated, release]

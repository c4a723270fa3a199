"""The graph as Dagster loads it: five assets, a partition a source, schedules, checks; and wrappers that stay thin."""

from __future__ import annotations

import ast
import inspect
import itertools
from datetime import UTC, datetime

import dagster as dg
import pytest

from dagster_project import assets
from dagster_project.definitions import build_defs
from dagster_project.partitions import source_partitions
from dagster_project.resources import Data, instance_settings
from dagster_project.schedules import HARVEST, due
from scrapers.registry import Registry, load_registry

NAMES = ["captures", "raw_entries", "refined_entries", "curated", "release"]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def repository() -> dg.RepositoryDefinition:
    return build_defs({"data": Data(root="elsewhere")}).get_repository_def()


def test_the_street_is_a_chain(repository: dg.RepositoryDefinition) -> None:
    graph = repository.asset_graph
    for before, after in itertools.pairwise(NAMES):
        assert graph.get(dg.AssetKey(after)).parent_keys == {dg.AssetKey(before)}
    assert {key.to_user_string() for key in graph.get_all_asset_keys()} == set(NAMES)


def test_the_first_three_have_a_partition_a_source(repository: dg.RepositoryDefinition, registry: Registry) -> None:
    for name in NAMES[:3]:
        partitions = repository.asset_graph.get(dg.AssetKey(name)).partitions_def
        assert partitions is not None
        assert partitions.get_partition_keys() == sorted(registry.sources)
    for name in NAMES[3:]:
        assert repository.asset_graph.get(dg.AssetKey(name)).partitions_def is None


def test_partitions_follow_the_registry_that_is_given() -> None:
    some = Registry({key: load_registry().sources[key] for key in ("coe-newsroom", "coe-meetings")})
    assert source_partitions(some).get_partition_keys() == ["coe-meetings", "coe-newsroom"]


def test_each_distinct_cron_has_a_schedule_and_all_are_off(
    repository: dg.RepositoryDefinition, registry: Registry
) -> None:
    harvests = [s for s in repository.schedule_defs if s.job_name == HARVEST.name]
    crons = {s.cron for s in registry.sources.values() if s.is_crawled}
    assert sorted(str(s.cron_schedule) for s in harvests) == sorted(map(str, crons))
    assert "release_nightly" in {s.name for s in repository.schedule_defs}
    assert {s.default_status for s in repository.schedule_defs} == {dg.DefaultScheduleStatus.STOPPED}


def test_a_turn_asks_for_one_run_a_source(repository: dg.RepositoryDefinition, registry: Registry) -> None:
    asked = []
    with dg.DagsterInstance.ephemeral(settings=instance_settings()) as instance:
        for schedule in repository.schedule_defs:
            if schedule.job_name != HARVEST.name:
                continue
            moment = datetime(2024, 3, 1, 2, tzinfo=UTC)
            with dg.build_schedule_context(
                instance=instance, scheduled_execution_time=moment, repository_def=repository
            ) as context:
                requests = schedule.evaluate_tick(context).run_requests or []
            assert len({request.run_key for request in requests}) == len(requests)
            asked += [request.partition_key for request in requests]
    assert sorted(map(str, asked)) == sorted(key for key, s in registry.sources.items() if s.is_crawled)


def test_retired_sources_have_no_turn(registry: Registry) -> None:
    scheduled = {key for keys in due(registry).values() for key in keys}
    assert scheduled
    assert not {key for key, s in registry.sources.items() if s.status != "active"} & scheduled


def test_wrappers_are_at_most_20_lines() -> None:
    tree = ast.parse(inspect.getsource(assets))
    wrappers = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert {node.name for node in wrappers} == set(NAMES)
    assert {node.name: n for node in wrappers if (n := (node.end_lineno or 0) - node.lineno + 1) > 20} == {}


def test_checks_stand_beside_their_assets(repository: dg.RepositoryDefinition) -> None:
    found = {(key.asset_key.to_user_string(), key.name) for key in repository.asset_graph.asset_check_keys}
    assert found == {
        ("captures", "crawl_complete"),
        ("raw_entries", "plausible_yield"),
        ("refined_entries", "mostly_read"),
        ("release", "released"),
    }


def test_the_shipped_instance_sends_nothing() -> None:
    with dg.DagsterInstance.ephemeral(settings=instance_settings()) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled

"""Sixty cities of all strategies, harvested side by side over HTTP and compared with what is true of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest
from town_web import Score, TownSite, served_towns, source_of, truth_of, write_sources
from towns import KINDS, make_towns

from dagster_project import steps
from scrapers.captures.records import RunRecord, run_records
from scrapers.crawl import crawl
from scrapers.registry import Registry, load_registry
from scrapers.source import Source, Strategy
from warehouse.layout import DataFolder
from warehouse.locks import Held, hold
from warehouse.releases import open_release

CITIES, ENTRIES = 60, 12
SAID = """
select distinct s.source, e.entry_id, e.title, e.start_date::varchar, nullif(e.end_date, e.start_date)::varchar, e.url
from entries e join entry_sources s using (entry_id)
"""


@dataclass(frozen=True)
class Harvest:
    """What the cities answered, and what came of it."""

    sites: list[TownSite]
    data: DataFolder
    registry: Registry
    records: list[RunRecord]


def crawl_all(registry: Registry, data: DataFolder, keys: list[str]) -> list[RunRecord]:
    """The first step of a harvest for each source, all side by side; each crawl is a process of its own, as always."""
    with ThreadPoolExecutor(len(keys)) as pool:
        list(pool.map(lambda key: steps.keep_captures(data, registry.get(key), live=True), keys))
    return [run_records(data, key)[-1] for key in keys]


@pytest.fixture(scope="module")
def harvest(tmp_path_factory: pytest.TempPathFactory, warm: str) -> Iterator[Harvest]:
    folder = tmp_path_factory.mktemp("cities")
    with served_towns(make_towns(CITIES, ENTRIES)) as sites:
        keys = write_sources(folder / "sources", sites)
        registry, data = load_registry(folder / "sources"), DataFolder(folder / "data")
        records = crawl_all(registry, data, keys)
        for key in keys:
            steps.read_source(data, registry.get(key), again=False)
            steps.refine_source(data, registry.get(key), again=False)
        steps.curate_all(data, registry)
        steps.publish_all(data, registry, [], force=False)
        yield Harvest(sites, data, registry, records)


def test_all_strategies_are_among_the_cities(harvest: Harvest) -> None:
    archives = {name for name in get_args(Strategy) if name.startswith("archive")}
    assert {site.town.strategy for site in harvest.sites} == set(get_args(Strategy)) - archives
    assert len({site.town.language for site in harvest.sites}) == 8


def test_nobody_is_in_the_way_of_another(harvest: Harvest) -> None:
    assert Counter((r.outcome, r.verdict, r.finish_reason) for r in harvest.records) == {
        ("complete", "good", "finished"): CITIES
    }
    for site, record in zip(harvest.sites, harvest.records, strict=True):
        assert record.source == site.town.key
        assert record.errors == {}
        assert record.items == ENTRIES, site.town.kind
        assert record.requests == len(site.asked)
        assert sum(asked.path == "/robots.txt" for asked in site.asked) == 1
    assert not list(harvest.data.root.glob("captures/*/*/*.part"))


def scores(harvest: Harvest) -> dict[str, Score]:
    """How well the release fits the truth, by kind of city."""
    found: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    with open_release(harvest.data.root) as release:
        for source, _, title, start, end, url in release.execute(SAID).fetchall():
            found[source][title, start, end, urlsplit(url).path] += 1
    by_kind: dict[str, Score] = defaultdict(Score)
    for site in harvest.sites:
        by_kind[site.town.kind].add(truth_of(site.town), found[site.town.key])  # type: ignore[arg-type]
    return by_kind


def test_what_is_published_is_true_and_whole(harvest: Harvest) -> None:
    by_kind = scores(harvest)
    pages, others = Score(), Score()
    for kind, score in by_kind.items():
        (pages if kind.startswith("html") else others).join(score)
    assert (pages.true, others.true) == (18 * ENTRIES, 42 * ENTRIES)
    assert others.recall >= 0.99, others.missed
    assert others.precision >= 0.99, others.wrong
    assert pages.recall >= 0.95, pages.missed
    assert pages.precision >= 0.95, pages.wrong


def test_an_entry_of_one_city_is_never_taken_for_that_of_another(harvest: Harvest) -> None:
    shared = "select entry_id from entry_sources group by entry_id having count(distinct source) > 1"
    with open_release(harvest.data.root) as release:
        assert release.execute(shared).fetchall() == []


def test_a_second_harvest_finds_the_same_and_fetches_what_it_must(harvest: Harvest) -> None:
    chosen = harvest.sites[: len(KINDS)]
    for site in chosen:
        site.asked.clear()
    records = crawl_all(harvest.registry, harvest.data, [site.town.key for site in chosen])
    for site, record, first in zip(chosen, records, harvest.records, strict=False):
        assert (record.outcome, record.items, record.new) == ("complete", ENTRIES, 0), site.town.kind
        assert record.captures == first.captures
        if site.validators:
            assert {asked.status for asked in site.asked} == {200, 304}, "robots.txt, and nothing else anew"
            assert record.bytes == 0


def test_two_harvests_of_one_source_at_once(harvest: Harvest) -> None:
    source = harvest.registry.get(harvest.sites[0].town.key)
    runs = run_records(harvest.data, source.key)
    with hold(harvest.data.lock(source.key), "another harvest", wait=False), pytest.raises(Held, match="another har"):
        steps.keep_captures(harvest.data, source, live=True)
    assert run_records(harvest.data, source.key) == runs


@pytest.mark.parametrize("kind", ["wp posts", "socrata", "json_api", "html cards"])
def test_a_list_whose_last_page_is_full_ends_there(kind: str, tmp_path: Path) -> None:
    with served_towns(make_towns(1, 16, kinds=(kind,))) as [site]:
        record = crawl(Source.model_validate(source_of(site, follow_details=False)), DataFolder(tmp_path))
    assert (record.outcome, record.items, record.lost_lists, record.errors) == ("complete", 16, [], {})

"""A live harvest of several sources: crawled side by side, in any order of their ends, and stopped together."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from town_web import TownSite, served_towns, source_of
from towns import make_towns

from dagster_project import resources
from dagster_project.crawls import CrawlsAhead
from dagster_project.street import Street
from scrapers.captures.records import run_records
from scrapers.registry import load_registry
from warehouse.layout import DataFolder

KEYS = ("coe-meetings", "coe-newsroom", "congress-hub")  # the graph knows the sources that ship, by these names
pytestmark = pytest.mark.usefixtures("warm_crawls")


class Gate:
    """Holds the answers of every site until all of them were asked, so that only crawls side by side end."""

    def __init__(self, sites: list[TownSite]) -> None:
        self.asked: set[str] = set()
        self._all = threading.Event()
        self._sites = len(sites)
        for key, site in zip(KEYS, sites, strict=True):
            site.faults = {"/robots.txt": self.fault(key)}

    def fault(self, key: str) -> Any:
        def wait(_: Any) -> bool:
            self.asked.add(key)
            if len(self.asked) == self._sites:
                self._all.set()
            self._all.wait(60)
            return False

        return wait


@pytest.fixture
def sites() -> Iterator[list[TownSite]]:
    resources._registry.cache_clear()
    with served_towns(make_towns(len(KEYS), 8, kinds=("html cards",))) as served:
        yield served
    resources._registry.cache_clear()


def write(folder: Path, sites: list[TownSite], **changes: Any) -> str:
    """A YAML for each of the sites, under the names of sources that ship; gives the folder."""
    folder.mkdir(parents=True)
    for key, site in zip(KEYS, sites, strict=True):
        told = source_of(site, key=key, **changes.get(key, {}))
        (folder / f"{key}.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    return str(folder)


def test_sources_are_crawled_side_by_side(sites: list[TownSite], tmp_path: Path) -> None:
    gate = Gate(sites)
    told: list[str] = []
    street = Street(tmp_path / "data", write(tmp_path / "sources", sites))
    outcome = street.walk(KEYS, {}, lambda key, _: told.append(key), jobs=3)
    assert outcome.problems == []
    assert gate.asked == set(KEYS)
    assert sorted(told[:-1]) == sorted(KEYS)
    assert told[-1] == "all sources"
    assert outcome.figures is not None
    assert outcome.figures["counts"]["entries"] == len(KEYS) * 8


def test_problems_are_told_in_the_order_of_the_sources(sites: list[TownSite], tmp_path: Path) -> None:
    changes = {key: {"thresholds": {"min_entries": 500}} for key in KEYS[:2]}
    street = Street(tmp_path / "data", write(tmp_path / "sources", sites, **changes))
    outcome = street.walk(KEYS[::-1], {}, lambda *_: None, jobs=3)
    assert [problem.source for problem in outcome.problems] == [KEYS[1], KEYS[0]]
    assert outcome.figures is not None


def test_crawls_under_way_are_stopped_and_leave_what_they_have(sites: list[TownSite], tmp_path: Path) -> None:
    changes = {key: {"politeness": {"delay": 0.5, "concurrency": 1}} for key in KEYS}
    registry = load_registry(Path(write(tmp_path / "sources", sites, **changes)))
    data = DataFolder(tmp_path / "data")
    with CrawlsAhead(2) as crawls:
        crawls.begin((registry.get(key) for key in KEYS), data, full=False)
        while not all(len(site.asked) > 2 for site in sites[:2]):
            time.sleep(0.05)
    ended = [run_records(data, key) for key in KEYS]
    assert [[record.outcome for record in records] for records in ended] == [["partial"], ["partial"], []]
    assert all(records[0].captures for records in ended[:2])

"""The end of it: a backfill down the whole street. Years that the live site has forgotten stand in the release beside
what it shows today, and what both show is one entry."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from archive import Archive, Kept, archived
from conftest import local_source
from testweb import ITEM, LIST, Site, served

from dagster_project.trials import make_trial
from dagster_project.verifying import after_looking
from scrapers.captures.records import run_records
from scrapers.registry import load_registry
from warehouse.layout import DataFolder
from warehouse.releases import open_release

FORGOTTEN = {2015: 108, 2016: 109, 2017: 110}
"""By year: the number of an item that only the archives have; the test web dates items by their number."""
STILL_THERE = 3
PAGED = f"{LIST}?delta=5"


def slug(number: int) -> str:
    return f"walk-through-{number:05d}-"


@pytest.fixture
def live() -> Site:
    return Site(items=12, per_page=20)


@pytest.fixture
def port(live: Site) -> Iterator[int]:
    with served(live) as port:
        yield port


def then(port: int, year: int) -> list[Kept]:
    """The list and the pages of its two items as they were archived in a year."""
    site = Site(items=0, per_page=20)
    site.slugs = [slug(FORGOTTEN[year]), slug(STILL_THERE)]
    at = {f"{LIST}?delta=5": "0601", **{ITEM + name: "0602" for name in site.slugs}}
    return [
        Kept(f"http://127.0.0.1:{port}{path}", f"{year}{day}120000", site.body(path)[1]) for path, day in at.items()
    ]


@pytest.fixture
def folder(tmp_path: Path, port: int) -> Iterator[Path]:
    """A registry of two sources: the site, and its years before, out of both archives."""
    archive = Archive([kept for year in FORGOTTEN for kept in then(port, year)])
    with archived(archive) as base:
        news = local_source(port, start=[f"http://127.0.0.1:{port}{PAGED}"]).model_dump(mode="json")
        bases = {"wayback": base, "commoncrawl_index": base, "commoncrawl_data": base}
        years = {
            "key": "local-years",
            "title": "The years before",
            "strategy": "archive",
            "archive_of": "local-news",
            "archive": {"from": "2014-01-01", "services": ["wayback", "commoncrawl"]} | bases,
        }
        taken = ("publisher", "languages", "scope", "status", "allow_private", "cron", "politeness")
        folder = tmp_path / "sources"
        folder.mkdir()
        write(folder, news)
        write(folder, {name: news[name] for name in taken} | years)
        yield folder


def write(folder: Path, source: dict[str, Any]) -> None:
    (folder / f"{source['key']}.yaml").write_text(yaml.safe_dump(source), encoding="utf-8")


Harvest = Callable[..., Path]


@pytest.fixture
def harvest(folder: Path, warm: str, tmp_path: Path) -> Harvest:
    """The command as a user gives it, with sources of one's own; gives the data folder."""

    def run(*keys: str) -> Path:
        root = tmp_path / "data"
        chosen = [word for key in keys for word in ("--source", key)]
        command = [Path(warm).parent / "cityharvest", "harvest", *chosen, "--data", root]
        told = {"CITYHARVEST_SOURCES": str(folder), "HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        said = subprocess.run(command, env=told, capture_output=True, text=True, timeout=500, check=False)
        assert said.returncode == 0, said.stderr + said.stdout
        return root

    return run


def rows(root: Path, query: str) -> list[tuple[Any, ...]]:
    with open_release(root) as release:
        return release.execute(query).fetchall()


def entries(root: Path) -> dict[str, tuple[Any, ...]]:
    """Entries of a release by the last part of their address; each address may have one only."""
    found = rows(root, "select url, entry_id, year(start_date), year(first_seen_at), year(last_seen_at) from entries")
    by_slug = {url.rpartition("/")[2]: row for url, *row in found}
    assert len(by_slug) == len(found), "two entries of one address"
    return {name: tuple(row) for name, row in by_slug.items()}


def test_years_back_in_time_stand_beside_the_live_ones(harvest: Harvest, live: Site) -> None:
    root = harvest("local-news")
    before = entries(root)
    assert set(before) == set(live.slugs)
    this_year = before[slug(1)][3]

    harvest("local-years", "local-news")
    after = entries(root)
    assert set(after) == set(live.slugs) | {slug(number) for number in FORGOTTEN.values()}
    for year, number in FORGOTTEN.items():
        assert after[slug(number)][1:] == (year, year, year), "dated, and seen in its own year and not since"
    assert {name: row[0] for name, row in before.items()} == {name: after[name][0] for name in before}, "ids stay"
    assert after[slug(STILL_THERE)][2:] == (2015, this_year), "one entry, seen then and now"
    assert after[slug(1)][2:] == (this_year, this_year)

    brought = next(run for run in run_records(DataFolder(root), "local-news") if run.outcome == "imported")
    seen = rows(root, f"select distinct source, capture_file from entry_sources where page_url like '%{slug(108)}'")
    assert seen == [("local-news", f"captures/local-news/{brought.run_id}/pages.warc.gz")]
    told = "select source, captures, last_run_outcome from sources where source like 'local-%' order by source"
    assert rows(root, told)[1] == ("local-years", brought.captures, "complete")


def test_a_trial_of_an_archive_reads_the_pages_that_it_took(folder: Path, warm: str, tmp_path: Path) -> None:
    source = load_registry(folder).get("local-years")
    trial = make_trial(source, DataFolder(tmp_path / "data"), pages=30)
    assert trial.record.outcome == "complete"
    assert trial.captures
    assert trial.by_reader
    assert {row.source for row in trial.raw.itertuples()} == {"local-news"}
    assert all(check.passed for check in after_looking(trial)), after_looking(trial)
    assert not (tmp_path / "data" / "captures").exists(), "nothing of a trial is kept"

"""Crawls killed at random moments, several times over: the run after them ends with what an undisturbed one has."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from test_incremental import crawl_and_kill, kept
from town_web import TownSite, served_towns, source_of
from towns import make_towns

from pipelines.read.runs import read_run
from scrapers.captures.records import RunRecord
from scrapers.crawl import crawl
from scrapers.source import Source
from warehouse.captures import Capture, read_captures
from warehouse.lake import read_table
from warehouse.layout import DataFolder
from warehouse.tables import RAW_ENTRIES

ENTRIES, CONCURRENCY = 24, 2
KINDS = ("html cards", "sitemap", "socrata", "liferay")
SAID = ["title", "date_raw", "place_raw", "summary", "item_key", "url"]


def town_source(site: TownSite) -> Source:
    """Its source, slow enough to be hit half-way; of an API with a few pages, slower."""
    delay = 0.02 if source_of(site)["follow_details"] else 0.2
    return Source.model_validate(source_of(site, politeness={"delay": delay, "concurrency": CONCURRENCY}))


def entries(data: DataFolder, record: RunRecord, source: Source) -> set[tuple[object, ...]]:
    """What a run says of its entries."""
    read_run(data, record.source, record.run_id, source.strategy, source.hints)
    rows = read_table(data, RAW_ENTRIES, record.source, record.run_id)[SAID]
    return set(rows.astype(object).where(rows.notna(), None).itertuples(index=False, name=None))


def killed_and_whole(kind: str, seed: int, kills: int, folder: Path) -> None:
    """Kill so many crawls of a town, then let one come to its end and compare it with one that nobody disturbed."""
    moments = random.Random(f"{kind} {seed}")
    with served_towns(make_towns(1, ENTRIES, seed=seed, kinds=(kind,))) as [site]:
        source, data = town_source(site), DataFolder(folder / "killed")
        undisturbed = DataFolder(folder / "undisturbed")
        whole = crawl(source, undisturbed)
        pages = whole.requests - 1  # robots.txt
        for _ in range(kills):
            site.asked.clear()
            after = moments.randint(2, max(2, pages - 1))
            record = crawl_and_kill(source, data, site, after, pause=moments.random() * 0.05)
            asked = sum(one.path != "/robots.txt" for one in site.asked)
            assert record.captures >= asked - CONCURRENCY - 1, "those under way, and the one that was being written"
            assert record.captures == len(list(captures_of(data, record)))
        last = crawl(source, data)
        assert (last.outcome, last.items, last.errors) == ("complete", whole.items, {})
        assert set(kept(data, last)) == set(kept(undisturbed, whole))
        assert entries(data, last, source) == entries(undisturbed, whole, source)


def captures_of(data: DataFolder, record: RunRecord) -> list[object]:
    """The captures of a run, repeated addresses too; none may be damaged."""
    path = data.captures(record.source, record.run_id) / "pages.warc.gz"
    found: list[object] = list(read_captures(path)) if path.is_file() else []
    assert all(isinstance(one, Capture) for one in found)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_after_kills_a_run_ends_as_if_there_had_been_none(kind: str, tmp_path: Path) -> None:
    killed_and_whole(kind, seed=1, kills=2, folder=tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("kind", [*KINDS, "wp posts", "html list"])
def test_after_any_kills_a_run_ends_as_if_there_had_been_none(kind: str, seed: int, tmp_path: Path) -> None:
    killed_and_whole(kind, seed, kills=3, folder=tmp_path)

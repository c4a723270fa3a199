"""The sources that ship: each loads, each start leads to its own source, each hint is one that its reader takes, and
every city of the programme has a source or a reason why not."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dagster_project.schedules import due
from pipelines.read.addresses import clean_address
from pipelines.read.feeds.field_maps import PARTS, FieldMap, with_hints
from pipelines.read.feeds.moments import zone_named
from pipelines.read.feeds.safe_patterns import safe_pattern
from pipelines.read.page import READERS
from pipelines.reference import load_rows
from scrapers.registry import RegistryError, Source, load_registry, source_file

FOLDER = Path(__file__).parents[2] / "scrapers" / "sources"
FILES = sorted(FOLDER.rglob("*.yaml"))
REGISTRY = load_registry(FOLDER)
SOURCES = list(REGISTRY.sources.values())
CANDIDATES = [source for source in SOURCES if source.is_candidate]
CITIES = {row["city_id"]: row for row in load_rows("network.csv")}
with (FOLDER / "uncovered.csv").open(encoding="utf-8", newline="") as _file:
    UNCOVERED = list(csv.DictReader(_file))

JSON = ("wp_rest", "opendatasoft", "ckan", "socrata", "linkedevents", "json_api")
EVERYWHERE = frozenset({"page_kind", "timezone", "languages"})
TAKEN = {
    **dict.fromkeys(JSON, EVERYWHERE.union(PARTS, {"items", "next", "per_page"})),
    "rss": EVERYWHERE | {"date_from"},
    "ical": EVERYWHERE | {"window_days_back", "window_days_ahead"},
    "sitemap": EVERYWHERE | {"include", "exclude"},
    "jsonld": EVERYWHERE,
    **dict.fromkeys(("html", "liferay", "archive", "archive-only"), frozenset({"reader", "page_kind"})),
}
"""Hints that the reader of each strategy looks at; any other would be told to nobody."""
KINDS = {"news", "practice", "event", "resource", "call"}


def each(sources: list[Source]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("source", sources, ids=lambda source: source.key)


def test_sixty_candidates_of_eight_strategies() -> None:
    assert len(CANDIDATES) >= 60
    assert len({source.strategy for source in CANDIDATES}) >= 8


@each(CANDIDATES)
def test_nothing_is_claimed_of_a_candidate(source: Source) -> None:
    assert source.verified_at is None
    assert not source.is_crawled
    assert source.thresholds.min_entries >= 1, "a candidate that brings nothing would pass for verified"
    assert source.cron, "once verified it is harvested"


def test_candidates_come_due_for_nobody() -> None:
    scheduled = {key for keys in due(REGISTRY).values() for key in keys}
    assert scheduled
    assert not scheduled & {source.key for source in CANDIDATES}


@pytest.mark.parametrize("path", [path for path in FILES if path.parent != FOLDER], ids=lambda path: path.stem)
def test_a_candidate_says_where_its_address_is_from_and_what_to_check(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(r"^# Address: \w", text, re.MULTILINE)
    assert re.search(r"(^|[.;] )(# )?Check first: \w", text, re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_threshold_says_why(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    numbers = [line for line in lines if re.match(r"\s+(?:min|max)_\w+:", line)]
    assert numbers
    assert all(re.search(r"#\s*\w+\s+\w+", line) for line in numbers), numbers


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_lies_where_its_country_does(path: Path) -> None:
    source = REGISTRY.get(path.stem)
    place = path.parent.relative_to(FOLDER).parts
    assert place in ((), ("networks",), ("cities", (source.country or "").lower()))
    assert (source.scope == "city") == (place[:1] == ("cities",))


@each([source for source in SOURCES if not source.follow_details])
def test_a_start_leads_to_its_own_source(source: Source) -> None:
    for start in source.start_addresses:
        assert REGISTRY.route(start) is source


def test_no_two_sources_ask_for_one_address() -> None:
    plain = [source for source in SOURCES if not source.follow_details]
    asked = Counter(clean_address(start) for source in plain for start in source.start_addresses)
    assert [start for start, count in asked.items() if count > 1] == []


def test_crawls_begin_one_by_one() -> None:
    crons = Counter(source.cron for source in SOURCES if source.cron)
    assert [cron for cron, count in crons.items() if count > 1] == []


@each(SOURCES)
def test_a_hint_is_one_that_the_reader_takes(source: Source) -> None:
    hints: dict[str, Any] = dict(source.hints)
    assert set(hints) <= TAKEN[source.strategy]
    assert hints.get("page_kind", "news") in KINDS
    assert hints.get("reader", "listing") in READERS
    assert "timezone" not in hints or zone_named(hints["timezone"])
    assert set(hints.get("languages", [])) <= set(source.languages)
    for pattern in (*hints.get("include", []), *hints.get("exclude", [])):
        safe_pattern(pattern)
    if source.strategy in JSON:
        fields, problems = with_hints(FieldMap("any", (), {}), hints)
        assert problems == []
        assert source.strategy != "json_api" or {"title", "id", "start"} <= set(fields.parts)


@pytest.mark.parametrize("city_id", CITIES)
def test_a_city_has_a_source_or_a_reason(city_id: str) -> None:
    named = [source.key for source in SOURCES if city_id in source.cities]
    reasons = [row["reason"] for row in UNCOVERED if row["city_id"] == city_id]
    assert bool(named) != bool(reasons), f"sources {named}, reasons {reasons}: one of them is wanted"
    assert len(reasons) <= 1
    assert all(len(reason.split()) >= 4 for reason in reasons)


def test_what_is_uncovered_names_cities_and_sources_that_are_there() -> None:
    assert [row["city_id"] for row in UNCOVERED] == sorted(row["city_id"] for row in UNCOVERED)
    assert {row["city_id"] for row in UNCOVERED} <= set(CITIES)
    assert {row["partly"] for row in UNCOVERED} - {""} <= set(REGISTRY.sources)


@each([source for source in SOURCES if source.cities])
def test_the_cities_of_a_source_are_of_its_country(source: Source) -> None:
    assert set(source.cities) <= set(CITIES)
    assert len(source.cities) == len(set(source.cities))
    assert {CITIES[city]["country"] for city in source.cities} == {source.country}


TOWN = (FOLDER / "cities" / "pl" / "pl-krakow-agenda.yaml").read_text(encoding="utf-8")


def put(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(TOWN, encoding="utf-8")
    return folder / name


def test_sources_are_found_in_folders_of_the_folder(tmp_path: Path) -> None:
    put(tmp_path / "cities" / "pl", "pl-krakow-agenda.yaml")
    assert list(load_registry(tmp_path).sources) == ["pl-krakow-agenda"]


def test_one_key_in_two_folders_is_told(tmp_path: Path) -> None:
    put(tmp_path / "a", "pl-krakow-agenda.yaml")
    put(tmp_path / "b", "pl-krakow-agenda.yaml")
    with pytest.raises(RegistryError, match=r"b/pl-krakow-agenda\.yaml:1: key 'pl-krakow-agenda' is that of source"):
        load_registry(tmp_path)


def test_a_wrong_ending_is_not_overlooked_in_a_folder_of_the_folder(tmp_path: Path) -> None:
    put(tmp_path / "a", "pl-krakow-agenda.yml")
    with pytest.raises(RegistryError, match=r"a/pl-krakow-agenda\.yml:1: a source's file ends with \.yaml"):
        load_registry(tmp_path)


def test_the_file_of_a_source_is_found_in_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = put(tmp_path / "deep" / "down", "my-town.yaml")
    monkeypatch.setenv("CITYHARVEST_SOURCES", str(tmp_path))
    assert source_file("my-town") == own
    assert source_file("pl-krakow-agenda") == FOLDER / "cities" / "pl" / "pl-krakow-agenda.yaml"
    assert source_file("../my-town") is None

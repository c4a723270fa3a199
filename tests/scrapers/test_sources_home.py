"""The city of a source: what names no place is there, what names another is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dagster_project.steps import refine_source
from pipelines.refine.chain import refine
from scrapers.captures.records import RunRecord, write_record
from scrapers.registry import Source, load_registry
from warehouse.lake import read_table, write_table
from warehouse.layout import DataFolder
from warehouse.tables import RAW_ENTRIES, REFINED_ENTRIES

LEEDS = load_registry(Path(__file__).parents[2] / "scrapers" / "sources").get("gb-leeds-events")
RUN = "20270301T000000Z-0001"
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def raw(**told: Any) -> dict[str, Any]:
    row = dict.fromkeys(RAW_ENTRIES.names) | {
        "raw_entry_id": f"raw-{told}",
        "source": LEEDS.key,
        "run_id": RUN,
        "page_key": "town.example/",
        "ordinal": 0,
        "content_hash": f"hash-{told}",
        "page_url": "https://town.example/",
        "url": "https://town.example/",
        "captured_at": NOON,
        "capture_file": "pages.warc.gz",
        "capture_offset": 0,
        "reader": "generic",
        "page_kind": "event",
        "title": "Supper of many kitchens",
        "date_raw": "5 March 2027, 18:00",
    }
    return row | told


def refined(city: str | None, **told: Any) -> dict[str, Any]:
    rows = refine(pd.DataFrame([raw(**told)]), [LEEDS.country or ""], LEEDS.languages, city)
    return {str(name): value for name, value in rows.iloc[0].to_dict().items()}


@pytest.mark.parametrize("place", [None, "The Old Mill"])
def test_an_entry_without_a_city_is_in_the_city_of_its_source(place: str | None) -> None:
    row = refined("gb-leeds", place_raw=place)
    assert (row["cities"], row["city_ids"], row["countries"]) == (["Leeds"], ["gb-leeds"], ["GB"])
    assert row["place_raw"] == place
    assert row["venue"] == place


def test_its_hour_is_that_of_the_country() -> None:
    assert refined("gb-leeds")["timezone"] == "Europe/London"
    assert refined(None)["timezone"] is None


@pytest.mark.parametrize(
    ("place", "cities", "countries"),
    [("Bradford", ["Bradford"], ["GB"]), ("Lisbon, Portugal", ["Lisbon"], ["PT"]), ("France", [], ["FR"])],
)
def test_an_entry_that_names_a_place_is_there(place: str, cities: list[str], countries: list[str]) -> None:
    row = refined("gb-leeds", place_raw=place)
    assert (row["cities"], row["countries"]) == (cities, countries)


def test_what_is_online_is_in_no_city() -> None:
    assert refined("gb-leeds", place_raw="Online")["cities"] == []
    assert refined("gb-leeds", title="Webinar: supper of many kitchens")["cities"] == []


def test_the_city_makes_no_event_of_news() -> None:
    told: dict[str, Any] = {"title": "Library opens again", "page_kind": "news", "date_raw": "1 February 2027"}
    assert refined("gb-leeds", **told)["kind"] == refined(None, **told)["kind"] == "news"


def test_a_city_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match="gb-nowhere"):
        refined("gb-nowhere")


@pytest.mark.parametrize(
    ("changes", "home"),
    [
        ({}, "gb-leeds"),
        ({"cities": ["gb-leeds", "gb-bradford"]}, None),
        ({"cities": []}, None),
        ({"scope": "programme"}, None),
    ],
)
def test_only_a_source_of_one_city_has_a_home(changes: dict[str, Any], home: str | None) -> None:
    assert Source.model_validate(LEEDS.model_dump() | changes).home == home


def test_refining_a_source_puts_its_entries_in_its_city(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    record = RunRecord(
        run_id=RUN,
        source=LEEDS.key,
        outcome="complete",
        finish_reason="finished",
        started_at=NOON,
        finished_at=NOON,
    )
    write_record(data, record)
    (data.captures(LEEDS.key, RUN) / "pages.warc.gz").touch()
    write_table(data, RAW_ENTRIES, LEEDS.key, RUN, pd.DataFrame([raw(), raw(place_raw="Bradford")]))
    refine_source(data, LEEDS, again=False)
    assert read_table(data, REFINED_ENTRIES, LEEDS.key, RUN)["city_ids"].tolist() == [["gb-leeds"], ["gb-bradford"]]

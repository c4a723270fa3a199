"""Places and feeds of a release, as validators and readers that are not ours see them; the gate looks at each file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import feedparser
import pytest
from geojson_pydantic import FeatureCollection
from geojson_pydantic.geometries import Point
from publish_parts import NOW, build, staged, warehouse

from pipelines.publish.declared import released
from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.gate import check_parts
from pipelines.publish.release import publish
from warehouse.build import connect
from warehouse.layout import DataFolder
from warehouse.releases import DATABASE

FACTS = ReleaseFacts("20241102T050000Z-0123abcd", NOW, "", [], {})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of ten entries; two cities are named, one of them without coordinates."""
    place, tables = tmp_path_factory.mktemp("release"), warehouse()
    tables["cities"] += [
        {
            "city_id": "no-oslo",
            "name": "Oslo",
            "country": "NO",
            "latitude": None,
            "longitude": None,
            "status": "member",
        },
        {
            "city_id": "pt-braga",
            "name": "Braga",
            "country": "PT",
            "latitude": 41.5,
            "longitude": -8.4,
            "status": "place",
        },
    ]
    tables["entries"][3] |= {"city_ids": ["fr-lyon", "no-oslo", "no-oslo"], "countries": ["FR", "NO"]}
    assert staged(place, tables) == []
    return place


def test_places_are_valid_geojson(folder: Path) -> None:
    places = FeatureCollection.model_validate_json((folder / "places.geojson").read_bytes())
    lyon, oslo = places.features
    assert (lyon.id, oslo.id) == ("fr-lyon", "no-oslo")  # and no city that nobody names
    assert isinstance(lyon.geometry, Point) and tuple(lyon.geometry.coordinates) == (-4.85, 45.75)
    assert oslo.geometry is None and places.bbox == (-4.85, 45.75, -4.85, 45.75)
    assert lyon.properties == {
        "name": "Lyon", "country": "FR", "status": "member", "entries": 10, "kinds": {"event": 9, "practice": 1},
    }  # fmt: skip
    assert oslo.properties and oslo.properties["kinds"] == {"event": 1}


def test_a_reader_of_feeds_sees_each_entry(folder: Path) -> None:
    feed = feedparser.parse((folder / "changes.atom").read_bytes())
    assert not feed.bozo and feed.version == "atom10"
    assert feed.feed.id == "tag:cityharvest,2024:changes" and feed.feed.updated == "2024-11-02T05:00:00Z"
    assert len({entry.id for entry in feed.entries}) == 10
    assert feed.entries[0].link == "https://www.example.org/a" and not feed.feed.get("links")
    assert {entry.updated for entry in feed.entries} == {feed.feed.updated}


def test_the_json_feed_has_what_its_version_asks_for(folder: Path) -> None:
    feed = json.loads((folder / "changes.json").read_text(encoding="utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"] and "feed_url" not in feed
    assert all(item["id"] and item["content_text"] and item["date_published"] for item in feed["items"])


def test_the_own_address_is_named_where_it_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYHARVEST_BASE_URL", "https://data.example.org/latest/")
    build(DataFolder(tmp_path), warehouse())
    release = publish(DataFolder(tmp_path), [], NOW).folder
    atom = feedparser.parse((release / "changes.atom").read_bytes())
    assert [link.href for link in atom.feed.links if link.rel == "self"] == [
        "https://data.example.org/latest/changes.atom"
    ]
    feed = json.loads((release / "changes.json").read_text(encoding="utf-8"))
    assert feed["feed_url"] == "https://data.example.org/latest/changes.json"
    assert feed["items"][0]["id"].startswith("tag:cityharvest,2024:")


DAMAGE = [
    ("events.ics", b"BEGIN:VEVENT", b"BEGIN:VTODO", "events.ics: 8 events, there should be 9"),
    ("calendars/fr.ics", b"END:VCALENDAR\r\n", b"", "fr.ics: 9 events"),
    ("events.ics", b"SUMMARY:", b"SUMMARY:" + b"x" * 80, "over 75 octets"),
    ("events.ics", b"STATUS:CONFIRMED\r\n", b"STATUS:CONFIRMED\n", "does not end with CRLF"),
    ("events.ics", b"STATUS:", b"STATUS:\x00", "has a control character"),
    ("events.ics", b"SUMMARY:", b"SUMMARY:\xff", "events.ics: can not be read"),
    ("calendar.parquet", b"PAR1", b"PAR2", "calendar.parquet: can not be read"),
    ("changes.parquet", b"PAR1", b"PAR2", "changes.parquet: can not be read"),
    ("places.geojson", b'"no-oslo"', b'"no-oslo', "events.ics|places.geojson: can not be read"),
    ("places.geojson", b"[-4.85, 45.75]}", b"[45.75, -94.85]}", "a point lies outside of the earth"),
    ("changes.atom", b"</entry>", b"", "changes.atom: can not be read"),
    ("changes.json", b'"items"', b'"things"', "changes.atom: can not be read"),
    ("site/data/first.js", b'"total":10', b'"total":11', "there should be 10 in each"),
    ("site/data/entries-000.js", b",\n", b",", "there should be 10 in each"),
    (
        "site/data/texts-000.js",
        FACTS.name.encode(),
        b"20241102T050000Z-another0",
        "texts-000.js: is no data of this release",
    ),
    ("site/data/sources.js", b'"List"', b'"<script>"', "sources.js: is no data"),
    ("site/data/index-000.js", b'"id":[', b'"id":', "site/data: can not be read"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), DAMAGE, ids=[f"{d[0]} {d[3][:20]}" for d in DAMAGE])
def test_the_gate_looks_at_each_file(
    folder: Path, tmp_path: Path, file: str, old: bytes, new: bytes, says: str
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    content = (copy / file).read_bytes()
    assert old in content
    (copy / file).write_bytes(new.join(content.rsplit(old, 1)))
    assert any(part in problem for problem in problems(copy) for part in says.split("|"))


def test_the_gate_misses_the_component_of_a_calendar_without_events(tmp_path: Path) -> None:
    tables = warehouse()
    for row in tables["entries"]:
        row |= {"kind": "news"}
    assert staged(tmp_path, tables) == []
    path = tmp_path / "events.ics"
    begin, _, rest = path.read_bytes().partition(b"BEGIN:VTIMEZONE")
    path.write_bytes(begin + rest.partition(b"END:VTIMEZONE\r\n")[2])
    assert problems(tmp_path) == ["events.ics: it has no component; one without events has a time zone"]


def test_the_gate_misses_files_and_counts_changes(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    (copy / "calendars" / "no.ics").rename(copy / "calendars" / "se.ics")
    with connect() as con:
        path = copy / "changes.parquet"
        con.execute(f"COPY (FROM read_parquet('{folder / 'changes.parquet'}') LIMIT 9) TO '{path}'")
    said = problems(copy)
    assert any(problem.startswith("changes.parquet: {'ADD': 9} do not lead from 0 entries to 10") for problem in said)
    assert any("no.ics, calendars/se.ics should not be there, or is missing" in problem for problem in said)


def problems(folder: Path) -> list[str]:
    with connect(folder / DATABASE, read_only=True) as con:
        assert released(con)
        return check_parts(con, folder, FACTS)

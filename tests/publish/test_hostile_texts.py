"""Whatever a page says comes out of every file harmless, and says the same: read by libraries that are not ours."""

from __future__ import annotations

import csv
import json
import random
import re
import unicodedata
from pathlib import Path

import feedparser
import icalendar
import pandas as pd
import pyarrow.parquet as pq
import pytest
from geojson_pydantic import FeatureCollection
from ical.calendar_stream import IcsCalendarStream
from publish_parts import entry, raw, staged, version, warehouse

from pipelines.publish.files.text import address, address_sql, one_line, one_line_sql, shown, shown_sql
from warehouse.build import connect

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title></feed>", "]]>", "<!--", "&lt;b&gt; &amp;",
    '=HYPERLINK("http://x.example","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "\x01@x",
    "a\r\nEND:VEVENT\r\nBEGIN:VEVENT", "a\nATTENDEE:mailto:x", "a\x0bEND:VEVENT\x0b", "a\u2028END:VEVENT\u2029b\x85c",
    "back\\slash\\nnot a break\\", "semi;colon,comma:colon", 'a "quoted" title', "it's", "x" * 10_000, "é" * 10_000,
    "😀" * 5_000, "word " * 2_000, "\u202egnp.exe\u202c", "\u2067right\u2069 left", "nul\x00in", "\x1b[31mred",
    "\ufeffbom", "\ufffe\uffff", " ", "", "null", "NaN", "1e5", "'", "''=1", '"', '""', ",", "a,b\r\nc,d", "%00%0d%0a",
    "${jndi:x}", "{{7*7}}", "مرحبا بكم", "Ünïcödé ＝1", "e\u0301", "🇫🇷", "\U0010ffff",
]  # fmt: skip
PIECES = [
    *"=+-@\t\r\n\x00\x0b\x0c\x1c\x85\u2028\u202e\u2066<>&\"'\\;:,{}[]%é😀 a1",
    "\r\n",
    "</",
    "]]>",
    "&#0;",
    "BEGIN:",
    "END:",
]
FORMULA = tuple("=+-@\t\r\n")


def texts() -> list[str]:
    chance = random.Random(6)
    return [*HOSTILE, *("".join(chance.choices(PIECES, k=chance.randint(1, 30))) for _ in range(300))]


@pytest.fixture(scope="module")
def told() -> list[str]:
    return texts()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> Path:
    """A release whose every entry says something hostile in every text."""
    place, tables, numbers = tmp_path_factory.mktemp("release"), warehouse(), range(1, len(told) + 1)
    tables["entries"] = [
        entry(n, title=text, summary=text, venue=text, topics=[text, text], cities=[text], subtitle=text,
              url=f"https://www.example.org/{text}", sections=json.dumps({"purpose": text}), date_raw=text)
        for n, text in enumerate(told, 1)
    ]  # fmt: skip
    tables["cities"][0]["name"] = told[0]
    tables["entry_sources"] = [raw(n) for n in numbers]
    tables["entry_versions"] = [version(n) for n in numbers]
    assert staged(place, tables) == []
    return place


def without_controls(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


def test_parquet_and_json_lines_keep_every_character(folder: Path, told: list[str]) -> None:
    lines = (folder / "entries.jsonl").read_text(encoding="utf-8").splitlines(keepends=False)
    rows = [json.loads(line) for line in (folder / "entries.jsonl").read_bytes().split(b"\n") if line]
    assert len(lines) >= len(rows) == len(told)
    assert [row["title"] for row in rows] == [row["sections"]["purpose"] for row in rows] == told
    table = pq.read_table(folder / "entries.parquet", columns=["entry_id", "title"]).sort_by("entry_id")
    assert table.column("title").to_pylist() == told


def test_csv_holds_no_formula_and_no_control_character(folder: Path, told: list[str]) -> None:
    with (folder / "entries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    plain = [without_controls(text) for text in told]
    assert [row["title"] for row in rows] == [f"'{text}" if text.startswith(FORMULA) else text for text in plain]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA)]
    assert [json.loads(row["cities"]) for row in rows] == [[text] for text in told]
    frame = pd.read_csv(folder / "entries.csv", dtype=str, keep_default_na=False)
    assert frame["title"].tolist() == [row["title"] for row in rows]


def test_calendars_show_the_text_and_nothing_else(folder: Path, told: list[str]) -> None:
    content = (folder / "events.ics").read_bytes()
    first = icalendar.Calendar.from_ical(content).events
    second = IcsCalendarStream.calendar_from_ics(content.decode()).events
    want = [one_line(text) or "Event without a title" for text in told]
    assert [str(event["SUMMARY"]) for event in first] == want
    assert sorted(event.summary for event in second) == sorted(want)
    assert [str(topic) for topic in first[0]["CATEGORIES"].cats] == [want[0], want[0]]
    assert not [name for event in first for name in event if name in ("ATTENDEE", "ORGANIZER", "VALARM")]
    for event, text in zip(first, told, strict=True):
        assert str(event["DESCRIPTION"]).endswith(str(event["URL"])) and str(event["URL"]).isascii()
        assert shown(text) in str(event["DESCRIPTION"])


def test_feeds_show_the_text_as_text(folder: Path, told: list[str]) -> None:
    items = json.loads((folder / "changes.json").read_text(encoding="utf-8"))["items"][1:]
    by_id = dict(enumerate(told, 1))
    titles = [by_id[int(item["_cityharvest"]["entry_id"][3:], 16)] for item in items]
    assert len(items) == 199
    for item, title in zip(items, titles, strict=True):
        want = one_line(title) or "An entry without a title"
        assert item["title"] in (f"Added: {want}", f"Added: {want[:498]} …")
        assert item["url"].isascii() and not re.search(r"[\s<>\"]", item["url"])
    atom = feedparser.parse((folder / "changes.atom").read_bytes(), sanitize_html=False)
    assert not atom.bozo and {entry.title_detail.type for entry in atom.entries} == {"text/plain"}
    assert [e.title for e in atom.entries][1:] == [item["title"].strip() for item in items]


def test_places_are_valid_whatever_their_names(folder: Path, told: list[str]) -> None:
    places = FeatureCollection.model_validate_json((folder / "places.geojson").read_bytes())
    assert [place.properties["name"] for place in places.features if place.properties] == [told[0]]


def test_sql_and_python_agree_on_what_is_shown(told: list[str]) -> None:
    with connect() as con:
        for said in told:
            columns = ", ".join(rule("x") for rule in (shown_sql, one_line_sql, address_sql))
            row = con.execute(f"SELECT {columns} FROM (SELECT ? AS x)", [said]).fetchall()[0]
            assert (row[0], row[2]) == (shown(said), address(said))
            assert unicodedata.normalize("NFC", row[1]) == unicodedata.normalize("NFC", one_line(said))


def test_halves_of_characters_are_replaced() -> None:
    assert one_line("a\ud800b") == "a\ufffdb" and address("https://x.example/\udfff") == "https://x.example/%EF%BF%BD"

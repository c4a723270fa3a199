"""Places, times and names of the reader of unknown pages; whole pages are in `test_listing_pages`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.read import read_page
from pipelines.read.generic.values.clocks import clock_words
from pipelines.read.generic.values.naming import undated
from pipelines.read.generic.values.places import is_venue, split_place
from pipelines.read.generic.values.subjects import subject_for
from pipelines.refine.dates import read_date

URL = "https://www.example-city.example/agenda"
NOW = datetime(2026, 3, 10, tzinfo=UTC)


def entries(body: str) -> list[dict[str, Any]]:
    return read_page(URL, f"<html lang=en><body><main>{body}</main></body></html>".encode(), "text/html", NOW).entries


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("18 h 30 Atelier", "18 h 30"),
        ("von 14 bis 16 Uhr im Rathaus", "14 bis 16 Uhr"),
        ("Gymnase – 10h00", "10h00"),
        ("klo 17–19", "klo 17–19"),
        ("de 10h à 12h30", "10h à 12h30"),
        ("19.00", "19.00"),
        ("12.50 €", None),
        ("12.03.2026", None),
        ("Video (2 h 12 min)", None),
    ],
)
def test_times_of_day_are_found_in_a_line(line: str, words: str | None) -> None:
    assert clock_words(line) == words


@pytest.mark.parametrize(
    ("line", "is_place"),
    [
        ("Bürgerhaus", True),
        ("Salle des fêtes", True),
        ("Петрова вулиця 5", True),
        ("Library board", False),
        ("Spring walk for all", False),
        ("Presented by the alliance since 1988.", False),
    ],
)
def test_venues_are_told_by_their_first_and_last_word(line: str, is_place: bool) -> None:
    assert is_venue(line) is is_place


def test_a_place_behind_a_name_is_cut_off() -> None:
    assert split_place("Repair café, Town library") == ("Repair café", "Town library")
    assert split_place("Bread, salt and songs") is None


def test_a_bare_heading_gives_way_to_the_full_name_of_the_body() -> None:
    assert subject_for(["Council Agendas", "Advisory Council Agenda & Minutes Archive"]) == "Advisory Council"
    assert subject_for(["Harbour District", "Harbour District | Kilmory County Council"]) == "Harbour District"


def test_quotes_and_brackets_of_a_name_stay_closed() -> None:
    assert undated("Exhibition «Voices»", ()) == ["Exhibition «Voices»"]


def test_the_place_of_all_records_is_the_spot_of_most_venues() -> None:
    rows = (
        ("12", "Spring fair", "Town hall"),
        ("13", "Choir evening", "St Mary Church"),
        ("14", "Swap shop", "The Nook"),
    )
    found = entries(
        "<ul>" + "".join(f"<li><h3>{t}</h3><p>{d} April 2026</p><p>{p}</p></li>" for d, t, p in rows) + "</ul>"
    )
    assert [one["place_raw"] for one in found] == ["Town hall", "St Mary Church", "The Nook"]
    assert [one["title"] for one in found] == ["Spring fair", "Choir evening", "Swap shop"]


def test_a_note_below_a_heading_tells_time_and_place_of_all_days() -> None:
    found = entries(
        "<h2>Parks Board 2026</h2><p>5:30 p.m., Library Community Room</p>"
        "<ul><li>April 8, 2026</li><li>May 13, 2026</li><li>June 10, 2026</li></ul>"
    )
    assert [one["place_raw"] for one in found] == ["Library Community Room"] * 3
    assert all(one["date_raw"].endswith("5:30 p.m.") for one in found)


def test_a_status_set_apart_at_the_end_of_a_line_is_one() -> None:
    names = ("Spring fair – cancelled", "Choir evening", "Bread day")
    found = entries(
        "<ul>" + "".join(f"<li><h3>{t}</h3><p>{d} April 2026</p></li>" for d, t in enumerate(names, 12)) + "</ul>"
    )
    assert [one["status"] for one in found] == ["cancelled", None, None]


@pytest.mark.parametrize(
    ("language", "month", "line"),
    [
        ("sl", "april", "<span>17.00</span> <b>{}</b>"),
        ("pl", "kwietnia", "<b>{}</b> <p>godz. 17<sup>00</sup></p>"),
        ("el", "Απριλίου", "<b>{}</b> <p>ώρα 5:00 μ.μ.</p>"),
    ],
)
def test_times_that_markup_sets_apart_are_read(language: str, month: str, line: str) -> None:
    names = ("Seed swap for all", "River walk", "Open kitchen")
    rows = "".join(f"<li><i>{at + 4} {month} 2026</i> {line.format(name)}</li>" for at, name in enumerate(names))
    page = f"<html lang={language}><meta charset=utf-8><body><main><ul>{rows}</ul></main></body></html>"
    made = [one["date_raw"] for one in read_page(URL, page.encode(), "text/html", NOW).entries]
    assert [str(read_date(raw, (language,), NOW.date()).start_time) for raw in made] == ["17:00:00"] * 3


def test_a_place_that_its_class_names_is_read_without_label_and_price() -> None:
    rows = "".join(
        f'<li><a href="/e/{day}">{name}</a> <p>{day} April 2026</p><p class="event-loc">Dock: Old ferry, €5</p></li>'
        for day, name in ((4, "Seed swap"), (5, "River walk"), (6, "Open kitchen"))
    )
    assert {one["place_raw"] for one in entries(f"<ul>{rows}</ul>")} == {"Old ferry"}

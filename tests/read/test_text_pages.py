"""Pages kept as text: where entries begin and end, and what their lines are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.read import PageReading, read_page

ICC = "https://www.coe.int/en/web/interculturalcities"
WHEN = datetime(2021, 3, 1, tzinfo=UTC)
TEASER = "Residents and officials sat down in the town library and wrote a plan that says who does what and when..."
OTHER = "A choir, two football clubs and the parents of one school tell how they found each other that year..."


def read(page: str, *parts: str, **hints: Any) -> PageReading:
    return read_page(f"{ICC}/{page}", "\n\n".join(parts).encode(), "text/plain", WHEN, hints=hints)


def values(reading: PageReading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(entry[name] for name in names) for entry in reading.entries]


def test_news_with_date_and_place() -> None:
    reading = read("newsroom", "A plan for the harbour", "3-4 May 2019 Bergen, Norway", TEASER, "Read More")
    assert values(reading, "title", "date_raw", "place_raw", "summary") == [
        ("A plan for the harbour", "3-4 May 2019", "Bergen, Norway", TEASER)
    ]


def test_subtitle_and_venue() -> None:
    reading = read(
        "newsroom",
        "Side meeting",
        "How towns pay",
        "4 June 2019, 2 p.m. Strasbourg, Town Hall, Room 3",
        TEASER,
        "Read More",
    )
    assert values(reading, "title", "subtitle", "date_raw", "place_raw") == [
        ("Side meeting", "How towns pay", "4 June 2019, 2 p.m.", "Strasbourg, Town Hall, Room 3")
    ]


def test_a_status_in_front_of_the_date() -> None:
    reading = read("newsroom", "A plan for the harbour", "CANCELLED 3-4 May 2019 Bergen, Norway", TEASER, "Read More")
    assert values(reading, "title", "subtitle", "status", "date_raw", "place_raw") == [
        ("A plan for the harbour", None, "CANCELLED", "3-4 May 2019", "Bergen, Norway")
    ]


def test_marker_and_deadline_above_the_title() -> None:
    parts = [
        "(anglais seulement)",
        "Deadline for applications: 20 February 2023",
        "Call for trainers",
        TEASER,
        "Read More",
    ]
    (entry,) = read("newsroom", *parts).entries
    assert entry["title"] == "Call for trainers"
    assert entry["surtitle"] == "Deadline for applications: 20 February 2023"
    assert "20 February 2023" in entry["date_raw"]
    assert entry["language_declared"] == "en"


def test_read_more_missing_for_some() -> None:
    reading = read("newsroom", "Alpha", TEASER, "Beta", "5 May 2020", OTHER, "Read More", "Gamma", TEASER)
    assert [entry["title"] for entry in reading.entries] == ["Alpha", "Beta", "Gamma"]


def test_neither_dates_nor_read_more() -> None:
    reading = read(
        "newsroom", "Newsroom", "New film on rumours", TEASER, "Six towns join", OTHER, "Social media Social media"
    )
    assert [entry["title"] for entry in reading.entries] == ["New film on rumours", "Six towns join"]


def test_a_title_that_is_a_long_sentence() -> None:
    title = "The town of Repentigny runs a course on how to plan projects that leave something behind in the quarters."
    reading = read("newsroom", "Before", TEASER, "Read More", title, OTHER, "Read More")
    assert values(reading, "title", "summary") == [("Before", TEASER), (title, OTHER)]


def test_introduction_of_the_practice_page_is_no_entry() -> None:
    intro = "This part of the site gathers what towns told us of their work. " * 4
    furniture = ["Avenue de l'Europe", "F-67075 Strasbourg Cedex", "Tel. +33 (0)3 00 00 00 00", "www.coe.int"]
    parts = [
        *furniture,
        "Good practice examples from towns",
        intro,
        intro,
        "Template for collection of Good practices >>",
    ]
    entry = ["A garden for all", "Italy Fermo 2018-2019", TEASER, "Read More"]
    end = ["Topic", "0 International outlook", "Year"]
    for template in ([], parts[-1:]):
        reading = read("good-practice", *parts[:-1], *template, *entry, *end)
        assert values(reading, "title", "date_raw", "place_raw") == [("A garden for all", "2018-2019", "Italy Fermo")]


@pytest.mark.parametrize(
    ("line", "date", "place"),
    [
        ("Spain Barcelona", None, "Spain Barcelona"),
        ("Royaume-Uni Leeds depuis 2020", "depuis 2020", "Royaume-Uni Leeds"),
        (
            "Italy Casalecchio di Reno 2009-ongoing Casalecchio di Reno, Italy",
            "2009-ongoing",
            "Italy Casalecchio di Reno; Casalecchio di Reno, Italy",
        ),
        ("Cyprus Limassol Ongoing", "Ongoing", "Cyprus Limassol"),
        ("Sweden Botkyrka N/A", "N/A", "Sweden Botkyrka"),
    ],
)
def test_practice_metadata(line: str, date: str | None, place: str) -> None:
    reading = read("good-practice", "A kitchen for the street", line, TEASER, "Read More")
    assert values(reading, "title", "date_raw", "place_raw") == [("A kitchen for the street", date, place)]


def test_empty_title_is_kept_and_told() -> None:
    parts = ["One", "Spain Bilbao", TEASER, "Read More", "Portugal Loures 2014-2017", OTHER, "Read More"]
    reading = read("good-practice", *parts)
    assert values(reading, "title", "place_raw") == [("One", "Spain Bilbao"), (None, "Portugal Loures")]
    assert reading.entries[1]["issues"] == ["the page shows no title"]


def test_practices_grouped_under_cities() -> None:
    reading = read(
        "good-pratice", "Good practices", "Barcelona", "A night bus with guides", "Books on loan", "Oslo", "Open stage"
    )
    assert values(reading, "title", "place_raw") == [
        ("A night bus with guides", "Barcelona"),
        ("Books on loan", "Barcelona"),
        ("Open stage", "Oslo"),
    ]


@pytest.mark.parametrize("join", [" ", "\t", "\n"])
def test_table_of_meetings_as_text(join: str) -> None:
    rows = [
        ("17-18 January 2019", "Braga, Portugal", "Visit of an expert"),
        ("3 March 2019 (afternoon)", "Barcelona, Spain", "Towns against hate"),
    ]
    text = "\n".join([join.join(("Date", "Place", "Title")), *(join.join(row) for row in rows)])
    reading = read("meetings", text, reader="table")
    assert values(reading, "date_raw", "place_raw", "title") == rows


def test_a_date_without_a_year_gets_its_neighbours_as_context() -> None:
    parts = ["A", "18-19 April Odesa, Ukraine", TEASER, "Read More", "B", "4 May 2017 Oslo, Norway", OTHER, "Read More"]
    first, second = read("newsroom", *parts).entries
    assert first["date_context"] == "4 May 2017"
    assert second["date_context"] is None


HUB = "https://www.covid-congress-hub.org/en"


def hub(path: str, *parts: str) -> PageReading:
    furniture = [
        "Congress Website",
        "In two steps, share what your town did.",
        "COVID-19 Toolkit (available in several languages)",
    ]
    return read_page(f"{HUB}/{path}", "\n\n".join([*furniture, *parts]).encode(), "text/plain", WHEN)


def test_hub_partner_gives_an_item_a_sentence() -> None:
    reading = hub(
        "partner/3-league-of-towns.html",
        "Home Partners League of Towns",
        "League of Towns",
        "COVID-19 : Special page Website :",
        "The League of Towns brings forty towns together and has opened a page on the months of the pandemic.",
        "Online events",
        "The League of Towns held a seminar on quiet squares and crowded parks.",
        "Online resources",
        'The League printed a guide called "Windows open to the street" for wardens. '
        "It also lent tablets to the town of Bergen (Norway).",
    )
    titles = [entry["title"] for entry in reading.entries]
    assert titles[1] == "Windows open to the street"
    assert len(titles) == 3
    assert reading.entries[0]["page_kind"] == "event"
    assert "Bergen" in reading.entries[2]["place_raw"]


def test_hub_initiative_is_one_item() -> None:
    reading = hub(
        "initiative/12-soup-by-bicycle.html",
        "Soup by bicycle",
        "In Leeds volunteers rode out with soup. They rang first.",
    )
    (entry,) = reading.entries
    assert (entry["title"], entry["item_key"], entry["page_kind"]) == (
        "Soup by bicycle",
        "hub:initiative/12",
        "practice",
    )
    assert entry["place_raw"] == "Leeds"


def test_detail_page_as_text() -> None:
    parts = [
        "A garden for all",
        "Fermo, Italy 5 May 2019",
        "Purpose",
        "Neighbours who never spoke should share a spade.",
        "Stimulus/Rationale: The ground lay waste for ten years.",
        "Impact",
        "Forty beds, nine languages.",
        "Social media Social media",
    ]
    (entry,) = read("-/a-garden-for-all", *parts).entries
    assert entry["item_key"] == "coe:a-garden-for-all"
    assert entry["sections"] == {
        "purpose": "Neighbours who never spoke should share a spade.",
        "stimulus": "The ground lay waste for ten years.",
        "impact": "Forty beds, nine languages.",
    }
    assert (entry["date_raw"], entry["place_raw"], entry["page_kind"]) == ("5 May 2019", "Fermo, Italy", "practice")

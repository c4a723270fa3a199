"""One list in many markups, and lists whose lines stand in other orders: none lost, none invented, none merged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.read import PageReading, read_page

ICC = "https://www.coe.int/en/web/interculturalcities"
WHEN = datetime(2021, 3, 1, tzinfo=UTC)
ONE = "Residents and officials sat down in the library and wrote a plan that names who does what, and by which month..."
TWO = "A choir, two football clubs and the parents of one school tell how they found each other and what comes next..."
WHOLE = "Forty shopkeepers and the drivers of the ring line agreed on a sign that says who can help in which language."
TEASERS = {"ONE": ONE, "TWO": TWO, "WHOLE": f"{WHOLE} {WHOLE}"}
MENU = "".join(f'<li><a href="/en/web/interculturalcities/{page}">{page}</a></li>' for page in ("home", "about"))
NAMES = ("title", "date_raw", "place_raw", "summary", "item_key")
ROWS = [
    ("A plan for the harbour", "3-4 May 2019", "Bergen, Norway", ONE, "coe:a-plan"),
    ("Second thing", "5 June 2019", None, TWO, "coe:second"),
]

_FILE = Path(__file__).with_name("page_variants.yaml")
VARIANTS: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def html(page: str, body: str) -> PageReading:
    text = f"<html><head><title>Newsroom</title></head><body><ul>{MENU}</ul><h1>Newsroom</h1>{body}</body></html>"
    return read_page(page if "://" in page else f"{ICC}/{page}", text.encode(), "text/html; charset=utf-8", WHEN)


def text(page: str, *parts: str, **hints: Any) -> PageReading:
    return read_page(f"{ICC}/{page}", "\n\n".join(parts).encode(), "text/plain", WHEN, hints=hints)


def values(reading: PageReading, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(entry[name] for name in names) for entry in reading.entries]


@pytest.mark.parametrize("markup", VARIANTS["markups"].values(), ids=VARIANTS["markups"])
def test_the_same_entries_in_every_markup(markup: str) -> None:
    around, _, entry = markup.rpartition("|")
    shown = "".join(
        entry.format(u=f"/en/web/interculturalcities/-/{key[4:]}", t=title, m=f"{date} {place or ''}", s=teaser)
        for title, date, place, teaser, key in ROWS
    )
    reading = html("newsroom", (around or "@").replace("@", shown))
    assert [row[:3] + row[4:] for row in values(reading, *NAMES)] == [row[:3] + row[4:] for row in ROWS]
    assert [entry["summary"].partition("\n")[0] for entry in reading.entries] == [ONE, TWO]
    assert {(entry["subtitle"], entry["surtitle"]) for entry in reading.entries} == {(None, None)}


def test_two_lists_one_of_a_single_entry() -> None:
    card = '<div class=i><h3><a href="/en/web/interculturalcities/-/{n}">Title {n}</a></h3><p>{n} May 2019</p></div>'
    body = f"<h2>Upcoming</h2><div>{card.format(n=1)}{card.format(n=2)}</div><h2>Past</h2><div>{card.format(n=3)}</div>"
    assert values(html("newsroom", body), "title", "date_raw") == [(f"Title {n}", f"{n} May 2019") for n in (1, 2, 3)]


def test_cities_and_titles_parted_by_br() -> None:
    links = '<a href="/en/web/interculturalcities/-/{0}">Title {0}</a>'
    body = f"<p><b>Barcelona</b><br>{links.format(1)}<br>{links.format(2)}</p><p><b>Oslo</b><br>{links.format(3)}</p>"
    found = [("Title 1", "Barcelona"), ("Title 2", "Barcelona"), ("Title 3", "Oslo")]
    assert values(html("good-pratice", body), "title", "place_raw") == found


def test_a_date_on_a_leaf_of_a_calendar_and_a_title_cut_short() -> None:
    link = '<a href="/en/web/interculturalcities/-/{n}" title="The whole title">The wh…</a>'
    card = f"<div class=i><div>{{n}}</div><div>May</div><div>2019</div><h3>{link}</h3></div>"
    assert values(html("newsroom", card.format(n=3) + card.format(n=12)), "title", "date_raw") == [
        ("The whole title", "3 May 2019"),
        ("The whole title", "12 May 2019"),
    ]


def test_headings_above_tables_and_words_in_headers() -> None:
    head = "<tr><td>Titre de la réunion</td><td>Lieu</td><td>Date(s)</td></tr>"
    row = "<tr><td>{0}<br>With guests</td><td>Oslo</td><td>3 May</td></tr>"
    body = "".join(f"<h3>{year}</h3><table>{head}{row.format(f'Talks {year}')}</table>" for year in (2019, 2018))
    assert values(html("meetings", body), "title", "subtitle", "date_raw", "date_context") == [
        ("Talks 2019", "With guests", "3 May", "2019"),
        ("Talks 2018", "With guests", "3 May", "2018"),
    ]


@pytest.mark.parametrize("case", VARIANTS["texts"].values(), ids=VARIANTS["texts"])
def test_lines_in_other_orders(case: dict[str, Any]) -> None:
    reading = text("newsroom", *(TEASERS.get(line, line) for line in case["lines"]))
    assert [list(found) for found in values(reading, "title", "date_raw", "place_raw")] == case["entries"]
    assert {entry["subtitle"] for entry in reading.entries} == {None}


def test_years_above_groups_are_the_context_of_their_dates() -> None:
    first = ["2021", "A", "3 May Oslo", ONE, "Read More", "B", "4 May", TWO, "Read More"]
    reading = text("newsroom", *first, "2019", "C", "5 May", f"So it was. {ONE}", "Read More")
    expected = [("A", "3 May", "2021"), ("B", "4 May", "2021"), ("C", "5 May", "2019")]
    assert values(reading, "title", "date_raw", "date_context") == expected


def test_a_city_alone_above_a_teaser_may_be_title_or_place() -> None:
    (entry,) = text("newsroom", "Oslo", ONE, "Read More").entries
    assert (entry["title"], entry["place_raw"]) == ("Oslo", "Oslo")
    assert entry["issues"] == ["the title may be the place of an entry without one"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Date Place Title", "3 March 2019 Oslo, Norway Talks", "Date Place Title", "5 May 2019 Braga, Portugal Visit"],
        ["Title Date Place", "Talks 3 March 2019 Oslo, Norway", "Visit 5 May 2019 Braga, Portugal"],
        ["Place", "Date", "Title", "Oslo, Norway", "3 March 2019", "Talks", "Braga, Portugal", "5 May 2019", "Visit"],
    ],
)
def test_columns_of_a_text_table_in_any_order(lines: list[str]) -> None:
    reading = text("meetings", *lines, reader="table")
    assert values(reading, "title", "date_raw", "place_raw") == [
        ("Talks", "3 March 2019", "Oslo, Norway"),
        ("Visit", "5 May 2019", "Braga, Portugal"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["Bergen, Norway – Soup is carried up the stairs.", "Leeds: Books are left at the door."],
        [
            "The town of Bergen carries soup up all of its many stairs.",
            "In Leeds books are left at the doors of those who read.",
        ],
    ],
)
def test_cities_within_the_lines_of_the_pandemic_page(lines: list[str]) -> None:
    reading = text(
        "covid-19-special-page", "Cities' initiatives", *lines, "Useful links", "An office", reader="initiatives"
    )
    assert [("Bergen" in e["place_raw"], "Leeds" in e["place_raw"]) for e in reading.entries] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Purpose: Spades are shared. Process: Ground was dug. Impact: Forty beds.</p>",
        "<p><b>Purpose</b> Spades are shared.</p><p><b>Process</b> Ground was dug.</p><p><b>Impact</b> Forty beds.</p>",
    ],
)
def test_labels_that_share_a_line_with_text(body: str) -> None:
    facts = "<table><tr><td>City</td><td>Fermo</td></tr><tr><td>Period</td><td>2018-2019</td></tr></table>"
    (entry,) = html("-/a-garden", f"<h2>A garden</h2>{facts}{body}").entries
    assert (entry["title"], entry["date_raw"], entry["place_raw"]) == ("A garden", "2018-2019", "Fermo")
    assert entry["sections"] == {"purpose": "Spades are shared.", "process": "Ground was dug.", "impact": "Forty beds."}


@pytest.mark.parametrize("slug", ["talks-at-the-harbour", "x"])
def test_the_title_of_a_detail_page_below_a_menu(slug: str) -> None:
    lines = [
        "Human Rights",
        "Our cities",
        "Partners",
        "Donors",
        "Newsroom",
        "Talks at the harbour",
        "Oslo 5 May 2017",
        WHOLE,
    ]
    (entry,) = text(f"-/{slug}", *lines).entries
    assert (entry["title"], entry["date_raw"], entry["place_raw"]) == ("Talks at the harbour", "5 May 2017", "Oslo")


@pytest.mark.parametrize("line", ["Oslo, Norway, 3 May 2012: First talks", "3 May 2012 - First talks, Oslo, Norway"])
def test_place_before_the_date_or_behind_the_title_of_a_legacy_event(line: str) -> None:
    url = "http://www.coe.int/t/dg4/cultureheritage/culture/cities/events_en.asp"
    reading = read_page(url, f"Events\n{line}".encode(), "text/plain", WHEN)
    assert values(reading, "title", "date_raw", "place_raw") == [("First talks", "3 May 2012", "Oslo, Norway")]

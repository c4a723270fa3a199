"""Rules of the reader of unknown pages, one at a time; whole pages are in `test_listing_pages`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.read import read_page
from pipelines.read.generic.values.naming import subject_of, undated
from pipelines.read.html.decode import decode
from pipelines.refine.dates import read_dates

URL = "https://www.example-city.example/agenda"
NOW = datetime(2026, 3, 10, tzinfo=UTC)


def entries(body: str) -> list[dict[str, Any]]:
    return read_page(URL, f"<html lang=en><body><main>{body}</main></body></html>".encode(), "text/html", NOW).entries


def days(found: list[dict[str, Any]]) -> list[str]:
    contexts = [one["date_context"] for one in found]
    read = read_dates([one["date_raw"] for one in found], captured=NOW.date(), contexts=contexts)
    return [str(day) for day in read["start_date"]]


def cards(*lines: tuple[str, str]) -> str:
    return "".join(f"<li><h3><a href='/e/{n}'>{t}</a></h3><p>{d}</p></li>" for n, (d, t) in enumerate(lines))


@pytest.mark.parametrize(
    ("heading", "subject"),
    [
        ("2021 Plan Commission Meeting Schedule", "Plan Commission Meeting"),
        ("Town of Oakfield | Parks Board Agendas", "Town of Oakfield"),
        ("Agendas and minutes", None),
        ("Board Minutes 2019", "Board Minutes"),
        ("Veranstaltungen: Kalender", None),
    ],
)
def test_a_heading_names_its_list_without_years_and_names_of_lists(heading: str, subject: str | None) -> None:
    assert subject_of(heading) == subject


def test_times_part_a_line() -> None:
    assert undated("Choir evening, 18:30 – Old mill", ()) == ["Choir evening", "Old mill"]


def test_a_year_comes_from_the_heading_above_never_from_the_one_below() -> None:
    found = entries(
        f"<h2>2024</h2><ul>{cards(('3 May', 'Spring walk'), ('9 June', 'Choir evening'))}</ul>"
        f"<h2>2025</h2><ul>{cards(('4 May', 'Bread day'), ('8 June', 'Book swap'))}</ul>"
    )
    assert days(found) == ["2024-05-03", "2024-06-09", "2025-05-04", "2025-06-08"]


def test_a_list_runs_over_new_year() -> None:
    found = entries(
        "<ul>"
        + cards(("20 November 2025", "Lantern walk"), ("12 December", "Carols"), ("9 January", "Swap shop"))
        + "</ul>"
    )
    assert days(found) == ["2025-11-20", "2025-12-12", "2026-01-09"]


def test_the_other_days_of_a_list_tell_the_order_of_numbers() -> None:
    found = entries("<ul>" + cards(("5/28/2026", "Swap shop"), ("6/4/2026", "Choir evening")) + "</ul>")
    assert days(found) == ["2026-05-28", "2026-06-04"]


def test_a_day_of_publication_does_not_lead_where_the_event_has_its_own() -> None:
    rows = "".join(f"<tr><td>{d} April 2026</td><td>Forum {d}</td><td>0{d}.03.2026</td></tr>" for d in (2, 3, 4, 5))
    found = entries(f"<table><tr><th>Date</th><th>Event</th><th>Posted</th></tr>{rows}</table>")
    assert days(found) == ["2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05"]
    assert [one["title"] for one in found] == ["Forum 2", "Forum 3", "Forum 4", "Forum 5"]


def test_several_things_below_one_day() -> None:
    found = entries(
        "<h2>Friday 3 April 2026</h2><ul><li>10:00 Bread day</li><li>14:00 Swap shop</li></ul>"
        "<h2>Saturday 4 April 2026</h2><ul><li>11:00 Choir evening</li><li>19:00 Film night</li></ul>"
    )
    assert [one["title"] for one in found] == ["Bread day", "Swap shop", "Choir evening", "Film night"]
    assert days(found) == ["2026-04-03", "2026-04-03", "2026-04-04", "2026-04-04"]


def test_months_as_columns_and_bodies_as_rows() -> None:
    found = entries(
        "<h2>2026</h2><table><tr><th>Body</th><th>April</th><th>May</th></tr>"
        "<tr><td>Parks board</td><td>7, 21</td><td>5</td></tr>"
        "<tr><td>Youth council</td><td>9</td><td>14</td></tr></table>"
    )
    assert {(one["title"], day) for one, day in zip(found, days(found), strict=True)} == {
        ("Parks board", "2026-04-07"),
        ("Parks board", "2026-04-21"),
        ("Parks board", "2026-05-05"),
        ("Youth council", "2026-04-09"),
        ("Youth council", "2026-05-14"),
    }


def test_a_date_inside_a_title_is_part_of_it() -> None:
    found = entries("<ul>" + cards(("2 April 2026", "Outcome of 24 February"), ("3 April 2026", "Book swap")) + "</ul>")
    assert [one["title"] for one in found] == ["Outcome of 24 February", "Book swap"]
    assert days(found) == ["2026-04-02", "2026-04-03"]


def test_an_entry_shown_twice_is_one() -> None:
    shown = cards(("2 April 2026", "Bread day"), ("3 April 2026", "Book swap"), ("9 April 2026", "Film night"))
    found = entries(f"<div class=desktop><ul>{shown}</ul></div><div class=mobile><ol>{shown}</ol></div>")
    assert [one["title"] for one in found] == ["Bread day", "Book swap", "Film night"]


def test_every_entry_says_how_sure_it_is_and_why() -> None:
    (one, *_) = entries("<h1>Parks board</h1><ul><li>2 April 2026</li><li>9 April 2026</li><li>16 April 2026</li></ul>")
    assert 0 < one["confidence"] < 1
    assert set(one["evidence"]) == {"entry", "title", "date"}
    assert one["title"] == "Parks board"
    assert one["issues"] == ["not sure of the title: no title of its own; the heading above"]


def test_what_a_page_states_fills_what_it_shows() -> None:
    stated = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Event","name":"Bread day",'
        '"startDate":"2026-04-02","location":{"@type":"Place","name":"Old mill"}}</script>'
    )
    found = entries(stated + "<ul>" + cards(("2 April 2026", "Bread day"), ("3 April 2026", "Book swap")) + "</ul>")
    assert [(one["title"], one["place_raw"]) for one in found] == [("Bread day", "Old mill"), ("Book swap", None)]


def test_a_title_that_only_the_page_states_is_no_doubt_of_the_heading_above() -> None:
    stated = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Event","name":"Bread day",'
        '"startDate":"2026-04-02"}</script>'
    )
    days = "".join(f"<li>{day} April 2026</li>" for day in (2, 9, 16))
    one, other, _ = entries(f"{stated}<h1>Parks board</h1><ul>{days}</ul>")
    assert (one["title"], one["evidence"]["title"]["reason"], one["issues"]) == ("Bread day", "stated as json-ld", [])
    assert (other["title"], len(other["issues"])) == ("Parks board", 1)


@pytest.mark.parametrize(
    ("charset", "declared", "language", "words"),
    [
        ("cp1251", "iso-8859-1", "bg", "Празник на хляба на площада"),
        ("iso-8859-7", "windows-1252", "el", "Γιορτή ψωμιού στην πλατεία"),
        ("shift_jis", "utf-8", "ja", "パンの日のおまつり"),
        ("cp1250", "", "pl", "Święto chleba łąki źródła"),
    ],
)
def test_the_letters_of_the_language_tell_an_old_charset(
    charset: str, declared: str, language: str, words: str
) -> None:
    body = f"<html lang={language}><body><p>{words}</p></body></html>".encode(charset)
    text, issue = decode(body, f"text/html; charset={declared}" if declared else "text/html")
    assert words in text
    assert issue is not None

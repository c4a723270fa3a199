"""Titles, statuses and addresses of the reader of unknown pages; whole pages are in `test_listing_pages`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.read import read_page
from pipelines.read.generic.values.naming import is_placeish, subject_of
from pipelines.read.generic.values.standing import says_status
from pipelines.refine.status import read_status

URL = "https://www.example-city.example/agenda"
NOW = datetime(2026, 3, 10, tzinfo=UTC)


def entries(body: str, language: str = "en") -> list[dict[str, Any]]:
    page = f"<html lang={language}><body><main>{body}</main></body></html>"
    return read_page(URL, page.encode(), "text/html", NOW).entries


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ('<a href="/e/1">Harbour choir</a> <span>Annulé</span>', "cancelled"),
        ('<a href="/e/1">Harbour choir</a> <font>ΜΑΤΑΙΩΝΕΤΑΙ</font>', "cancelled"),
        ('<a href="/e/1">Harbour choir</a> <span>přesunuto na podzim</span>', "postponed"),
        ('<a href="/e/1">Harbour choir</a> (GAAT NIET DOOR)', "cancelled"),
        ('<a href="/e/1">Harbour choir</a> ***ABGESAGT***', "cancelled"),
        ('<a href="/e/1">Harbour choir</a><p>The concert is postponed to May.</p>', "postponed"),
        ('<a href="/e/1">【中止】Harbour choir</a>', "cancelled"),
        ('<a href="/e/1">Harbour choir</a><span class="tag is-hidden">Cancelled</span>', None),
        ('<a href="/e/1">Cancelled culture: a debate</a>', None),
        ('<a href="/e/1">Harbour choir</a>', None),
    ],
)
def test_a_status_counts_where_it_stands_apart(line: str, status: str | None) -> None:
    others = "".join(f'<li>{day} April 2026 <a href="/e/{day}">Talk number {day} of many</a></li>' for day in (11, 12))
    made = entries(f"<ul><li>10 April 2026 {line}</li>{others}</ul>")
    assert len(made) == 3
    assert read_status(made[0]["status"], made[0]["title"])[0] == status
    assert [one["status"] for one in made[1:]] == [None, None]


def test_a_status_in_a_line_of_days_is_of_the_day_before_it() -> None:
    rows = "".join(f"<tr><th>Board {name}</th><td>{cell}</td></tr>" for name, cell in CELLS)
    made = entries(f"<h1>Meetings 2026</h1><table><tr><th>Board</th><th>April</th></tr>{rows}</table>")
    status = {one["date_raw"]: one["status"] for one in made if one["status"]}
    assert len(made) == 4
    assert list(status.values()) == ["cancelled"]
    assert [raw for raw in status if "17" in raw]


CELLS = (("A", "3, <s>17</s> <em>cancelled</em>"), ("B", "9, 23"))


def test_a_badge_and_words_for_hearing_are_no_part_of_a_title() -> None:
    rows = "".join(
        f'<div class="row"><h3><span class="sr-only">Show entry: </span><a href="/e/{day}">{name}</a>'
        f" <span>{badge}</span></h3><p>{day} April 2026</p></div>"
        for day, name, badge in ((4, "Seed swap", ""), (5, "River walk", "Abgesagt"), (6, "Open kitchen", ""))
    )
    assert [one["title"] for one in entries(rows)] == ["Seed swap", "River walk", "Open kitchen"]


def test_the_parts_of_a_card_that_is_one_link_are_told_apart() -> None:
    cards = "".join(
        f'<a href="/e/{day}"><span>{day}</span><span>April</span> <span>{name}</span><span>18:00</span></a>'
        for day, name in ((4, "Seed swap for all"), (5, "River walk"), (6, "Open kitchen"))
    )
    made = entries(f"<h1>Programme 2026</h1><div>{cards}</div>")
    assert [one["title"] for one in made] == ["Seed swap for all", "River walk", "Open kitchen"]


def test_a_linked_heading_names_the_dated_lines_below_it() -> None:
    parts = "".join(
        f'<h3><a href="/p/{name.lower()}">{name} circle</a></h3><ul>'
        + "".join(f"<li>{day} April 2026 at 17:00 – fully booked</li>" for day in days)
        + "</ul>"
        for name, days in (("Poetry", (4, 11)), ("Robots", (5, 12)), ("Chess", (6, 13)))
    )
    made = entries(parts)
    assert [one["title"] for one in made] == [f"{n} circle" for n in ("Poetry", "Robots", "Chess") for _ in range(2)]
    assert made[0]["url"] == "https://www.example-city.example/p/poetry"


def test_a_link_that_repeats_over_rows_is_not_the_page_of_an_entry() -> None:
    rows = "".join(
        f'<tr><td><a href="/board/{at % 2}">{("Parks", "Harbour")[at % 2]} board</a></td><td>{at + 1} April 2026</td>'
        f"<td>{details}</td></tr>"
        for at in range(8)
        for details in (f'<a href="/meeting/{at}">Meeting details</a>' if at < 6 else "Not available",)
    )
    made = entries(f"<table><tr><th>Name</th><th>Date</th><th>Details</th></tr>{rows}</table>")
    wanted = [f"https://www.example-city.example/meeting/{at}" for at in range(6)] + [URL, URL]
    assert [one["url"] for one in made] == wanted


def test_the_document_behind_a_day_is_its_address_when_it_has_no_page() -> None:
    rows = "".join(
        f'<li><a href="/f/{day}.pdf">{day} April 2026</a> / <a href="/f/m{day}.pdf">Minutes</a></li>' for day in (4, 11)
    )
    made = entries(f"<h1>Harbour committee</h1><ul>{rows}<li>18 April 2026</li></ul>")
    wanted = ["https://www.example-city.example/f/4.pdf", "https://www.example-city.example/f/11.pdf", URL]
    assert [one["url"] for one in made] == wanted


def test_words_of_a_status_are_known_without_case_and_accents() -> None:
    assert says_status("ΑΝΑΒΑΛΛΕΤΑΙ") == (0, 1, 1)
    assert says_status("Die Lesung fällt leider aus") == (2, 5, 5)
    assert says_status("開催中止のお知らせ") == (0, 1, 1)
    assert says_status("Harbour choir") is None
    assert read_status("ANNULEE") == ("cancelled", None)
    assert read_status(None, "ЕЛАТЕ – ОТМЕНЯ СЕ") == ("cancelled", None)


def test_a_year_before_words_is_no_house_number() -> None:
    assert not is_placeish("1848 remembered: wreaths and songs")
    assert is_placeish("123 Harbour View Lane")


def test_a_heading_is_not_cut_behind_a_small_word() -> None:
    assert subject_of("Courses and dates") == "Courses and dates"
    assert subject_of("2026 Harbour Commission Schedule") == "Harbour Commission"

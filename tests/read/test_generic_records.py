"""Which records and days the reader of unknown pages finds: calendars by their columns, lists of days, days by an
attribute, and what has days and is no entry; titles and fields are in `test_generic_rules`."""

from __future__ import annotations

import html
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.read import read_page
from pipelines.refine.dates import read_dates

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def entries(body: str, language: str = "en") -> list[dict[str, Any]]:
    page = f"<html lang={language}><body><main>{body}</main></body></html>".encode()
    return read_page("https://www.example-city.example/agenda", page, "text/html", NOW).entries


def days(found: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """(title, day) of each entry, with the last day where that is another one."""
    contexts = [one["date_context"] for one in found]
    read = read_dates([one["date_raw"] for one in found], captured=NOW.date(), contexts=contexts)
    ends = zip(found, read["start_date"], read["end_date"], strict=True)
    return [(one["title"], f"{first}" if first == last else f"{first}/{last}") for one, first, last in ends]


def row(cells: list[str], tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def linked(title: str) -> str:
    return f"<a href='/e/{title.lower().replace(' ', '-')}'>{title}</a>"


def month(rows: dict[int, str]) -> str:
    """March 2026 as a table whose numbers stand in rows of their own; `rows` are the rows below each week's Monday."""
    weeks = [[str(date.fromordinal(date(2026, 2, 23).toordinal() + 7 * w + d).day) for d in range(7)] for w in range(6)]
    return "".join(row(week) + rows.get(int(week[0]), "") for week in weeks)


def test_days_stand_in_the_row_above_what_happens() -> None:
    found = entries(
        "<h2>March 2026</h2><table>"
        + month(
            {
                9: row(["", "", linked("Choir evening"), "", "", linked("Bread day"), ""]),
                16: row([linked("Book swap"), *[""] * 6]),
            }
        )
        + "</table>"
    )
    assert days(found) == [("Choir evening", "2026-03-11"), ("Bread day", "2026-03-14"), ("Book swap", "2026-03-16")]


def test_a_bar_over_several_days_goes_on_in_the_next_week() -> None:
    bar = f"<tr><td></td><td></td><td></td><td></td><td colspan=3>{linked('Spring week')}</td></tr>"
    rest = f"<tr><td colspan=2>« {linked('Spring week')}</td><td></td><td></td><td></td><td></td><td></td></tr>"
    other = row(["", linked("Bread day"), *[""] * 5])
    found = entries(f"<h2>March 2026</h2><table>{month({9: bar, 16: rest + other})}</table>")
    assert sorted(days(found)) == [("Bread day", "2026-03-17"), ("Spring week", "2026-03-13/2026-03-17")]


def test_a_row_of_links_to_other_months_is_nothing_below_days() -> None:
    body = month({9: row([linked("Choir evening"), *[""] * 6])})
    foot = "<tfoot><tr><td colspan=3><a href=/m/2>« Feb</a></td><td></td><td colspan=3><a href=/m/4>Apr »</a></td></tr>"
    assert len(entries(f"<h2>March 2026</h2><table><tbody>{body}</tbody>{foot}</tfoot></table>")) == 1


def test_a_week_of_parts_with_roles_and_hours() -> None:
    def line(head: str, cells: list[str]) -> str:
        inside = "".join(f"<div role=gridcell>{cell}</div>" for cell in cells)
        return f"<div role=row><div role=rowheader>{head}</div>{inside}</div>"

    heads = ["Mon 16 March", "Tue 17 March", "Wed 18 March", "Thu 19 March", "Fri 20 March"]
    found = entries(
        "<h1>This week</h1><div role=grid>"
        + line("", heads)
        + line("10:00", ["", linked("Choir evening"), "", "", linked("Bread day")])
        + line("18:30", [linked("Book swap"), "", "", "", ""])
        + "</div>"
    )
    assert sorted(days(found)) == [
        ("Book swap", "2026-03-16"),
        ("Bread day", "2026-03-20"),
        ("Choir evening", "2026-03-17"),
    ]
    assert "10:00" in next(one["date_raw"] for one in found if one["title"] == "Bread day")


def test_cells_whose_day_only_an_attribute_tells() -> None:
    names = {4: "Choir evening", 11: "Bread day", 18: "Book swap"}
    cells = "".join(
        f"<div class=cell data-date='2026-03-{day:02}'>{linked(names[day]) if day in names else ''}</div>"
        for day in range(1, 29)
    )
    assert days(entries(f"<h1>Calendar</h1><div class=grid>{cells}</div>")) == [
        ("Choir evening", "2026-03-04"),
        ("Bread day", "2026-03-11"),
        ("Book swap", "2026-03-18"),
    ]


def test_a_month_between_links_to_its_neighbours_is_no_menu() -> None:
    nav = "<div class=date-nav><h3>May 2025</h3><ul class=pager><li><a href=/a>« Earlier months</a></ul></div>"
    lines = "".join(
        f"<li><b>{when}</b> {linked(what)}"
        for when, what in (
            ("Tuesday 6", "Choir evening"),
            ("Thursday 8", "Bread day"),
            ("Friday 9", "Book swap"),
        )
    )
    assert [day for _, day in days(entries(f"{nav}<ul>{lines}</ul>"))] == ["2025-05-06", "2025-05-08", "2025-05-09"]


@pytest.mark.parametrize(
    ("language", "words", "wanted"),
    [
        ("en", "12, 19 and 26 March 2026", ["2026-03-12", "2026-03-19", "2026-03-26"]),
        ("ro", "12, 19 și 26 martie 2026", ["2026-03-12", "2026-03-19", "2026-03-26"]),
        ("en", "25 April and 10 October 2026", ["2026-04-25", "2026-10-10"]),
        ("en", "12 and 26 March and 2 April 2026", ["2026-03-12", "2026-03-26", "2026-04-02"]),
        ("en", "12 and 13 March 2026", ["2026-03-12/2026-03-13"]),
    ],
)
def test_each_day_of_a_list_of_days_is_an_entry(language: str, words: str, wanted: list[str]) -> None:
    found = entries(f"<ul><li><h3>{linked('Choir evening')}</h3><p>{words}, 18:00</p></li></ul>", language)
    assert days(found) == [("Choir evening", day) for day in wanted]


def test_days_and_months_in_numbers_are_dates_where_a_list_of_them_goes_up() -> None:
    lines = [("13/3", "Choir evening"), ("21/3", "Bread day"), ("4/4", "Book swap")]
    table = "".join(row([day, linked(name)]) for day, name in lines)
    assert days(entries(f"<h2>2026</h2><table>{table}</table>", "fr")) == [
        ("Choir evening", "2026-03-13"),
        ("Bread day", "2026-03-21"),
        ("Book swap", "2026-04-04"),
    ]


def test_versions_and_shares_are_no_days() -> None:
    for lines in (["1.1", "1.2", "1.3"], ["3/4", "1/2", "2/3"]):
        assert (
            entries("<table>" + "".join(row([line, linked("Rules of the house")]) for line in lines) + "</table>") == []
        )


def test_a_title_tells_the_day_of_words_that_do_not() -> None:
    shown = [("Yesterday", "9 March 2026"), ("3 days ago", "7 March 2026"), ("Last week", "2 March 2026")]
    cards = "".join(
        f"<div class=card><h3>{linked(f'Works begin, part {n}')}</h3><span title='{full}'>{words}</span></div>"
        for n, (words, full) in enumerate(shown, 1)
    )
    assert [day for _, day in days(entries(cards))] == ["2026-03-09", "2026-03-07", "2026-03-02"]


LIST = "".join(
    f"<li><h3>{linked(name)}</h3><p>{day} 2026, 18:00</p></li>"
    for day, name in (("12 March", "Choir evening"), ("14 March", "Bread day"), ("20 March", "Book swap"))
)


@pytest.mark.parametrize(
    "beside",
    [
        "<section><h2>Citizens' office</h2><p>The new counter opens its doors on 4 May 2026 at 8:00.</p></section>",
        "<section><h2>Sky</h2><ul><li>Fri 13.3. 8 °C<li>Sat 14.3. 9 °C<li>Sun 15.3. 7 °C</ul></section>",
        "<section><h2>Version history</h2><table><tr><td>01.02.2026<td>New form<tr><td>25.05.2024<td>New fee</table>",
        "<section><h2>Opening hours over Easter</h2><p>Friday 3 April 2026: 8:00 – 12:00</p></section>",
        "<section><h2>Baths</h2><ul><li>Friday 3 April: baths closed<li>Monday 6 April: baths closed</ul></section>",
    ],
    ids=["amid words", "weather", "versions", "hours", "shut"],
)
def test_what_has_days_beside_a_list_is_no_entry(beside: str) -> None:
    assert [title for title, _ in days(entries(f"<ul>{LIST}</ul>{beside}"))] == [
        "Choir evening",
        "Bread day",
        "Book swap",
    ]


def test_a_table_that_a_script_fills_is_read_from_its_attribute() -> None:
    rows = [
        {"c0": "<a href='/e/1'>Choir evening</a>", "c1": "12 March 2026, 19:00", "c2": "Old mill", "x": 7},
        {"c0": "<a href='/e/2'>Book swap</a>", "c1": "14 March 2026 - 15 March 2026", "c2": "", "x": 8},
    ]
    heads = "<th data-key=c0>Event</th><th data-key=c1>Date</th><th data-key=c2>Place</th>"
    data = html.escape(json.dumps({"empty": [], "data": rows}))
    found = entries(f'<table data-rows="{data}"><thead><tr>{heads}</tr></thead><tbody></tbody></table>')
    assert days(found) == [("Choir evening", "2026-03-12"), ("Book swap", "2026-03-14/2026-03-15")]
    assert [one["place_raw"] for one in found] == ["Old mill", None]
    assert found[0]["url"].endswith("/e/1")


def test_rows_of_a_filled_table_are_not_put_in_again() -> None:
    data = html.escape(json.dumps([["Book swap", "14 March 2026"], ["Bread day", "15 March 2026"]]))
    shown = row(["Choir evening", "12 March 2026"]) + row(["Repair table", "13 March 2026"])
    heads = row(["Event", "Date"], "th")
    found = entries(f'<table data-rows="{data}">{heads}{shown}</table>')
    assert [title for title, _ in days(found)] == ["Choir evening", "Repair table"]


def test_rows_that_name_a_month_stand_above_rows_of_days() -> None:
    rows = [
        ("January", ""),
        ("Tue 13", "Planning board"),
        ("Wed 14", "Audit board"),
        ("February", ""),
        ("Tue 3", "Full"),
    ]
    body = "".join(row([day, linked(what)]) if what else f"<tr><th colspan=2>{day}</th></tr>" for day, what in rows)
    found = entries(f"<h2>Meetings 2026</h2><table>{row(['Date', 'Meeting'], 'th')}{body}</table>")
    assert [day for _, day in days(found)] == ["2026-01-13", "2026-01-14", "2026-02-03"]


def test_a_note_behind_one_of_several_days_of_a_month() -> None:
    table = row(["Board", "January", "February"], "th") + row(["Planning", "13.", "10. (cancelled), 24."])
    found = entries(f"<h2>Meetings 2026</h2><table>{table}</table>")
    assert [day for _, day in days(found)] == ["2026-01-13", "2026-02-10", "2026-02-24"]


@pytest.mark.parametrize(
    ("language", "words", "wanted"),
    [
        ("et", "02.03 - 31.03.2026", "2026-03-02/2026-03-31"),
        ("et", "P 29.03.2026 kell 15.00", "2026-03-29"),
        ("he", "09.06-11.06.2026", "2026-06-09/2026-06-11"),
        ("cs", "Termín konání: 14. 2. 2026 od 10:00 hod.", "2026-02-14"),
        ("uk", "25–26 квітня Сб–Нд", "2026-04-25/2026-04-26"),
    ],
)
def test_the_words_of_a_date_are_taken_whole(language: str, words: str, wanted: str) -> None:
    rest = "".join(f"<li>{linked(f'Open workshop {n}')} <span>{n}.04.2026</span></li>" for n in (3, 4, 8))
    found = entries(f"<ul><li>{linked('Choir evening')} <div>{words}</div></li>{rest}</ul>", language)
    assert dict(days(found)).get("Choir evening") == wanted


def test_a_label_that_is_only_for_readers_of_screens_is_a_word_of_its_own() -> None:
    item = "<li><h3>{0}</h3><div><span class=sr-only>Date published</span>{1}</div></li>"
    told = [("Fines end from 1 April", "Sunday, 22 February 2026"), ("New buses", "Monday, 2 February 2026")]
    told += [("Fund opens", "Friday, 30 January 2026")]
    found = entries("<ul>" + "".join(item.format(title, day) for title, day in told) + "</ul>")
    assert [day for _, day in days(found)] == ["2026-02-22", "2026-02-02", "2026-01-30"]


def test_of_years_to_choose_from_the_shown_one_counts() -> None:
    switch = "<div><a href='?y=2026'>2026</a> <b>2027</b> <a href='?y=2028'>2028</a></div>"
    listed = "".join(f"<li><p>{n}–{n + 1} May</p><p>{linked(f'Open workshop {n}')}</p></li>" for n in (4, 11, 18))
    found = entries(f"<h1>Agenda</h1>{switch}<ul>{listed}</ul>")
    assert [day for _, day in days(found)] == [f"2027-05-{n:02}/2027-05-{n + 1:02}" for n in (4, 11, 18)]


TOLD = [("12 March 1914", "First school"), ("6 April 1939", "Market closes"), ("15 April 1979", "Earthquake")]


def test_the_history_of_a_town_is_no_list_of_events() -> None:
    assert not entries("".join(f"<div class=card><p>{day}</p><h3>{title}</h3><p>x</p></div>" for day, title in TOLD))


def test_an_old_archive_with_some_of_each_year_is_one() -> None:
    told = [(f"{n} May {year}", f"Council meeting {year}-{n}") for year in range(1990, 2026) for n in (4, 18)]
    found = entries("".join(f"<div class=card><p>{day}</p><h3>{title}</h3></div>" for day, title in told))
    assert len(found) == len(told)


def test_the_day_of_the_visit_is_no_entry() -> None:
    listed = "".join(f"<li>{linked(f'Open workshop {n}')} <span>{n} April 2026</span></li>" for n in (3, 4, 8))
    found = entries(f"<p>Tuesday, 10 March 2026</p><h2>Agenda</h2><ul>{listed}</ul>")
    assert [day for _, day in days(found)] == ["2026-04-03", "2026-04-04", "2026-04-08"]


def test_a_page_about_one_thing_with_posts_beside_it() -> None:
    words = (
        "A whole evening of songs from the quarter, with the choirs of four schools and everybody who wants to join."
    )
    beside = "".join(f"<li>{linked(f'Post number {n}')} {n} February 2026</li>" for n in (3, 4))
    found = entries(
        f"<h1>Night of songs</h1><p>Last year's night, 17 May 2025</p><p>{words}</p>"
        f"<p>When: Saturday, 16 May 2026, 20:30<br>Where: Old mill</p><h3>Related posts</h3><ul>{beside}</ul>"
    )
    assert days(found) == [("Night of songs", "2026-05-16")]


def week(heads: list[str], things: dict[int, list[str]], apart: bool) -> str:
    """A week of plain elements; its days have their things with them, or in columns of a row below."""
    cells = ["".join(f"<div class=ev>{linked(one)}</div>" for one in things.get(at, [])) for at in range(len(heads))]
    if not apart:
        pairs = zip(heads, cells, strict=True)
        return "".join(f"<div class=day><div class=head>{head}</div>{cell}</div>" for head, cell in pairs)
    shown = "".join(f"<div class=head>{head}</div>" for head in heads)
    return f"<div>{shown}</div><div>{''.join(f'<div class=col>{cell}</div>' for cell in cells)}</div>"


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(
    ("title", "first", "wanted"),
    [
        ("9–15 March 2026", 9, ["2026-03-10", "2026-03-12", "2026-03-12"]),
        ("March 2026", 9, ["2026-03-10", "2026-03-12", "2026-03-12"]),
        ("30 March – 5 April 2026", 30, ["2026-03-31", "2026-04-02", "2026-04-02"]),
    ],
)
def test_a_week_of_plain_elements(title: str, first: int, wanted: list[str], apart: bool) -> None:
    numbers = [(first + at - 1) % 31 + 1 for at in range(7)]
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    heads = [f"{name} {number}" for name, number in zip(names, numbers, strict=True)]
    things = {1: ["Choir evening"], 3: ["Book swap", "Bread day"]}
    found = entries(f"<h1>Agenda</h1><h2>{title}</h2><div>{week(heads, things, apart)}</div>")
    assert days(found) == list(zip(("Choir evening", "Book swap", "Bread day"), wanted, strict=True))


def test_dates_in_another_language_than_the_page_declares() -> None:
    told = [("7 de noviembre de 2026", "Feria del libro"), ("8 de diciembre de 2026", "Coro")]
    told += [("9 de enero de 2027", "Cuentos")]
    found = entries("<ul>" + "".join(f"<li><p>{day}</p><h3>{linked(title)}</h3></li>" for day, title in told) + "</ul>")
    assert [day for _, day in days(found)] == ["2026-11-07", "2026-12-08", "2027-01-09"]


def test_the_headings_above_a_record_are_the_nearest_of_each_rank() -> None:
    parts = ["<h1>Town</h1><h2>2025</h2><h3>May</h3>", "<h2>2026</h2><h4>Old</h4><h3>June</h3>"]
    item = "<ul><li>3 June <a href='/a'>Open workshop</a></li><li>4 June <a href='/b'>Bread day</a></li></ul>"
    assert [day for _, day in days(entries("".join(parts) + item))] == ["2026-06-03", "2026-06-04"]


def test_days_in_numbers_alone_need_three_lines_of_one_look() -> None:
    def listed(*numbers: str) -> list[dict[str, Any]]:
        rows = "".join(f"<li><b>{one}</b> {linked(f'Reading night {at}')}</li>" for at, one in enumerate(numbers))
        return entries(f"<h1>Termine 2026</h1><ul>{rows}</ul>", "de")

    assert [day for _, day in days(listed("25.11.", "28.11.", "3.12."))] == ["2026-11-25", "2026-11-28", "2026-12-03"]
    assert listed("25.11.", "28.11.") == []  # two may be anything
    assert listed("1.1.", "1.2.", "1.3.") == []  # chapters: no number is more than a month
    assert listed("25.11.", "28.11.", "14.95.") == []  # one that can be no day: prices


def test_a_badge_of_the_first_day_is_no_entry_beside_its_range() -> None:
    def card(badge: str, words: str, title: str) -> str:
        return f"<div class=card><div class=badge>{badge}</div><div><p>{words}</p><h3>{linked(title)}</h3></div></div>"

    found = entries(
        card("13 March 2026", "13 March 2026 – 15 March 2026", "Spring fair")
        + card("20 March 2026", "20 March 2026", "Choir night")
        + card("27 March 2026", "27 March 2026", "Chess night")
    )
    assert days(found)[0] == ("Spring fair", "2026-03-13/2026-03-15")
    assert len(found) == 3

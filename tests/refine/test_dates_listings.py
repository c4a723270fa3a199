"""Dates as pages of meetings and events show them, and the numbers that stand beside them there and are none."""

from __future__ import annotations

from datetime import date, time

import pytest
from babel import Locale
from babel.dates import format_skeleton

from pipelines.refine.dates import find_dates
from pipelines.refine.dates.words.vocabulary import language_codes

WHOLE = [
    "Tuesday, January 8, 2019 - 6:00 PM",
    "Jan 8 2019 6:00pm",
    "01/08/2019",
    "8 JAN",
    "JAN 8",
    "Mon, Jan. 8th at 9 a.m.",
    "2019-01-08T18:00:00-06:00",
    "ma 8 jan 2019 om 20.00 uur",
    "8.1. klo 18",
    "le 8 janvier 2019 de 18h à 20h",
    "08.01.2019, 19:30 Uhr",
    "December 3, 10 & 17, 2019",
    "December 3, 10 and 17, 2019",
    "Wed 8 - Fri 10 January",
    "8 January to 12 February 2020",
    "8/9 January",
    "January 8, 2019 @ 6:00 pm - 8:00 pm",
    "Sat, 08 Feb 2020 10:00:00 +0100",
    "January - March",
    "June–August",
    "from June until August",
    "March to May 2019",
    "may 25th",
    "el 8 de gener",
    "vom 8. bis 12. Januar",
    "du 8 au 12 janvier",
    "dal 8 al 12 gennaio",
    "8 gennaio ore 18.00",
    "2019年1月8日",
    "1월 8일",
]
PARTS = [
    ("January 8th (Special Meeting)", ["January 8th"]),
    ("The board meets on Tuesday, January 8 at 6:00 PM in the library.", ["Tuesday, January 8 at 6:00 PM"]),
    ("Minutes of the meeting of 8 January 2019 (draft)", ["8 January 2019"]),
    ("Updated: 2 January 2019, 14:05", ["2 January 2019, 14:05"]),
    ("Begin: 8.1.2019 End: 12.1.2019", ["8.1.2019 End: 12.1.2019"]),
    ("Market Square 8 May 2019, 11 am", ["8 May 2019, 11 am"]),
    ("Midnight mass, 24 December St. Nicholas", ["24 December"]),
    ("May 8 Street Fair", ["May 8"]),
    ("8 May Street Music Night", ["8 May"]),
    ("SW1A 2AA, 8 May 2019", ["8 May 2019"]),
    ("minutes-2019-01-08.pdf", ["2019-01-08"]),
    ("Article 12 of the rules of 3 May 2018", ["3 May 2018"]),
]
NONE = [
    "Tickets: $1,200.50",
    "Call 555-0147 or (03) 5550 0147",
    "+1 312 555 0147",
    "Mon-Fri 9-17",
    "Mon - Fri 9:00 - 17:00",
    "Town hall, room 12",
    "Room 3.12, second floor",
    "Planner v2.5.1 is out",
    "Our doors are open 24/7",
    "The home team won 3-2",
    "Swimming for ages 3-5",
    "For ages 12 and up",
    "1200 May Street",
    "2019 Main Street",
    "12 March Road",
    "5 April Lane, Springfield",
    "12 May St., Springfield",
    "1. Mai-Straße 5",
    "5th Ward",
    "11th District",
    "Agenda (PDF, 2.5 MB)",
    "2019-07 Resolution",
    "Resolution 2019-07",
    "Ordinance No. 2019-12",
    "Paper #2019-05",
    "File 2019-123",
    "ID 2019-01-0042",
    "Act 5 of 2019",
    "Olympics 2012 Trust",
    "Vision 2030 Foundation",
    "Horizon 2020",
    "SW1A 2019",
    "NE1 2019",
    "Art. 12.05.2018",
    "§ 12.05.2018",
    "Nr. 12.05.2018",
    "No. 12/05/2018",
    "1/2 cup, 3/4 spoon",
    "Places for 10-12 people",
    "Read more",
    "PO Box 2019",
]


@pytest.mark.parametrize("text", WHOLE)
def test_the_whole_text_is_a_date(text: str) -> None:
    assert [span.text for span in find_dates(text)] == [text]


@pytest.mark.parametrize(("text", "dates"), PARTS)
def test_the_date_is_cut_out(text: str, dates: list[str]) -> None:
    found = find_dates(text)
    assert [span.text for span in found] == dates
    assert all(text[span.start : span.end] == span.text for span in found)


@pytest.mark.parametrize("text", NONE)
def test_numbers_that_are_no_dates(text: str) -> None:
    assert [span.text for span in find_dates(text)] == []


def test_a_moment_for_machines_keeps_its_zone() -> None:
    (span,) = find_dates("2019-01-08T18:00:00-06:00")
    reading = span.reading
    assert (reading.start_date, reading.start_time, reading.end_time) == (date(2019, 1, 8), time(18), None)
    assert reading.timezone == "Etc/GMT+6"


def test_days_of_a_list_after_the_month() -> None:
    (span,) = find_dates("December 3, 10 & 17, 2019")
    assert span.reading.days == (date(2019, 12, 3), date(2019, 12, 10), date(2019, 12, 17))


# Where CLDR writes the short form in numbers only ("8.1."), it is a fraction as well, and no date without more words.
NUMBERS_ONLY = {("bg", "MMMd"), ("cs", "MMMd"), ("fi", "MMMd"), ("lt", "MMMd"), ("sk", "MMMd")}


WRITTEN = [(code, form) for code in language_codes() for form in ("MMMMd", "MMMd") if (code, form) not in NUMBERS_ONLY]


@pytest.mark.parametrize(("code", "skeleton"), WRITTEN)
def test_day_and_month_without_a_year_in_every_language(code: str, skeleton: str) -> None:
    for day in (date(2019, 1, 8), date(2019, 5, 21), date(2019, 8, 30)):
        text = format_skeleton(skeleton, day, locale=Locale.parse("en_GB" if code == "en" else code))
        (span,) = find_dates(f"{text}", code)
        assert text.startswith(span.text.rstrip("."))

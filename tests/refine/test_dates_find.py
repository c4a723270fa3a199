"""Where dates stand in a text, and what is none."""

from __future__ import annotations

import pytest

from pipelines.refine.dates import find_dates

LINES = [
    ("Italy Casalecchio di Reno 2009-ongoing Casalecchio di Reno, Italy", ["2009-ongoing"]),
    ("14 May 2019, 3 p.m. Strasbourg, Palais de l'Europe, Room 5", ["14 May 2019, 3 p.m."]),
    ("14 May 2019 (afternoon) Barcelona, Spain", ["14 May 2019 (afternoon)"]),
    ("14 May 2019 at 11.00-12.30 CET Online", ["14 May 2019 at 11.00-12.30 CET"]),
    ("27-28 March 2017 Limassol, Cyprus", ["27-28 March 2017"]),
    ("8 april 2022", ["8 april 2022"]),
    ("Ireland Dublin QË NGA VITI 2018", ["QË NGA VITI 2018"]),
    ("Germany Berlin-Neukölln à partir 2014", ["à partir 2014"]),
    ("Sweden Botkyrka N/A", ["N/A"]),
    ("Cyprus Limassol Ongoing", ["Ongoing"]),
    ("Italie Turin En cours", ["En cours"]),
    ("United Kingdom Leeds 2019", ["2019"]),
    ("Spain Bilbao From 2014 - ongoing", ["From 2014 - ongoing"]),
    ("Ukraine Lutsk 2016-", ["2016-"]),
    ("Norvège Oslo Depuis mars 2014", ["Depuis mars 2014"]),
    ("Portugal Braga mai 2015", ["mai 2015"]),
    ("Italy Fermo January - February 2018", ["January - February 2018"]),
    ("Switzerland Neuchâtel", []),
    ("France Saint-Denis Saint-Denis, France", []),
    ("5 months (May-September 2014) + 2 months’ training", ["5 months (May-September 2014) + 2 months’ training"]),
    ("Every year since the end of 2012", ["Every year since the end of 2012"]),
    (
        "One year from March 2014 to February 2015 (which may be extended for another year)",
        ["One year from March 2014 to February 2015 (which may be extended for another year)"],
    ),
    ("Deadline for proposals: 3 March 2021", ["Deadline for proposals: 3 March 2021"]),
    ("Paris du 3 au 5 juin 2021", ["du 3 au 5 juin 2021"]),
    ("Odessa, Ukraine | date tbc", ["date tbc"]),
]
SENTENCES = [
    ("The mayors met on 6th July 2017 and again on 3 August.", ["on 6th July 2017", "on 3 August"]),
    ("Die Stadt lädt am 4. Mai 2019 um 18 Uhr ein.", ["am 4. Mai 2019 um 18 Uhr"]),
    ("Le réseau existe depuis 2014 et compte dix villes.", ["depuis 2014"]),
    ("The office has been open since 2011, in two rooms.", ["since 2011"]),
    ("La rete, nata il 3 marzo 2015, ha sede a Torino.", ["il 3 marzo 2015"]),
]
NO_DATES = [
    "They may march in spring, as the current ongoing debate shows.",
    "Call +33 3 88 41 20 00 or 0049 30 2018 2019.",
    "A budget of 12.500 EUR and 3,5 million for 24 towns.",
    "The 2-day meeting in Room 2017 was full.",
    "Version 2.5.1 of the tool, page 12, article 8.",
    "The score was 3-2 after 90 minutes.",
    "Open 24/7, from 9:00 to 17:00.",
    "Rue de la Gare 12, 67000 Strasbourg",
    "Mars et Mai sont deux amies de la ville.",
    "May you live long, said March to Autumn.",
    "Son travail en cours porte sur les écoles.",
    "About 2000 people came, 1 in 5 by bike.",
    "50/50 places, 1/2 price, 3/4 of the hall.",
    "10.10.10.10 is an address.",
    "© 2010-2021 City of Example",
    "Copyright 2018 City of Example",
    "City Hall, 2020 East 9th Street, Room 2-114",
    "A list of points from the 2018 Board was read.",
    "2nd Quarter",
    "Conference Today",
    "One Hundred Days of Solidarity: 3 Weeks in Bilbao",
    "Slavonski Brod na Savi",
    "",
    "()()()",
]


@pytest.mark.parametrize(("line", "dates"), LINES)
def test_cuts_a_metadata_line(line: str, dates: list[str]) -> None:
    found = find_dates(line)
    assert [span.text for span in found] == dates
    assert all(line[span.start : span.end] == span.text for span in found)


@pytest.mark.parametrize(("sentence", "dates"), SENTENCES)
def test_finds_real_dates_in_sentences(sentence: str, dates: list[str]) -> None:
    assert [span.text for span in find_dates(sentence)] == dates


@pytest.mark.parametrize("text", NO_DATES)
def test_finds_nothing_where_there_is_no_date(text: str) -> None:
    assert [span.text for span in find_dates(text)] == []


def test_a_span_carries_its_reading() -> None:
    (span,) = find_dates("Geneva 3-5 June 2021")
    assert (span.start, span.end) == (7, 20)
    assert span.reading.edtf == "2021-06-03/2021-06-05"


def test_what_is_none_or_open_is_a_span_with_a_reason() -> None:
    (span,) = find_dates("Sweden Botkyrka N/A")
    assert span.reading.start_date is None
    assert span.reading.reason == "rule: said to be none"


def test_several_dates_keep_their_places() -> None:
    text = "Oslo 3 May 2018 | Bergen 4 June 2019"
    assert [(s.text, s.reading.edtf) for s in find_dates(text)] == [
        ("3 May 2018", "2018-05-03"),
        ("4 June 2019", "2019-06-04"),
    ]

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
    ("Phase 2 (2018-2020)", ["2018-2020"]),
    ("Kirklees, UK – 2 May 2019", ["2 May 2019"]),
    ("Saint-Denis-3 May 2019", ["3 May 2019"]),
]
SENTENCES = [
    ("The mayors met on 6th July 2017 and again on 3 August.", ["6th July 2017", "3 August"]),
    ("Die Stadt lädt am 4. Mai 2019 um 18 Uhr ein.", ["4. Mai 2019 um 18 Uhr"]),
    ("Le réseau existe depuis 2014 et compte dix villes.", ["depuis 2014"]),
    ("The office has been open since 2011, in two rooms.", ["since 2011"]),
    ("La rete, nata il 3 marzo 2015, ha sede a Torino.", ["3 marzo 2015"]),
    ("In July 2020 the city opened a school, and all came.", ["July 2020"]),
    ("On 23 April 2020, the mayor spoke of it.", ["23 April 2020"]),
    ("They gave two thousand meals a day since March 2020.", ["since March 2020"]),
    ("Le 3 mai 2019, la ville a ouvert ses portes.", ["3 mai 2019"]),
    ("She worked there from May 2018 until June 2019, and then left.", ["from May 2018 until June 2019"]),
    ("The fair ran between 3 and 5 June 2021 in the park.", ["between 3 and 5 June 2021"]),
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
    "It began at the 2016 Autumn conference of the network.",
    "They may 5 times a year march 3 miles.",
    "Resolution 2017/12 of the council",
    "https://example.org/news/-/report-may-2019-final",
    "https://example.org/2019/05/14/page.html",
    "newsletter-of-the-city-may-2019.pdf",
    "Conference Today",
    "One Hundred Days of Solidarity: 3 Weeks in Bilbao",
    "Slavonski Brod na Savi",
    "Tel. 03 88 41 20 19, fax 2019-2020",
    "Call 8-800-2000-500 or +358 9 310 1691.",
    "Prices from 12.50 to 15.90 euro",
    "Eintritt 12,50 €, ermäßigt 8.50 €",
    "Zimmer 12.05, Etage 3",
    "Salle 12, 3e étage, 75004 Paris",
    "Sala 3.12, piso 2",
    "1234 Ljubljana, 00-950 Warszawa, 1050-094 Lisboa",
    "Version 12.05.18 of the software",
    "Das Spiel endete 3:2 (1:1)",
    "Il punteggio finale è 21-19, 19-21",
    "Ouvert du lundi au vendredi 9h-17h",
    "Mo-Fr 9.00-17.00 Uhr",
    "Abierto de lunes a viernes, de 10:00 a 14:00",
    "Open Monday to Friday, 9 am to 5 pm",
    "Otwarte pon.-pt. 10-18",
    "Rue du 8 Mai 1945, 12",
    "Straße des 17. Juni 135, Berlin",
    "Piazza 25 aprile 5, Torino",
    "Calle 2 de Mayo 14, Madrid",
    "ул. 1 Мая, 12",
    "10 Downing Street, Flat 4",
    "ISBN 978-3-16-148410-0",
    "1 000 000 people in 12 towns",
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

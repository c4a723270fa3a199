"""Privacy: what is removed, and what only looks like it."""

from __future__ import annotations

import pytest

from pipelines.refine.privacy import EMAIL_REMOVED, PHONE_REMOVED, is_personal_address, redact, redact_links


@pytest.mark.parametrize(
    "address",
    [
        "rosa.luz@city.example.org",
        "office+news@town.example",
        "Ö.Berg@stad.example.se",
        "rosa (at) city.example.org",
        "rosa [at] city [dot] example [dot] org",
        "rosa(at)city.example.org",
        "rosa {arroba} ciudad {punto} es",
        "rosa AT city DOT org",
        "rosa at city dot org",
        "rosa @ city.example.org",
        "mailto:rosa@city.example.org",
    ],
)
def test_addresses_are_removed(address: str) -> None:
    assert redact(f"Write to {address}, please.") == (f"Write to {EMAIL_REMOVED}, please.", ("e-mail",))


@pytest.mark.parametrize(
    "number",
    [
        "+33 (0)3 11 22 33 44",
        "+49 30/1234567",
        "+351211234567",
        "+7 (495) 123-45-67",
        "+38(044)123-45-67",
        "0033 3 11 22 33 44",
        "00 351 21 123 45 67",
        "03 11 22 33 44",
        "03.11.22.33.44",
        "020 7946 0018",
        "(0113) 222 4444",
        "0113-222-4444",
        "089/1234567",
        "(312) 555-0123",
        "312-555-0123",
        "0664 123456",
        "06-12345678",
        "8 (912) 345-67-89",
        "021 234 56 78",
    ],
)
def test_numbers_are_removed(number: str) -> None:
    assert redact(f"Ring {number} or come by.") == (f"Ring {PHONE_REMOVED} or come by.", ("phone",))


@pytest.mark.parametrize(
    "label", ["Tel.", "Tel:", "tél :", "Telefon", "Phone:", "Tel./Fax:", "Τηλ.", "Тел.:", "WhatsApp", "Fax"]
)
def test_labelled_numbers_are_removed(label: str) -> None:
    text, found = redact(f"{label} 22 797 797, room 4")
    assert PHONE_REMOVED in text and "797" not in text and text.endswith(", room 4")
    assert found == ("phone",)


@pytest.mark.parametrize(
    "text",
    [
        "2015-2020 / 2021-25",
        "28-29 11 2018",
        "01 02 2020 to 03 04 2021",
        "01.02.2020-03.04.2020",
        "2020-05-01 2020-06-30",
        "Deadline 2023-02-20 17:00",
        "€ 1 200 000 or +1 000 000 people",
        "+ 500 000 residents",
        "F-67075 Strasbourg Cedex, 1000-001 Lisboa",
        "DE89 3704 0044 0532 0130 00",
        "ISBN 978-92-871-8432-1, ISSN 0123-4567",
        "CETS No. 005, Rec(2015)1, CM/Rec(2022)10",
        "room 0.123 at 09.30-12.00 on 07 07 2020",
        "resource 2019/0123456, version 10.2.33.4",
        "phone 2020-2021",
        "hotel 12 345",
        "17 goals, 169 targets, 10 000 000 000 people",
        "the meeting at city.example.org",
        "05-08 06 2020, 07 07 2020 11.00-12.00",
        "05.-08.06.2020, 09.00-10.30/11",
        "08 00-16 30, Sat 09 00-12 00",
        "ORCID 0000-0002-1825-0097, 0150 Oslo, 01067 Dresden",
        "@city_of_two_rivers on the net, 5 @ 3 each",
        "it is at noon. Dot com years",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redact(text) == (text, ())


def test_redacting_twice_changes_nothing() -> None:
    once, found = redact("Rosa Luz, rosa@city.example, Tel. +33 1 22 33 44 55 / +33 1 22 33 44 56")
    assert once == f"Rosa Luz, {EMAIL_REMOVED}, Tel. {PHONE_REMOVED} / {PHONE_REMOVED}"
    assert found == ("e-mail", "phone")
    assert redact(once) == (once, ())


def test_links() -> None:
    links = [
        {"url": "mailto:rosa@city.example", "label": "Rosa", "role": "related"},
        {"url": "tel:+33122334455", "label": "call", "role": "related"},
        {"url": "https://city.example/form?to=rosa%40city.example", "label": "form", "role": "related"},
        {"url": "https://city.example/@rosa/report.pdf", "label": "by rosa@city.example", "role": "document"},
        {"url": "https://city.example/a", "label": None, "role": "related"},
    ]
    assert redact_links(links) == [
        {"url": "https://city.example/@rosa/report.pdf", "label": f"by {EMAIL_REMOVED}", "role": "document"},
        {"url": "https://city.example/a", "label": None, "role": "related"},
    ]
    assert links[3]["label"] == "by rosa@city.example"
    assert not is_personal_address("https://city.example/telephone")


def test_a_long_text_takes_no_time() -> None:
    text = "a" * 50_000 + " 1" * 20_000 + " (at" * 5_000 + "." * 20_000
    assert redact(text)[1] == ()

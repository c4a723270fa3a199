"""Status words, and instants of local times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from pipelines.reference import load_yaml
from pipelines.refine.moments import instant, zone_of
from pipelines.refine.status import read_status

SUMMER, WINTER, NOON = date(2020, 7, 7), date(2020, 1, 7), time(12, 0)


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("cancelled", "CANCELLED: Study visit to Two Rivers"),
        ("cancelled", "Study visit to Two Rivers (cancelled)"),
        ("cancelled", "[Annulé] Visite d’étude"),
        ("cancelled", "Fachtagung – abgesagt"),
        ("cancelled", "The festival has been cancelled"),
        ("postponed", "Workshop (postponed to spring)"),
        ("postponed", "La réunion est reportée au 5 mai"),
        ("postponed", "Verschoben! Treffen der Städte"),
        ("postponed", "Postponed"),
        (None, "Cancelled culture: a debate"),
        (None, "The city cancelled its contract"),
        (None, "A dream postponed is not a dream lost"),
        (None, "Study visit to Two Rivers"),
        (None, None),
    ],
)
def test_status_in_titles(status: str | None, title: str | None) -> None:
    assert read_status(None, title) == (status, None)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("https://schema.org/EventCancelled", "cancelled"),
        ("EventRescheduled", "postponed"),
        ("Cancelled", "cancelled"),
        ("reportée", "postponed"),
        ("EventScheduled", "scheduled"),
    ],
)
def test_status_of_the_page(given: str, status: str) -> None:
    assert read_status(given, "Study visit") == (status, None)


def test_unknown_status_is_null_with_a_reason() -> None:
    assert read_status("tentative, ask 22 797 797") == (None, "status 'tentative ask' is not known")


def test_status_words() -> None:
    known = load_yaml("status.yaml")
    assert all(isinstance(word, str) for group in known.values() for word in group)
    assert not set(known["cancelled"]) & set(known["postponed"])


@pytest.mark.parametrize(
    ("countries", "day", "zone"),
    [
        (["FR"], SUMMER, "Europe/Paris"),
        (["DE"], SUMMER, "Europe/Berlin"),
        (["CY"], WINTER, "Asia/Nicosia"),
        (["UA"], WINTER, None),
        (["PT"], SUMMER, None),
        (["FR", "DE"], SUMMER, None),
        ([], SUMMER, None),
        (["XX"], SUMMER, None),
        (["FR"], None, None),
    ],
)
def test_zone_of_a_country(countries: list[str], day: date | None, zone: str | None) -> None:
    assert zone_of(countries, day, NOON) == zone


def test_instants() -> None:
    assert instant(SUMMER, NOON, "Europe/Paris") == (datetime(2020, 7, 7, 10, 0, tzinfo=UTC), None)
    assert instant(WINTER, NOON, "Europe/Paris") == (datetime(2020, 1, 7, 11, 0, tzinfo=UTC), None)
    assert instant(date(2020, 10, 25), time(2, 30), "Europe/Paris")[0] == datetime(2020, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "missing", [(None, NOON, "Europe/Paris"), (SUMMER, None, "Europe/Paris"), (SUMMER, NOON, None)]
)
def test_a_part_unknown(missing: tuple[date | None, time | None, str | None]) -> None:
    assert instant(*missing) == (None, None)


@pytest.mark.parametrize(
    ("day", "zone", "reason"),
    [
        (date(2020, 3, 29), "Europe/Paris", "skip 02:30"),
        (date(1, 1, 1), "Asia/Tokyo", "out of its range"),
        (SUMMER, "Mars/Base", "not in the tz database"),
        (SUMMER, "../../etc/passwd", "not in the tz database"),
    ],
)
def test_no_instant_has_a_reason(day: date, zone: str, reason: str) -> None:
    moment, why = instant(day, time(2, 30), zone)
    assert moment is None and why is not None and reason in why

"""What the words around a text tell of its date."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.refine.dates import read_dates

CAPTURED = date(2021, 1, 15)
ORDERS = [
    ("5/6/2019", "en", "5/28/2019; 6/11/2019", date(2019, 5, 6)),
    ("5/6", "en", "5/28/2019", date(2019, 5, 6)),
    ("5/6/2019", "en", "28/5/2019", date(2019, 6, 5)),
    ("5/6/2019", "en", "5/28/2019; 28/5/2019", date(2019, 6, 5)),
    ("5.6.2019", "en", "5/28/2019", date(2019, 6, 5)),
    ("5/6/2019", "en", "Texas, en-US", date(2019, 6, 5)),
    ("5/6/2019", "en", None, date(2019, 6, 5)),
    ("5/6/2019", "en-US", "28/5/2019", date(2019, 5, 6)),
    ("13/6/2019", "en", "5/28/2019", date(2019, 6, 13)),
]
YEARS = [
    ("12 March", "2019", date(2019, 3, 12)),
    ("12 March", "March 2019", date(2019, 3, 12)),
    ("12 March", "School year 2019-2020", date(2020, 3, 12)),
    ("12 October", "School year 2019-2020", date(2019, 10, 12)),
    ("1 July", "2019/2020 meeting schedule", date(2019, 7, 1)),
    ("30 June", "2019/20 season", date(2020, 6, 30)),
    ("Tuesday 12 May", "2019/2020 meeting schedule", date(2020, 5, 12)),
    ("Sunday 12 May", "2019/2020 meeting schedule", date(2019, 5, 12)),
    ("29 February", "2019/2020", date(2020, 2, 29)),
    ("12 mars", "Année scolaire 2019-2020", date(2020, 3, 12)),
]
DAYS = [
    ("19", "March 2019", date(2019, 3, 19)),
    ("19th", "March 2019", date(2019, 3, 19)),
    ("Tue 19", "March 2019", date(2019, 3, 19)),
    ("Tue 19, 18:00", "March 2019", date(2019, 3, 19)),
    ("Tue 19", "March", date(2019, 3, 19)),
    ("19", "March", date(2021, 3, 19)),
    ("19", "mars 2019", date(2019, 3, 19)),
    ("19", "School year 2019-2020, March", date(2020, 3, 19)),
    ("19", None, None),
    ("19", "2019", None),
    ("19", "You may come at any time", None),
    ("19", "March, April 2019", None),
    ("19", "12 March 2019", None),
    ("31", "April 2019", None),
]


@pytest.mark.parametrize(("text", "language", "context", "day"), ORDERS)
def test_dates_around_decide_the_order_of_numbers(text: str, language: str, context: str | None, day: date) -> None:
    assert read_dates([text], language, CAPTURED, [context])["start_date"][0] == day


def test_the_order_taken_from_around_is_told() -> None:
    reasons = read_dates(["5/6/2019"] * 2, "en", CAPTURED, ["5/28/2019", None])["reason"]
    assert "day and month in the order of the dates around" in reasons[0]
    assert "day and month in the language's order" in reasons[1]


def test_both_ends_of_a_range_are_turned() -> None:
    row = read_dates(["5/6/2019 - 7/6/2019"], "en", CAPTURED, ["5/28/2019"]).iloc[0]
    assert (row["start_date"], row["end_date"]) == (date(2019, 5, 6), date(2019, 7, 6))


@pytest.mark.parametrize(("text", "context", "day"), YEARS)
def test_the_year_of_a_heading(text: str, context: str, day: date) -> None:
    row = read_dates([text], None, CAPTURED, [context]).iloc[0]
    assert row["start_date"] == day
    assert row["date_inferred"] is True


def test_a_year_that_spans_two_is_told() -> None:
    reason = read_dates(["12 March"], "en", CAPTURED, ["School year 2019-2020"])["reason"][0]
    assert "year of 2019-2020, inferred from context" in reason


def test_a_range_over_the_turn_of_a_season() -> None:
    row = read_dates(["1 December - 10 January"], "en", CAPTURED, ["2019/2020 season"]).iloc[0]
    assert (row["start_date"], row["end_date"]) == (date(2019, 12, 1), date(2020, 1, 10))


@pytest.mark.parametrize(("text", "context", "day"), DAYS)
def test_bare_days_under_a_month(text: str, context: str | None, day: date | None) -> None:
    row = read_dates([text], None, CAPTURED, [context]).iloc[0]
    assert row["start_date"] == day
    assert row["date_inferred"] is (day is not None)
    assert day is None or "month from context" in row["reason"] or "inferred from context" in row["reason"]


def test_days_under_a_month_may_be_a_range() -> None:
    row = read_dates(["19-21"], "en", CAPTURED, ["March 2019"]).iloc[0]
    assert (row["start_date"], row["end_date"]) == (date(2019, 3, 19), date(2019, 3, 21))

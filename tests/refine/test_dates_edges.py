"""Arguments, missing years, dirty input, limits, and what a reading tells of itself."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from bounds import growth

from pipelines.refine.dates import find_dates, read_dates
from pipelines.refine.dates.reading import forget

COLUMNS = [
    "start_date", "end_date", "start_time", "end_time", "timezone", "timezone_raw", "date_precision", "date_role",
    "date_inferred", "is_ongoing", "reason",
]  # fmt: skip


def test_columns_and_plain_values() -> None:
    frame = read_dates(["3 May 2019", "nothing"])
    assert list(frame.columns)[: len(COLUMNS)] == COLUMNS
    assert {str(dtype) for dtype in frame.dtypes} == {"object"}
    assert type(frame["start_date"][0]) is date
    assert frame["start_date"][1] is None
    assert frame["is_ongoing"][1] is False


def test_keeps_the_index_of_a_series() -> None:
    frame = read_dates(pd.Series(["3 May 2019", None], index=["a", "b"]))
    assert list(frame.index) == ["a", "b"]
    assert frame["reason"]["b"] == "empty"


def test_no_texts_give_an_empty_frame() -> None:
    assert len(read_dates([])) == 0


def test_languages_a_row_may_be_a_code_candidates_or_none() -> None:
    frame = read_dates(["3 mai 2019", "4 mai 2019", "5 maj 2019"], ["fr", ["sv", "fr"], None])
    assert [day.day for day in frame["start_date"]] == [3, 4, 5]


def test_a_wrong_number_of_values_is_said_clearly() -> None:
    with pytest.raises(ValueError, match="2 values for 1 texts"):
        read_dates(["3 May"], ["en", "fr"])


@pytest.mark.parametrize(
    "captured", [date(2020, 1, 15), datetime(2020, 1, 15, 8, tzinfo=UTC), "2020-01-15", "2020-01-15T08:00:00Z"]
)
def test_captured_may_be_a_date_a_moment_or_iso(captured: object) -> None:
    assert read_dates(["12 March"], "en", captured)["start_date"][0] == date(2020, 3, 12)


@pytest.mark.parametrize("captured", [None, "soon", pd.NaT])
def test_without_a_day_of_capture_a_missing_year_stays_missing(captured: object) -> None:
    row = read_dates(["12 March"], "en", [captured]).iloc[0]
    assert row["start_date"] is None
    assert "no year" in row["reason"]


def test_prefer_past() -> None:
    frame = read_dates(["12 March", "12 January", "15 January"], "en", date(2020, 1, 15), prefer="past")
    assert list(frame["start_date"]) == [date(2019, 3, 12), date(2020, 1, 12), date(2020, 1, 15)]


def test_a_range_that_runs_on_the_day_of_capture_is_this_years() -> None:
    row = read_dates(["1 October - 7 November"], "en", date(2020, 10, 20)).iloc[0]
    assert (row["start_date"], row["end_date"]) == (date(2020, 10, 1), date(2020, 11, 7))


def test_the_context_goes_before_the_weekday_and_the_capture() -> None:
    frame = read_dates(["Friday 12 May"] * 3, "en", date(2021, 1, 1), ["Agenda 2017", "3 March 2016", "no year here"])
    assert [day.year for day in frame["start_date"]] == [2017, 2016, 2023]


def test_of_several_years_in_the_context_the_weekday_chooses() -> None:
    row = read_dates(["Friday 12 May"], "en", None, ["Seasons 2016/2017"]).iloc[0]
    assert row["start_date"] == date(2017, 5, 12)
    assert row["date_inferred"] is True


def test_a_contradicting_weekday_is_told_and_the_date_stands() -> None:
    row = read_dates(["Monday 4 May 2019"], "en").iloc[0]
    assert row["start_date"] == date(2019, 5, 4)
    assert "2019-05-04 is a Saturday, not a Monday" in row["reason"]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("28-29 November 2018", "2018-11-28/2018-11-29"),
        ("since 2019", "2019/.."),
        ("2nd half 2021", "2021-07/2021-12"),
        ("September 2018", "2018-09"),
        ("2020", "2020"),
        ("until 3 May 2020", "../2020-05-03"),
        ("7 July 2020 at 11.00", "2020-07-07"),
        ("N/A", None),
    ],
)
def test_edtf(text: str, edtf: str | None) -> None:
    assert read_dates([text], "en")["edtf"][0] == edtf


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31 February 2019", "no such day"),
        ("29/02/2019", "no such day"),
        ("3 May 20017", "no plausible year"),
        ("28-19 November 2018", "the end is before the start"),
        ("1600-1990", "a range of 390 years"),
        ("May", "a month without a year"),
        ("17", "a number without a month"),
        ("25:61", "no such time"),
        ("tbc", "to be confirmed"),
        ("two weeks", "a duration without a date"),
        ("", "empty"),
        ("Lorem ipsum", "no date in the words"),
    ],
)
def test_every_null_says_why(text: str, reason: str) -> None:
    row = read_dates([text], "en", date(2020, 1, 1)).iloc[0]
    assert row["start_date"] is None
    assert reason in row["reason"]


def test_the_library_reads_what_the_grammar_leaves_and_says_so() -> None:
    row = read_dates(["12 มกราคม 2019"], None).iloc[0]
    assert row["start_date"] == date(2019, 1, 12)
    assert row["reason"].startswith("library: dateparser")


@pytest.mark.parametrize("text", ["tomorrow", "in 2 weeks", "2 days ago", "next year", "now", "Monday", "12:30"])
def test_nothing_is_ever_taken_from_today(text: str) -> None:
    assert read_dates([text], "en", date(2020, 1, 1))["start_date"][0] is None


def test_marks_of_direction_and_other_digits() -> None:
    frame = read_dates(["\u200f٤ مايو ٢٠١٩\u200f", "\u200e4\u200e/\u200e5\u200e/\u200e2019"], ["ar", "en"])
    assert list(frame["start_date"]) == [date(2019, 5, 4)] * 2


@pytest.mark.parametrize(
    "unit", ["1 ", "12 May ", "1-", "(", "(1 ", "since ", "2019 - ", "a ", "1/1/", "9" * 50, "١", "日", "5 to "]
)
def test_long_texts_take_time_in_proportion(unit: str) -> None:
    def work(text: str) -> None:
        forget()
        read_dates([text], "en", date(2020, 1, 1))
        find_dates(text, "en")

    text = (unit * 10_000)[:10_000]
    assert growth(work, text[:1_250], text) < 32  # eight times as long; the square would be 64


@pytest.mark.parametrize(
    ("text", "language", "recurs"),
    [
        ("every Monday from 3 May to 7 June 2021", "en", True),
        ("Mondays, 3 May to 7 June 2021", "en", True),
        ("jeden ersten Dienstag", "de", True),
        ("tous les lundis du 3 mai au 7 juin 2021", "fr", True),
        ("w każdy poniedziałek od 3 maja do 7 czerwca 2021", "pl", True),
        ("weekly", "en", True),
        ("Monday 3 May to Monday 7 June 2021", "en", False),
        ("lunes 3 de mayo de 2021", "es", False),
    ],
)
def test_recurring(text: str, language: str, recurs: bool) -> None:
    assert read_dates([text], language)["is_recurring"][0] is recurs


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3, 5 and 9 May 2018", [3, 5, 9]),
        ("7 and 8 March 2022", [7, 8]),
        ("3-5 and 9 May 2018", None),
        ("3-5 May 2018", None),
        ("3 May 2018", None),
    ],
)
def test_days_of_a_list_are_kept(text: str, days: list[int] | None) -> None:
    kept = read_dates([text], "en")["days"][0]
    assert kept is None if days is None else [day.day for day in kept] == days


def test_the_days_of_a_row_are_its_own() -> None:
    read_dates(["7 and 8 March 2022"], "en")["days"][0].clear()
    assert len(read_dates(["7 and 8 March 2022"], "en")["days"][0]) == 2


def test_a_range_over_midnight_keeps_its_day_and_both_times() -> None:
    row = read_dates(["3 May 2021, 22:00-02:00"], "en").iloc[0]
    assert (row["start_date"], row["end_date"]) == (date(2021, 5, 3), date(2021, 5, 3))
    assert (row["start_time"].hour, row["end_time"].hour) == (22, 2)


def test_the_search_for_cycles_is_on_again_after_a_batch() -> None:
    assert gc.isenabled()
    read_dates(["3 May 2019"] * 2_000, "en")
    assert gc.isenabled()
    gc.disable()
    try:
        read_dates(["3 May 2019"] * 2_000, "en")
        assert not gc.isenabled()
    finally:
        gc.enable()

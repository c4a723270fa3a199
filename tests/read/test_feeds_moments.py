"""Stated moments become words that the date reader reads as what they say, in every language."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read.feeds.moments import Moment, interval, moment_of, stated_words, zone_named
from pipelines.refine.dates import read_dates
from pipelines.refine.dates.words.vocabulary import language_codes

MADRID = ZoneInfo("Europe/Madrid")
EVENING = "2026-03-12T18:00:00+01:00"


@pytest.mark.parametrize(
    ("start", "end", "zone", "words"),
    [
        ("2026-03-12T18:00:00.000+01:00", None, None, "2026-03-12T18:00:00+01:00"),
        ("2026-03-12T17:00:00Z", "2026-03-12T19:00Z", MADRID, f"{EVENING}/2026-03-12T20:00:00+01:00[Europe/Madrid]"),
        ("20260312T170000Z", None, None, "2026-03-12T17:00:00Z"),
        ("2026-03-12 18:00:00", "2026-03-12 18:00:00", None, "2026-03-12T18:00:00"),
        ("2026-03-12", "2026-03-14", MADRID, "2026-03-12/2026-03-14"),
        ("2026-03-12", "2026-03-12", None, "2026-03-12"),
        ("2026-03-12", "2026-03-10", None, "2026-03-12"),
        ("2026-03-12T00:00:00", "2026-03-13T00:00:00", None, "2026-03-12/2026-03-13"),
        ("2026-03-12T00:00:00", "2026-03-13T23:59:59", None, "2026-03-12/2026-03-13"),
        ("2026-03-12T00:00:00", "2026-03-12T02:00:00", None, "2026-03-12T00:00:00/2026-03-12T02:00:00"),
        ("2026-03-11T23:00:00Z", None, MADRID, "2026-03-12"),
        ("2026-03-12", "2026-03-12T20:00", None, "2026-03-12"),
        ("2026-03-12T18:00", "2026-03-14", None, "2026-03-12T18:00:00/2026-03-14"),
        (
            *("2026-10-24T18:00", "2026-10-25T18:00", MADRID),
            "2026-10-24T18:00:00+02:00/2026-10-25T18:00:00+01:00[Europe/Madrid]",
        ),
        ("2026-03-12T24:00", None, None, "2026-03-13"),
        ("2026-03-12T18:00:60", None, None, "2026-03-12T18:00:59"),
        ("2026-03-12T18:00[Europe/Madrid]", None, None, "2026-03-12T18:00:00+01:00[Europe/Madrid]"),
        ("2026-03-12T18:00:00+05:30", None, None, "2026-03-12T18:00:00"),
        (1773334800, None, MADRID, "2026-03-12T18:00:00+01:00[Europe/Madrid]"),
        (1773334800000, None, None, "2026-03-12T17:00:00Z"),
        ("1773334800", None, None, "2026-03-12T17:00:00Z"),
        ("12 mars 2026", "14 mars 2026", None, "12 mars 2026 - 14 mars 2026"),
        ("12 mars 2026", "12 mars 2026", None, "12 mars 2026"),
        ("2026-03-12", "mid April", None, "2026-03-12 - mid April"),
        (None, "2026-03-14", None, "../2026-03-14"),
        ("<b>12 March</b> 2026", None, None, "12 March 2026"),
        ("2026-13-45", None, None, "2026-13-45"),
        (None, None, None, None),
        ("", "", None, None),
        (True, None, None, None),
        (17, None, None, None),
        ({"a": 1}, [2], None, None),
        ("x" * 10_000, None, None, None),
    ],
)
def test_words_of_what_is_stated(start: Any, end: Any, zone: ZoneInfo | None, words: str | None) -> None:
    assert stated_words(start, end, zone) == words


def test_whole_days_have_no_hours() -> None:
    assert stated_words("2026-03-12T08:00", "2026-03-13T17:00", None, whole_days=True) == "2026-03-12/2026-03-13"


@pytest.mark.parametrize("name", ["Europe/Nowhere", "../etc/passwd", "/etc/passwd", "Europe", "localtime", "", 5, None])
def test_no_zone(name: Any) -> None:
    assert zone_named(name) is None


@pytest.mark.parametrize(
    ("name", "key"), [("Europe/Madrid", "Europe/Madrid"), ("UTC+2", "Etc/GMT-2"), ("gmt-3:00", "Etc/GMT+3")]
)
def test_zones_by_name_and_by_offset(name: str, key: str) -> None:
    zone = zone_named(name)
    assert zone is not None
    assert zone.key == key


DAYS = st.dates(date(1995, 1, 1), date(2035, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONES = st.sampled_from([None, MADRID, ZoneInfo("America/Chicago"), ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")])


@settings(max_examples=300, deadline=None)
@given(DAYS, TIMES, st.timedeltas(timedelta(minutes=1), timedelta(days=40)), ZONES)
def test_the_date_reader_reads_the_words_as_what_they_say(
    day: date, at: time, length: timedelta, zone: ZoneInfo | None
) -> None:
    start = datetime.combine(day, at)
    end = (start + length).replace(second=0, microsecond=0)
    if end <= start:
        return
    words = interval(Moment(day, at), Moment(end.date(), end.time()))
    aware = stated_words(start.isoformat(), end.isoformat(), zone)
    read = read_dates([words, aware, start.date().isoformat()], captured=day).to_dict("records")
    said = (read[0]["start_date"], read[0]["start_time"], read[0]["end_date"], read[0]["end_time"])
    assert said == (day, at, end.date(), end.time())
    if (at, end.time()) != (time(0), time(0)) and not (at == time(0) and end.time() == time(23, 59)):
        assert (read[1]["start_date"], read[1]["start_time"]) == (day, at)
        assert (read[1]["end_date"], read[1]["end_time"]) == (end.date(), end.time())
    assert (read[2]["start_date"], read[2]["end_date"]) == (day, day)


def test_the_words_are_read_in_every_language() -> None:
    forms = [f"{EVENING}/2026-03-14T20:00:00+01:00[Europe/Madrid]", "2026-03-12/2026-03-14", "2026-03-12T18:00:00Z"]
    for language in language_codes():
        read = read_dates(forms, language, date(2026, 1, 1)).to_dict("records")
        assert [str(row["start_date"]) for row in read] == ["2026-03-12"] * 3, language
        assert [str(row["end_date"]) for row in read] == ["2026-03-14", "2026-03-14", "2026-03-12"], language
        assert [str(row["start_time"]) for row in read] == ["18:00:00", "None", "18:00:00"], language


def test_an_offset_gives_the_instant() -> None:
    read = read_dates(["2026-03-12T18:00:00+01:00/2026-03-12T20:00:00+01:00[Europe/Madrid]"]).iloc[0]
    local = datetime.combine(read["start_date"], read["start_time"], ZoneInfo(read["timezone"]))
    assert local.astimezone(UTC) == datetime(2026, 3, 12, 17, tzinfo=UTC)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.binary(max_size=5), st.datetimes(), st.dates()),
    st.sampled_from([None, MADRID]),
)
def test_any_value_is_taken(value: Any, zone: ZoneInfo | None) -> None:
    moment_of(value, zone)
    stated_words(value, value, zone)

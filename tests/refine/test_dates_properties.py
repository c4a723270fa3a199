"""Dates and ranges, rendered by CLDR in every language that we claim, are read back as they were."""

from __future__ import annotations

import random
import secrets
from datetime import date, time, timedelta
from time import process_time

import pytest
from babel import Locale
from babel.dates import format_date, format_interval
from bounds import HANG
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.refine.dates import find_dates, read_dates
from pipelines.refine.dates.calendar import Known
from pipelines.refine.dates.reading import read_text
from pipelines.refine.dates.words.lexicon import lexicon
from pipelines.refine.dates.words.vocabulary import language_codes, load_language

# English stands for Europe: its CLDR patterns without a region are those of the United States, and so is `en-US` read.
TAGS = {"en": ("en_GB",), "sr": ("sr", "sr_Latn")}
LOCALES = [(code, tag) for code in language_codes() for tag in TAGS.get(code, (code,))]
DAYS = st.dates(date(1971, 1, 1), date(2060, 12, 31))
# The same examples each run, so that a run says something of the change it tests; the long fuzz below draws anew.
settings.register_profile("dates", derandomize=True, database=None, deadline=None)
EXAMPLES = settings(settings.get_profile("dates"), max_examples=12)


def read(text: str, code: str) -> tuple[date | None, date | None]:
    row = read_dates([text], code).iloc[0]
    return row["start_date"], row["end_date"]


def last_of_month(day: date) -> date:
    after = day.replace(day=28) + timedelta(days=4)
    return after - timedelta(days=after.day)


@pytest.mark.parametrize(("code", "tag"), LOCALES)
@EXAMPLES
@given(day=DAYS, width=st.sampled_from(["full", "long", "medium", "short"]))
def test_days(code: str, tag: str, day: date, width: str) -> None:
    text = format_date(day, width, locale=Locale.parse(tag))
    assert read(text, code) == (day, day)


@pytest.mark.parametrize(("code", "tag"), LOCALES)
@EXAMPLES
@given(day=DAYS, skeleton=st.sampled_from(["MMMM y", "LLLL y", "y"]))
def test_months_and_years(code: str, tag: str, day: date, skeleton: str) -> None:
    text = format_date(day, skeleton, locale=Locale.parse(tag))
    first, last = day.replace(day=1), last_of_month(day)
    whole = (date(day.year, 1, 1), date(day.year, 12, 31)) if skeleton == "y" else (first, last)
    assert read(text, code) == whole


@pytest.mark.parametrize(("code", "tag"), LOCALES)
@EXAMPLES
@given(
    day=DAYS, length=st.sampled_from([1, 2, 9, 35, 200, 400, 900]), skeleton=st.sampled_from(["yMMMd", "yMd", "yMMMM"])
)
def test_ranges(code: str, tag: str, day: date, length: int, skeleton: str) -> None:
    end = day + timedelta(days=length)
    text = format_interval(day, end, skeleton, locale=Locale.parse(tag))
    months = skeleton == "yMMMM"
    assert read(text, code) == ((day.replace(day=1), last_of_month(end)) if months else (day, end))


@pytest.mark.parametrize("code", language_codes())
@pytest.mark.parametrize("role", ["since", "onwards", "ongoing", "until", "deadline"])
def test_every_word_of_a_role_plays_it(code: str, role: str) -> None:
    shown = format_date(date(2019, 5, 14), "long", locale=Locale.parse(TAGS.get(code, (code,))[0]))
    patterns = {"onwards": "{date} {word}", "ongoing": "{date} - {word}", "deadline": "{word}: {date}"}
    for word in getattr(load_language(code), role):
        text = patterns.get(role, "{word} {date}").format(word=word, date=shown)
        row = read_dates([text], code).iloc[0]
        if role == "deadline":
            assert row["date_role"] == "deadline", text
        elif role == "until":
            assert row["end_date"] == date(2019, 5, 14), text
        else:
            assert (row["start_date"], row["end_date"], row["is_ongoing"]) == (date(2019, 5, 14), None, True), text


@settings(EXAMPLES, max_examples=100)
@given(
    day=DAYS,
    start=st.times(),
    end=st.times(),
    mark=st.sampled_from([":", "."]),
    dash=st.sampled_from(["-", " – ", " to "]),
)
def test_times(day: date, start: time, end: time, mark: str, dash: str) -> None:
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    hours = dash.join(f"{t.hour:02}{mark}{t.minute:02}" for t in (start, end))
    row = read_dates([f"{day.day} {day:%B %Y} at {hours}"], "en").iloc[0]
    assert (row["start_date"], row["start_time"], row["end_time"]) == (day, start, end)


RENDERED = st.tuples(st.sampled_from(LOCALES), DAYS, st.integers(1, 900), st.times(), st.sampled_from(range(9)))
WIDTHS = ("full", "long", "medium", "short")
SKELETONS = ("yMMMd", "yMd")


@pytest.mark.torture
@settings(EXAMPLES, max_examples=10_000)
@given(RENDERED)
def test_ten_thousand_dates_ranges_and_times_in_all_languages(
    drawn: tuple[tuple[str, str], date, int, time, int],
) -> None:
    (code, tag), day, length, clock, kind = drawn
    locale, end = Locale.parse(tag), day + timedelta(days=length)
    if kind < 4:
        assert read(format_date(day, WIDTHS[kind], locale=locale), code) == (day, day)
    elif kind < 6:
        assert read(format_interval(day, end, SKELETONS[kind - 4], locale=locale), code) == (day, end)
    elif kind < 8:
        text = f"{format_date(day, WIDTHS[kind - 5], locale=locale)}, {clock.hour:02}:{clock.minute:02}"
        row = read_dates([text], code).iloc[0]
        assert (row["start_date"], row["start_time"]) == (day, clock.replace(second=0, microsecond=0)), text
    else:
        first = date(day.year, day.month, 1)
        assert read(format_date(day, "MMMM y", locale=locale), code) == (first, last_of_month(day))


@settings(EXAMPLES, max_examples=200)
@given(st.text(max_size=80))
def test_any_text_gives_a_row_and_no_exception(text: str) -> None:
    row = read_dates([text], None, date(2020, 1, 1)).iloc[0]
    assert row["reason"]
    assert row["end_date"] is None or row["start_date"] is None or row["start_date"] <= row["end_date"]
    for span in find_dates(text):
        assert text[span.start : span.end] == span.text


FUZZ = (
    "1 12 31 45 99 2019 20017 May mai März mar - – / . , ( ) ' : from to since bis au 日 年 月 de the h pm CET "
    "ongoing %".split()
)
PIECES = st.sampled_from(FUZZ)


@settings(EXAMPLES, max_examples=300)
@given(st.lists(st.tuples(PIECES, st.sampled_from(["", " "])), max_size=25))
def test_any_mix_of_date_pieces_gives_a_row_and_no_exception(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + blank for word, blank in pieces)
    row = read_dates([text], None, date(2020, 1, 1), ["2018"]).iloc[0]
    assert row["end_date"] is None or row["start_date"] is None or row["start_date"] <= row["end_date"]
    assert row["start_time"] is None or row["date_precision"] == "time"
    find_dates(text)


@pytest.mark.torture
def test_a_hundred_thousand_fuzzed_texts() -> None:
    """No exception, and no short text that hangs."""
    read_text("12 มกราคม 2019", (), Known())  # the library has been loaded
    seed = secrets.randbits(32)
    draw = random.Random(seed)
    words = [word for code in language_codes() for word in lexicon(code).words]
    for _ in range(100_000):
        parts = [draw.choice(words) if draw.random() < 0.4 else draw.choice(FUZZ) for _ in range(draw.randint(1, 14))]
        text = "".join(part + draw.choice(["", " ", " "]) for part in parts)
        tags, known = draw.choice([(), ("en",), ("fr", "de")]), Known(date(2020, 1, 1), draw.choice([(), (2018,)]))
        began = process_time()
        row = read_text(text, tags, known)
        assert process_time() - began < HANG, (seed, text)
        assert row.end_date is None or row.start_date is None or row.start_date <= row.end_date, (seed, text)

"""The short way reads every text as the grammar does."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.refine.dates.calendar import Known
from pipelines.refine.dates.reading import SHAPES, DateReading, choose, forget, read_phrase, read_text
from pipelines.refine.dates.shapes import Plan, Shapes
from pipelines.refine.dates.watched import Bounds, watch
from pipelines.refine.dates.words.lexicon import lexicon

TABLE = Path(__file__).with_name("dates.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="|"))
KNOWN = Known(date(2020, 1, 15))
DIGITS = "0123456789"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


def plans(shapes: Shapes) -> list[Plan]:
    """All plans that were made."""
    return [plan for known in shapes.pieces.values() for shape in known.shapes.values() for plan in shape.plans]


def variants(text: str, draw: random.Random, count: int) -> list[str]:
    """Texts of the same words with other digits."""
    return [
        "".join(draw.choice(DIGITS) if c in DIGITS and draw.random() < 0.4 else c for c in text) for _ in range(count)
    ]


def by_grammar_alone(text: str) -> DateReading:
    """The reading of an English text by the grammar."""
    chosen = choose(text, ("en",))
    assert chosen.phrase is not None
    return read_phrase(chosen.phrase, chosen.whole, KNOWN)


def by_grammar(text: str, tags: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> DateReading:
    """The reading without any shape."""
    with monkeypatch.context() as patch:
        patch.setattr(Shapes, "choose", lambda _, text, tags: choose(text, tags))
        return read_text.__wrapped__(text, tags, KNOWN)


@pytest.mark.parametrize("seed", range(3))
def test_same_as_the_grammar_on_the_table_and_its_variants(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(seed)
    for row in ROWS[seed::3]:
        tags = (row["language"],) if row["language"] else ()
        for text in [row["text"]] * 5 + variants(row["text"], draw, 8):
            assert read_text.__wrapped__(text, tags, KNOWN) == by_grammar(text, tags, monkeypatch), (text, tags)
    assert len(plans(SHAPES)) > 100


def test_other_names_and_numbers_of_one_shape_are_filled_in() -> None:
    shapes = Shapes(choose)
    for text in ["4 May 2019", "5 June 2020", "6 July 2021", "7 March 2022"]:
        shapes.choose(text, ("en",))
    assert len(plans(shapes)) == 1
    assert shapes.choose("9 December 2024", ("en",)) == date(2024, 12, 9)


def test_a_shape_has_a_plan_for_each_way_of_the_grammar() -> None:
    """05/13/2019 has its month first, 13/05/2019 its day, 05/06/2019 could be either: one shape."""
    shapes = Shapes(choose)
    days = [("05/13/2019", (5, 13)), ("13/05/2019", (5, 13)), ("05/06/2019", (6, 5)), ("45/13/2019", None)]
    for text, _ in days * 5:
        shapes.choose(text, ("en",))
    assert len(plans(shapes)) == 3
    for text, expected in days:
        day = read_text.__wrapped__(text, ("en",), KNOWN).start_date
        assert (day and (day.month, day.day)) == expected
        assert read_text.__wrapped__(text, ("en",), KNOWN).reason == by_grammar_alone(text).reason


def test_watched_values_remember_what_was_asked() -> None:
    bounds = Bounds(0, 0, 99)
    year = watch(18, bounds) + 2000
    assert year < 2070
    assert year != 2012
    assert year >= 1
    assert (bounds.low, bounds.high, bounds.report) == (13, 69, [])
    other = Bounds(1, 0, 9)
    assert watch(3, other) < year
    assert other.report == ["compared with each other"]


@pytest.mark.parametrize("text", ["2 giờ chiều thứ 2", "2021-07", "9.30-4.30pm on 3 May 2019", "3 May/May 2019"])
def test_what_depends_on_the_numbers_is_left_to_the_grammar(text: str) -> None:
    shapes = Shapes(choose)
    for _ in range(6):
        shapes.choose(text, ("vi",) if "thứ" in text else ("en",))
    assert plans(shapes) == []


@pytest.mark.torture
def test_same_as_the_grammar_on_fuzz(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few shapes with many numbers, so that most of the texts are filled in."""
    draw = random.Random(20)
    for code in ("en", "fr", "de", "hu", "vi", "eu", "ja"):
        words = [word for word in lexicon(code).words if draw.random() < 0.02][:40]
        marks = ["-", " ", ".", "/", ",", ":", " - ", "h"]
        for _ in range(150):
            frame = "".join(
                draw.choice(["9", "99", "9999", draw.choice(words), " "]) + draw.choice(marks) for _ in range(6)
            )
            for _ in range(30):
                text = "".join(draw.choice(DIGITS) if c == "9" else c for c in frame)
                assert read_text.__wrapped__(text, (code,), KNOWN) == by_grammar(text, (code,), monkeypatch), text
    assert len(plans(SHAPES)) > 300

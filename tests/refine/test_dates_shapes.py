"""The short way reads every text as the grammar does."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.refine.dates.calendar import Known
from pipelines.refine.dates.lexicon import lexicon
from pipelines.refine.dates.reading import SHAPES, DateReading, choose, forget, read_text
from pipelines.refine.dates.shapes import Plan, Shapes

TABLE = Path(__file__).with_name("dates.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="|"))
KNOWN = Known(date(2020, 1, 15))
DIGITS = "0123456789"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    forget()
    yield
    forget()


def variants(text: str, draw: random.Random, count: int) -> list[str]:
    """Texts of the same words with other digits."""
    return [
        "".join(draw.choice(DIGITS) if c in DIGITS and draw.random() < 0.4 else c for c in text) for _ in range(count)
    ]


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
    assert sum(isinstance(plan, Plan) for plan in SHAPES.plans.values()) > 100


def test_other_names_and_numbers_of_one_shape_are_filled_in() -> None:
    shapes = Shapes(choose)
    for text in ["4 May 2019", "5 June 2020", "6 July 2021", "7 March 2022"]:
        shapes.choose(text, ("en",))
    assert [type(plan) for plan in shapes.plans.values()] == [Plan]
    assert shapes.choose("9 December 2024", ("en",)) == date(2024, 12, 9)


@pytest.mark.parametrize("text", ["2 giờ chiều thứ 2", "2021-07", "9.30-4.30pm on 3 May 2019"])
def test_what_depends_on_the_numbers_is_left_to_the_grammar(text: str) -> None:
    shapes = Shapes(choose)
    for _ in range(6):
        shapes.choose(text, ("vi",) if "thứ" in text else ("en",))
    assert not any(isinstance(plan, Plan) for plan in shapes.plans.values())


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
    assert sum(isinstance(plan, Plan) for plan in SHAPES.plans.values()) > 300

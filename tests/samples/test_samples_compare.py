"""The comparison with the truth: a perfect reading has no difference, each kind of mistake has one."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

Rows = list[dict[str, Any]]
TRUTH: Rows = [
    {"title": "Expert's visit", "date": "1 May 2017", "place": "Oslo, Norway", "key": "coe:a", "subtitle": "Second"},
    {"title": "Expert's visit", "date": "2 May 2017", "place": "Bergen, Norway"},
    {"title": "", "date": "N/A", "key": "coe:empty", "sections": {"impact": "More than before."}},
    {"title": "a name", "title_within": True, "soft": ["date"], "date": "May 2020"},
    {"title": "Left out", "optional": True},
]


def perfect() -> Rows:
    return [
        {"title": "Expert's  visit", "subtitle": "Second", "date_raw": "1 May 2017", "place_raw": "Oslo; Norway"}
        | {"item_key": "coe:a"},
        {"title": "Expert's visit", "date_raw": "On 2 May 2017", "place_raw": "Bergen", "item_key": None},
        {"title": None, "date_raw": None, "item_key": "coe:empty", "sections": {"impact": "More than before. "}},
        {"title": "It bears a name, they say.", "date_raw": None},
    ]


def test_a_perfect_reading_has_no_difference(comparer: ModuleType) -> None:
    assert comparer.differences(TRUTH, perfect()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.pop(1), 'missing: "Expert\'s visit"'),
        (lambda rows: rows.append({"title": "Home"}), "not an entry: 'Home'"),
        (lambda rows: rows.reverse(), "another order"),
        (lambda rows: rows[0].update(title="Visit"), "title 'Visit'"),
        (lambda rows: rows[0].update(subtitle=None), "subtitle None"),
        (lambda rows: rows[0].update(date_raw=None), "date None"),
        (lambda rows: rows[1].update(date_raw="3 May 2017"), "date '3 May 2017'"),
        (lambda rows: rows[2].update(date_raw="2020"), "date '2020'"),
        (lambda rows: rows[1].update(place_raw="Bergen, Italy"), "place 'Bergen, Italy'"),
        (lambda rows: rows[1].update(place_raw=""), "place ''"),
        (lambda rows: rows[1].update(item_key="coe:b"), "key 'coe:b'"),
        (lambda rows: rows[2].update(sections={}), "section impact None"),
        (lambda rows: rows[3].update(title="It bears none."), "missing: 'a name'"),
    ],
)
def test_each_mistake_is_told(comparer: ModuleType, change: Callable[[Rows], object], words: str) -> None:
    rows = perfect()
    change(rows)
    assert any(words in line for line in comparer.differences(TRUTH, rows))


def test_the_truth_itself_reads_as_expected(comparer: ModuleType, pages: Rows) -> None:
    for page in pages:
        read = [
            {**entry, "date_raw": entry.get("date"), "place_raw": entry.get("place"), "item_key": entry.get("key")}
            for entry in page["entries"]
        ]
        assert comparer.differences(page["entries"], read) == [], page["file"]

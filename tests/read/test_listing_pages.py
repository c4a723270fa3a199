"""Our own listing pages, read with no rule for any of them, against their truths.

What belongs here: the bars that the reader of unknown pages holds over all pages of `tests/pages/html`, and that the
pages and their truths are sound. What does not: a bar for one page. `benchmarks/own_pages.py` says what counts as
right, `benchmarks/bench_own_pages.py` prints it by page.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from own_pages import (
    ALIKE,
    FOLDER,
    Outcome,
    Truth,
    counted,
    dated,
    faults,
    figures,
    is_right,
    likeness,
    paired,
    read_truth,
    share,
    truths,
)

# A little under what was measured; raise them as the reader gets better, never lower them to let a change pass.
FLOORS = {
    "day recall": 0.985,
    "day F1": 0.957,
    "day and title recall": 0.967,
    "day and title F1": 0.94,
    "end right": 0.965,
    "time right": 0.945,
    "place right": 0.835,
    "url right": 0.975,
    "status right": 0.98,
    "next right": 0.85,
}
MOST_OF_NONE = 25  # entries that one page without any may give; a register of contracts reads like a list of news
MOST_MADE_UP = {  # share of the values that no truth has
    "end": 0.01,
    "time": 0.11,
    "place": 0.01,
    "url": 0.24,
    "status": 0.01,
    "next": 0.0,
}
TRUTHS = truths()
PAGE = "https://town.example/agenda"


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [read_truth(truth) for truth in TRUTHS]


def test_no_page_raises(outcomes: list[Outcome]) -> None:
    assert [(one.truth.name, one.fault) for one in outcomes if one.fault] == []


@pytest.mark.parametrize("name", FLOORS)
def test_the_reader_holds_its_figures(outcomes: list[Outcome], name: str) -> None:
    assert figures(counted(outcomes))[name] >= FLOORS[name]


@pytest.mark.parametrize("name", MOST_MADE_UP)
def test_few_values_are_made_up(outcomes: list[Outcome], name: str) -> None:
    sums = counted(outcomes)
    assert share(sums, f"{name} made up", f"{name} unstated") <= MOST_MADE_UP[name]


def test_pages_without_entries_give_few(outcomes: list[Outcome]) -> None:
    made = {one.truth.name: len(one.made) for one in outcomes if one.truth.told["kind"] == "none"}
    assert len(made) >= 4
    assert {name: count for name, count in made.items() if count > MOST_OF_NONE} == {}


def test_there_are_enough_pages_in_enough_languages() -> None:
    assert len(TRUTHS) >= 60
    assert len({truth.told["language"] for truth in TRUTHS}) >= 12
    assert {path.stem for path in FOLDER.glob("*.html")} == {truth.name for truth in TRUTHS}
    assert {"events", "news", "detail", "mixed", "none"} == {truth.told["kind"] for truth in TRUTHS}


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.name)
def test_a_truth_is_well_formed(truth: Truth) -> None:
    assert list(faults(truth)) == []


def event(title: str, start: str = "2026-03-12", **values: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("end", "time", "place", "url", "status"))
    return {"title": title, "start": start, **empty, **values}


def test_titles_are_alike_by_the_share_of_their_words() -> None:
    assert likeness("Fête de la Musique", "fête de la musique!") == 1
    assert likeness("Choir", "Chess") == 0
    assert likeness("", None) == 0
    assert likeness("la la", "la") == pytest.approx(2 / 3)
    assert (
        likeness("Spring walk along the river", "Walk along the canal")
        >= ALIKE
        > likeness("Spring walk", "Walk to a well")
    )


def test_the_likest_titles_of_a_day_are_paired_first() -> None:
    known = [event("Council meeting"), event("Council meeting of youth"), event("Fair", "2026-03-13")]
    made = [event("Council meeting of youth"), event("Council meeting"), event("Fair", "2026-03-14")]
    assert [(one["title"], other["title"]) for one, other in paired(known, made)] == [
        ("Council meeting", "Council meeting"),
        ("Council meeting of youth", "Council meeting of youth"),
    ]


def outcome(known: list[dict[str, Any]], made: list[dict[str, Any]]) -> Outcome:
    told = {"url": PAGE, "captured": "2026-03-10", "kind": "events", "language": "en", "events": known, "next": PAGE}
    return Outcome(Truth(Path("page.html"), told), made, [PAGE], 0.0, None, paired(known, made))


def test_an_entry_that_was_made_twice_is_right_once() -> None:
    twice = outcome([event("Fair"), event("Choir", "2026-04-02")], [event("Fair"), event("Fair")])
    assert (twice.days, len(twice.pairs), twice.lost) == (1, 1, 1.5)


def test_values_are_counted_where_the_truth_states_them() -> None:
    known = [event("Fair", place="Old Market", time="10:00", status="cancelled"), event("Choir", "2026-04-02")]
    made = [event("Fair", place="the old market", time="11:00", url=PAGE), event("Choir", "2026-04-02", time="19:00")]
    sums = counted([outcome(known, made)])
    assert [sums[f"place {name}"] for name in ("stated", "right", "made up")] == [1, 1, 0]
    assert [sums[f"time {name}"] for name in ("stated", "right", "made up")] == [1, 0, 1]
    assert sums["time unstated"] == 1
    assert [sums[f"status {name}"] for name in ("stated", "right", "made up")] == [1, 0, 0]
    assert [sums[f"url {name}"] for name in ("stated", "right", "made up")] == [0, 0, 0]
    assert [sums[f"next {name}"] for name in ("stated", "right", "made up")] == [1, 1, 0]
    assert figures(sums)["day and title F1"] == 1
    assert figures(Counter(known=4, made=1, days=1))["day F1"] == pytest.approx(0.4)


def test_a_place_may_differ_in_a_word_a_time_may_not() -> None:
    known = event("Fair", place="Town Hall, Main Square 1", time="10:00")
    assert is_right("place", known, event("Fair", place="Town hall, Main Square"))
    assert not is_right("place", known, event("Fair", place="Station"))
    assert not is_right("time", known, event("Fair", time="10:30"))


def test_an_address_is_one_in_any_order_of_its_parameters() -> None:
    known = event("Fair", url="https://town.example/show?id=3&lang=en")
    assert is_right("url", known, event("Fair", url="https://town.example/show?lang=en&id=3"))
    assert not is_right("url", known, event("Fair", url="https://town.example/show?id=4&lang=en"))
    assert not is_right("url", known, event("Fair"))


def test_entries_are_dated_with_their_context() -> None:
    nothing = dict.fromkeys(("title", "surtitle", "subtitle", "place_raw", "url", "status", "date_context"))
    entries = [
        nothing | {"title": "Fair", "date_raw": "12-13 March, 10:00", "date_context": "2024"},
        nothing | {"title": "CANCELLED: Choir", "date_raw": "4 May 2026"},
        nothing | {"title": "Chess", "date_raw": None},
    ]
    fair, choir, chess = dated(entries, date(2026, 3, 10))
    assert (fair["start"], fair["end"], fair["time"]) == ("2024-03-12", "2024-03-13", "10:00")
    assert (choir["start"], choir["end"], choir["status"]) == ("2026-05-04", None, "cancelled")
    assert (chess["start"], chess["time"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"captured": "2026-3-1"}, "captured '2026-3-1'"),
        ({"kind": "none"}, "kind none is that of pages without entries, and of no other"),
        ({"next": "?page=2"}, "next '?page=2'"),
        ({"events": [event(" ")]}, "entry 0: title ' '"),
        ({"events": [event("Fair", "2026-02-30")]}, "entry 0: start '2026-02-30'"),
        ({"events": [event("Fair", end="2026-03-12")]}, "entry 0: end '2026-03-12'"),
        ({"events": [event("Fair", time="24:00")]}, "entry 0: time '24:00'"),
        ({"events": [event("Fair", url="/fair")]}, "entry 0: url '/fair'"),
        ({"events": [event("Fair", status="Abgesagt")]}, "entry 0: status 'Abgesagt'"),
        ({"events": [event("Fair", place=" ")]}, "entry 0: an empty place"),
    ],
)
def test_an_ill_formed_truth_is_found(change: dict[str, Any], fault: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.touch()
    told = {
        "url": "https://a.example/",
        "captured": "2026-03-10",
        "kind": "events",
        "events": [event("Fair")],
        "next": None,
    }
    page.with_suffix(".json").write_text(json.dumps(told | change), encoding="utf-8")
    (truth,) = truths(tmp_path)
    assert list(faults(truth)) == [fault]

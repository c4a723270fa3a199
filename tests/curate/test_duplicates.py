"""What is one entry and what is not: pairs that must be found, pairs that must never be, and how it scales."""

from __future__ import annotations

import random
from datetime import date, timedelta
from datetime import time as clock
from typing import Any

import pandas as pd
import pytest
from curate_parts import row

from pipelines.curate.blocking import LARGE, WINDOW, candidates
from pipelines.curate.duplicates import find_duplicates
from pipelines.curate.features import make_features

TEASER = "Forty neighbours met in the old market hall and agreed on how to share the square in summer."
OTHER_TEASER = "A guide in nine languages tells newcomers where to find a doctor, a school and a choir."


def found(*rows: dict[str, Any]) -> list[tuple[int, int, str]]:
    """Pairs and the first words of their reasons."""
    pairs = find_duplicates(pd.DataFrame(list(rows)))
    return [(p.left, p.right, p.reason.partition(":")[0]) for p in pairs.itertuples()]


MAY = {"day": "2024-05-03", "cities": ["Lyon"]}
SAME = {
    "the same item key, whatever else": (
        row("Open day", item_key="coe:open-day", day="2024-05-03"),
        row("Journée portes ouvertes", item_key="coe:open-day", day="2025-01-01", language="fr"),
        "same item key",
    ),
    "the same text without key, on two pages": (
        row("Neighbours share a square", summary=TEASER, page_url="https://a.example/1", page_key="1"),
        row("Neighbours share a square", summary=TEASER, page_url="https://a.example/2", page_key="2"),
        "same text",
    ),
    "a teaser that is cut on one of them": (
        row("Neighbours share a square", summary=TEASER),
        row("Neighbours share a square", summary=TEASER[:60] + "...", source="articles"),
        "same text",
    ),
    "no title, the same long text": (
        row(None, summary=TEASER),
        row(None, summary=TEASER, source="articles"),
        "same text",
    ),
    "the same title on the same day": (
        row("Mediators on the square", **MAY),
        row("Mediators on the square", source="table", **MAY),
        "same title and date",
    ),
    "a table row and a news item, with other words around": (
        row("Workshop on Bridging Quarters in the Open City", **MAY),
        row("Workshop on the bridging of quarters in the open city", source="table", **MAY),
        "same event",
    ),
    "a shorter title within a longer one": (
        row("Conference on Building bridges between old and new quarters – the Lyon approach", **MAY),
        row("Building bridges between old and new quarters", **MAY),
        "same event",
    ),
    "a subtitle that is the name the other puts in quotation marks": (
        row("Side event at the autumn session", subtitle="Housing policies for mixed quarters", **MAY),
        row("Side Event: “Housing policies for mixed quarters”", **MAY),
        "same event",
    ),
    "the same name under two keys of one list, same day and city": (
        row(
            "Side event at the autumn session", subtitle="Housing policies for mixed quarters", item_key="coe:a", **MAY
        ),
        row("Side Event: “Housing policies for mixed quarters”", item_key="coe:b", **MAY),
        "same event",
    ),
    "a generic title in a table and a fuller one in the news": (
        row("First expert visit to Lyon", days=("2024-05-03", "2024-05-04"), cities=["Lyon"]),
        row("Expert visit", source="table", days=("2024-05-03", "2024-05-04"), cities=["Lyon"]),
        "same event",
    ),
    "one rare word, same days and city, two sources": (
        row("The Lanternmakers will hold their meeting in May", **MAY),
        row("Meeting of the lanternmakers project", source="table", **MAY),
        "same event",
    ),
    "generic titles in two languages": (
        row("Annual meeting of the coordinators", source="table", **MAY),
        row("Réunion annuelle des coordinateurs des villes", language="fr", **MAY),
        "same event",
    ),
    "other spellings of the city in the titles": (
        row("Lantern training for officials", day="2024-05-03", cities=["Lisbon"]),
        row(
            "Lantern training in Lissabon, Portugal",
            source="table",
            day="2024-05-03",
            cities=["Lisbon"],
            countries=["PT"],
        ),
        "same event",
    ),
    "a quarter and its city": (
        row("Lanterns along the river", day="2024-05-03", cities=["Belém"]),
        row("Lanterns along the river", source="table", day="2024-05-03", cities=["Lisbon"]),
        "same title",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_one_entry(name: str) -> None:
    left, right, reason = SAME[name]
    assert [(a, b, why.partition(" and city")[0]) for a, b, why in found(left, right)] == [(0, 1, reason)]


DIFFERENT = {
    "generic title, other day": (
        row("Expert's visit", **MAY),
        row("Expert's visit", day="2024-06-03", cities=["Lyon"]),
    ),
    "generic title, other city": (
        row("Expert's visit", **MAY),
        row("Expert's visit", day="2024-05-03", cities=["Oslo"]),
    ),
    "generic title, nothing else known": (
        row("Expert's visit", capture_offset=1),
        row("Expert's visit", source="table", capture_offset=2),
    ),
    "a visit to two cities and the visit to one of them": (
        row("Expert's visits to Cascais and Lisbon", days=("2024-03-21", "2024-03-24"), cities=["Cascais", "Lisbon"]),
        row("Expert's visit", source="table", days=("2024-03-21", "2024-03-22"), cities=["Cascais"]),
    ),
    "the same strategy, a year later": (
        row("Strategy development in Lyon", **MAY),
        row("First steps towards the strategy development in Lyon", day="2025-05-03", cities=["Lyon"], source="table"),
    ),
    "editions by year": (
        row("Lantern parade of all quarters 2023", source="table"),
        row("Lantern parade of all quarters 2024"),
    ),
    "editions by number": (
        row("2nd lantern makers' encounter", **MAY),
        row("Third lantern makers' encounter", source="table", **MAY),
    ),
    "editions by date, the same text": (
        row("Lantern parade of all quarters", summary=TEASER, day="2023-05-03"),
        row("Lantern parade of all quarters", summary=TEASER, day="2024-05-03"),
    ),
    "two keys of one list with the same title": (
        row("Newsletter of the network", item_key="coe:n-1", summary=TEASER),
        row("Newsletter of the network", item_key="coe:n-2", summary=TEASER),
    ),
    "two keys of one site that share words, day and city": (
        row("The Lanternmakers will hold their meeting in May", item_key="coe:a", **MAY),
        row("Meeting of the lanternmakers project", source="articles", item_key="coe:b", **MAY),
    ),
    "two boards of one page, one after the other": (
        row("Tax review board – South Hill", start_time=clock(13, 30), **MAY),
        row("Tax review board – Hill", start_time=clock(14, 15), **MAY),
    ),
    "boards of that name sit everywhere": (
        row("Board of Trustees", day="2024-05-03"),
        row("Board of Trustees", day="2024-05-03", source="table"),
    ),
    "same day and city, other things": (
        row("Diversity challenge and lantern meeting", **MAY),
        row("Coordination meeting of the network", source="table", **MAY),
    ),
    "two sessions of one day": (
        row("Lantern making for beginners", start_time=clock(10), **MAY),
        row("Lantern making for beginners", start_time=clock(15), source="table", **MAY),
    ),
    "a call and the event it is for": (
        row("Call for speakers: lanterns of all quarters", kind="call", **MAY),
        row("Lanterns of all quarters", **MAY),
    ),
    "practices of one city that began in one year": (
        row(
            "Shared gardens", kind="practice", start_date=date(2020, 1, 1), end_date=date(2020, 12, 31), cities=["Lyon"]
        ),
        row(
            "Shared kitchens",
            kind="practice",
            start_date=date(2020, 1, 1),
            end_date=date(2020, 12, 31),
            cities=["Lyon"],
            source="articles",
        ),
    ),
    "the same short title, other stories": (
        row("Guide for new neighbours", summary=TEASER, kind="practice"),
        row("Guide for new neighbours", summary=OTHER_TEASER, kind="practice", source="articles"),
    ),
    "an empty title and nothing else": (row(None), row(None, source="table")),
    "an empty title and a short text": (
        row(None, summary="Open to all."),
        row(None, summary="Open to all.", source="table"),
    ),
    "two generic items side by side in one capture": (
        row("Coordinators' annual meeting", ordinal=1),
        row("Coordinators' annual meeting", ordinal=2, summary="In spring."),
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_two_entries(name: str) -> None:
    assert found(*DIFFERENT[name]) == []


def test_only_a_title_is_needed() -> None:
    entries = pd.DataFrame(
        {"title": ["Lantern makers of Lyon meet", "Choir", "Lantern makers of Lyon meet", None]}, index=list("abcd")
    )
    pairs = find_duplicates(entries)
    assert pairs[["left", "right"]].to_numpy().tolist() == [["a", "c"]]
    assert list(pairs.columns) == ["left", "right", "probability", "reason"]
    assert pairs["probability"].between(0, 1).all()


def test_no_entries_and_no_pairs() -> None:
    assert len(find_duplicates(pd.DataFrame({"title": []}))) == 0


def test_cells_may_come_as_other_libraries_give_them() -> None:
    left = {"title": "Lanterns along the river", "start_date": "2024-05-03", "end_date": pd.Timestamp("2024-05-03")}
    right = {
        "title": "Lanterns along the river",
        "start_date": pd.NaT,
        "cities": float("nan"),
        "item_key": float("nan"),
    }
    assert len(find_duplicates(pd.DataFrame([left, right]))) == 1


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [r for a, b, _ in SAME.values() for r in (a, b)] + [r for pair in DIFFERENT.values() for r in pair]
    entries = pd.DataFrame(rows).drop_duplicates("raw_entry_id").set_index("raw_entry_id", drop=False)

    def pairs(frame: pd.DataFrame) -> set[tuple[frozenset[str], str]]:
        return {(frozenset((p.left, p.right)), p.reason) for p in find_duplicates(frame).itertuples()}

    assert pairs(entries) == pairs(entries.sample(frac=1, random_state=7))


def crowd(size: int) -> pd.DataFrame:
    """Town agendas: a thousand words, three hundred days, twenty cities; no two rows meant to be one."""
    chance = random.Random(size)
    words = ["".join(chance.choices("abcdefghilmnoprstuv", k=8)) for _ in range(1_000)]
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(300)]
    return pd.DataFrame(
        {
            "title": [" ".join(chance.sample(words, 5)) for _ in range(size)],
            "start_date": (starts := [chance.choice(days) for _ in range(size)]),
            "end_date": starts,
            "cities": [[f"City {chance.randrange(20)}"] for _ in range(size)],
            "item_key": [f"x:{n}" for n in range(size)],
            "source": [f"town-{n % 20}" for n in range(size)],
        }
    )


def test_blocking_keeps_pairs_near_the_number_of_entries() -> None:
    features = make_features(crowd(4_000))
    assert len(list(candidates(features))) < 10 * len(features)


def test_a_crowd_of_one_title_stays_linear() -> None:
    features = make_features(pd.DataFrame({"title": ["Lantern makers of all quarters"] * 2_000}))
    assert LARGE < 2_000
    assert len(list(candidates(features))) <= 2_000 * WINDOW


@pytest.mark.torture
def test_a_hundred_thousand_entries_give_few_pairs() -> None:
    pairs = find_duplicates(crowd(100_000))
    assert len(pairs) < 1_000

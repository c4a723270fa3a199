"""From pairs to clusters: chains that contradict themselves break, people are obeyed, order changes nothing."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
from curate_parts import row
from hypothesis import given
from hypothesis import strategies as st

from pipelines.curate.clusters import Clusters, cluster
from pipelines.curate.features import make_features
from pipelines.curate.rules import Match

LIKELY = Match(0.9, "test")


def groups(clusters: Clusters, names: list[str]) -> set[frozenset[str]]:
    return {frozenset(names[i] for i in members) for members in clusters.members}


def run(rows: dict[str, dict[str, Any]], pairs: list[tuple[str, str, Match]], **decided: Any) -> set[frozenset[str]]:
    names = list(rows)
    features = make_features(pd.DataFrame(list(rows.values())))
    keys = [r.get("item_key") or name for name, r in rows.items()]
    places = [(names.index(a), names.index(b), match) for a, b, match in pairs]
    return groups(cluster(features, keys, places, **decided), names)


def test_a_chain_never_joins_what_contradicts_itself() -> None:
    rows = {
        "may": row("Lanterns", day="2024-05-03", cities=["Lyon"]),
        "undated": row("Lanterns", source="table"),
        "june": row("Lanterns", day="2024-06-03", cities=["Lyon"]),
    }
    pairs = [("may", "undated", Match(0.95, "surer")), ("undated", "june", LIKELY)]
    assert run(rows, pairs) == {frozenset({"may", "undated"}), frozenset({"june"})}


def test_two_keys_of_one_source_are_joined_only_on_the_same_date() -> None:
    rows = {
        "a": row("Lanterns", item_key="x:a", cities=["Lyon"]),
        "text": row("Lanterns", source="table"),
        "b": row("Lanterns", item_key="x:b", cities=["Lyon"]),
    }
    pairs = [("a", "text", LIKELY), ("text", "b", LIKELY)]
    assert len(run(rows, pairs)) == 2
    dated = {
        name: r | {"start_date": d, "end_date": d}
        for d in [pd.Timestamp("2024-05-03").date()]
        for name, r in rows.items()
    }
    assert len(run(dated, pairs)) == 1


def test_people_are_obeyed_against_the_rules_and_each_other() -> None:
    rows = {"a": row("Lanterns", day="2024-05-03"), "b": row("Choir", day="2024-06-03"), "c": row("Lanterns")}
    assert run(rows, [], same=[("a", "b")]) == {frozenset("ab"), frozenset("c")}
    assert run(rows, [("a", "c", LIKELY)], different=[("a", "c")]) == {frozenset("a"), frozenset("b"), frozenset("c")}
    apart = run(rows, [], same=[("a", "b"), ("b", "c")], different=[("a", "c")])
    assert apart == {frozenset("ab"), frozenset("c")}


def test_decisions_about_rows_that_are_not_here_do_nothing() -> None:
    assert run({"a": row("Lanterns")}, [], same=[("a", "gone")], different=[("gone", "too")]) == {frozenset("a")}


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from([0.8, 0.9])), max_size=15), st.randoms()
)
def test_the_order_of_rows_and_pairs_changes_nothing(
    edges: list[tuple[int, int, float]], chance: random.Random
) -> None:
    rows = [row(f"Lanterns {n}"[:8], day=f"2024-05-{1 + n % 3:02}", ordinal=n, source=f"s{n}") for n in range(10)]
    pairs = sorted({(min(a, b), max(a, b), p) for a, b, p in edges if a != b})

    def clusters(order: list[int]) -> set[frozenset[str]]:
        place = {n: i for i, n in enumerate(order)}
        features = make_features(pd.DataFrame([rows[n] for n in order]))
        mixed = [(place[a], place[b], Match(p, "test")) for a, b, p in chance.sample(pairs, len(pairs))]
        return groups(cluster(features, [str(n) for n in order], mixed), [str(n) for n in order])

    assert clusters(list(range(10))) == clusters(chance.sample(range(10), 10))

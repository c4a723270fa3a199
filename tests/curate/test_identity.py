"""The ledger of ids: in any order, over any runs, an id that was given stays or redirects to entries that live."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipelines.curate.identity import Identities, Row, assign, mint

START = datetime(2024, 1, 1, tzinfo=UTC)
KEYS = [f"x:{n}" for n in range(12)]


@st.composite
def clusterings(draw: st.DrawFn) -> list[list[str]]:
    """Some of the keys, in disjoint clusters."""
    groups = draw(st.lists(st.integers(0, 5), min_size=len(KEYS), max_size=len(KEYS)))
    clusters: dict[int, list[str]] = {}
    for key, group in zip(KEYS, groups, strict=True):
        clusters.setdefault(group, []).append(key)
    clusters.pop(0, None)  # keys that this run does not have
    return list(clusters.values())


def by_key(clusters: list[list[str]], identities: Identities) -> dict[str, str]:
    return {key: entry_id for cluster, entry_id in zip(clusters, identities.ids, strict=True) for key in cluster}


@given(clusterings(), st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(clusters: list[list[str]], chance: random.Random) -> None:
    mixed = [chance.sample(cluster, len(cluster)) for cluster in chance.sample(clusters, len(clusters))]
    assert by_key(clusters, assign(clusters, [], START)) == by_key(mixed, assign(mixed, [], START))


@given(st.lists(clusterings(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_over_any_runs_every_id_lives_or_redirects(runs: list[list[list[str]]], chance: random.Random) -> None:
    ledger: list[Row] = []
    for n, clusters in enumerate(runs):
        known = {entry_id for _, entry_id, _ in ledger}
        found = assign(clusters, ledger, START + timedelta(days=n))
        mixed = chance.sample(clusters, len(clusters))
        assert by_key(mixed, assign(mixed, ledger, START + timedelta(days=n))) == by_key(clusters, found)
        living = set(found.ids)
        assert len(living) == len(clusters)  # no two entries share an id
        assert found.ledger[: len(ledger)] == ledger  # append-only
        assert {r.target_id for r in found.redirects} <= living
        assert all(r.entry_id != r.target_id for r in found.redirects)
        assert known <= living | {r.entry_id for r in found.redirects} | set(found.lost)
        present = {key for cluster in clusters for key in cluster}
        for entry_id in found.lost:
            assert not present & {key for key, other, _ in ledger if other == entry_id}
        ledger = found.ledger


@given(clusterings(), clusterings())
def test_a_cluster_that_did_not_change_keeps_its_id(first: list[list[str]], second: list[list[str]]) -> None:
    before = assign(first, [], START)
    after = assign(second, before.ledger, START + timedelta(days=1))
    kept = {tuple(cluster): entry_id for cluster, entry_id in zip(first, before.ids, strict=True)}
    for cluster, entry_id in zip(second, after.ids, strict=True):
        if tuple(cluster) in kept:
            assert entry_id == kept[tuple(cluster)]


@given(clusterings())
def test_a_second_run_adds_nothing(clusters: list[list[str]]) -> None:
    first = assign(clusters, [], START)
    second = assign(clusters, first.ledger, START + timedelta(days=1))
    assert (second.ids, second.ledger, second.redirects) == (first.ids, first.ledger, [])


def test_an_id_is_made_of_the_smallest_raw_key() -> None:
    (entry_id,) = assign([["x:b", "x:a", "x:c"]], [], START).ids
    assert entry_id == "ce-" + hashlib.sha256(b"x:a").hexdigest()[:12]


def test_a_merge_keeps_the_older_id_and_redirects_the_other() -> None:
    first = assign([["x:b"]], [], START)
    second = assign([["x:b"], ["x:a"]], first.ledger, START + timedelta(days=1))
    third = assign([["x:a", "x:b"]], second.ledger, START + timedelta(days=2))
    assert third.ids == [mint("x:b")]
    (redirect,) = third.redirects
    assert (redirect.entry_id, redirect.target_id, redirect.reason) == (mint("x:a"), mint("x:b"), "merged")
    assert redirect.since == START + timedelta(days=2)


def test_a_split_leaves_the_id_with_the_key_it_is_made_of() -> None:
    first = assign([["x:a", "x:b"]], [], START)
    second = assign([["x:b"], ["x:a"]], first.ledger, START + timedelta(days=1))
    assert second.ids == [mint("x:b"), mint("x:a")]
    (redirect,) = second.redirects
    assert (redirect.entry_id, redirect.target_id, redirect.reason) == (mint("x:a"), mint("x:b"), "split")


def test_redirects_make_no_chains() -> None:
    runs = [[["x:a"]], [["x:a"], ["x:b"], ["x:c"]], [["x:a"], ["x:b", "x:c"]], [["x:a", "x:b", "x:c"]]]
    ledger: list[Row] = []
    for n, clusters in enumerate(runs):
        found = assign(clusters, ledger, START + timedelta(days=n))
        ledger = found.ledger
    assert {(r.entry_id, r.target_id) for r in found.redirects} == {
        (mint("x:b"), mint("x:a")),
        (mint("x:c"), mint("x:a")),
    }


def test_what_was_merged_and_parted_again_has_its_old_id_back() -> None:
    first = assign([["x:a"], ["x:b"]], [], START)
    second = assign([["x:a", "x:b"]], first.ledger, START + timedelta(days=1))
    third = assign([["x:a"], ["x:b"]], second.ledger, START + timedelta(days=2))
    assert third.ids == first.ids


def test_a_later_smaller_key_changes_no_id() -> None:
    first = assign([["x:m"]], [], START)
    second = assign([["x:a", "x:m"]], first.ledger, START + timedelta(days=1))
    assert second.ids == first.ids

"""From pairs to clusters: connected components with a guard, so that a chain never joins what contradicts itself.

What belongs here: `cluster`. What does not: finding pairs (`duplicates`), ids (`identity`).

Rows of one raw key are one thing whatever they say. People's decisions come next, then pairs from the surest down; a
pair is passed over when any row of one side contradicts any row of the other, or people said that they differ.
The result depends on the rows, not on their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.curate.features import Features
from pipelines.curate.rules import Match, contradicts


@dataclass(slots=True)
class Clusters:
    """`members`: positions of the rows of each cluster. `matches`: the match by which a row joined, if any did."""

    members: list[list[int]]
    matches: dict[int, Match]


@dataclass(slots=True)
class _Forest:
    """Union-find over positions, with the members of each root at hand."""

    parent: list[int]
    members: dict[int, list[int]] = field(default_factory=dict)

    def root(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        low, high = sorted((self.root(i), self.root(j)))
        if low != high:
            self.parent[high] = low
            self.members[low] += self.members.pop(high)


def cluster(
    features: Sequence[Features],
    raw_keys: Sequence[str],
    pairs: Sequence[tuple[int, int, Match]],
    same: Sequence[tuple[str, str]] = (),
    different: Sequence[tuple[str, str]] = (),
) -> Clusters:
    """Clusters of positions; `same` and `different` are people's decisions about raw keys.

    A pair of keys that people called both the same and, through others, different stays apart.
    """
    forest = _Forest(list(range(len(features))), {i: [i] for i in range(len(features))})
    matches: dict[int, Match] = {}
    first = _join_keys(forest, features, raw_keys, matches)
    apart = {frozenset(pair) for pair in different}
    decided = Match(1.0, "decided by people")
    edges = [(first[a], first[b], decided) for a, b in sorted(same) if a in first and b in first]
    edges += sorted(pairs, key=lambda p: (-p[2].probability, *sorted((features[p[0]].order, features[p[1]].order))))
    for i, j, match in edges:
        left, right = forest.members[forest.root(i)], forest.members[forest.root(j)]
        if left is right or _kept_apart(left, right, raw_keys, apart):
            continue
        if match is not decided and _contradiction(left, right, features):
            continue
        for row in (i, j):
            matches.setdefault(row, match)
        forest.join(i, j)
    return Clusters(sorted(sorted(m) for m in forest.members.values()), _complete(forest, matches))


def _join_keys(
    forest: _Forest, features: Sequence[Features], raw_keys: Sequence[str], matches: dict[int, Match]
) -> dict[str, int]:
    """Join the rows of each raw key; give the first row of each."""
    first: dict[str, int] = {}
    for i in sorted(range(len(features)), key=lambda i: features[i].order):
        anchor = first.setdefault(raw_keys[i], i)
        if anchor != i:
            forest.join(anchor, i)
            matches[i] = matches[anchor] = Match(1.0, "same item key")
    return first


def _kept_apart(left: list[int], right: list[int], raw_keys: Sequence[str], apart: set[frozenset[str]]) -> bool:
    if not apart:
        return False
    return any(frozenset((raw_keys[i], raw_keys[j])) in apart for i in left for j in right)


def _contradiction(left: list[int], right: list[int], features: Sequence[Features]) -> bool:
    """Whether any two say what can not both be true; rows that say the same are looked at once."""
    sides = [{_signature(features[i]): features[i] for i in side}.values() for side in (left, right)]
    return any(contradicts(a, b) for a in sides[0] for b in sides[1])


def _signature(f: Features) -> tuple[object, ...]:
    dates = (f.start, f.end, f.inferred, f.clock, f.instant)
    return (f.key, f.source, f.site, f.kind, f.numbers, f.cities, f.countries, dates)


def _complete(forest: _Forest, matches: dict[int, Match]) -> dict[int, Match]:
    """Only rows of a cluster of several have a match."""
    alone = {members[0] for members in forest.members.values() if len(members) == 1}
    return {i: match for i, match in matches.items() if i not in alone}

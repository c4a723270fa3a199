"""Who is who: the ledger of ids, from raw keys to entry ids, kept for ever.

What belongs here: minting, keeping, merging and splitting ids, and the redirects that follow. What does not: deciding
which rows are one thing (`clusters`), values of an entry (`merge`).

The rules:

- A raw key is the item key, or the `raw_entry_id` where the page gives none.
- The ledger is append-only: a row (raw key, entry id, since) is added whenever a raw key comes under an id that its
  latest row does not name. The latest row of a raw key is the one that holds.
- A new id is minted from the smallest raw key of its cluster, so the order of input changes nothing.
- A cluster keeps the oldest id that its raw keys have. An id that several clusters could keep goes to the one that
  holds the raw key it was minted from, else to the one with the smallest raw key; the others get ids of their own.
- Every id that was ever given is either an entry now or redirects to the entries that hold its raw keys now, never to
  another redirect.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count

Row = tuple[str, str, datetime]  # raw_key, entry_id, since


@dataclass(frozen=True, slots=True)
class Redirect:
    """An id that was merged or split, and an entry that holds (a part of) its content now."""

    entry_id: str
    target_id: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Identities:
    """`ids`: of each cluster, in order. `ledger`: all rows, new ones last. `lost`: ids whose raw keys are gone."""

    ids: list[str]
    ledger: list[Row]
    redirects: list[Redirect]
    lost: list[str]


def mint(raw_key: str) -> str:
    """The id made of a raw key: `ce-` and the first 12 hex digits of its SHA-256."""
    return "ce-" + hashlib.sha256(raw_key.encode()).hexdigest()[:12]


def assign(clusters: Sequence[Sequence[str]], ledger: Sequence[Row], now: datetime) -> Identities:
    """Give each cluster of raw keys its id. The clusters are disjoint and not empty."""
    ordered = [sorted(set(cluster)) for cluster in clusters]
    latest = {raw_key: entry_id for raw_key, entry_id, _ in ledger}
    born: dict[str, tuple[datetime, str]] = {}
    for _, entry_id, since in ledger:
        born.setdefault(entry_id, (since, entry_id))
    ids = _keep(ordered, latest, born)
    _mint_missing(ordered, ids)
    current = {raw_key: ids[n] for n, cluster in enumerate(ordered) for raw_key in cluster}
    new = [(raw_key, entry_id, now) for raw_key, entry_id in sorted(current.items()) if latest.get(raw_key) != entry_id]
    whole = [*ledger, *new]
    redirects, lost = _redirects(whole, current)
    return Identities([ids[n] for n in range(len(ordered))], whole, redirects, lost)


def _keep(
    clusters: list[list[str]], latest: Mapping[str, str], born: Mapping[str, tuple[datetime, str]]
) -> dict[int, str]:
    """The clusters that keep an id: each id goes to one cluster, each cluster keeps its oldest."""
    claims: dict[str, list[tuple[bool, str, int]]] = defaultdict(list)
    for n, cluster in enumerate(clusters):
        for raw_key in cluster:
            if raw_key in latest:
                claims[latest[raw_key]].append((mint(raw_key) != latest[raw_key], raw_key, n))
    owned: dict[int, list[str]] = defaultdict(list)
    for entry_id, claim in claims.items():
        owned[min(claim)[2]].append(entry_id)
    return {n: min(entry_ids, key=lambda i: born[i]) for n, entry_ids in owned.items()}


def _mint_missing(clusters: list[list[str]], ids: dict[int, str]) -> None:
    """Mint an id for each cluster that keeps none; an id that redirects lives again with the key it is made of."""
    living = set(ids.values())
    for n in sorted(set(range(len(clusters))) - set(ids), key=lambda n: clusters[n]):
        seeds = chain(clusters[n], (f"{clusters[n][0]}#{i}" for i in count(2)))
        ids[n] = next(entry_id for entry_id in map(mint, seeds) if entry_id not in living)
        living.add(ids[n])


def _redirects(ledger: Sequence[Row], current: Mapping[str, str]) -> tuple[list[Redirect], list[str]]:
    """Redirects of all ids of the ledger, and the ids whose raw keys have all gone."""
    targets: dict[str, dict[str, datetime]] = defaultdict(dict)
    since_of = {(raw_key, entry_id): since for raw_key, entry_id, since in ledger}
    for raw_key, entry_id, _ in ledger:
        target = current.get(raw_key)
        if target is not None and target != entry_id:
            moved = since_of[raw_key, target]
            targets[entry_id][target] = min(moved, targets[entry_id].get(target, moved))
    living = set(current.values())
    redirects = [
        Redirect(old, new, "split" if old in living or len(found) > 1 else "merged", since)
        for old, found in targets.items()
        for new, since in found.items()
    ]
    lost = {entry_id for _, entry_id, _ in ledger} - living - set(targets)
    return sorted(redirects, key=lambda r: (r.entry_id, r.target_id)), sorted(lost)

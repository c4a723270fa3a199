"""Which entries are left out of a release, because a city's own pages tell of much else.

What belongs here: the rule and its reason. What does not: how relevance is judged (`pipelines.refine.topics`).

Pages of the programme are about its subject by themselves; a city's agenda is mostly concerts. An entry that only
sources of cities show is published when its words speak of the subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

ENOUGH = 0.4
"""Relevance from which an entry of a city is published: one word of the subject in its title, or two in its teaser."""


def unfit(entry: Row, group: Sequence[Row], scopes: Mapping[str, str]) -> str | None:
    """Why a merged entry is left out, or None. `group`: its refined rows; `scopes`: source to programme or city."""
    relevance = entry["relevance"]
    if relevance is None or relevance >= ENOUGH or any(scopes.get(row["source"]) != "city" for row in group):
        return None
    return f"relevance {relevance:.2f} is below {ENOUGH:.2f}, and only pages of cities show it"


def left_out(entry: Row, group: Sequence[Row], reason: str) -> Row:
    """Its row in the table `left_out`; `group` has `seen_at`."""
    newest = max(group, key=lambda row: (row["seen_at"], row["raw_entry_id"]))
    names = ("entry_id", "title", "url", "start_date", "relevance")
    return {name: entry[name] for name in names} | {"source": newest["source"], "reason": reason}

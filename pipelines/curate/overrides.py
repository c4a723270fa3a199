"""What people decided about identity: `overrides.csv` in the data folder.

What belongs here: reading and checking that file, heirs of entries that are gone, decisions that could not be followed.
What does not: joining and keeping apart (`clusters`).

Columns: raw_key_left, raw_key_right (item keys, or raw_entry_ids of entries without), decision (same or different),
who, why. A file that breaks this is refused as a whole: a decision half applied would change ids for good.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("raw_key_left", "raw_key_right", "decision", "who", "why")


class OverridesError(ValueError):
    """The overrides can not be used; the message gives file, line, and what to do."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Pairs of raw keys that are the same entry, and that are not."""

    same: tuple[tuple[str, str], ...] = ()
    different: tuple[tuple[str, str], ...] = ()


def read_overrides(path: Path) -> Overrides:
    """The decisions of the file; none when there is no file. Raises OverridesError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
            if missing:
                raise OverridesError(f"{path}: no column {', '.join(missing)}; the columns are {', '.join(COLUMNS)}")
            rows = [_row(path, reader.line_num, row) for row in reader]
    except FileNotFoundError:
        return Overrides()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise OverridesError(f"{path}: can not be read as UTF-8 CSV ({error})") from error
    _check_agreement(path, rows)
    return Overrides(
        same=tuple(pair for pair, decision in rows if decision == "same"),
        different=tuple(pair for pair, decision in rows if decision == "different"),
    )


def with_gone_keys(
    clusters: Sequence[AbstractSet[str]], same: Sequence[tuple[str, str]], ledger: AbstractSet[str]
) -> list[Sequence[str]]:
    """The clusters of raw keys, each with the keys of the ledger that are gone and that people called the same.

    So the id of an entry that no page gives any more redirects to the heir that people name.
    """
    owner = {key: n for n, keys in enumerate(clusters) for key in keys}
    named = [set(keys) for keys in clusters]
    for pair in sorted(same):
        for gone, heir in (pair, pair[::-1]):
            if gone in ledger and gone not in owner and heir in owner:
                owner[gone] = owner[heir]
                named[owner[heir]].add(gone)
    return [sorted(keys) for keys in named]


def unmet(clusters: Sequence[Sequence[str]], overrides: Overrides, where: str) -> list[dict[str, str]]:
    """Rows of `issues.json` for decisions that could not be followed: a key that is unknown, or decisions at odds."""
    owner = {key: n for n, keys in enumerate(clusters) for key in keys}
    found = []
    for decision, pairs in (("same", overrides.same), ("different", overrides.different)):
        for pair in dict.fromkeys(pairs):
            unknown = [key for key in pair if key not in owner]
            if unknown:
                reason = f"no entry has the raw key {' nor '.join(unknown)}"
            elif (owner[pair[0]] == owner[pair[1]]) != (decision == "same"):
                reason = "other decisions of the file say the contrary"
            else:
                continue
            found.append(_issue(f"{where}: {pair[0]} and {pair[1]}", f"called {decision}, but {reason}"))
    return found


def _issue(where: str, reason: str) -> dict[str, str]:
    remedy = (
        "mend or remove the line; raw keys are item keys such as coe:slug, or raw_entry_ids where an entry has none"
    )
    return {"stage": "curate", "source": "", "where": where, "reason": reason, "what_to_do": remedy}


def _row(path: Path, line: int, row: dict[str, str | None]) -> tuple[tuple[str, str], str]:
    if None in row:
        raise OverridesError(f"{path}, line {line}: more cells than columns; quote a cell that holds a comma")
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    empty = [column for column, cell in cells.items() if not cell]
    if empty:
        raise OverridesError(f"{path}, line {line}: {', '.join(empty)} is empty; every decision needs all columns")
    if cells["decision"] not in ("same", "different"):
        raise OverridesError(f"{path}, line {line}: decision is {cells['decision']!r}; write same or different")
    left, right = sorted((cells["raw_key_left"], cells["raw_key_right"]))
    if left == right:
        raise OverridesError(f"{path}, line {line}: both raw keys are {left}; a decision is about two")
    return (left, right), cells["decision"]


def _check_agreement(path: Path, rows: list[tuple[tuple[str, str], str]]) -> None:
    decided: dict[tuple[str, str], str] = {}
    for pair, decision in rows:
        if decided.setdefault(pair, decision) != decision:
            raise OverridesError(f"{path}: {pair[0]} and {pair[1]} are called both same and different; keep one")

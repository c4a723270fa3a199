"""What people decided about identity: `overrides.csv` in the data folder.

What belongs here: reading and checking that file. What does not: applying it (`clusters`).

Columns: raw_key_left, raw_key_right (item keys, or raw_entry_ids of entries without), decision (same or different),
who, why. A file that breaks this is refused as a whole: a decision half applied would change ids for good.
"""

from __future__ import annotations

import csv
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


def _row(path: Path, line: int, row: dict[str, str | None]) -> tuple[tuple[str, str], str]:
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

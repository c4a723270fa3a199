"""Date texts as web sites write them, and traps beside them, by language: each is read as its row says.

`dates_read.jsonl` was written by people who had not seen the reader: text, language, captured, context, prefer, days
(first/last; ".." is open; null: no date), time (first-last, local).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.refine.dates import read_dates

TABLE = Path(__file__).with_name("dates_read.jsonl")
ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]


def read(rows: list[dict[str, Any]], prefer: str) -> list[tuple[str | None, str | None]]:
    """Days and times of rows, in the table's spelling."""
    frame = read_dates(
        [row["text"] for row in rows],
        [row["language"] for row in rows],
        [row["captured"] for row in rows],
        [row.get("context") for row in rows],
        prefer,
    )
    found = []
    for start, end, begins, ends in zip(
        frame["start_date"], frame["end_date"], frame["start_time"], frame["end_time"], strict=True
    ):
        days = f"{start or '..'}/{end or '..'}" if start or end else None
        first, last = (f"{hour:%H:%M}" if hour else "" for hour in (begins, ends))
        found.append((days, f"{first}-{last}".removesuffix("-") or None))
    return found


@pytest.mark.parametrize("language", sorted({row["language"] for row in ROWS}))
def test_texts_of_web_sites(language: str) -> None:
    wrong = []
    for prefer in ("future", "past"):
        rows = [row for row in ROWS if row["language"] == language and row.get("prefer", "future") == prefer]
        said = [(row["days"], row.get("time")) for row in rows]
        wrong += [
            (row["text"], want, got)
            for row, want, got in zip(rows, said, read(rows, prefer), strict=True)
            if want != got
        ]
    assert not wrong


def test_the_table_is_wide() -> None:
    assert len(ROWS) >= 3_000
    assert len({row["language"] for row in ROWS}) >= 40
    assert sum(row["days"] is None for row in ROWS) >= 300

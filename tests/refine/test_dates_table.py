"""Every row of our own table of date texts is read as it says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipelines.refine.dates import read_dates

TABLE = Path(__file__).with_name("dates.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="|"))


def said(row: dict[str, str]) -> dict[str, object]:
    """What a row of the table expects, by column."""
    words = (row["more"] or "").split()
    named = dict(word.split("=") for word in words if "=" in word)
    start, _, end = named.get("time", "-").partition("-")
    return {
        "start_date": row["start"] or None,
        "end_date": row["end"] or None,
        "date_precision": row["precision"] if row["precision"] != "-" else None,
        "start_time": start or None,
        "end_time": end or None,
        "timezone": named.get("zone"),
        "date_role": "deadline" if "deadline" in words else "period" if "period" in words else None,
        "is_ongoing": "ongoing" in words,
        "date_inferred": "inferred" in words,
    }


def got(row: dict[str, str]) -> dict[str, object]:
    """What is read of a row, in the table's spelling."""
    read = read_dates([row["text"]], row["language"] or None, row["captured"] or None, [row["context"] or None]).iloc[0]
    values = {name: read[name] for name in said(row)}
    for name in ("start_date", "end_date"):
        values[name] = None if values[name] is None else values[name].isoformat()
    for name in ("start_time", "end_time"):
        values[name] = None if values[name] is None else values[name].strftime("%H:%M")
    return values


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['language']}-{r['text']}" for r in ROWS])
def test_table(row: dict[str, str]) -> None:
    assert got(row) == said(row)


def test_table_is_wide() -> None:
    languages = {row["language"] for row in ROWS if row["language"]}
    assert len(ROWS) >= 600
    assert len(languages) >= 30

"""A run refined: raw entries from the lake, refined entries into it.

What belongs here: reading and writing the lake, and the count of what was found. What does not: the steps (`chain`),
which runs are due (the caller compares `refiner_fingerprint` with the one that a file bears).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipelines.fingerprint import fingerprint
from pipelines.refine.chain import refine
from warehouse.lake import read_table, write_table
from warehouse.layout import DataFolder
from warehouse.tables import RAW_ENTRIES, REFINED_ENTRIES

_COUNTED = ("title", "summary", "language", "start_date", "place_raw", "status")


@dataclass(slots=True)
class RefineReport:
    """What refining a run gave: entries, how many have which value, entries by kind, and rows of `issues.json`."""

    source: str
    run_id: str
    entries: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    issues: list[dict[str, str]] = field(default_factory=list)


def refiner_fingerprint() -> str:
    """Changes when the code or the vocabulary that refines changes."""
    return fingerprint("pipelines.refine", "pipelines.reference")


def refine_run(
    data: DataFolder,
    source: str,
    run_id: str,
    countries: Sequence[str] = (),
    languages: Sequence[str] = (),
    city: str | None = None,
) -> RefineReport:
    """Refine the raw entries of a run and write `refined_entries`, marked with the refiner's fingerprint.

    `countries`, `languages` and `city` are those of the source (see `refine`). A run without raw entries gives an empty
    table. Raises the errors of `warehouse.lake`; what can not be read of an entry is an issue of the report, never an
    error.
    """
    raw = read_table(data, RAW_ENTRIES, source, run_id)
    refined = refine(raw, countries, languages, city)
    write_table(data, REFINED_ENTRIES, source, run_id, refined, {"refiner": refiner_fingerprint()})
    report = RefineReport(source, run_id, len(refined))
    report.fields = {name: int(refined[name].notna().sum()) for name in _COUNTED}
    report.fields["cities"] = sum(map(bool, refined["cities"]))
    report.kinds = {str(kind): int(count) for kind, count in refined["kind"].value_counts().sort_index().items()}
    report.issues = _issues(source, raw, refined)
    return report


def _issues(source: str, raw: pd.DataFrame, refined: pd.DataFrame) -> list[dict[str, str]]:
    """What refining found that the reader had not said already."""
    rows = refined[["page_url", "raw_title", "issues"]].to_dict("records")
    return [
        {
            "stage": "refine",
            "source": source,
            "where": f"{row['page_url']} entry {str(row['raw_title'])[:200]!r}",
            "reason": reason,
            "what_to_do": "the entry is kept as the page shows it",
        }
        for row, known in zip(rows, raw["issues"], strict=True)
        for reason in row["issues"]
        if reason not in (known or [])
    ]

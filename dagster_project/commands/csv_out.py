"""Rows as CSV on standard output, by the rules of the CSV files of a release.

What belongs here: cells. What does not: which rows (the verbs), the files (`pipelines.publish.files.tables`).
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any


def write_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a header and rows. Lists and structs are JSON; a text that a spreadsheet would run as a formula gets an
    apostrophe in front, and control characters are left out."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(map(_cell, names))
    writer.writerows(map(_cell, row) for row in rows)


def _cell(value: Any) -> Any:
    from pipelines.publish.files.tables import CONTROL, FORMULA

    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if not isinstance(value, str):
        return value
    plain = re.sub(CONTROL, "", value)
    return f"'{plain}" if re.match(FORMULA, plain) else plain

"""Rows as CSV on standard output, by the rules of the CSV files of a release; and values as JSON.

What belongs here: cells. What does not: which rows (the verbs), the files (`pipelines.publish.files.tables`).
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any


def write_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a header and rows. Lists and structs are JSON; a text that a spreadsheet would run as a formula gets an
    apostrophe in front, and control characters are left out."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(map(_cell, names))
    writer.writerows(map(_cell, row) for row in rows)


def json_value(value: Any) -> Any:
    """A value as JSON has it: numbers stay numbers, what is no number (NaN, infinities) is null, the rest is a text."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): json_value(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(part) for part in value]
    return value if value is None or isinstance(value, (str, int)) else str(value)


def _cell(value: Any) -> Any:
    from pipelines.publish.files.tables import CONTROL, FORMULA

    if isinstance(value, (list, dict)):
        return json.dumps(json_value(value), ensure_ascii=False, allow_nan=False)
    if not isinstance(value, str):
        return value
    plain = re.sub(CONTROL, "", value)
    return f"'{plain}" if re.match(FORMULA, plain) else plain

"""A day out of whatever a frame holds as one.

What belongs here: values that are dates already, in any of pandas' and Python's types. What does not: words.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any


def as_date(value: Any) -> date | None:
    """A date from a date, a timestamp or ISO text; None for anything else."""
    if isinstance(value, datetime):  # pandas' NaT is a datetime too, and not equal to itself
        return value.date() if value == value else None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None

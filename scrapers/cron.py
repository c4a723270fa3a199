"""Whether a text is a cron line: five fields of numbers, names, ranges, lists and steps.

What belongs here: the check of a line in a source's YAML. What does not: when it fires, which Dagster knows.
"""

from __future__ import annotations

import re

_DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
_MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of month", 1, 31, {}),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 7, _DAYS),
)
_ITEM = re.compile(r"(?:\*|(?P<first>[a-z0-9]+)(?:-(?P<last>[a-z0-9]+))?)(?:/(?P<step>[0-9]{1,3}))?")


def cron_problem(text: str) -> str | None:
    """What is wrong with a cron line; None when it is good."""
    fields = text.lower().split()
    if len(fields) != len(_FIELDS):
        return f"a cron line has 5 fields, this one has {len(fields)}"
    for field, (name, low, high, words) in zip(fields, _FIELDS, strict=True):
        for item in field.split(","):
            if not _good(item, low, high, words):
                return f"{item!r} is no {name} ({low} to {high})"
    return None


def _good(item: str, low: int, high: int, words: dict[str, int]) -> bool:
    found = _ITEM.fullmatch(item)
    if not found or (found["step"] is not None and int(found["step"]) == 0):
        return False
    numbers = [_number(value, words) for value in (found["first"], found["last"]) if value is not None]
    return all(low <= number <= high for number in numbers) and numbers == sorted(numbers)


def _number(text: str, words: dict[str, int]) -> int:
    if text in words:
        return words[text]
    return int(text) if re.fullmatch("[0-9]{1,2}", text) else -1

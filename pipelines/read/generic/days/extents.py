"""How far the words of a date reach in a line: without a label before them, with the whole first day of a range, and
without weekdays behind a range.

What belongs here: dates of which a search by meaning takes a word too many or a number too few. What does not: the
grammar of dates (`refine.dates`), what a date is of (`mentions`).
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.read.html.roles import column_of, label_of
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import is_calendar_word

_LABEL = 30  # characters of a label
_HEAD = re.compile(r"([^\d:]{3,30}):\s*(?=\S)")
# "02.03 - 31.03.2026": what has a point before it may be the month of a first day.
_LEADING = re.compile(r"(?<![\d.])\d{1,2}\.$")
_MONTH_TO = re.compile(r"(?:0?[1-9]|1[0-2])\.?\s*[–—-]\s*\d{1,2}\.\s?\d{1,2}")
# "25–26 April Sat–Sun": the weekday of the first day, cut off from that of the last one.
_RANGE = re.compile(r"\d\W{0,2}\s?[–—-]\s?\d")
_WEEKDAY = re.compile(r"[\s,]+([^\W\d_]{2,12})\.?$")
_TO_WEEKDAY = re.compile(r"\.?\s?[–—-]\s?([^\W\d_]{2,12})")


def extent(text: str, start: int, end: int, is_deadline: bool) -> tuple[int, int]:
    """Where the words of a date begin and end that were found from `start` to `end`; `is_deadline` when they were taken
    for the last day of something, which a label that means "when" does not say."""
    words = text[start:end]
    head = _HEAD.match(words) if is_deadline else None
    if head and is_date_label(head[1]):
        return start + head.end(), end
    lead = _LEADING.search(text[:start])
    if lead and _MONTH_TO.match(words):
        return lead.start(), end
    last, behind = _WEEKDAY.search(words), _TO_WEEKDAY.match(text, end)
    if last and behind and _RANGE.search(words) and is_calendar_word(last[1]) and is_calendar_word(behind[1]):
        return start, start + last.start()
    return start, end


def is_date_label(text: str) -> bool:
    """Whether some words are the label of a day: "When:", "Date"."""
    words = text.strip(" :–-")[-_LABEL:]
    if not words:
        return False
    label = label_of(words, "meta_labels")
    return bool(label and label[0] == "date") or column_of(words) == "date" or fold(words) in _more_labels()


@cache
def _more_labels() -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")["date_labels"])

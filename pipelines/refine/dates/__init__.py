"""Dates in words: what a date text means, and where dates stand in a text.

What belongs here: the grammar of date texts in the languages of the network and the rules of the contract about missing
years. What does not: which of an entry's texts is its date (readers), the instant in UTC (the chain).

    tokens + vocabulary   words and numbers, with what they can be      (pipelines/reference/dates/*.yaml, CLDR)
    numeric, clock        12.05.2018; 11.00-12.30 CET
    points                one end of a date, parts in any order
    phrases               ranges, since, until, ongoing, deadlines, brackets
    calendar              shared and missing parts, first and last days
    reading, fallback     role, precision, reason; dateparser for the rest
    frame, spans          read_dates, find_dates
"""

from __future__ import annotations

from pipelines.refine.dates.frame import DateSpan, find_dates, read_dates
from pipelines.refine.dates.reading import DateReading

__all__ = ["DateReading", "DateSpan", "find_dates", "read_dates"]

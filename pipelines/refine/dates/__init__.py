"""Dates in words: what a date text means, and where dates stand in a text.

What belongs here: the grammar of date texts in the languages of the network and the rules of the contract about missing
years. What does not: which of an entry's texts is its date (readers), the instant in UTC (the chain).

    words                 what words can be           (pipelines/reference/dates/*.yaml; CLDR names)
    grammar               what they mean together     (tokens, points, ranges, since, until, brackets)
    calendar              shared and missing parts, first and last days
    reading               the phrase that counts; role, precision, reason; dateparser for the rest (fallback)
    shapes, watched       texts of one shape parsed once, then filled in
    finding               dates in running text
    context               what the words around tell of a year, a month, an order
    frame                 the doors: read_dates, read_date, find_dates
    days                  a day out of a value that is one already
"""

from __future__ import annotations

from pipelines.refine.dates.frame import DateSpan, find_dates, read_date, read_dates
from pipelines.refine.dates.grammar.parse import is_calendar_word
from pipelines.refine.dates.reading import DateReading

__all__ = ["DateReading", "DateSpan", "find_dates", "is_calendar_word", "read_date", "read_dates"]

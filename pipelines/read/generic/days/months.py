"""Months that stand apart from their days.

What belongs here: whether some words are the name of a month, with its year. What does not: where months are looked for
(`grids`, `mentions`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.refine.dates import read_date

YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SPLIT = re.compile(r"[\s,:()|/–—-]+")
_WORDS = 4  # of the name of a month, its year and what stands beside them


def month_of(text: str, languages: tuple[str, ...]) -> str | None:
    """The name of the month, with its year, that a heading is; None for other words."""
    return _month_of(text, languages) if len(text) <= 60 else None


@lru_cache(maxsize=4096)
def _month_of(text: str, languages: tuple[str, ...]) -> str | None:
    words = [word for word in _SPLIT.split(text) if word]
    return _month_in(tuple(words), languages) if 0 < len(words) <= _WORDS else None


def month_in(text: str, languages: tuple[str, ...]) -> str | None:
    """The first month that a date text names, with its year."""
    return _month_in(tuple(word for word in _SPLIT.split(text) if word), languages)


def months_in(text: str, languages: tuple[str, ...]) -> dict[int, str]:
    """The months that a date text names, by their number."""
    words = {word.strip(".,;&") for word in _SPLIT.split(text)}
    return {number: word for word in words if word.isalpha() and (number := _number_of(word, languages))}


@lru_cache(maxsize=4096)
def _month_in(words: tuple[str, ...], languages: tuple[str, ...]) -> str | None:
    for word in words:
        bare = word.strip(".,;&")
        if bare.isalpha() and len(bare) > 2 and _is_month(bare, languages):
            year = next((w for w in words if YEAR.fullmatch(w.strip(".,;"))), "")
            return f"{bare} {year}".strip(" .,;")
    return None


def _is_month(word: str, languages: tuple[str, ...]) -> bool:
    return bool(_number_of(word, languages))


@lru_cache(maxsize=4096)
def _number_of(word: str, languages: tuple[str, ...]) -> int:
    """Which month a word names, 1 to 12; 0 for any other word."""
    reading = read_date(f"{word} 2020", languages, None)
    first, last = reading.start_date, reading.end_date
    if reading.date_precision != "month" or first is None or last is None or first.month != last.month:
        return 0
    return first.month

"""What the grammar leaves: dateparser, on a short leash.

What belongs here: the only calls of dateparser. It is asked for absolute dates with day, month and year in the words,
so that it can add nothing of its own, and never for a text without digits or longer than a line.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

_LONGEST = 60
_DIGITS = re.compile(r"\d{4}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SETTINGS: dict[str, Any] = {
    "STRICT_PARSING": True,
    "PARSERS": ["absolute-time"],
    "DATE_ORDER": "DMY",
    "PREFER_LOCALE_DATE_ORDER": True,
    "NORMALIZE": True,
}


def read_with_library(text: str, language: str | None) -> tuple[date, str] | None:
    """The day that dateparser reads and the language it read it in; None when it reads none or may not be asked."""
    if len(text) > _LONGEST or not _DIGITS.search(text) or not _WORD.search(text):
        return None
    try:
        found = _parser(language).get_date_data(text)
    except Exception:  # noqa: BLE001 - dirty text must not stop a run, whatever the library makes of it
        return None
    moment = found.date_obj
    return None if moment is None or found.period != "day" else (moment.date(), str(found.locale))


@cache
def _parser(language: str | None) -> Any:
    from dateparser.date import DateDataParser

    try:
        return DateDataParser(languages=[language] if language else None, settings=_SETTINGS)
    except ValueError:
        return DateDataParser(settings=_SETTINGS)

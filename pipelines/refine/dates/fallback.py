"""What the grammar leaves: dateparser, on a short leash.

What belongs here: the only calls of dateparser. It is asked for absolute dates with day, month and year in the words,
so that it can add nothing of its own, in languages that the grammar has no words of, and never for a text without
digits or longer than a line.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache
from typing import Any

_LONGEST = 60
# Languages that have no data file here. All that it knows would take seconds to load and 3 ms a text.
_LANGUAGES = "mk be hy az kk uz af cy br fy ast eo th id ms fil fa ur bn ta te sw".split()
_DAY, _YEAR = re.compile(r"(?<!\d)\d{1,2}(?!\d)"), re.compile(r"(?<!\d)\d{4}(?!\d)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SETTINGS: dict[str, Any] = {
    "STRICT_PARSING": True,
    "PARSERS": ["absolute-time"],
    "DATE_ORDER": "DMY",
    "PREFER_LOCALE_DATE_ORDER": True,
    "NORMALIZE": True,
}


@lru_cache(maxsize=8192)
def read_with_library(text: str) -> tuple[date, str] | None:
    """The day that dateparser reads and the language it read it in; None when it reads none or may not be asked."""
    if len(text) > _LONGEST or not (_DAY.search(text) and _YEAR.search(text)) or not _WORD.search(text):
        return None
    try:
        found = _parser().get_date_data(text)
    except Exception:  # noqa: BLE001 - dirty text must not stop a run, whatever the library makes of it
        return None
    moment = found.date_obj
    return None if moment is None or found.period != "day" else (moment.date(), str(found.locale))


@cache
def _parser() -> Any:
    from dateparser.date import DateDataParser

    return DateDataParser(languages=_LANGUAGES, settings=_SETTINGS)

"""The two doors: `read_dates` for texts that are dates, `find_dates` for dates in running text.

What belongs here: arguments, frames, spans, and which phrases count as a date in a text that also says other things.
What does not: reading itself.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from pipelines.refine.dates.calendar import Known
from pipelines.refine.dates.context import Told, told_by
from pipelines.refine.dates.days import as_date
from pipelines.refine.dates.finding import prescan
from pipelines.refine.dates.finding.spans import spans
from pipelines.refine.dates.grammar.parse import choose_language, known_languages, parse_with
from pipelines.refine.dates.reading import DateReading, is_whole, read_phrase, read_text
from pipelines.refine.dates.words.lexicon import lexicon

_LONGEST_SAMPLE = 2_000  # characters of a text that its language is guessed from
_MANY = 1_000  # rows
COLUMNS = list(DateReading._fields)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text: offsets, the words as displayed, and what they mean without any context."""

    start: int
    end: int
    text: str
    reading: DateReading


def read_dates(
    texts: Iterable[str | None],
    languages: Any = None,
    captured: Any = None,
    contexts: Iterable[Any] | None = None,
    prefer: str = "future",
) -> pd.DataFrame:
    """What date texts mean, one row a text, in their order (and their index, when they are a Series).

    Columns: start_date, end_date (inclusive; None = open or unknown), start_time, end_time (local wall clock), timezone
    (IANA), timezone_raw, date_precision (time, day, month, year), date_role (deadline, period or None), date_inferred,
    is_ongoing, reason (rule or library, or why there is no date), edtf (ISO 8601-2), is_recurring (said to come back:
    "every Monday from 3 May to 7 June 2021"), days (a list of dates where the text lists days: "3, 5 and 9 May"; else
    None).

    `languages`: None, one code for all, or an element a text: a code, a sequence of candidates, or None. A code may
    carry a region: 5/1/2019 is 5 January, in "en-US" 1 May. `captured`: a date for all or one a text. `contexts`: words
    near each text that may tell its year, its month where it is a bare day, and the order of its numbers where that
    could be either (see `context`). A missing year comes from the context, else from the named weekday, else it
    is the nearest on or after `captured` (`prefer="past"`: on or before; a range that has begun and not ended is on);
    none of these known: no date. Dirty text never raises.
    """
    index = texts.index if isinstance(texts, pd.Series) else None
    rows = list(texts)
    tags = _per_row(languages, len(rows))
    days = _per_row(captured, len(rows))
    around = list(contexts) if contexts is not None else [None] * len(rows)
    past = prefer == "past"
    with _without_collecting(len(rows)):
        readings = [
            _read(text, _tags(tag), day, near, past)
            for text, tag, day, near in zip(rows, tags, days, around, strict=True)
        ]
    columns = zip(*readings, strict=True) if readings else [()] * len(COLUMNS)
    values: dict[str, list[Any]] = {name: list(cells) for name, cells in zip(COLUMNS, columns, strict=True)}
    values["days"] = [None if days is None else list(days) for days in values["days"]]
    cells = {name: pd.Series(some, dtype=object, index=index) for name, some in values.items()}
    return pd.DataFrame(cells, columns=COLUMNS)


@contextmanager
def _without_collecting(count: int) -> Iterator[None]:
    """Python's search for cycles rests while many rows are read.

    They make no cycles, and each search walks all readings made so far, a quarter of the time of 30,000 rows.
    """
    if count < _MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def read_date(
    text: str, languages: tuple[str, ...] = (), captured: date | None = None, context: str | None = None
) -> DateReading:
    """One date text as `read_dates` reads it, without a frame around it; `languages` are the candidates."""
    return _read(text, languages, captured, context, False)


def _read(text: Any, tags: tuple[str, ...], captured: Any, context: Any, past: bool) -> DateReading:
    if text.__class__ is not str and not isinstance(text, str):
        return _EMPTY
    told = told_by(context, tags) if context and isinstance(context, str) else _NOTHING
    return read_text(text, tags, _known(captured, told, past, told.order_for(text)))


_NOTHING = Told()
_EMPTY = DateReading(reason="empty")


@lru_cache(maxsize=1024)
def _known(captured: Any, told: Told, past: bool, order: str) -> Known:
    """One for the many texts of a page: the key of each reading that is kept."""
    return Known(as_date(captured), told.years, past, told.spanning, told.month, order, told.months)


def _per_row(value: Any, count: int) -> Sequence[Any]:
    """One value for all rows, or a value a row."""
    if value is None or isinstance(value, (str, date)):
        return [value] * count
    rows = list(value)
    if len(rows) != count:
        raise ValueError(f"{len(rows)} values for {count} texts: give one for all, or one a text")
    return rows


def _tags(value: Any) -> tuple[str, ...]:
    if value is None or value != value:
        return ()
    return (value,) if isinstance(value, str) else tuple(v for v in value if isinstance(v, str))


def find_dates(text: str, languages: Any = None) -> list[DateSpan]:
    """The dates in a text, longest spans, in their order.

    A span takes in what belongs to its date: since, from, until, durations with their bracket, parts of day, times,
    zones, ongoing words, N/A and tbc. A bare year, an ongoing word or N/A is a span only in a line that is otherwise
    made of names (see `spans`). Readings without a date say why.
    """
    tags = _tags(languages)
    return list(_find(text, tags) if len(text) > prescan.LONG else _find_in_short(text, tags))


@lru_cache(maxsize=4096)
def _find_in_short(text: str, tags: tuple[str, ...]) -> tuple[DateSpan, ...]:
    """Kept, since the readers of a page ask for the same line, and pages repeat their lines."""
    return tuple(_find(text, tags))


def _find(text: str, tags: tuple[str, ...]) -> Iterator[DateSpan]:
    windows = prescan.windows(text, known_languages(tags)[0])
    if not windows:
        return
    cut = len(text) > prescan.LONG
    # The language is that of all windows together: one alone may be a bare "8 mars".
    sample = " ".join(text[start:end] for start, end in windows)[:_LONGEST_SAMPLE] if cut else text
    lex = lexicon(*choose_language(sample, tags))
    for begin, end in windows:
        parsed = parse_with(text[begin:end], lex, finding=True)
        for start, stop, phrase in spans(parsed, cut):
            reading = read_phrase(phrase, not cut and is_whole(phrase, parsed), Known())
            yield DateSpan(begin + start, begin + stop, parsed.text[start:stop], reading)

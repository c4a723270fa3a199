"""Metadata lines: the line of a listing that gives the date, the place, or both, in any order.

What belongs here: telling such a line from a title or a teaser, and cutting it into date words and place words. What
does not: reading the dates and places themselves (`refine.dates`, `refine.places`): they are asked only for spans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ftfy import fix_encoding

from pipelines.read.html.lines import Line, squeeze
from pipelines.read.html.roles import is_cut, label_of, split_status, word_count, words
from pipelines.reference.folding import fold
from pipelines.refine.dates import find_dates
from pipelines.refine.places import find_places, is_place_line

_SEPARATORS = " .,;:|/–—-·•"
_MAX_CHARACTERS = 220
# An unknown place beside a date is at most so many words ("Palais de l'Europe, Room 5"); a sentence is longer.
_PLACE_WORDS = 9
_UNKNOWN_WORDS = 5
_LEAD_WORDS = 4
_PART = 12  # characters of a part of a date


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a metadata line gives, as displayed; `sure` when every word of it is a date or a known place.

    `is_period` when it is nothing but a year or a month, such as also stands above a group of entries. `status` is a
    word in front that says the entry is cancelled or put off.
    """

    date_raw: str | None
    place_raw: str | None
    sure: bool
    is_period: bool = False
    status: str | None = None


def read_metadata(text: str) -> Metadata | None:
    """The date words and place words of a line; None when the line is no metadata line."""
    if len(text) > _MAX_CHARACTERS or is_cut(text):
        return None
    if labelled := label_of(text, "meta_labels"):
        return _labelled(*labelled)
    if led := _led(text):
        return led
    status, rest = split_status(text)
    if status:
        found = read_metadata(rest)
        return found and replace(found, status=status)
    meant = text if text.isascii() else fix_encoding(text)
    return _read(text) if meant == text else _as_displayed(text, _read(meant))


def _as_displayed(text: str, meant: Metadata | None) -> Metadata | None:
    """What a line with garbled letters gives, in the letters that it shows."""
    if meant is None or meant.date_raw is None or meant.date_raw not in text:
        return meant and Metadata(None, text, meant.sure)
    place = _trim(text.replace(meant.date_raw, " ", 1))
    return Metadata(meant.date_raw, place or None, meant.sure)


def _read(text: str) -> Metadata | None:
    """The metadata of a line without labels and garbled letters."""
    spans = find_dates(text)
    if not spans:
        return Metadata(None, text, True) if is_place_line(text) else None
    start, end = spans[0].start, _with_bracket(text, spans[-1].end)
    pieces = [piece for piece in (_trim(text[:start]), _trim(text[end:])) if piece]
    if sum(word_count(piece) for piece in pieces) > 2 * word_count(text[start:end]) + _PLACE_WORDS:
        return None
    date_raw = text[start:end].strip(" ,;|")
    if all(is_place_line(piece) for piece in pieces):
        is_period = not pieces and spans[0].reading.date_precision in ("year", "month")
        return Metadata(date_raw, "; ".join(pieces) or None, True, is_period)
    if text.endswith(".") and end < len(text) and word_count(text) > _UNKNOWN_WORDS:
        return None  # a short sentence that names a day
    return _with_unknown(date_raw, pieces, begins_with_date=start == 0)


def _with_unknown(date_raw: str, pieces: list[str], begins_with_date: bool) -> Metadata | None:
    """A date beside words that are not all known: a place when they are few and begin like one."""
    few = all(word_count(piece) <= _PLACE_WORDS for piece in pieces)
    if few and all(_begins_like_place(piece) for piece in pieces) and (begins_with_date or _knows(pieces[0])):
        return Metadata(date_raw, "; ".join(pieces), False)
    return None


def _begins_like_place(piece: str) -> bool:
    """A known place first, or a short name: it begins with a capital and is not a sentence."""
    named = piece[:1].isupper() and word_count(piece) <= _UNKNOWN_WORDS and not piece.endswith(("!", "?"))
    return _knows(piece) or named


def _knows(piece: str) -> bool:
    return any(span.start == 0 for span in find_places(piece))


def _labelled(meaning: str, value: str) -> Metadata | None:
    """`Date: 5 May 2020`, `Venue: Town Hall`; a label without a value is no metadata."""
    if not value:
        return None
    return Metadata(value, None, True) if meaning == "date" else Metadata(None, value, True)


def _led(text: str) -> Metadata | None:
    """`Published on 5 May 2020`: the date behind words that say no more than that it is one."""
    folded = fold(text)
    spans = find_dates(text) if any(folded.startswith(f"{lead} ") for lead in words("date_leads")) else []
    led = bool(spans) and word_count(text[: spans[0].start]) <= _LEAD_WORDS and not _trim(text[spans[0].end :])
    return Metadata(spans[0].text, None, True) if led else None


def join_parts(lines: Sequence[Line]) -> list[Line]:
    """The lines, a date that is shown in parts as one ("12", "May", "2019", as on a leaf of a calendar)."""
    joined: list[Line] = []
    at = 0
    while at < len(lines):
        width = next((width for width in (3, 2) if _is_parted(lines[at : at + width], width)), 1)
        text = " ".join(line.text for line in lines[at : at + width])
        joined.append(lines[at] if width == 1 else replace(lines[at], text=text))
        at += width
    return joined


def _is_parted(lines: Sequence[Line], width: int) -> bool:
    """Whether so many short lines, one of them the number of a day, make one date."""
    if len(lines) < width or any(len(li.text) > _PART or li.level or li.anchors for li in lines):
        return False
    text = " ".join(line.text for line in lines)
    spans = find_dates(text) if any(line.text.isdecimal() and len(line.text) <= 2 for line in lines) else []
    return bool(spans) and spans[0].text == text and spans[0].reading.date_precision == "day"


def _with_bracket(text: str, end: int) -> int:
    """A bracket right behind a date explains it ("(with the possibility of renewal)"): it belongs to the date words."""
    rest = text[end:].lstrip()
    closed = rest.startswith("(") and rest.rstrip(" .").endswith(")") and rest.count("(") == 1
    return len(text) if closed else end


def _trim(piece: str) -> str:
    return squeeze(piece).strip(_SEPARATORS)


def join(first: Metadata, second: Metadata) -> Metadata:
    """Two metadata lines of one entry: the first date, and every place once."""
    places = list(dict.fromkeys(p for p in (first.place_raw, second.place_raw) if p))
    return Metadata(
        first.date_raw or second.date_raw,
        "; ".join(places) or None,
        first.sure and second.sure,
        status=first.status or second.status,
    )

"""Places: which cities and countries a line names, what venue is left, and whether it says online.

What belongs here: the functions that others call. The gazetteer and all words are data in `pipelines/reference`; the
index of names is `names`, the shape of a line `line`, the rules that decide `decide`, words for online `online`.
Nothing is guessed: a name that no file knows is left in the venue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from pipelines import reference
from pipelines.reference.folding import fold
from pipelines.refine.places.decide import decide, decide_running
from pipelines.refine.places.line import Line, Mention
from pipelines.refine.places.names import line_index, running_index
from pipelines.refine.places.online import says_online

__all__ = ["PlaceSpan", "find_places", "is_place_line", "read_places", "says_online"]

COLUMNS = ("cities", "city_ids", "countries", "venue", "is_online")
# Characters; the longest line of places that was met has about a hundred. Longer ones are prose.
_LONGEST = 400
Hint = str | Sequence[str] | None
Row = tuple[list[str], list[str], list[str], str | None, bool]


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place in a text: text[start:end].

    kind: city (value is its city_id), country (value is its ISO 3166-1 code), online (value "online").
    tier: member (a city of the programme), capital, place; else the kind.
    """

    start: int
    end: int
    text: str
    kind: str
    value: str
    country: str | None
    tier: str


def find_places(text: str, running: bool = False, country: Hint = None) -> list[PlaceSpan]:
    """Places in a line of metadata, in order; with `running`, in a title or a sentence, where only safe names count.

    country: ISO code(s) of the source, which decide between places of one name when the text names no country.
    """
    line = _read(text, running, _codes(country))
    return [_span(line, m) for m in line.mentions if m.choice and m.choice.kind != "venue"]


def is_place_line(text: str) -> bool:
    """The whole line is nothing but places: cities, countries, words for online, a known venue, a room after a city.

    A name that means more than a place ("Date", "Orange", "Island") counts only beside one that does not; a city of the
    programme always counts.
    """
    if len(text) > _LONGEST:
        return False
    line = _read(text, False, ())
    taken = [m for m in line.mentions if m.choice]
    if all(_is_doubtful(line, m) for m in taken):
        return False
    rest = line.rest(lambda m: m.choice is not None)
    return not rest or (any(m.choice and m.choice.kind == "city" for m in taken) and all(map(_is_room, rest)))


def read_places(texts: Iterable[str | None], country: Hint | Sequence[Hint] = None) -> pd.DataFrame:
    """Read lines that name places; one row a text.

    country: None, one ISO code for all, or a sequence with an element a text (a code, several, or None): the country of
    the source, which only decides between places of one name.
    Columns: cities (registry names), city_ids, countries (ISO 3166-1 alpha-2), each a list in order of mention, never
    null; venue (what is left of the text, None when nothing is); is_online (bool).
    """
    lines = list(texts)
    hints = [country] * len(lines) if country is None or isinstance(country, str) else list(country)
    if len(hints) != len(lines):
        raise ValueError(f"country has {len(hints)} elements for {len(lines)} texts")
    rows = [_row(text, _codes(hint)) for text, hint in zip(lines, hints, strict=True)]
    cells = {name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in cells.items()})


def _row(text: str | None, hint: tuple[str, ...]) -> Row:
    if not isinstance(text, str) or not text.strip():
        return [], [], [], None, False
    line = _read(text, False, hint)
    choices = [m.choice for m in line.mentions if m.choice and not m.absorbed]
    ids = list(dict.fromkeys(c.value for c in choices if c.kind in ("city", "venue")))
    countries = list(dict.fromkeys(c.country for c in choices if c.country))
    online = any(c.kind == "online" for c in choices) or says_online(text)
    venue = ", ".join(line.rest(_is_taken)) or None
    return [reference.city(city_id).name for city_id in ids], ids, countries, venue, online


def _is_taken(mention: Mention) -> bool:
    """It says city, country or online and is no part of the venue's own name."""
    choice = mention.choice
    if choice is None or choice.kind == "venue":
        return False
    return choice.kind != "city" or mention.fills or mention.edge or mention.linked


def _read(text: str, running: bool, hint: tuple[str, ...]) -> Line:
    if running:
        line = Line(text, running_index())
        decide_running(line)
    else:
        line = Line(text, line_index(), lower=True)
        decide(line, hint)
    return line


def _span(line: Line, mention: Mention) -> PlaceSpan:
    choice = mention.choice
    assert choice is not None
    words = line.text[mention.start : mention.end]
    return PlaceSpan(mention.start, mention.end, words, choice.kind, choice.value, choice.country or None, choice.tier)


def _codes(country: Hint) -> tuple[str, ...]:
    return () if country is None else (country,) if isinstance(country, str) else tuple(country)


def _is_doubtful(line: Line, mention: Mention) -> bool:
    """The name alone would be no proof of a place: a label, a word, an abbreviation."""
    choice = mention.choice
    written = line.text[mention.start : mention.end]
    if choice is None or choice.tier == "region" or (len(written) < 4 and written.islower() | written.istitle()):
        return True
    if choice.kind == "city":
        return choice.tier != "member" and (choice.ordinary or not choice.own)
    return fold(written) in _labels()


@cache
def _labels() -> frozenset[str]:
    labels = (*reference.load_yaml("online.yaml")["labels"], *reference.load_yaml("countries.yaml")["never_alone"])
    return frozenset(fold(label) for label in labels)


def _is_room(piece: str) -> bool:
    """Short, and each part of it a known building or begun with a word for a room."""
    rooms, known = _rooms()
    parts = [part for part in map(fold, re.split("[,;]", piece)) if part]
    return len(piece.split()) <= 8 and all(part in known or part.split(" ")[0] in rooms for part in parts)


@cache
def _rooms() -> tuple[frozenset[str], frozenset[str]]:
    data = reference.load_yaml("venues.yaml")
    return frozenset(map(fold, data["rooms"])), frozenset(map(fold, data["venues"]))

"""The short way to a reading: texts of one shape are parsed once, then only numbers and names are filled in.

What belongs here: shapes, and the proof that a shape may be filled in. What does not: the grammar, which this never
bends: a text is read here exactly as the grammar reads it, or it is left to the grammar.

"4 May 2019" and "7 June 2021" have one shape: a number of 1..9, a month, a year. When a shape comes for the fourth time
its text is parsed with watched values in place of its numbers, months and weekdays. A watched value knows the bounds of
its class; whenever the grammar compares it with a constant that lies between the bounds, compares it with another
watched value, or does anything else with it than copy it, the shape is marked as one that can not be filled in, and its
texts go to the grammar for good. What is left are shapes for which the grammar takes the same way for all values; the
result says which value went where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from pipelines.refine.dates.clock import Clock, zone_words
from pipelines.refine.dates.lexicon import Lexicon, lexicon
from pipelines.refine.dates.parse import known_languages
from pipelines.refine.dates.phrases import Phrase
from pipelines.refine.dates.point import Point
from pipelines.refine.dates.tokens import Token
from pipelines.refine.dates.vocabulary import UNKNOWN, Word, fold, language_codes, language_words
from pipelines.refine.dates.watched import Watched, watch

_MOST = 40_000  # shapes and pieces kept
_WORTH = 3  # texts of a shape before it is planned, which costs as much as reading three of them
_MOST_TAGS = 1_000  # combinations of languages
_LONGEST = 120  # characters; longer texts seldom come in one shape
_NUMBERS = re.compile(r"([0-9]+)")
_NAMES = re.compile(r"[^\W\d_]{2,}")
_UNSPACED = "\u2e80"
# Classes of numbers, by their digits: within one the grammar seldom makes a difference.
_ONE_DIGIT = ((0, 0), (1, 9))
_TWO_DIGITS = ((0, 0), (1, 12), (13, 23), (24, 24), (25, 31), (32, 59), (60, 69), (70, 99))
_YEARS = (1950, 2059)  # four digits that are a year and no time of day


class Chosen(NamedTuple):
    """The phrase of a text that counts, whether it is all that the text says, and whether something of it is left."""

    phrase: Phrase | None
    whole: bool = False
    unsure: bool = False


class Class(NamedTuple):
    """A class of values: what kind they are, their bounds, and what all of them share."""

    kind: str
    low: int
    high: int
    digits: int = 0
    word: Word = UNKNOWN


class Piece(NamedTuple):
    """A part of a text: its share in the shape, and the values that it fills in with their places and classes."""

    key: Any
    values: tuple[int, ...] = ()
    classes: tuple[tuple[int, int, Class], ...] = ()


@dataclass(slots=True)
class Plan:
    """What a shape is read as: the phrase's frame, and for each point which value goes where."""

    frame: Chosen
    day: tuple[int, int, int, int, int, bool] | None
    points: list[tuple[Point, list[tuple[str, int, int]], list[tuple[str, list[tuple[int, int]], str]]]]

    def fill(self, values: list[int]) -> Chosen:
        """The reading of a text of this shape."""
        frame = self.frame.phrase
        if frame is None:
            return self.frame
        points: list[Point] = []
        for template, slots, clocks in self.points:
            point = template.copy()
            for name, source, shift in slots:
                setattr(point, name, values[source] + shift)
            for name, parts, half in clocks:
                setattr(point, name, _clock([values[s] + n if s >= 0 else n for s, n in parts], half))
            points.append(point)
        return Chosen(Phrase(frame.start, frame.end, points, frame.joins, frame.said), *self.frame[1:])


class _Pieces(dict[str, Piece]):
    """The pieces of texts in one language, made when they are first seen."""

    def __init__(self, lex: Lexicon | None) -> None:
        super().__init__(_number_pieces())
        self.lex = lex
        self.names: dict[str, tuple[int, int, Class] | None] = {}

    def forget(self) -> None:
        """Forget the pieces of texts; names are vocabulary."""
        self.clear()
        self.update(_number_pieces())

    def __missing__(self, part: str) -> Piece:
        if len(self) > _MOST:
            self.forget()
        piece = self[part] = self._words(part) if self.lex else Piece(part)
        return piece

    def _words(self, part: str) -> Piece:
        """Months and weekdays of one kind are one class; all other words and marks are themselves."""
        key: list[Any] = []
        places: list[tuple[int, int, Class]] = []
        values: list[int] = []
        last = 0
        for match in _NAMES.finditer(part):
            name = match.group()
            found = self.names[name] if name in self.names else self._name(name)
            if found is not None:
                key += [part[last : match.start()], found[0]]
                values.append(found[1])
                places.append((match.start(), match.end(), found[2]))
                last = match.end()
        return Piece((*key, part[last:]), tuple(values), tuple(places)) if places else Piece(part)

    def _name(self, name: str) -> tuple[int, int, Class] | None:
        """The class of a month or a weekday: all that is the same but for the number."""
        assert self.lex is not None
        folded, found = fold(name), None
        word = self.lex.words.get(folded) if name[0] < _UNSPACED else None
        if (
            word is not None
            and bool(word.month) != (word.weekday >= 0)
            and folded not in _fixed_words(self.lex.language)
        ):
            kind, value, high = ("month", word.month, 12) if word.month else ("weekday", word.weekday, 6)
            what = Class(kind, high // 12, high, word=_named(word, kind, 1))
            found = (_number_of(what), value, what)
        self.names[name] = found
        return found


def _named(word: Word, kind: str, value: int) -> Word:
    """The word as another month or weekday."""
    return replace(word, month=value) if kind == "month" else replace(word, weekday=value)


@cache
def _fixed_words(code: str) -> frozenset[str]:
    """Words whose spelling the grammar asks for, so that they stand for themselves only."""
    lex = lexicon(code)
    phrases = set(lex.phrases) | {
        part for group in lex.phrases.values() for entries in group.values() for rest, _ in entries for part in rest
    }
    return frozenset({*phrases, *lex.suffixes, *lex.endings, *lex.weekday_letters, *zone_words()})


@cache
def _counting_words(codes: tuple[str, ...]) -> frozenset[str]:
    """Words of phrases that have a number in them ("thứ 2" is Monday); only a language's own phrases can have one."""
    keys = [key for code in codes or language_codes() for key in language_words(code) if any(c.isdigit() for c in key)]
    return frozenset(part for key in keys for part in key.split(" ") if not part.isdigit())


@cache
def _number_of(what: Class) -> int:
    """Classes as numbers: a shape is looked up once a text."""
    return next(_numbers)


@cache
def _number_pieces() -> dict[str, Piece]:
    """All runs of digits that have a class; any other stands for itself."""
    texts = {1: range(10), 2: range(100), 4: range(_YEARS[0], _YEARS[1] + 1)}
    pieces = {}
    for digits, bounds in ((1, _ONE_DIGIT), (2, _TWO_DIGITS), (4, (_YEARS,))):
        for number in texts[digits]:
            low, high = next((low, high) for low, high in bounds if low <= number <= high)
            what = Class("number", low, high, digits)
            pieces[f"{number:0{digits}}"] = Piece(_number_of(what), (number,), ((0, digits, what),))
    return pieces


_numbers = count()
_NEVER = object()


def _clock(parts: list[int], half: str) -> Clock:
    hour, minute, second = parts
    return Clock(hour, minute, second, half)


class Shapes:
    """Reads texts by their shapes, and leaves the others to the grammar."""

    def __init__(self, grammar: Callable[..., Chosen]) -> None:
        self.grammar = grammar
        self.plans: dict[Any, Any] = {}
        self.pieces: dict[tuple[str, ...], _Pieces] = {}

    def forget(self) -> None:
        """Forget all shapes."""
        self.plans.clear()
        for known in self.pieces.values():
            known.forget()

    def choose(self, text: str, languages: tuple[str, ...]) -> Chosen | date:
        """What the grammar would choose; a day where the text is one and nothing else could be said of it."""
        if len(text) > _LONGEST:
            return self.grammar(text, languages)
        known = self.pieces.get(languages)
        if known is None:
            known = self._pieces(languages)
        pieces = [known[part] for part in _NUMBERS.split(text)]
        key = (languages, *[piece.key for piece in pieces])
        plan = self.plans.get(key)
        if plan.__class__ is Plan:
            values = [value for piece in pieces for value in piece.values]
            return (plan.day is not None and _plain_day(plan.day, values)) or plan.fill(values)
        if plan is _NEVER:
            return self.grammar(text, languages)
        if plan is None and len(self.plans) > _MOST:
            self.plans.clear()
        seen = plan or 0
        self.plans[key] = seen + 1 if seen < _WORTH else self._plan(text, languages, pieces) or _NEVER
        return self.grammar(text, languages)

    def _pieces(self, languages: tuple[str, ...]) -> _Pieces:
        """Names are classes only where the candidates leave one language: else they tell which it is."""
        if len(self.pieces) > _MOST_TAGS:
            self.pieces.clear()
        known, order = known_languages(languages)
        made = self.pieces[languages] = _Pieces(lexicon(known[0], order) if len(known) == 1 else None)
        return made

    def _plan(self, text: str, languages: tuple[str, ...], pieces: list[Piece]) -> Plan | None:
        report: list[str] = []
        places = _places(text, pieces, report)
        known, _ = known_languages(languages)
        counting = _counting_words((known[0], "en") if len(known) == 1 else ())

        def look(tokens: list[Token]) -> None:
            _watch_tokens(tokens, dict(places), counting, report)

        chosen = self.grammar(text, languages, look)
        points = chosen.phrase.points if chosen.phrase else []
        if report or any(point.wrong for point in points):
            return None
        return Plan(chosen, _day_of(chosen), [_template(point) for point in points])


def _places(text: str, pieces: list[Piece], report: list[str]) -> Iterator[tuple[int, tuple[int, Class, Watched]]]:
    """Where in the text each value stands: its begin -> its end, class and watched value."""
    at = source = 0
    for part, piece in zip(_NUMBERS.split(text), pieces, strict=True):
        for value, (begin, end, what) in zip(piece.values, piece.classes, strict=True):
            yield at + begin, (at + end, what, watch(value, source, what.low, what.high, report))
            source += 1
        at += len(part)


def _watch_tokens(
    tokens: list[Token], places: dict[int, tuple[int, Class, Watched]], counting: frozenset[str], report: list[str]
) -> None:
    """Put the watched values into the tokens; every one has to find its own token."""
    for token in tokens:
        if not counting.isdisjoint(token.text.split(" ")):
            report.append("a word that numbers change")
        if token.start not in places:
            continue
        end, what, value = places.pop(token.start)
        if end != token.end:
            report.append("part of a word")
        elif what.kind == "number" and token.kind == "n":
            token.num = value
        elif what.kind != "number" and token.kind == "w":
            token.word = _named(token.word, what.kind, value)
        else:
            report.append("read as something else")
    if places:
        report.append("part of a phrase")


def _template(point: Point) -> Any:
    """A point with the places of its values."""
    frame = point.copy()
    slots, clocks = [], []
    for name in ("day", "month", "year", "weekday", "span_number"):
        value = getattr(point, name)
        if isinstance(value, Watched):
            slots.append((name, value.source, value.shift))
            setattr(frame, name, int(value))
    for name in ("clock", "until_clock"):
        clock = getattr(point, name)
        if clock is not None:
            parts = [(v.source, v.shift) if isinstance(v, Watched) else (-1, v) for v in clock[:3]]
            clocks.append((name, parts, clock.half))
            setattr(frame, name, None)
    return frame, slots, clocks


def _day_of(chosen: Chosen) -> tuple[int, int, int, int, int, bool] | None:
    """Where day, month, year and weekday of a text come from that says one whole day and no word more."""
    phrase = chosen.phrase
    if phrase is None or phrase.said or chosen.unsure or len(phrase.points) != 1:
        return None
    point = phrase.points[0]
    day, month, year, weekday = point.day, point.month, point.year, point.weekday
    if not (isinstance(day, Watched) and isinstance(month, Watched) and isinstance(year, Watched)):
        return None
    if point.clock or point.until_clock or point.span or point.ending or point.part:
        return None
    if not isinstance(weekday, Watched) and weekday >= 0:
        return None
    named = weekday.source if isinstance(weekday, Watched) else -1
    return day.source, month.source, year.source, year.shift, named, point.ambiguous


def _plain_day(places: tuple[int, int, int, int, int, bool], values: list[int]) -> date | None:
    """The day; None where the grammar would have more to say of it."""
    day, month, year, shift, weekday, ambiguous = places
    if ambiguous and values[day] != values[month]:
        return None
    try:
        found = date(values[year] + shift, values[month], values[day])
    except ValueError:
        return None
    return found if weekday < 0 or values[weekday] == found.weekday() else None

"""The short way to a reading: texts of one shape are parsed once, then only numbers and names are filled in.

What belongs here: shapes, and the proof that a shape may be filled in. What does not: the grammar, which this never
bends: a text is read here exactly as the grammar reads it, or it is left to the grammar.

"4 May 2019" and "7 June 2021" have one shape: a digit, a month, a year. When a shape comes for the third time its text
is parsed with watched values in place of its numbers, months and weekdays. A watched value remembers between which
bounds the grammar would have gone the same way (a comparison with a constant narrows them); when the grammar compares
it with another watched value, or does anything else with it than copy it, the text can not be a plan. A plan serves
every text of its shape whose values lie within the bounds; the result says which value went where. A shape may have
several plans (12/5 and 5/12); what none of them serves goes to the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from pipelines.refine.dates.grammar.clock import Clock, zone_words
from pipelines.refine.dates.grammar.parse import known_languages
from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.point import Point
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.watched import Bounds, Watched, watch
from pipelines.refine.dates.words.lexicon import Lexicon, lexicon
from pipelines.refine.dates.words.vocabulary import UNKNOWN, Word, fold, language_codes, language_words

_MOST = 40_000  # shapes and pieces kept
_WORTH = 2  # texts of a shape before it is planned, which costs as much as reading three of them
_MOST_TAGS = 1_000  # combinations of languages
_LONGEST = 120  # characters; longer texts seldom come in one shape
_NUMBERS = re.compile(r"([0-9]+)")
_NAMES = re.compile(r"[^\W\d_]{2,}")
_NO_NAMES = " .,-–/:()"
_UNSPACED = "\u2e80"
_YEARS = (1950, 2059)  # four digits that are a year and no time of day
_MOST_PLANS = 12  # of one shape
_MOST_FAILURES = 3  # after these a shape is not tried again


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


# The parts of a point in their order; (which part, which value, how far moved); (which part, its numbers, half).
Template = tuple[list[Any], list[tuple[int, int, int]], list[tuple[int, list[tuple[int, int]], str]]]


@dataclass(slots=True)
class Plan:
    """What a shape is read as: the phrase's frame, and for each point which value goes where.

    `limits`: values that have to lie within bounds (which, lowest, highest); the others may be any of their class.
    """

    limits: list[tuple[int, int, int]]
    frame: Chosen
    day: tuple[int, int, int, int, int, bool] | None
    points: list[Template]

    def serves(self, values: list[int]) -> bool:
        """The grammar would go the way of this plan."""
        for at, low, high in self.limits:  # noqa: SIM110 - a loop: half the time of all() with its generator
            if not low <= values[at] <= high:
                return False
        return True

    def read(self, values: list[int]) -> Chosen | date:
        """What a text of this shape says; a day where it says one and nothing else."""
        return (self.day is not None and _plain_day(self.day, values)) or self.fill(values)

    def fill(self, values: list[int]) -> Chosen:
        """The phrase of a text of this shape."""
        frame = self.frame.phrase
        if frame is None:
            return self.frame
        points: list[Point] = []
        for template, slots, clocks in self.points:
            parts = template.copy()
            for at, source, shift in slots:
                parts[at] = values[source] + shift
            for at, numbers, half in clocks:
                hour, minute, second = [values[s] + n if s >= 0 else n for s, n in numbers]
                parts[at] = Clock(hour, minute, second, half)
            points.append(Point(*parts))
        _, whole, unsure = self.frame
        return Chosen(Phrase(frame.start, frame.end, points, frame.joins, frame.said), whole, unsure)


@dataclass(slots=True)
class Shape:
    """A shape that was seen: how often it went to the grammar since the last try, failed tries, its plans."""

    seen: int = 0
    failures: int = 0
    plans: list[Plan] = field(default_factory=list)

    @property
    def is_worth_a_plan(self) -> bool:
        """It came often enough, and there is hope."""
        return self.seen > _WORTH and self.failures < _MOST_FAILURES and len(self.plans) < _MOST_PLANS


class _Pieces(dict[str, Piece]):
    """The pieces and shapes of texts in one language, made when they are first seen."""

    def __init__(self, lex: Lexicon | None) -> None:
        super().__init__(_number_pieces())
        self.lex = lex
        self.shapes: dict[tuple[Any, ...], Shape] = {}
        self.names: dict[str, tuple[int, int, Class] | None] = {}

    def forget(self) -> None:
        """Forget the pieces and shapes of texts; names are vocabulary."""
        if self.lex is not None:
            self.lex.seen.clear()
        self.clear()
        self.shapes.clear()
        self.update(_number_pieces())

    def __missing__(self, part: str) -> Piece:
        if len(self) > _MOST:
            self.forget()
        plain = self.lex is None or not part.strip(_NO_NAMES)
        piece = self[part] = Piece(part) if plain else self._words(part)
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
    for digits, numbers in texts.items():
        what = Class("number", numbers[0], numbers[-1], digits)
        for number in numbers:
            pieces[f"{number:0{digits}}"] = Piece(_number_of(what), (number,), ((0, digits, what),))
    return pieces


_numbers = count()


class Shapes:
    """Reads texts by their shapes, and leaves the others to the grammar."""

    def __init__(self, grammar: Callable[..., Chosen]) -> None:
        self.grammar = grammar
        self.pieces: dict[tuple[str, ...], _Pieces] = {}

    def forget(self) -> None:
        """Forget all shapes."""
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
        key = tuple([piece.key for piece in pieces])
        shape = known.shapes.get(key)
        if shape is None:
            known.shapes[key] = Shape(1)
            return self.grammar(text, languages)
        if shape.plans:
            values = [value for piece in pieces for value in piece.values]
            for plan in shape.plans:
                if plan.serves(values):
                    return plan.read(values)
        shape.seen += 1
        made = self._plan(shape, text, languages, pieces) if shape.is_worth_a_plan else None
        return self.grammar(text, languages) if made is None else made.read([value for value, _ in _values(pieces)])

    def _pieces(self, languages: tuple[str, ...]) -> _Pieces:
        """Names are classes only where the candidates leave one language: else they tell which it is."""
        if len(self.pieces) > _MOST_TAGS:
            self.pieces.clear()
        known, order = known_languages(languages)
        made = self.pieces[languages] = _Pieces(lexicon(known[0], order) if len(known) == 1 else None)
        return made

    def _plan(self, shape: Shape, text: str, languages: tuple[str, ...], pieces: list[Piece]) -> Plan | None:
        """Read the text with watched values, and keep the way if it can be gone again."""
        watched = [_watched(what, value, n) for n, (value, what) in enumerate(_values(pieces))]
        places = dict(zip(_places(text, pieces), watched, strict=True))
        known, _ = known_languages(languages)
        counting = _counting_words((known[0], "en") if len(known) == 1 else ())
        report: list[str] = []

        def look(tokens: list[Token]) -> None:
            _watch_tokens(tokens, places, counting, report)

        chosen = self.grammar(text, languages, look)
        points = chosen.phrase.points if chosen.phrase else []
        shape.seen = 0
        if report or any(value.bounds.report for _, value in watched) or any(point.wrong for point in points):
            shape.failures += 1
            return None
        limits = [
            (n, value.bounds.low, value.bounds.high)
            for n, (what, value) in enumerate(watched)
            if (value.bounds.low, value.bounds.high) != (what.low, what.high)
        ]
        plan = Plan(limits, chosen, _day_of(chosen), [_template(point) for point in points])
        shape.plans.append(plan)
        return plan


def _values(pieces: list[Piece]) -> Iterator[tuple[int, Class]]:
    for piece in pieces:
        yield from ((value, what) for value, (_, _, what) in zip(piece.values, piece.classes, strict=True))


def _watched(what: Class, value: int, source: int) -> tuple[Class, Watched]:
    return what, watch(value, Bounds(source, what.low, what.high))


def _places(text: str, pieces: list[Piece]) -> Iterator[tuple[int, int]]:
    """Where in the text each value begins and ends."""
    at = 0
    for part, piece in zip(_NUMBERS.split(text), pieces, strict=True):
        yield from ((at + begin, at + end) for begin, end, _ in piece.classes)
        at += len(part)


def _watch_tokens(
    tokens: list[Token],
    places: dict[tuple[int, int], tuple[Class, Watched]],
    counting: frozenset[str],
    report: list[str],
) -> None:
    """Put the watched values into the tokens; every one has to find its own token."""
    places = dict(places)
    for token in tokens:
        if not counting.isdisjoint(token.text.split(" ")):
            report.append("a word that numbers change")
        if (token.start, token.end) not in places:
            continue
        what, value = places.pop((token.start, token.end))
        if what.kind == "number" and token.kind == "n":
            token.num = value
        elif what.kind != "number" and token.kind == "w":
            token.word = _named(token.word, what.kind, value)
        else:
            report.append("read as something else")
    if places:
        report.append("part of a word or a phrase")


def _template(point: Point) -> Template:
    """A point's parts with the places of its values."""
    parts: list[Any] = list(point.parts)
    slots, clocks = [], []
    for at, part in enumerate(parts):
        if isinstance(part, Watched):
            slots.append((at, part.bounds.source, part.shift))
            parts[at] = int(part)
        elif isinstance(part, Clock):
            numbers = [(n.bounds.source, n.shift) if isinstance(n, Watched) else (-1, n) for n in part[:3]]
            clocks.append((at, numbers, part.half))
            parts[at] = None
    return parts, slots, clocks


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
    named = weekday.bounds.source if isinstance(weekday, Watched) else -1
    return day.bounds.source, month.bounds.source, year.bounds.source, year.shift, named, point.ambiguous


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

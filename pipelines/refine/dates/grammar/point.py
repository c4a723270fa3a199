"""A point in time as words give it, and the token list it is read from.

What belongs here: the two structures that the readers of parts share. What does not: reading.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from pipelines.refine.dates.grammar.clock import Clock
from pipelines.refine.dates.grammar.numeric import Numeric, numeric_at
from pipelines.refine.dates.grammar.tokens import END, Token
from pipelines.refine.dates.words.lexicon import Lexicon

# Words that may stand between two parts of one point.
BETWEEN = frozenset({"fill", "on", "in", "at", "year_word", "month_word"})
_PADDING = 8  # tokens that a rule may look ahead


@dataclass(slots=True)
class Point:
    """Parts of one point; 0, -1 or None where nothing was said. `wrong` says why it can be no date.

    `span`: half, quarter or season, with its number. `order`: what its numbers force ("mdy"); `ambiguous`: both orders
    are possible. `ending`: a case ending that says from or to. `tentative`: the word may mean something else.
    `numeric`, `year_first` (before the day): how it was written. `near`: "this" or "next" stood before it.
    """

    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int = -1
    clock: Clock | None = None
    until_clock: Clock | None = None
    zone: str = ""
    zone_raw: str = ""
    part: str = ""
    span: str = ""
    span_number: int = 0
    order: str = ""
    ambiguous: bool = False
    ending: str = ""
    wrong: str = ""
    tentative: bool = False
    numeric: bool = False
    year_first: bool = False
    near: str = ""

    @property
    def parts(self) -> tuple[Any, ...]:
        """All that was said, in the order that makes a point of it again."""
        return _parts(self)

    def copy(self) -> Point:
        """A point of its own: a reading fills in what is missing, the words stay as they were said."""
        return Point(*_parts(self))

    @property
    def is_empty(self) -> bool:
        """Nothing of a date was said."""
        said = self.day or self.month or self.year or self.clock or self.part or self.span or self.wrong
        return not said and self.weekday < 0

    @property
    def is_full(self) -> bool:
        """A month with a day or a year, so more than a word or a number."""
        return bool(self.month and (self.day or self.year)) or bool(self.span and self.year)

    @property
    def only_day(self) -> bool:
        """A number and nothing else (a weekday may stand beside it)."""
        return bool(self.day) and not (self.month or self.year or self.span)

    @property
    def only_weekday(self) -> bool:
        """A weekday and nothing else."""
        return self.weekday >= 0 and not (self.day or self.month or self.year or self.span or self.clock)

    @property
    def only_clock(self) -> bool:
        """A time and nothing else."""
        return self.clock is not None and not (self.day or self.month or self.year or self.span)

    @property
    def is_dated(self) -> bool:
        """A day, a month or a year is known, so that a number after it may be a time."""
        return bool(self.day or self.month or self.year)


_parts = attrgetter(*(part.name for part in fields(Point)))


class Source:
    """Text, tokens and lexicon that points are read from; behind the last token stand empty ones to look ahead at."""

    __slots__ = ("count", "finding", "lexicon", "text", "tokens")

    def __init__(self, text: str, tokens: list[Token], lexicon: Lexicon, finding: bool) -> None:
        self.text = text
        self.count = len(tokens)
        self.tokens = [*tokens, *[END] * _PADDING]
        self.lexicon = lexicon
        self.finding = finding

    def numeric(self, at: int) -> tuple[Numeric, int] | None:
        """The number date that begins at a token."""
        return numeric_at(self.tokens, at, self.lexicon.order, self.finding, self.lexicon.numeric_dash)

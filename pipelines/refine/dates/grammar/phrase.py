"""A date phrase: the structure that the readers of phrases share.

What belongs here: points with what joins them, and what was said around them. What does not: reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.refine.dates.grammar.point import Point


@dataclass(slots=True)
class Phrase:
    """A phrase: token range, points with how each is joined to the one before ("to" or "list"), and what was said."""

    start: int
    end: int
    points: list[Point] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    @property
    def is_dated(self) -> bool:
        """At least one point says which day, month or year."""
        return any(p.is_full or p.year or p.day or p.month for p in self.points)

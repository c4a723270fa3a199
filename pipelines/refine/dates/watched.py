"""Numbers that tell when more is asked of them than their class says.

What belongs here: the watched value that `shapes` reads a shape with. What does not: shapes, classes, the grammar.

A comparison with a constant is harmless when all values between the bounds answer alike; copying and adding a constant
(a year of two digits) are harmless too. Everything else is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any


class Watched(int):
    """A number that tells when the grammar asks for more than its class says."""

    source: int
    shift: int
    low: int
    high: int
    report: list[str]

    def _ask(self, other: object, compare: Callable[[Any, Any], bool]) -> bool:
        if isinstance(other, Watched):
            self.report.append("compared with each other")
        elif isinstance(other, int):
            answers = compare(self.low, other), compare(self.high, other)
            inside = compare in (eq, ne) and self.low < int(other) < self.high
            if answers[0] != answers[1] or inside:
                self.report.append("compared within the class")
        return compare(int(self), other)

    def __lt__(self, other: int) -> bool:
        return self._ask(other, lt)

    def __le__(self, other: int) -> bool:
        return self._ask(other, le)

    def __gt__(self, other: int) -> bool:
        return self._ask(other, gt)

    def __ge__(self, other: int) -> bool:
        return self._ask(other, ge)

    def __eq__(self, other: object) -> bool:
        return self._ask(other, eq)

    def __ne__(self, other: object) -> bool:
        return self._ask(other, ne)

    def __bool__(self) -> bool:
        return self._ask(0, ne)

    def __add__(self, other: int) -> int:
        return _shifted(int(self) + other, self, self.shift + other)

    __radd__ = __add__

    def __sub__(self, other: int) -> int:
        self.report.append("calculated with")
        return int(self) - other

    def __mod__(self, other: int) -> int:
        self.report.append("calculated with")
        return int(self) % other

    def __floordiv__(self, other: int) -> int:
        self.report.append("calculated with")
        return int(self) // other

    def __hash__(self) -> int:
        self.report.append("looked up")
        return int.__hash__(self)

    def __format__(self, how: str) -> str:
        self.report.append("shown")
        return int(self).__format__(how)

    def __str__(self) -> str:
        return self.__format__("")

    def __index__(self) -> int:
        self.report.append("used as a place")
        return int(self)


def _shifted(value: int, like: Watched, shift: int) -> Watched:
    """A value that is another one, shifted (a year of two digits)."""
    moved = shift - like.shift
    return watch(value, like.source, like.low + moved, like.high + moved, like.report, shift)


def watch(value: int, source: int, low: int, high: int, report: list[str], shift: int = 0) -> Watched:
    """A watched value: which of the text's values it is, its bounds, where to report, and how far it was shifted."""
    number = Watched(value)
    number.source, number.shift, number.low, number.high, number.report = source, shift, low, high, report
    return number

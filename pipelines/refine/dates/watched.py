"""Numbers that remember what was asked of them.

What belongs here: the watched value that `shapes` reads a shape with. What does not: shapes, the grammar.

A comparison with a constant narrows the bounds within which all values answer alike; copying and adding a constant (a
year of two digits) ask nothing. Everything else is reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Bounds:
    """Between which values a text's number, month or weekday may lie for the grammar to go the same way."""

    source: int
    low: int
    high: int
    report: list[str] = field(default_factory=list)

    def below(self, limit: int, answer: bool) -> None:
        """It was asked whether the value is below a limit."""
        if answer:
            self.high = min(self.high, limit - 1)
        else:
            self.low = max(self.low, limit)

    def same(self, value: int, other: int) -> None:
        """It was asked whether the value is another one."""
        if value == other:
            self.low = self.high = value
        elif value < other:
            self.high = min(self.high, other - 1)
        else:
            self.low = max(self.low, other + 1)


class Watched(int):
    """A number that remembers in its bounds what the grammar asked of it."""

    shift: int
    bounds: Bounds

    def _is_plain(self, other: object) -> bool:
        """The other is a constant; two watched values compared are no matter of bounds."""
        if isinstance(other, Watched):
            self.bounds.report.append("compared with each other")
        return isinstance(other, int) and not isinstance(other, Watched)

    def _below(self, limit: int, answer: bool) -> bool:
        if self._is_plain(limit):
            self.bounds.below(limit - self.shift, answer)
        return answer

    def _same(self, other: object) -> None:
        if self._is_plain(other):
            assert isinstance(other, int)
            self.bounds.same(int(self) - self.shift, other - self.shift)

    def __lt__(self, other: int) -> bool:
        return self._below(other, int(self) < other)

    def __ge__(self, other: int) -> bool:
        return not self._below(other, int(self) < other)

    def __le__(self, other: int) -> bool:
        return self._below(other if isinstance(other, Watched) else other + 1, int(self) <= int(other))

    def __gt__(self, other: int) -> bool:
        return not self._below(other if isinstance(other, Watched) else other + 1, int(self) <= int(other))

    def __eq__(self, other: object) -> bool:
        self._same(other)
        return int(self) == other

    def __ne__(self, other: object) -> bool:
        self._same(other)
        return int(self) != other

    def __bool__(self) -> bool:
        self._same(0)
        return int(self) != 0

    def __add__(self, other: int) -> int:
        return watch(int(self) + other, self.bounds, self.shift + other)

    __radd__ = __add__

    def __sub__(self, other: int) -> int:
        self.bounds.report.append("calculated with")
        return int(self) - other

    def __mod__(self, other: int) -> int:
        self.bounds.report.append("calculated with")
        return int(self) % other

    def __floordiv__(self, other: int) -> int:
        self.bounds.report.append("calculated with")
        return int(self) // other

    def __hash__(self) -> int:
        self.bounds.report.append("looked up")
        return int.__hash__(self)

    def __format__(self, how: str) -> str:
        self.bounds.report.append("shown")
        return int(self).__format__(how)

    def __str__(self) -> str:
        return self.__format__("")

    def __index__(self) -> int:
        self.bounds.report.append("used as a place")
        return int(self)


def watch(value: int, bounds: Bounds, shift: int = 0) -> Watched:
    """A watched value: its bounds say which of the text's values it is, `shift` how far it was moved from that."""
    number = Watched(value)
    number.bounds, number.shift = bounds, shift
    return number

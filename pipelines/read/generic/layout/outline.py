"""Where the blocks of a page stand in its tree: the stretch of each element, its shape, and its path.

What belongs here: what is computed once a page and asked often. What does not: dates, records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import takewhile
from typing import Any

from pipelines.read.generic.layout.blocks import Block
from pipelines.reference import load_yaml

_DEPTH = 260  # levels of a page that are climbed; real pages have about 30, and the parser opens 256


class Outline:
    """The blocks of a page and the elements around them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.range: dict[Any, list[int]] = {}
        self._paths: dict[Any, int] = {}
        self._numbers: dict[tuple[str, int], int] = {}
        for block in blocks:
            for element in reversed(_unknown(block.element, self.range)):
                self.range[element] = [block.index, block.index]
            self.range[block.element][1] = block.index
        for element, (_, last) in reversed(self.range.items()):  # what stands inside before what is around it
            around = self.range.get(element.getparent())
            if around is not None and around[1] < last:
                around[1] = last

    def span(self, element: Any) -> tuple[int, int]:
        """The blocks [start, end) of an element."""
        first, last = self.range[element]
        return first, last + 1

    def path(self, element: Any) -> int:
        """A number for the shapes from an element up to the page: the same for elements of one template."""
        known = self._paths.get(element)
        if known is None:
            chain = _unknown(element, self._paths)
            known = self._paths.get(chain[-1].getparent(), 0)
            for one in reversed(chain):
                known = self._paths[one] = self._numbers.setdefault((shape(one), known), len(self._numbers) + 1)
        return known


def _unknown(element: Any, known: Collection[Any]) -> list[Any]:
    """An element and those around it that are not known yet, from the inside."""
    return list(takewhile(lambda one: one not in known, upwards(element)))


def upwards(element: Any) -> Iterator[Any]:
    """An element and those around it, from the inside."""
    for _ in range(_DEPTH):
        if element is None:
            return
        yield element
        element = element.getparent()


def shape(element: Any) -> str:
    """Tag and first class: what siblings of one template share."""
    return _shape(str(element.tag), element.get("class", ""))


@lru_cache(maxsize=16384)
def _shape(tag: str, look: str) -> str:
    if tag in ("tr", "th", "td"):
        return "td" if tag == "th" else tag  # the classes of rows tell odd from even, not one template from another
    first = next((word for word in look.split() if word.lower() not in _turns()), "")
    return f"{tag}.{first.rstrip('0123456789-_')}"


@cache
def _turns() -> frozenset[str]:
    """Classes that siblings of one template have by turns: odd, even, first, last."""
    return frozenset(load_yaml("layouts.yaml")["turns"])

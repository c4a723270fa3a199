"""A line of words and the names found in it: which names touch, which fill a piece of the line.

What belongs here: the shape of a line, as far as deciding needs it. What does not: what a name means.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from pipelines import reference
from pipelines.reference.folding import fold, words
from pipelines.refine.places.names import Hit, Index, Meaning, search

_SIGNS = frozenset(",;:|\n•·、，；")
# Between two words these part a line as a comma does; a dash only when blanks stand around it.
_PARTS = re.compile(r"[/()\[\]]|\s[-–—]+\s|—")

# Georgian writes names in letters that Unicode counts as small.
_GEORGIAN = frozenset(map(chr, range(0x10D0, 0x1100)))


@dataclass(slots=True, eq=False)
class Mention:
    """A name in the line.

    fills: it and other names are all that its piece says. edge: it begins or ends its piece. address: its piece names a
    street or a house. chain: mentions with the same number have no other word between them. linked: a country is in its
    chain. absorbed: said already by a quarter beside it.
    """

    at: int
    hit: Hit
    start: int
    end: int
    fills: bool = False
    edge: bool = False
    address: bool = False
    linked: bool = False
    chain: int = 0
    choice: Meaning | None = None
    absorbed: bool = False

    def countries(self) -> set[str]:
        """Countries that the name itself names."""
        return {m.value for m in self.hit.meanings if m.kind == "country"}

    def can_be(self, kind: str) -> bool:
        """One of its meanings is of this kind."""
        return any(m.kind == kind for m in self.hit.meanings)


class Line:
    """The words of a text, its pieces, and its mentions in order; `lower`: a text without capitals may name places."""

    def __init__(self, text: str, index: Index, lower: bool = False) -> None:
        self.text = text
        self.words = words(text)
        self._folded = [word for _, _, word in self.words]
        bare = lower and text == text.lower()
        hits = [h for h in search(index, self._folded) if bare or _is_named(text, self.words, h)]
        self.mentions = [
            Mention(at, hit, self.words[hit.first][0], self.words[hit.last - 1][1]) for at, hit in enumerate(hits)
        ]
        self._chains: dict[int, list[Mention]] = {}
        if self.mentions:
            self._shape()
            self._link()

    def _shape(self) -> None:
        """Say of each mention whether it fills its piece, or stands at its edge."""
        coming = 0
        for first, last in self._pieces():
            begin = coming
            while coming < len(self.mentions) and self.mentions[coming].hit.first < last:
                coming += 1
            if coming > begin:
                self._shape_piece(first, last, self.mentions[begin:coming])

    def _shape_piece(self, first: int, last: int, mentions: list[Mention]) -> None:
        named = {at for m in mentions for at in range(m.hit.first, m.hit.last)}
        others = [at for at in range(first, last) if at not in named]
        spoken = [self._folded[at] for at in others]
        fills = _word_set("empty").issuperset(spoken)
        address = not _word_set("streets").isdisjoint(spoken)
        for mention in mentions:
            starts = not others or mention.hit.first < others[0]
            ends = not others or mention.hit.first > others[-1]
            before = self._folded[mention.hit.first - 1] if mention.hit.first > first else ""
            joined = mention.hit.first - 1 not in named and before in _word_set("joining")
            mention.fills = fills
            mention.address = address
            mention.edge = not address and (starts or (ends and not joined))

    def _link(self) -> None:
        """Number the chains: mentions with no word between them that is not a name."""
        number, reached = 0, self.mentions[0].hit.first
        for mention in self.mentions:
            if not _SIGNS.issuperset(self._folded[reached : mention.hit.first]):
                number += 1
            mention.chain = number
            self._chains.setdefault(number, []).append(mention)
            reached = mention.hit.last

    def chain(self, number: int) -> list[Mention]:
        """The mentions of a chain, in order."""
        return self._chains[number]

    def _pieces(self) -> list[tuple[int, int]]:
        """Ranges of words between signs that part a line."""
        pieces, first = [], 0
        for at, (start, _, word) in enumerate(self.words):
            sign = word in _SIGNS
            if sign or (at > first and _PARTS.search(self.text, self.words[at - 1][1], start)):
                if at > first:
                    pieces.append((first, at))
                first = at + 1 if sign else at
        pieces.append((first, len(self.words)))
        return [(a, b) for a, b in pieces if b > a]

    @cached_property
    def is_full(self) -> bool:
        """Nothing but names, and words that say nothing."""
        return bool(self.mentions) and all(m.fills for m in self.mentions) and not self.rest(lambda _: True)

    def rest(self, taken: Callable[[Mention], bool]) -> list[str]:
        """The stretches of text that are left when the mentions for which `taken` holds are taken out, trimmed."""
        cuts = [(m.start, m.end) for m in self.mentions if taken(m)]
        starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(self.text)]
        return [piece for a, b in zip(starts, ends, strict=True) if (piece := _trim(self.text[a:b]))]


@cache
def _word_set(name: str) -> frozenset[str]:
    return frozenset(fold(str(word)) or str(word) for word in reference.load_yaml("venues.yaml")[name])


def _is_named(text: str, found: list[tuple[int, int, str]], hit: Hit) -> bool:
    """A name begins with a capital, or is written in letters without case; words for online need not."""
    if all(m.kind == "online" for m in hit.meanings):
        return True
    return any(not text[start].islower() or text[start] in _GEORGIAN for start, _, _ in found[hit.first : hit.last])


def _trim(piece: str) -> str:
    """A stretch without separators and broken brackets at its ends, and without words that only joined it to a name."""
    trimmed = piece
    while True:
        before, trimmed = trimmed, trimmed.strip(" \t\r\n\xa0,;:|/–—-·•*")
        trimmed = trimmed.removeprefix(")").removeprefix("]").removesuffix("(").removesuffix("[")
        trimmed = _balance(trimmed)
        if trimmed == before:
            break
    found = words(trimmed)
    if all(word in _word_set("empty") or word in _SIGNS for _, _, word in found):
        return ""
    if " ".join(word for _, _, word in found) in _word_set("nothing"):
        return ""
    if len(found) > 1 and found[0][2] in _word_set("leading") and found[0][1] < len(trimmed):
        return _trim(trimmed[found[0][1] :])
    return trimmed


def _balance(piece: str) -> str:
    """Without one bracket at an end that has no partner, or a pair around all of it."""
    if piece.startswith("(") and piece.find(")") == len(piece) - 1:
        return piece[1:-1]
    if piece.startswith("(") and ")" not in piece:
        return piece[1:]
    if piece.endswith(")") and "(" not in piece:
        return piece[:-1]
    return piece

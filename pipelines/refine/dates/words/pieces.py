"""The bare pieces of a text: words, numbers, marks.

What belongs here: how a text falls into pieces, and which marks are dashes. What does not: what a piece means
(`vocabulary`, `lexicon`), tokens with their places (`tokens`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.refine.dates.words.vocabulary import fold

_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0962\u0963"
PIECE = re.compile(rf"\d+|[^\W\d_](?:[^\W\d_]|[{_MARKS}])*|[^\w\s]|_")
DASHES = frozenset("-–—‒―−‐‑~～〜→➔⇒")


def pieces(text: str) -> list[str]:
    """The bare pieces of a folded phrase."""
    return PIECE.findall(text)


def words_of(text: str) -> Iterator[str]:
    """The folded words of a text, for guessing its language."""
    for piece in PIECE.findall(text):
        if piece[0].isalpha():
            yield fold(piece)

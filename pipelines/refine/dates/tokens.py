"""Text into typed tokens: numbers, words with what they can be, marks.

What belongs here: cutting a text and looking words up. What does not: what the tokens mean together.

A token knows whether it touches the one before it ("18h30", "1-2"), since that is what tells a number's ending from a
word. Scripts that are written without blanks are cut by the longest word of the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.refine.dates.vocabulary import UNKNOWN, Word, fold

if TYPE_CHECKING:
    from pipelines.refine.dates.lexicon import Lexicon

_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0962\u0963"
PIECE = re.compile(rf"\d+|[^\W\d_](?:[^\W\d_]|[{_MARKS}])*|[^\w\s]|_")
_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"
)
_UNSPACED = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FIRST_UNSPACED = "\u2e80"
_MARK_FORMS = {**dict.fromkeys("’ʼ`´‘", "'"), **dict(zip("،、，：（）／．", ",,,:()/.", strict=True))}
DASHES = frozenset("-–—‒―−‐‑~～〜")


class Token:
    """One number ("n"), word ("w") or mark ("p") of a text, with its place in it."""

    __slots__ = ("digits", "end", "kind", "num", "roles", "start", "text", "tight", "word")

    def __init__(self, kind: str, text: str, start: int, end: int, tight: bool, word: Word) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end
        self.tight = tight
        self.word = word
        self.roles = word.roles
        self.num = int(text) if kind == "n" and len(text) < 9 else -1
        self.digits = len(text) if kind == "n" else 0

    def __repr__(self) -> str:
        return f"<{self.kind} {self.text!r} {self.word.month or ''} {sorted(self.roles)}>"


END = Token("e", "\n", -1, -1, False, UNKNOWN)


def pieces(text: str) -> list[str]:
    """The bare pieces of a folded phrase."""
    return PIECE.findall(text)


def words_of(text: str) -> Iterator[str]:
    """The folded words of a text, for guessing its language."""
    for piece in PIECE.findall(text):
        if piece[0].isalpha():
            yield fold(piece)


def tokenise(text: str, lexicon: Lexicon) -> list[Token]:
    """All tokens of a text, phrases of the lexicon joined into one."""
    raw: list[tuple[str, str, int, int]] = []
    for match in PIECE.finditer(text):
        piece = match.group()
        start, end = match.span()
        first = piece[0]
        if first.isalpha():
            if first >= _FIRST_UNSPACED and _UNSPACED.match(piece):
                raw.extend(_cut(piece, start, lexicon))
            else:
                raw.append(("w", fold(piece), start, end))
        elif first.isdecimal():
            raw.append(("n", piece, start, end))
        else:
            raw.append(("p", _MARK_FORMS.get(piece, piece), start, end))
    return _join(raw, lexicon)


def _join(raw: list[tuple[str, str, int, int]], lexicon: Lexicon) -> list[Token]:
    """Tokens of the pieces; the longest phrase wins."""
    tokens: list[Token] = []
    words, phrases = lexicon.words, lexicon.phrases
    at, last = 0, -1
    while at < len(raw):
        kind, text, start, end = raw[at]
        at += 1
        if text in _INVISIBLE:  # marks of direction and zero width: what they stand between still touches
            last = end if start == last else last
            continue
        word = words.get(text, UNKNOWN) if kind == "w" else UNKNOWN
        if text in phrases and at < len(raw):
            for rest, meaning in phrases[text].get(raw[at][1], ()):
                size = len(rest)
                if size == 1 or tuple(piece[1] for piece in raw[at : at + size]) == rest:
                    text = " ".join((text, *rest))
                    word, kind, at = meaning, "w", at + size
                    end = raw[at - 1][3]
                    break
        tokens.append(Token(kind, text, start, end, start == last, word))
        last = end
    return tokens


def _cut(piece: str, start: int, lexicon: Lexicon) -> Iterator[tuple[str, str, int, int]]:
    """Words of a run that has no blanks: the longest known word at each place, else one letter."""
    at = 0
    while at < len(piece):
        size = 1
        for length in range(min(lexicon.longest, len(piece) - at), 1, -1):
            if fold(piece[at : at + length]) in lexicon.words:
                size = length
                break
        yield "w", fold(piece[at : at + size]), start + at, start + at + size
        at += size

"""A page as lines: the one shape that all readers work on, whether the page came as HTML or as text.

What belongs here: what a line is, and text (WET) cut into lines. What does not: HTML (`markup`), or what a line means
(`roles`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link inside a line: canonical address, its text, the item key of the address, and the `<a>` itself."""

    url: str
    text: str
    key: str | None
    node: Any = None


@dataclass(frozen=True, slots=True)
class Line:
    """One displayed line.

    `level` is 1 to 6 for a heading, 0 otherwise; `strong` is text that the line sets in bold or quotes as a name;
    `bullet` marks a list item; `node` is the block element of HTML that holds the line.
    """

    text: str
    level: int = 0
    anchors: tuple[Anchor, ...] = ()
    strong: str = ""
    bullet: bool = False
    node: Any = None


def squeeze(text: str) -> str:
    """Single blanks, none at the ends; zero-width blanks and byte order marks count as blanks."""
    if "\u200b" in text or "\ufeff" in text:
        text = text.replace("\u200b", " ").replace("\ufeff", " ")
    return " ".join(text.split())


def text_lines(text: str) -> list[Line]:
    """The lines of a page that was kept as text; empty lines carry no meaning, and a tab ends a cell as a line does."""
    squeezed = (squeeze(cell) for line in text.splitlines() for cell in line.split("\t"))
    return [_text_line(line) for line in squeezed if line]


def _text_line(text: str) -> Line:
    bare = text.lstrip("•·▪*–- ") if text[0] in "•·▪*" else text
    return Line(bare or text, bullet=bare != text)


def joined(lines: Iterable[Line], separator: str = "\n") -> str | None:
    """The texts of some lines as one; None when there are none."""
    return separator.join(line.text for line in lines) or None

"""JSON as pages carry it: wrapped in comments, with trailing commas, escaped once too often, or a JavaScript literal.

What belongs here: text to plain values, within a budget. Nothing is ever executed: what is no literal is no value.
What does not: what the values mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from pipelines.read.structured.literals import LiteralError, read_literal

_WRAPPED = re.compile(r"^(?:\s|//|/\*|\*/|<!--|<!\[CDATA\[)+|(?:\s|//|/\*|\*/|-->|\]\]>|;)+$")
_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
_EDGE = 200  # wrappers stand within so many characters of either end
_ONE_STRING = 3  # tokens of a list of one string
_BOMB = 100_000  # what an attempt costs that ran into the limit of nesting


@dataclass(slots=True)
class Budget:
    """How much of a page may still be looked at: characters of JSON and of code; tokens, values, elements, things.

    A thing (an object or element that may state something) takes about 50 us, an element 5 us, a value 0.5 us.
    """

    characters: int = 2_000_000
    code: int = 1_000_000
    tokens: int = 60_000
    values: int = 100_000
    elements: int = 30_000
    things: int = 2000

    def value(self) -> bool:
        """Take one value; False when there is none left."""
        self.values -= 1
        return self.values >= 0

    def element(self) -> bool:
        """Take one element; False when there is none left."""
        self.elements -= 1
        return self.elements >= 0

    def thing(self) -> bool:
        """Take one thing; False when there is none left."""
        self.things -= 1
        return self.things >= 0


def load(text: str, budget: Budget) -> Any:
    """The values of a text that is meant to be JSON; None when it can not be read or is too long."""
    text = unwrapped(text)
    if not text or len(text) > budget.characters:
        return None
    found = load_at(text, 0, budget)[0]
    if found is None and "&quot;" in text:
        found = load_at(unescape(text), 0, budget)[0]
    return found


def unwrapped(text: str) -> str:
    """A text without the comments and CDATA marks around it."""
    head, middle, tail = text[:_EDGE], text[_EDGE:-_EDGE], text[max(len(text) - _EDGE, _EDGE) :]
    if not middle and not tail:
        return _WRAPPED.sub("", head)
    return _WRAPPED.sub("", head + "x")[:-1] + middle + _WRAPPED.sub("", "x" + tail)[1:]


def load_at(text: str, at: int, budget: Budget) -> tuple[Any, int]:
    """The object or list that begins at a place of a text, and where it ends; (None, `at`) when none can be read."""
    if budget.characters <= 0 or text[at : at + 1] not in ("{", "["):
        return None, at
    try:
        value, end = _DECODER.raw_decode(text, at)
        budget.characters -= end - at
        return value, end
    except json.JSONDecodeError as error:
        budget.characters -= max(error.pos - at, 1)
    except (ValueError, RecursionError):  # a number of 5,000 digits; a nesting bomb
        budget.characters -= _BOMB
        return None, at
    return _literal_at(text, at, budget)


def _literal_at(text: str, at: int, budget: Budget) -> tuple[Any, int]:
    try:
        written, end, tokens = read_literal(text, at, budget.tokens)
        budget.tokens -= tokens
        return _DECODER.decode(written), end
    except LiteralError as error:
        budget.tokens -= error.tokens
    except (ValueError, RecursionError):
        budget.tokens -= _BOMB
    return None, at


def strings_in(text: str, opening: re.Pattern[str]) -> Iterator[str]:
    """What `JSON.parse("...")` and its like are given, unescaped; `opening` ends before the quote."""
    for found in opening.finditer(text):
        quote = text[found.end() : found.end() + 1]
        closes = re.compile(rf"{quote}((?:[^{quote}\\]|\\.)*+){quote}", re.DOTALL).match(text, found.end())
        if closes:
            yield _unescaped(closes[1])


def _unescaped(text: str) -> str:
    try:
        written = read_literal("['" + re.sub(r"(?<!\\)((?:\\\\)*)'", r"\1\\'", text) + "']", 0, _ONE_STRING)[0]
        return str(json.loads(written, strict=False)[0])
    except (LiteralError, ValueError):
        return ""

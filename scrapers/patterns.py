"""Address patterns of a source: a small template language, and when one pattern is more specific than another.

What belongs here: reading a pattern, matching a canonical address, comparing patterns. What does not: which source
wins, which is told in `registry`.

A pattern is host and path of a canonical address, without scheme and query:

    www.coe.int[/{locale}]/web/interculturalcities/newsroom

    {name}      one or more characters other than `/`
    {name...}   any characters, `/` too; may be empty
    [...]       may be missing; not nested

Everything else stands for itself; case is ignored, since no site here tells two pages apart by case. The more specific
of two patterns is the one with more characters that stand for themselves outside of `[...]`; of two with as many, the
one with fewer `{name...}`, then with fewer `{name}`. Patterns that are equal in all three are equally specific.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pipelines.read.addresses import Address

_TOKEN = re.compile(r"\{[a-z_]+(?:\.\.\.)?\}|\[|\]|[^{}\[\]]+|.")
_PLACEHOLDER = re.compile(r"\{[a-z_]+(?P<rest>\.\.\.)?\}")


@dataclass(frozen=True)
class Pattern:
    """One pattern; raises ValueError when it can not be read."""

    text: str

    def __post_init__(self) -> None:
        if "://" in self.text or "?" in self.text or not re.match(r"[a-z0-9][a-z0-9.:-]*(?:[/\[]|$)", self.text):
            raise ValueError(f"pattern {self.text!r} is not host and path: no scheme, no query")
        _ = self.regex

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern as a regular expression for the whole of host and path."""
        pieces, optional = [], False
        for piece in _TOKEN.findall(self.text):
            placeholder = _PLACEHOLDER.fullmatch(piece)
            if placeholder:
                pieces.append(".*" if placeholder["rest"] else "[^/]+")
            elif piece in "[]":
                if optional is (piece == "["):
                    raise ValueError(f"pattern {self.text!r}: {piece!r} without its partner")
                optional = piece == "["
                pieces.append("(?:" if optional else ")?")
            elif piece in "{}":
                raise ValueError(f"pattern {self.text!r}: a placeholder is written {{name}} or {{name...}}")
            else:
                pieces.append(re.escape(piece))
        if optional:
            raise ValueError(f"pattern {self.text!r}: '[' without its partner")
        return re.compile("".join(pieces), re.IGNORECASE)

    @cached_property
    def specificity(self) -> tuple[int, int, int]:
        """Compares with `>`: the greater is the more specific."""
        required = re.sub(r"\[.*?\]", "", self.text)
        placeholders = [m["rest"] for m in _PLACEHOLDER.finditer(self.text)]
        rests = sum(1 for rest in placeholders if rest)
        return len(_PLACEHOLDER.sub("", required)), -rests, -len(placeholders)

    @property
    def host(self) -> str:
        """The host, with its port if any."""
        return re.split(r"[/\[]", self.text, maxsplit=1)[0]

    def matches(self, address: Address) -> bool:
        """Whether an address matches, by its canonical form."""
        return self.regex.fullmatch(address.host + address.path) is not None

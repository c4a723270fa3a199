"""Which addresses an index is asked for: those that the YAML names, else the beginnings that patterns leave open.

What belongs here: from patterns to prefixes. What does not: which of the listed captures belong to the source, which
its patterns say again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_OPTIONAL = re.compile(r"\[(.*?)\]")


class Asked(NamedTuple):
    """An address without its scheme, or the beginning of many."""

    address: str
    is_prefix: bool


def named(addresses: Iterable[str]) -> list[Asked]:
    """The addresses that a YAML names; with `*` at the end they are beginnings."""
    bare = (address.partition("://")[2] for address in addresses)
    return list(dict.fromkeys(Asked(address.removesuffix("*"), address.endswith("*")) for address in bare))


def of_patterns(patterns: Iterable[str], locales: Sequence[str]) -> list[Asked]:
    """The beginnings of what patterns match, each in every locale; one that another begins is left out.

    ValueError for a pattern that would ask for all of a host: that is never what a source is.
    """
    found: set[str] = set()
    for pattern in patterns:
        for spelled in (_OPTIONAL.sub("", pattern), _OPTIONAL.sub(r"\1", pattern)):
            found |= {_beginning(spelled.replace("{locale}", locale), pattern) for locale in (locales or [""])}
    shortest = [text for text in sorted(found) if not any(text.startswith(o) for o in found - {text})]
    return [Asked(text, True) for text in shortest]


def _beginning(spelled: str, pattern: str) -> str:
    beginning = spelled.partition("{")[0]
    if not beginning.partition("/")[2].strip("/"):
        raise ValueError(f"pattern {pattern!r} leaves a whole host open: name archive.addresses")
    return beginning

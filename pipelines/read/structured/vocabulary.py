"""The words of structured data, read once from `reference/structured.yaml`, and the values that stand under them.

What belongs here: which key means what, and how a value that is wrapped, listed or nested becomes one. What does not:
where the objects come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from pipelines.reference import load_yaml
from pipelines.reference.folding import fold_word

_JOINTS = re.compile(r"[\s_.:-]+")
_SCHEMA = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|[a-z]{1,12}:(?!//))", re.IGNORECASE)
_LONGEST_KEY = 60
_MOST_VALUES = 20


@lru_cache(maxsize=16384)
def fold_key(key: str) -> str:
    """A key for comparing: without the prefix of a vocabulary, case, accents and the signs that join words."""
    if len(key) > _LONGEST_KEY:
        return ""
    return key.lower() if key.startswith("@") else fold_word(_JOINTS.sub("", _SCHEMA.sub("", key.strip())))


@cache
def word_ranks(*path: str) -> dict[str, int]:
    """A list of the vocabulary, folded as keys are, each word with its place in the list."""
    part: Any = load_yaml("structured.yaml")
    for name in path:
        part = part[name]
    return {fold_key(str(word)): rank for rank, word in reversed(list(enumerate(part)))}


def folded(thing: Mapping[str, Any]) -> dict[str, Any]:
    """An object with folded keys; of two keys that fold alike the first stays."""
    found: dict[str, Any] = {}
    for key, value in thing.items():
        found.setdefault(fold_key(str(key)), value)
    return found


def present(thing: Mapping[str, Any], *path: str) -> list[tuple[str, Any]]:
    """What an object with folded keys has of a list of the vocabulary: key and value, in the order of the list."""
    ranks = word_ranks(*path)
    names = sorted(thing.keys() & ranks.keys(), key=ranks.__getitem__)
    return [(name, value) for name in names if (value := thing[name]) not in (None, "", [], {})]


def first_of(thing: Mapping[str, Any], *path: str) -> Any:
    """The first value of these; None when there is none."""
    found = present(thing, *path)
    return found[0][1] if found else None


def values_of(value: Any) -> Iterator[Any]:
    """A value, or the values of a list of some."""
    yield from value[:_MOST_VALUES] if isinstance(value, list) else [value]


def text_of(value: Any, depth: int = 3) -> str | None:
    """The first text in a value: itself, the first of a list, or what an object holds under an inner key."""
    for one in values_of(value):
        if isinstance(one, str) and one.strip():
            return one
        if isinstance(one, dict) and depth:
            found = text_of(first_of(folded(one), "inner"), depth - 1)
            if found:
                return found
    return None

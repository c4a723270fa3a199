"""The words of addresses, read once from `vocabulary.yaml`.

What belongs here: the file as typed sets, and the one test "is this name in that list", wildcards included. What does
not: any rule about what an address means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Host:
    """A host whose addresses are understood: its canonical name, the shape of its paths, the prefix of its keys."""

    host: str
    family: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The lists of `vocabulary.yaml`; a `*` in a name stands for any text."""

    hosts: dict[str, Host]
    noise: tuple[str, ...]
    liferay_noise: tuple[str, ...]
    page_numbers: tuple[str, ...]
    page_numbers_elsewhere: tuple[str, ...]
    applications: frozenset[str]
    listings: tuple[str, ...]
    document_suffixes: tuple[str, ...]
    trap_paths: tuple[str, ...]
    trap_segments: frozenset[str]
    trap_parameters: dict[str, tuple[str, ...]]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, loaded at the first call."""
    raw: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("vocabulary.yaml").read_text(encoding="utf-8"))
    hosts = {}
    for entry in raw["hosts"]:
        host = Host(entry["host"], entry["family"], entry["prefix"])
        hosts.update(dict.fromkeys([host.host, *entry["aliases"]], host))
    traps = raw["traps"]
    return Vocabulary(
        hosts=hosts,
        noise=tuple(raw["noise"]),
        liferay_noise=tuple(raw["liferay_noise"]),
        page_numbers=tuple(raw["page_numbers"]),
        page_numbers_elsewhere=tuple(raw["page_numbers_elsewhere"]),
        applications=frozenset(raw["applications"]),
        listings=tuple(raw["listings"]),
        document_suffixes=tuple(raw["document_suffixes"]),
        trap_paths=tuple(traps["paths"]),
        trap_segments=frozenset(traps["last_segments"]),
        trap_parameters={name: tuple(values) for name, values in traps["parameters"].items()},
    )


def listed(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a name, whatever its case, is one of the patterns."""
    return _compiled(patterns).match(name.lower()) is not None


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns) or "(?!)")

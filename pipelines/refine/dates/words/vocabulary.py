"""The words that dates are made of: one data file a language, month and weekday names from CLDR.

What belongs here: loading `pipelines/reference/dates/*.yaml`, and what each word of one language can be. What does not:
how languages are read together (`lexicon`), tokens, grammar.

A word has roles ("to", "since", "deadline", ...), and may be a month, a weekday or both ("mar" in Italian); the grammar
decides by what stands around it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from pipelines.refine.dates.words.cldr import cldr_names
from pipelines.refine.dates.words.schema import Language

NOTHING: frozenset[str] = frozenset()
_ROMAN = ("i", "ii", "iii", "iv")
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ё": "е", "’": "'", "ʼ": "'", "`": "'"})


@dataclass(frozen=True, slots=True)
class Word:
    """What a word, or a phrase of words, can be."""

    month: int = 0
    weekday: int = -1
    roles: frozenset[str] = NOTHING
    value: int = 0
    label: str = ""
    abbreviated: bool = False


UNKNOWN = Word()


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower case, no accents, one form for letters that are often typed in two ways."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    kept = "".join(c for c in plain if not ("\u0300" <= c <= "\u036f" or "\u064b" <= c <= "\u0652"))
    return unicodedata.normalize("NFC", kept).translate(_LETTERS)


@cache
def language_codes() -> tuple[str, ...]:
    """Languages that have a data file, the more frequent ones of the network first."""
    folder = files("pipelines.reference") / "dates"
    found = sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".yaml") and p.name != "zones.yaml")
    first = [code for code in ("en", "fr", "de", "es", "it", "pt", "nl", "sv") if code in found]
    return (*first, *(code for code in found if code not in first))


@cache
def load_yaml(name: str) -> dict[str, Any]:
    """One data file of the dates' vocabulary."""
    text = (files("pipelines.reference") / "dates" / name).read_text(encoding="utf-8")
    # The base loader makes nothing but strings, lists and dicts: safe, and "on", "no" and "y" stay words.
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506
    return loaded


@cache
def load_language(code: str) -> Language:
    """The validated data file of one language; an unknown key or a missing one raises."""
    return Language.model_validate(load_yaml(f"{code}.yaml"))


@cache
def language_words(code: str) -> dict[str, Word]:
    """Every word and phrase of one language, folded."""
    language = load_language(code)
    words: dict[str, Word] = {}
    for name, month, short in cldr_names()[code]["months"]:
        _add(words, name, month=month, abbreviated=short)
    for name, weekday, short in cldr_names()[code]["days"]:
        _add(words, name, weekday=weekday, abbreviated=short)
    for name, month in language.months.items():
        _add(words, name, month=month)
    for name, weekday in language.weekdays.items():
        _add(words, name, weekday=weekday)
    for role, label, value, name in language.entries():
        _add(words, name, roles=frozenset({role}), value=value, label=label)
    for number, name in enumerate(_ROMAN, 1):
        _add(words, name, roles=frozenset({"ordinal"}), value=number)
    _add_endings(words, language)
    return words


def _add(words: dict[str, Word], name: str, **what: Any) -> None:
    """Join what a name can be with what it is already."""
    key = " ".join(fold(name.rstrip(".") or name).split())
    old = words.get(key)
    if old is None:
        words[key] = Word(**what)
        return
    new = Word(**what)
    words[key] = replace(
        old,
        month=old.month or new.month,
        weekday=old.weekday if old.weekday >= 0 else new.weekday,
        roles=old.roles | new.roles,
        value=old.value or new.value,
        label=old.label or new.label,
        abbreviated=old.abbreviated and new.abbreviated,
    )


def _add_endings(words: dict[str, Word], language: Language) -> None:
    """Month names with the case endings that say from, to and in ("májustól", "huhtikuussa")."""
    months = [(key, word) for key, word in words.items() if word.month and not word.roles]
    for role, endings in language.endings.items():
        for key, word in months:
            for ending in endings:
                roles = NOTHING if role == "in" else frozenset({f"{role}_ending"})
                words.setdefault(key + fold(ending), replace(word, roles=roles, abbreviated=False))
    for prefix in language.prefixes:
        for key, word in months:
            words.setdefault(fold(prefix) + key, word)

"""The words that dates are made of: one data file a language, month and weekday names from CLDR.

What belongs here: loading `pipelines/reference/dates/*.yaml`, joining them with CLDR's names (through babel), and the
lexicon that a text in given languages is read with. What does not: tokens, grammar, rules about dates.

A word has roles ("to", "since", "deadline", ...), and may be a month, a weekday or both ("mar" in Italian); the grammar
decides by what stands around it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale

from pipelines.refine.dates.schema import Language

NOTHING: frozenset[str] = frozenset()
# Words of another language than the text's own count only in these roles, and only when long enough not to be
# an everyday word of the text's language.
_STRONG = frozenset({"since", "onwards", "ongoing", "deadline", "until", "tbc"})
_STRONG_LENGTH = 4
# CLDR files that are read beside a language's own: the other script, the other written standard.
_CLDR = {"sr": ("sr", "sr_Latn"), "no": ("nb", "nn"), "sh": ("sr_Latn", "hr")}
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


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that a text is read with: words, phrases by their first two pieces, ordinal endings, order of numbers."""

    words: dict[str, Word]
    phrases: dict[str, dict[str, list[tuple[tuple[str, ...], Word]]]]
    suffixes: frozenset[str]
    endings: dict[str, str]
    weekday_letters: dict[str, int]
    order: str
    numeric_dash: bool
    language: str
    longest: int = field(default=1)


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
    for name, month, short in _cldr_names(code, "months"):
        _add(words, name, month=month, abbreviated=short)
    for name, weekday, short in _cldr_names(code, "days"):
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


def _cldr_names(code: str, what: str) -> Iterable[tuple[str, int, bool]]:
    """(name, number, is it an abbreviation) of CLDR's months (1..12) or days (0 = Monday)."""
    for tag in _CLDR.get(code, (code,)):
        forms = getattr(Locale.parse(tag), what)
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in forms[use][width].items():
                    clean = name.strip().rstrip(".")
                    if len(clean) > 1 and not clean[0].isdigit():
                        yield clean, number, width != "wide"


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


@cache
def _merged() -> dict[str, Word]:
    """Words of any language that mean one thing only: long month and weekday names, since, ongoing, deadline."""
    seen: dict[str, Word | None] = {}
    for code in language_codes():
        for key, word in language_words(code).items():
            strong = _strong_part(key, word)
            if strong is None:
                continue
            old = seen.setdefault(key, strong)
            if old is not None and (old.month, old.weekday) != (strong.month, strong.weekday):
                seen[key] = None
    return {key: word for key, word in seen.items() if word is not None}


def _strong_part(key: str, word: Word) -> Word | None:
    if len(key) < _STRONG_LENGTH and not (word.month and not word.abbreviated):
        return None
    if (word.month or word.weekday >= 0) and not word.abbreviated:
        return replace(word, roles=frozenset(r for r in word.roles if r.endswith("_ending")))
    roles = word.roles & _STRONG
    return replace(word, month=0, weekday=-1, roles=roles) if roles and "ongoing_weak" not in word.roles else None


@cache
def lexicon(code: str, order: str = "") -> Lexicon:
    """The lexicon for a text in one language: its own words first, then English, then the strong words of all."""
    known = code if code in language_codes() else "en"
    language = load_language(known)
    joined = dict(_merged())
    english = language_words("en")
    own = language_words(known)
    for layer in (english, own) if known != "en" else (own,):
        for key, word in layer.items():
            before = english.get(key) if layer is own and known != "en" else None
            joined[key] = word if before is None else _over(word, before)
    words = {key: word for key, word in joined.items() if " " not in key and _is_plain(key)}
    suffixes = frozenset(map(fold, language.suffixes)) | frozenset(map(fold, load_language("en").suffixes))
    endings: dict[str, str] = {fold(e): role for role, group in language.endings.items() for e in group}
    return Lexicon(
        words=words,
        phrases=_phrases({key: word for key, word in joined.items() if key not in words}),
        suffixes=suffixes,
        endings=endings,
        weekday_letters={letter: number for number, letter in enumerate(language.weekday_letters)},
        order=order or language.order,
        numeric_dash=language.numeric_dash,
        language=known,
        longest=_longest(words),
    )


def _phrases(joined: dict[str, Word]) -> dict[str, dict[str, list[tuple[tuple[str, ...], Word]]]]:
    """Phrases by their first and second piece, as (the pieces after the first, meaning), the longest first."""
    phrases: dict[str, dict[str, list[tuple[tuple[str, ...], Word]]]] = {}
    for key in sorted(joined, key=len, reverse=True):
        first, *rest = _parts(key)
        if rest:
            phrases.setdefault(first, {}).setdefault(rest[0], []).append((tuple(rest), joined[key]))
    return phrases


def _over(own: Word, english: Word) -> Word:
    """A word of the text's language that English has too: its own meaning, and English roles beside it."""
    return replace(
        own,
        roles=own.roles | english.roles,
        value=own.value or english.value,
        label=own.label or english.label,
        month=own.month or english.month,
    )


def _longest(words: dict[str, Word]) -> int:
    return max((len(key) for key in words if not key.isascii() and key[0] >= "\u2e80"), default=1)


def _is_plain(key: str) -> bool:
    return all(c.isalpha() or unicodedata.combining(c) or unicodedata.category(c) in ("Mc", "Mn") for c in key)


def _parts(key: str) -> tuple[str, ...]:
    """A phrase as the tokeniser will cut it."""
    from pipelines.refine.dates.tokens import pieces

    return tuple(pieces(key))


@cache
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for code in language_codes():
        for key in language_words(code):
            for part in _parts(key):
                if len(part) > 1 and code not in index.setdefault(part, []):
                    index[part].append(code)
    return {key: tuple(codes) for key, codes in index.items()}


def guess_language(words: Iterable[str], candidates: tuple[str, ...] = ()) -> str | None:
    """The language that knows most of these folded words; None when none knows any."""
    index = _languages_of_words()
    votes: dict[str, float] = {}
    for word in words:
        codes = index.get(word, ())
        for code in codes:
            if not candidates or code in candidates:
                votes[code] = votes.get(code, 0.0) + 1.0 + (1.0 if len(word) > 3 else 0.0)
    if not votes:
        return None
    order = {code: n for n, code in enumerate(candidates or language_codes())}
    return min(votes, key=lambda code: (-votes[code], order.get(code, 99)))

"""What a text in a given language is read with: its own words, English, and the strong words of all languages.

What belongs here: joining the languages' words, and telling which language a text's date words are of. What does not:
the words of one language (`vocabulary`), tokens, grammar.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from pipelines.refine.dates.words.cldr import cldr_names
from pipelines.refine.dates.words.pieces import pieces
from pipelines.refine.dates.words.vocabulary import (
    NOTHING,
    UNKNOWN,
    Word,
    fold,
    language_codes,
    language_words,
    load_language,
)

# Words of another language than the text's own count only in these roles, and only when long enough not to be
# an everyday word of the text's language.
_STRONG = frozenset({"since", "onwards", "ongoing", "deadline", "until", "tbc"})
_STRONG_LENGTH = 4
_UNSPACED = "\u2e80"  # the first letter of scripts that are written without blanks
PhraseGroup = dict[str, list[tuple[tuple[str, ...], Word]]]
Phrases = dict[str, PhraseGroup]


class Piece(NamedTuple):
    """A piece as one language sees it: number ("n"), word ("w"), mark ("p"), invisible ("i"), to be cut ("c")."""

    kind: str
    text: str
    word: Word = UNKNOWN
    num: int = -1
    digits: int = 0
    phrases: PhraseGroup | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that a text is read with: words, phrases by their first two pieces, ordinal endings, order of numbers.

    `longest`, `firsts`: the length of the longest word, and the first letters of words, in scripts without blanks.
    """

    words: dict[str, Word]
    phrases: Phrases
    suffixes: frozenset[str]
    endings: dict[str, str]
    weekday_letters: dict[str, int]
    everyday: frozenset[str]
    order: str
    numeric_dash: bool
    language: str
    longest: int
    firsts: frozenset[str]
    seen: dict[str, Piece] = field(default_factory=dict, compare=False, repr=False)


@cache
def lexicon(code: str, order: str = "") -> Lexicon:
    """The lexicon for a text in one language; `order` turns the language's order of numbers round."""
    language = load_language(code)
    own = language_words(code)
    if code != "en":
        english = language_words("en")
        own = {key: _over(word, english[key]) if key in english else word for key, word in own.items()}
    words = {**_base()[0], **{key: word for key, word in own.items() if _is_plain(key)}}
    return Lexicon(
        words=words,
        phrases=_with_phrases(_base()[1], {key: word for key, word in own.items() if not _is_plain(key)}),
        suffixes=frozenset(map(fold, (*language.suffixes, *load_language("en").suffixes))),
        endings={fold(ending): role for role, group in language.endings.items() for ending in group},
        weekday_letters={letter: number for number, letter in enumerate(language.weekday_letters)},
        everyday=frozenset((*language.everyday, *load_language("en").everyday)),
        order=order or language.order,
        numeric_dash=language.numeric_dash,
        language=code,
        firsts=frozenset(key[0] for key in words if len(key) > 1 and key[0] >= _UNSPACED),
        longest=max((len(key) for key in own if key[0] >= _UNSPACED), default=1),
    )


def all_words(codes: tuple[str, ...]) -> Iterator[tuple[str, Word]]:
    """Words and phrases of several languages, of none: of all; with those that every lexicon has."""
    for code in codes or language_codes():
        yield from language_words(code).items()
    yield from _merged().items()
    yield from language_words("en").items()


@cache
def _base() -> tuple[dict[str, Word], Phrases]:
    """Words and phrases that every lexicon has: the strong ones of all languages, and all of English."""
    joined = {**_merged(), **language_words("en")}
    words = {key: word for key, word in joined.items() if _is_plain(key)}
    return words, _with_phrases({}, {key: word for key, word in joined.items() if key not in words})


def _with_phrases(base: Phrases, more: dict[str, Word]) -> Phrases:
    """The phrases and more of them, as (the pieces after the first, meaning); the longest first, a later one wins."""
    phrases = dict(base)
    for key, word in more.items():
        first, *rest = pieces(key)
        if rest:
            group = phrases[first] = dict(phrases.get(first, {}))
            others = [entry for entry in group.get(rest[0], []) if entry[0] != tuple(rest)]
            group[rest[0]] = sorted([*others, (tuple(rest), word)], key=lambda entry: -len(entry[0]))
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


def _is_plain(key: str) -> bool:
    """One word for the tokeniser: letters and their marks only, or the mark that says "at"."""
    return key == "@" or key.isalpha() or all(c.isalpha() or unicodedata.category(c) in ("Mc", "Mn") for c in key)


@cache
def _merged() -> dict[str, Word]:
    """Words of any language that mean one thing only: long month and weekday names, since, ongoing, deadline."""
    seen: dict[str, Word | None] = {}
    for code in language_codes():
        names = _full_names(code)
        for key, word in language_words(code).items():
            strong = _strong_part(key, word, key in names)
            if strong is None:
                continue
            old = seen.setdefault(key, strong)
            if old is not None and (old.month, old.weekday) != (strong.month, strong.weekday):
                seen[key] = None
    return {key: word for key, word in seen.items() if word is not None}


def _full_names(code: str) -> frozenset[str]:
    """The full month and weekday names of CLDR; short and bent ones are names and words elsewhere (Martin, main)."""
    named = cldr_names()[code]
    return frozenset(fold(name) for what in ("months", "days") for name, _, short in named[what] if not short)


def _strong_part(key: str, word: Word, is_full_name: bool) -> Word | None:
    if is_full_name:
        return replace(word, roles=NOTHING)
    roles = word.roles & _STRONG if len(key) >= _STRONG_LENGTH else NOTHING
    return replace(word, month=0, weekday=-1, roles=roles) if roles and "ongoing_weak" not in word.roles else None


@cache
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for code in language_codes():
        for key in language_words(code):
            for part in pieces(key):
                if (len(part) > 1 or part >= "\u2e80") and code not in index.setdefault(part, []):
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

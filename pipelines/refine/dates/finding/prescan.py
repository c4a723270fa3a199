"""A cheap look at a text before it is cut into tokens: where in it a date can stand at all.

What belongs here: the signs of a date, and the windows of a long text around them. What does not: deciding what is a
date (`spans`); this only says where none can be. Most texts of a page have none, and end here.

A short text is parsed whole when it has a sign; a long one only in windows around its signs, so that its length costs
little. Without digits only words can be spans (ongoing, N/A, a duration, a deadline in a month, a range of months).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pipelines.refine.dates.words.lexicon import all_words, lexicon
from pipelines.refine.dates.words.pieces import DASHES, PIECE, pieces
from pipelines.refine.dates.words.vocabulary import Word, fold

LONG = 400  # characters; a longer text is parsed in windows
_BEFORE, _AFTER = 70, 100  # characters of a window around a sign: what words of a date may take
_ALONE_AMONG_NUMBERS = 24  # characters, where no letter stands near the sign
_TO_A_BLANK = 60  # characters more, so that no word and no address is cut
_BESIDE = 24  # characters between a day of numbers alone and what makes it a date
_SAME = 20  # characters after a sign in which the same word adds nothing to its window
_NEAR = 40  # characters between a month and its number, a year and its word
_LAST_WORDS = 3  # a duration counts only at the end of a line
_DASH = "".join(re.escape(dash) for dash in sorted(DASHES))
_DIGIT = re.compile(r"\d")
# Scripts without blanks, digits of other scripts and marks without width: too seldom for rules of their own.
_OTHER = re.compile(
    "(?![0-9])\\d|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\uff0e\uff0f]"
)
_YEAR = r"(?<!\d)[12]\d{3}(?!\d)"
# 12/5, 12.5., 12-05-18, a year.
_NUMBERS = re.compile(
    rf"{_YEAR}|(?<!\d)\d{{1,2}}\s?/\s?\d{{1,2}}|(?<!\d)\d{{1,2}}\.\s?\d{{1,2}}\."
    rf"|\d{{1,2}}\s?[{_DASH}]\s?\d{{1,2}}\s?[{_DASH}]\s?\d{{1,2}}"
)
_TRIPLE = re.compile(
    rf"(?<!\d)(?<!\d[./,:])(\d{{1,4}})\s?([./{_DASH}])\s?(\d{{1,2}})\s?([./{_DASH}])\s?(\d{{1,4}})(?!\d|[./:]\d)"
    rf"|(?<!\d)(\d{{1,2}}) (\d{{1,2}}) ([12]\d{{3}})(?!\d)"
)
_MONTH_YEAR = re.compile(rf"(?<![\d./])(\d{{1,2}})\s?[./{_DASH}]\s?([12]\d{{3}})(?!\d)")
_SHORT_PAIR = re.compile(r"(?<![\d.,/])(\d{1,2})(?:\s?/\s?(\d{1,2})(?![\d/])|\.\s?(\d{1,2})\.(?!\d))")
# A year, and whether a second one or nothing follows its dash: 2018-2020, 2018/19, 2016- .
_YEARS = re.compile(
    rf"(?<!\d)(?:19[5-9]\d|20\d\d|2100)(?!\d)"
    rf"(?P<open>\s?[/{_DASH}]\s?(?:(?:\d\d|19\d\d|20\d\d)(?![\d./])|\s*(?:[^\W\d]|\)|$)))?"
)
_GROUP = re.compile(rf"\d+(?:\s?[./:,{_DASH}]?\s?\d+)*(?:\s?[/.{_DASH}])?")
_JOINS = frozenset(",&+")
_WORD = re.compile(r"[^\W\d_]+")
_TIE = re.compile(f"[:{_DASH}]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Signs:
    """Words that say that a date may stand near; phrases by their first two pieces."""

    months: frozenset[str]
    alone: frozenset[str]
    pairs: dict[str, frozenset[str]]
    units: frozenset[str]
    beside_year: frozenset[str]
    beside_pair: frozenset[str]
    deadlines: frozenset[str]


_ALONE = frozenset({"ongoing", "ongoing_weak", "none", "tbc", "deadline"})
_BESIDE_YEAR = frozenset("since from until until_post onwards ongoing to and half quarter season year_word".split())

_BESIDE_PAIR = frozenset(
    "deadline since from until until_post onwards between to at hour am pm part ongoing tbc".split()
)


@cache
def signs(codes: tuple[str, ...]) -> Signs:
    """The signs in texts of these languages; of none: in any."""
    found: dict[str, set[str]] = {
        name: set() for name in ("months", "alone", "units", "beside_year", "beside_pair", "deadlines")
    }
    pairs: dict[str, set[str]] = {}
    for key, word in _words(codes):
        parts = pieces(key)
        if len(parts) > 1 and not word.roles.isdisjoint(_ALONE):
            pairs.setdefault(parts[0], set()).add(parts[1])
        for name in _kinds(word):
            if len(parts) == 1 or name != "alone":
                found[name].add(max(parts, key=_telling))
    frozen = {name: frozenset(words) for name, words in found.items()}
    return Signs(pairs={first: frozenset(seconds) for first, seconds in pairs.items()}, **frozen)


def _telling(piece: str) -> tuple[bool, int]:
    """Of a phrase its longest word is its sign: where the phrase stands, that stands too."""
    return piece.isalpha(), len(piece)


def _words(codes: tuple[str, ...]) -> Iterator[tuple[str, Word]]:
    """Every word and phrase that such a text may be read with."""
    if len(codes) != 1:
        yield from all_words(codes)
        return
    lex = lexicon(codes[0])
    yield from lex.words.items()
    for first, group in lex.phrases.items():
        for entries in group.values():
            yield from ((" ".join((first, *rest)), word) for rest, word in entries)


def _kinds(word: Word) -> Iterator[str]:
    if word.month or "month_word" in word.roles:
        yield "months"
    if not word.roles.isdisjoint(_ALONE):
        yield "alone"
    if "unit" in word.roles:
        yield "units"
    if not word.roles.isdisjoint(_BESIDE_YEAR):
        yield "beside_year"
    if word.weekday >= 0 or not word.roles.isdisjoint(_BESIDE_PAIR):
        yield "beside_pair"
    if "deadline" in word.roles:
        yield "deadlines"


def windows(text: str, codes: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where dates can stand: nowhere, the whole of a short text, parts of a long one."""
    known = signs(codes)
    if len(text) > LONG:
        return _merged(text, _anchors(text, known))
    return [(0, len(text))] if _may_hold(text, known) else []


def _may_hold(text: str, known: Signs) -> bool:
    has_digits = _DIGIT.search(text) is not None
    if (has_digits and _NUMBERS.search(text)) or _OTHER.search(text):
        return True
    found = [fold(piece) for piece in PIECE.findall(text)]
    words = set(found)
    months = len(known.months & words)
    if months > 1 or (months and has_digits):
        return True
    return (
        not known.alone.isdisjoint(words)
        or not known.units.isdisjoint(found[-_LAST_WORDS:])
        or any(not known.pairs[word].isdisjoint(words) for word in words & known.pairs.keys())
    )


def _anchors(text: str, known: Signs) -> Iterator[tuple[int, int]]:
    """Begin and end of each sign in a long text."""
    for group in _GROUP.finditer(text):
        start, end = group.span()
        if end - start < 3:
            continue
        if end - start > 5:
            yield from (match.span() for match in _TRIPLE.finditer(text, start, end) if _is_triple(match, text))
            yield from (m.span() for m in _MONTH_YEAR.finditer(text, start, end) if 1 <= int(m[1]) <= 12)
        yield from _pairs(text, start, end, known)
        yield from _years(text, start, end, known)
    yield from _names(text, known)


def _is_triple(match: re.Match[str], text: str) -> bool:
    """The numbers could be day, month and year; with a year of two digits not among numbers only."""
    if match[6]:
        first, second = int(match[6]), int(match[7])
        return (first <= 31 and 1 <= second <= 12) or (second <= 31 and 1 <= first <= 12)
    if match[2] != match[4] and not (match[2] in DASHES and match[4] in DASHES):
        return False
    sizes = len(match[1]), len(match[5])
    first, second, third = (int(match[n]) for n in (1, 3, 5))
    if sizes[0] == 4:
        return sizes[1] <= 2 and second <= 31 and third <= 31 and min(second, third) <= 12
    low, high = sorted((first, second))
    if not (sizes[0] <= 2 and sizes[1] in (2, 4) and 1 <= low <= 12 and high <= 31):
        return False
    return sizes[1] == 4 or _is_wordy(text, *match.span())


def _is_wordy(text: str, start: int, end: int) -> bool:
    """Letters stand near: not a run of numbers only."""
    reach = _ALONE_AMONG_NUMBERS
    return _LETTER.search(text, max(start - reach, 0), end + reach) is not None


def _pairs(text: str, begin: int, stop: int, known: Signs) -> Iterator[tuple[int, int]]:
    """12/5 and 12.5., among words, with a time, a second end or a word of dates near: alone they are fractions."""
    for match in _SHORT_PAIR.finditer(text, begin, stop):
        start, end = match.span()
        low, high = sorted((int(match[1]), int(match[2] or match[3])))
        if not (1 <= low <= 12 and high <= 31) or match.group() == "24/7":
            continue
        around = text[max(start - _BESIDE, 0) : end + _BESIDE]
        if _LETTER.search(around) and (_TIE.search(around) or _says(around, known.beside_pair)):
            yield start, end


def _years(text: str, begin: int, stop: int, known: Signs) -> Iterator[tuple[int, int]]:
    """A year with a dash, a second year or a word that makes it a date."""
    last = -_NEAR
    for match in _YEARS.finditer(text, begin, stop):
        start, end = match.span()
        around = text[max(start - _NEAR, 0) : end + _NEAR]
        joined = 0 < start - last <= 3 and text[last:start].strip() in _JOINS
        if match["open"] or joined or _says(around, known.beside_year):
            yield start, end
        last = end


def _says(text: str, words: frozenset[str]) -> bool:
    return any(fold(word) in words for word in _WORD.findall(text))


def _names(text: str, known: Signs) -> Iterator[tuple[int, int]]:
    """Months and deadlines with a number near them; counted words of scripts without blanks."""
    for word in set(_WORD.findall(text)):
        if not _is_name(word, known):
            continue
        reach = _AFTER if fold(word) in known.deadlines else _NEAR
        start, last = text.find(word), -_SAME
        while start >= 0:
            end = start + len(word)
            if start - last < _SAME:
                pass
            elif _DIGIT.search(text, max(start - _NEAR, 0), end + reach) or _is_joined_month(text, end, known):
                last = start
                yield start, end
            start = text.find(word, end)


def _is_joined_month(text: str, end: int, known: Signs) -> bool:
    """January - March: another month right after the next mark or word."""
    return any(fold(word) in known.months for word in _WORD.findall(text, end, end + _BESIDE)[:2])


def _is_name(word: str, known: Signs) -> bool:
    if word[0] >= "\u2e80":
        return word[0] in "月월"
    folded = fold(word)
    return folded in known.months or folded in known.deadlines


def _merged(text: str, anchors: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Windows around the signs, joined where they overlap, cut at blanks."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(anchors):
        before, after = (_BEFORE, _AFTER) if _is_wordy(text, start, end) else (_ALONE_AMONG_NUMBERS,) * 2
        first, last = max(start - before, 0), end + after
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return [(_blank_before(text, first), _blank_after(text, last)) for first, last in found]


def _blank_before(text: str, at: int) -> int:
    return next((n for n in range(at, max(at - _TO_A_BLANK, 0), -1) if text[n - 1].isspace()), max(at - _TO_A_BLANK, 0))


def _blank_after(text: str, at: int) -> int:
    last = min(at + _TO_A_BLANK, len(text))
    return next((n for n in range(at, last) if text[n].isspace()), last)

"""The time of day of a record: the words for it in some line, with the end where there is one.

What belongs here: finding these words. What does not: reading them (`refine.dates`), which line of a record is asked
(`fields`).
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

_BETWEEN = 14  # characters between a beginning and its end
_DASHES = re.compile(r"\s*[–—-]\s*")
_ALONE = re.compile(r"\d{1,2}[.:]\d{2}(?:\s?[–—-]\s?\d{1,2}[.:]\d{2})?")
_UNTIL = re.compile(r"\s?[–—-]\s?\d{1,2}[.:h]\d{2}(?![\d.])")
_DIGIT = re.compile(r"\d")
_MOST = 3  # times of a line that are looked at


def clock_words(text: str) -> str | None:
    """The first time of day that some words name, with the one it lasts until; None when they name none."""
    if not _DIGIT.search(text):
        return None
    line = text.strip(" .,;|·")
    if _ALONE.fullmatch(line):
        return line
    found = []
    for match in times().finditer(text):
        found.append(match)
        if len(found) == _MOST:
            break
    if not found:
        return None
    first = found[0]
    if len(found) > 1 and _joins(text[first.end() : found[1].start()], found[1][0]):
        return text[first.start() : found[1].end()]
    until = _UNTIL.match(text, first.end())
    return first[0] + (until[0] if until else "")


def _joins(between: str, second: str) -> bool:
    """Whether what stands between two times, or before the second, says that this is the end of the first."""
    if len(between) > _BETWEEN:
        return False
    if not between.strip():
        return fold(second.partition(" ")[0]) in _end_words()
    return bool(_DASHES.fullmatch(between)) or fold(between) in _end_words()


@cache
def _end_words() -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")["end_words"])


@cache
def times() -> re.Pattern[str]:
    """19:30 and 19h30 anywhere; 19.30 with a word before or behind it that says so; 19 h, 7 pm; 19 behind a word that
    stands before times only."""
    words = load_yaml("layouts.yaml")
    leads, ends, sure = (
        "|".join(re.escape(str(word)) for word in sorted(words[name], key=len, reverse=True))
        for name in ("clock_leads", "clock_ends", "sure_clock_leads")
    )
    lead, start = rf"(?:(?<!\w)(?:{leads})\s)", r"(?<![\w:.,/-])\d{1,2}"
    minutes, end = r"(?:[.:]\d{2})?", rf"\s?(?:{ends})(?!\w|\s?\d+\s?m)"
    until = r"\s?(?:[–—-]|bis|to|à|a|al|til|till|tot|do|до)\s?"
    return re.compile(
        rf"{lead}?{start}{minutes}{until}\d{{1,2}}{minutes}{end}"
        rf"|{lead}?{start}\s?h(?:\s?\d{{2}})?(?![\w€])(?!\s?\d|\s?m(?:in)?(?!\w))"
        rf"|{lead}?{start}(?::\d{{2}}(?!\d)(?:{end})?|{minutes}{end})"
        rf"|{lead}\d{{1,2}}[.:h]\d{{2}}(?![\d.])"
        rf"|(?<!\w)(?:{sure})\s?\d{{1,2}}(?:\s?[–—-]\s?\d{{1,2}})?(?![\d.:/])"
        rf"|{start}[.:]\d{{2}}\s?[–—-]\s?\d{{1,2}}[.:]\d{{2}}(?![\d.])",
        re.IGNORECASE,
    )

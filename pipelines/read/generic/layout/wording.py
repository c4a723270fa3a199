"""The language in which a page writes its dates: what it declares, unless its own months and weekdays say otherwise.

What belongs here: which language its dates are read in. What does not: the language of an entry (`refine.languages`).

A template that was never translated declares its maker's language; a page without a declaration may name a month that
two languages know as different ones ("listopad"), of which the other months of the page tell the right one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import islice

from pipelines.read.generic.layout.blocks import Block
from pipelines.refine.dates import find_dates, is_calendar_word
from pipelines.refine.dates.grammar.parse import choose_language

_SEEN = 400  # characters of a block that are looked at
_MOST_BLOCKS, _MOST_WORDS = 1_500, 60
_LEAST = 2  # different names of months and weekdays that tell a language
_MOST = 0.8  # of these are read in the language of a page
_BEHIND = 16  # characters behind a name and its number that may be of the same date
_BESIDE = re.compile(
    r"\d{1,2}(?:\.|º|st|nd|rd|th)?\s+(?:d[aeo]s?\s+)?([^\W\d_]{3,14})|([^\W\d_]{3,14})\.?,?\s+\d{1,2}\b"
)
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?!\d)")


def page_languages(declared: str, blocks: Sequence[Block]) -> tuple[str, ...]:
    """The language to read the dates of a page in, with a region that writes the month first where its number dates can
    not be else; nothing when the words of each date have to tell it."""
    language = _by_words(declared, blocks)
    pairs = [(int(a), int(b)) for block in blocks for a, b in _NUMBERS.findall(block.text[:_SEEN])]
    if any(b > 12 >= a for a, b in pairs) and not any(a > 12 >= b for a, b in pairs):
        return (f"{language[:2] or 'en'}-US",)
    return (language,) if language else ()


def is_ordered(text: str) -> bool | None:
    """Whether a number date can be read in one order only (5/28/2019); None for other dates."""
    found = _NUMBERS.search(text)
    return None if found is None else max(int(found[1]), int(found[2])) > 12


def _by_words(declared: str, blocks: Sequence[Block]) -> str:
    """The language that is declared, unless the dates of the page can be read in another one only."""
    dates = _dates_in_words(blocks)
    if len(dates) < _LEAST or (declared and _read(dates.values(), declared) >= _MOST * len(dates)):
        return declared
    best = choose_language(" ".join(dates), ())[0]
    return best if _read(dates.values(), best) >= _MOST * len(dates) else declared


def _read(dates: Collection[str], language: str) -> int:
    """How many dates a language finds."""
    return sum(bool(find_dates(text, (language,))) for text in dates)


def _dates_in_words(blocks: Sequence[Block]) -> dict[str, str]:
    """The different names of months and weekdays, of any language, beside the numbers of a page, with what
    stands around them."""
    beside: dict[str, str] = {}
    for block in islice(blocks, _MOST_BLOCKS):
        for found in _BESIDE.finditer(block.text[:_SEEN]):
            word = (found[1] or found[2]).lower()
            if word not in beside and len(beside) < _MOST_WORDS:
                beside[word] = block.text[found.start() : found.end() + _BEHIND]
    return {word: text for word, text in beside.items() if is_calendar_word(word)}

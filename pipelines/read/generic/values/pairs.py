"""The first and the last day of one thing, shown in two places: two badges, two columns, "from" and "to" on two lines.

What belongs here: which two days are the ends of one range. What does not: ranges within a line (`refine.dates`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pipelines.read.generic.days.mentions import CLOCK, Mention, common_element
from pipelines.read.generic.layout.blocks import Block, look_words
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import read_date

_APART = 3  # blocks between the two ends
_SMALL = 80  # characters of an element that holds a range
_LONGEST = 366  # days of a range
_DASH = re.compile(r"\s*(?:[ap]\.?m\.?)?\s*[–—-]\s*(?=[^\W\d])", re.IGNORECASE)
_DASHES = re.compile(r"[\s–—→>/|-]*")


def paired(mentions: Sequence[Mention], blocks: Sequence[Block], languages: tuple[str, ...]) -> list[Mention]:
    """The mentions, two that are the ends of one range as one."""
    found: list[Mention] = []
    for mention in mentions:
        before = found[-1] if found else None
        whole = _range(before, mention, blocks, languages) if before is not None else None
        if whole is not None:
            found[-1] = whole
        else:
            found.append(mention)
    return found


def _range(one: Mention, other: Mention, blocks: Sequence[Block], languages: tuple[str, ...]) -> Mention | None:
    """The range between two days; None when they are of two things."""
    if one.first == other.first or other.first - one.last > _APART or not (one.is_pure and other.is_pure):
        return None
    if one.context or other.context or not _is_end(one, other, blocks):
        return None
    if one.days == other.days:
        return replace(one, last=other.last)
    text = f"{one.text} – {_without_lead(other.text)}"
    reading = read_date(text, languages, one.reading.start_date)
    first, last = reading.start_date, reading.end_date
    if first is None or last is None or first != one.reading.start_date or not 0 < (last - first).days <= _LONGEST:
        return None
    inferred = reading.date_inferred or one.reading.date_inferred
    return replace(one, last=other.last, text=text, reading=reading._replace(date_inferred=inferred))


def _is_end(one: Mention, other: Mention, blocks: Sequence[Block]) -> bool:
    """Whether the page says that the second day ends what the first begins: a dash or a word between them, the name of
    a column, a label, a class."""
    block = blocks[other.first]
    if not look_words(block.element).isdisjoint(_words("end_looks")) or _heads_ends(block.header):
        return True
    if _behind_clock(other.text):
        return True
    first = fold(other.text).split()
    if first and first[0] in _words("end_words") and not first[0].isdecimal():
        return True
    between = [blocks[one.last].text[one.end :] if one.first == one.last else ""]
    between += [b.text for b in blocks[one.last + 1 : other.first]]
    between.append(block.text[: other.start])
    words = CLOCK.sub(" ", " ".join(between)).strip()
    if words and _is_end_word(words.strip(" :–—-")):
        return True
    return bool(words) and _DASHES.fullmatch(words) is not None and _is_small(blocks[one.first], block)


def _is_small(one: Block, other: Block) -> bool:
    """Whether two blocks stand in an element that says little else: dashes also begin the items of lists."""
    around = common_element(one.element, other.element)
    return sum(len(text.strip()) for text in around.itertext()) <= _SMALL


def _is_end_word(words: str) -> bool:
    return bool(words) and fold(words) in _words("end_words")


def _heads_ends(header: str) -> bool:
    """Whether the header of a column says that its days are the last ones: it is such a word, or holds one that says
    nothing else ("Fecha de fin", "Ende der Veranstaltung")."""
    return _is_end_word(header) or not _words("end_headers").isdisjoint(fold(header).split())


def _behind_clock(text: str) -> str | None:
    """What stands behind the time of a first day, when a last day is told in its line ("10:00 AM – Sunday, 4 May")."""
    clock = CLOCK.match(text)
    dash = _DASH.match(text, clock.end()) if clock else None
    return text[dash.end() :] if dash else None


def _without_lead(text: str) -> str:
    if rest := _behind_clock(text):
        return rest
    head, _, rest = text.partition(" ")
    return rest if rest and fold(head) in _words("end_words") else text


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")[name])

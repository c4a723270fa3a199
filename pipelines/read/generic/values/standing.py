"""What a record says of whether it takes place: the words "cancelled", "postponed to May" where they stand apart.

What belongs here: where such words count. What does not: the words (`reference/status.yaml`), and what they mean
(`refine.status`). A word amid other words ("Cancelled culture", a contract that was cancelled) says nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from pipelines.read.generic.days.mentions import Mention
from pipelines.read.generic.finding.records import Record
from pipelines.read.generic.layout.blocks import Block, look_words
from pipelines.read.html.lines import squeeze
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

_NOTE = 80  # characters of the longest words that say so
_WORDS = 9  # of these
_LINE = 400  # characters of a line whose sentences are looked at
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]{2,80})[)\]】]|\*+\s?([^*]{3,60}?)\s?\*+")
_CUTS = re.compile(r"\s+[–—|·•-]+\s+|[:!;|]+\s+|(?<=[^\W\d]{3})\.\s+|\*+|\s+//?\s+")
_NO_BLANKS = re.compile("[\u2e80-\uffef]")
_UNSEEN = frozenset(("invisible", "hidden", "hide", "unvisible"))


def status_of(
    record: Record, blocks: Sequence[Block], title: str | None, named: Mapping[int, Sequence[Mention]]
) -> str | None:
    """The words by which a record says that it is cancelled or put off; `title` is no such words, and of a line with
    several days (`named`, by block) what stands behind each is said of it."""
    for block in blocks[record.start : record.end]:
        stretch = _stretch(record, block, named.get(block.index, ()))
        if len(stretch) <= _LINE and says_status(block.text) is not None and _is_seen(block.element):
            found = _status_in(block, stretch, title)
            if found:
                return found
    return None


def _stretch(record: Record, block: Block, days: Sequence[Mention]) -> str:
    """What a line says of the day of a record."""
    if len(days) < 2 or record.mention not in days:
        return block.text
    after = [one.start for one in days if one.start > record.mention.start]
    return block.text[record.mention.end : min(after, default=None)]


def _status_in(block: Block, stretch: str, title: str | None) -> str | None:
    """The words of status in a line, or in the part of it that is about one day."""
    named = fold(title or "")
    is_title = bool(named) and named in fold(stretch)
    if not is_title and _is_note(stretch):
        return _bare(stretch)
    for text in pieces_of_status(block):
        if text in stretch and fold(text) != named:
            return _bare(text)
    for match in _BRACKETS.finditer(stretch):
        words = match[1] or match[2]
        if _is_note(words):
            return _bare(words)
    for part in _CUTS.split(stretch):
        if part and fold(part) != named and (_is_said(part) if is_title else _is_note(part)):
            return _bare(part)
    return _in_capitals(stretch)


def pieces_of_status(block: Block) -> Iterator[str]:
    """The parts of a line, set apart by markup, that say a status and nothing else; not those that are not seen."""
    if len(block.pieces) < 2:
        return
    for piece in block.pieces:
        text = squeeze(piece.text)
        if text and text != block.text and _is_note(text) and _is_seen(piece.element):
            yield text


def _is_seen(element: Any) -> bool:
    """Whether an element is shown: a badge that most records hide has a class that says so."""
    return look_words(element).isdisjoint(_UNSEEN)


def _bare(words: str) -> str:
    return words.strip(" !*()[]【】:–—-.,|")[:_NOTE]


def _is_note(text: str) -> bool:
    """Whether short words begin or end with a status."""
    found = says_status(text) if len(text) <= _NOTE else None
    if found is None:
        return False
    at, end, count = found
    return count <= _WORDS and (at == 0 or end == count or count <= _WORDS - 2)


def _is_said(text: str) -> bool:
    """Whether words are a status and nothing else but until when: "postponed to May"."""
    found = says_status(text) if len(text) <= _NOTE else None
    if found is None or found[0] != 0:
        return False
    rest = fold(text).split()[found[1] :]
    return not rest or rest[0] in _until()


def _in_capitals(text: str) -> str | None:
    """A status in capitals at an end of a line that is not all of capitals: "Concert ANNULÉ"."""
    if text.isupper() or (found := says_status(text)) is None:
        return None
    at, end, count = found
    words = text.split()
    size = end - at
    for some, fits in ((words[:size], at == 0), (words[-size:], end == count)):
        told = " ".join(some)
        if fits and told.isupper() and says_status(told):
            return _bare(told)
    return None


@lru_cache(maxsize=8192)
def says_status(text: str) -> tuple[int, int, int] | None:
    """(the first word of a status, the word behind it, how many words there are) in some words, None when they have
    none."""
    words = fold(text).split()
    known = _phrases()
    for at, word in enumerate(words):
        for phrase in known.get(word, ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return at, at + len(phrase), len(words)
    if _NO_BLANKS.search(text):
        for word in _unspaced():
            if word in text:
                return 0, len(words), len(words)
    return None


@cache
def _phrases() -> dict[str, list[tuple[str, ...]]]:
    """The words of a status by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    known = load_yaml("status.yaml")
    for name in ("cancelled", "postponed"):
        for phrase in {tuple(fold(str(word)).split()) for word in known[name]}:
            found[phrase[0]].append(phrase)
    return {first: sorted(some, key=len, reverse=True) for first, some in found.items()}


@cache
def _unspaced() -> tuple[str, ...]:
    """The words in scripts that set no blanks."""
    known = load_yaml("status.yaml")
    return tuple(str(w) for name in ("cancelled", "postponed") for w in known[name] if _NO_BLANKS.match(str(w)))


@cache
def _until() -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("status.yaml")["until"])

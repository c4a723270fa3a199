"""The title of a record: what each candidate speaks for itself, and what the records of its group say together.

What belongs here: candidates and their scores. What does not: which blocks a record has (`records`).

A candidate stands in a slot: the path of shapes from the record to the words. Records of one look are filled from one
template, so the slot of the titles is the same in most of them, and its words differ from record to record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pipelines.read.generic.blocks import Block, is_strong, look_words, target_of
from pipelines.read.generic.mentions import Mention
from pipelines.read.generic.naming import (
    evidence_words,
    is_calendar_text,
    is_placeish,
    may_be_title,
    names_a_body,
    undated,
)
from pipelines.read.generic.outline import shape
from pipelines.read.generic.records import Group, Record
from pipelines.read.lines import squeeze
from pipelines.read.roles import column_in, column_of
from pipelines.reference.folding import fold

_INLINE = frozenset("a b strong em i span time u font label".split())
_LEAST = 2.0  # score of the least title; what has less loses to the heading above
_MOST = 0.7  # of some words are a link's, so that they are its words
_MOST_LINKS, _MOST_TEXTS = 10, 40  # of a line, of a link, that are looked at
_SCHEDULE = 4  # days in one line are a schedule: a single word of it ("Meets") names nothing
_SEVERAL, _SAME = 3, 0.9  # records of which a share says the same


@dataclass(slots=True)
class Candidate:
    """Words that may be the title of a record: their slot, the link they are in, and what speaks for them, by
    themselves (`score`) and with their group (`total`)."""

    text: str
    slot: tuple[str, ...]
    score: float
    block: Block
    link: Any = None
    reasons: tuple[str, ...] = ()
    total: float = 0.0


def titles_of(
    group: Group, blocks: Sequence[Block], mentions: Mapping[int, Sequence[Mention]], languages: tuple[str, ...]
) -> list[Candidate | None]:
    """The title of each record of a group, None where it shows none; `mentions` by block are what is no title."""
    found = [
        [one for one in candidates(record, blocks, mentions) if not is_calendar_text(one.text, languages)]
        for record in group.records
    ]
    shared = _slot_scores(found)
    for some in found:
        for one in some:
            one.total = one.score + shared[one.slot]
    best = (max(some, key=lambda one: one.total, default=None) for some in found)
    return [one if one is not None and one.total >= _LEAST else None for one in best]


def _slot_scores(found: Sequence[Sequence[Candidate]]) -> dict[tuple[str, ...], float]:
    """What the records together say of each slot: it is filled in most of them, and its words differ."""
    texts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for some in found:
        for slot in {c.slot for c in some}:
            texts[slot].append(next(fold(c.text) for c in some if c.slot == slot))
    scores: dict[tuple[str, ...], float] = defaultdict(float)
    count = len(found)
    for slot, words in texts.items():
        scores[slot] = 2 * len(words) / count
        if len(words) >= _SEVERAL:
            most = Counter(words).most_common(1)[0][1] / len(words)
            scores[slot] += len(set(words)) / len(words) - (0.5 if most > _SAME else 0)
    return scores


def candidates(
    record: Record, blocks: Sequence[Block], mentions: Mapping[int, Sequence[Mention]]
) -> Iterator[Candidate]:
    """Whatever in a record may be its title."""
    for block in blocks[record.start : record.end]:
        named = mentions.get(block.index, ())
        own = list(named) if record.node is None and len(named) > 1 else [m for m in named if _is_own(m, record)]
        is_shared = record.node is None and len(named) >= _SCHEDULE
        for words, element, link, at in _parts(block, own):
            if may_be_title(words) and not (is_shared and " " not in words):
                yield _candidate(record, block, words, element, link, at)


def _is_own(mention: Mention, record: Record) -> bool:
    """Whether a day in a record is the record's: another day in its title is part of the title."""
    return mention is record.mention or mention.days == record.mention.days or mention.role != "plain"


def _parts(block: Block, mentions: Sequence[Mention]) -> Iterator[tuple[str, Any, Any, int]]:
    """(words, element, link, place among the parts) of the parts of a line between its dates and times, and of its
    links and bold words where they are not all of it."""
    for at, rest in enumerate(undated(block.text, mentions)):
        yield rest, block.element, _link_of(block, rest), at
    groups: dict[Any, list[str]] = {}
    for piece in block.pieces:
        inline = _inline(piece.element, block.element)
        if inline is not None:
            groups.setdefault(inline, []).append(piece.text)
    for element, texts in groups.items():
        words = squeeze("".join(texts))
        if words and words != block.text and _is_cut_at_words(block.text, words):
            link = element if element.tag == "a" else _link_of(block, words)
            for at, rest in enumerate(undated(words, mentions)):
                yield rest, element, link, at


def _is_cut_at_words(text: str, part: str) -> bool:
    """Whether a part of a line begins and ends where its words do: editors cut words with markup."""
    at = text.find(part)
    after = at + len(part)
    return at < 0 or not (
        (at and text[at - 1].isalnum() and part[0].isalnum())
        or (after < len(text) and text[after].isalnum() and part[-1].isalnum())
    )


def _link_of(block: Block, words: str) -> Any:
    """The link that some words are: the one around the line, or the one that is most of them."""
    for link in block.links[:_MOST_LINKS]:
        text = squeeze("".join(islice(link.itertext(), _MOST_TEXTS)))
        if words in text or (text and text in words and len(text) >= _MOST * len(words)):
            return link
    return None


def _inline(element: Any, holder: Any) -> Any:
    """The outermost inline element that sets words apart: a link or bold words before others."""
    found = None
    for _ in range(8):
        if element is None or element is holder:
            break
        if element.tag in ("a", "b", "strong") or (found is None and element.tag in _INLINE):
            found = element
        element = element.getparent()
    return found


def _candidate(record: Record, block: Block, words: str, element: Any, link: Any, at: int) -> Candidate:
    slot = (*_slot(record, block, element), f"part {at}")
    score, reasons = 0.0, []
    for name, gain in _evidence(record, block, words, element, link):
        score += gain
        reasons.append(name)
    return Candidate(words, slot, score, block, link, tuple(reasons))


def _slot(record: Record, block: Block, element: Any) -> tuple[str, ...]:
    """The path of shapes from a record to an element of it; table cells by their column."""
    path = [f"column {block.cell.column}"] if block.cell else []
    for _ in range(20):
        if element is None or element is record.node or element is record.parent:
            break
        path.append(shape(element))
        element = element.getparent()
    return tuple(path)


def _evidence(record: Record, block: Block, words: str, element: Any, link: Any) -> Iterator[tuple[str, float]]:
    """What speaks for and against words as a title, each with its weight."""
    column = column_of(block.header) if block.header else None
    if column == "title":
        yield "column", 4
    elif column in ("place", "status"):
        yield "other column", -3
    elif block.header and column is None and column_in(block.header) == "title":
        yield "column", 2
    if block.level:
        yield "heading", 3.5 - block.level * 0.1
    elif is_strong(block) or element.tag in ("b", "strong"):
        yield "bold", 1.2
    look = _look(element, record)
    if not look.isdisjoint(evidence_words("title")):
        yield "class", 2
    if not look.isdisjoint(evidence_words("other")):
        yield "class of something else", -2
    if link is not None:
        weight = -0.5 if names_a_body(words) else -1.5
        yield ("document", weight) if is_document(link) else ("link", 1)
    yield from _wording(record, block, words)


def _wording(record: Record, block: Block, words: str) -> Iterator[tuple[str, float]]:
    """What the words and their place in the record say."""
    length = len(words)
    if length < 5:
        yield "short", -1
    elif length > 110:
        yield "long", -1.5 - (length > 160)
    if words.endswith((".", "!", "…", "...")) and length > 60:
        yield "a sentence", -1
    if block.index in range(record.mention.first, record.mention.last + 1):
        yield "beside the date", 0.3
    yield "position", -0.15 * min(abs(block.index - record.start), 8)
    if names_a_body(words):
        yield "names a meeting", 1
    if is_placeish(words):
        yield "a place", -2.5
    if ":" in words and column_of(words.partition(":")[0]) in ("place", "date", "documents"):
        yield "labelled", -3


def _look(element: Any, record: Record) -> set[str]:
    """The words of class of an element and those around it, within its record."""
    found: set[str] = set()
    for _ in range(3):
        if element is None or element is record.node or element is record.parent:
            break
        found |= look_words(element)
        element = element.getparent()
    return found


def is_document(link: Any) -> bool:
    """Whether a link leads to a file."""
    path = target_of(link).lower().partition("?")[0]
    return path.endswith((".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ppt", ".pptx", ".ics", ".mp3", ".mp4"))

"""The other fields of a record: its place, time, teaser, link and status.

What belongs here: which blocks of a record hold them. What does not: the title (`titles`), the date (`mentions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pipelines.read.generic.blocks import Block, look_words, target_of
from pipelines.read.generic.mentions import CLOCK
from pipelines.read.generic.records import Record
from pipelines.read.generic.titles import Candidate
from pipelines.read.roles import column_in, column_of, label_of
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import read_date
from pipelines.refine.places import is_place_line

_TEASER = 40  # characters of the shortest teaser
_PLACE = 160  # characters of the longest place
_CLOCK_LINE = 60  # characters of a line that gives a time of day
_LABEL = 30  # characters of a label
_LINE, _FEW = 80, 4  # characters of a line that may be a place by itself, and how many are looked at


def place_of(record: Record, blocks: Sequence[Block], title: Candidate | None) -> str | None:
    """The place by its column, its label or its class; else a line that is nothing but a known place."""
    own = blocks[record.start : record.end]
    for block, following in zip(own, [*own[1:], None], strict=True):
        if block.header and (column_of(block.header) or column_in(block.header)) == "place":
            return block.text[:_PLACE]
        if labelled := _labelled(block, following):
            return labelled[:_PLACE]
    beside = [b for b in own if len(b.text) <= _PLACE and b is not (title and title.block)]
    named = next((block for block in beside if not _places().isdisjoint(_look(block))), None)
    if named is not None:
        return named.text
    short = [b for b in beside if len(b.text) <= _LINE and not _in_mention(b, record)]
    return next((block.text for block in short[:_FEW] if is_place_line(block.text)), None)


def _labelled(block: Block, following: Block | None) -> str | None:
    """What stands behind the label of a place ("Where: Town hall"), or in the line below it."""
    if following is not None and len(block.text) <= _LABEL and _is_place_label(block.text):
        return following.text
    head, colon, rest = block.text.partition(":")
    if colon and rest.strip() and len(head) <= _LABEL and _is_place_label(head):
        return rest.strip()
    first = block.pieces[0].text.strip() if len(block.pieces) > 1 else ""
    if first and len(first) <= _LABEL and _is_place_label(first) and block.text.startswith(first):
        return block.text.removeprefix(first).lstrip(" :–-") or None
    return None


def _is_place_label(words: str) -> bool:
    label = label_of(words, "meta_labels")
    return bool(label and label[0] == "place") or column_of(words.strip(" :")) == "place"


def _look(block: Block) -> set[str]:
    return look_words(block.element) | {word for piece in block.pieces for word in look_words(piece.element)}


@cache
def _places() -> frozenset[str]:
    return frozenset(load_yaml("layouts.yaml")["place_looks"])


def _in_mention(block: Block, record: Record) -> bool:
    return any(m.first <= block.index <= m.last for m in (record.mention, *record.others))


def date_words(record: Record, blocks: Sequence[Block], languages: tuple[str, ...]) -> str:
    """The words of the date, with the time of day when another line of the record shows it."""
    mention = record.mention
    if mention.reading.start_time is not None or (record.date_from_above and not languages):
        return mention.text
    own = blocks[record.start : record.end]
    lines = [block.text for block in own if block.index != mention.first and len(block.text) <= _CLOCK_LINE]
    cell = blocks[mention.first].cell
    heads = [clock[0] for head in (cell.header, cell.row_header) if (clock := CLOCK.search(head))] if cell else []
    for words in (*(line for line in lines if CLOCK.search(line)), *heads):
        joined = f"{mention.text}, {words}"
        reading = read_date(joined, languages, mention.reading.start_date, "; ".join(mention.context) or None)
        if reading.start_time is not None and reading.start_date == mention.reading.start_date:
            return joined
    return mention.text


def summary_of(record: Record, blocks: Sequence[Block], title: Candidate | None) -> str | None:
    """The longest line of prose of a record."""
    own = [b for b in blocks[record.start : record.end] if title is None or b is not title.block]
    prose = [block.text for block in own if len(block.text) >= _TEASER and not _in_mention(block, record)]
    return max(prose, key=len, default=None)


def link_of(record: Record, blocks: Sequence[Block], title: Candidate | None) -> str | None:
    """The address of the entry's own page: the title's link, else the first that is no document and no tool."""
    found = [title.link] if title and title.link is not None else []
    found += [link for block in blocks[record.start : record.end] for link in block.links]
    return next((href for link in found if (href := target_of(link)) and _leads_on(href)), None)


def _leads_on(href: str) -> bool:
    lowered = href.lower()
    if lowered.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "webcal:", "sms:")):
        return False
    path = lowered.partition("?")[0]
    suffixes = (
        ".pdf",
        ".doc",
        ".docx",
        ".xls",
        ".xlsx",
        ".ppt",
        ".pptx",
        ".ics",
        ".zip",
        ".mp3",
        ".mp4",
        ".jpg",
        ".png",
    )
    return not path.endswith(suffixes) and not any(mark in lowered for mark in load_yaml("layouts.yaml")["tool_links"])


def status_of(record: Record, blocks: Sequence[Block]) -> str | None:
    """The word by which a record says that it is cancelled or put off, in a line or a badge of its own."""
    for block in blocks[record.start : record.end]:
        texts = [block.text, *(piece.text for piece in block.pieces)]
        for text in texts:
            if len(text) <= 40 and fold(text) in _status_words():
                return text.strip(" !*()[]:-–")
    return None


@cache
def _status_words() -> frozenset[str]:
    known: dict[str, Any] = load_yaml("status.yaml")
    return frozenset(fold(str(word)) for name in ("cancelled", "postponed") for word in known[name])

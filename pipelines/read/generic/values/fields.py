"""The other fields of a record: its place, time and teaser.

What belongs here: which blocks of a record hold them. What does not: the title (`titles`), the date (`mentions`),
the link (`pages`), whether it takes place (`standing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from pipelines.read.generic.days.mentions import Mention
from pipelines.read.generic.finding.records import Record
from pipelines.read.generic.layout.blocks import Block, look_words
from pipelines.read.generic.values.clocks import clock_words
from pipelines.read.generic.values.naming import undated
from pipelines.read.generic.values.places import place_in
from pipelines.read.generic.values.titles import Candidate
from pipelines.read.html.roles import column_in, column_of, label_of
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import read_date
from pipelines.refine.places import is_place_line

_TEASER = 40  # characters of the shortest teaser
_PLACE = 160  # characters of the longest place
_CLOCK_LINE = 60  # characters of a line that gives a time of day
_LEAD = 20  # characters at the head of a longer line
_BESIDE = 90  # characters beside a day in which its time is looked for
_OTHER_DAYS = ("deadline", "published", "created", "updated")
_LABEL = 30  # characters of a label
_HEAD = re.compile(r"(?:[01]?\d|2[0-3])[.:][0-5]\d(?:\s?[–—-]\s?(?:[01]?\d|2[0-3])[.:][0-5]\d)?")
_MINUTES = re.compile(r"[0-5]\d")
_LINE, _FEW = 80, 4  # characters of a line that may be a place by itself, and how many are looked at


def place_of(record: Record, blocks: Sequence[Block], title: Candidate | None) -> str | None:
    """The place by its column, its label or its class; else a line that is nothing but a known place."""
    own = blocks[record.start : record.end]
    for block, following in zip(own, [*own[1:], None], strict=True):
        if block.header and (column_of(block.header) or column_in(block.header)) == "place":
            return block.text[:_PLACE]
        if labelled := _labelled(block, following):
            return labelled[:_PLACE]
    by_spot = title.place if title and record.mention.role not in _OTHER_DAYS else None
    return _place_by_look(own, record, title) or by_spot or _place_by_name(own, record, title)


def _place_by_look(own: Sequence[Block], record: Record, title: Candidate | None) -> str | None:
    """The line whose class names a place, without its label and the prices behind it."""
    for block in own:
        if (title is not None and block is title.block) or _in_mention(block, record):
            continue
        if len(block.text) > _PLACE or (block.element.tag != "address" and _places().isdisjoint(_look(block))):
            continue
        head, colon, rest = block.text.partition(":")
        is_label = bool(colon) and len(head) <= _LABEL and not _is_clock(head)
        text = next(iter(undated(rest if is_label else block.text, ())), None)
        if text:
            return place_in(text) or text
    return None


def _is_clock(head: str) -> bool:
    return head[-1:].isdigit()


def _place_by_name(own: Sequence[Block], record: Record, title: Candidate | None) -> str | None:
    """A short line that is nothing but a known place."""
    beside = [block for block in own if title is None or block is not title.block]
    short = [block for block in beside if len(block.text) <= _LINE and not _in_mention(block, record)]
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
    if label and label[0] == "place":
        return True
    return column_of(words.strip(" :")) == "place" or fold(words) in _place_labels()


def _look(block: Block) -> set[str]:
    return look_words(block.element) | {word for piece in block.pieces for word in look_words(piece.element)}


@cache
def _place_labels() -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")["place_labels"])


@cache
def _places() -> frozenset[str]:
    return frozenset(load_yaml("layouts.yaml")["place_looks"])


def _in_mention(block: Block, record: Record) -> bool:
    return any(m.first <= block.index <= m.last for m in (record.mention, *record.others))


def date_words(
    record: Record,
    blocks: Sequence[Block],
    languages: tuple[str, ...],
    named: Mapping[int, Sequence[Mention]],
    notes: Sequence[str] = (),
) -> str:
    """The words of the date, with the time of day when another line of the record shows it, or the column's header, or
    one of the `notes` above the list; `named` are the days of the page by block."""
    mention = record.mention
    if mention.role in _OTHER_DAYS:
        return mention.text  # the hours that news tell of are not those of its publication
    if mention.reading.start_time is not None or (record.date_from_above and not languages):
        return mention.text
    context = "; ".join(mention.context) or None
    for line in _timed_lines(record, blocks, named, notes):
        words = clock_words(line)
        if words is None:
            continue
        joined = f"{mention.text}, {words}"
        reading = read_date(joined, languages, mention.reading.start_date, context)
        if reading.start_time is not None and reading.start_date == mention.reading.start_date:
            return joined
    return mention.text


def _timed_lines(
    record: Record, blocks: Sequence[Block], named: Mapping[int, Sequence[Mention]], notes: Sequence[str]
) -> Iterator[str]:
    """The lines that may tell the time of a record, the surest first: what stands beside its day, its other lines, the
    headers of its cell, the notes above."""
    mention = record.mention
    if mention.first in range(record.start, record.end):
        yield from _beside(mention, blocks[mention.last], named.get(mention.last, ()))
    for block in blocks[record.start : record.end]:
        days = named.get(block.index, ())
        if mention.first <= block.index <= mention.last:
            continue
        if all(one.days == mention.days and one.role not in _OTHER_DAYS for one in days):
            is_short = len(block.text) <= (_CLOCK_LINE if not days else 2 * _CLOCK_LINE)
            yield from _set_apart(block)
            yield block.text if is_short or block.header else block.text[:_LEAD]
    if cell := blocks[mention.first].cell:
        if mention.first not in range(record.start, record.end):
            yield from (one.text for one in blocks[mention.last + 1 : mention.last + 3] if one.cell is cell)
        yield from (cell.header, cell.row_header, cell.note)
    yield from notes


def _set_apart(block: Block) -> Iterator[str]:
    """A time that markup sets apart in a line: "17.00" at its head, minutes above the line ("10" and a small "00")."""
    pieces = [piece for piece in block.pieces if not piece.text.isspace()]
    if len(pieces) < 2:
        return
    if _HEAD.fullmatch(pieces[0].text.strip()):
        yield pieces[0].text.strip()
    for hours, minutes in pairwise(pieces):
        if minutes.element.tag == "sup" and _MINUTES.fullmatch(minutes.text.strip()):
            yield f"{hours.text.rstrip()}:{minutes.text.strip()}"


def _beside(mention: Mention, block: Block, days: Sequence[Mention]) -> Iterator[str]:
    """What stands behind a day in its line, up to the next day, and what stands before it."""
    if mention.first != mention.last:
        return
    behind = min((one.start for one in days if one.start >= mention.end), default=len(block.text))
    before = max((one.end for one in days if one.end <= mention.start), default=0)
    yield block.text[mention.end : behind][:_BESIDE]
    yield block.text[before : mention.start][-_BESIDE:]
    if len(days) > 1 and not clock_words(block.text[: max(one.start for one in days)]):
        yield block.text[max(one.end for one in days) :][:_BESIDE]  # "12, 19 and 26 March, 17:00"


def summary_of(record: Record, blocks: Sequence[Block], title: Candidate | None) -> str | None:
    """The longest line of prose of a record."""
    own = [b for b in blocks[record.start : record.end] if title is None or b is not title.block]
    prose = [block.text for block in own if len(block.text) >= _TEASER and not _in_mention(block, record)]
    return max(prose, key=len, default=None)

"""What is said once of all days of a list: "6:30 p.m., Council chambers" below a heading, in the header of a column, or
beside the days of a schedule.

What belongs here: which lines are such notes, and the place in one. What does not: the lines of a record (`fields`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.read.generic.finding.records import Record
from pipelines.read.generic.finding.sight import Sight
from pipelines.read.generic.values.clocks import clock_words
from pipelines.read.generic.values.places import is_venue

_LONGEST = 200  # characters of a note
_MOST = 6  # lines below a heading that are looked at
_SENTENCES = re.compile(r"(?<=[^\W\d]{3})\.\s+|\s+[|·•]\s+")
_PLACE = 90  # characters of the longest place in a note


def notes_of(record: Record, sight: Sight) -> list[str]:
    """The notes on a record, the nearest first."""
    cell = sight.blocks[record.mention.first].cell
    notes = [cell.note] if cell is not None and cell.note else []
    if record.node is None:
        notes += _beside(record, sight)
    return [*notes, *_above(record, sight)]


def _beside(record: Record, sight: Sight) -> Iterator[str]:
    """What a schedule says before its first day, and the lines right before and behind it in its element."""
    at = record.mention.first
    days = sight.by_block.get(at, ())
    if len(days) > 1:
        yield sight.blocks[at].text[: min(day.start for day in days)][:_LONGEST]
    for near in (at + 1, at - 1):
        if 0 <= near < len(sight.blocks) and near not in sight.by_block:
            block = sight.blocks[near]
            if block.element is sight.blocks[at].element and len(block.text) <= _LONGEST:
                yield block.text


def _above(record: Record, sight: Sight) -> Iterator[str]:
    """The lines between the nearest heading and the first day below it that tell a time."""
    above = next((block for block in sight.headings.above(record) if block.level), None)
    if above is None:
        return
    for block in sight.blocks[above.index + 1 : min(record.start, above.index + 1 + _MOST)]:
        if block.index in sight.by_block or block.level:
            return
        if len(block.text) <= _LONGEST and not block.links:
            yield block.text


def place_in_note(note: str) -> str | None:
    """The place that a note names beside its time; None when it names none."""
    words = clock_words(note)
    parts = note.split(words) if words else [note]
    for part in (sentence for piece in parts for sentence in _SENTENCES.split(piece)):
        place = _without_lead(part.strip(" ,;:–—-()."))
        if place and len(place) <= _PLACE and is_venue(place.split(",")[0]):
            return place
    return None


def _without_lead(text: str) -> str:
    """Some words from the first that begins like a name: "in the Town hall" is the Town hall."""
    words = text.split()
    while len(words) > 1 and words[0].islower():
        words.pop(0)
    return " ".join(words)

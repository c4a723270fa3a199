"""Bare lines to records: where an entry begins and ends when nothing but the lines tells.

What belongs here: cutting a sequence of lines into records, for pages kept as text and for HTML without any structure.
What does not: what a line is (`roles`), what a record says (`records`).

The evidence, strongest first: `Read More` ends a record; a teaser cut short by an ellipsis ends one; a marker, a
heading or a metadata line after a teaser begins one. What stands before the first entry (name of the page, paragraphs
that introduce it) looks like a record without an end, and is left out where the others have one.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.read.lines import Line
from pipelines.read.records import Record, role_of
from pipelines.read.roles import is_cut, is_furniture, is_page_title, opens_entries

_HEADS = 3  # surtitle, title, subtitle


def split_records(lines: Iterable[Line]) -> tuple[list[Record], list[Line]]:
    """The records of a listing, and the lines that were passed over as no part of one."""
    records, passed = _walk(lines)
    ended = [record for record in records if record.ended or record.is_cut]
    if 2 * len(ended) < len(records):  # a page without Read More and ellipses: any title with something below it counts
        kept = [record for record in records if record.metadata or record.prose]
    else:
        kept = [record for record in records if record.ended or record.is_cut or (record.metadata and record.heads)]
    for record in records:
        if not any(record is k for k in kept):
            passed.extend([*record.heads, *record.prose])
    return [_trimmed(record, passed) for record in kept], passed


def _walk(lines: Iterable[Line]) -> tuple[list[Record], list[Line]]:
    """Every run of lines that may be a record, and the furniture between them."""
    records: list[Record] = []
    passed: list[Line] = []
    current = Record()
    for line in lines:
        if opens_entries(line.text):
            passed.extend([*(head for record in records for head in record.heads), line])
            records, current = [], Record()
        elif is_furniture(line.text) or is_page_title(line.text):
            records.append(current)
            current = Record()
            passed.append(line)
        else:
            role, metadata = role_of(line)
            if _begins(current, line, role):
                records.append(current)
                current = Record()
            current.add(line, role, metadata)
    records.append(current)
    return [record for record in records if record.order], passed


def _begins(current: Record, line: Line, role: str) -> bool:
    """Whether a line of this role can not belong to the record so far."""
    if current.ended:
        return role != "read_more"
    if role == "read_more" or not current.order:
        return False
    if current.is_cut:
        return True
    if role == "prose":
        return False
    if line.level and any(head.level == line.level for head in current.heads):
        return True
    return bool(current.prose) and not _is_long_title_so_far(current, role)


def _is_long_title_so_far(current: Record, role: str) -> bool:
    """A single long sentence with nothing else may be a title: its metadata or subtitle comes after it."""
    own = [one for one in current.order if one != "marker"]
    return own == ["prose"] and not is_cut(current.prose[0].text) and role == "metadata"


def _trimmed(record: Record, passed: list[Line]) -> Record:
    """Without the headings of the page that ran into its first record; an entry has at most three."""
    if len(record.heads) > _HEADS:
        passed.extend(record.heads[:-2])
        record.heads = record.heads[-2:]
    return record

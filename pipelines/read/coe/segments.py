"""Bare lines to records: where an entry begins and ends when nothing but the lines tells.

What belongs here: cutting a sequence of lines into records, for pages kept as text and for HTML without any structure.
What does not: what a line is (`roles`), what a record says (`records`).

The evidence, strongest first: `Read More` ends a record; a teaser cut short by an ellipsis ends one; a marker, a
heading or a metadata line after a teaser begins one, unless the page shows its metadata below the teasers. What stands
before the first entry (name of the page, paragraphs that introduce it) looks like a record without an end, and is left
out where the others have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.read.coe.metadata import Metadata
from pipelines.read.coe.records import Record, role_of
from pipelines.read.html.lines import Line
from pipelines.read.html.roles import is_cut, is_page_title, opens_entries, told_furniture

_HEADS = 3  # surtitle, title, subtitle


@dataclass(frozen=True, slots=True)
class _Told:
    """A line and its role: one of those of `role_of`, or `opens`, or `furniture`."""

    line: Line
    role: str
    metadata: Metadata | None = None


def split_records(lines: Iterable[Line]) -> tuple[list[Record], list[Line]]:
    """The records of a listing, and the lines that were passed over as no part of one."""
    found, passed = _walk([_tell(line, furniture) for line, furniture in told_furniture(lines)])
    records = [record for record in found if record.heads or record.metadata or record.prose]
    telling = _telling(records)
    ended = [record for record in records if record.ended or record.is_cut]
    if 2 * len(ended) < len(telling):  # without Read More and ellipses any title with something below it counts
        kept = [record for record in telling if record.heads or record.is_cut or len(record.order) > 1]
    else:
        kept = [record for record in records if record.ended or record.is_cut or (record.metadata and record.heads)]
    shown = set(map(id, kept))
    _trim_first(records, shown, passed)
    for record in records:
        if id(record) not in shown:
            passed.extend([*record.heads, *record.prose])
    _take_contexts(kept)
    return kept, passed


def _telling(records: Sequence[Record]) -> list[Record]:
    """The records with something below a title; a short sentence counts between two of them (it may be the page's)."""
    tells = [bool(record.metadata or record.prose) for record in records]
    found: list[Record] = []
    for n, record in enumerate(records):
        brief = len(record.heads) == 2 and record.heads[1].text.endswith(".")
        if tells[n] or (brief and 0 < n < len(records) - 1 and tells[n - 1] and tells[n + 1]):
            found.append(record)
    return found


def _tell(line: Line, furniture: bool) -> _Told:
    if opens_entries(line.text):
        return _Told(line, "opens")
    if furniture or is_page_title(line.text):
        return _Told(line, "furniture")
    return _Told(line, *role_of(line))


def _walk(told: Sequence[_Told]) -> tuple[list[Record], list[Line]]:
    """Every run of lines that may be a record, and the furniture between them."""
    records: list[Record] = []
    passed: list[Line] = []
    current = Record()
    below = _metadata_below(told)
    for one, following in zip(told, [*(t.role for t in told[1:]), ""], strict=False):
        if one.role == "opens" and not current.ended and not any(record.ended for record in records):
            passed.extend([*(head for record in records for head in record.heads), one.line])
            records, current = [], Record()
        elif one.role in ("furniture", "opens"):
            records.append(current)
            current = Record()
            passed.append(one.line)
        else:
            ends_with_it = one.role == "metadata" and (below or following == "read_more")
            if not (ends_with_it and _lacks_metadata(current)) and _begins(current, one.line, one.role, following):
                records.append(current)
                current = Record()
            current.add(one.line, one.role, one.metadata)
    records.append(current)
    return [record for record in records if record.order], passed


def _metadata_below(told: Sequence[_Told]) -> bool:
    """Whether the page shows metadata below its teasers: never behind a title, and last of all."""
    at = [n for n, one in enumerate(told) if one.role == "metadata"]
    prose = [n for n, one in enumerate(told) if one.role == "prose"]
    behind_title = any(n and told[n - 1].role in ("head", "marker") for n in at)
    return bool(at and prose) and not behind_title and at[-1] > prose[-1]


def _lacks_metadata(current: Record) -> bool:
    """Whether a record has all but its metadata."""
    return bool(current.heads and current.prose) and not current.ended and not current.metadata


def _begins(current: Record, line: Line, role: str, following: str) -> bool:
    """Whether a line of this role can not belong to the record so far."""
    if current.ended:
        return role != "read_more"
    if role == "read_more" or not current.order:
        return False
    if current.is_cut:
        return True
    if role == "prose":
        return False
    if role == "head" and _repeats(current, line, following):
        return True
    return bool(current.prose) and not _is_long_title_so_far(current, role)


def _repeats(current: Record, line: Line, following: str) -> bool:
    """A second title: a heading of the same level, or the next of titles that have only metadata below them."""
    if line.level and any(head.level == line.level for head in current.heads):
        return True
    told = len(current.heads) > 1 and current.heads[-1].text.endswith(".")  # a sentence below a title is its teaser
    if told and not line.text.endswith(".") and not current.metadata:
        return True
    return bool(current.heads and current.metadata) and current.order[-1] != "marker" and following == "metadata"


def _is_long_title_so_far(current: Record, role: str) -> bool:
    """A single long sentence with nothing else may be a title: its metadata or subtitle comes after it."""
    own = [one for one in current.order if one != "marker"]
    return own == ["prose"] and not is_cut(current.prose[0].text) and role == "metadata"


def _trim_first(records: Sequence[Record], shown: set[int], passed: list[Line]) -> None:
    """Take off a record what is the page's: more headings than an entry has, the end of an introduction above it."""
    before: Record | None = None
    for record in records:
        introduced = before is not None and bool(before.prose) and id(before) not in shown
        spare = len(record.heads) - 1 if len(record.heads) > _HEADS else 0
        if not spare and introduced and len(record.heads) > 1 and record.heads[0].text.endswith((".", ":")):
            spare = 1
        if spare and id(record) in shown:
            passed.extend(record.heads[:spare])
            record.heads = record.heads[spare:]
        before = record


def _take_contexts(records: Sequence[Record]) -> None:
    """A heading of nothing but a year or a month above dated entries: the context of their dates, to the next one."""
    context: str | None = None
    for record in records:
        dated = [pair for pair in record.metadata if pair[1].date_raw]
        if record.order[0] == "metadata" and record.heads and len(dated) > 1 and dated[0][1].is_period:
            context = dated[0][0].text
            record.metadata.remove(dated[0])
        record.context = context

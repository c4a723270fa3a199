"""A record that was believed to the item that it gives: its fields, and how sure each of them is.

What belongs here: putting fields together, the title of a record that shows none, confidence. What does not: finding
the words of a field (`titles`, `fields`), deciding what is an entry (`judge`).

Confidence is 0 to 1, from what speaks for a field; below one half the item says so in its issues.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin

from pipelines.read.generic.days.mentions import Mention, is_day
from pipelines.read.generic.finding.judge import Judged
from pipelines.read.generic.finding.records import Record
from pipelines.read.generic.finding.sight import Sight
from pipelines.read.generic.layout.wording import is_ordered
from pipelines.read.generic.values.clocks import clock_words
from pipelines.read.generic.values.fields import date_words, place_of, summary_of
from pipelines.read.generic.values.notes import notes_of, place_in_note
from pipelines.read.generic.values.pages import link_of
from pipelines.read.generic.values.standing import status_of
from pipelines.read.generic.values.subjects import subject_for
from pipelines.read.html.roles import column_in, column_of
from pipelines.read.reading import Evidence, Item
from pipelines.refine.dates import find_dates

_UNSURE = 0.5
_FROM_ABOVE = 0.45  # a title that a heading gives: the same for all that stands below it
_BEST = 12.0  # score of a title that everything speaks for


def item_of(one: Judged, sight: Sight, clear: Sequence[Mention]) -> Item:
    """The item of a record; `clear` are the page's number dates that can be read in one order only."""
    record, title = one.record, one.title
    context = [*one.context, *_order(record.mention, clear)]
    href = link_of(record, sight.blocks, title)
    url = _absolute(href, sight.document.base) if href else None
    above = None if title else _title_above(record, sight)
    notes = notes_of(record, sight)
    place = place_of(record, sight.blocks, title) or _noted_place(notes)
    if place and title and place == title.text:
        place = None
    item = Item(
        title=title.text if title else above,
        summary=summary_of(record, sight.blocks, title),
        url=url,
        date_raw=date_words(record, sight.blocks, sight.languages, sight.by_block, notes),
        date_context="; ".join(context) or None,
        place_raw=place,
        status=status_of(record, sight.blocks, title.text if title else None, sight.by_block),
        confidence=one.confidence,
    )
    _believe(item, _evidence(one, above))
    return item


def _noted_place(notes: Sequence[str]) -> str | None:
    """The place in the first note that tells a time and a place."""
    return next((place for note in notes if clock_words(note) and (place := place_in_note(note))), None)


def name(item: Item, title: str, evidence: Evidence) -> None:
    """Give an item another title, and say what speaks for it."""
    item.title = title
    _believe(item, item.evidence | {"title": evidence})


def _believe(item: Item, evidence: dict[str, Evidence]) -> None:
    """Set what speaks for an item; what is below one half is told."""
    item.evidence = evidence
    item.issues = [f"not sure of the {what}: {e.reason}" for what, e in evidence.items() if e.confidence < _UNSURE]


def _absolute(href: str, base: str) -> str | None:
    """An address of http or https; None for one that can not be read or leads elsewhere."""
    try:
        url = urljoin(base, href)
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None


def _order(mention: Mention, clear: Sequence[Mention]) -> list[str]:
    """The nearest number date that can be read in one order only, for one that can be read in both."""
    if is_ordered(mention.text) is not False or not clear:
        return []
    return [min(clear, key=lambda other: abs(other.first - mention.first)).text]


def _evidence(one: Judged, above: str | None) -> dict[str, Evidence]:
    """How sure the entry, its title and its date are, and why."""
    found = {"entry": Evidence(one.confidence, ", ".join(one.reasons) or "a date")}
    if one.title is not None:
        sure = min(max(_UNSURE + one.title.total / _BEST, 0.1), 0.99)
        found["title"] = Evidence(round(sure, 2), ", ".join(one.title.reasons) or "the words beside the date")
    elif above:
        found["title"] = Evidence(_FROM_ABOVE, "no title of its own; the heading above")
    found["date"] = _date_evidence(one)
    return found


def _date_evidence(one: Judged) -> Evidence:
    mention = one.record.mention
    if mention.has_year:
        return Evidence(0.95 if mention.is_pure else 0.85, "the words name day, month and year")
    if any("order of the list" in text for text in one.context):
        return Evidence(0.6, "the year by the order of the list")
    if one.context:
        return Evidence(0.8, "year or month from the words above")
    return Evidence(0.5, "the year nearest to the capture")


def _title_above(record: Record, sight: Sight) -> str | None:
    """What names the things of a list: the column's header, else the nearest heading that says more than "Agenda"."""
    cell = sight.blocks[record.mention.first].cell
    heads = (cell.header, cell.row_header) if cell else ()
    texts = [head for head in heads if head and head not in record.mention.context and _may_name(head, sight)]
    return subject_for([*texts, *sight.headings.subjects(record)])


def _may_name(header: str, sight: Sight) -> bool:
    """Whether the header of a column or a row may name what is in it: it is no day, and it does not say that it holds
    dates, places or documents."""
    if column_of(header) not in (None, "title") or column_in(header) == "date":
        return False
    return not any(is_day(span.reading) for span in find_dates(header, sight.languages))

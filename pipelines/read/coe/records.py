"""One record to one item: the lines of an entry, in the order in which listings show them.

    [marker] [surtitle] title [subtitle] [metadata] teaser ... [Read More]

What belongs here: which line of a record is what. What does not: finding where a record begins and ends (`segments` for
bare lines, `listing` for HTML).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.read.coe.metadata import Metadata, join, read_metadata
from pipelines.read.html.lines import Anchor, Line, joined
from pipelines.read.html.roles import is_cut, is_prose, is_read_more, label_of, marked_language
from pipelines.read.reading import Item
from pipelines.refine.dates import find_dates
from pipelines.refine.places import find_places

_TITLE_CHARACTERS = 4_000


@dataclass(slots=True)
class Record:
    """The lines of one entry, sorted by what they are."""

    heads: list[Line] = field(default_factory=list)
    metadata: list[tuple[Line, Metadata]] = field(default_factory=list)
    prose: list[Line] = field(default_factory=list)
    language: str | None = None
    ended: bool = False
    order: list[str] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    context: str | None = None

    def add(self, line: Line, role: str, metadata: Metadata | None = None) -> None:
        """Sort a line in; `role` is one of read_more, marker, metadata, prose, head."""
        self.order.append(role)
        self.anchors.extend(line.anchors)
        if role == "read_more":
            self.ended = True
        elif role == "marker":
            self.language = marked_language(line.text)
        elif role == "metadata" and metadata:
            self.metadata.append((line, metadata))
        else:
            (self.prose if role == "prose" else self.heads).append(line)

    @property
    def is_cut(self) -> bool:
        """Whether the teaser ends in an ellipsis."""
        return bool(self.prose) and is_cut(self.prose[-1].text)


def role_of(line: Line) -> tuple[str, Metadata | None]:
    """(role, metadata) of a line by itself."""
    if is_read_more(line.text):
        return "read_more", None
    if marked_language(line.text):
        return "marker", None
    if metadata := read_metadata(line.text):
        return "metadata", metadata
    return ("prose" if is_prose(line) or _is_below_title(line) else "head"), None


def _is_below_title(line: Line) -> bool:
    """A label ("Purpose") or a link of the teaser ("Draft agenda >>"): it never stands where a title does."""
    label = label_of(line.text)
    points = line.text.endswith((">>", "»")) and "«" not in line.text
    return not line.level and (points or (label is not None and not label[1]))


def record_of(lines: Sequence[Line]) -> Record:
    """Sort the lines of one record."""
    record = Record()
    for line in lines:
        role, metadata = role_of(line) if line.text else ("", None)
        if role == "head" and record.prose and not line.level:  # below the teaser: tags, or the teaser's end
            role = "" if _is_all_links(line) else "prose"
        if role:
            record.add(line, role, metadata)
    return record


def _is_all_links(line: Line) -> bool:
    return bool(line.anchors) and line.text == " ".join(anchor.text for anchor in line.anchors)


def to_item(record: Record, title: Line | None = None) -> Item:
    """The item that a record shows; `title` is its title line when the page's structure tells it."""
    heads, prose = list(record.heads), list(record.prose)
    metadata = list(record.metadata)
    above: list[Line] = []
    doubt: str | None = None
    if title is not None:
        above, heads, prose, metadata = _without(title, heads, prose, metadata)
    else:
        title, doubt = _title(record, heads, prose, metadata)
    surtitle, metadata = _surtitle(record, metadata, title)
    surtitle = surtitle or (above.pop() if above else None)
    subtitle = heads.pop(0) if heads and not _is_teaser_like(heads, prose) else None
    found = _joined_metadata(metadata)
    item = Item(
        title=title.text[:_TITLE_CHARACTERS] if title else None,
        surtitle=surtitle.text if surtitle else None,
        subtitle=subtitle.text if subtitle else None,
        summary=joined([*above, *heads, *prose]),
        date_raw=found.date_raw if found else None,
        date_context=record.context,
        place_raw=found.place_raw if found else None,
        status=found.status if found else None,
        language_declared=record.language,
        issues=[doubt] if doubt else [],
    )
    if item.title is None:
        item.issues.append("the page shows no title")
    elif title and len(title.text) > _TITLE_CHARACTERS:
        item.issues.append(f"title of {len(title.text)} characters cut at {_TITLE_CHARACTERS}")
    return item


def _without(
    title: Line, heads: list[Line], prose: list[Line], metadata: list[tuple[Line, Metadata]]
) -> tuple[list[Line], list[Line], list[Line], list[tuple[Line, Metadata]]]:
    """The lines without the title's own; the heads above it and those below it apart."""
    at = next((n for n, line in enumerate(heads) if line is title), None)
    return (
        heads[:at] if at is not None else [],
        heads[at + 1 :] if at is not None else heads,
        [line for line in prose if line is not title],
        [pair for pair in metadata if pair[0] is not title],
    )


def _title(
    record: Record, heads: list[Line], prose: list[Line], metadata: list[tuple[Line, Metadata]]
) -> tuple[Line | None, str | None]:
    """The title by order, taken out of the lines, and what is doubtful about it; None when the record shows none.

    A heading line is the title. Without one: a long title looks like prose when more prose, or the metadata, comes
    after it; and a title that is a place or a date looks like metadata.
    """
    if heads:
        return heads.pop(0), None
    roles = [role for role in record.order if role not in ("marker", "read_more")]
    if roles[:1] == ["prose"] and len(roles) > 1 and not is_cut(prose[0].text):
        return prose.pop(0), None
    if roles[:2] == ["metadata", "metadata"] and _may_be_title(metadata[0][1], metadata[1][1]):
        return metadata.pop(0)[0], None
    if roles[:1] == ["metadata"] and len(metadata) == 1 and prose:
        return _title_or_metadata(metadata)
    return None, None


def _may_be_title(first: Metadata, second: Metadata) -> bool:
    """Whether the first of two metadata lines is a title: a place, words beside a date, or a second date."""
    return first.date_raw is None or not first.sure or second.date_raw is not None


def _title_or_metadata(metadata: list[tuple[Line, Metadata]]) -> tuple[Line | None, str | None]:
    """The only line above a teaser, when it reads as metadata and may be the title.

    Practices without a title show their country first. Words that no gazetteer knows are a title; a city by itself is
    taken for both, as nothing tells which it is.
    """
    line, found = metadata[0]
    kinds = [span.kind for span in find_places(line.text)]
    if not found.sure and kinds[:1] != ["country"]:
        del metadata[0]
        return line, "the title may be a date and a place"
    if found.date_raw is None and kinds == ["city"]:
        return line, "the title may be the place of an entry without one"
    return None, None


def _surtitle(
    record: Record, metadata: list[tuple[Line, Metadata]], title: Line | None
) -> tuple[Line | None, list[tuple[Line, Metadata]]]:
    """A dated line above the title with words of its own ("Deadline for applications: 20 February 2023")."""
    first = next((role for role in record.order if role not in ("marker", "read_more")), None)
    if title is None or first != "metadata" or not metadata:
        return None, metadata
    line, found = metadata[0]
    spans = find_dates(line.text)
    if spans and spans[0].reading.date_role == "deadline":
        return line, [*metadata[1:], (line, Metadata(found.date_raw, None, found.sure))]
    return None, metadata


def _is_teaser_like(heads: list[Line], prose: list[Line]) -> bool:
    """Whether a line that is neither heading nor long is yet the teaser: all the prose there is."""
    line = heads[0]
    return not prose and len(heads) == 1 and not line.level and line.text.endswith((".", "!", "…", "..."))


def _joined_metadata(metadata: list[tuple[Line, Metadata]]) -> Metadata | None:
    found: Metadata | None = None
    for _, one in metadata:
        found = one if found is None else join(found, one)
    return found

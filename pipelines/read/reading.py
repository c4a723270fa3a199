"""What reading a page gives: entries, links worth following, and what could not be made out.

What belongs here: the records that readers fill and their plain conversions. What does not: how a page is read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """An address that the page gives and that is worth following.

    `role` is next (the following page of a list), detail (an entry's own page), feed, calendar or document. `modified`
    is when the page behind it changed last, as a sitemap states it: ISO 8601, or None.
    """

    url: str
    role: str
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that could not be read: why, and where on the page."""

    reason: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How sure a reader is of something, 0 to 1, and what speaks for it."""

    confidence: float
    reason: str


@dataclass(slots=True)
class Item:
    """One entry as its page displays it; the fields are the content columns of `raw_entries`.

    `confidence` (0 to 1) and `evidence` (of the entry, its title, its date) come from readers that no rule helps; those
    of known markup leave them empty.
    """

    title: str | None = None
    surtitle: str | None = None
    subtitle: str | None = None
    summary: str | None = None
    sections: dict[str, str] | None = None
    url: str | None = None
    item_key: str | None = None
    date_raw: str | None = None
    date_context: str | None = None
    place_raw: str | None = None
    status: str | None = None
    language_declared: str | None = None
    page_kind: str | None = None
    links: list[dict[str, str]] = field(default_factory=list)
    issues: list[str] = field(default_factory=list)
    confidence: float | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Columns and values; an empty string is no value."""
        values = {f.name: (getattr(self, f.name) if getattr(self, f.name) != "" else None) for f in fields(self)}
        return values | {"evidence": {name: asdict(one) for name, one in self.evidence.items()} or None}


@dataclass(slots=True)
class PageReading:
    """The entries, links and issues of one page, and the name of the reader that read it.

    `entries` are dicts with the content columns of `warehouse.tables.RAW_ENTRIES`, in the order of the page.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    reader: str = "none"

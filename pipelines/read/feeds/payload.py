"""What a reader of feeds gets, and what it gives.

What belongs here: the two records, the hints a source may give, read safely, and limits that hold for all readers.
What does not: any format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.read.feeds.moments import zone_named
from pipelines.read.feeds.strings import language_code
from pipelines.read.reading import Issue, Item, Link

MOST_ITEMS = 20_000
"""A page gives no more entries than this; the rest is left out, and an Issue says so."""
MOST_LINKS = 50_000
"""A page gives no more links than this: the most addresses that a sitemap may have (sitemaps.org)."""
_LONGEST_LIST = 100


@dataclass(slots=True)
class Feed:
    """What a reader makes of one body."""

    items: list[Item] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def note(self, reason: str, where: str = "") -> None:
        """Add an Issue, each reason at a place once."""
        issue = Issue(reason, where)
        if issue not in self.issues:
            self.issues.append(issue)


@dataclass(frozen=True)
class Payload:
    """A body that is no page: its address, its bytes, what it was called, when it came, what its source says of it."""

    url: str
    body: bytes
    media_type: str
    captured: datetime
    hints: Mapping[str, Any] = field(default_factory=dict)

    def text_hint(self, name: str) -> str | None:
        """A hint that is a text."""
        value = self.hints.get(name)
        return value.strip() or None if isinstance(value, str) else None

    def texts_hint(self, name: str) -> list[str]:
        """A hint that is a text or a list of texts."""
        value = self.hints.get(name)
        listed = value if isinstance(value, list) else [value]
        return [one for one in listed[:_LONGEST_LIST] if isinstance(one, str) and one]

    def number_hint(self, name: str, otherwise: int, most: int) -> int:
        """A hint that is a whole number from 0 to `most`."""
        value = self.hints.get(name)
        known = isinstance(value, int) and not isinstance(value, bool)
        return max(0, min(int(value), most)) if known and value is not None else otherwise

    @cached_property
    def zone(self) -> ZoneInfo | None:
        """The zone of the source (hint `timezone`, an IANA name): its local times are of it."""
        return zone_named(self.hints.get("timezone"))

    @cached_property
    def languages(self) -> list[str]:
        """Languages in the order in which the source wants them (hint `languages`, ISO 639-1)."""
        return [code for name in self.texts_hint("languages") if (code := language_code(name))]

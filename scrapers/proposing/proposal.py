"""Proposals: which form of what was looked at makes the best source, found out by reading each.

What belongs here: trying the readers on the captures of a look, and ranking what they give. What does not: looking
(`look`), languages and countries (which the scrapers know nothing of), writing the YAML (`source_file`).

A form is rated by what it fills and how far it reaches:

    rating = filled x log2(1 + reach) x trust

filled: mean over the entries of the weights of the fields that are there (`_WEIGHTS`). reach: entries, three times as
many when the form says where it goes on. trust: 1 for what is stated in data; for pages the mean confidence of their
entries, since a layout may change; a feed of the last few items less than the whole; half of it for a form that shares
no title with a page of several entries, which is about something else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean
from typing import Any

from pipelines.read import Link, PageReading, read_page
from pipelines.read.addresses import parse_address
from pipelines.read.feeds import strategy_of
from scrapers.proposing.look import Look
from scrapers.proposing.offers import ENOUGH, is_below
from warehouse.captures import Capture

FIELDS = ("title", "date_raw", "url", "place_raw", "summary", "item_key")
_WEIGHTS = {"title": 0.25, "date_raw": 0.3, "url": 0.15, "place_raw": 0.1, "summary": 0.1, "item_key": 0.1}
_GOES_ON = 3
_TRUST = {"rss": 0.85, "sitemap": 0.6}
_UNSURE = 0.75  # confidence of entries of readers that do not tell theirs
_OTHER_THINGS = 0.5
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Form:
    """One way to read one answer of a look.

    entries: as the reader gives them. reach: how many the source has at least. filled: share of entries by field.
    shared: share of the page's entries that are among these, None when the page shows too few. rating: see above.
    """

    url: str
    strategy: str
    why: str
    entries: tuple[Mapping[str, Any], ...]
    issues: tuple[str, ...] = ()
    goes_on: bool = False
    hints: Mapping[str, Any] = field(default_factory=dict)
    details: tuple[str, ...] = ()
    shared: float | None = None

    @property
    def filled(self) -> dict[str, float]:
        """Share of the entries that have each field; an address counts when it is one of their own."""
        return {name: mean(self._has(entry, name) for entry in self.entries) for name in FIELDS} if self.entries else {}

    @property
    def reach(self) -> int:
        """How many entries there are at least, as far as one page tells."""
        return len(self.details) or len(self.entries) * (_GOES_ON if self.goes_on else 1)

    @property
    def rating(self) -> float:
        """How good a source it makes; 0 without entries."""
        if not self.entries:
            return 0.0
        filled = sum(_WEIGHTS[name] * share for name, share in self.filled.items())
        about = _OTHER_THINGS if self.shared == 0 else 1.0
        return filled * math.log2(1 + self.reach) * self._trust * about

    @property
    def _trust(self) -> float:
        if self.strategy in ("html", "liferay"):
            said = [one for entry in self.entries if (one := entry.get("confidence")) is not None]
            return mean(said) if said else _UNSURE
        return _TRUST.get(self.strategy, 1.0)

    def _has(self, entry: Mapping[str, Any], name: str) -> bool:
        return bool(entry.get(name)) and (name != "url" or entry["url"] != self.url)


def forms_of(look: Look) -> list[Form]:
    """Every form that can be read of what was looked at, the best first; those without entries at the end."""
    page = look.page
    if page is None:
        return []
    why = {address: offer.why for address, offer in look.offers.items()}
    indexes = {address for address, offer in look.offers.items() if offer.kind == "routes"}
    answers = [one for one in look.answers if one.url not in indexes]
    found = [form for one in answers for form in _forms(one, why.get(one.url, "the page itself"))]
    pages = [form for form in found if form.url == page.url and len(form.entries) >= ENOUGH]
    shown = max((_titles(form) for form in pages), key=len, default=set())
    rated = [_compared(form, shown) if form.url != page.url else form for form in found]
    return sorted([*rated, *_sitemaps(look, page)], key=lambda form: -form.rating)


def _forms(capture: Capture, why: str) -> Iterator[Form]:
    """The forms of one answer: what it is, or a page both as shown and as stated."""
    strategy = strategy_of(capture.url, capture.body, capture.media_type)
    if strategy == "sitemap":
        return
    if strategy:
        yield _form(capture, strategy, why, _read(capture, strategy))
    elif _is_page(capture):
        reading = _read(capture, None)
        is_portal = parse_address(capture.url).shape == "listing"
        yield _form(capture, "liferay" if is_portal else "html", f"{why}, as it is shown", reading)
        yield _form(capture, "jsonld", f"{why}, as it states itself", _read(capture, "jsonld"))
    elif capture.body.lstrip()[:1] in (b"{", b"["):
        unknown = "JSON of a shape that is not known: json_api with hints can read it"
        yield Form(capture.url, "json_api", why, (), (unknown,))


def _is_page(capture: Capture) -> bool:
    return "html" in capture.media_type.lower() or capture.body.lstrip()[:1] == b"<"


def _read(capture: Capture, strategy: str | None) -> PageReading:
    return read_page(capture.url, capture.body, capture.media_type, capture.captured_at, strategy)


def _form(capture: Capture, strategy: str, why: str, reading: PageReading) -> Form:
    entries = tuple(entry for entry in reading.entries if entry["title"])
    issues = tuple(dict.fromkeys(issue.reason for issue in reading.issues))
    return Form(capture.url, strategy, why, entries, issues, any(link.role == "next" for link in reading.links))


def _compared(form: Form, shown: set[str]) -> Form:
    return replace(form, shared=len(shown & _titles(form)) / len(shown)) if len(shown) >= ENOUGH else form


def _titles(form: Form) -> set[str]:
    return {_NOT_WORDS.sub(" ", str(entry["title"]).casefold()).strip() for entry in form.entries}


def _sitemaps(look: Look, page: Capture) -> Iterator[Form]:
    """Sitemaps, by the few pages of theirs that were looked at."""
    by_url = {one.url: one for one in look.answers if one is not page and _is_page(one)}
    for one in look.answers:
        if strategy_of(one.url, one.body, one.media_type) != "sitemap":
            continue
        links = _below(_read(one, "sitemap").links, page.url)
        read = [_form(by_url[url], "html", "", _read(by_url[url], "sitemap")) for url in links if url in by_url]
        entries = tuple(form.entries[0] for form in read if form.entries)
        hints = {"include": re.escape(parse_address(page.url).path.rstrip("/") + "/")}
        why = f"robots.txt names this sitemap; {len(entries)} of {len(read)} of its pages were read as one entry each"
        yield Form(one.url, "sitemap", why, entries, hints=hints, details=tuple(links) if entries else ())


def _below(links: Sequence[Link], page: str) -> list[str]:
    return [link.url for link in links if link.role == "detail" and is_below(link.url, page)]

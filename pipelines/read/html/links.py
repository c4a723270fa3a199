"""Links of a page: those that a spider follows, and those that an entry gives.

What belongs here: the role of a link, from its address and its words. What does not: fetching, and which link leads to
the next page of a list on sites whose addresses are not known (`next_links`).

`parse_address` takes 150 us; so a page of a site that is not known asks it only for links that have a role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from pipelines.read.addresses import Address, parse_address
from pipelines.read.addresses.vocabulary import vocabulary
from pipelines.read.html.lines import Anchor, Line
from pipelines.read.html.markup import Document
from pipelines.read.html.next_links import NextLinks
from pipelines.read.html.roles import words
from pipelines.read.reading import Link
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

_CALENDARS = ("text/calendar",)
_FEEDS = ("application/rss+xml", "application/atom+xml")
# What the addresses of portals and of known hosts have in them (`addresses.shapes`).
_SHAPED = ("/-/", "/web/", "/w/", "/c/portal/", "coe.int", "covid-congress-hub.org")
_UNFOLLOWED = ("#", "javascript:", "mailto:", "tel:", "data:")
_MOST_PARSED = 1200  # links with a role
_MOST_LINKS = 30_000  # a page with more is no list


def entry_links(lines: Iterable[Line], own_key: str | None) -> list[dict[str, str]]:
    """What an entry links to, each address once: documents, registration, and the rest that is related."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        for anchor in line.anchors:
            if anchor.key != own_key or anchor.key is None:
                found.setdefault(anchor.url, {"url": anchor.url, "label": anchor.text, "role": _role(anchor)})
    return [link for url, link in found.items() if url.startswith(("http://", "https://"))]


def _role(anchor: Anchor) -> str:
    if (anchor.key or "").startswith("rm:") or anchor.url.lower().endswith((".pdf", ".docx", ".doc", ".pptx")):
        return "document"
    folded = f" {fold(anchor.text)} "
    return "registration" if any(f" {word} " in folded for word in words("registration")) else "related"


def page_links(document: Document, address: Address, captured: date | None = None) -> list[Link]:
    """The links of a page that are worth following, each once: next page, entries, documents, feeds, calendars.

    Entries' own pages are known here for portals like coe.int only; `with_details` adds those of other sites.
    `captured` bounds the calendars, which never end: without it a calendar is followed by one month.
    """
    page = _Page(document.base, address)
    leading = NextLinks(document.base, captured)
    for element in islice(document.tree.iter("a", "link"), _MOST_LINKS):
        href = (element.get("href") or "").strip()
        lowered = href[:2000].lower()
        if not href or lowered.startswith(_UNFOLLOWED):
            continue
        page.add(element, href, lowered)
        if not page.is_known and (element.tag == "a" or "next" in (element.get("rel") or "").lower()):
            leading.add(element, href, lowered)
    if not any(link.role == "next" for link in page.found.values()):
        page.add_next(leading.found())
    return list(page.found.values())


def with_details(links: Iterable[Link], urls: Iterable[str | None]) -> list[Link]:
    """The links, and behind them the given addresses of entries with role detail: each once, in their order.

    An address that has a role already keeps it: an entry may be a document.
    """
    found = {link.url: link for link in links}
    for url in urls:
        if url:
            found.setdefault(url, Link(url, "detail"))
    return list(found.values())


@dataclass(slots=True)
class _Page:
    """The links found on a page so far, by address."""

    base: str
    address: Address
    is_known: bool = field(init=False)
    is_shaped: bool = field(init=False)
    found: dict[str, Link] = field(default_factory=dict)
    _seen: set[tuple[str, str | None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.is_known = self.address.host in vocabulary().hosts
        self.is_shaped = self.is_known or _is_shaped(self.base)

    def add(self, element: Any, href: str, lowered: str) -> None:
        """Take a link that has a role by its address or its type."""
        if len(self._seen) >= _MOST_PARSED:
            return
        given = _given_role(element, lowered, self.is_known)
        role = given or _file_role(lowered)
        if not (role or self.is_shaped or _is_shaped(lowered)) or (href, role) in self._seen:
            return
        self._seen.add((href, role))
        if element.tag == "a" or given:
            self._keep(href, role)

    def _keep(self, href: str, role: str | None) -> None:
        scheme = next((one for one in load_yaml("links.yaml")["calendars"]["schemes"] if href.startswith(one)), "")
        target = parse_address("https:" + href[len(scheme) :] if scheme else href, self.base)
        if target.is_trap or target.shape == "invalid":
            return
        if role is None or target.item_key or target.shape == "document":
            role = self._shaped_role(target) or role
        if role:
            self.found.setdefault(target.url, Link(target.url, role))

    def _shaped_role(self, target: Address) -> str | None:
        """The role of a link by its target: an entry, a document, or another page of this list."""
        if target.shape == "document":
            return "document"
        if target.item_key and target.item_key != self.address.item_key:
            return "detail"
        same_list = target.shape == "listing" and target.url.partition("?")[0] == self.address.url.partition("?")[0]
        return "next" if same_list and target.page > self.address.page else None

    def add_next(self, urls: Iterable[str]) -> None:
        """Take the links to the next page, canonical; traps are never worth following."""
        for target in map(parse_address, urls):
            if not target.is_trap and target.shape != "invalid" and target.url != self.address.url:
                self.found.setdefault(target.url, Link(target.url, "next"))


def _is_shaped(address: str) -> bool:
    return any(part in address for part in _SHAPED)


def _given_role(element: Any, lowered: str, is_known: bool) -> str | None:
    """The role that a link gives itself by its type; `<link rel=next>` of a host that is known to mean a list."""
    kind = element.get("type")
    if not kind:
        return "next" if is_known and element.tag == "link" and element.get("rel") == "next" else None
    if kind in _FEEDS:
        return None if _is_never("feed", lowered) else "feed"
    return "calendar" if kind in _CALENDARS else None


def _file_role(lowered: str) -> str | None:
    """The role of an address by how its path ends, or by a parameter; None for most, after 1 us."""
    path, _, query = lowered.partition("#")[0].partition("?")
    last = path.rstrip("/").rpartition("/")[2]
    for kind, endings in _endings().items():
        if path.endswith(endings.suffixes) or last in endings.segments or path.startswith(endings.schemes):
            return kind if not _is_never(kind, lowered) else None
        if query and not endings.parameters.isdisjoint(query.split("&")):
            return kind if not _is_never(kind, lowered) else None
    return None


def _is_never(kind: str, lowered: str) -> bool:
    """Whether an address that looks like a feed is one of comments."""
    return kind == "feed" and any(part in lowered for part in load_yaml("links.yaml")["feeds"]["never"])


@dataclass(frozen=True, slots=True)
class _Endings:
    """How the addresses of a role end, or begin; all in lower case."""

    suffixes: tuple[str, ...]
    segments: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    schemes: tuple[str, ...] = ()


@cache
def _endings() -> dict[str, _Endings]:
    listed = load_yaml("links.yaml")
    found = {
        kind: _Endings(
            tuple(words["suffixes"]),
            frozenset(words["segments"]),
            frozenset(words["parameters"]),
            tuple(words.get("schemes", ())),
        )
        for kind in ("calendar", "feed")
        for words in [listed[f"{kind}s"]]
    }
    return {**found, "document": _Endings(vocabulary().document_suffixes)}

"""Links of a page: those that a spider follows, and those that an entry gives.

What belongs here: the role of a link, from its address and its words. What does not: fetching.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.read.addresses import Address, parse_address
from pipelines.read.lines import Anchor, Line
from pipelines.read.markup import Document, read_anchor
from pipelines.read.reading import Link
from pipelines.read.roles import words
from pipelines.reference.folding import fold

_CALENDARS = ("text/calendar",)
_FEEDS = ("application/rss+xml", "application/atom+xml")


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


def page_links(document: Document, address: Address) -> list[Link]:
    """The links of a page that are worth following, each once: next page, entries' own pages, documents, feeds."""
    found: dict[str, Link] = {}
    for element in document.tree.iter("a", "link"):
        if element.tag == "link":
            link = _declared(element, document.base)
        else:
            anchor = read_anchor(element, document.base)
            link = _followable(element, document.base, address) if anchor else None
        if link:
            found.setdefault(link.url, link)
    return list(found.values())


def _declared(element: Any, base: str) -> Link | None:
    """`<link rel=alternate>` to a feed or a calendar."""
    kind, href = str(element.get("type") or ""), str(element.get("href") or "")
    if not href:
        return None
    role = (
        "feed"
        if kind in _FEEDS
        else "calendar"
        if kind in _CALENDARS
        else "next"
        if element.get("rel") == "next"
        else None
    )
    return Link(parse_address(href, base).url, role) if role else None


def _followable(element: Any, base: str, address: Address) -> Link | None:
    """A link by its target: an entry, a document, or another page of this list. Traps are never worth following."""
    target = parse_address(str(element.get("href") or ""), base)
    if target.is_trap or target.shape == "invalid":
        return None
    if target.shape == "document":
        return Link(target.url, "document")
    if target.item_key and target.item_key != address.item_key:
        return Link(target.url, "detail")
    same_list = target.shape == "listing" and target.url.partition("?")[0] == address.url.partition("?")[0]
    return Link(target.url, "next") if same_list and target.page > address.page else None

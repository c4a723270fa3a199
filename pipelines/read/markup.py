"""HTML to lines: what a browser would show, line by line, with headings, links and list items kept.

What belongs here: parsing, leaving out what is not shown, and flattening the tree. What does not: what a line means.
Broken markup is lxml's job; depth is not a problem because nothing here recurses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import lxml.html
from lxml import etree
from w3lib.html import get_base_url

from pipelines.read.addresses import parse_address
from pipelines.read.lines import Anchor, Line, squeeze
from pipelines.read.roles import split_end

# The elements that start a line of their own, by HTML's rendering rules (WHATWG HTML, section 15.3).
_BLOCKS = frozenset(
    """address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead
    tr ul""".split()
)
_UNSHOWN = frozenset(
    """script style template noscript head svg select option button textarea iframe object canvas math
    nav footer""".split()  # the last two are shown, and never part of the content
)
_STRONG = frozenset(("b", "strong", "em", "cite", "q"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LEVELS = {f"h{n}": n for n in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page: its tree, the lines that it shows, its `<title>`, its declared language, and its base address."""

    tree: Any
    lines: list[Line]
    title: str
    language: str | None
    base: str


@dataclass(slots=True)
class _Buffer:
    """The line that is being put together."""

    parts: list[str] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)


def parse(text: str, url: str) -> Document | None:
    """The document of a page's text; None when there is no element in it."""
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    base = get_base_url(text, url)
    found = tree.findtext(".//title") or ""
    return Document(tree, list(_lines(tree, base)), squeeze(found), tree.get("lang"), base)


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )


def is_shown(element: Any) -> bool:
    """Whether a browser would show the element and it is part of the page's own content."""
    if not isinstance(element.tag, str) or element.tag in _UNSHOWN:
        return False
    if element.get("hidden") is not None or element.get("role") in ("navigation", "contentinfo"):
        return False
    return not _HIDDEN.search(element.get("style") or "")


def _events(tree: Any) -> Iterator[tuple[str, Any]]:
    """start and end of every shown element, in document order, without recursion."""
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        if is_shown(element):
            yield event, element
        elif event == "start":
            walker.skip_subtree()
            yield "skip", element


def _lines(tree: Any, base: str) -> Iterator[Line]:
    """Flatten the tree: a line at each block boundary and each `<br>`."""
    buffer, blocks = _Buffer(), [tree]
    for event, element in _events(tree):
        boundary = element.tag in _BLOCKS or element.tag == "br"
        if boundary and event != "skip":
            yield from _flush(buffer, blocks[-1])
        if event == "start":
            _open(buffer, element, base)
            if element.tag in _BLOCKS:
                blocks.append(element)
        elif event == "end" and element.tag in _BLOCKS and len(blocks) > 1:
            blocks.pop()
        if event != "start" and element.tail:
            buffer.parts.append(element.tail)
    yield from _flush(buffer, tree)


def cell_lines(element: Any, base: str) -> list[Line]:
    """The lines of one element that have text, as a table's cell; what follows the element is none of them."""
    tail, element.tail = element.tail, None
    try:
        return [line for line in _lines(element, base) if line.text]
    finally:
        element.tail = tail


def _open(buffer: _Buffer, element: Any, base: str) -> None:
    """Take what an opening tag adds: its text, its link, its bold words."""
    if element.tag not in _BLOCKS and element.getprevious() is not None and not _spaced(element):
        buffer.parts.append(" ")  # two inline elements side by side are set apart by style sheets, not by blanks
    if element.text:
        buffer.parts.append(element.text)
    if element.tag == "a" and (anchor := read_anchor(element, base)):
        buffer.anchors.append(anchor)
    if element.tag in _STRONG:
        buffer.strong.append(squeeze(str(element.text_content())))


def _spaced(element: Any) -> bool:
    """Whether text stands between an inline element and the one before it."""
    return bool(element.getprevious().tail)


def read_anchor(element: Any, base: str) -> Anchor | None:
    """The link of an `<a>`; None without an address that can be followed or shown."""
    href = (element.get("href") or "").strip()
    if not href or href.startswith(("#", "javascript:")):
        return None
    address = parse_address(href, base)
    text = squeeze(str(element.text_content())) or squeeze(element.get("title") or "")
    return Anchor(address.url, text, address.item_key, element)


def _flush(buffer: _Buffer, block: Any) -> Iterator[Line]:
    """The buffered line, and an empty buffer; a `Read More` at the end is a line of its own."""
    text = squeeze("".join(buffer.parts))
    anchors, strong = tuple(buffer.anchors), squeeze(" ".join(buffer.strong))
    buffer.parts.clear()
    buffer.anchors.clear()
    buffer.strong.clear()
    if not text and not anchors:
        return
    heading = nearest(block, lambda e: e.tag in _LEVELS)
    level = _LEVELS[heading.tag] if heading is not None else 0
    yield from split_end(Line(text, level, anchors, strong, nearest(block, lambda e: e.tag == "li") is not None, block))


def nearest(element: Any, wanted: Callable[[Any], bool]) -> Any | None:
    """The element itself or its nearest ancestor that is wanted."""
    while element is not None and not wanted(element):
        element = element.getparent()
    return element

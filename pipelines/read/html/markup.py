"""HTML to lines: what a browser would show, line by line, with headings, links and list items kept.

What belongs here: parsing, leaving out what is not shown, and flattening the tree. What does not: what a line means.
Broken markup is lxml's job; depth is not a problem because nothing here recurses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import lxml.html
from lxml import etree
from w3lib.html import get_base_url

from pipelines.read.addresses import parse_address
from pipelines.read.html.lines import Anchor, Line, squeeze
from pipelines.read.html.roles import split_end

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
# The largest of 180 real pages had 22,600 opening marks and 11,200 elements; more than this takes a second to read.
_MOST_MARKS = 150_000  # `<` of a page that are parsed
_MOST_ELEMENTS = 25_000  # of a page that are kept
_MOST_ATTRIBUTES = 300  # of an element: the parser compares each with all before it
_LONGEST_TITLE = 2_000  # characters
# An opening tag as HTML's tokenizer has it (WHATWG HTML, section 13.2.5): where a quote is not closed it goes on to the
# end of the page. No part gives back what it took, so the time is that of the length.
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"""
_TAG = re.compile(rf"<!--[\s\S]*?(?:-->|\Z)|<[a-zA-Z][^\s/>]*+(?:[\s/]++|{_ATTRIBUTE})*+>?")
_ATTRIBUTES = re.compile(_ATTRIBUTE)


@dataclass(frozen=True)
class Document:
    """A parsed page: its tree, its `<title>`, its declared language, its base address, and the lines that it shows.

    `cut` says what of an endless page was left out; None for a page that was parsed to its end.
    """

    tree: Any
    title: str
    language: str | None
    base: str
    cut: str | None = None

    @cached_property
    def lines(self) -> list[Line]:
        """The lines that the page shows, with canonical addresses; made when a reader asks for them."""
        return list(_lines(self.tree, self.base))

    def words(self, most: int) -> str | None:
        """The text of the page, scripts and styles apart; None when it is longer than that. Quicker than its lines."""
        found: list[str] = []
        for element in self.tree.iter():
            if element.tag not in _UNSHOWN and element.text:
                found.append(element.text.strip())
            if element.tail:
                found.append(element.tail.strip())
            most -= sum(map(len, found[-2:]))
            if most < 0:
                return None
        return "\n".join(found)


@dataclass(slots=True)
class _Buffer:
    """The line that is being put together."""

    parts: list[str] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)


def parse(text: str, url: str) -> Document | None:
    """The document of a page's text; None when there is no element in it.

    Of a page of more elements, or deeper, than any real one the first part is parsed: see `Document.cut`.
    """
    begun, parser = _begun(text), _parser()
    try:
        tree = lxml.html.document_fromstring(begun.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    elements = _prune(tree)
    found = (tree.findtext(".//title") or "")[:_LONGEST_TITLE]
    cut = _cut(len(text), len(begun), elements, parser)
    return Document(tree, squeeze(found), tree.get("lang"), _base(begun, url), cut)


def _begun(text: str) -> str:
    """The text of a page up to so many elements, and attributes of one, as are parsed in a tenth of a second."""
    if text.count("<") > _MOST_MARKS:
        text = text[: -len(text.split("<", _MOST_MARKS)[-1]) - 1]
    for tag in _TAG.finditer(text):
        start, end = tag.span()
        if end - start > 2 * _MOST_ATTRIBUTES and text[start + 1] != "!" and _has_many_attributes(tag[0]):
            return text[:start]
    return text


def _has_many_attributes(tag: str) -> bool:
    return next(islice(_ATTRIBUTES.finditer(tag), _MOST_ATTRIBUTES, None), None) is not None


def _base(text: str, url: str) -> str:
    """The address that the links of a page start from; a `<base>` that is no address counts for nothing."""
    try:
        return str(get_base_url(text, url))
    except ValueError:
        return url


def _prune(tree: Any) -> int:
    """Leave out what stands behind the last element that is kept; gives how many elements there were."""
    elements = int(tree.xpath("count(//*)"))
    last = next(islice(tree.iter(), _MOST_ELEMENTS - 1, None), None) if elements > _MOST_ELEMENTS else None
    if last is not None:
        del last[:]
    while last is not None:
        holder = last.getparent()
        if holder is not None:
            del holder[holder.index(last) + 1 :]
        last = holder
    return elements


def _cut(size: int, parsed: int, elements: int, parser: lxml.html.HTMLParser) -> str | None:
    """What of a page was left out, in words; None for nothing."""
    if parsed < size:
        return f"page of {size} characters: only the first {min(elements, _MOST_ELEMENTS)} elements were read"
    if elements > _MOST_ELEMENTS:
        return f"page of {elements} elements: only the first {_MOST_ELEMENTS} were read"
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        return f"page with elements nested too deep: only the first {elements} were read"
    return None


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

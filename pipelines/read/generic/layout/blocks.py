"""A page as blocks: each displayed line with the element that holds it and the pieces that it is made of.

What belongs here: what is shown, where a line begins and ends, and in which part of the page it stands. What does not:
what a line means.

Unlike `markup.lines` this keeps the piece structure (a badge, a link, a bold word), reads no address, and shows what a
click would: tabs and accordions are part of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from lxml import etree

from pipelines.read.generic.layout.cells import Cell, cells_of
from pipelines.read.html.lines import squeeze
from pipelines.reference import load_yaml

# The elements that start a line of their own, by HTML's rendering rules (WHATWG HTML, section 15.3).
_BLOCKS = frozenset(
    """address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table
    option select tbody td tfoot th thead tr ul""".split()
)
_UNSHOWN = frozenset(
    """script style template noscript head svg datalist textarea iframe object canvas math audio video
    nav""".split()  # the last one is shown, and never part of the content
)
_LEVELS = {f"h{n}": n for n in range(1, 7)}
# `visibility: hidden` is what page builders put on whole pages until their scripts have run, so it says nothing.
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LINKED = 0.6  # of the text of a menu are links
_LEADING = ("a", "option")
_OPTIONS = 200  # of a choice that are looked at
_LINKS = 3  # side by side are a list
_DATED = 0.5  # of the links of a menu hold numbers, so that it is a list of dates
_HEADING = 60  # characters of a heading that names a month
_BANNER = 3_000  # characters of the longest banner
# The largest of 180 real pages had 3,600 blocks with 1,900 numbers, 69,000 characters, lines of 960 characters, 155
# pieces and 154 links; more of these than below is no page that people read, and reading it would take seconds.
_MOST_BLOCKS = 5_000
_MOST_NUMBERS = 3_000  # of a page: what days are made of
_MOST_TEXT = 200_000  # characters of a page
_LONGEST = 4_000  # characters of a block that are kept
_MOST_PIECES = 400  # of a block, blanks among them
_MOST_LINKS = 200  # of a block
_AROUND = 4  # links around a block: browsers allow one, broken pages have several
_MOST_LOOKED = 200_000  # elements of a page that are looked at to tell menus, which may stand in menus
_SMALL = re.compile(r"[^\W\d_A-Z]{3}$")  # the end of a word
_WORD = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"\d+")


@dataclass(slots=True)
class Piece:
    """Text of one innermost element."""

    text: str
    element: Any


@dataclass(slots=True)
class Block:
    """One displayed line.

    `element` is the block element that holds it; `level` is 1 to 6 for a heading, 0 otherwise; `links` are the `<a>`
    elements in it, or the one around it; `cell` tells where in a table of data it stands.
    """

    index: int
    text: str
    element: Any
    pieces: list[Piece]
    links: list[Any]
    level: int = 0
    cell: Cell | None = None

    @property
    def header(self) -> str:
        """The header of the column in which the line stands."""
        return self.cell.header if self.cell else ""


@dataclass(slots=True)
class _Buffer:
    """The line that is being put together."""

    pieces: list[Piece] = field(default_factory=list)
    links: list[Any] = field(default_factory=list)
    size: int = 0

    def add(self, text: str, element: Any) -> None:
        """Take a text, as far as a line of bounded length has room for it."""
        if len(text) > _LONGEST:
            text = squeeze(text[: 10 * _LONGEST])[:_LONGEST]
        if self.size <= _LONGEST and len(self.pieces) < _MOST_PIECES:
            self.pieces.append(Piece(text, element))
            self.size += len(text) if not text.isspace() else 1

    def add_link(self, element: Any) -> None:
        """Take a link, as far as there is room for it."""
        if len(self.links) < _MOST_LINKS:
            self.links.append(element)

    def clear(self) -> None:
        """Begin the next line; links without words stay for it."""
        self.pieces.clear()
        self.size = 0


@dataclass(slots=True)
class _Found:
    """The blocks so far, and why no more are taken."""

    blocks: list[Block] = field(default_factory=list)
    numbers: int = 0
    size: int = 0
    cut: str | None = None

    def add(self, text: str, holder: Any, pieces: list[Piece], links: list[Any]) -> None:
        """Take a line, as long as the page has no more than is read in bounded time."""
        if self.cut:
            return
        self.numbers += len(_NUMBER.findall(text))
        self.size += len(text)
        self._count(len(self.blocks) + 1, _MOST_BLOCKS, "lines")
        self._count(self.numbers, _MOST_NUMBERS, "numbers")
        self._count(self.size, _MOST_TEXT, "characters")
        if not self.cut:
            self.blocks.append(Block(len(self.blocks), text, holder, pieces, links, _level(holder)))

    def _count(self, amount: int, most: int, name: str) -> None:
        if amount > most:
            self.cut = f"page of more than {most} {name}: only the first {len(self.blocks)} lines were read"


def read_blocks(tree: Any) -> tuple[list[Block], str | None]:
    """The blocks of a page, in its order, and what was left out of an endless one, in words; None for nothing."""
    walk = _Walk(tree)
    for event, element in _shown(tree):
        walk.step(event, element)
        if walk.found.cut:
            break
    walk.end_line()
    _place_in_tables(tree, walk.found.blocks)
    return walk.found.blocks, walk.found.cut


class _Walk:
    """A way through a page: the line that is being put together, and the elements around it."""

    def __init__(self, tree: Any) -> None:
        self.found = _Found()
        self._buffer = _Buffer()
        self._holders = [tree]
        self._links: list[Any] = []
        self._are_lines: dict[Any, bool] = {}

    def step(self, event: str, element: Any) -> None:
        """Take the start or the end of an element, or one that is not shown."""
        tag = element.tag
        if event != "skip" and (tag in _BLOCKS or tag == "br" or (tag == "a" and _is_line(element, self._are_lines))):
            self.end_line()
        if event == "start":
            self._open(element)
            self._take(element, element.text, before=True)
            return
        if event == "end":
            self._close(tag)
        self._take(element.getparent(), element.tail)

    def _open(self, element: Any) -> None:
        if element.tag in _LEADING:
            self._links.append(element)
            self._buffer.add_link(element)
        if element.tag in _BLOCKS:
            self._holders.append(element)

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS and len(self._holders) > 1:
            self._holders.pop()
        if tag in _LEADING and self._links:
            self._links.pop()

    def _take(self, element: Any, text: str | None, before: bool = False) -> None:
        """Text of an element; in `<pre>` each line by itself."""
        if not text or "\n" not in text or not any(holder.tag == "pre" for holder in self._holders):
            _take(self._buffer, element, text, before)
            return
        for at, line in enumerate(text.split("\n", _MOST_BLOCKS)):
            if at:
                self.end_line()
            _take(self._buffer, element, line, before and not at)

    def end_line(self) -> None:
        """The buffered line as a block, and an empty buffer."""
        buffer, holder = self._buffer, self._holders[-1]
        text = squeeze("".join(piece.text for piece in buffer.pieces)) if buffer.pieces else ""
        if text:
            links = list(dict.fromkeys([*self._links[-_AROUND:], *buffer.links]))
            pieces = [piece for piece in buffer.pieces if piece.text.strip()]
            self.found.add(text[:_LONGEST], holder, pieces, links)
            buffer.links.clear()
        buffer.clear()


def _place_in_tables(tree: Any, blocks: list[Block]) -> None:
    """Tell each block of a table of data its cell."""
    cells = cells_of(tree)
    if not cells:
        return
    for block in blocks:
        element = block.element
        for _ in range(8):
            if element is None or element.tag == "table":
                break
            if element in cells:
                block.cell = cells[element]
                break
            element = element.getparent()


def _shown(tree: Any) -> Iterator[tuple[str, Any]]:
    """start and end of every shown element, in document order, without recursion; `skip` for one that is not."""
    walker = etree.iterwalk(tree, events=("start", "end"))
    looks = _Looks()
    for event, element in walker:
        if event == "end" or is_shown(element, looks):
            yield event, element
        else:
            walker.skip_subtree()
            yield "skip", element
            next(walker, None)  # the end of what was left out


@dataclass(slots=True)
class _Looks:
    """How many elements of a page may still be looked at to tell its menus: these may stand in each other."""

    left: int = _MOST_LOOKED

    def texts(self, element: Any) -> list[str] | None:
        """The texts of an element; None when too many elements were looked at."""
        found = list(islice(element.iter(), self.left))
        self.left -= len(found)
        if not self.left:
            return None
        inside = (text for one in found for text in (one.text, one.tail if one is not element else None))
        return [text for text in inside if text]


def is_shown(element: Any, looks: _Looks) -> bool:
    """Whether the page shows the element, at once or after a click, and it may be content."""
    if not isinstance(element.tag, str) or element.tag in _UNSHOWN:
        return False
    if element.tag == "select":
        return _is_jump_menu(element)
    attributes = element.attrib
    if not attributes:
        return True
    if attributes.get("role") in ("navigation", "search", "menubar", "menu"):
        return False
    if "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
        return _opens(element)
    return not _is_site_part(element, looks)


def _is_jump_menu(select: Any) -> bool:
    """A choice that leads to other pages: its options hold addresses. Others are parts of forms."""
    options = list(islice(select.iter("option"), _OPTIONS))
    leading = sum("/" in option.get("value", "") for option in options)
    return leading >= max(_LINKS, _DATED * len(options))


def target_of(link: Any) -> str:
    """The address that a link, or an option of a jump menu, leads to; empty when it has none."""
    return str(link.get("href") or (link.get("value") if link.tag == "option" else "") or "").strip()


def _opens(element: Any) -> bool:
    """A hidden part that a click shows: a tab, an accordion."""
    words = look_words(element)
    return element.get("role") == "tabpanel" or not words.isdisjoint(_marks("opens"))


def _is_site_part(element: Any, looks: _Looks) -> bool:
    """Menus, breadcrumbs and pagers: named so, and little but links; banners of cookies: named so, and not long."""
    if element.tag in ("body", "html", "main", "article", "a", "td", "table", "form"):
        return False
    words = look_words(element)
    if words.isdisjoint(_marks("menus")) and words.isdisjoint(_marks("banners")):
        return False
    if not words.isdisjoint(_marks("opens")) and element.find(".//table") is not None:
        return False
    texts = looks.texts(element)
    if texts is None or _names_its_month(element):
        return False
    total = sum(map(len, texts))
    if not words.isdisjoint(_marks("banners")):
        return total < _BANNER
    linked = ["".join(link.itertext()) for link in element.iter("a")]
    if sum(map(_has_number, linked)) >= max(_DATED * len(linked), 2):
        return False  # a menu of dates leads to what happened on them
    blank = sum(text.count(" ") + text.count("\n") + text.count("\t") for text in texts)
    return sum(map(len, linked)) >= _LINKED * (total - blank)


def _names_its_month(element: Any) -> bool:
    """A menu around a heading with a number that leads nowhere: "March 2026" between the links to the months beside it.
    The links, which stand in lists of their own, are told by themselves."""
    headings = islice(element.iter(*_LEVELS, "caption"), _LINKS)
    return any(_has_number("".join(one.itertext())[:_HEADING]) and one.find(".//a") is None for one in headings)


def _is_line(link: Any, known: dict[Any, bool]) -> bool:
    """A link among links with no words between them: style sheets show each on a line of its own; `known` are elements
    that were asked before."""
    holder = link.getparent()
    if holder is None:
        return False
    if holder not in known:
        known[holder] = _is_of_links(holder)
    return known[holder]


def _is_of_links(holder: Any) -> bool:
    if holder.tag not in _BLOCKS or len(holder) < _LINKS or (holder.text or "").strip():
        return False
    return all(child.tag in ("a", "br") and not (child.tail or "").strip() for child in holder)


def _has_number(text: str) -> bool:
    return any(char.isdigit() for char in text)


@cache
def _marks(name: str) -> frozenset[str]:
    return frozenset(load_yaml("layouts.yaml")[name])


def look_words(element: Any) -> set[str]:
    """The words of an element's class and id."""
    look = f"{element.get('class', '')} {element.get('id', '')}"
    return set(_split(look)) if look != " " else set()


@cache
def _split(look: str) -> tuple[str, ...]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", look[:400]).lower()
    return tuple(_WORD.findall(spaced))


def _take(buffer: _Buffer, element: Any, text: str | None, before: bool = False) -> None:
    """Add text to the line; two inline elements side by side are set apart by style sheets, not by blanks."""
    if before and element.tag not in _BLOCKS and buffer.pieces:
        previous = element.getprevious()
        if previous is not None and not previous.tail and element.tag not in ("sup", "sub"):
            buffer.add(" ", element)
    if text:
        if not before and buffer.pieces and text[0].isupper() and _SMALL.search(buffer.pieces[-1].text[-3:]):
            buffer.add(" ", element)  # a label that style sheets set apart: "Published" before "Monday"
        buffer.add(text, element)


def _level(holder: Any) -> int:
    """The heading level of a block element: its own tag's, or that of a heading right around it."""
    for element in (holder, holder.getparent(), None):
        if element is None:
            return 0
        if element.tag in _LEVELS:
            return _LEVELS[element.tag]
        if element.get("role") == "heading":
            level = element.get("aria-level", "2")
            return int(level) if len(level) == 1 and level.isdecimal() and 0 < int(level) < 7 else 2
    return 0


def is_strong(block: Block) -> bool:
    """A short line all in bold: a heading without the tag."""
    if len(block.text) > 120 or not block.pieces or block.cell:
        return False
    return all(_is_bold(piece.element) for piece in block.pieces)


def _is_bold(element: Any) -> bool:
    for _ in range(3):
        if element is None:
            return False
        if element.tag in ("b", "strong", "th"):
            return True
        element = element.getparent()
    return False

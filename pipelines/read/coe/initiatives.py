"""The COVID-19 page: long prose, then what cities did, under headings that are places.

What belongs here: what stands under a city is that city's initiative, one item a bullet, or one for the paragraphs.
What does not: lists of entries, the hub.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.read.coe.sentences import linked_as, name_in, named_date, named_places, sentences
from pipelines.read.html.lines import Line
from pipelines.read.html.links import entry_links
from pipelines.read.html.roles import is_furniture, is_page_title, is_prose, word_count, words
from pipelines.read.reading import Item
from pipelines.reference.folding import fold
from pipelines.refine.places import find_places, is_place_line

_HEADING_WORDS = 8
_EARLY = 40  # characters before the name of the city that a paragraph is about ("The municipality of Bergen ...")
_JOINT = re.compile(r":| [–—-] ")


def read_city_initiatives(lines: list[Line]) -> list[Item]:
    """What stands under a heading that is a place, one item a bullet, else one for all; without such headings each
    paragraph that begins with a city."""
    items: list[Item] = []
    for place, block in list(_under_places(lines)) or _naming(lines):
        bullets = [line for line in block if line.bullet]
        items += [_initiative_item([line], place) for line in bullets] if bullets else [_initiative_item(block, place)]
    return items


def _under_places(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Each place that stands as a heading, or before a colon, with the lines that belong to it."""
    place: str | None = None
    level = 0
    block: list[Line] = []
    for line in lines:
        named, rest = _place_before(line)
        closes = _is_site(line) or (line.level and (not level or line.level <= level))
        if named or closes:
            if place and block:
                yield place, block
            place, level, block = named, line.level, [rest] if rest else []
        elif place and line.text:
            block.append(line)
    if place and block:
        yield place, block


def _is_site(line: Line) -> bool:
    """Whether a line belongs to the page and not to a city."""
    return is_furniture(line.text) or is_page_title(line.text) or fold(line.text) in words("closing")


def _place_before(line: Line) -> tuple[str | None, Line | None]:
    """The place that a line names as a heading (`Bergen (Norway)`, `Bergen, Norway:`), and what follows it."""
    if word_count(line.text) <= _HEADING_WORDS and is_place_line(line.text.rstrip(": ")):
        return line.text.rstrip(": "), None
    joint = _JOINT.search(line.text)
    head, rest = (line.text[: joint.start()], line.text[joint.end() :]) if joint else ("", "")
    if line.strong and line.text.startswith(line.strong) and is_place_line(line.strong.rstrip(": ")):
        head, rest = line.strong.rstrip(": "), line.text.removeprefix(line.strong).lstrip(" :–—-")
    if rest.strip() and word_count(head) <= _HEADING_WORDS and is_place_line(head):
        strong = "" if head in line.strong else line.strong
        return head.strip(), Line(rest.strip(), anchors=line.anchors, strong=strong, bullet=line.bullet)
    return None, None


def _naming(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Each paragraph or bullet of running text whose first words name a city, with the places of its first sentence."""
    for line in lines:
        lead = (sentences(line.text) or [""])[0]
        early = [span for span in find_places(lead, running=True) if span.kind == "city" and span.start <= _EARLY]
        if early and not line.level and word_count(line.text) > _HEADING_WORDS and not _is_site(line):
            yield named_places(lead) or early[0].text, [line]


def _initiative_item(block: list[Line], place: str) -> Item:
    """One initiative: named by what the text sets in bold, quotes or links, else by its first sentence."""
    first = block[0]
    short_head = first.text if len(block) > 1 and not is_prose(first) else None
    strong = first.strong if 2 <= word_count(first.strong) <= 20 else None
    lead = (sentences(first.text) or [first.text])[0]
    title = short_head or strong or name_in(lead, first) or lead
    text = "\n".join(line.text for line in block if line.text != title)
    own = linked_as(title, first)
    return Item(
        title=title,
        summary=text or None,
        url=own.url if own else None,
        item_key=own.key if own else None,
        date_raw=named_date(lead),
        place_raw=place,
        page_kind="practice",
        links=entry_links(block, None),
    )

"""The Congress's COVID-19 hub: pages of partners, resources and initiatives.

What belongs here: cutting sentences and bullets into items, with the section they stand under. What does not: lists.

One item a sentence or bullet that names something; its title is the quoted or linked name, else the sentence. An
initiative is one item: its title, then prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.read.addresses import Address
from pipelines.read.coe.sentences import linked_as, name_in, named_date, named_places, sentences
from pipelines.read.html.lines import Line
from pipelines.read.html.links import entry_links
from pipelines.read.html.roles import is_furniture, section_kind, word_count, words
from pipelines.read.reading import Item
from pipelines.reference.folding import fold

_TITLE_CHARACTERS = 160
_HEADING_WORDS = 8


def read_hub(lines: list[Line], address: Address) -> list[Item]:
    """The items of a hub page: an initiative is one; of others each sentence or bullet."""
    name, body = _after_breadcrumb(lines)
    if "initiative" in (address.item_key or ""):
        return _initiative(name, body, address)
    items: list[Item] = []
    kind: str | None = None
    below_heading = False
    for line in body:
        if _is_heading(line):
            kind, below_heading = section_kind(line.text), True
        else:  # above the first heading the page introduces itself: only what it names counts
            told = (text for text in _statements(line) if below_heading or name_in(text, line))
            items += [_sentence_item(text, line, kind) for text in told]
    return items


def _after_breadcrumb(lines: list[Line]) -> tuple[Line | None, list[Line]]:
    """The name of the page, and the lines below it: the breadcrumb ends in the name, the next line repeats it."""
    for index, line in enumerate(lines):
        if name := _breadcrumb_name(line.text):
            rest = lines[index + 1 :]
            again = next((n for n, one in enumerate(rest[:4]) if fold(one.text) == fold(name)), None)
            return (Line(name), rest) if again is None else (rest[again], rest[again + 1 :])
    own = [line for line in lines if line.text and not is_furniture(line.text)]
    start = next((n for n, line in enumerate(own) if line.level), 0)
    return (own[start], own[start + 1 :]) if own else (None, [])


def _breadcrumb_name(text: str) -> str | None:
    """NAME of a breadcrumb line `Home Partners NAME`, whatever stands between its parts."""
    parts = re.split(r"[\s>›»/]+", text, maxsplit=2)
    if len(parts) < 3 or fold(parts[0]) not in words("breadcrumbs") or fold(parts[1]) not in words("breadcrumb_places"):
        return None
    return parts[2].strip()


def _is_heading(line: Line) -> bool:
    """A section of the hub: a heading, or a short line without an end, that is no link line."""
    if line.level:
        return True
    short = word_count(line.text) <= _HEADING_WORDS and not line.text.endswith((".", "!", "?", ":", ";", ","))
    return section_kind(line.text) is not None or (
        short and not line.bullet and not line.anchors and ":" not in line.text
    )


def _statements(line: Line) -> Iterator[str]:
    """The sentences of a line, or the whole of a bullet, that name something; a line of links names nothing."""
    if is_furniture(line.text) or _is_link_line(line.text):
        return
    yield from [line.text] if line.bullet else (text for text in sentences(line.text) if word_count(text) >= 4)


def _is_link_line(text: str) -> bool:
    return bool(re.match(r"(covid-?\s?19|website|site web|site)\s*:", text.lower())) and len(text) < 200


def _sentence_item(text: str, line: Line, kind: str | None) -> Item:
    """One item: titled by what it quotes or links, placed by the cities that it names."""
    title = name_in(text, line) or text
    cut = title if len(title) <= _TITLE_CHARACTERS else title[: _TITLE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
    anchors = tuple(a for a in line.anchors if a.text and a.text in text)
    links = entry_links([Line(text, anchors=anchors)], None)
    own = linked_as(title, line)
    return Item(
        title=cut,
        url=own.url if own else None,
        item_key=own.key if own else None,
        summary=text,
        date_raw=named_date(text),
        place_raw=named_places(text),
        page_kind=kind,
        links=links,
    )


def _initiative(name: Line | None, body: list[Line], address: Address) -> list[Item]:
    """An initiative: its title, its prose as the summary, the cities that its title or its first sentence names."""
    if name is None:
        return []
    prose = [line for line in body if not is_furniture(line.text) and not _is_link_line(line.text)]
    first = sentences(prose[0].text)[:1] if prose else []
    named = [places for text in [name.text, *first] if (places := named_places(text))]
    item = Item(
        title=name.text,
        summary="\n".join(line.text for line in prose) or None,
        url=address.url,
        item_key=address.item_key,
        date_raw=next((found for line in prose for text in sentences(line.text) if (found := named_date(text))), None),
        place_raw="; ".join(dict.fromkeys(named)) or None,
        page_kind="practice",
        links=entry_links(prose, address.item_key),
    )
    return [item]

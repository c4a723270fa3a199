"""Detail pages of news and practices: one item, its labelled sections, its documents.

What belongs here: metadata at the top or the bottom, and what stands below labels. What does not: the title and the
labels among the lines (`headings`), lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pipelines.read.addresses import Address
from pipelines.read.coe.headings import split_labels, title_index
from pipelines.read.coe.metadata import Metadata, join, read_metadata
from pipelines.read.html.lines import Line
from pipelines.read.html.links import entry_links
from pipelines.read.html.roles import (
    is_furniture,
    is_page_title,
    is_prose,
    is_read_more,
    label_of,
    marked_language,
    words,
)
from pipelines.read.reading import Item
from pipelines.reference.folding import fold
from pipelines.refine.dates import find_dates

_EDGE = 3  # metadata stands within so many lines of the title, or of the end
_MOST = 0.6  # of the text behind the title: the rest is columns and footers


def read_detail(lines: list[Line], address: Address, page_title: str = "") -> Item | None:
    """The item of a detail page; None when the page shows no title and no text."""
    own = _own_lines(lines, page_title, address)
    if not own:
        return None
    title, body = own[0], [part for line in own[1:] for part in split_labels(line)]
    language = next((found for line in lines if (found := marked_language(line.text))), None)
    metadata, body = _metadata(_with_values(body))
    sections, lead = _sections(body)
    subtitle = lead.pop(0) if lead and _is_subtitle(lead[0], title) else None
    return Item(
        title=title.text,
        subtitle=subtitle.text if subtitle else None,
        summary=_lead(lead),
        sections=sections or None,
        url=address.url,
        item_key=address.item_key,
        date_raw=metadata.date_raw if metadata else None,
        place_raw=metadata.place_raw if metadata else None,
        language_declared=language,
        page_kind="practice" if len(sections) >= 2 else None,
        links=entry_links(own, address.item_key),
    )


def _own_lines(lines: list[Line], page_title: str, address: Address) -> list[Line]:
    """The lines of the item, title first: its metadata above the title, then all to the furniture at its end."""
    start = title_index(lines, page_title, address)
    if start is None:
        return []
    title = lines[start]
    above = [line for line in lines[max(start - _EDGE, 0) : start] if _is_metadata(line)]
    body = _content(lines[start + 1 :], title)
    end = next((n for n, line in enumerate(body) if _closes(line, title)), len(body))
    kept = [line for line in body[:end] if not is_furniture(line.text) and not marked_language(line.text)]
    return [title, *above, *(line for line in kept if line.text and not is_read_more(line.text))]


def _is_metadata(line: Line) -> bool:
    found = read_metadata(line.text)
    return found is not None and found.sure


def _content(lines: list[Line], title: Line) -> list[Line]:
    """Of the lines behind the title those in the smallest element around it that holds most of their text."""
    total = sum(len(line.text) for line in lines)
    element = title.node
    while element is not None:
        inside = [line for line in lines if _is_below(line.node, element)]
        if sum(len(line.text) for line in inside) >= _MOST * total:
            return inside
        element = element.getparent()
    return lines


def _is_below(node: Any, element: Any) -> bool:
    while node is not None and node is not element:
        node = node.getparent()
    return node is element


def _closes(line: Line, title: Line) -> bool:
    """Whether a line is past the item: "Social media", "Related content" and the like as a line of their own."""
    return fold(line.text) in words("closing") or (
        bool(line.level) and is_page_title(line.text) and line.level <= max(title.level, 1)
    )


def _metadata(body: list[Line]) -> tuple[Metadata | None, list[Line]]:
    """The metadata near the top or the bottom, else what a label calls a date ("Duration:"); and the other lines."""
    edges = {id(line) for line in [*body[:_EDGE], *body[-_EDGE:]]}
    found: Metadata | None = None
    rest: list[Line] = []
    for line in body:
        one = _metadata_of(line) if id(line) in edges else None
        if one is None or (found and (found.date_raw and one.date_raw)):
            rest.append(line)
        else:
            found = one if found is None else join(found, one)
    if found is None or found.date_raw is None:
        labelled = next((one for line in rest if (one := _labelled_date(line))), None)
        found = join(found, labelled) if found and labelled else found or labelled
    return found, rest


def _with_values(body: list[Line]) -> list[Line]:
    """The lines, a label of metadata and the value below it as one ("City", then "Fermo")."""
    joined: list[Line] = []
    for line in body:
        label = label_of(joined[-1].text, "meta_labels") if joined else None
        if label and not label[1] and _is_value(label[0], line.text):
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text.rstrip(': ')}: {line.text}", level=0)
        else:
            joined.append(line)
    return joined


def _is_value(meaning: str, text: str) -> bool:
    found = read_metadata(text)
    return found is not None and bool(found.date_raw if meaning == "date" else found.place_raw)


def _metadata_of(line: Line) -> Metadata | None:
    """The metadata of a line; a bullet, a line with links and a section label are none."""
    bare = not (is_prose(line) or line.bullet or line.anchors or label_of(line.text))
    return read_metadata(line.text) if bare else None


def _labelled_date(line: Line) -> Metadata | None:
    labelled = label_of(line.text, "meta_labels")
    dated = labelled is not None and labelled[0] == "date" and bool(find_dates(labelled[1]))
    return Metadata(labelled[1], None, True) if labelled and dated else None


def _sections(body: Iterable[Line]) -> tuple[dict[str, str], list[Line]]:
    """Labelled sections (meaning to text, in the order of the page) and the lines before the first label."""
    texts: dict[str, list[str]] = {}
    lead: list[Line] = []
    current: str | None = None
    for line in body:
        if labelled := label_of(line.text):
            current, rest = labelled
            texts.setdefault(current, []).extend([rest] if rest else [])
        elif current is None:
            lead.append(line)
        else:
            texts[current].append(line.text)
    return {meaning: "\n".join(found) for meaning, found in texts.items() if found}, lead


def _is_subtitle(line: Line, title: Line) -> bool:
    """A second heading right below the title."""
    return bool(line.level) and line.level > title.level > 0 and not is_prose(line)


def _lead(lines: list[Line]) -> str | None:
    """The lead: the first paragraph, with the short lines before it."""
    for index, line in enumerate(lines):
        if is_prose(line):
            return "\n".join(one.text for one in lines[: index + 1])
    return "\n".join(line.text for line in lines) or None

"""The title of a detail page and the labels of its parts, found among its lines.

What belongs here: which line is the title, and labels that share a line with text. What does not: what stands
below them (`details`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.read.addresses import Address
from pipelines.read.coe.metadata import read_metadata
from pipelines.read.html.lines import Line
from pipelines.read.html.roles import is_furniture, is_page_title, is_prose, label_of, marked_language
from pipelines.reference.folding import fold

_MENU = 3  # more short lines than an entry has above its text are a menu
_ALIKE = 0.6  # of the words of title and slug; a slug leaves out some, and is cut
_WORD = re.compile(r"[^\W_]+")
_INNER = re.compile(r"(?:^|(?<=[.!?;)\]…»”\"] ))([^\W\d_a-z][^.:;!?]{1,38}?) ?: ")


def title_index(lines: Sequence[Line], page_title: str, address: Address) -> int | None:
    """Where the title stands: the heading that the address or the `<title>` repeats, else any line that the address
    repeats, else the first heading, else the line that the text begins below."""
    own = [n for n, line in enumerate(lines) if _may_be_title(line)]
    headings = [n for n in own if lines[n].level]
    slug = (address.item_key or "").partition(":")[2]
    named = fold(page_title)
    for found in (
        _alike(lines, headings, slug)[:1],
        [n for n in headings or own if named and fold(lines[n].text) in named],
        _alike(lines, own, slug)[-1:],
        headings,
    ):
        if found:
            return found[0]
    return _above_text(lines, own)


def _may_be_title(line: Line) -> bool:
    furniture = is_furniture(line.text) or is_page_title(line.text) or marked_language(line.text) is not None
    return bool(line.text and fold(line.text)) and not furniture


def _alike(lines: Sequence[Line], among: Sequence[int], slug: str) -> list[int]:
    """The lines above the first prose that have the words of the slug, which the portal makes of the title."""
    wanted = set(slug.split("-")) - {""}
    if not wanted:
        return []
    first = next((n for n in among if is_prose(lines[n])), len(lines))
    return [n for n in among if n <= first and _likeness(lines[n], wanted) >= _ALIKE]


def _likeness(line: Line, wanted: set[str]) -> float:
    have = set(_WORD.findall(fold(line.text)))
    return len(have & wanted) / len(have | wanted)


def _above_text(lines: Sequence[Line], own: Sequence[int]) -> int | None:
    """Of the lines above the metadata, the first label or the first paragraph those that furniture does not part from
    it: the first, or the last when they are more than an entry has."""
    text = next((at for at, n in enumerate(own) if _begins_text(lines[n])), 0)
    if not text:
        return next(iter(own), None)
    start = text - 1
    while start and own[start - 1] == own[start] - 1:
        start -= 1
    return own[start] if text - start <= _MENU else own[text - 1]


def _begins_text(line: Line) -> bool:
    return is_prose(line) or label_of(line.text) is not None or read_metadata(line.text) is not None


def split_labels(line: Line) -> list[Line]:
    """The line cut before each label that it holds: `Purpose: ... Process: ...`, or a label that is set in bold."""
    bold = label_of(line.strong) if line.strong and line.text.startswith(line.strong) else None
    rest = line.text.removeprefix(line.strong).lstrip(" :–—-")
    if bold and not bold[1] and rest:
        return [replace(line, text=line.strong, anchors=()), replace(line, text=rest, strong="")]
    cuts = [found.start() for found in _INNER.finditer(line.text) if label_of(found.group(1))]
    if len(cuts) < 2:
        return [line]
    edges = sorted({0, *cuts, len(line.text)})
    texts = [line.text[start:end].strip() for start, end in pairwise(edges)]
    return [replace(line, text=text, anchors=tuple(a for a in line.anchors if a.text in text)) for text in texts]

"""Running text cut into sentences, and the names that a sentence quotes or links.

What belongs here: sentence ends and quoted names. What does not: what a sentence means for an entry.
"""

from __future__ import annotations

import re

from pipelines.read.html.lines import Anchor, Line
from pipelines.refine.dates import find_dates
from pipelines.refine.places import find_places

_QUOTED = re.compile(r"[“\"«„‟]\s*([^“”\"«»„‟]{3,200}?)\s*[”\"»“‟]")
# A sentence ends at . ! ? before a blank and a capital or a quote; never behind an initial or an abbreviation.
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+(?=[\"“«‟„(]?[^\W\d_a-z])")
_JOINT = re.compile(r",? \(?|, ?|/")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Prof|No|Nr|Art|e\.g|i\.e|etc|vs|M|Mme))\.$")


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    parts: list[str] = []
    for piece in _SENTENCE.split(text):
        if parts and _ABBREVIATED.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {piece}"
        else:
            parts.append(piece)
    return [part.strip() for part in parts if part.strip()]


def name_in(text: str, line: Line) -> str | None:
    """The longest name that a sentence quotes, links or sets in bold."""
    quoted = [found.group(1) for found in _QUOTED.finditer(text)]
    marked = [*(anchor.text for anchor in line.anchors), line.strong]
    return max([*quoted, *(name for name in marked if name and name in text)], key=len, default=None)


def linked_as(name: str, line: Line) -> Anchor | None:
    """The link whose text is the name, when its address has an item key."""
    return next((anchor for anchor in line.anchors if anchor.text == name and anchor.key), None)


def named_places(text: str) -> str | None:
    """The places that a sentence names, as displayed; neighbours such as `Kirklees (UK)` stay together."""
    runs: list[tuple[int, int]] = []
    for span in find_places(text, running=True):
        if runs and _JOINT.fullmatch(text[runs[-1][1] : span.start]):
            runs[-1] = (runs[-1][0], span.end)
        else:
            runs.append((span.start, span.end))
    found = (
        text[start:end] + (")" if "(" in text[start:end] and text[end : end + 1] == ")" else "") for start, end in runs
    )
    return "; ".join(dict.fromkeys(found)) or None


def named_date(text: str) -> str | None:
    """The date that a sentence names, as displayed; None when it names none, or several."""
    spans = find_dates(text)
    return spans[0].text if len(spans) == 1 else None

"""What a page states of one event or one piece of news, and the cleaning that every such statement gets.

What belongs here: the record, its limits, strings made text, addresses made absolute, words of a status. What does not:
where statements come from (the modules beside this one), and whether they are true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from pipelines.read.html.lines import squeeze
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

_LONGEST = {"title": 300, "start": 80, "end": 80, "place": 300, "summary": 2000}
_LONGEST_ADDRESS = 2048
_LONGEST_SOURCE = 8000  # of a text before its markup is taken off
_BREAKS = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|dd|dt|table|section|article|blockquote)\b[^<>]*>", re.I)
_TAGS = re.compile(r"<[a-z/!][^<>]*>", re.I)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNSHOWN = ("script", "style")
_MOST_PIECES = 400


@dataclass(frozen=True, slots=True)
class Stated:
    """One event or piece of news as structured data states it; what is not stated is None.

    kind: event or news. start, end: the words as stated, ISO 8601 if they were so; of news `start` is the day of
    publishing; a number of seconds since 1970 is given as ISO in UTC. `end` of FullCalendar and iCalendar may be the
    day after the last one. place: name and address joined by commas. url: absolute, http or https. status: cancelled
    or postponed. syntax: json-ld, microdata, rdfa, h-event, script-json. node: the element that the statement hangs
    on, None for a script.
    """

    kind: str
    title: str
    start: str
    end: str | None
    place: str | None
    url: str | None
    summary: str | None
    status: str | None
    syntax: str
    node: Any = field(default=None, compare=False)


def make_stated(kind: str, parts: dict[str, Any], base: str, syntax: str, node: Any = None) -> Stated | None:
    """The statement of cleaned parts; None without a title that has a letter and a start that has a digit."""
    texts = {name: _capped(name, parts.get(name)) for name in _LONGEST}
    title, start = texts["title"], texts["start"]
    if not title or not start or not any(map(str.isalpha, title)) or not any(map(str.isdigit, start)):
        return None
    url, status = absolute(parts.get("url"), base), status_of(parts.get("status"))
    return Stated(kind, title, start, texts["end"], texts["place"], url, texts["summary"], status, syntax, node)


def _capped(name: str, value: Any) -> str | None:
    text = plain_text(value) if isinstance(value, str) else ""
    return text[: _LONGEST[name]].rstrip() or None


def plain_text(text: str) -> str:
    """A string without markup, entities and control characters, with single blanks."""
    text = _CONTROLS.sub(" ", text[:_LONGEST_SOURCE])
    for _ in range(2):  # escaped markup in a string is markup for those who wrote it
        if "<" in text:
            text = _TAGS.sub("", _BREAKS.sub(" ", _without_scripts(text)))
        if "&" not in text:
            break
        text = _CONTROLS.sub(" ", unescape(text))
    return squeeze(text)


def shown_text(element: Any) -> str:
    """The first words of an element's text, those of scripts left out: what is longer is cut anyway."""
    said, length = [], 0
    for text in islice(_pieces(element), _MOST_PIECES):
        said.append(text)
        length += len(text)
        if length > _LONGEST_SOURCE:
            break
    return " ".join(said)


def _pieces(element: Any) -> Iterator[str]:
    for event, part in etree.iterwalk(element, events=("start", "end")):
        text = (part.text if part.tag not in _UNSHOWN else None) if event == "start" else None
        tail = part.tail if event == "end" and part is not element else None
        yield from filter(None, (text, tail))


def _without_scripts(text: str) -> str:
    for name in _UNSHOWN:
        lowered, kept, at = text.lower(), [], 0
        while (opens := lowered.find(f"<{name}", at)) >= 0:
            kept.append(text[at:opens])
            closes = lowered.find(f"</{name}", opens)
            at = closes if closes >= 0 else len(text)
        text = "".join([*kept, text[at:]]) if len(lowered) == len(text) else text
    return text


def absolute(address: Any, base: str) -> str | None:
    """An address of http or https, absolute; None when it is none."""
    if not isinstance(address, str) or not address.strip() or len(address) > _LONGEST_ADDRESS:
        return None
    try:
        found = urljoin(base, unescape(_CONTROLS.sub("", squeeze(address))))
    except ValueError:  # bad brackets in a host
        return None
    return found if found.startswith(("http://", "https://")) else None


def status_of(value: Any) -> str | None:
    """cancelled or postponed when a stated status says so ("https://schema.org/EventCancelled"), else None."""
    word = fold(value[:200].rstrip("/ ").rpartition("/")[2]) if isinstance(value, str) else ""
    return _statuses().get(word)


@cache
def _statuses() -> dict[str, str]:
    known = load_yaml("status.yaml")
    return {fold(word): name for name in ("cancelled", "postponed") for word in known[name]}

"""hCalendar and h-event: events that are stated by class names.

What belongs here: the two formats, the value-class pattern. What does not: other microformats, and times that are not
marked up as such.

By hand, because extruct takes 140 ms for a page of 100 kB. Source: http://microformats.org/wiki/hcalendar,
http://microformats.org/wiki/h-event, http://microformats.org/wiki/value-class-pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipelines.read.structured.json_text import Budget
from pipelines.read.structured.schema_org import join_place
from pipelines.read.structured.stated import Stated, make_stated, shown_text

# One cheap look for all; the classes themselves are compared whole.
_MARKED = etree.XPath("(//@class[contains(., 'vevent') or contains(., 'h-event')])[position() <= 3000]/..")
_ROOTS = frozenset(("vevent", "h-event"))
# Class names, new and old, of the parts of an event.
_PARTS = {
    "title": ("p-name", "summary"),
    "start": ("dt-start", "dtstart"),
    "end": ("dt-end", "dtend"),
    "place": ("p-location", "location"),
    "url": ("u-url", "url"),
    "summary": ("p-summary", "e-content", "p-description", "description"),
    "status": ("p-status", "status"),
}
_NAMES = {name: part for part, names in _PARTS.items() for name in names}
_ORDER = {name: at for names in _PARTS.values() for at, name in enumerate(names)}
_PLACE_PARTS = (
    ("p-name", "fn", "org"),
    ("p-street-address", "street-address"),
    ("p-locality", "locality"),
    ("p-country-name", "country-name"),
)
_TITLED = frozenset(("abbr", "link"))
_DATED = {"time": "datetime", "ins": "datetime", "del": "datetime", "data": "value", "input": "value"}
_ZONE = re.compile(r"^(?:Z|[+-]\d)", re.IGNORECASE)


def read_microformats(tree: Any, base: str, budget: Budget) -> Iterator[Stated]:
    """The events of the page, in its order."""
    for root in _MARKED(tree):
        if _ROOTS & _classes(root) and budget.thing():
            found = _parts(root, budget)
            parts = {part: _said(part, element) for part, element in found.items()}
            if made := make_stated("event", parts, base, "h-event", root):
                yield made


def _classes(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def _parts(root: Any, budget: Budget) -> dict[str, Any]:
    """The element of each part; of two the newer format, then the first. An event within is not this one."""
    found: dict[str, tuple[int, Any]] = {}
    stack = list(reversed(root))
    while stack and budget.element():
        element = stack.pop()
        names = _classes(element) if isinstance(element.tag, str) else set()
        if names & _ROOTS:
            continue
        for name in names & _NAMES.keys():
            part, rank = _NAMES[name], _ORDER[name]
            if part not in found or rank < found[part][0]:
                found[part] = (rank, element)
        inside = names & {"p-location", "location", "p-organizer", "organizer", "p-author", "vcard"}
        stack += [] if inside else reversed(element)
    return {part: element for part, (_, element) in found.items()}


def _said(part: str, element: Any) -> str:
    if part == "url":
        return str(element.get("href") or _text(element))
    if part in ("start", "end"):
        return _moment(element)
    return _place(element) if part == "place" else _text(element)


def _text(element: Any) -> str:
    if element.tag in _TITLED and element.get("title"):
        return str(element.get("title"))
    return str(element.get("alt") or shown_text(element))


def _place(element: Any) -> str:
    """Name and address where they are marked up, else the text."""
    within = {name: one for one in element.iterdescendants() for name in _classes(one)}
    said = [next((_text(within[name]) for name in names if name in within), None) for names in _PLACE_PARTS]
    return join_place(said) or _text(element)


def _moment(element: Any) -> str:
    """Day and time: of the value-class pattern joined, else of the element itself."""
    values = [one for one in element.iterdescendants() if _classes(one) & {"value", "value-title"}]
    if not values:
        return _instant(element)
    said = [_instant(one).strip() for one in values[:4]]
    days = [text for text in said if re.match(r"\d{4}-", text)]
    zones = [text for text in said if _ZONE.match(text)]
    times = [text for text in said if text not in days and text not in zones]
    joined = (days or said)[0]
    if days and times and "T" not in joined:
        joined += f"T{times[0]}" if re.match(r"\d\d?:\d\d", times[0]) else f" {times[0]}"
    return joined + "".join(zones[:1])


def _instant(element: Any) -> str:
    if "value-title" in _classes(element) or element.tag == "abbr":
        given = element.get("title")
    else:
        given = element.get(_DATED.get(element.tag, "datetime"))
    return str(given) if given else shown_text(element)

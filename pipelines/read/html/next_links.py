"""The link to the next page of a list, told by what a link says and by where it leads; and a calendar's next month.

What belongs here: weighing words, classes, numbers and arrows of links. What does not: addresses (`paging`), the other
roles of links (`links`). Words never suffice: the address must be a further page of the list, but for a few phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from pipelines.read.html.lines import squeeze
from pipelines.read.html.paging import Spot, is_bounded, is_month_after, may_be_page, read_spot, step
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold, fold_word

MOST_STEPS = 1500
"""So many links of a page are weighed; further ones are not looked at."""
MONTHS_AHEAD = 12
"""A calendar is followed so far from the day of its capture."""
_PHRASE, _REL, _WORD, _NUMBER, _MORE, _ARROW = 6, 5, 4, 3, 2, 1
_LONGEST = 60  # characters of a link that says no more than that it leads on
_FIRST_WORDS = 5
_LEVELS = 4  # from a link up to what holds the pager
_CLASS_PARTS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A link that leads on: weight, then page or day (smaller is nearer), then order on the page."""

    weight: int
    nearness: tuple[int, ...]
    order: int
    url: str
    number: int | None = None
    node: Any = None


@dataclass(slots=True)
class NextLinks:
    """What of a page's links leads on; `add` every link, then ask `found`."""

    base: str
    captured: date | None = None
    here: Spot | None = field(init=False)
    left: int = MOST_STEPS
    pages: list[_Candidate] = field(default_factory=list)
    days: list[_Candidate] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.here = read_spot(self.base)

    def add(self, element: Any, href: str, lowered: str) -> None:
        """Weigh an `<a>` or `<link>`; cheap for those that lead elsewhere."""
        if self.left <= 0 or self.here is None:
            return
        rel = element.get("rel")
        is_rel = bool(rel) and "next" in rel.lower().split()
        if not is_rel and not may_be_page(lowered) and not _may_say(element):
            return
        weight, number = _says(element, is_rel)
        if weight:
            self.left -= 1
            self._weigh(element, href, weight, number)

    def found(self) -> list[str]:
        """The addresses that lead on: at most one page and one month."""
        pages = self._with_numbers()
        best = [min(group, key=lambda c: (-c.weight, c.nearness, c.order)) for group in (pages, self.days) if group]
        return [candidate.url for candidate in best]

    def _weigh(self, element: Any, href: str, weight: int, number: int | None) -> None:
        try:
            url = urljoin(self.base, href)
        except ValueError:
            return
        there = read_spot(url)
        if there is None or self.here is None:
            return
        kind = step(self.here, there)
        order = MOST_STEPS - self.left
        if kind == "day":
            if self._is_next_period(element, weight, there):
                self.days.append(_Candidate(weight, there.day or (), order, url))
        elif _leads_on(kind, weight, there, self.here, element):
            self.pages.append(_Candidate(weight, (there.page or 0,), order, url, number, element))

    def _is_next_period(self, element: Any, weight: int, there: Spot) -> bool:
        """Whether a link to another month is said to be the next one, and is near enough to be followed."""
        here = self.here.day if self.here else None
        if there.day is None or "nofollow" in (element.get("rel") or "").lower():
            return False  # so sites mark calendars without an end
        said = weight >= _WORD or (weight == _ARROW and here is not None and is_month_after(there.day, here))
        return said and is_bounded(there.day, here, self.captured, MONTHS_AHEAD)

    def _with_numbers(self) -> list[_Candidate]:
        """The candidates, of the numbers only the one behind the current page."""
        numbers = [one for one in self.pages if one.weight == _NUMBER]
        others = [one for one in self.pages if _counts_alone(one)]
        return others + _next_number(numbers)


def _counts_alone(one: _Candidate) -> bool:
    """Whether a link needs no number beside it; an arrow needs a pager around it."""
    return one.weight not in (_NUMBER, _ARROW) or (one.weight == _ARROW and _in_pager(one.node))


def _leads_on(kind: str | None, weight: int, there: Spot, here: Spot, element: Any) -> bool:
    """Whether what a link says and where it leads agree; otherwise it is a step from one entry to the next."""
    if kind == "page":  # a bare number may be the id of an entry, behind its title or behind "more"
        return not there.bare or (weight != _MORE and (weight != _REL or not _is_titled(element)))
    if kind == "near":
        return weight >= _WORD
    if kind == "same":
        return weight >= _REL
    return weight == _PHRASE and there.host == here.host and there != here and there.page is None and there.day is None


def _is_titled(element: Any) -> bool:
    """Whether a link with `rel=next` names what it leads to: the title of another entry."""
    text = squeeze((element.get("title") if element.tag == "link" else _text(element)) or "")
    return bool(fold(text)) and not text.isdecimal() and (len(text) > _LONGEST or _mark(text) <= 0)


def _may_say(element: Any) -> bool:
    """Whether a link can be one of the phrases that count with any address: by its first word, which is cheap."""
    text = element.text or ""
    if not text.strip() and len(element):
        text = element[0].text or ""
    first = text[:_LONGEST].lstrip(" \n\t›»→<>").split(maxsplit=1)
    return bool(first) and fold_word(first[0]) in _first_words()


def _says(element: Any, is_rel: bool) -> tuple[int, int | None]:
    """The weight of what a link says (0: nothing), and its number."""
    if element.get("aria-disabled") == "true" or _is_of(element, "disabled"):
        return 0, None
    text = squeeze(_text(element))
    if text.isascii() and text.isdecimal() and len(text) <= 4:
        return (_REL if is_rel else _NUMBER), int(text)
    labels = [label for label in (text, element.get("aria-label"), element.get("title")) if label]
    marks = [_mark(label) for label in labels if len(label) <= _LONGEST]
    if -1 in marks:
        return 0, None
    weight = max([0, *marks, _REL if is_rel else 0])
    if weight < _WORD and len(text) <= _LONGEST and _has_class(element):
        weight = _WORD
    return weight, None


def _text(element: Any) -> str:
    if not len(element):
        return element.text or ""
    return "".join(islice(element.itertext(), 12))[:200]


@lru_cache(maxsize=4096)
def _mark(label: str) -> int:
    """The weight of a text; -1 when it says that it leads to another entry."""
    if label.strip() in _arrows():
        return _ARROW
    said = [word for word in fold(label).split() if not word.isdecimal() and word not in ",;:|"]
    first = " ".join(said[:_FIRST_WORDS])
    if _starts_with(first, _phrases("next_page")) or _starts_with(first, _phrases("next_period")):
        return _PHRASE if _starts_with(first, _phrases("next_page")) else _WORD
    if first in _phrases("older"):
        return _MORE
    if not _starts_with(first, _phrases("next")):
        return 0
    if set(said) & _parts("one_entry") and not set(said) & _parts("many_entries"):
        return -1
    return _WORD if len(said) <= _FIRST_WORDS else 0


def _starts_with(text: str, phrases: frozenset[str]) -> bool:
    words = text.split()
    return any(" ".join(words[:count]) in phrases for count in range(1, len(words) + 1))


@cache
def _phrases(name: str) -> frozenset[str]:
    return frozenset(fold(str(phrase)) for listed in load_yaml("links.yaml")[name].values() for phrase in listed)


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _phrases("next_page"))


@cache
def _parts(name: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("links.yaml")[name])


@cache
def _arrows() -> frozenset[str]:
    return frozenset(load_yaml("links.yaml")["arrows"])


@cache
def _class_words(name: str) -> frozenset[str]:
    return frozenset(load_yaml("links.yaml")["classes"][name])


@lru_cache(maxsize=4096)
def _class_parts(names: str) -> frozenset[str]:
    """The words of class names, and each name without its signs ("nav-links")."""
    lowered = names[:300].lower()
    return frozenset(_CLASS_PARTS.split(lowered)) | {_CLASS_PARTS.sub("", name) for name in lowered.split()}


def _is_of(element: Any, kind: str) -> bool:
    names = element.get("class")
    return bool(names) and not _class_words(kind).isdisjoint(_class_parts(names))


def _has_class(element: Any) -> bool:
    """Whether the link, or the item of a list that holds it, is of the class "next"."""
    parent = element.getparent()
    return _is_of(element, "next") or (parent is not None and parent.tag in ("li", "span") and _is_of(parent, "next"))


def _around(element: Any) -> Iterator[Any]:
    return islice(element.iterancestors(), _LEVELS)


def _in_pager(element: Any) -> bool:
    """Whether a link stands in a pager: by the class of what holds it, or by numbers beside it."""
    for parent in _around(element):
        if parent.tag in ("body", "main", "html"):
            return False
        if _is_of(parent, "pager") or len(_numbers_in(parent)) >= 2:
            return True
    return False


def _numbers_in(element: Any) -> list[Any]:
    """The elements within that show nothing but a number of a page."""
    inside = islice(element.iter("a", "span", "strong", "b", "em", "li", "button"), 200)
    return [one for one in inside if (text := (one.text or "").strip()).isdecimal() and len(text) <= 4]


def _next_number(numbers: list[_Candidate]) -> list[_Candidate]:
    """Of links that are numbers the one behind the current page: the number that is marked, else the first one."""
    if not numbers:
        return []
    holder = next((up for up in _around(numbers[0].node) if len(_numbers_in(up)) >= 2), None)
    if holder is None:
        return numbers[:1] if _in_pager(numbers[0].node) else []
    linked = {one.node for one in numbers}
    current = next((int(one.text) for one in _numbers_in(holder) if _is_current(one, linked)), None)
    if current is not None:
        return [one for one in numbers if one.number == current + 1][:1]
    later = [one for one in numbers if one.number is not None and one.number > 1]
    return sorted(later, key=lambda one: one.nearness)[:1]


def _is_current(element: Any, linked: set[Any]) -> bool:
    """Whether a number of a pager is that of the page itself: marked so, or no link."""
    if element.get("aria-current") not in (None, "false") or _is_of(element, "current"):
        return True
    parent = element.getparent()
    if element in linked or parent in linked or element.tag == "li":
        return element.tag == "a" and parent is not None and _is_of(parent, "current")
    return element.tag != "a" or not element.get("href") or (parent is not None and _is_of(parent, "current"))

"""Kinds: practice, event, call, resource or news, with the reason; and the role that the kind gives a date.

What belongs here: the order in which signs are asked, and how they add up. What does not: the words (`kinds.yaml`),
reading dates and places.

The page decides first (a list of practices holds practices), then a deadline, then what the title speaks of together
with the shape of the date: days at a place, a time of day, a day still to come speak for an event. News is all else.
Three points make an event, a call or a resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

DATE_ROLES = {"event": "event", "practice": "period", "call": "deadline", "news": "published", "resource": "published"}

_ENOUGH = 3
_LONGEST_EVENT = 31  # days; a longer range is a period
_TEASER = 400  # characters of a teaser that are looked at
_PRACTICE_SECTIONS = frozenset({"purpose", "stimulus", "process", "impact"})


@dataclass(frozen=True, slots=True)
class Signs:
    """What an entry shows of its kind; None for what it does not show."""

    title: str | None = None
    surtitle: str | None = None
    subtitle: str | None = None
    summary: str | None = None
    page_kind: str | None = None
    sections: frozenset[str] = frozenset()
    date_raw: str | None = None
    start: date | None = None
    end: date | None = None
    start_time: time | None = None
    precision: str | None = None
    is_inferred: bool = False
    date_role: str | None = None
    captured: date | None = None
    has_place: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase of the vocabulary in a title: tokens [start, end), what kind it speaks of, how surely."""

    start: int
    end: int
    text: str
    kind: str
    weight: int


def decide_kind(signs: Signs) -> tuple[str, str]:
    """(kind, the signs that decided)."""
    if signs.page_kind == "practice":
        return "practice", "the page lists practices"
    if len(signs.sections & _PRACTICE_SECTIONS) > 1:
        return (
            "practice",
            f"told in the sections of a practice: {', '.join(sorted(signs.sections & _PRACTICE_SECTIONS))}",
        )
    if signs.date_role == "deadline":
        return "call", "its date is a deadline"
    spoken = _spoken_of(signs)
    if spoken and spoken.kind == "call" and spoken.weight >= _ENOUGH:
        return "call", f"title says {spoken.text!r}"
    if signs.page_kind in ("event", "resource"):
        return signs.page_kind, f"the page lists {signs.page_kind}s"
    return _weigh(signs, spoken)


def _weigh(signs: Signs, spoken: Word | None) -> tuple[str, str]:
    """Event, resource or news by points; an event wins a tie, as publications and reports have no days and places."""
    event, resource = list(_date_signs(signs)), []
    text = f"{signs.title or ''} {signs.summary or ''}"[:_TEASER]
    event += _text_signs(text, "teaser_event")
    resource += _text_signs(text, "teaser_resource")
    title = f"title says {spoken.text!r}" if spoken else ""
    if spoken and spoken.kind == "event":
        event.append((spoken.weight, title))
    if spoken and spoken.kind == "resource":
        resource.append((spoken.weight, title))
    against = spoken.weight if spoken and spoken.kind == "news" else 0
    points = {"event": sum(p for p, _ in event), "resource": sum(p for p, _ in resource), "news": against}
    if points["event"] >= _ENOUGH and points["event"] >= max(points["resource"], against):
        return "event", "; ".join(reason for _, reason in event)
    if points["resource"] >= _ENOUGH and spoken and spoken.kind == "resource":
        return "resource", "; ".join(reason for _, reason in resource)
    weak = "; ".join(reason for _, reason in (*event, *resource))
    return "news", title if against else f"nothing says otherwise{f' for sure ({weak})' if weak else ''}"


def _date_signs(signs: Signs) -> Iterator[tuple[int, str]]:
    """Points for an event from the shape of the date."""
    if signs.start is None or signs.precision not in ("day", "time"):
        return
    days = (signs.end - signs.start).days + 1 if signs.end else 1
    if days > _LONGEST_EVENT:
        return
    yield (2, f"{days} days") if days > 1 else (1, "a single day")
    if days > 1 and signs.has_place:
        yield 1, "at a place"
    if signs.start_time is not None:
        yield 1, "at a time of day"
    elif signs.date_raw:
        yield from _text_signs(signs.date_raw, "part_of_day")
    if signs.captured is not None and signs.start > signs.captured and not signs.is_inferred:
        yield 2, "after the day of the capture"


def _text_signs(text: str, group: str) -> list[tuple[int, str]]:
    """The strongest phrase of a group in a text; none when there is none."""
    folded = fold(text)
    for points, pattern in _patterns(group):
        if found := pattern.search(folded):
            return [(points, f"text says {found[0]!r}")]
    return []


def _spoken_of(signs: Signs) -> Word | None:
    """What the title speaks of; the lines above and below it are asked when it says nothing."""
    found = (_head(find_words(text)) for text in (signs.title, signs.surtitle, signs.subtitle) if text)
    return next((word for word in found if word), None)


def _head(words: list[Word]) -> Word | None:
    """The first word that says something; of nouns side by side the last, as English puts them ("meeting report")."""
    strong = [word for word in words if word.weight > 1]
    if not strong:
        return None
    head = strong[0]
    for word in strong[1:]:
        if head.kind == "news" or word.kind == "news" or word.start != head.end:
            break
        head = word
    return head


def find_words(text: str) -> list[Word]:
    """Phrases of the vocabulary in a text, the longest first at each place, none overlapping."""
    tokens = fold(text).split()
    phrases, longest = _phrases()
    found, start = [], 0
    while start < len(tokens):
        sizes = range(min(longest, len(tokens) - start), 0, -1)
        size = next((n for n in sizes if " ".join(tokens[start : start + n]) in phrases), 0)
        if size:
            phrase = " ".join(tokens[start : start + size])
            kind, weight = phrases[phrase]
            found.append(Word(start, start + size, phrase, kind, weight))
        start += size or 1
    return [word for word in found if word.kind != "none"]


@cache
def _phrases() -> tuple[dict[str, tuple[str, int]], int]:
    """Folded phrase to (kind, weight), and how many tokens the longest has."""
    table: dict[str, tuple[str, int]] = {}
    known = load_yaml("kinds.yaml")
    for kind in ("news", "resource", "event", "call"):
        for weight, phrases in known[kind].items():
            table.update({fold(phrase): (kind, int(weight)) for phrase in phrases})
    table.update({fold(phrase): ("none", 0) for phrase in known["none"]})
    return table, max(len(phrase.split()) for phrase in table)


@cache
def _patterns(group: str) -> list[tuple[int, re.Pattern[str]]]:
    """(points, pattern), the highest points first."""
    known: dict[int, list[str]] = load_yaml("kinds.yaml")[group]
    return [
        (points, re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(fold(p)) for p in known[points])})(?!\w)"))
        for points in sorted(known, reverse=True)
    ]

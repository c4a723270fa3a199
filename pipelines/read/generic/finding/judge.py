"""Entries told from everything else that has a date: what speaks for a record, and how sure that makes us.

What belongs here: evidence for and against a record and its group, and the threshold. What does not: finding records.

A menu of archives, a comment, the weather, opening hours and today's date have days too, but no title of their own, no
page of their own, and stand where a site puts such things. Past events are events.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from statistics import fmean
from typing import Any

from pipelines.read.generic.days.extents import is_date_label
from pipelines.read.generic.days.mentions import CLOCK, role_words
from pipelines.read.generic.finding.records import Group, Record
from pipelines.read.generic.layout.blocks import Block, look_words, target_of
from pipelines.read.generic.values.titles import Candidate, is_document
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import DateReading

_MANY = 3  # records of one look make a list
_RICH = 1.5  # mean evidence of a list that is what the page is for
_LEAST = 0.0  # evidence of the least list that is believed
_ALONE = 1.85  # evidence of a single record beside a list
_AMID = 0.8  # more, when its day stands amid other words
_LISTED = 0.4  # evidence of a second list
_FEW = 0.6  # evidence of one or two records that are all there is
_BARE = 0.5  # evidence of what is believed when nothing else is
_HIGHEST = 4.0
_GENERATION, _SPARSE = 30, 2  # years that a chronicle covers at least, and of which it tells of one at most
_DEGREES = re.compile(r"\d ?°|°[CF]\b")
_SHORT, _FIRST = 60, 4  # characters of a line, and lines of a record, in which a forecast says its degrees
_LABEL = 40  # characters of a label that was taken for a title


@dataclass(slots=True)
class Judged:
    """A record with its title, the sum of what speaks for it, and the reasons.

    `context` are the words above it that its date needs, `reading` is the date read with them.
    """

    record: Record
    title: Candidate | None
    score: float
    reasons: list[str]
    reading: DateReading
    context: list[str] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """0 to 1: how sure it is that the record is an entry."""
        return round(min(max(0.5 + self.score / (2 * _HIGHEST), 0.05), 0.99), 2)


def judge(
    group: Group,
    titles: Sequence[Candidate | None],
    blocks: Sequence[Block],
    headings: Sequence[str],
    main: Collection[Any],
    captured: date | None = None,
) -> list[Judged]:
    """What speaks for each record of a group; `headings` are the nearest headings above the records, `main` are the
    elements that hold most of the page's days: they are no side of it, whatever they are called; `captured` is the day
    that counts as today."""
    found = []
    days = {(record.mention.days, record.mention.text) for record in group.records}
    listed = [("a list of dates", 0.8)] if len(days) > _MANY else []
    if _is_chronicle(group, captured):
        listed.append(("a chronicle", -4.0))
    for record, title, heading in zip(group.records, titles, headings, strict=True):
        evidence = [*_evidence(record, title, blocks, heading, main), *listed]
        if not heading and _is_today(record, captured):
            evidence.append(("today's date", -3.0))
        found.append(
            Judged(
                record, title, sum(gain for _, gain in evidence), [name for name, _ in evidence], record.mention.reading
            )
        )
    return found


def _is_chronicle(group: Group, captured: date | None) -> bool:
    """Whether a list tells of the past of a place: a day in years, over more than a generation, and nothing to come.
    An archive has more of each year."""
    days = sorted(day for record in group.records if (day := record.mention.reading.start_date))
    if len(days) < _MANY or (captured is not None and days[-1] >= captured):
        return False
    years = days[-1].year - days[0].year
    return years >= _GENERATION and len(days) * _SPARSE <= years


def _is_today(record: Record, captured: date | None) -> bool:
    """Whether a line says nothing but the day on which it was looked at."""
    first, last = record.mention.days
    if captured is None or first is None or not (record.mention.is_pure and record.mention.has_year):
        return False
    return (last is None or last == first) and abs((first - captured).days) <= 1


def _evidence(
    record: Record, title: Candidate | None, blocks: Sequence[Block], heading: str, main: Collection[Any]
) -> Iterator[tuple[str, float]]:
    if title is not None:
        yield "a title of its own", 1.0
        if title.link is not None or title.block.level or "column" in title.reasons:
            yield "a title that leads on", 0.8
    own = blocks[record.start : record.end]
    if any(CLOCK.search(block.text[:200]) for block in own):
        yield "a time of day", 0.5
    if record.mention.is_pure:
        yield "a date by itself", 0.5
    if record.mention.role != "plain":
        yield f"a date that is {record.mention.role}", -1.0 if record.mention.role in ("published", "created") else -1.5
    links = [link for block in own for link in block.links]
    if links and all(is_document(link) for link in links):
        yield "nothing but documents", -0.7
    if links and all(target_of(link).startswith("#") for link in links) and len(own) == 1:
        yield "a place on the page", -2.0
    zone = zone_of(record, main)
    if zone:
        yield zone, -3.0 if zone == "a part that tells of something else" else -1.0
    if (_is_other(heading) and not is_date_label(heading)) or (title is not None and _is_other(title.text)):
        yield "a heading of something else", -2.5
    yield from _telling(title, own)


def _telling(title: Candidate | None, own: Sequence[Block]) -> Iterator[tuple[str, float]]:
    """What the words of a record tell: a forecast of the weather, when a page was changed, when something is shut."""
    if any(_DEGREES.search(block.text[:_SHORT]) for block in own[:_FIRST]):
        yield "a forecast", -3.0
    if title is None:
        return
    words = f" {fold(title.text)} "
    if _closings().search(words):
        yield "a day on which something is shut", -2.0
    if len(title.text) <= _LABEL and role_words("updated").match(words, 1):
        yield "a label of something else", -2.5


def zone_of(record: Record, main: Collection[Any]) -> str | None:
    """The part of the site in which a record stands, when it is one that seldom holds entries."""
    element = record.node if record.node is not None else record.parent
    zone = None
    for _ in range(60):
        if element is None or element.tag == "body":
            return zone
        words = look_words(element)
        if not words.isdisjoint(_words("other_parts")):
            return "a part that tells of something else"
        if element in main:
            return zone
        if element.tag in ("aside", "footer") or not words.isdisjoint(_words("side_parts")):
            zone = "the side of the page"
        element = element.getparent()
    return zone


@cache
def _closings() -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(map(re.escape, sorted(_words('closings'))))}) ")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")[name])


def _is_other(heading: str) -> bool:
    """Whether a heading says little but that something else follows: "Comments (3)", not "Weather and music"; or begins
    with words of which nothing else could be told: "Opening hours over Easter"."""
    words = fold(heading).split()
    known = _words("other_headings")
    if any(" ".join(words[:n]) in known for n in (2, 3)):
        return True
    return any(
        " ".join(words[at : at + n]) in known for n in (1, 2, 3) for at in range(len(words)) if len(words) <= n + 1
    )


def entries_among(groups: Sequence[Sequence[Judged]]) -> tuple[list[Judged], list[Judged]]:
    """(records that are entries, records that are not sure): what a page is for decides what else is believed."""
    means = [fmean(one.score for one in group) for group in groups]
    main = max(
        (len(group) * mean for group, mean in zip(groups, means, strict=True) if len(group) >= _MANY and mean >= _RICH),
        default=0.0,
    )
    kept: list[Judged] = []
    left: list[Judged] = []
    for group, mean in zip(groups, means, strict=True):
        (kept if mean >= _least(group, bool(main)) else left).extend(group)
    if not kept:  # nothing better on the page: what nothing speaks against
        kept = [one for one in left if one.score >= _BARE]
        left = [one for one in left if one.score < _BARE]
    return kept, left


def _least(group: Sequence[Judged], beside: bool) -> float:
    """The evidence that a group needs: few records beside a list are seldom entries, least of all amid other words."""
    if len(group) >= _MANY:
        return _LEAST if not beside else _LISTED
    amid = not any(one.record.mention.is_pure for one in group)
    return _ALONE + amid * _AMID if beside else _FEW

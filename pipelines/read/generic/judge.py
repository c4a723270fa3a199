"""Entries told from everything else that has a date: what speaks for a record, and how sure that makes us.

What belongs here: evidence for and against a record and its group, and the threshold. What does not: finding records.

A menu of archives, a comment, the weather, opening hours and today's date have days too, but no title of their own, no
page of their own, and stand where a site puts such things. Past events are events.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from statistics import fmean
from typing import Any

from pipelines.read.generic.blocks import Block, look_words, target_of
from pipelines.read.generic.mentions import CLOCK
from pipelines.read.generic.records import Group, Record
from pipelines.read.generic.titles import Candidate, is_document
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import DateReading

_MANY = 3  # records of one look make a list
_RICH = 1.5  # mean evidence of a list that is what the page is for
_LEAST = 0.0  # evidence of the least list that is believed
_ALONE = 1.6  # evidence of a single record beside a list
_HIGHEST = 4.0


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
) -> list[Judged]:
    """What speaks for each record of a group; `headings` are the nearest headings above the records, `main` are the
    elements that hold most of the page's days: they are no side of it, whatever they are called."""
    found = []
    days = {(record.mention.days, record.mention.text) for record in group.records}
    listed = [("a list of dates", 0.8)] if len(days) > _MANY else []
    for record, title, heading in zip(group.records, titles, headings, strict=True):
        evidence = [*_evidence(record, title, blocks, heading, main), *listed]
        found.append(
            Judged(
                record, title, sum(gain for _, gain in evidence), [name for name, _ in evidence], record.mention.reading
            )
        )
    return found


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
    if _is_other(heading):
        yield "a heading of something else", -2.5


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
def _words(name: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")[name])


def _is_other(heading: str) -> bool:
    """Whether a heading says little but that something else follows: "Comments (3)", not "Weather and music"."""
    words = fold(heading).split()
    known = _words("other_headings")
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
        least = _LEAST if not main or len(group) >= _MANY else _ALONE
        (kept if mean >= least else left).extend(group)
    if not kept:  # nothing better on the page: what nothing speaks against
        kept = [one for one in left if one.score >= 0]
        left = [one for one in left if one.score < 0]
    return kept, left

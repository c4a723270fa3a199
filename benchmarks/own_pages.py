"""Our own listing pages and their truths: read, compared, counted.

What belongs here: loading `tests/pages/html`, what counts as right, the sums; the test and the bench use the same. What
does not: how figures are printed, and any bar that they have to reach.

An entry is right by day when its page knows an entry of that day, each of which counts once; by title as well when the
titles share enough words (`ALIKE`). End, time, place, address and status are looked at on entries that are right by
title, and only where the truth states them: a value that the truth does not have is counted as `made up`.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.read import read_page
from pipelines.read.addresses import parse_address
from pipelines.refine.dates import read_dates
from pipelines.refine.status import read_status

FOLDER = Path(__file__).parents[1] / "tests" / "pages" / "html"
ALIKE = 0.55  # Dice coefficient of the words of two titles, or of two places
FIELDS = ("end", "time", "place", "url", "status")
Entry = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """A saved page and what stands in the JSON beside it."""

    path: Path
    told: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of the page's file, without its ending."""
        return self.path.stem

    @property
    def events(self) -> list[Entry]:
        """The entries that a perfect reader finds."""
        events: list[Entry] = self.told["events"]
        return events


@dataclass
class Outcome:
    """What the reader made of a page beside what is true; `pairs` are right by day and title, truth first."""

    truth: Truth
    made: list[Entry]
    next_links: list[str]
    seconds: float
    fault: str | None = None
    pairs: list[tuple[Entry, Entry]] = field(default_factory=list)

    @cached_property
    def days(self) -> int:
        """How many entries are right by day."""
        known, made = (Counter(one["start"] for one in entries) for entries in (self.truth.events, self.made))
        return sum((known & made).values())

    @property
    def lost(self) -> float:
        """How much is wrong: each entry that was missed, and half of each that is none."""
        return len(self.truth.events) - len(self.pairs) + (len(self.made) - len(self.pairs)) / 2


def truths(folder: Path = FOLDER) -> list[Truth]:
    """All pages that have a truth, by name."""
    pairs = ((path.with_suffix(".html"), path) for path in sorted(folder.glob("*.json")))
    return [Truth(page, json.loads(beside.read_text(encoding="utf-8"))) for page, beside in pairs]


def read_truth(truth: Truth) -> Outcome:
    """Read a page as on the day of its capture. What the reader raises is a finding (`fault`), as for any page."""
    told, body = truth.told, truth.path.read_bytes()
    day = date.fromisoformat(told["captured"])
    captured = datetime(day.year, day.month, day.day, tzinfo=UTC)
    start = time.perf_counter()
    try:
        reading = read_page(told["url"], body, told.get("media_type") or "text/html", captured)
    except Exception as error:  # noqa: BLE001 - which of them it is does not matter: none may come
        return Outcome(truth, [], [], time.perf_counter() - start, f"{type(error).__name__}: {error}")
    seconds = time.perf_counter() - start
    made = dated(reading.entries, day)
    nexts = [link.url for link in reading.links if link.role == "next"]
    return Outcome(truth, made, nexts, seconds, None, paired(truth.events, made))


def dated(entries: Sequence[Entry], captured: date) -> list[Entry]:
    """The entries in the form of a truth: their dates and status read, an end only when it is another day."""
    contexts = [entry["date_context"] for entry in entries]
    read = read_dates([entry["date_raw"] or "" for entry in entries], captured=captured, contexts=contexts)
    rows = read[["start_date", "end_date", "start_time"]].to_dict("records")
    return [
        {
            "title": entry["title"],
            "start": _iso(row["start_date"]),
            "end": _iso(row["end_date"]) if row["end_date"] != row["start_date"] else None,
            "time": None if pd.isna(row["start_time"]) else f"{row['start_time']:%H:%M}",
            "place": entry["place_raw"],
            "url": entry["url"],
            "status": _status(entry),
            "date_raw": entry["date_raw"],
        }
        for entry, row in zip(entries, rows, strict=True)
    ]


def _iso(day: Any) -> str | None:
    return None if pd.isna(day) else f"{day:%Y-%m-%d}"


def _status(entry: Entry) -> str | None:
    """What the status words or the title say; a truth does not tell scheduled from nothing said."""
    status, _ = read_status(entry["status"], entry["title"], entry["surtitle"], entry["subtitle"])
    return None if status == "scheduled" else status


def likeness(left: str | None, right: str | None) -> float:
    """Dice coefficient of the words of two texts, 0..1; a word that stands twice counts twice."""
    mine, other = (Counter(re.findall(r"\w+", (text or "").casefold())) for text in (left, right))
    total = mine.total() + other.total()
    return 2 * (mine & other).total() / total if total else 0.0


def paired(known: Sequence[Entry], made: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Entries of one day with titles alike, the likest first; none is in two pairs."""
    close = [
        (likeness(one["title"], other["title"]), i, k)
        for i, one in enumerate(known)
        for k, other in enumerate(made)
        if one["start"] == other["start"]
    ]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for score, i, k in sorted(close, key=lambda match: (-match[0], match[1:])):
        if score >= ALIKE and i not in found and k not in taken:
            found[i] = k
            taken.add(k)
    return [(known[i], made[k]) for i, k in sorted(found.items())]


def is_right(name: str, known: Entry, made: Entry) -> bool:
    """Whether a field says what is true: a place in like words, an address in any spelling, anything else exactly."""
    if name == "url":
        return same_address(known[name], made[name])
    if name == "place":
        return likeness(known[name], made[name]) >= ALIKE
    return bool(known[name] == made[name])


def same_address(one: str | None, other: str | None) -> bool:
    """Whether two addresses are one; the reader gives those of links with their parameters in an order of its own."""
    return one == other or bool(one and other and parse_address(one).url == parse_address(other).url)


def counted(outcomes: Iterable[Outcome]) -> Counter[str]:
    """Sums over pages: pages, known, made, days, titles; and of each field and of next how often a truth states it
    (`stated`) and the reader is right, how often it does not (`unstated`) and the reader says something (`made up`).
    """
    sums: Counter[str] = Counter()
    for one in outcomes:
        sums.update(pages=1, known=len(one.truth.events), made=len(one.made), days=one.days, titles=len(one.pairs))
        sums.update(_field_counts(one))
        following = one.truth.told["next"]
        _count(sums, "next", following is not None, any(same_address(following, link) for link in one.next_links))
        sums["next unstated"] += following is None
        sums["next made up"] += following is None and bool(one.next_links)
    return sums


def _field_counts(outcome: Outcome) -> Counter[str]:
    """For an entry without an address of its own the reader says the page's: that is not made up."""
    sums: Counter[str] = Counter()
    page = outcome.truth.told["url"]
    for known, made in outcome.pairs:
        for name in FIELDS:
            _count(sums, name, known[name] is not None, is_right(name, known, made))
            sums[f"{name} unstated"] += known[name] is None
            sums[f"{name} made up"] += known[name] is None and made[name] not in (None, page)
    return sums


def _count(sums: Counter[str], name: str, is_stated: bool, right: bool) -> None:
    sums[f"{name} stated"] += is_stated
    sums[f"{name} right"] += is_stated and right


def share(sums: Counter[str], right: str, of: str) -> float:
    """One sum as a share of another; nothing wrong among nothing is 1."""
    return sums[right] / sums[of] if sums[of] else 1.0


def f1(right: int, made: int, known: int) -> float:
    """The balanced F of what is right among what was made and what is known."""
    return 2 * right / (made + known) if made + known else 1.0


def figures(sums: Counter[str]) -> dict[str, float]:
    """The figures of the sums of `counted`, 0..1 each."""
    measured = {
        "day recall": share(sums, "days", "known"),
        "day F1": f1(sums["days"], sums["made"], sums["known"]),
        "day and title recall": share(sums, "titles", "known"),
        "day and title F1": f1(sums["titles"], sums["made"], sums["known"]),
    }
    return measured | {f"{name} right": share(sums, f"{name} right", f"{name} stated") for name in (*FIELDS, "next")}


def faults(truth: Truth) -> Iterator[str]:
    """What is ill-formed in a truth."""
    told = truth.told
    if not truth.path.exists():
        yield "no page beside it"
    if not _is_day(told.get("captured")):
        yield f"captured {told.get('captured')!r}"
    for name in ("url", "next"):
        if not (_is_address(told[name]) or (name == "next" and told[name] is None)):
            yield f"{name} {told[name]!r}"
    if (told["kind"] == "none") != (not truth.events):
        yield "kind none is that of pages without entries, and of no other"
    for number, event in enumerate(truth.events):
        yield from (f"entry {number}: {line}" for line in _event_faults(event))


def _event_faults(event: Entry) -> Iterator[str]:
    title, start, end, clock = event["title"], event["start"], event["end"], event["time"]
    if not (isinstance(title, str) and title.strip() == title and re.search(r"\w", title)):
        yield f"title {title!r}"
    if not _is_day(start):
        yield f"start {start!r}"
    elif end is not None and not (_is_day(end) and start < end):
        yield f"end {end!r}"
    if clock is not None and not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", clock):
        yield f"time {clock!r}"
    if event["place"] is not None and not event["place"].strip():
        yield "an empty place"
    if event["url"] is not None and not _is_address(event["url"]):
        yield f"url {event['url']!r}"
    if event["status"] not in (None, "cancelled", "postponed"):
        yield f"status {event['status']!r}"


def _is_day(text: Any) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_address(text: Any) -> bool:
    return isinstance(text, str) and bool(re.match(r"https?://[^/\s]+/\S*$", text))

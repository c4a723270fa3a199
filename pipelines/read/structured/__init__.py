"""What a page says in structured form: events and news in JSON-LD, microdata, RDFa, h-event, and JSON for its scripts.

What belongs here: reading statements. What does not: the plain page, and which of both is believed.

`json_ld`, `attributes` and `microformats` find things that say what they are; `scripts` and `objects` find lists of
objects that only look like entries; `schema_org` and `stated` give all of them one form. Everything is bounded by a
`Budget`, nothing is executed, and what can not be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from pipelines.read.html.lines import squeeze
from pipelines.read.html.markup import Document
from pipelines.read.structured.attributes import read_attributes
from pipelines.read.structured.json_ld import read_json_ld
from pipelines.read.structured.json_text import Budget
from pipelines.read.structured.microformats import read_microformats
from pipelines.read.structured.moments import wall_clock
from pipelines.read.structured.scripts import read_data_attributes, read_scripts
from pipelines.read.structured.stated import Stated

__all__ = ["Stated", "read_structured"]

MOST = 2000
"""A page states no more entries than this; the rest is left out."""
_MENDED = ("end", "place", "url", "summary", "status")
_MOST_SCRIPTS = 2000
_MOST_ALIKE = 20  # of the same title and day that are compared


def read_structured(document: Document) -> list[Stated]:
    """What a page states, each thing once: what says its type first, then what only looks like an entry.

    Never raises for what a page holds; a page that states nothing, or too much to be looked at, gives an empty list.
    """
    return list(_unique(islice(_all(document.tree, document.base), MOST)))


def _all(tree: Any, base: str) -> Iterator[Stated]:
    budget, scripts = Budget(), list(islice(tree.iter("script"), _MOST_SCRIPTS))
    yield from read_json_ld(scripts, base, budget)
    yield from read_attributes(tree, base, budget)
    yield from read_microformats(tree, base, budget)
    yield from read_data_attributes(tree, base, budget)
    yield from read_scripts(scripts, base, budget)


def _unique(stated: Iterable[Stated]) -> Iterable[Stated]:
    """Each thing once, in the order of its first statement, with what the later ones add to it."""
    found: dict[tuple[str, str, str], list[int]] = {}
    kept: list[Stated] = []
    for one in stated:
        alike = found.setdefault((one.kind, squeeze(one.title).casefold(), wall_clock(one.start)[0]), [])
        same = next((at for at in alike[:_MOST_ALIKE] if _is_same(kept[at], one)), None)
        if same is None:
            alike.append(len(kept))
            kept.append(one)
        else:
            kept[same] = _merged(kept[same], one)
    return kept


def _is_same(one: Stated, other: Stated) -> bool:
    """Whether two statements of one title and day are of one thing: no time, address or place speaks against it."""
    if one.url and other.url:
        return one.url.rstrip("/") == other.url.rstrip("/") and _at_one_time(one, other)
    mine, theirs = (one.place or "").casefold(), (other.place or "").casefold()
    return _at_one_time(one, other) and (mine in theirs or theirs in mine)


def _at_one_time(one: Stated, other: Stated) -> bool:
    (_, mine, instant), (_, theirs, other_instant) = wall_clock(one.start), wall_clock(other.start)
    if instant and other_instant:
        return instant == other_instant
    return mine is None or theirs is None or mine == theirs


def _merged(one: Stated, other: Stated) -> Stated:
    """The first statement; what it leaves out is taken from the other, and its start when that has a time."""
    told = {name: getattr(other, name) for name in _MENDED if not getattr(one, name)}
    if wall_clock(one.start)[1] is None and wall_clock(other.start)[1] is not None:
        told["start"] = other.start
    return replace(one, **told, node=one.node if one.node is not None else other.node)

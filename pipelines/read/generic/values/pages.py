"""The address of an entry's own page, among the links of its record.

What belongs here: which link leads to the page of the entry. What does not: how addresses are written
(`pipelines.read.addresses`), which links of a site are followed (`pipelines.read.html.links`).

A link on the title is the entry's own, unless it repeats over the rows of a list of which the rows have links of their
own besides: then it leads to who meets, not to the meeting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipelines.read.generic.finding.records import Group, Record
from pipelines.read.generic.layout.blocks import Block, target_of
from pipelines.read.generic.values.naming import never_titles
from pipelines.read.html.lines import squeeze
from pipelines.read.html.roles import is_read_more
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

if TYPE_CHECKING:
    from pipelines.read.generic.values.titles import Candidate

_DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ppt", ".pptx", ".ics", ".mp3", ".mp4")
_LISTED = 6  # records of a list of which is asked whether its links repeat
_REPEATING = 0.5  # different addresses to records of a list whose titles repeat their links
_OWN = 0.2  # of such records have a link of their own
_TEXTS = 20  # of a link that are looked at
_FILES = (".zip", ".jpg", ".jpeg", ".png")


def link_of(record: Record, blocks: Sequence[Block], title: Candidate | None) -> str | None:
    """The address of the entry's own page: the link of its day where a line has several days, the title's link, a link
    to "Details", another link that is no document and no tool; else the document that its day leads to."""
    shared = title.shared if title is not None else frozenset()
    links = [link for block in blocks[record.start : record.end] for link in block.links]
    ranked = [*_of_day(record, links, record.node is None), *_of_title(title), *_others_of(links, bool(shared))]
    found = ((link, target_of(link)) for link in ranked)
    own = next((href for link, href in found if href and _leads_on(link, href) and href not in shared), None)
    return own or next((target_of(link) for link in _of_day(record, links, True) if is_document(link)), None)


def shared_links(group: Group, blocks: Sequence[Block], titles: Sequence[Candidate | None]) -> frozenset[str]:
    """The addresses that repeat over the titles of a list and lead to no page of an entry."""
    named = [target_of(one.link) for one in titles if one is not None and one.link is not None]
    counts = Counter(named)
    if len(named) < _LISTED or len(counts) > _REPEATING * len(named):
        return frozenset()
    repeated = frozenset(href for href, count in counts.items() if count > 1)
    others = Counter(href for record in group.records for href in set(_others(record, blocks)))
    own = sum(any(others[href] == 1 for href in set(_others(record, blocks))) for record in group.records)
    return repeated if own >= _OWN * len(group.records) else frozenset()


def _others(record: Record, blocks: Sequence[Block]) -> Iterator[str]:
    """The addresses of the links of a record that lead on by words that say no more."""
    for block in blocks[record.start : record.end]:
        yield from (target_of(link) for link in block.links if _rank(link) == 0 and _leads_on(link, target_of(link)))


def _of_day(record: Record, links: Sequence[Any], asked: bool) -> Iterator[Any]:
    """The links whose words are the day of a record."""
    day = record.mention.text
    if asked and day:
        yield from (link for link in links if _is_day(_words(link), day))


def _is_day(words: str, day: str) -> bool:
    """Whether the words of a link are a day, or the part of it that is no time."""
    return day in words or (words in day and any(char.isdigit() for char in words))


def _others_of(links: Sequence[Any], is_shared: bool) -> list[Any]:
    """The links beside the title's, those to the details first; those to papers of a meeting lead to no page of it."""
    ranks = [(_rank(link), link) for link in links]
    return [link for wanted in ((0,) if is_shared else (0, 1)) for rank, link in ranks if rank == wanted]


def _of_title(title: Candidate | None) -> Iterator[Any]:
    if title is not None and title.link is not None:
        yield title.link


def _words(link: Any) -> str:
    return squeeze("".join(islice(link.itertext(), _TEXTS)))


def _rank(link: Any) -> int:
    """0 for a link to the details, 1 for one that says nothing of where it leads, 2 for one to papers of a meeting."""
    words = _words(link)
    folded = fold(words)
    if is_read_more(words) or folded in _details():
        return 0
    return 2 if folded in never_titles() else 1


@cache
def _details() -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")["details_links"])


def _leads_on(link: Any, href: str) -> bool:
    lowered = href.lower()
    if lowered.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "webcal:", "sms:")):
        return False
    if is_document(link) or lowered.partition("?")[0].endswith(_FILES):
        return False
    return not any(mark in lowered for mark in load_yaml("layouts.yaml")["tool_links"])


def is_document(link: Any) -> bool:
    """Whether a link leads to a file."""
    return target_of(link).lower().partition("?")[0].endswith(_DOCUMENTS)

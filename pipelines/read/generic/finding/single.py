"""A page about one thing: its day among all the days that it names.

What belongs here: telling such a page from a list, and choosing its day. What does not: pages whose markup is known
(`pipelines.read.coe.details`).

Such a page has a heading of the first level with text below it and no list of dated things. Its day is the one that a
label calls so ("When:"), else the first plain day with a time, else the first plain day below the heading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from pipelines.read.generic.days.extents import is_date_label
from pipelines.read.generic.finding.judge import Judged
from pipelines.read.generic.layout.blocks import Block
from pipelines.read.generic.values.naming import list_words, may_be_title
from pipelines.reference.folding import fold

_LABEL = 30  # characters of a label
_LIST = 3  # things with titles of their own are a list
_FAR = 60  # blocks below the heading in which the day stands


def single_of(kept: Sequence[Judged], left: Sequence[Judged], blocks: Sequence[Block]) -> tuple[Judged, Block] | None:
    """The one thing that a page is about, and the block of its title; None when the page is a list."""
    first = [block for block in blocks if block.level == 1 and _may_name(block)]
    for naming in first or islice((block for block in blocks if _may_name(block)), 1):
        if named := _labelled_alone(kept, left, naming, blocks):
            return named, naming
    heading = _heading(blocks)
    if heading is None or _is_list(kept):
        return None
    below = [one for one in (*kept, *left) if heading.index - 3 <= one.record.mention.first <= heading.index + _FAR]
    plain = [one for one in below if one.record.mention.role in ("plain", "prose")]
    if not plain:
        return None
    chosen = min(plain, key=lambda one: _rank(one, blocks))
    return (chosen, heading) if _rank(chosen, blocks)[0] < _PLAIN else None


def _labelled_alone(
    kept: Sequence[Judged], left: Sequence[Judged], heading: Block, blocks: Sequence[Block]
) -> Judged | None:
    """The only day of a page that a label calls so, when nothing but a few things below another heading follow: a thing
    with others beside it that may be of interest, too."""
    plain = [one for one in (*kept, *left) if one.record.mention.role == "plain"]
    labelled = [one for one in plain if _rank(one, blocks)[0] == _LABELLED]
    at = labelled[0].record.mention.first if len(labelled) == 1 else -1
    if not heading.index < at <= heading.index + _FAR:
        return None
    after = [one.record for one in kept if one.record.mention.first > at]
    following = next((block.index for block in blocks[at:] if block.level), len(blocks))
    few = len(after) <= 2 * _LIST and all(record.mention.first > following for record in after)
    before = [one for one in kept if heading.index < one.record.mention.first < at]
    return labelled[0] if few and len(before) < _LIST else None


def _may_name(block: Block) -> bool:
    """Whether a heading may name the thing that a page is about: it leads nowhere, and is no name of a list."""
    if block.level not in (1, 2) or block.links or not may_be_title(block.text):
        return False
    return not all(word in list_words() for word in fold(block.text).split())


_LABELLED, _TIMED, _PLAIN = range(3)


def _heading(blocks: Sequence[Block]) -> Block | None:
    """The only heading of the first level that could be a title, with text below it."""
    first = [block for block in blocks if block.level == 1 and may_be_title(block.text)]
    if len(first) != 1:
        return None
    below = blocks[first[0].index + 1 : first[0].index + _FAR]
    return first[0] if any(len(block.text) > 80 and not block.links for block in below) else None


def _is_list(kept: Sequence[Judged]) -> bool:
    """Whether a page shows things that lead on to pages of their own, or dates of one look."""
    alike = Counter(
        one.record.parent for one in kept if one.record.mention.is_pure and one.record.mention.role == "plain"
    )
    if len(kept) > 2 * _LIST or max(alike.values(), default=0) >= _LIST:
        return True
    looks = [one for one in kept if one.title is not None and (one.title.link is not None or one.title.block.level > 1)]
    return len(looks) >= _LIST - 1


def _rank(one: Judged, blocks: Sequence[Block]) -> tuple[int, int]:
    """How surely a day is that of the page, and where it stands: lower is surer."""
    mention = one.record.mention
    block = blocks[mention.first]
    before = blocks[mention.first - 1].text if mention.first else ""
    labels = [block.text[: mention.start], before if len(before) <= _LABEL else "", block.header]
    if block.cell:
        labels.append(block.cell.row_header)
    if any(is_date_label(label) for label in labels):
        return _LABELLED, mention.first
    if mention.role == "plain" and one.reading.start_time is not None:
        return _TIMED, mention.first
    return _PLAIN, mention.first

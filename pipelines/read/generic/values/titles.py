"""The title of a record: what each candidate speaks for itself, and what the records of its group say together.

What belongs here: candidates and their scores. What does not: which blocks a record has (`records`).

A candidate stands in a slot: the path of shapes from the record to the words. Records of one look are filled from one
template, so the slot of the titles is the same in most of them, and its words differ from record to record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from typing import Any

from pipelines.read.generic.days.mentions import Mention
from pipelines.read.generic.finding.records import Group, Record
from pipelines.read.generic.layout.blocks import Block, is_strong, look_words, target_of
from pipelines.read.generic.layout.outline import shape
from pipelines.read.generic.values.naming import (
    evidence_words,
    is_calendar_text,
    is_placeish,
    may_be_title,
    names_a_body,
    undated,
)
from pipelines.read.generic.values.pages import is_document, shared_links
from pipelines.read.generic.values.places import is_venue, places_by_spot, split_place
from pipelines.read.generic.values.standing import pieces_of_status, says_status
from pipelines.read.html.lines import squeeze
from pipelines.read.html.roles import column_in, column_of
from pipelines.reference.folding import fold

__all__ = ["Candidate", "candidates", "is_document", "titles_of"]

_INLINE = frozenset("a b strong em i span time u font label".split())
_CARDS = 3  # elements around all of a line that are looked into
_ABOVE = 12  # lines above a record in which its heading is looked for
_ABOVE_OFTEN = 0.5  # of the records have such a heading
_LINKED_ABOVE = 2.5  # score of a heading above that leads to a page
_LEAST = 2.0  # score of the least title; what has less loses to the heading above
_MOST = 0.7  # of some words are a link's, so that they are its words
_MOST_LINKS, _MOST_TEXTS = 10, 40  # of a line, of a link, that are looked at
_SENTENCE = 5  # words of the longest name that ends in a full stop
_SCHEDULE = 4  # days in one line are a schedule: a single word of it ("Meets") names nothing
_WORD = 3  # letters of a word: what is longer and part of a title is no place
_SEVERAL, _SAME = 3, 0.9  # records of which a share says the same
_FILLED = 0.6  # of the records of a list fill a slot that is part of their shape
_SAME_EVERYWHERE, _LABELLED = 1.5, 2.0
_CUT_OFTEN = 0.3  # of the titles of a group have a place at their end
_PLACES, _IS_PLACE, _REPEATING = 0.6, 2.0, 0.85
_HEARD = frozenset(
    ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screenreader-text", "element-invisible")
)
_OWN = frozenset(("a place", "labelled", "document"))  # that speaks against one candidate, whatever its slot is
_STANDING_OUT = frozenset(("heading", "column", "class"))


@dataclass(slots=True)
class Candidate:
    """Words that may be the title of a record: their slot, the link they are in, and what speaks for them, by
    themselves (`score`) and with their group (`total`). `place` is what stands where the group's places do,
    `shared` are the addresses that many of them lead to."""

    text: str
    slot: tuple[str, ...]
    score: float
    block: Block
    link: Any = None
    reasons: tuple[str, ...] = ()
    total: float = 0.0
    place: str | None = None
    shared: frozenset[str] = frozenset()


def titles_of(
    group: Group, blocks: Sequence[Block], mentions: Mapping[int, Sequence[Mention]], languages: tuple[str, ...]
) -> list[Candidate | None]:
    """The title of each record of a group, None where it shows none; `mentions` by block are what is no title."""
    found = [
        [one for one in candidates(record, blocks, mentions) if not is_calendar_text(one.text, languages)]
        for record in group.records
    ]
    _ask_above(group, found, blocks, mentions)
    shared = _slot_scores(found)
    own = _mean_scores(found)
    for some in found:
        for one in some:
            one.total = (own.get(one.slot, one.score) if _OWN.isdisjoint(one.reasons) else one.score) + shared[one.slot]
    best = [max(some, key=lambda one: one.total, default=None) for some in found]
    titles = [one if one is not None and one.total >= _LEAST else None for one in best]
    _tell_places(titles, found)
    _cut_places(titles)
    shared_pages = shared_links(group, blocks, titles)
    for title in titles if shared_pages else ():
        if title is not None:
            title.shared = shared_pages
    return titles


def _ask_above(
    group: Group,
    found: Sequence[list[Candidate]],
    blocks: Sequence[Block],
    mentions: Mapping[int, Sequence[Mention]],
) -> None:
    """Add the headings above to the candidates of the records that show nothing like a title, when the records of a
    list have several such headings."""
    plain = [
        (record, some)
        for record, some in zip(group.records, found, strict=True)
        if all(_STANDING_OUT.isdisjoint(one.reasons) and one.link is None for one in some)
    ]
    if len(plain) < _SEVERAL:
        return
    above = [(some, one) for record, some in plain for one in _heading_above(record, blocks, mentions)]
    if len(above) >= _ABOVE_OFTEN * len(plain) and len({one.text for _, one in above}) > 1:
        for some, one in above:
            some.append(one)


def _heading_above(
    record: Record, blocks: Sequence[Block], mentions: Mapping[int, Sequence[Mention]]
) -> Iterator[Candidate]:
    """The heading right above a record that shows nothing like a title, when it leads to a page: that of an event with
    several dates, say. Headings of parts of a page seldom lead anywhere."""
    for block in reversed(blocks[max(record.start - _ABOVE, 0) : record.start]):
        if not block.level:
            continue
        words = next((part for part in undated(block.text, mentions.get(block.index, ())) if may_be_title(part)), None)
        link = _link_of(block, words) if words else None
        if words and link is not None and not is_document(link) and not target_of(link).startswith("#"):
            yield Candidate(words, ("above",), _LINKED_ABOVE, block, link, ("heading", "link", "above"))
        return


def _tell_places(titles: Sequence[Candidate | None], found: Sequence[Sequence[Candidate]]) -> None:
    """Tell each title the place that stands in one of the other spots of its record."""
    others = [
        [(one.slot, one.text) for one in some if title is None or not _overlap(one.text, title.text)]
        for title, some in zip(titles, found, strict=True)
    ]
    for title, place in zip(titles, places_by_spot(others), strict=True):
        if title is not None:
            title.place = place


def _cut_places(titles: Sequence[Candidate | None]) -> None:
    """Cut the place from the end of the titles of a group whose lines tell both, one after the other."""
    plain = [one for one in titles if one is not None and _STANDING_OUT.isdisjoint(one.reasons)]
    cut = [(one, parts) for one in plain if one.link is None and (parts := split_place(one.text))]
    if len(cut) < 2 or len(cut) < _CUT_OFTEN * len(plain):
        return
    for one, (name, place) in cut:
        one.text = name
        one.place = one.place or place


def _overlap(text: str, title: str) -> bool:
    return title in text or (text in title and len(text) > _WORD)


def _slot_scores(found: Sequence[Sequence[Candidate]]) -> dict[tuple[str, ...], float]:
    """What the records together say of each slot: it is filled in most of them, its words differ from record to
    record, and they are no places."""
    filled: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for some in found:
        for slot in {c.slot for c in some}:
            filled[slot].append(next(c for c in some if c.slot == slot))
    return defaultdict(float, {slot: _slot_score(told, len(found)) for slot, told in filled.items()})


def _mean_scores(found: Sequence[Sequence[Candidate]]) -> dict[tuple[str, ...], float]:
    """What the candidates of a slot speak for themselves on average, of the slots that most records of a list fill: one
    of them that says "Meeting" by chance is no better title than those of the other records."""
    scores: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for some in found:
        for one in some:
            scores[one.slot].append(one.score)
    least = max(_FILLED * len(found), _SEVERAL)
    return {slot: fmean(told) for slot, told in scores.items() if len(told) >= least}


def _slot_score(told: Sequence[Candidate], count: int) -> float:
    score = 2 * len(told) / count
    if len(told) < _SEVERAL:
        return score
    words = Counter(fold(one.text) for one in told)
    ((first, most),) = words.most_common(1)
    score += len(words) / len(told)
    if most > _SAME * len(told):
        score -= 0.5 if names_a_body(first) else _SAME_EVERYWHERE
    if sum(":" in one.text for one in told) > _SAME * len(told):
        labels = Counter(fold(one.text.partition(":")[0]) for one in told)
        score -= _LABELLED * (labels.most_common(1)[0][1] > _SAME * len(told))
    stands_out = any(_STANDING_OUT.intersection(one.reasons) for one in told)
    repeats = len(words) <= _REPEATING * len(told)
    venues = sum(is_venue(one.text) and split_place(one.text) is None for one in told)
    if repeats and not stands_out and venues >= _PLACES * len(told):
        score -= _IS_PLACE
    return score


def candidates(
    record: Record, blocks: Sequence[Block], mentions: Mapping[int, Sequence[Mention]]
) -> Iterator[Candidate]:
    """Whatever in a record may be its title."""
    seen: Counter[tuple[str, ...]] = Counter()
    for block in blocks[record.start : record.end]:
        named = mentions.get(block.index, ())
        own = list(named) if record.node is None and len(named) > 1 else [m for m in named if _is_own(m, record)]
        is_shared = record.node is None and len(named) >= _SCHEDULE
        path = _slot(record, block, block.element)
        seen[path] += 1
        for words, element, link, at in _parts(block, own):
            if (may_be_title(words) or _is_meeting(words, block)) and not (is_shared and " " not in words):
                yield _candidate(record, block, words, element, link, (f"line {seen[path]}", f"part {at}"))


def _is_meeting(words: str, block: Block) -> bool:
    """Whether words below the header of the titles name a meeting and no more ("Annual meeting")."""
    return " " in words and column_of(block.header) == "title" and names_a_body(words)


def _is_own(mention: Mention, record: Record) -> bool:
    """Whether a day in a record is the record's: another day in its title is part of the title."""
    return mention is record.mention or mention.days == record.mention.days or mention.role != "plain"


def _parts(block: Block, mentions: Sequence[Mention]) -> Iterator[tuple[str, Any, Any, int]]:
    """(words, element, link, place among the parts) of the parts of a line between its dates and times, and of its
    links and bold words where they are not all of it."""
    for at, rest in enumerate(undated(_without_remarks(block), mentions)):
        yield rest, block.element, _link_of(block, rest), at
    groups, around = _inline_groups(block)
    for element, texts in groups.items():
        words = squeeze("".join(texts))
        if words and words != block.text and _is_cut_at_words(block.text, words):
            link = element if element.tag == "a" else around if around is not None else _link_of(block, words)
            for at, rest in enumerate(undated(words, mentions)):
                yield rest, element, link, at


def _inline_groups(block: Block) -> tuple[dict[Any, list[str]], Any]:
    """(the texts of each inline element of a line, the link around all of them): what is all of the line is looked
    into, since cards are often one link."""
    holder, link = block.element, None
    groups: dict[Any, list[str]] = {}
    for _ in range(_CARDS):
        groups = {}
        loose = False
        for piece in block.pieces:
            inline = _inline(piece.element, holder)
            if inline is not None:
                groups.setdefault(inline, []).append(piece.text)
            else:
                loose = loose or not piece.text.isspace()
        if loose or len(groups) != 1 or len(block.pieces) < 2:
            break
        (holder,) = groups
        link = holder if holder.tag == "a" else link
    return groups, link


def _without_remarks(block: Block) -> str:
    """A line without what is set apart in it by markup and is no part of a name: that a thing is cancelled, and words
    for those who hear the page ("Show entry: ")."""
    text = block.text
    for piece in block.pieces if len(block.pieces) > 1 else ():
        words = squeeze(piece.text)
        if words and words != text and is_for_hearing(piece.element):
            text = text.replace(words, " | ", 1)
    if says_status(block.text):
        for words in pieces_of_status(block):
            text = text.replace(words, " | ", 1)
    return text


def _is_cut_at_words(text: str, part: str) -> bool:
    """Whether a part of a line begins and ends where its words do: editors cut words with markup."""
    at = text.find(part)
    after = at + len(part)
    return at < 0 or not (
        (at and text[at - 1].isalnum() and part[0].isalnum())
        or (after < len(text) and text[after].isalnum() and part[-1].isalnum())
    )


def _link_of(block: Block, words: str) -> Any:
    """The link that some words are: the one around the line, or the one that is most of them."""
    for link in block.links[:_MOST_LINKS]:
        text = squeeze("".join(islice(link.itertext(), _MOST_TEXTS)))
        if words in text or (text and text in words and len(text) >= _MOST * len(words)):
            return link
    return None


def _inline(element: Any, holder: Any) -> Any:
    """The outermost inline element that sets words apart: a link or bold words before others."""
    found = None
    for _ in range(8):
        if element is None or element is holder:
            break
        if element.tag in ("a", "b", "strong") or (found is None and element.tag in _INLINE):
            found = element
        element = element.getparent()
    return found


def _candidate(record: Record, block: Block, words: str, element: Any, link: Any, at: tuple[str, ...]) -> Candidate:
    slot = (*_slot(record, block, element), *at)
    score, reasons = 0.0, []
    for name, gain in _evidence(record, block, words, element, link):
        score += gain
        reasons.append(name)
    return Candidate(words, slot, score, block, link, tuple(reasons))


def _slot(record: Record, block: Block, element: Any) -> tuple[str, ...]:
    """The path of shapes from a record to an element of it; table cells by their column."""
    path = [f"column {block.cell.column}"] if block.cell else []
    for _ in range(20):
        if element is None or element is record.node or element is record.parent:
            break
        path.append(shape(element))
        element = element.getparent()
    return tuple(path)


def _evidence(record: Record, block: Block, words: str, element: Any, link: Any) -> Iterator[tuple[str, float]]:
    """What speaks for and against words as a title, each with its weight."""
    column = column_of(block.header) if block.header else None
    if column == "title":
        yield "column", 4
    elif column in ("place", "status"):
        yield "other column", -3
    elif block.header and column is None and column_in(block.header) == "title":
        yield "column", 2
    if block.level:
        yield "heading", 3.5 - block.level * 0.1
    elif is_strong(block) or element.tag in ("b", "strong"):
        yield "bold", 1.2
    look = _look(element, record)
    if not look.isdisjoint(evidence_words("title")):
        yield "class", 2
    if not look.isdisjoint(evidence_words("other")):
        yield "class of something else", -2
    if link is not None:
        weight = -0.5 if names_a_body(words) else -1.0
        yield ("document", weight) if is_document(link) else ("link", 1)
    yield from _wording(record, block, words, link)


def _wording(record: Record, block: Block, words: str, link: Any) -> Iterator[tuple[str, float]]:
    """What the words and their place in the record say."""
    length = len(words)
    if length < 5:
        yield "short", -1
    elif length > 110:
        yield "long", -1.5 - (length > 160)
    if words.endswith((".", "!", "…", "...")) and length > 60:
        yield "a sentence", -1
    elif link is None and not block.level and _is_of_prose(block.text, words):
        yield "part of a sentence", -0.7
    if block.index in range(record.mention.first, record.mention.last + 1):
        yield "beside the date", 0.3
    yield "position", -0.15 * min(abs(block.index - record.start), 8)
    is_told = split_place(words) is not None  # "Open kitchen – Town hall": a thing, and where it is
    if names_a_body(words) and (is_told or not is_venue(words)):
        yield "names a meeting", 1
    if is_placeish(words) and not is_told:
        yield "a place", -2.5
    if ":" in words and column_of(words.partition(":")[0]) in ("place", "date", "documents"):
        yield "labelled", -3


def _is_of_prose(line: str, words: str) -> bool:
    """Whether some words were cut out of a line that ends as a sentence does."""
    return line.rstrip().endswith((".", "!", "…")) and len(line.split()) > _SENTENCE and len(words) < len(line) - 1


def _look(element: Any, record: Record) -> set[str]:
    """The words of class of an element and those around it, within its record."""
    found: set[str] = set()
    for _ in range(3):
        if element is None or element is record.node or element is record.parent:
            break
        found |= look_words(element)
        element = element.getparent()
    return found


def is_for_hearing(element: Any) -> bool:
    """Whether words are only for those who hear the page, by the classes that frameworks have for this."""
    return not _HEARD.isdisjoint(element.get("class", "").lower().replace("_", "-").split())

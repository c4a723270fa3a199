"""The title of a record: what each candidate speaks for itself, and what the records of its group say together.

What belongs here: candidates and their scores. What does not: which blocks a record has (`records`).

A candidate stands in a slot: the path of shapes from the record to the words. Records of one look are filled from one
template, so the slot of the titles is the same in most of them, and its words differ from record to record.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from pipelines.read.generic.blocks import Block, is_strong, look_words, target_of
from pipelines.read.generic.mentions import CLOCK, Mention
from pipelines.read.generic.months import is_calendar_word
from pipelines.read.generic.outline import shape
from pipelines.read.generic.records import Group, Record
from pipelines.read.lines import squeeze
from pipelines.read.roles import column_in, column_of, is_furniture, is_read_more
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import find_dates
from pipelines.refine.places import is_place_line

_EDGES = " \t,;:|/–—-·•@()[]»«>*~\u200b"
_CUTS = ",;:|/–—-·•()[]»«>*~.!?"
_INLINE = frozenset("a b strong em i span time u font label".split())
_LONGEST = 250  # characters of the longest title
_LEAST = 2.0  # score of the least title; what has less loses to the heading above
_BRACKETS = re.compile(r"\s*\([^()]{1,12}\)\s*$")
_PARTS = re.compile(r"\s[|–—:»>-]+\s|::|: ")
_MOST = 0.7  # of some words are a link's, so that they are its words
_MOST_LINKS, _MOST_TEXTS = 10, 40  # of a line, of a link, that are looked at
_SCHEDULE = 4  # days in one line are a schedule: a single word of it ("Meets") names nothing
_SEVERAL, _SAME = 3, 0.9  # records of which a share says the same
_DATE = 30  # characters of the longest date
_WORD = 14  # characters of the longest name of a month or weekday
_FILE = re.compile(
    r"\d ?(?:[kKmMgG][bB]|[KM]o)\b|\.(?:pdf|docx?|odt|xlsx?|pptx?|zip|html?)\b|_\w+_|https?://|www\.", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(slots=True)
class Candidate:
    """Words that may be the title of a record: their slot, the link they are in, and what speaks for them, by
    themselves (`score`) and with their group (`total`)."""

    text: str
    slot: tuple[str, ...]
    score: float
    block: Block
    link: Any = None
    reasons: tuple[str, ...] = ()
    total: float = 0.0


def titles_of(
    group: Group, blocks: Sequence[Block], mentions: Mapping[int, Sequence[Mention]], languages: tuple[str, ...]
) -> list[Candidate | None]:
    """The title of each record of a group, None where it shows none; `mentions` by block are what is no title."""
    found = [
        [one for one in candidates(record, blocks, mentions) if not _is_calendar_word(one.text, languages)]
        for record in group.records
    ]
    shared = _slot_scores(found)
    for some in found:
        for one in some:
            one.total = one.score + shared[one.slot]
    best = (max(some, key=lambda one: one.total, default=None) for some in found)
    return [one if one is not None and one.total >= _LEAST else None for one in best]


def _is_calendar_word(text: str, languages: tuple[str, ...]) -> bool:
    """The name of a month or a weekday, or a date that was cut out of another line."""
    if len(text) <= _WORD and " " not in text:
        return is_calendar_word(text, languages)
    if len(text) > _DATE or not any(char.isdigit() for char in text):
        return False
    return sum(len(span.text) for span in find_dates(text, languages)) >= _MOST * len(text)


def _slot_scores(found: Sequence[Sequence[Candidate]]) -> dict[tuple[str, ...], float]:
    """What the records together say of each slot: it is filled in most of them, and its words differ."""
    texts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for some in found:
        for slot in {c.slot for c in some}:
            texts[slot].append(next(fold(c.text) for c in some if c.slot == slot))
    scores: dict[tuple[str, ...], float] = defaultdict(float)
    count = len(found)
    for slot, words in texts.items():
        scores[slot] = 2 * len(words) / count
        if len(words) >= _SEVERAL:
            most = Counter(words).most_common(1)[0][1] / len(words)
            scores[slot] += len(set(words)) / len(words) - (0.5 if most > _SAME else 0)
    return scores


def candidates(
    record: Record, blocks: Sequence[Block], mentions: Mapping[int, Sequence[Mention]]
) -> Iterator[Candidate]:
    """Whatever in a record may be its title."""
    for block in blocks[record.start : record.end]:
        named = mentions.get(block.index, ())
        own = list(named) if record.node is None and len(named) > 1 else [m for m in named if _is_own(m, record)]
        is_shared = record.node is None and len(named) >= _SCHEDULE
        for words, element, link, at in _parts(block, own):
            if may_be_title(words) and not (is_shared and " " not in words):
                yield _candidate(record, block, words, element, link, at)


def _is_own(mention: Mention, record: Record) -> bool:
    """Whether a day in a record is the record's: another day in its title is part of the title."""
    return mention is record.mention or mention.days == record.mention.days or mention.role != "plain"


def _parts(block: Block, mentions: Sequence[Mention]) -> Iterator[tuple[str, Any, Any, int]]:
    """(words, element, link, place among the parts) of the parts of a line between its dates and times, and of its
    links and bold words where they are not all of it."""
    for at, rest in enumerate(undated(block.text, mentions)):
        yield rest, block.element, _link_of(block, rest), at
    groups: dict[Any, list[str]] = {}
    for piece in block.pieces:
        inline = _inline(piece.element, block.element)
        if inline is not None:
            groups.setdefault(inline, []).append(piece.text)
    for element, texts in groups.items():
        words = squeeze("".join(texts))
        if words and words != block.text and _is_cut_at_words(block.text, words):
            link = element if element.tag == "a" else _link_of(block, words)
            for at, rest in enumerate(undated(words, mentions)):
                yield rest, element, link, at


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


def undated(text: str, mentions: Sequence[Mention]) -> list[str]:
    """The parts of some words between their dates and times, without marks and words of time at the ends; a date amid
    the words, or tied to them by a small word ("Festival of 25 April"), is part of a name."""
    rest = text
    for mention in mentions:
        if len(mention.text) > 3 and mention.text in rest:
            before, _, after = rest.partition(mention.text)
            if after[:1] == "-" and after[1:2].isalnum():
                continue  # "17. mai-tog"
            before, after = before.rstrip(), after.lstrip()
            if (
                not before
                or not after
                or before[-1] in _CUTS
                or after[0] in _CUTS
                or _is_tied_to_nothing(before, after)
            ):
                rest = f"{before} | {after}"
    if rest != text and _ends_small(rest):
        return [text.strip(_EDGES)]
    parts = CLOCK.sub(" | ", rest).split(" | ")
    return [part for part in (squeeze(part).strip(_EDGES) for part in parts) if part]


def _is_tied_to_nothing(before: str, after: str) -> bool:
    """A capital after the date begins the next part: "12 March 2026 Spring fair"."""
    return len(before.split()) <= 1 or after[0].isupper() or after[0].isdigit()


def _ends_small(rest: str) -> bool:
    """Whether a small word at the end asks for the date that was cut off: "Festival of"."""
    words = rest.rstrip(" |").split()
    return (
        len(words) > 1
        and rest.rstrip().endswith("|")
        and words[-1].islower()
        and len(words[-1]) <= 3
        and words[-1].isalpha()
    )


def may_be_title(text: str) -> bool:
    """Words that could name a thing: letters, not too many, no furniture and no name of a document or an action."""
    if not _LETTERS.search(text) or len(text) > _LONGEST or "@" in text or "[email" in text:
        return False
    if _FILE.search(text):
        return False
    folded = fold(text)
    if not folded or folded in never_titles() or not _own_words(folded):
        return False
    return not is_furniture(text) and not is_read_more(text)


def _own_words(folded: str) -> list[str]:
    """The words that are no name of a list, no month and no number."""
    return [word for word in folded.split() if word not in _no_names() and not word.isdecimal()]


@cache
def _no_names() -> frozenset[str]:
    return list_words() | role_words()


@cache
def list_words() -> frozenset[str]:
    """Words that name a list or a kind of document."""
    return frozenset(part for word in load_yaml("layouts.yaml")["list_words"] for part in fold(str(word)).split())


@cache
def role_words() -> frozenset[str]:
    """Words that say what a date is of ("Posted")."""
    roles = load_yaml("layouts.yaml")["date_roles"].values()
    return frozenset(fold(str(word)) for words in roles for word in words if " " not in str(word))


def subject_of(text: str) -> str | None:
    """What a heading says its list is of: without site names, and without years and names of lists at its ends ("2021
    Plan Commission Meeting Schedule"); None when that is all it says."""
    parts = [part.strip(_EDGES) for part in _PARTS.split(text)]
    parts = [_BRACKETS.sub("", undated(part, ())[0]).strip(_EDGES) for part in parts if undated(part, ())]
    part = next((part for part in parts if _own_words(fold(part)) and "@" not in part), None)
    if part is None:
        return None
    words = part.split()
    own = sum(not fold(word).isdecimal() for word in words)
    for at in (-1, 0):
        while len(words) > 1 and (fold(words[at]).isdecimal() or (own > 2 and _is_list_name(words[at]))):
            own -= not fold(words.pop(at)).isdecimal()
    return " ".join(words).strip(_EDGES) or None


def _is_list_name(word: str) -> bool:
    folded = fold(word)
    return not folded or folded.isdecimal() or (folded in list_words() and not folded.startswith("meeting"))


@cache
def never_titles() -> frozenset[str]:
    """Words of links and labels that are never a title."""
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")["never_titles"])


def _candidate(record: Record, block: Block, words: str, element: Any, link: Any, at: int) -> Candidate:
    slot = (*_slot(record, block, element), f"part {at}")
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
    if not look.isdisjoint(_looks("title")):
        yield "class", 2
    if not look.isdisjoint(_looks("other")):
        yield "class of something else", -2
    if link is not None:
        weight = -0.5 if names_a_body(words) else -1.5
        yield ("document", weight) if is_document(link) else ("link", 1)
    yield from _wording(record, block, words)


def _wording(record: Record, block: Block, words: str) -> Iterator[tuple[str, float]]:
    """What the words and their place in the record say."""
    length = len(words)
    if length < 5:
        yield "short", -1
    elif length > 110:
        yield "long", -1.5 - (length > 160)
    if words.endswith((".", "!", "…", "...")) and length > 60:
        yield "a sentence", -1
    if block.index in range(record.mention.first, record.mention.last + 1):
        yield "beside the date", 0.3
    yield "position", -0.15 * min(abs(block.index - record.start), 8)
    if names_a_body(words):
        yield "names a meeting", 1
    if is_placeish(words):
        yield "a place", -2.5
    if ":" in words and column_of(words.partition(":")[0]) in ("place", "date", "documents"):
        yield "labelled", -3


def names_a_body(words: str) -> bool:
    """Whether some words name a meeting, an event or a body that meets."""
    return not _looks("event_words").isdisjoint(fold(words).split())


@lru_cache(maxsize=8192)
def is_placeish(words: str) -> bool:
    """An address, a room, or the name of a place that the gazetteer knows."""
    parts = [folded for part in words.split(",")[:3] if (folded := fold(part).split())]
    if not parts:
        return False
    known, first = _place_words(), parts[0]
    if first[0] in known or first[-1] in known or (first[0].isdecimal() and len(first) > 2 and first[0] not in "12"):
        return True
    return len(words) <= 60 and (any(part[0] in known for part in parts) or is_place_line(words))


@cache
def _place_words() -> frozenset[str]:
    venues = load_yaml("venues.yaml")
    return frozenset(fold(str(word)) for name in ("rooms", "streets") for word in venues[name])


def _look(element: Any, record: Record) -> set[str]:
    """The words of class of an element and those around it, within its record."""
    found: set[str] = set()
    for _ in range(3):
        if element is None or element is record.node or element is record.parent:
            break
        found |= look_words(element)
        element = element.getparent()
    return found


@cache
def _looks(name: str) -> frozenset[str]:
    words = load_yaml("layouts.yaml")["title_evidence"][name]
    return frozenset(fold(str(word)) for word in words)


def is_document(link: Any) -> bool:
    """Whether a link leads to a file."""
    path = target_of(link).lower().partition("?")[0]
    return path.endswith((".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ppt", ".pptx", ".ics", ".mp3", ".mp4"))

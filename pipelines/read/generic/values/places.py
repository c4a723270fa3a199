"""The places of the records of a list, found by where they stand: a spot that most records fill with a venue or an
address holds the place of all of them.

What belongs here: what looks like a venue, and the vote of a group on its spots. What does not: labels, columns and
classes that name the place of one record (`fields`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice

from pipelines.read.generic.values.naming import evidence_words, is_placeish
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.places import is_place_line

Slot = tuple[str, ...]

_SHARE, _FILLED = 0.5, 0.3  # of the texts of a spot are venues; of the records fill it
_FEW = 2  # texts of a spot that are no vote: each must be a place beyond doubt
_LETTERS = re.compile(r"[^\W\d_]{3}")
_ABBREVIATION = 4  # characters of the longest word that is cut short with a full stop, this one among them
_NAME = 4  # letters of the shortest name before a place
_CUTS = 4  # in a line that are looked at
_CUT = re.compile(r",\s+|\s+[–—|·@-]\s+|\s+@\s*")
_LONGEST = 100  # characters of a place without a label
_SENTENCE = 5  # words of the longest venue that ends in a full stop
_WORDS = 8  # of a venue's name without its address
_PIECES = re.compile(r"\s+[·•|;–—-]\s+|\s*[·•|;]\s*|\s+\(|\)")
_MONEY = re.compile(
    r"[€£$₺]|(?<!\w)(?:eur|euros?|chf|kr|din|rsd|лв|zł|zl|kč|kc|ft|lei|ron|tl|грн|руб)(?!\w)", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:[^\W\d][^\s\d,:]* ){1,4}\d{1,3} ?[a-zA-Z]?(?:[-–/]\d{1,4})?")
_POSTCODE = re.compile(
    r"(?<![\d.-])(?!19\d\d|20\d\d)\d{4,5} ?(?:[A-Z]{2} )?[^\W\d_]{3,}"
    r"|(?<!\d)\d{3} \d{2} [^\W\d_]{3,}|, [A-Z]{2},? \d{5}"
)


def places_by_spot(found: Sequence[Sequence[tuple[Slot, str]]]) -> list[str | None]:
    """The place of each record of a group by the spots of its texts; None for a record that shows none."""
    texts: dict[Slot, list[str]] = defaultdict(list)
    for some in found:
        for slot in dict.fromkeys(slot for slot, _ in some):
            texts[slot].append(next(text for one, text in some if one == slot))
    weights = {slot: weight for slot, told in texts.items() if (weight := _weight(told, len(found)))}
    return [_best(some, weights) for some in found]


def _weight(texts: Sequence[str], count: int) -> float:
    """How much a spot is one of places: 0 for one that is none."""
    if len(texts) <= _FEW:
        return 1.0 if count <= _FEW and all(len(t) <= _LONGEST and is_placeish(t) for t in texts) else 0.0
    share = sum(map(is_venue, texts)) / len(texts)
    return share * len(texts) / count if share >= _SHARE and len(texts) >= _FILLED * count else 0.0


def _best(some: Sequence[tuple[Slot, str]], weights: dict[Slot, float]) -> str | None:
    ranked = sorted((one for one in some if one[0] in weights), key=lambda one: -weights[one[0]])
    return next((place for _, text in ranked if len(text) <= 2 * _LONGEST and (place := place_in(text))), None)


def place_in(text: str) -> str | None:
    """The place in a line that holds one: without prices and remarks behind it."""
    pieces = [piece.strip(" ,") for piece in _PIECES.split(text) if piece and piece.strip(" ,")]
    chosen = next((piece for piece in pieces if is_venue(piece)), pieces[0] if pieces else "")
    parts = [part.strip() for part in chosen.split(",")]
    kept = [part for part in parts if part and not _MONEY.search(part) and fold(part) not in _words("entry_words")]
    place = ", ".join(kept)
    if not _LETTERS.search(place) or fold(place) in _said_otherwise():
        return None
    return place.removesuffix(".") if len(place.split()[-1]) > _ABBREVIATION else place


def split_place(text: str) -> tuple[str, str] | None:
    """(name, place) of a line that tells a thing and behind it where it is ("Repair café, Town library")."""
    for cut in islice(_CUT.finditer(text), _CUTS):
        name, rest = text[: cut.start()].rstrip(), text[cut.end() :]
        if len(name) >= _NAME and is_venue(_CUT.split(rest)[0]) and not is_placeish(name):
            return name, place_in(rest) or rest
    return None


@lru_cache(maxsize=8192)
def is_venue(text: str) -> bool:
    """A line that reads like a venue or an address: a word for one begins or ends it, or a number or a code of the post
    stands as in an address."""
    words = text.strip(" .,:;·|–—-")
    if not words or len(words) > _LONGEST or words.endswith(("!", "?", "…")):
        return False
    if text.endswith(".") and len(words.split()) > _SENTENCE:
        return False
    first, *rest = words.split(",")
    if _begins_or_ends(fold(first).split()):
        return True
    if (
        _NUMBERED.fullmatch(first)
        or any(_NUMBERED.fullmatch(part.strip()) for part in rest[:2])
        or _POSTCODE.search(words)
    ):
        return True
    return is_placeish(words) or is_place_line(words)


def _begins_or_ends(words: Sequence[str]) -> bool:
    if not words or len(words) > _WORDS or words[-1] in evidence_words("event_words"):
        return False
    known = _venues()
    return words[0] in known or words[-1] in known or _ends(words[0]) or _ends(words[-1])


def _ends(word: str) -> bool:
    """Whether a word is a compound of a word for a venue: "Bürgerhaus", "raadszaal"."""
    return len(word) > 4 and word.endswith(_endings())


@cache
def _said_otherwise() -> frozenset[str]:
    """Words that stand where a place does when something else is to be said of a thing."""
    status = load_yaml("status.yaml")
    return frozenset(fold(str(word)) for name in ("cancelled", "postponed") for word in status[name])


@cache
def _venues() -> frozenset[str]:
    return _words("venue_words") | _words("doubtful_venues")


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(_words("venue_ends")))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")[name])

"""What words say as a name: whether they could name a thing, and what a heading names.

What belongs here: questions about some words by themselves. What does not: where on a page a title stands (`titles`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache, lru_cache

from pipelines.read.generic.days.extents import is_date_label
from pipelines.read.generic.days.mentions import Mention
from pipelines.read.generic.values.clocks import times
from pipelines.read.html.lines import squeeze
from pipelines.read.html.roles import is_furniture, is_read_more
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import find_dates, is_calendar_word
from pipelines.refine.places import is_place_line

_EDGES = " \t,;:|/–—-·•@()[]»«>*~\u200b"
_CUTS = ",;:|/–—-·•()[]»«>*~.!?"
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"), ("»", "«"))
_LONGEST = 250  # characters of the longest title
_TIE = 4  # letters of a word that ties a day to the words before it
_DATE, _WORD = 30, 14  # characters of the longest date, and of the longest name of a month or weekday
_MOSTLY = 0.7  # of some words are a date, so that they are no name
_BRACKETS = re.compile(r"\s*\([^()]{1,12}\)\s*$")
_PARTS = re.compile(r"\s[|–—:»>-]+\s|::|: ")
_FILE = re.compile(
    r"\d ?(?:[kKmMgG][bB]|[KM]o)\b|\.(?:pdf|docx?|odt|xlsx?|pptx?|zip|html?)\b|_\w+_|https?://|www\.", re.IGNORECASE
)
_DIGIT, _PAIRED = re.compile(r"\d"), re.compile(r"[()\[\]«»]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def undated(text: str, mentions: Sequence[Mention]) -> list[str]:
    """The parts of some words between their dates and times, without marks and words of time at the ends; a date amid
    the words, or tied to them by a small word ("Festival of 25 April"), is part of a name."""
    rest = text
    for mention in mentions:
        if len(mention.text) > 3 and mention.text in rest:
            before, _, after = rest.partition(mention.text)
            if before and not after.strip() and _is_tied(before, mention):
                continue  # "Commémoration du 8 mai"
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
        return [_trimmed(text)]
    parts = (times().sub(" | ", rest) if _DIGIT.search(rest) else rest).split(" | ")
    return [part for part in map(_trimmed, parts) if part]


def _trimmed(text: str) -> str:
    """Some words without the marks at their ends, but for those that belong to one within."""
    squeezed = squeeze(text)
    words = squeezed.strip(_EDGES).lstrip(_EDGES + ".")
    for opening, closing in _PAIRS if _PAIRED.search(squeezed) else ():
        if words.count(opening) == words.count(closing) + 1:
            tail = squeezed[squeezed.rfind(words) + len(words) :]
            cut, found, _ = tail.partition(closing)
            words = f"{words}{cut}{found}" if found else words.removesuffix(opening).rstrip(_EDGES)
        elif words.count(closing) == words.count(opening) + 1 and squeezed.startswith(opening):
            words = f"{opening}{words}"
    return words


def _is_tied_to_nothing(before: str, after: str) -> bool:
    """A capital after the date begins the next part: "12 March 2026 Spring fair"."""
    return len(before.split()) <= 1 or after[0].isupper() or after[0].isdigit()


def _is_tied(before: str, mention: Mention) -> bool:
    """Whether a small word ties a day without a year to the words before it: it is part of a name."""
    lead = mention.text.split()[0]
    is_small = lead.isalpha() and lead.islower() and len(lead) <= _TIE
    return is_small and before.rstrip()[-1:].isalpha() and not mention.has_year


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
    if not folded or folded in never_titles() or is_date_label(text) or not _own_words(folded):
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
    return next(iter(subjects_in(text)), None)


@lru_cache(maxsize=4096)
def subjects_in(text: str) -> tuple[str, ...]:
    """What each part of a heading or a page's title names ("Parks board | Agendas"), the parts in their order."""
    parts = [part.strip(_EDGES) for part in _PARTS.split(text)]
    parts = [_BRACKETS.sub("", undated(part, ())[0]).strip(_EDGES) for part in parts if undated(part, ())]
    named = (_without_lists(part) for part in parts if _own_words(fold(part)) and "@" not in part)
    return tuple(subject for subject in named if subject)


def _without_lists(part: str) -> str:
    """Some words without years and names of lists at their ends."""
    words = part.split()
    own = sum(not fold(word).isdecimal() for word in words)
    for at in (-1, 0):
        while len(words) > 1 and (fold(words[at]).isdecimal() or (own > 2 and _is_list_name(words[at]))):
            own -= not fold(words.pop(at)).isdecimal()
    if own > 1 and words[-1].islower() and _is_list_name(words[-1]):
        return part  # "Courses and dates" is no "Courses and"
    return " ".join(words).strip(_EDGES)


def _is_list_name(word: str) -> bool:
    folded = fold(word)
    return not folded or folded.isdecimal() or (folded in list_words() and not folded.startswith("meeting"))


@cache
def never_titles() -> frozenset[str]:
    """Words of links and labels that are never a title."""
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")["never_titles"])


def is_calendar_text(text: str, languages: tuple[str, ...]) -> bool:
    """The name of a month or a weekday, or a date that was cut out of another line."""
    if len(text) <= _WORD and " " not in text:
        return is_calendar_word(text, languages)
    if len(text) > _DATE or not any(char.isdigit() for char in text):
        return False
    return sum(len(span.text) for span in find_dates(text, languages)) >= _MOSTLY * len(text)


def are_alike(one: Collection[str], other: Collection[str], least: float) -> bool:
    """Whether two titles are of one thing, by their folded words: one holds the other, or the Dice coefficient is at
    least so much."""
    a, b = frozenset(one), frozenset(other)
    return bool(a and b) and (2 * len(a & b) / (len(a) + len(b)) >= least or a <= b or b <= a)


def names_a_body(words: str) -> bool:
    """Whether some words name a meeting, an event or a body that meets."""
    return not evidence_words("event_words").isdisjoint(fold(words).split())


@lru_cache(maxsize=8192)
def is_placeish(words: str) -> bool:
    """An address, a room, or the name of a place that the gazetteer knows."""
    parts = [folded for part in words.split(",")[:3] if (folded := fold(part).split())]
    if not parts:
        return False
    known, first = _place_words(), parts[0]
    if first[0] in known or first[-1] in known or (len(first) > 2 and _is_house_number(first[0])):
        return True
    return len(words) <= 60 and (any(part[0] in known for part in parts) or is_place_line(words))


def _is_house_number(word: str) -> bool:
    """A number that is no year and no "1 of" or "2 for" something."""
    is_year = len(word) == len("2000") and word[:2] in ("18", "19", "20")
    return word.isdecimal() and word not in ("1", "2") and not is_year


@cache
def _place_words() -> frozenset[str]:
    venues = load_yaml("venues.yaml")
    doubtful = {fold(str(word)) for word in load_yaml("layouts.yaml")["doubtful_venues"]}
    return frozenset(fold(str(word)) for name in ("rooms", "streets") for word in venues[name]) - doubtful


@cache
def evidence_words(name: str) -> frozenset[str]:
    """Words that speak for or against a title."""
    words = load_yaml("layouts.yaml")["title_evidence"][name]
    return frozenset(fold(str(word)) for word in words)

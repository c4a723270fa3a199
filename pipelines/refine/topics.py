"""Topics of an entry, and how much it is about the programme's subject: by words, with the words told.

What belongs here: finding the words of `topics.yaml` in what an entry says, and how they add up. What does not: the
words, which entries are left out of a release for being about something else (`pipelines.curate`).

A topic needs two points. A word in the title or the lines around it gives two, each further place one: so a teaser
that mentions a school once is not about education. Words of the subject itself (`about` of at least one half) need no
second one. Relevance is one minus the product of what the words leave open: of each topic and each group of the
subject once, less in the teaser than in the title, and never certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from pipelines.reference import load_yaml
from pipelines.reference.folding import fold, fold_long

PLACES = {
    "title": (2.0, 1.0),
    "surtitle": (2.0, 1.0),
    "subtitle": (2.0, 1.0),
    "summary": (1.0, 0.8),
    "sections": (0.5, 0.6),
}
"""Column to (points a word gives there, share of `about` that counts there)."""
_ENOUGH = 2.0
_LONGEST = 20_000  # characters of one text that are looked at
_SUBJECT = 0.5  # from here on one word says enough


@dataclass(frozen=True, slots=True)
class Group:
    """A topic, or a group of words of the subject that names none (`is_topic` false)."""

    name: str
    about: float
    is_topic: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """`topics` in the order of the vocabulary; `relevance` 0..1, None without any text; `words` found, by group."""

    topics: tuple[str, ...]
    relevance: float | None
    words: Mapping[str, tuple[str, ...]]


def judge(texts: Mapping[str, str | None]) -> Judgement:
    """Topics and relevance of one entry; `texts` has keys of `PLACES`."""
    points: dict[Group, float] = {}
    share: dict[Group, float] = {}
    words: dict[str, dict[str, None]] = {}
    for place, text in texts.items():
        given, counts = PLACES[place]
        for group, word in find_groups(text or ""):
            points[group] = points.get(group, 0.0) + (_ENOUGH if group.about >= _SUBJECT else given)
            share[group] = max(share.get(group, 0.0), counts)
            words.setdefault(group.name, {})[word] = None
    told = [group for group in _vocabulary().groups if points.get(group, 0.0) >= _ENOUGH]
    unsaid = 1.0
    for group in told:
        unsaid *= 1 - group.about * share[group]
    topics = tuple(group.name for group in told if group.is_topic)
    relevance = round(1 - unsaid, 3) if any(texts.values()) else None
    return Judgement(topics, relevance, {name: tuple(found) for name, found in words.items()})


def find_groups(text: str) -> Iterator[tuple[Group, str]]:
    """Each word of the vocabulary in a text with its group; the longest at each place, none overlapping."""
    tokens = fold_long(text[:_LONGEST]).split()
    start = 0
    while start < len(tokens):
        found = [phrase for phrase in _beginning(tokens[start]) if phrase.fits(tokens, start)]
        best = max(found, key=_Phrase.size, default=None)
        size = len(best.tokens) if best else 1
        if best and best.group:
            yield best.group, " ".join(tokens[start : start + size])
        start += size


def topic_titles() -> dict[str, str]:
    """Topic to its title in English, in the order of the vocabulary."""
    return {name: told["title"] for name, told in load_yaml("topics.yaml")["topics"].items()}


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase of the vocabulary, token by token; a group of None says that the words tell of something else."""

    tokens: tuple[str, ...]
    group: Group | None

    def fits(self, tokens: list[str], start: int) -> bool:
        """Whether it stands at this place, its first token does."""
        there = tokens[start + 1 : start + len(self.tokens)]
        return len(there) == len(self.tokens) - 1 and all(map(_fits, self.tokens[1:], there))

    def size(self) -> tuple[int, int]:
        """By which the longest of several is told: tokens, then letters."""
        return len(self.tokens), sum(map(len, self.tokens))


def _fits(pattern: str, token: str) -> bool:
    if pattern.startswith("-"):
        return pattern[1:].rstrip("*") in token
    return token.startswith(pattern[:-1]) if pattern.endswith("*") else token == pattern


@lru_cache(maxsize=1 << 16)
def _beginning(token: str) -> tuple[_Phrase, ...]:
    """The phrases whose first token this is."""
    near = (*_vocabulary().by_start.get(token[:_STEM], ()), *_vocabulary().inner)
    return tuple(phrase for phrase in near if _fits(phrase.tokens[0], token))


_STEM = 3  # letters by which phrases are looked up; no stem is shorter


class _Vocabulary:
    """The phrases, by how their first token begins; `inner` may stand within a word."""

    def __init__(self, groups: Iterable[tuple[Group | None, list[str]]]) -> None:
        self.groups: list[Group] = []
        self.by_start: dict[str, list[_Phrase]] = {}
        self.inner: list[_Phrase] = []
        for group, words in groups:
            self.groups += [group] if group else []
            for phrase in (_Phrase(pattern(word), group) for word in words):
                first = phrase.tokens[0]
                (self.inner if first.startswith("-") else self.by_start.setdefault(first[:_STEM], [])).append(phrase)


def pattern(phrase: str) -> tuple[str, ...]:
    """The folded tokens of a phrase, with the marks for any beginning (`-`) and any ending (`*`)."""
    tokens: list[str] = []
    for word in phrase.split():
        parts = fold(word).split()
        parts[0] = ("-" if word.startswith("-") else "") + parts[0]
        parts[-1] += "*" if word.endswith("*") else ""
        tokens += parts
    return tuple(tokens)


@cache
def _vocabulary() -> _Vocabulary:
    told = load_yaml("topics.yaml")
    groups = [
        (Group(name, float(group["about"]), kind == "topics"), group["words"])
        for kind in ("topics", "subject")
        for name, group in told[kind].items()
    ]
    return _Vocabulary([*groups, (None, told["none"])])

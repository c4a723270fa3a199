"""What names the things of a list that carry no title of their own: the headings above it, the page's title.

What belongs here: choosing among these. What does not: which headings cover a record (`periods`), what a single heading
says (`naming`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipelines.read.generic.values.naming import (
    evidence_words,
    list_words,
    names_a_body,
    subjects_in,
)
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

_NEAR = 4  # subjects among which one that names a body is preferred
_LONGEST = 90  # characters of a name that is fetched from farther up


def subject_for(texts: Sequence[str]) -> str | None:
    """The name that some headings, the nearest first, give to what stands below them; None when they only name lists.

    A heading that names no more than the kind of body ("Council agendas", "Regular meetings") gives way to one farther
    up that names this body in full ("Advisory council").
    """
    parts = [some for text in dict.fromkeys(texts) if (some := subjects_in(text))]
    first = list(dict.fromkeys(some[0] for some in parts))  # behind it stands the name of the site
    near = next((subject for subject in first[:_NEAR] if names_a_body(subject)), first[0] if first else None)
    if near is None or len(own_words(near)) > 1 or not names_a_body(near):
        return near
    return next((subject for some in parts for subject in some if _is_fuller(subject, near)), near)


def _is_fuller(subject: str, bare: str) -> bool:
    """Whether a subject names the body of a bare one, and more of it."""
    own = own_words(subject)
    if len(own) < 2 or len(subject) > _LONGEST or own.isdisjoint(evidence_words("event_words")):
        return False
    return own_words(bare) < own


def own_words(text: str) -> frozenset[str]:
    """The folded words that say more than that people meet, when, and that papers of it are listed."""
    words = (word for word in fold(text).split() if not word.isdecimal())
    return frozenset(words) - list_words() - _meeting_words()


@cache
def _meeting_words() -> frozenset[str]:
    return frozenset(fold(str(word)) for word in load_yaml("layouts.yaml")["meeting_words"])

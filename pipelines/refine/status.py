"""Status: cancelled, postponed or scheduled, when the page says so; null otherwise, and never from absence.

What belongs here: words and where they count. What does not: what happens to the entry's dates (nothing).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pipelines.reference import load_yaml

_ORDER = ("cancelled", "postponed", "scheduled")
_DASH = r"[:\-–—|!/]"
_WORDS_OF = re.compile(r"[^\W\d_]+")  # letters only: a message repeats no address and no number


def read_status(status: Any, *titles: Any) -> tuple[str | None, str | None]:
    """(cancelled, postponed, scheduled or None; the reason when the page gave a status that is no word of ours).

    `status` is what the page gives as one and may hold nothing else; in `titles` (title, surtitle, subtitle) a word
    counts only where it stands apart, so that "Cancelled culture" cancels nothing.
    """
    given = str(status).strip().rsplit("/", 1)[-1] if isinstance(status, str) else ""
    for name in _ORDER:
        if given and _words(name).search(given):
            return name, None
    for name in ("cancelled", "postponed"):
        if any(_apart(name).search(title) for title in titles if isinstance(title, str)):
            return name, None
    words = " ".join(_WORDS_OF.findall(given))[:40]
    return None, f"status {words!r} is not known" if given else None


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_alternatives(load_yaml('status.yaml')[name])})(?!\w)", re.IGNORECASE)


@cache
def _apart(name: str) -> re.Pattern[str]:
    """A word that stands apart in a title."""
    known = load_yaml("status.yaml")
    word, verbs = _alternatives(known[name]), _alternatives(known["is"])
    return re.compile(
        rf"^\W*(?:{word})\s*(?:{_DASH}|$|[)\]])"  # CANCELLED: title
        rf"|[(\[]\s*(?:{word})(?!\w)[^)\]]*[)\]]"  # title (postponed to May)
        rf"|\s{_DASH}+\s*(?:{word})\W*$"  # title - cancelled
        rf"|:\s*(?:{word})\W*$"
        rf"|(?<!\w)(?:{verbs})\s+(?:{word})(?:\W*$|\s+(?:to|until|till|au|à|auf|bis|a|al|hasta|para|due)(?!\w))",
        re.IGNORECASE,
    )

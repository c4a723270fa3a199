"""Status: cancelled, postponed or scheduled, when the page says so; null otherwise, and never from absence.

What belongs here: words and where they count. What does not: what happens to the entry's dates (nothing).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pipelines.reference import load_yaml
from pipelines.reference.folding import fold_word

_ORDER = ("cancelled", "postponed", "scheduled")
_DASH = r"[:\-–—|!/]"
_NO_BLANKS = "\u2e80"  # from here on: characters of scripts that set no blanks between words
_WORDS_OF = re.compile(r"[^\W\d_]+")  # letters only: a message repeats no address and no number


def read_status(status: Any, *titles: Any) -> tuple[str | None, str | None]:
    """(cancelled, postponed, scheduled or None; the reason when the page gave a status that is no word of ours).

    `status` is what the page gives as one and may hold nothing else; in `titles` (title, surtitle, subtitle) a word
    counts only where it stands apart, so that "Cancelled culture" cancels nothing.
    """
    given = str(status).strip().rsplit("/", 1)[-1] if isinstance(status, str) else ""
    for name in _ORDER:
        if given and _words(name).search(fold_word(given)):
            return name, None
    for name in ("cancelled", "postponed"):
        if any(_apart(name).search(fold_word(title)) for title in titles if isinstance(title, str)):
            return name, None
    words = " ".join(_WORDS_OF.findall(given))[:40]
    return None, f"status {words!r} is not known" if given else None


def _alternatives(words: list[str]) -> str:
    """Words without case and accents, each between ends of words: capitals carry no accents in Greek and often none in
    French. Scripts that set no blanks have no such ends."""
    folded = {fold_word(str(word)) for word in words}
    ends = {word: "" if word[0] >= _NO_BLANKS else r"(?!\w)" for word in folded}
    return "|".join(re.escape(word) + ends[word] for word in sorted(folded, key=lambda one: (-len(one), one)))


@cache
def _words(name: str) -> re.Pattern[str]:
    words = load_yaml("status.yaml")[name]
    spaced, others = ([w for w in words if (str(w)[0] >= _NO_BLANKS) == other] for other in (False, True))
    unspaced = f"|{_alternatives(others)}" if others else ""
    return re.compile(rf"(?<!\w)(?:{_alternatives(spaced)}){unspaced}")


@cache
def _apart(name: str) -> re.Pattern[str]:
    """A word that stands apart in a title."""
    known = load_yaml("status.yaml")
    word, verbs, until = (_alternatives(known[key]) for key in (name, "is", "until"))
    return re.compile(
        rf"^\W*(?:{word})\s*(?:{_DASH}|$|[)\]】」])"  # CANCELLED: title
        rf"|[(\[【「]\s*(?:{word})[^)\]】」]*[)\]】」]"  # title (postponed to May)
        rf"|\s{_DASH}+\s*(?:{word})\W*$"  # title - cancelled
        rf"|:\s*(?:{word})\W*$"
        rf"|(?<!\w)(?:{verbs})\s+(?:{word})(?:\W*$|\s+(?:{until}))",
    )

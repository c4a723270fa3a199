"""Pages that lie with status 200: error pages, logins, captchas, walls.

What belongs here: telling such a page from one with content. What does not: what to do about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from pipelines.read.html.lines import Line
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

# A page that refuses says so in its title or its first lines, and says little else.
_LINES = 40
MOST = 3000
_NO_WORD = re.compile(r"[\W_]+")
_MARKS = re.compile(r"[\u0300-\u036f]+")


@cache
def _phrases() -> dict[str, str]:
    """Folded phrase to the class of the refusal."""
    return {fold(str(p)): name for name, phrases in load_yaml("refusals.yaml").items() for p in phrases}


def plain_words(text: str) -> str:
    """A long text as words of small letters without marks, a blank around each: a tenth of the time that `fold` takes.

    What stands in a folded text word by word, its signs left out, stands in this as well.
    """
    lowered = text.lower()
    if not lowered.isascii():
        lowered = _MARKS.sub("", unicodedata.normalize("NFKD", lowered.replace("ł", "l")))
    return f" {_NO_WORD.sub(' ', lowered)} "


class Phrases:
    """Phrases that are looked for in many long texts."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = {}
        for phrase in dict.fromkeys(plain_words(phrase) for phrase in phrases):
            self._by_word.setdefault(max(phrase.split(), key=len), []).append(phrase)

    def are_in(self, shown: str) -> bool:
        """Whether one of them stands in a text of plain words."""
        telling = self._by_word.keys() & shown.split()
        return any(phrase in shown for word in telling for phrase in self._by_word[word])


@cache
def refusing_phrases() -> Phrases:
    """The phrases of all refusals."""
    return Phrases(_phrases())


def may_refuse(text: str) -> bool:
    """Whether a phrase of a refusal stands anywhere in the text of a page: quicker than asking its lines."""
    return refusing_phrases().are_in(plain_words(text))


def is_refusal(lines: Sequence[Line], title: str) -> str | None:
    """Why the page is no content ("soft 404", "login page", "captcha"), or None."""
    if sum(len(line.text) for line in lines) > MOST:
        return None
    texts = [title, *(line.text for line in lines[:_LINES] if len(line.text) < 200)]
    for text in texts:
        folded = f" {fold(text)} "
        for phrase, name in _phrases().items():
            if f" {phrase} " in folded:
                return f"{name}: {text[:80]}"
    return None

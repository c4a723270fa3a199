"""Folding of names: one spelling for comparing, whatever the case, accents, dashes and apostrophes.

What belongs here: words of a text with their offsets, and their folded form. What does not: which words are places.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ŋ": "n", "ħ": "h"}
)

# A word with its marks, or a sign that no name runs across. Blanks, dashes, apostrophes, points, slashes and
# parentheses stand inside names ("St. Gallen", "Donostia/San Sebastián", "Kepez (Antalya)") and are no words.
WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*|[,;:|\n•·、，;]")


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """One word, folded."""
    if word.isascii():
        return word.lower()
    lowered = word.lower().translate(_LETTERS)
    return "".join([c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c)])


def words(text: str) -> list[tuple[int, int, str]]:
    """Start, end and folded form of each word and of each sign that separates names."""
    return [(m.start(), m.end(), fold_word(m.group())) for m in WORD.finditer(text)]


def fold_long(text: str) -> str:
    """`fold` for a text that is not met again."""
    return " ".join([fold_word(word) for word in WORD.findall(text)])


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The folded words of a name, joined by single blanks."""
    return " ".join([fold_word(word) for word in WORD.findall(name)])

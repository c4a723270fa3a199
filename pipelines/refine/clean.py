"""Clean: the text of a page as a reader of it means it, and a word for what the page itself had lost.

What belongs here: markup, mojibake, characters that are not text, blanks, markers of the site. Nothing here changes
what a text says: case, quotes, dashes and spelling stay; a letter that the source lost is flagged, never put back.
What does not: personal data (`privacy`), the meaning of a text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from html.entities import html5
from typing import Any

import ftfy

from pipelines.reference import load_yaml

LETTERS_LOST = "letters lost at the source"

# ftfy mends encodings only: quotes, ligatures and widths stay; entities are ours (its own rule skips texts with "<").
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False, fix_latin_ligatures=False, fix_character_width=False, uncurl_quotes=False, explain=False
)
_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ROUNDS = 8  # a text escaped or nested more often than this is not text, and loses what makes a tag
_NO_TAGS = str.maketrans("<>&", "   ")
_COMMENT = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<!\[CDATA\[|\]\]>|<!DOCTYPE[^<>]*>|<\?xml[^<>]*\?>", re.DOTALL | re.IGNORECASE
)
# Zero-width marks (the joiners stay, languages need them); bidi marks, embeddings, overrides and isolates;
# noncharacters. Then control characters but tab and newline, and private use (icon fonts).
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0001]"
)
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]")
_NEWLINE = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
# A question mark between letters, the second one small: "Who?Where" only lacks a blank.
_IN_WORD = re.compile(r"[^\W\d_]\?(?=[a-zß-öø-ÿ\u0101-\u017f\u03ac-\u03ce\u0430-\u045f])")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text (None when nothing is left), what was found wrong, and the language that a marker names."""

    text: str | None
    issues: tuple[str, ...] = ()
    language: str | None = None


def clean_text(text: Any, lines: bool = False) -> Cleaned:
    """One text cleaned; with `lines` its line breaks stay, else it becomes one line.

    Anything but a string counts as missing.
    """
    if not isinstance(text, str):
        return Cleaned(None)
    plain = _blanks(_without_markup(ftfy.fix_text(_whole(text), _FTFY)))
    plain, language = _without_markers(plain)
    if not lines:
        plain = " ".join(plain.split())
    issues = (LETTERS_LOST,) if has_lost_letters(plain) else ()
    return Cleaned(plain or None, issues, language)


def has_lost_letters(text: str) -> bool:
    """A replacement character, a question mark inside a word ("Pej?inović"), or several words of question marks."""
    if "\ufffd" in text:
        return True
    words = [word for word in text.split() if "?" in word and "://" not in word and "=" not in word]
    return any(map(_IN_WORD.search, words)) or sum(len(word) > 1 and set(word) == {"?"} for word in words) > 1


def _whole(text: str) -> str:
    """Surrogate pairs joined; a lone surrogate, which no encoding can hold, becomes the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_markup(text: str) -> str:
    """Entities decoded and tags removed, until none is left; only entities that end in a semicolon are entities.

    Characters that nobody sees go on the way, as they hide a tag from whoever looks before they are gone.
    """
    for _ in range(_ROUNDS):
        plain = _visible(_ENTITY.sub(_character, text) if "&" in text else text)
        if "<" in plain:
            plain = _without_tags(plain)
        if plain == text:
            return text
        text = plain
    return _ENTITY.sub(" ", text).translate(_NO_TAGS)


def _visible(text: str) -> str:
    return _NOT_TEXT.sub(" ", _INVISIBLE.sub("", _NEWLINE.sub("\n", text)))


def _character(entity: re.Match[str]) -> str:
    """What an entity stands for; one that HTML does not know stays as it is."""
    name = entity[1]
    return html.unescape(f"&{name};") if name[0] == "#" or f"{name};" in html5 else f"&{name};"


def _without_tags(text: str) -> str:
    hidden, block, inline = _tags()
    return inline.sub("", block.sub("\n", hidden.sub(" ", _COMMENT.sub(" ", text))))


@cache
def _tags() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of whole hidden elements, of block tags, of inline tags."""
    names = load_yaml("furniture_markers.yaml")["elements"]
    hidden, block, inline = (
        "|".join(map(re.escape, sorted(names[k], key=len, reverse=True))) for k in ("hidden", "block", "inline")
    )
    rest = r"(?:[\s/][^<>]*)?>"
    flags = re.IGNORECASE | re.DOTALL
    return (
        re.compile(rf"<({hidden}){rest}[^<]*</\1\s*>", flags),
        re.compile(rf"</?(?:{block}){rest}", flags),
        re.compile(rf"</?(?:{inline}|{hidden}){rest}", flags),
    )


def _blanks(text: str) -> str:
    """Single blanks, no blank at the ends of lines, no empty lines."""
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_markers(text: str) -> tuple[str, str | None]:
    """The text without "(English only)" and the like, and the language that the first of them names."""
    bracketed, alone, languages = _markers()
    found: list[str] = []

    def note(match: re.Match[str]) -> str:
        found.append(languages[" ".join(match[1].casefold().split())])
        return " "

    plain = alone.sub(note, bracketed.sub(note, text))
    return (_blanks(plain), found[0]) if found else (text, None)


@cache
def _markers() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    words: dict[str, list[str]] = load_yaml("furniture_markers.yaml")["language_markers"]
    languages = {word.casefold(): code for code, group in words.items() for word in group}
    any_of = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(languages, key=len, reverse=True))
    return (
        re.compile(rf"[(\[]\s*({any_of})\s*[)\]]", re.IGNORECASE),
        re.compile(rf"^\s*({any_of})\s*$", re.IGNORECASE | re.MULTILINE),
        languages,
    )

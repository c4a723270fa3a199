"""What a line is: the vocabulary of pages applied to one line at a time.

What belongs here: questions about one line that its words answer. What does not: how lines make an entry (`records`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from pipelines.read.html.lines import Line
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

_ELLIPSIS = ("...", "…", "[…]", "[...]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_WORDS = re.compile(r"\w+")

# Teasers are cut at about 200 characters and end in an ellipsis; the shortest seen on the sources is 60.
_CUT_TEASER = 60
_SENTENCE = 80
_PARAGRAPH = 140


@cache
def words(*path: str) -> Any:
    """A part of the vocabulary in `reference/reading.yaml`: a list as a frozenset of folded words, else as it is."""
    part: Any = load_yaml("reading.yaml")
    for key in path:
        part = part[key]
    return frozenset(fold(str(word)) for word in part) if isinstance(part, list) else part


@cache
def _furniture_patterns() -> re.Pattern[str]:
    patterns = load_yaml("reading.yaml")["furniture"]["patterns"]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@cache
def _labels(group: str) -> dict[str, str]:
    """Folded label to its meaning."""
    return {fold(str(word)): meaning for meaning, found in load_yaml("reading.yaml")[group].items() for word in found}


def is_read_more(text: str) -> bool:
    """`Read More` and its like, alone or before the entry's name ("Read more about TITLE"): the end of a teaser."""
    folded = fold(text)
    if folded in words("read_more") or any(folded.startswith(f"{word} ") for word in words("read_more_of")):
        return True
    head, separator, _ = text.partition(":")
    named = separator and fold(head) in words("read_more")
    return bool(named) and any(word.startswith(f"{fold(head)} ") for word in words("read_more_of"))


def split_end(line: Line) -> Iterator[Line]:
    """The line, and a `Read More` at its end as a line of its own: told by its link, or by an ellipsis before."""
    last = line.anchors[-1] if line.anchors else None
    if last and is_read_more(last.text) and line.text.endswith(last.text) and line.text != last.text:
        yield replace(line, text=line.text.removesuffix(last.text).rstrip(), anchors=line.anchors[:-1])
        yield replace(line, text=last.text, anchors=(last,), level=0, strong="")
        return
    head, dots, tail = line.text.rpartition("...")
    if dots and is_read_more(tail) and not line.anchors:
        yield replace(line, text=head + dots)
        yield replace(line, text=tail.strip())
        return
    yield line


def marked_language(text: str) -> str | None:
    """ISO 639-1 of the entry below, when the line is a marker such as `(anglais seulement)`."""
    return next((lang for lang in words("language_markers") if fold(text) in words("language_markers", lang)), None)


def is_furniture(text: str) -> bool:
    """Whether the line belongs to the site, not to an entry."""
    folded = fold(text)
    return (
        not folded
        or folded in words("furniture", "lines")
        or bool(_furniture_patterns().fullmatch(text.lower().strip()))
    )


def told_furniture(lines: Iterable[Line]) -> Iterator[tuple[Line, bool]]:
    """Each line, and whether it belongs to the site: furniture, or a facet's count behind its heading."""
    counted = False
    for line in lines:
        counted = fold(line.text) in words("facets", "headings") or (counted and bool(_facet().fullmatch(line.text)))
        yield line, counted or is_furniture(line.text)


@cache
def _facet() -> re.Pattern[str]:
    return re.compile(words("facets", "pattern"))


def is_page_title(text: str) -> bool:
    """Whether the line names a page or a list."""
    return fold(text) in words("page_titles")


def opens_entries(text: str) -> bool:
    """Whether the entries of the page begin after this line."""
    return fold(text) in words("entries_follow")


def is_cut(text: str) -> bool:
    """A teaser that was cut short: long, and it ends in an ellipsis."""
    return len(text) >= _CUT_TEASER and text.endswith(_ELLIPSIS)


def is_prose(line: Line) -> bool:
    """A teaser or a paragraph: cut short, very long, or a long sentence. A heading never is."""
    if line.level:
        return False
    text = line.text
    return is_cut(text) or len(text) >= _PARAGRAPH or (len(text) >= _SENTENCE and bool(_SENTENCE_END.search(text)))


def label_of(text: str, group: str = "section_labels") -> tuple[str, str] | None:
    """(meaning, rest of the line) when the line is, or begins with, a label of the group.

    A label that begins a line is set off by a colon, or a dash with blanks; `Purpose: text` and `Purpose` alone count.
    """
    labels = _labels(group)
    if meaning := labels.get(fold(text)):
        return meaning, ""
    head, separator, rest = text.partition(":")
    if not separator:
        head, separator, rest = text.partition(" - ")
    meaning = labels.get(fold(head)) if separator and len(head) <= 40 else None
    return (meaning, rest.strip()) if meaning else None


def split_status(text: str) -> tuple[str | None, str]:
    """(`CANCELLED` or its like, the rest) of a line that begins with such a word; (None, the line) for any other."""
    found = _status_words().match(text)
    return (found[1], text[found.end() :]) if found else (None, text)


@cache
def _status_words() -> re.Pattern[str]:
    known = load_yaml("status.yaml")
    ours = sorted((*known["cancelled"], *known["postponed"]), key=len, reverse=True)
    return re.compile(rf"[\W_]*({'|'.join(map(re.escape, ours))})(?!\w)[\s:!,;–—-]*(?=\w)", re.IGNORECASE)


def column_of(header: str) -> str | None:
    """What a table's column holds, by its header: date, place, title, status or documents."""
    return _labels("table_headers").get(fold(header))


def column_in(header: str) -> str | None:
    """What a column holds when its header says it in more words ("Titre de la réunion"); the surest word counts."""
    found = {labels[word] for word in _WORDS.findall(fold(header)) if word in (labels := _labels("table_headers"))}
    return next((column for column in ("date", "place", "title", "status", "documents") if column in found), None)


def section_kind(heading: str) -> str | None:
    """Kind of the items below a heading such as `Online events`."""
    return _labels("section_kinds").get(fold(heading))


def word_count(text: str) -> int:
    """How many words a text has."""
    return len(_WORDS.findall(text))

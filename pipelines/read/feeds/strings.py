"""Strings of a feed to what an entry says: text without markup, a status, a place, an address.

What belongs here: conversions that all readers of feeds share. What does not: where in a format a string stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from pipelines.read.structured import stated
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold

__all__ = ["absolute", "language_code", "link_of", "place_words", "status_word", "text"]

LONGEST_TITLE, LONGEST_SUMMARY = 500, 2000
_DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".ppt", ".pptx", ".xls", ".xlsx")
_MOST_PARTS = 8


def text(value: Any, longest: int = LONGEST_SUMMARY) -> str | None:
    """A value as one line of text, HTML taken off; None when nothing is left, or it is no text and no number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    said = str(value)[: 8 * longest]
    # Most strings are plain: no markup, and of all blanks only the common one is printable.
    is_plain = said.isprintable() and "<" not in said and "&" not in said
    said = " ".join(said.split()) if is_plain else stated.plain_text(said)
    return said[:longest].rstrip() or None


def absolute(address: Any, base: str) -> str | None:
    """An address of http or https, absolute; None when it is none. "www.city.example" is meant to have a scheme."""
    said = address.strip() if isinstance(address, str) else ""
    return stated.absolute(f"https://{said}" if said.lower().startswith("www.") else said, base)


def place_words(parts: Iterable[str | None]) -> str | None:
    """A place's name and parts of its address as one, each part once: what another part says already is left out."""
    kept: list[str] = []
    for part in parts:
        said = (part or "").strip(" ,;")
        if said and len(kept) < _MOST_PARTS and not any(said.casefold() in one.casefold() for one in kept):
            kept.append(said)
    return text(", ".join(kept), LONGEST_TITLE)


def status_word(value: Any) -> str | None:
    """cancelled, postponed or scheduled when a stated status is a word for one of them; None otherwise.

    The words are those of `reference/status.yaml`; of an address the last part counts
    ("https://schema.org/EventCancelled").
    """
    said = value[:200].rstrip("/ ").rpartition("/")[2] if isinstance(value, str) else ""
    return _statuses().get(fold(said)) if said else None


@cache
def _statuses() -> dict[str, str]:
    known = load_yaml("status.yaml")
    return {fold(str(word)): name for name in ("scheduled", "postponed", "cancelled") for word in known[name]}


def language_code(value: Any) -> str | None:
    """The ISO 639-1 code in "fr", "fr-FR" or "fr_FR"; None for anything else."""
    code = value.strip().replace("_", "-").partition("-")[0].lower() if isinstance(value, str) else ""
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def link_of(address: str, label: str | None = None, kind: str = "") -> dict[str, str]:
    """A link that an entry gives: a document by its type or ending, else something related."""
    path = address.partition("?")[0].lower()
    is_document = path.endswith(_DOCUMENTS) or "pdf" in kind or "officedocument" in kind or "msword" in kind
    return {"url": address, "label": label or "", "role": "document" if is_document else "related"}

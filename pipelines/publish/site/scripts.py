"""Data as scripts: a page that is opened from a folder may load a script, and nothing else that holds data.

What belongs here: one call a file, of which nothing but the numbers, texts and lists of JSON can come. What does not:
what the data say.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What a JSON text may hold and a script or a page may not: the start of a tag, and line ends of older scripts.
_ESCAPED = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}

FOLDER = "site/data"
CALL = b"cityharvest("
"""How each file begins."""

Writer = Callable[..., None]
"""`write(name, json_text, number=None)`: writes one file."""


def writer(folder: Path, release: str) -> Writer:
    """Writes the data files of a site into a folder, which is made.

    Each names the release, so that a page that stays open while a newer release takes the place of its own sees it.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def write(name: str, text: str, number: int | None = None) -> None:
        file = name if number is None else f"{name}-{number:03d}"
        call = f"{CALL.decode()}{json.dumps(name)},{json.dumps(number)},{as_json(release)},{_plain(text)});\n"
        # Halves of characters, which no encoding has, are written as JSON escapes them.
        (folder / f"{file}.js").write_text(call, encoding="utf-8", errors="backslashreplace")

    return write


def said(call: bytes) -> Any:
    """The data of one file. ValueError when it is not such a call."""
    return json.loads(b"[" + call.removeprefix(CALL).removesuffix(b");\n") + b"]")[-1]


def as_json(value: Any) -> str:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(text: str) -> str:
    """JSON in which the characters that mean something to scripts or pages are escaped; the value stays the same."""
    for character, escape in _ESCAPED.items():
        text = text.replace(character, escape)
    return text

"""Month and weekday names of CLDR, kept in a data file that `write()` makes anew.

What belongs here: that file, `pipelines/reference/dates/cldr.json`, and what babel says should stand in it. What does
not: words that we add. Babel itself takes most of a second to load the locales that a text of unknown language needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import localedata

# Locales that are read beside a language's own: its other script.
_TAGS = {"sr": ("sr", "sr_Latn")}
Name = tuple[str, int, bool]


@cache
def cldr_names() -> dict[str, dict[str, list[Name]]]:
    """language -> "months" (1..12) and "days" (0 = Monday) -> (name, number, is it an abbreviation)."""
    text = (files("pipelines.reference") / "dates" / "cldr.json").read_text(encoding="utf-8")
    names: dict[str, dict[str, list[Name]]] = json.loads(text)
    return names


def names_from_babel(code: str) -> dict[str, list[Name]]:
    """What babel's CLDR says for one language: format and stand-alone names, wide and abbreviated, each once."""
    return {what: list(dict.fromkeys(_names(code, what))) for what in ("months", "days")}


def _names(code: str, what: str) -> Iterable[Name]:
    for tag in _TAGS.get(code, (code,)):
        # Babel lets aliases of one locale leak into the data that all share (Hebrew stand-alone months turn up in
        # Japanese and Italian once Hebrew was loaded), so each locale is loaded afresh.
        localedata._cache.clear()
        data: Any = localedata.load(tag)
        forms = localedata.LocaleDataDict(data)[what]
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in forms[use][width].items():
                    clean = name.strip().rstrip(".")
                    if len(clean) > 1 and not clean[0].isdigit():
                        yield clean, int(number), width != "wide"


def write() -> None:
    """Write the data file for all languages that have one of their own, one language a line."""
    folder = Path(__file__).parents[3] / "reference" / "dates"
    codes = sorted(p.stem for p in folder.glob("*.yaml") if p.stem != "zones")
    lines = [f"{json.dumps(code)}: {json.dumps(names_from_babel(code), ensure_ascii=False)}" for code in codes]
    (folder / "cldr.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")

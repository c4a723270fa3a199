"""JSON that a page carries for its own scripts: typed scripts, assignments, lists in code, data attributes.

What belongs here: finding the texts that may hold entries, with a cheap look before anything is decoded. What does not:
which values are entries (`objects`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from pipelines.read.structured.json_ld import is_json_ld
from pipelines.read.structured.json_text import Budget, load, load_at, strings_in
from pipelines.read.structured.objects import state_list, state_objects
from pipelines.read.structured.stated import Stated

# A day as ISO, seconds or milliseconds since 1970, or a date made by code: without one there is nothing to find.
_MOMENT = re.compile(
    r"(?:19|20)\d\d-?[01]\d-?[0-3]\d|[\"':\s(]\d{9,10}(?:\d{3})?(?!\d)|new Date\(|/Date\(", re.IGNORECASE
)
_STARTS = re.compile(r"(?:=|\(|:|,|return)\s*(?=\{)|(?=\[\s*\{)")
_PARSED = re.compile(r"JSON\.parse\(\s*(?=[\"'`])")
_CODE = ("", "text/javascript", "application/javascript", "text/ecmascript", "module")
_MOST_STARTS = 1000
_MOST_STRINGS = 10
_MOST_ATTRIBUTES = 3000
_SHORTEST = 40  # characters in which an entry can be told
_ATTRIBUTES = etree.XPath(
    f"(//@*[starts-with(., '{{') or starts-with(., '[')][string-length(.) > 40])[position() <= {_MOST_ATTRIBUTES}]"
)


def read_scripts(scripts: list[Any], base: str, budget: Budget) -> Iterator[Stated]:
    """What the scripts of a page state, those of JSON-LD left out."""
    for script in scripts:
        text, kind = script.text or "", (script.get("type") or "").lower().partition(";")[0].strip()
        if is_json_ld(script) or not _may_state(text, budget):
            continue
        if "json" in kind:
            yield from state_objects(load(text, budget), base, budget)
        elif kind in _CODE and len(text) <= budget.code:
            budget.code -= len(text)
            yield from _in_code(text, base, budget)


def _may_state(text: str, budget: Budget) -> bool:
    return _SHORTEST <= len(text) <= budget.characters and _MOMENT.search(text) is not None


def _in_code(text: str, base: str, budget: Budget) -> Iterator[Stated]:
    for string in islice(strings_in(text, _PARSED), _MOST_STRINGS):
        yield from state_objects(load(string, budget), base, budget)
    end = 0
    for start in islice(_STARTS.finditer(text), _MOST_STARTS):
        if start.end() < end:
            continue
        value, end = load_at(text, start.end(), budget)
        if value:
            yield from state_objects(value, base, budget)


def read_data_attributes(tree: Any, base: str, budget: Budget) -> Iterator[Stated]:
    """What attributes state that hold JSON: a list in one, or one object in each of several of the same name."""
    alone: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for text in _ATTRIBUTES(tree):
        value = load(text, budget) if _may_state(text, budget) else None
        listed = list(state_objects(value, base, budget, text.getparent()))
        yield from listed
        if isinstance(value, dict) and not listed:
            alone[text.attrname].append((value, text.getparent()))
    for group in alone.values():
        yield from state_list(group, "", base, budget)

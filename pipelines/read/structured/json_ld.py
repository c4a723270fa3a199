"""JSON-LD: events and news in `<script type="application/ld+json">`.

What belongs here: the blocks of a page, graphs, lists and nested things. What does not: what a thing says
(`schema_org`), and broken JSON (`json_text`).

Source: https://www.w3.org/TR/json-ld11/ as far as pages use it; contexts are not fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.read.structured.json_text import Budget, load
from pipelines.read.structured.schema_org import kind_of, state
from pipelines.read.structured.stated import Stated
from pipelines.read.structured.vocabulary import fold_key, word_ranks

LONGEST_LIST = 5000
"""A list of more values is data, and none that a page shows."""
_TYPE = "ld+json"


def is_json_ld(script: Any) -> bool:
    """Whether a `<script>` is one of JSON-LD."""
    return _TYPE in (script.get("type") or "").lower()


def read_json_ld(scripts: list[Any], base: str, budget: Budget) -> Iterator[Stated]:
    """The events and news of all blocks, in their order."""
    things: list[dict[str, Any]] = []
    for script in filter(is_json_ld, scripts):
        things += _things(load(script.text or "", budget), budget)
    known: dict[str, dict[str, Any]] = {}
    for thing in things:
        if isinstance(thing.get("@id"), str) and len(thing) > 1:
            known.setdefault(thing["@id"], thing)
    for thing in things:
        if kind_of(thing.get("@type")) and budget.thing() and (found := state(thing, base, "json-ld", known=known)):
            yield found


def _things(block: Any, budget: Budget) -> list[dict[str, Any]]:
    """Every object of a block, outer ones first, without recursion."""
    found: list[dict[str, Any]] = []
    stack = [block]
    while stack and budget.value():
        value = stack.pop()
        if isinstance(value, dict):
            found.append(value)
            below = [v for k, v in value.items() if isinstance(v, dict | list) and fold_key(k) not in _left_out()]
            stack += reversed(below)
        elif isinstance(value, list) and len(value) <= LONGEST_LIST:
            stack += [one for one in reversed(value) if isinstance(one, dict | list)]
    return found


def _left_out() -> dict[str, int]:
    return word_ranks("not_below")

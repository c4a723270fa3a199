"""Lists of alike objects in plain JSON values: which of them are lists of events or news, and what they state.

What belongs here: the judgement by keys and values. What does not: where the values come from (`scripts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.read.structured.json_ld import LONGEST_LIST
from pipelines.read.structured.json_text import Budget, load
from pipelines.read.structured.moments import moment_of, with_hour
from pipelines.read.structured.schema_org import join_place
from pipelines.read.structured.stated import Stated, make_stated
from pipelines.read.structured.vocabulary import (
    first_of,
    fold_key,
    folded,
    present,
    text_of,
    values_of,
    word_ranks,
)

_LEAST = 2  # one object with a name and a date may be anything
_SHORTEST = 60  # characters in which two entries can be told
_LOOK = 5  # objects of a list that are looked at before all of them are
_HALF = 0.5  # of the objects of a list that must be entries
_TRUE = (True, 1, "true", "1")


def state_objects(value: Any, base: str, budget: Budget, node: Any = None) -> Iterator[Stated]:
    """What the lists within a value state, in their order; a list that states entries is not looked into further."""
    stack: list[tuple[str, Any]] = [("", value)]
    while stack and budget.value():
        name, value = stack.pop()
        if isinstance(value, str):
            value = load(value, budget)  # settings that a site hands on as text within its settings
        if isinstance(value, dict):
            group = [(one, node) for one in value.values() if isinstance(one, dict)]
            below = list(value.items())
        elif isinstance(value, list) and len(value) <= LONGEST_LIST:
            group = [(one, node) for one in value if isinstance(one, dict)]
            below = [(name, one) for one in value]
        else:
            continue
        found = state_list(group, name, base, budget) if _LEAST <= len(group) <= LONGEST_LIST else []
        yield from found
        if not found:
            stack += [(key, one) for key, one in reversed(below) if isinstance(one, dict | list) or _is_json(one)]


def _is_json(value: Any) -> bool:
    """Whether a string looks like one more list or object."""
    return isinstance(value, str) and len(value) > _SHORTEST and value.startswith(("[{", '{"'))


def state_list(group: list[tuple[Any, Any]], name: str, base: str, budget: Budget) -> list[Stated]:
    """What alike objects state; nothing when fewer than two, or fewer than half of them, have a title and a day.

    `group` has each object with the element that it hangs on; `name` is the key of their list.
    """
    if not any(budget.thing() and _has_entry(_unwrapped(one)) for one, _ in group[:_LOOK]):
        return []
    entries = [(had, node) for one, node in group if budget.thing() and _has_entry(had := _unwrapped(one))]
    if len(entries) < _LEAST or len(entries) < _HALF * len(group):
        return []
    is_news = _are_news(entries[0][0], name)
    stated = (_state(had, is_news, base, node) for had, node in entries)
    return [found for found in stated if found]


def _unwrapped(thing: Mapping[str, Any]) -> dict[str, Any]:
    """An object with folded keys, with what is wrapped in it, twice at most; its own values come first."""
    had = folded(thing)
    for _ in range(2):
        inner = [folded(one) for _, one in present(had, "wrappers") if isinstance(one, dict)]
        had = {name: value for one in reversed([had, *inner]) for name, value in one.items()}
        if not inner:
            break
    return had


def _has_entry(had: Mapping[str, Any]) -> bool:
    """Whether an object has a title and a day and nothing that only other things have."""
    if present(had, "not_an_entry") or not present(had, "keys", "title"):
        return False
    return _start(had) is not None and text_of(first_of(had, "keys", "title")) is not None


def _start(had: Mapping[str, Any]) -> str | None:
    for group in ("start", "date", "published"):
        if found := next(filter(None, _moments(had, group)), None):
            return found
    return None


def _moments(had: Mapping[str, Any], group: str) -> Iterator[str | None]:
    return (moment_of(value) for _, value in present(had, "keys", group))


def _are_news(first: Mapping[str, Any], name: str) -> bool:
    """Whether alike objects are news: told by a day of publishing, by their list's name, or by what else they have."""
    if any(_moments(first, "start")):
        return False
    if not any(_moments(first, "date")):
        return True
    eventful = any(present(first, "keys", group) for group in ("end", "start_hour", "place"))
    if fold_key(name) in word_ranks("news_lists"):
        return True
    return not eventful and bool(present(first, "news_evidence"))


def _state(had: Mapping[str, Any], is_news: bool, base: str, node: Any) -> Stated | None:
    parts = {name: text_of(first_of(had, "keys", name)) for name in ("title", "url", "summary")}
    start = _start(had) or ""
    parts["start"] = start if is_news else with_hour(start, _hour(had, "start_hour"))
    if parts["summary"] == parts["title"]:
        parts["summary"] = None
    if not is_news:
        parts["end"], parts["place"] = _end(had, start), _place(had)
    parts["url"] = parts["url"] if _is_address(parts["url"]) else None
    parts["status"] = _status(had)
    return make_stated("news" if is_news else "event", parts, base, "script-json", node)


def _end(had: Mapping[str, Any], start: str) -> str | None:
    """The end; an hour without a day is one of the day of the start."""
    end, hour = next(filter(None, _moments(had, "end")), None), _hour(had, "end_hour") or _hour(had, "end")
    if end is None and hour and start[4:5] == "-":
        return with_hour(start[:10], hour)
    return with_hour(end, hour) if end else None


def _hour(had: Mapping[str, Any], group: str) -> Any:
    found = (value for _, value in present(had, "keys", group) if isinstance(value, str))
    return next((text for text in found if set(text[:3]) & set(":.h")), None)


def _is_address(text: str | None) -> bool:
    """Whether a text can be an address: one word with a slash, a point or a query, and no prose."""
    return bool(text) and len(str(text).split()) == 1 and any(sign in str(text) for sign in "/.?")


def _place(had: Mapping[str, Any]) -> str | None:
    for _, value in present(had, "keys", "place"):
        said = [text for one in values_of(value) if (text := _one_place(one))]
        if said:
            return "; ".join(dict.fromkeys(said))
    return None


def _one_place(value: Any) -> str:
    if isinstance(value, str):
        return "" if value.startswith(("http://", "https://")) else join_place([value])
    had = folded(value) if isinstance(value, dict) else {}
    parts = [text_of(first_of(had, "place_keys", part)) for part in ("name", "address", "town")]
    return join_place(parts) if had else ""


def _status(had: Mapping[str, Any]) -> str | None:
    """The stated status, in words or as a switch (`"cancelled": true`)."""
    for name, value in present(had, "keys", "status"):
        if isinstance(value, str) and not value.isdecimal():
            if value.lower() in ("true", "false"):
                value = value.lower() == "true"
            else:
                return value
        if value in _TRUE and name not in ("status", "eventstatus"):
            return "postponed" if "postponed" in name else "cancelled"
    return None

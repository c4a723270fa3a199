"""Field maps: where in a JSON value the entries stand, and where in an entry its parts do.

What belongs here: the model of a map, made from the hints of a source or from `reference/feeds.yaml`, and saying what
is wrong in hints. What does not: walking along paths (`paths`), making entries (`rows`), following pages (`paging`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pipelines.read.feeds.paths import Path, PathError, path_of
from pipelines.reference import load_yaml

PARTS = (
    *("title", "subtitle", "summary", "start", "end", "start_hour", "end_hour", "all_day", "published"),
    *("zone", "place", "url", "status", "id", "language", "document"),
)
"""The parts of an entry that a map may give a path for; those of `place` are joined."""
_MOST_PATHS = 20
_MOST_SIZE = 50_000


@dataclass(frozen=True, slots=True)
class Paging:
    """How the next page is asked for: a path to its address, or a parameter that counts pages or entries.

    `size`: entries of a full page where the address does not say (parameter `size_param`); `total`: a path to the
    number of all entries; `most`: the last offset that the API answers.
    """

    path: Path | None = None
    param: str | None = None
    by: str = "page"
    first: int = 1
    size_param: str | None = None
    size: int | None = None
    total: Path | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class FieldMap:
    """A map: paths to the list of entries, to the parts of one, and to the next page.

    `columns`: entries are rows of a table whose columns are chosen by their names. `utc`: paths of times that are UTC
    without saying so. `given`: the parts whose paths a source gave; a path of these that leads nowhere is an Issue.
    """

    key: str
    items: tuple[Path, ...]
    parts: Mapping[str, tuple[Path, ...]]
    paging: Paging = Paging()
    page_kind: str | None = None
    columns: bool = False
    utc: frozenset[str] = frozenset()
    statuses: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shape:
    """A map that is known, its strategy, and the paths that tell that a value is of it (`empty`: without entries)."""

    strategy: str
    map: FieldMap
    known_by: tuple[Path, ...]
    empty_by: tuple[Path, ...]


@cache
def shapes() -> dict[str, Shape]:
    """The maps of `reference/feeds.yaml` by their names."""
    data = load_yaml("feeds.yaml")
    return {name: _shape(name, said, data["statuses"].get(name, {})) for name, said in data["maps"].items()}


def _shape(name: str, said: Mapping[str, Any], statuses: Mapping[str, str]) -> Shape:
    made = FieldMap(
        key=said["key"],
        items=_paths(said["items"]),
        parts={part: _paths(said[part]) for part in PARTS if part in said},
        paging=_paging(said.get("next")),
        page_kind=said.get("page_kind"),
        columns=bool(said.get("columns")),
        utc=frozenset(said.get("utc", ())),
        statuses=statuses,
    )
    return Shape(said["strategy"], made, _paths(said.get("known_by", [])), _paths(said.get("empty_by", [])))


def with_hints(known: FieldMap, hints: Mapping[str, Any]) -> tuple[FieldMap, list[str]]:
    """A map with what the hints of a source say in place of its own; what is wrong in them is told, and left out."""
    problems: list[str] = []
    parts, given = dict(known.parts), set()
    for name in PARTS:
        paths = _from_hint(name, hints, problems)
        if paths:
            parts[name] = paths
            given.add(name)
    items = _from_hint("items", hints, problems) or known.items
    if "items" in hints and hints["items"] == "":
        items = (path_of(""),)
    paging = known.paging
    if "next" in hints:
        try:
            paging = _paging(hints["next"])
        except (PathError, TypeError, ValueError) as error:
            problems.append(f"hint `next`: {error}")
    return replace(known, items=items, parts=parts, paging=paging, given=frozenset(given)), problems


def _from_hint(name: str, hints: Mapping[str, Any], problems: list[str]) -> tuple[Path, ...]:
    if name not in hints or hints[name] in ("", []):
        return ()
    try:
        return _paths(hints[name])
    except (PathError, TypeError) as error:
        problems.append(f"hint `{name}`: {error}")
        return ()


def _paths(said: Any) -> tuple[Path, ...]:
    listed = said if isinstance(said, list) else [said]
    if not all(isinstance(one, str) for one in listed):
        raise TypeError("a path is a text, several are a list of texts")
    return tuple(path_of(one) for one in listed[:_MOST_PATHS])


def _paging(said: Any) -> Paging:
    """Paging from a path or an object; TypeError or ValueError when it is neither."""
    if said is None or said == "":
        return Paging()
    if isinstance(said, str):
        return Paging(path=path_of(said))
    if not isinstance(said, Mapping):
        raise TypeError("paging is a path, or an object with `param`")
    unknown = [str(name) for name in said if name not in Paging.__slots__]
    if unknown or not isinstance(said.get("param"), str):
        raise ValueError(f"paging has `param`, `by`, `first`, `size_param`, `size`, `total`, not {', '.join(unknown)}")
    by = said.get("by", "page")
    if by not in ("page", "offset"):
        raise ValueError("`by` is page or offset")
    numbers = dict(_numbers(said))
    first = numbers.get("first", 1 if by == "page" else 0)
    return Paging(
        param=said["param"],
        by=by,
        first=first,
        size_param=said.get("size_param"),
        size=numbers.get("size"),
        total=path_of(said["total"]) if isinstance(said.get("total"), str) else None,
        most=numbers.get("most"),
    )


def _numbers(said: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name in ("first", "size", "most"):
        value = said.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_SIZE:
            raise ValueError(f"`{name}` is a number from 0 to {_MOST_SIZE}")
        yield name, value

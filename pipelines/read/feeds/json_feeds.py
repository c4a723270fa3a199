"""JSON of an API to entries: the shapes that are known, tables of open data, and any shape by the hints of a source.

What belongs here: which shape a value has, where its entries stand. What does not: one entry (`rows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from pipelines.read.feeds.bounded import load_json
from pipelines.read.feeds.columns import column_parts
from pipelines.read.feeds.field_maps import FieldMap, Shape, shapes, with_hints
from pipelines.read.feeds.paging import next_page
from pipelines.read.feeds.paths import Path, find, path_of, where_it_breaks
from pipelines.read.feeds.payload import MOST_ITEMS, Feed, Payload
from pipelines.read.feeds.rows import RowReader
from pipelines.read.feeds.strings import text
from pipelines.read.reading import Issue, Link

_PER_PAGE = 50_000
_MESSAGES = tuple(path_of(said) for said in ("message", "error.message", "error.info.message", "error", "detail"))
_MOST_MESSAGE = 120
_EMPTY = FieldMap("json", (), {})


def read_json_feed(payload: Payload, strategy: str) -> Feed:
    """The entries of a JSON body of a strategy; of `json_api` by the hints alone."""
    feed = Feed()
    loaded = load_json(payload.body)
    if loaded.issue:
        return Feed(issues=[loaded.issue])
    known = _EMPTY if strategy == "json_api" else _known_map(loaded.value, strategy)
    if known is None:
        feed.note(f"JSON that is not of {strategy}; {_what_is_there(loaded.value)}", "body")
        return feed
    fields, problems = with_hints(known, payload.hints)
    feed.issues += [Issue(problem, "hints") for problem in problems]
    if strategy == "json_api" and "title" not in fields.parts:
        feed.note("hint `title` is missing: the path of an entry's title", "hints")
        return feed
    _read(loaded.value, fields, payload, feed)
    return feed


def shape_of(value: Any) -> str | None:
    """The strategy of a value whose shape is known; None when it is none of them."""
    return next((shape.strategy for shape in shapes().values() if _is_of(value, shape)), None)


def _is_of(value: Any, shape: Shape) -> bool:
    if shape.known_by and all(_leads(value, path) for path in shape.known_by):
        return True
    empty = shape.empty_by and all(_leads(value, path) for path in shape.empty_by)
    return bool(empty) and not next(_rows(value, shape.map.items), None)


def _leads(value: Any, path: Path) -> bool:
    return bool(find(value, path))


def _known_map(value: Any, strategy: str) -> FieldMap | None:
    """The map of the strategy that fits a value; where only one can be meant, it is that one."""
    named = [shape for shape in shapes().values() if shape.strategy == strategy]
    fitting = next((shape.map for shape in named if _is_of(value, shape)), None)
    if fitting is not None:
        return fitting
    holding = (shape.map for shape in named if any(isinstance(one, list) for one in _lists(value, shape.map.items)))
    return next(holding, None)


def _lists(value: Any, paths: tuple[Path, ...]) -> Iterator[Any]:
    """What the paths to a list lead to, the last `[]` and what is behind it left out."""
    for path in paths:
        yield from find(value, path_of(path.text.partition("[]")[0])) if path.steps else [value]


def _rows(value: Any, paths: tuple[Path, ...]) -> Iterator[Any]:
    """The objects that the first of the paths with any leads to."""
    for path in paths:
        found = find(value, path, most=MOST_ITEMS + 1)
        rows = (row for one in found for row in (one if isinstance(one, list) else [one]))
        first = next(rows, None)
        if first is not None:
            yield first
            yield from rows
            return


def _read(value: Any, fields: FieldMap, payload: Payload, feed: Feed) -> None:
    rows = list(islice(_rows(value, fields.items), MOST_ITEMS + 1))
    if len(rows) > MOST_ITEMS:
        feed.note(f"more than {MOST_ITEMS} entries: the rest is left out", "items")
        del rows[MOST_ITEMS:]
    if fields.columns:
        fields = replace(fields, parts={**column_parts(rows), **_given(fields)})
    if rows and "title" not in fields.parts:
        feed.note(f"no column is known as a title; {where_it_breaks(rows[0], path_of(''))}", "items")
        return
    RowReader(fields, payload).read(rows, feed)
    if not rows:
        _tell_empty(value, fields, feed)
    feed.links += [Link(item.url, "detail") for item in feed.items if item.url]
    per_page = payload.number_hint("per_page", 0, _PER_PAGE) or None
    if following := next_page(value, payload.url, fields.paging, len(rows), per_page):
        feed.links.append(Link(following, "next"))


def _given(fields: FieldMap) -> dict[str, tuple[Path, ...]]:
    return {name: fields.parts[name] for name in fields.given}


def _tell_empty(value: Any, fields: FieldMap, feed: Feed) -> None:
    """An empty list is an answer; where there is no list, what is there instead, or the message of the API."""
    if any(isinstance(one, list) for one in _lists(value, fields.items)):
        return
    paths = " or ".join(repr(path.text) for path in fields.items) or "none"
    feed.note(f"no list of entries at path {paths}; {_what_is_there(value, fields.items)}", "items")


def _what_is_there(value: Any, paths: tuple[Path, ...] = ()) -> str:
    said = [one for path in _MESSAGES for one in find(value, path) if isinstance(one, str)]
    if said:
        return f"it says: {text(said[0], _MOST_MESSAGE)}"
    return where_it_breaks(value, paths[0] if paths else path_of(""))

"""Tables of open data: which column is the title, which the start, which parts of a place.

What belongs here: choosing columns by their names, from `reference/feeds.yaml` and `reference/structured.yaml`. What
does not: what the cells say (`rows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from pipelines.read.feeds.paths import Path, PathError, path_of
from pipelines.read.feeds.strings import language_code
from pipelines.read.structured.vocabulary import fold_key
from pipelines.reference import load_yaml

_LOOKED_AT = 200  # rows
_MOST_COLUMNS = 300
_PLACE = ("place", "address", "postcode", "town")
_LANGUAGE = "{lang}"


def column_parts(rows: Sequence[Any]) -> dict[str, tuple[Path, ...]]:
    """The paths of the parts of an entry in the rows of a table, by the names of its columns; first those that say
    most of their columns alone ("titre_evenement"), then those that any JSON has ("name")."""
    names = _columns_of(rows)
    found = {part: paths for part in _words() if part not in _PLACE and (paths := _paths(part, names))}
    place = tuple(path for part in _PLACE for path in _paths(part, names)[:1])
    taken = {path for part, paths in found.items() if part in ("title", "url") for path in paths[:1]}
    if left := tuple(dict.fromkeys(path for path in place if path not in taken)):
        found["place"] = left
    return found


def _columns_of(rows: Sequence[Any]) -> dict[str, str]:
    """Folded name to name of every column that has a value in the first rows."""
    names: dict[str, str] = {}
    for row in islice(rows, _LOOKED_AT):
        if isinstance(row, Mapping):
            for name, value in islice(row.items(), _MOST_COLUMNS):
                if value not in (None, "", [], {}) and not str(name).startswith("_"):  # `_id` of CKAN counts rows
                    names.setdefault(fold_key(str(name)), str(name))
        if len(names) > _MOST_COLUMNS:
            break
    names.pop("", None)
    return names


def _paths(part: str, names: Mapping[str, str]) -> tuple[Path, ...]:
    found: list[Path] = []
    for word in _words()[part]:
        name = _with_language(word, names) if _LANGUAGE in word else names.get(fold_key(word))
        if name:
            try:
                found.append(path_of(name))
            except PathError:  # a dot or a bracket in the name of a column
                continue
    return tuple(dict.fromkeys(found))


def _with_language(word: str, names: Mapping[str, str]) -> str | None:
    """`title_{lang}` when there are columns such as `title_fr`."""
    start = fold_key(word.replace(_LANGUAGE, ""))
    for folded, name in names.items():
        code = folded[len(start) :]
        if folded.startswith(start) and language_code(code) == code and name[-2:].lower() == code:
            return f"{name[:-2]}{_LANGUAGE}"
    return None


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Part to the names of its columns."""
    own, common = load_yaml("feeds.yaml")["columns"], load_yaml("structured.yaml")["keys"]
    shared = {part: common.get(part, []) for part in own}
    shared["start"] = [*common["start"], *common["date"]]
    return {part: tuple(map(str, (*words, *shared[part]))) for part, words in own.items()}

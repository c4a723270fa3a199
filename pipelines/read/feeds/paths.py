"""Paths into JSON values: `data.items[0].title`, `result.records[].fields`, `title_{lang}`.

What belongs here: the small path language of field maps, and telling where a path breaks off. What does not: which
paths a source has, what the values mean. A path is names, `[n]` and `[]`: there is no code in it.

    a.b        the value of `b` in the value of `a`; a name is any text without `.`, `[` and `]`
    a[0]       the first element of a list; `a[-1]` the last
    a[]        every element of a list
    a_{lang}   `a_fr`, `a_en`, ...: the first language of the source that is there, else the first that is
    (empty)    the value itself
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipelines.read.feeds.strings import language_code, text

_STEP = re.compile(r"(?P<name>[^.\[\]]{1,100})|\[(?P<at>-?\d{1,6})?\]")
_LANGUAGE = "{lang}"
_LONGEST, _MOST_STEPS = 300, 20
_MOST_KEYS = 15  # in a message
_LONGEST_KEY = 40

Step = str | int | None


class PathError(ValueError):
    """A text that is no path."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path as its steps: a name, a place in a list, or None for every element."""

    text: str
    steps: tuple[Step, ...]

    @property
    def has_language(self) -> bool:
        """Whether a name in it holds `{lang}`."""
        return _LANGUAGE in self.text


@lru_cache(maxsize=2048)
def path_of(said: str) -> Path:
    """The path that a text says; PathError when it is none."""
    steps: list[Step] = []
    at = 0
    if len(said) > _LONGEST:
        raise PathError(f"path of {len(said)} characters, more than {_LONGEST}")
    while at < len(said):
        if said[at] == "." and steps and at + 1 < len(said) and said[at + 1] not in ".[":
            at += 1
        found = _STEP.match(said, at)
        if found is None or (found["name"] and steps and said[at - 1] != "."):
            raise PathError(f"path {said!r} is not read from character {at}: names, [n] and [] joined by dots")
        steps.append(found["name"] if found["name"] else int(found["at"]) if found["at"] else None)
        at = found.end()
    if len(steps) > _MOST_STEPS:
        raise PathError(f"path {said!r} has more than {_MOST_STEPS} steps")
    return Path(said, tuple(steps))


def find(value: Any, path: Path, languages: Sequence[str] = (), most: int = 50) -> list[Any]:
    """What a path leads to, at most `most` values; nulls and empty texts are nothing."""
    if len(path.steps) == 1 and isinstance(value, dict) and path.steps[0] in value:  # the most common, and fast
        held = value[path.steps[0]]
        return [] if held is None or held == "" else [held]
    values = [value]
    for step in path.steps:
        values = [one for held in values for one in _one_step(held, step, languages)][:most]
    return [one for one in values if one is not None and one != ""]


def _one_step(value: Any, step: Step, languages: Sequence[str]) -> Iterator[Any]:
    if step is None:
        yield from value if isinstance(value, list) else ()
    elif isinstance(step, int):
        if isinstance(value, list) and -len(value) <= step < len(value):
            yield value[step]
    elif isinstance(value, dict):
        name = step if step in value or _LANGUAGE not in step else _in_a_language(value, step, languages)
        if name in value:
            yield value[name]


def _in_a_language(value: dict[str, Any], step: str, languages: Sequence[str]) -> str:
    wanted = (step.replace(_LANGUAGE, code) for code in languages)
    if found := next((name for name in wanted if value.get(name)), None):
        return found
    code = next(iter(languages_at(value, step, languages)), None)
    return step.replace(_LANGUAGE, code) if code else step


def languages_at(value: Any, step: str, languages: Sequence[str]) -> list[str]:
    """The languages in which an object has a value of a name with `{lang}`; those of the source first."""
    if not isinstance(value, dict):
        return []
    before, _, after = step.partition(_LANGUAGE)
    end = -len(after) if after else None
    there = [
        code
        for key, held in value.items()
        if held and key.startswith(before) and key.endswith(after) and (code := key[len(before) : end]).islower()
    ]
    known = [code for code in there if language_code(code) == code]
    return [*(code for code in languages if code in known), *(code for code in known if code not in languages)]


def where_it_breaks(value: Any, path: Path) -> str:
    """For a message: the part of a path that leads somewhere, and what is there instead of the next step."""
    reached: Any = value
    walked: list[str] = []
    for step in path.steps:
        following = next(_one_step(reached, step, ()), None)
        if following is None:
            break
        walked.append(step if isinstance(step, str) else f"[{'' if step is None else step}]")
        reached = following
    place = f"in {'.'.join(walked).replace('.[', '[')}" if walked else "there"
    if isinstance(reached, dict):
        keys = ", ".join(text(str(key), _LONGEST_KEY) or "''" for key in list(reached)[:_MOST_KEYS])
        return f"{place} are: {keys or 'no keys'}"
    if isinstance(reached, list):
        return f"{place} is a list of {len(reached)}"
    return f"{place} is no object and no list"

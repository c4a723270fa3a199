"""YAML with line numbers, so that a fault can be told with its place.

What belongs here: a safe load that refuses duplicate keys and aliases, and the line of a value. What does not: what
keys mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times as fast; not in every build


class YamlFaultError(ValueError):
    """A text that is not the YAML we read; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class YamlDocument:
    """One document: its value, and where each part of it stands."""

    def __init__(self, text: str) -> None:
        loader = _Loader(text)
        try:
            self._root: yaml.Node | None = loader.get_single_node()
            for line, reason in _refused(self._root, set()):
                raise YamlFaultError(line, reason)
            self.value: Any = loader.construct_document(self._root) if self._root is not None else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise YamlFaultError(mark.line + 1 if mark else 1, f"not YAML: {error.problem or error.context}") from None
        except (yaml.YAMLError, ValueError) as error:
            if isinstance(error, YamlFaultError):
                raise
            raise YamlFaultError(1, f"not YAML: {' '.join(str(error).split())}") from None
        finally:
            loader.dispose()

    def line(self, place: Sequence[str | int]) -> int:
        """The line of a place such as ("politeness", "delay"), or of the nearest part above it that exists."""
        node, line = self._root, 1
        for step in place:
            found = next(((key, value) for name, key, value in _children(node) if name == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line


def _children(node: yaml.Node | None) -> Iterator[tuple[str | int, yaml.Node, yaml.Node]]:
    """Name, the node whose line counts, and value of each part."""
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, key, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((number, item, item) for number, item in enumerate(node.value))


def _refused(node: yaml.Node | None, seen: set[int]) -> Iterator[tuple[int, str]]:
    """Line and reason of what is YAML but not for us: keys that stand twice, aliases, which may go in circles."""
    if node is None:
        return
    if id(node) in seen:
        yield node.start_mark.line + 1, "an alias (`*name`) is not understood here"
        return
    seen.add(id(node))
    names = set()
    for name, key, value in _children(node):
        if isinstance(name, str) and name in names:
            yield key.start_mark.line + 1, f"key {name!r} stands twice"
        names.add(name)
        yield from _refused(value, seen)

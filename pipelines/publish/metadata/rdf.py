"""RDF as Turtle and as JSON-LD, written from one description: no library at run time, the same bytes always.

What belongs here: nodes, literals, and their two notations. What does not: what is said of a release (`dcat`).

Predicates and types are prefixed names of `PREFIXES`. Addresses may be relative: both notations resolve them against
the document. A node with an id stands by itself, wherever it was named; of several with one id the first counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.publish.files.text import address

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# https://www.w3.org/TR/turtle/#sec-escapes: what a string in one pair of quotes can not hold as it is.
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028\u2029]')


@dataclass(frozen=True, slots=True)
class Iri:
    """An address, absolute or relative; characters that it may not have are percent-encoded."""

    text: str

    def __str__(self) -> str:
        return address(self.text)


@dataclass(frozen=True, slots=True)
class Literal:
    """A text with a language, or of a datatype (a prefixed name), or just a text."""

    text: str
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A thing: what it is, and what is said of it, in order; without an id it stands where it is named."""

    types: tuple[str, ...]
    said: tuple[tuple[str, Value], ...]
    id: Iri | None = None


Value = Iri | Literal | Node


def node(types: str, *said: tuple[str, Value | Iterable[Value] | None], id: str | None = None) -> Node:
    """A node; `types` are prefixed names with blanks between, None is left out, several values are several facts."""
    facts = ((name, value) for name, values in said for value in _several(values))
    return Node(tuple(types.split()), tuple(facts), None if id is None else Iri(id))


def _several(values: Value | Iterable[Value] | None) -> Iterable[Value]:
    if values is None:
        return ()
    return (values,) if isinstance(values, Iri | Literal | Node) else values


def subjects(nodes: Iterable[Node]) -> list[Node]:
    """All nodes with an id, in the order in which they are named first."""
    found: dict[str, Node] = {}
    for each in nodes:
        for named in _named(each):
            found.setdefault(str(named.id), named)
    return list(found.values())


def _named(node: Node) -> Iterator[Node]:
    if node.id is not None:
        yield node
    for _, value in node.said:
        if isinstance(value, Node):
            yield from _named(value)


def turtle(nodes: Iterable[Node]) -> str:
    """The nodes in Turtle (RDF 1.1)."""
    head = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
    return head + "".join(f"\n<{each.id}>\n{_turtle_facts(each, 1)} .\n" for each in subjects(nodes))


def _turtle_facts(node: Node, depth: int) -> str:
    indent = "  " * depth
    facts = [f"{indent}a {', '.join(node.types)}"]
    facts += [f"{indent}{name} {', '.join(_turtle(v, depth) for v in values)}" for name, values in _grouped(node)]
    return " ;\n".join(facts)


def _turtle(value: Value, depth: int) -> str:
    if isinstance(value, Iri):
        return f"<{value}>"
    if isinstance(value, Literal):
        quoted = f'"{_ESCAPED.sub(_escape, value.text)}"'
        return quoted + (f"@{value.language}" if value.language else f"^^{value.datatype}" if value.datatype else "")
    if value.id is not None:
        return f"<{value.id}>"
    return f"[\n{_turtle_facts(value, depth + 1)}\n{'  ' * depth}]"


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT.get(character, f"\\u{ord(character):04X}")


def json_ld(nodes: Iterable[Node]) -> str:
    """The nodes in JSON-LD 1.1, with its context inside."""
    graph = [_json(each, top=True) for each in subjects(nodes)]
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _json(value: Value, top: bool = False) -> dict[str, Any]:
    if isinstance(value, Iri):
        return {"@id": str(value)}
    if isinstance(value, Literal):
        tagged = {"@language": value.language} if value.language else {}
        return {"@value": value.text} | ({"@type": value.datatype} if value.datatype else tagged)
    if value.id is not None and not top:
        return {"@id": str(value.id)}
    head = {"@id": str(value.id)} if value.id is not None else {}
    facts = {name: [_json(v) for v in values] for name, values in _grouped(value)}
    return head | {"@type": list(value.types)} | facts


def _grouped(node: Node) -> list[tuple[str, list[Value]]]:
    grouped: dict[str, list[Value]] = {}
    for name, value in node.said:
        grouped.setdefault(name, []).append(value)
    return list(grouped.items())

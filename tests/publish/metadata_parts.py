"""For the tests of documents: releases, and their documents as other programs see them."""

from __future__ import annotations

import json
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

import rdflib
from publish_parts import NOW, SEEN, Tables, build, raw, warehouse
from pyshacl import validate

from pipelines.publish.release import Release, publish
from warehouse.layout import DataFolder

BASE = "https://data.example.org/latest/"
SHAPES = Path(__file__).with_name("shapes.ttl")
# Each would be something else than text in one format or another, if it was not escaped.
HOSTILE = (
    '"</title></script><script>alert(1)</script>',
    '"@en ; a <x:y> . <tag:x> <tag:y> "',
    "'''\n\"\"\"\\",
    "- no: [yes, {a: 1}] # not a comment",
    "| [a](javascript:alert(1)) `code` **bold** <img src=x onerror=alert(1)> |",
    "&amp; &lt; &#60; :smile: $x$ ~~gone~~ www.example.org",
    "\u202eright to left\u202c \u2066isolated\u2069 \u2028line\u0085line\x00\x07\ufeffmark",
    "=1+1 0o14 1e3 2024-01-01 ~ null ünïcödé 🎭",
    "]]> --> ?> %{a} ${b} \\u0022 \\N{NULL}",
)


def hostile_tables() -> Tables:
    """A warehouse whose sources and entries say the hostile texts."""
    tables = warehouse(len(HOSTILE))
    tables["sources"] = [
        {
            "source": f"source-{n}", "title": text, "publisher": f"{text} & Sons", "scope": "city", "status": "active",
            "captures": 1, "entries": 1, "data_as_of": SEEN, "licence": text if n % 2 else "CC-BY-SA-4.0",
            "attribution": f"By {text}",
        }
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip
    numbered = list(enumerate(HOSTILE, start=1))
    tables["entry_sources"] = [raw(n, source=f"source-{n - 1}", title=text) for n, text in numbered]
    return tables


def released(folder: Path, tables: Tables | None = None, **said: Any) -> Release:
    """A release of the small warehouse, or of the rows that are given."""
    data = DataFolder(folder)
    build(data, tables or warehouse())
    return publish(data, [], NOW, **said)


def second(folder: Path) -> Release:
    """A release after another, in the same folder."""
    data = DataFolder(folder)
    build(data, warehouse(11))
    return publish(data, [], NOW + timedelta(days=1))


def turtle_graph(folder: Path, base: str = BASE) -> rdflib.Graph:
    return rdflib.Graph().parse(data=(folder / "dcat.ttl").read_text(encoding="utf-8"), format="turtle", publicID=base)


def json_graph(text: str, base: str = BASE) -> rdflib.Graph:
    with warnings.catch_warnings():  # its parser of JSON-LD uses a class of its own that it has deprecated
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)
        return rdflib.Graph().parse(data=text, format="json-ld", publicID=base)


def schema_org_graph(folder: Path, base: str = BASE) -> rdflib.Graph:
    """Without the network: the context of schema.org makes every name one of its own."""
    dataset = json.loads((folder / "dataset.jsonld").read_text(encoding="utf-8"))
    assert dataset["@context"] == "https://schema.org"
    return json_graph(json.dumps(dataset | {"@context": {"@vocab": "https://schema.org/"}}), base)


def shape_findings(graph: rdflib.Graph) -> tuple[set[str], set[str]]:
    """What violates the shapes, and what only misses what is recommended: paths, by their last word."""
    _, report, _ = validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES, format="turtle"), advanced=False)
    assert isinstance(report, rdflib.Graph)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    found: dict[rdflib.term.Node | None, set[str]] = {sh.Violation: set(), sh.Warning: set()}
    for result in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        path = report.value(result, sh.resultPath) or report.value(result, sh.sourceShape)
        found[report.value(result, sh.resultSeverity)].add(str(path).rpartition("/")[2].rpartition("#")[2])
    return found[sh.Violation], found[sh.Warning]

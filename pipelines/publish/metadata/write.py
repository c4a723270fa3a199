"""Writing all documents of a release, in the order in which they need each other.

What belongs here: which document goes into which file. What does not: what it says (the module of each).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.metadata import checksums as sums
from pipelines.publish.metadata.about import LICENCES, About, describe
from pipelines.publish.metadata.citation import citation
from pipelines.publish.metadata.dcat import graph
from pipelines.publish.metadata.dictionary import dictionary_markdown, sections
from pipelines.publish.metadata.dictionary_page import dictionary_html
from pipelines.publish.metadata.licences import licences
from pipelines.publish.metadata.package import descriptor
from pipelines.publish.metadata.rdf import json_ld, turtle
from pipelines.publish.metadata.rows import file_of, row_schema
from pipelines.publish.metadata.schemaorg import schema_org
from pipelines.publish.metadata.stated import Stated, stated

_DOCUMENTS: dict[str, Callable[[About], str]] = {
    "datapackage.json": lambda about: _json(descriptor(about)),
    "dataset.jsonld": lambda about: _json(schema_org(about)),
    "dcat.jsonld": lambda about: json_ld(graph(about)),
    "dcat.ttl": lambda about: turtle(graph(about)),
    "CITATION.cff": citation,
    LICENCES: licences,
}


def write_metadata(
    con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts, said: Stated | None = None
) -> sums.Sums:
    """Write all documents beside the data files of the folder, which must be there already; none is written after them.

    `said` is what the environment says, unless it is given. Gives bytes and sha256 of every file by its path. Raises
    ValueError when a setting can not be meant, duckdb.Error or OSError.
    """
    data = sums.checksums(folder)
    about = describe(con, facts, said or stated(), data)
    written = {file: write(about) for file, write in _DOCUMENTS.items()}
    written |= {file_of(table): _json(row_schema(about, table)) for table in facts.tables}
    described = sections(con, folder, about)
    written["dictionary.md"] = dictionary_markdown(about, described)
    written["dictionary.html"] = dictionary_html(about, described)
    for file, text in written.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    whole = sums.checksums(folder, data)
    sums.write_sums(folder, whole)
    return sums.checksums(folder, whole)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

"""`datapackage.json`: what stands in the CSV files of a release, as a Frictionless Data Package.

What belongs here: the descriptor, out of the declarations. What does not: checks of the rows (`gate`).

https://specs.frictionlessdata.io/data-package/ (version 1, which `frictionless` validates). A cell of a JSON column is
an object or a list in JSON. An empty cell is missing; a text is never empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.publish.declared import ENUMERATIONS, REFERENCES
from pipelines.publish.files.tables import FORMATS
from pipelines.publish.metadata.about import LICENCES, About, DataFile, Origin, web
from warehouse.tables import SCHEMA_VERSION, Column, Table

# https://specs.frictionlessdata.io/table-schema/#types-and-formats
_TYPES = {
    "VARCHAR": "string",
    "JSON": "object",
    "VARCHAR[]": "array",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMPTZ": "datetime",
}
_FORMULAS = "A text in CSV that begins with = + - @ has an apostrophe in front, against formulas."


def descriptor(about: About) -> dict[str, Any]:
    """The descriptor of a release."""
    facts, licence = about.facts, about.stated.licence
    files = {file.path: file for file in about.files}
    home = {"homepage": f"{facts.base_url}/"} if facts.base_url else {}
    return {
        "profile": "tabular-data-package",
        "name": "cityharvest",
        "id": facts.name,
        "title": about.words["title"],
        "description": f"{about.words['description']} {_FORMULAS}",
        "version": SCHEMA_VERSION,
        "created": facts.created,
        **home,
        "keywords": about.words["keywords"],
        "contributors": [{"title": about.stated.publisher, "role": "publisher"}],
        "licenses": [{"name": licence.spdx, "title": licence.title, "path": licence.address}],
        "rights": f"{about.words['rights']} ({LICENCES})",
        "sources": [_source(origin) for origin in (*about.sources, *about.reference)],
        "resources": [_resource(table, files[f"{table.name}.csv"]) for table in facts.tables],
    }


def _source(origin: Origin) -> dict[str, Any]:
    said = {"licence": origin.licence, "attribution": origin.attribution, "path": web(origin.address)}
    return {"title": f"{origin.title} ({origin.publisher})"} | {key: value for key, value in said.items() if value}


def _resource(table: Table, file: DataFile) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": file.path,
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "sameContent": [f"{table.name}.{suffix}" for suffix in FORMATS if suffix != "csv"],
        "schema": {
            "fields": [_field(table, column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": _references(table),
            "missingValues": [""],
        },
    }


def _references(table: Table) -> list[Mapping[str, Any]]:
    return [
        {"fields": [column], "reference": {"resource": target, "fields": [key]}}
        for (name, column), (target, key) in REFERENCES.items()
        if name == table.name
    ]


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type], "description": column.meaning}
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    allowed = ENUMERATIONS.get((table.name, column.name))
    if allowed:
        constraints["enum"] = list(allowed)
    return field | ({"constraints": constraints} if constraints else {})

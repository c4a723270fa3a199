"""`datapackage.json`: what stands in the files of a release, as a Frictionless Data Package.

What belongs here: the descriptor, out of the declarations. What does not: checks of the rows (`gate`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.publish.declared import ENUMERATIONS, REFERENCES
from pipelines.publish.files import FORMATS
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


def descriptor(
    tables: Iterable[Table], files: Mapping[str, Mapping[str, Any]], release: str, created: str
) -> dict[str, Any]:
    """The descriptor of a release; `files` gives bytes and sha256 of each file by name."""
    return {
        "profile": "tabular-data-package",
        "name": "cityharvest",
        "id": release,
        "title": "cityharvest: what cities do about living together in diversity",
        "description": "A text in CSV that begins with = + - @ has an apostrophe in front, against formulas.",
        "version": SCHEMA_VERSION,
        "created": created,
        "resources": [_resource(table, files) for table in tables],
    }


def _resource(table: Table, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    path = f"{table.name}.csv"
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path,
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": files[path]["bytes"],
        "hash": f"sha256:{files[path]['sha256']}",
        "sameContent": [f"{table.name}.{suffix}" for suffix in FORMATS if suffix != "csv"],
        "schema": {
            "fields": [_field(table, column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [column], "reference": {"resource": target, "fields": [key]}}
                for (name, column), (target, key) in REFERENCES.items()
                if name == table.name
            ],
            "missingValues": [""],
        },
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type], "description": column.meaning}
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    allowed = ENUMERATIONS.get((table.name, column.name))
    if allowed:
        constraints["enum"] = list(allowed)
    return field | ({"constraints": constraints} if constraints else {})

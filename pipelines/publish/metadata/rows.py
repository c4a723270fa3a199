"""`schemas/<table>.schema.json`: what a line of <table>.jsonl looks like, in JSON Schema 2020-12.

What belongs here: one schema a table or view, out of its declaration. What does not: checks of the rows (`gate`).

A line has every column of the table, also where it is null. Dates, times and instants are bounded by patterns as well,
since `format` only informs: DuckDB writes a time without a zone, and an instant in UTC with Z.
"""

from __future__ import annotations

from typing import Any

from pipelines.publish.declared import ENUMERATIONS, REFERENCES
from pipelines.publish.metadata.about import About
from warehouse.tables import Column, Table

_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
_INT32, _INT64 = 2**31, 2**63
_TYPES: dict[str, dict[str, Any]] = {
    "VARCHAR": {"type": "string"},
    "JSON": {"type": "object"},
    "VARCHAR[]": {"type": "array", "items": {"type": "string"}},
    "BOOLEAN": {"type": "boolean"},
    "INTEGER": {"type": "integer", "minimum": -_INT32, "maximum": _INT32 - 1},
    "BIGINT": {"type": "integer", "minimum": -_INT64, "maximum": _INT64 - 1},
    "DOUBLE": {"type": "number"},
    "DATE": {"type": "string", "format": "date", "pattern": f"^{_DAY}$"},
    "TIME": {"type": "string", "pattern": f"^{_TIME}$"},
    "TIMESTAMPTZ": {"type": "string", "format": "date-time", "pattern": f"^{_DAY}T{_TIME}Z$"},
}


def file_of(table: Table) -> str:
    """Where the schema of a table lies in the release."""
    return f"schemas/{table.name}.schema.json"


def row_schema(about: About, table: Table) -> dict[str, Any]:
    """The schema of a line of the table."""
    base = about.facts.own_url
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base}/{file_of(table)}" if base else about.tag(file_of(table)),
        "title": f"A line of {table.name}.jsonl",
        "description": table.meaning,
        "$comment": f"Identified by {', '.join(table.key)}.",
        "type": "object",
        "properties": {column.name: _property(table, column) for column in table.columns},
        "required": table.names,
        "additionalProperties": False,
    }


def _property(table: Table, column: Column) -> dict[str, Any]:
    said = dict(_TYPES[column.type])
    if column.nullable:
        said["type"] = [said["type"], "null"]
    if allowed := ENUMERATIONS.get((table.name, column.name)):
        said["enum"] = [*allowed, *([None] if column.nullable else [])]
    if target := REFERENCES.get((table.name, column.name)):
        said["$comment"] = f"Refers to {'.'.join(target)}."
    return {"description": column.meaning} | said

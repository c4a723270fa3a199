"""What checks of the gate give, and the counting that they share.

What belongs here: the form of a finding. What does not: any check.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from warehouse.build import name


@dataclass(slots=True)
class Findings:
    """What a comparison found."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows."""
    return number(con, f"FROM {name(table)} SELECT count(*)")


def number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number that a query gives."""
    return int(con.execute(sql).fetchall()[0][0])

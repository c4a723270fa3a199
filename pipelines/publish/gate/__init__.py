"""The gate: what must hold of a staged release before it may become the latest.

    rows       the rows of the database by themselves
    compared   the rows against the release before
    sources    the same, source by source; drops that people accepted
    tables     the files of the tables
    parts      the files beside the tables: calendars, places, changes, feeds
    issues     the rows of `issues.json`

What belongs here: checks, each giving problems (they stop the release) or warnings (they are published with it), a
line each that says what is wrong, where, how much of it.
What does not: making files (`files`), swapping (`swap`).
"""

from pipelines.publish.gate.compared import compare
from pipelines.publish.gate.findings import Findings, count
from pipelines.publish.gate.issues import check_issues
from pipelines.publish.gate.parts import check_parts
from pipelines.publish.gate.rows import FIRST_YEAR, LAST_YEAR, check_rows
from pipelines.publish.gate.tables import check_files

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Findings",
    "check_files",
    "check_issues",
    "check_parts",
    "check_rows",
    "compare",
    "count",
]

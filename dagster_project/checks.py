"""Asset checks: what Dagster shows beside an asset. They display; they stop nothing.

What belongs here: the specs, and results made of figures that a step reported. What does not: the gate, which is a
function in `pipelines.publish`, because a blocking check stops only the run that it is in. Checks of partitioned
assets are a preview in Dagster, so results are reported from inside the assets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

CRAWL_COMPLETE = dg.AssetCheckSpec(
    "crawl_complete", asset="captures", description="The last crawl came to its end, or the pages were imported."
)
PLAUSIBLE_YIELD = dg.AssetCheckSpec(
    "plausible_yield", asset="raw_entries", description="Not more entries than the source ever had; too few fail."
)
MOSTLY_READ = dg.AssetCheckSpec(
    "mostly_read",
    asset="refined_entries",
    description="Titles, dates and places are read as often as the source promises.",
)
RELEASED = dg.AssetCheckSpec("released", asset="release", description="The gate let the release through.")


def result(name: str, problems: list[str], figures: Mapping[str, Any]) -> dg.AssetCheckResult:
    """A check that passed when nothing stands against it; else a warning that says what."""
    return dg.AssetCheckResult(
        check_name=name,
        passed=not problems,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(problems) or None,
        metadata=dict(figures),
    )

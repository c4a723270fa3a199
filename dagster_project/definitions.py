"""What Dagster loads (`dagster dev -m dagster_project.definitions`), and nothing else.

`build_defs` takes other resources, so that tests and other machines need no patching.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from dagster_project.assets import ALL_ASSETS
from dagster_project.crawls import Crawls
from dagster_project.resources import Data, Sources
from dagster_project.schedules import HARVEST, RELEASE, build_schedules


def build_defs(overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The definitions; `overrides` replaces resources by name (`data`, `sources`, `crawls`)."""
    resources: dict[str, Any] = {"data": Data(), "sources": Sources(), "crawls": Crawls(), **(overrides or {})}
    return dg.Definitions(
        assets=ALL_ASSETS,
        jobs=[HARVEST, RELEASE],
        schedules=build_schedules(resources["sources"].registry),
        resources=resources,
    )


defs = build_defs()

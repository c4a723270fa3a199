"""Partitions: one a source. What a run of captures, reading or refining can be split by, and nothing else.

The keys are those of the registry when the code location is loaded; a new source appears after a reload.
"""

from __future__ import annotations

import dagster as dg

from scrapers.registry import Registry, load_registry


def source_partitions(registry: Registry | None = None) -> dg.StaticPartitionsDefinition:
    """One partition a source of the registry, whatever its status: what is retired can still be read."""
    known = registry or load_registry()
    return dg.StaticPartitionsDefinition(sorted(known.sources))


SOURCES = source_partitions()

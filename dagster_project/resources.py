"""Resources: what assets are given, so that tests and other machines can give something else.

What belongs here: the data folder, the registry, the settings of an instance. What does not: anything that works.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from pydantic import Field

from scrapers.registry import Registry, load_registry
from warehouse.layout import DataFolder

INSTANCE_YAML = Path(__file__).parent / "instance" / "dagster.yaml"


class Data(dg.ConfigurableResource):  # type: ignore[type-arg]  # its parameter is for resources that wrap another object
    """The data folder: `CITYHARVEST_DATA`, else `data` below the working directory."""

    root: str = Field(default_factory=lambda: os.environ.get("CITYHARVEST_DATA", "data"))

    @property
    def folder(self) -> DataFolder:
        """Names of all places in it."""
        return DataFolder(Path(self.root))


class Sources(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """The registry of sources: the one that is shipped, or that of another folder of YAML files."""

    folder: str | None = None

    @property
    def registry(self) -> Registry:
        """The sources, validated; read once a folder."""
        return _registry(self.folder)


@functools.cache
def _registry(folder: str | None) -> Registry:
    return load_registry(Path(folder) if folder else None)


def instance_settings() -> dict[str, Any]:
    """The shipped settings, for an instance in process; same file as `make dev` uses."""
    settings: dict[str, Any] = yaml.safe_load(INSTANCE_YAML.read_text(encoding="utf-8"))
    return settings

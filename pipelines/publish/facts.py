"""What the makers of files are told of the release they write for, and the files of the release before it.

What belongs here: facts that are known once the tables are checked and named, before any other file is written. What
does not: how a file is written (`files`), the order of the steps (`release`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.releases import reading
from warehouse.tables import Table

BASE_URL = "CITYHARVEST_BASE_URL"


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """A release that is being written.

    `tables` are its tables and views, `counts` their rows. `previous` is the folder of the release before, None for the
    first. `base_url` is the address at which the files of the latest release are served, without a slash at its end;
    None when nobody said so: a release has no home of its own.
    """

    name: str
    created_at: datetime
    content_hash: str
    tables: list[Table]
    counts: Mapping[str, int]
    previous: Path | None = None
    base_url: str | None = None

    @property
    def created(self) -> str:
        """The moment of the release, ISO 8601 in UTC."""
        return f"{self.created_at:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def own_url(self) -> str | None:
        """The address of this release itself, without a slash at its end: what stands there never changes.

        Known where that of the latest ends with `/latest`, as it does where the folder `published` is served; else that
        of the latest, which is all that is known.
        """
        if self.base_url is None or not self.base_url.endswith("/latest"):
            return self.base_url
        return f"{self.base_url.removesuffix('/latest')}/releases/{self.name}"

    def earlier_files(self, folder: str) -> list[str]:
        """Names of the files that the release before has in a folder. Raises DamagedRelease."""
        if self.previous is None:
            return []
        with reading(self.previous):
            about: dict[str, Any] = json.loads((self.previous / "release.json").read_text(encoding="utf-8"))
            return sorted(file for file in about["files"] if file.startswith(f"{folder}/"))

    def earlier(self, file: str) -> Path | None:
        """A file of the release before, as it was published; None when that has none. Raises DamagedRelease."""
        if self.previous is None:
            return None
        with reading(self.previous):
            about: dict[str, Any] = json.loads((self.previous / "release.json").read_text(encoding="utf-8"))
            if file not in about["files"]:
                return None
            if sha256(self.previous / file) != about["files"][file]["sha256"]:
                raise ValueError(f"{file} is not what was published")
        return self.previous / file


Part = Callable[[duckdb.DuckDBPyConnection, Path, ReleaseFacts], None]
"""Writes files into the staged folder, from a read-only connection on the staged database. Raises DamagedRelease,
duckdb.IOException or OSError."""


def sha256(path: Path) -> str:
    """The checksum of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def base_url() -> str | None:
    """What the environment says of the address of the latest release. ValueError when that is no web address."""
    said = os.environ.get(BASE_URL, "").strip().rstrip("/")
    if said and not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[!-~]*)?", said, re.ASCII):
        raise ValueError(f"{BASE_URL} is {said!r}, which is no web address; give the address of the latest release")
    return said or None

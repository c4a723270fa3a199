"""`SHA256SUMS`, and the size and checksum of each file.

What belongs here: reading every file once. What does not: what is done with the sums (`release.json`, the documents).

    sha256sum -c SHA256SUMS        # in the folder of a release; release.json is written later and lists all, this too
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.publish.facts import sha256

FILE = "SHA256SUMS"
Sums = dict[str, dict[str, Any]]


def checksums(folder: Path, known: Mapping[str, Mapping[str, Any]] | None = None) -> Sums:
    """Bytes and sha256 of each file by its path below the folder, in order; those that are known are not read again."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {path: dict((known or {}).get(path) or _sum(folder / path)) for path in paths}


def write_sums(folder: Path, sums: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the file."""
    (folder / FILE).write_text("".join(f"{said['sha256']}  {path}\n" for path, said in sums.items()), encoding="utf-8")


def _sum(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": sha256(path)}

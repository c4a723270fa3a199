"""Fingerprints of code: whether a result was made by today's rules or by older ones.

What belongs here: the hash over the source and data files of packages, written beside each result that they made. What
does not: hashes of pages or entries.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_SUFFIXES = frozenset({".py", ".yaml", ".csv", ".json", ".txt", ".sql", ".html", ".css", ".js", ".svg"})


@cache
def fingerprint(*packages: str) -> str:
    """16 hex digits of SHA-256 over the code and data files of packages (dotted names), read once per process.

    Changes when a file is changed, added, renamed or removed; not with the place of installation, nor with the order
    of `packages`. A name that is no package raises ValueError.
    """
    digest = hashlib.sha256()
    for package in sorted(set(packages)):
        for folder in _folders(package):
            for file in _files(folder):
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                digest.update(f"{package} {file.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:16]


def _folders(package: str) -> list[Path]:
    spec = find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise ValueError(f"{package} is no package: give the dotted name of a folder of modules")
    return [Path(place) for place in spec.submodule_search_locations]


def _files(folder: Path) -> list[Path]:
    """Code and data below a folder, in an order that no file system changes."""
    found = (p for p in folder.rglob("*") if p.suffix in _SUFFIXES and "__pycache__" not in p.parts)
    return sorted((p for p in found if p.is_file()), key=lambda p: p.relative_to(folder).as_posix())

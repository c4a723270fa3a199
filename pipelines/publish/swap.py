"""Making a staged folder the latest release: so that whoever looks sees the old one or the new one, whole.

What belongs here: staging folders, syncing, renaming, the symlink and `latest.json`. What does not: what is in them.

    published/releases/.staging-<pid>/        being written; swept by the next run when its process is gone
    published/releases/<utc stamp>-<hash>/    renamed when whole and on disk
    published/latest                          a symlink, replaced by renaming another over it
    published/latest.json                     replaced last

Killed between two steps, the next run finds an old or a new `latest` and at most a folder that nobody points to.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from warehouse.layout import DataFolder, written_whole
from warehouse.releases import point_latest
from warehouse.storage import StorageError, storing

_STAGING = ".staging-"


@contextmanager
def staging(data: DataFolder) -> Iterator[Path]:
    """An empty folder to build a release in; gone at the end unless it was renamed. Raises StorageError."""
    folder = data.releases / f"{_STAGING}{os.getpid()}"
    if data.latest.is_dir() and not data.latest.is_symlink():
        way = point_latest(data)
        remedy = f"remove the folder, then {way}" if way else "restore releases/ from a copy, then remove the folder"
        made_so = "a copy that followed the symlink made it so"
        raise StorageError(f"{data.latest} is a folder and no symlink: {made_so}; {remedy}")
    with storing("a release", data.releases):
        sweep(data)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        with storing("a release", folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(data: DataFolder) -> None:
    """Remove what killed runs left behind."""
    leftovers = [*data.releases.glob(f"{_STAGING}*"), *data.latest.parent.glob(f"{_STAGING}*")]
    leftovers += data.latest.parent.glob(f"{data.latest_json.name}.*.part")
    for path in leftovers:
        pid = path.name.removeprefix(_STAGING).removeprefix(f"{data.latest_json.name}.").removesuffix(".part")
        if pid.isdigit() and int(pid) != os.getpid() and _lives(int(pid)):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def swap(data: DataFolder, staged: Path, name: str, about: Mapping[str, Any]) -> Path:
    """Put the staged folder in its place under `name`, make it the latest, and name it in `latest.json`."""
    for path in sorted(staged.rglob("*"), reverse=True):  # what is in a folder before the folder
        if path.is_file():
            path.chmod(0o444)
        _sync(path)
    _sync(staged)
    folder = data.releases / name
    staged.rename(folder)
    _sync(data.releases)
    link = data.latest.with_name(f"{_STAGING}{os.getpid()}")
    link.unlink(missing_ok=True)
    link.symlink_to(Path(data.releases.name) / name, target_is_directory=True)
    link.replace(data.latest)
    _sync(data.latest.parent)
    write_latest_json(data, about)
    return folder


def write_latest_json(data: DataFolder, about: Mapping[str, Any]) -> None:
    """Write `latest.json`, whole."""
    with written_whole(data.latest_json) as part:
        part.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
        _sync(part)


def _sync(path: Path) -> None:
    """Have the disk hold what was written to a file or folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True

"""Read-only access to what was published, for researchers, notebooks and the command line.

What belongs here: finding and opening a release. What does not: making one (`pipelines.publish`).

    with open_release() as con:
        con.sql("select kind, count(*) from entries group by all").show()

A release is never written again, so it may be read while a harvest runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.build import connect
from warehouse.layout import DataFolder

DATABASE = "cityharvest.duckdb"


class DamagedRelease(Exception):  # noqa: N818  # the name is the state
    """A release that was published can not be read any more; the message says which file, and what to do."""


class NoRelease(Exception):  # noqa: N818  # the name is the state: there is none
    """There is no such release; the message says where it was looked for and what to do."""


def latest_release(data: DataFolder) -> Path | None:
    """Folder of the latest release, without symlinks; None when nothing was published yet."""
    folder = data.latest
    return folder.resolve() if (folder / DATABASE).is_file() else None


def open_release(data_root: Path | str = "data", release: str = "latest") -> duckdb.DuckDBPyConnection:
    """Open a release read-only: the latest, or one by the name of its folder. Raises NoRelease, DamagedRelease.

    The connection can change nothing and stays with the release it opened when a newer one is published.
    """
    data = DataFolder(Path(data_root))
    folder = latest_release(data) if release == "latest" else _named(data, release)
    if folder is None:
        raise NoRelease(_missing(data))
    with reading(folder):
        return connect(folder / DATABASE, read_only=True)


@contextmanager
def reading(release: Path) -> Iterator[None]:
    """Turn what damage of a release raises in the block into DamagedRelease."""
    try:
        yield
    except (duckdb.Error, OSError, ValueError, KeyError) as error:
        detail = (str(error).splitlines() or [type(error).__name__])[0]
        remedy = "restore it from a copy, or let `latest` beside `releases` point to an older one"
        raise DamagedRelease(f"release {release} is damaged ({type(error).__name__}: {detail}): {remedy}") from error


def _missing(data: DataFolder) -> str:
    if not data.latest.is_symlink():
        return f"no release in {data.root}/: run `make harvest` first"
    gone = f"{data.latest} points to {data.latest.readlink()}, which holds no release"
    return f"{gone}: harvest again, or restore the folder from a copy"


def _named(data: DataFolder, release: str) -> Path:
    have = sorted(p.name for p in data.releases.glob("*") if (p / DATABASE).is_file())
    if release not in have:
        newest = f"the newest is {have[-1]}" if have else "there is none"
        raise NoRelease(f"no release {release} in {data.releases}/: {newest}")
    return data.releases / release

"""Read-only access to what was published, for researchers, notebooks and the command line.

What belongs here: finding and opening a release, telling that a newer one is out. What does not: making one
(`pipelines.publish`), which ones there are and what is known of them (`catalog`), rows as frames (`frames`, whose
helpers can be imported from here as well).

    with open_release() as con:
        con.sql("select kind, count(*) from entries group by all").show()
        practices = entries(con, kind="practice", country="ES")

A release is never written again, so it may be read while a harvest runs. A connection stays with the release that it
opened; who keeps one open asks `newer_release` from time to time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.build import connect
from warehouse.frames import Entry, NoEntry, entries, entry, frame
from warehouse.layout import DataFolder

__all__ = [
    "DATABASE",
    "NAME",
    "DamagedRelease",
    "Entry",
    "NoEntry",
    "NoRelease",
    "entries",
    "entry",
    "find_release",
    "frame",
    "latest_release",
    "lost_latest",
    "newer_release",
    "open_release",
    "opened_release",
    "reading",
    "release_names",
]

DATABASE = "cityharvest.duckdb"
NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}(?:-\d+)?")
"""How `pipelines.publish.release` names a release: the moment in UTC, and the beginning of its content's hash."""

SHORTEST_BEGINNING = 4
"""Characters from which a beginning may stand for a name: a year."""


class DamagedRelease(Exception):  # noqa: N818  # the name is the state
    """A release that was published can not be read any more; the message says which file, and what to do."""


class NoRelease(Exception):  # noqa: N818  # the name is the state: there is none
    """There is no such release; the message says where it was looked for and what to do."""


def latest_release(data: DataFolder) -> Path | None:
    """Folder of the latest release, without symlinks; None when nothing was published yet."""
    folder = data.latest
    return folder.resolve() if (folder / DATABASE).is_file() else None


def release_names(data: DataFolder) -> list[str]:
    """Names of the releases that are kept, oldest first: a name begins with its moment."""
    # Names with a dot are of releases that are being written or removed.
    return sorted(p.name for p in data.releases.glob("[!.]*") if (p / DATABASE).is_file())


def lost_latest(data: DataFolder) -> str | None:
    """What is wrong, and the command that mends it, when `latest` leads to no release although some are kept.

    None when it leads to one, and when none was published yet: a first release that was killed on its way to `latest`
    lies by itself, without `latest.json`, which is written last.
    """
    if latest_release(data) is not None or (way := point_latest(data)) is None:
        return None
    if not data.latest.is_symlink() and not data.latest_json.exists() and len(release_names(data)) == 1:
        return None
    return f"{_what_is_missing(data)}: {way}"


def point_latest(data: DataFolder) -> str | None:
    """The command that makes the newest release that is kept the latest; None when none is kept."""
    kept = [name for name in release_names(data) if NAME.fullmatch(name)]
    return f"in {data.root} run `ln -sfn releases/{kept[-1]} published/latest`" if kept else None


def find_release(data: DataFolder, word: str) -> Path:
    """Folder of a release by `latest`, `previous` (the one before the latest), its name, or a beginning of that.

    Raises NoRelease when there is none, or more than one that begins so.
    """
    if word in ("latest", "previous"):
        latest = latest_release(data)
        if latest is None:
            raise NoRelease(_missing(data))
        return latest if word == "latest" else _before(data, latest.name)
    return _named(data, word)


def open_release(data_root: Path | str = "data", release: str = "latest") -> duckdb.DuckDBPyConnection:
    """Open a release read-only: the latest, or another as `find_release` takes it. Raises NoRelease, DamagedRelease.

    The connection can change nothing and stays with the release it opened when a newer one is published.
    """
    folder = find_release(DataFolder(Path(data_root)), release)
    with reading(folder):
        return connect(folder / DATABASE, read_only=True)


def opened_release(con: duckdb.DuckDBPyConnection) -> Path:
    """Folder of the release that a connection reads. NoRelease when it is open on something else."""
    paths = con.execute("FROM duckdb_databases() SELECT path WHERE NOT internal AND path IS NOT NULL").fetchall()
    folder = next((Path(path).parent for (path,) in paths if Path(path).name == DATABASE), None)
    if folder is None:
        raise NoRelease("this connection is not open on a release: open one with `open_release`")
    return folder


def newer_release(known: duckdb.DuckDBPyConnection | str, data_root: Path | str | None = None) -> str | None:
    """Name of the latest release when it is another than the known one; None while that is the latest.

    `known` is a connection of `open_release` or the name of a release. `data_root` is needed where it is not `data`
    and a name is given. Costs a look at a symlink, so it may be asked every minute. The answer is the latest also after
    people set back `latest` to an older release; `latest.json`, which they may have left as it was, is not asked.
    """
    if isinstance(known, str):
        name, data = known, DataFolder(Path("data" if data_root is None else data_root))
    else:
        folder = opened_release(known)
        name = folder.name
        data = DataFolder(folder.parents[2] if data_root is None else Path(data_root))
    latest = latest_release(data)
    return latest.name if latest is not None and latest.name != name else None


@contextmanager
def reading(release: Path) -> Iterator[None]:
    """Turn what damage of a release raises in the block into DamagedRelease."""
    try:
        yield
    except (duckdb.Error, OSError, ValueError, KeyError) as error:
        detail = (str(error).splitlines() or [type(error).__name__])[0]
        older = "`ln -sfn releases/<an older one> published/latest` in the data folder"
        remedy = f"restore it from a copy, or go back to an older one: {older}"
        raise DamagedRelease(f"release {release} is damaged ({type(error).__name__}: {detail}): {remedy}") from error


def _missing(data: DataFolder) -> str:
    if lost := lost_latest(data):
        return lost
    if not data.latest.is_symlink():
        return f"no release in {data.root}/: run `make harvest` first"
    return f"{_what_is_missing(data)}: harvest again, or restore the folder from a copy"


def _what_is_missing(data: DataFolder) -> str:
    if not data.latest.is_symlink():
        return f"{data.latest} is missing, although releases are kept"
    return f"{data.latest} points to {data.latest.readlink()}, which holds no release"


def _before(data: DataFolder, latest: str) -> Path:
    """The release that was the latest before; where it is gone, the newest that is older."""
    have = release_names(data)
    try:
        said = json.loads((data.releases / latest / "release.json").read_text(encoding="utf-8")).get("previous")
    except (OSError, ValueError, AttributeError):
        said = None
    older = [name for name in have if name < latest]
    name = said if said in have else older[-1] if older else None
    if name is None:
        raise NoRelease(f"no release before {latest} is kept in {data.releases}/")
    return data.releases / name


def _named(data: DataFolder, word: str) -> Path:
    have = release_names(data)
    if word in have:
        return data.releases / word
    begin = [name for name in have if len(word) >= SHORTEST_BEGINNING and name.startswith(word)]
    if len(begin) > 1:
        raise NoRelease(f"{len(begin)} releases begin with {word}: {', '.join(begin[:5])}; give more of the name")
    if not begin:
        newest = f"the newest is {have[-1]}" if have else "there is none"
        raise NoRelease(f"no release {word} in {data.releases}/: {newest}")
    return data.releases / begin[0]

"""The data folder: where everything lies on disk, and nothing else.

    captures/<source>/<run_id>/pages.warc.gz  run.json, crawl.log (the crawl)  read.json, refine.json (yield, issues)
    captures/left_out.json                    addresses of imports that belong to no source
    validators/<source>.sqlite                what each address last gave, to ask only for what changed; may be lost
    validators/<source>.archive.sqlite        which captures of an archive were taken; made again from the captures
    hosts.sqlite                              how often each host was asked today, when it may be asked again
    lake/<table>/<source>/<run_id>.parquet    raw_entries, sightings, refined_entries
    identity.parquet  overrides.csv           the ledger of ids; what people decided
    locks/                                    one a source, one for the writer
    warehouse/build.duckdb  issues.json       the writer's own, disposable; harvest.json: what failed before it
    published/releases/<utc stamp>-<hash>/    a release, never written again
    published/latest                          symlink to a release, and latest.json beside it, swapped last

A file is written as `*.part` and renamed when whole, so a name without `.part` always holds a whole file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Names of all places below one data folder; touches nothing until asked."""

    root: Path

    def captures(self, source: str, run_id: str) -> Path:
        """Folder of one run's captures."""
        return self.root / "captures" / source / run_id

    def lake(self, table: str, source: str, run_id: str) -> Path:
        """Parquet file of one table, source and run."""
        return self.root / "lake" / table / source / f"{run_id}.parquet"

    def lock(self, name: str) -> Path:
        """Lock file of a source, or of `writer`."""
        return self.root / "locks" / f"{name}.lock"

    @property
    def identity(self) -> Path:
        """The ledger of ids."""
        return self.root / "identity.parquet"

    @property
    def overrides(self) -> Path:
        """What people decided by hand."""
        return self.root / "overrides.csv"

    @property
    def build(self) -> Path:
        """The writer's own DuckDB file."""
        return self.root / "warehouse" / "build.duckdb"

    @property
    def releases(self) -> Path:
        """Folder of all releases."""
        return self.root / "published" / "releases"

    @property
    def latest(self) -> Path:
        """The symlink to the current release."""
        return self.root / "published" / "latest"

    @property
    def latest_json(self) -> Path:
        """Names the current release, for those who can not follow a symlink."""
        return self.root / "published" / "latest.json"

    def sources(self) -> list[str]:
        """Keys of the sources that have captures here, sorted."""
        return sorted(p.name for p in (self.root / "captures").glob("*") if p.is_dir())

    def runs(self, source: str) -> list[str]:
        """Run ids of a source, sorted; runs that are still being written (`*.part`) are left out."""
        folder = self.root / "captures" / source
        return sorted(p.name for p in folder.glob("*") if (p / "pages.warc.gz").is_file())

    def relative(self, path: Path) -> str:
        """A path below the folder as it is written into tables: POSIX, relative."""
        return path.relative_to(self.root).as_posix()


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a `.part` name to write to; rename it to `path` when the block ends well, remove it when not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

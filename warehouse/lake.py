"""The lake: one Parquet file (zstd) for each table, source and run, written whole and never changed.

    lake/<table>/<source>/<run_id>.parquet

What belongs here: rows to Parquet and back, with the metadata of a file (fingerprints of the reader and refiner that
made it). What does not: what a row means (tables), joins and SQL (DuckDB reads these files itself).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.layout import DataFolder, written_whole
from warehouse.storage import storing
from warehouse.tables import Table


class LakeError(Exception):
    """A file of the lake can not be read; the message says which, and what to do."""


def write_table(
    data: DataFolder,
    table: Table,
    source: str,
    run_id: str,
    frame: pd.DataFrame,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write the rows of one run, whole or not at all, in place of an older file of that run.

    The same rows and metadata give the same bytes. ValueError when a column is unknown or null where none may be,
    pyarrow.ArrowException when a value has the wrong type, StorageError when the disk does not take it.
    """
    rows = table.to_arrow(frame).replace_schema_metadata(dict(metadata or {}))
    path = data.lake(table.name, source, run_id)
    with storing(f"table {table.name}", path), written_whole(path) as part:
        pq.write_table(rows, part, compression="zstd")
    return path


def runs(data: DataFolder, table: Table, source: str | None = None) -> list[tuple[str, str]]:
    """Which runs a table has: (source, run id), sorted; of all sources when none is given."""
    folder = data.root / "lake" / table.name
    found = sorted((p.parent.name, p.name.removesuffix(".parquet")) for p in folder.glob("*/*.parquet"))
    return [pair for pair in found if source is None or pair[0] == source]


def stream_table(
    data: DataFolder, table: Table, source: str | None = None, run_id: str | None = None
) -> Iterator[pd.DataFrame]:
    """The rows of a table file by file, in the order of `runs`: memory holds one run. LakeError as in `read_file`."""
    for of_source, of_run in runs(data, table, source):
        if run_id is None or of_run == run_id:
            yield read_file(data.lake(table.name, of_source, of_run), table)


def read_table(data: DataFolder, table: Table, source: str | None = None, run_id: str | None = None) -> pd.DataFrame:
    """All rows of a table, of one source or of all, of one run or of all; no rows when there are none."""
    frames = [frame for frame in stream_table(data, table, source, run_id) if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else table.frame([])


def read_file(path: Path, table: Table) -> pd.DataFrame:
    """The rows of one file; columns that it lacks are None. LakeError when it is damaged or is not there."""
    with _opened(path) as file:
        return table.from_arrow(file.read())


def table_metadata(path: Path) -> dict[str, str]:
    """What was written beside the rows of a file. LakeError when it is damaged or is not there."""
    with _opened(path) as file:
        metadata = file.schema_arrow.metadata or {}
        return {key.decode(): value.decode() for key, value in metadata.items() if key != b"ARROW:schema"}


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    """A Parquet file; what pyarrow and the system raise on a bad one becomes a LakeError with the path."""
    again = "read its run again with `cityharvest read`"
    try:
        # By its handle: given a path, pyarrow may read columns out of folder names such as `a=b`.
        with path.open("rb") as file:
            yield pq.ParquetFile(file)
    except FileNotFoundError as error:
        raise LakeError(f"{path} is not there; {again}") from error
    except (pa.ArrowException, OSError) as error:
        detail = (str(error).splitlines() or [type(error).__name__])[0]
        raise LakeError(f"{path} is damaged ({detail}); remove it and {again}") from error

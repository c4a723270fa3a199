"""What the documents are written from: the facts of a release, its files, sources, places and times.

What belongs here: looking these up, once; every text of a page or a source is made fit to be shown here, so that no
writer has to. What does not: how a document is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

import duckdb

from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files.text import address, one_line
from pipelines.publish.metadata.stated import Stated
from pipelines.reference import load_yaml
from warehouse.tables import Table

# As in the feeds: a name that stays, wherever the files lie (RFC 4151).
TAG = "tag:cityharvest,2024:"
LICENCES = "LICENSES.md"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file with data: `format` is its entry in metadata.yaml, `table` what it is of."""

    path: str
    bytes: int
    sha256: str
    title: str
    format: Mapping[str, str]
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose data went in: a source of the registry, or reference data. `address` and the like are None when unknown."""

    key: str
    title: str
    publisher: str
    licence: str | None = None
    attribution: str | None = None
    address: str | None = None
    what: str | None = None
    licence_address: str | None = None

    @property
    def licence_link(self) -> str | None:
        """Where the text of its licence stands; None when it states none."""
        if self.licence is None:
            return None
        known = load_yaml("metadata.yaml")["licences"].get(self.licence, {}).get("address")
        return self.licence_address or known or web(self.licence) or f"https://spdx.org/licenses/{self.licence}.html"


@dataclass(frozen=True, slots=True)
class About:
    """All that documents say of a release.

    `first` and `last` are the days between which its entries lie, None when none has a date; `box` is west, south,
    east, north of the cities that they name, in degrees, None when none has a position.
    """

    facts: ReleaseFacts
    stated: Stated
    files: Sequence[DataFile]
    sources: Sequence[Origin]
    countries: Sequence[str]
    languages: Sequence[str]
    first: date | None
    last: date | None
    box: tuple[float, float, float, float] | None

    @property
    def words(self) -> Mapping[str, Any]:
        """What metadata.yaml says of every release."""
        return load_yaml("metadata.yaml")  # type: ignore[no-any-return]

    @property
    def reference(self) -> list[Origin]:
        """Reference data of others that are a part of every release."""
        return [Origin(key=each["title"], **each) for each in self.words["reference"]]

    def tag(self, path: str = "") -> str:
        """The name of this release, or of a thing in it."""
        return f"{TAG}{self.facts.name}{f'/{path}' if path else ''}"

    def link(self, path: str) -> str:
        """The address of a file, which its checksum holds for; relative to the documents when nobody said where the
        release is served."""
        return f"{self.facts.own_url}/{path}" if self.facts.own_url else path


def describe(
    con: duckdb.DuckDBPyConnection, facts: ReleaseFacts, said: Stated, files: Mapping[str, Mapping[str, Any]]
) -> About:
    """Look everything up; `files` gives bytes and sha256 of each file by its path. Raises duckdb.Error."""
    (first, last), *_ = con.execute(
        "FROM entries SELECT min(start_date), max(coalesce(end_date, start_date))"
    ).fetchall()
    return About(
        facts,
        said,
        _data_files(facts.tables, files),
        _sources(con),
        _distinct(con, "unnest(countries)"),
        _distinct(con, '"language"'),
        first,
        last,
        _box(con),
    )


def _distinct(con: duckdb.DuckDBPyConnection, what: str) -> list[str]:
    found = con.table("entries").project(f"{what} AS code").filter("code IS NOT NULL").distinct().order("code")
    return [code for (code,) in found.fetchall()]


def _box(con: duckdb.DuckDBPyConnection) -> tuple[float, float, float, float] | None:
    box = con.execute(
        "FROM cities SELECT min(longitude), min(latitude), max(longitude), max(latitude) "
        "WHERE longitude IS NOT NULL AND latitude IS NOT NULL AND city_id IN (FROM entries SELECT unnest(city_ids))"
    ).fetchall()[0]
    return None if box[0] is None else (box[0], box[1], box[2], box[3])


def _sources(con: duckdb.DuckDBPyConnection) -> list[Origin]:
    """The sources that said something that is in the release."""
    rows = con.execute(
        "FROM sources SELECT source, title, publisher, licence, attribution "
        'WHERE "source" IN (FROM entry_sources SELECT source) ORDER BY "source"'
    )
    return [Origin(*(one_line(cell) if cell is not None else None for cell in row)) for row in rows.fetchall()]  # type: ignore[arg-type]


def _data_files(tables: Sequence[Table], files: Mapping[str, Mapping[str, Any]]) -> list[DataFile]:
    words, meanings = load_yaml("metadata.yaml"), {table.name: table.meaning for table in tables}
    found = []
    for path in sorted(files):
        name = PurePosixPath(path)
        table = name.stem if len(name.parts) == 1 and name.stem in meanings else None
        said = meanings[table] if table else next((t for p, t in words["files"].items() if fnmatchcase(path, p)), None)
        if said and name.suffix in words["formats"]:
            size, digest = files[path]["bytes"], files[path]["sha256"]
            found.append(DataFile(path, size, digest, said, words["formats"][name.suffix], table))
    return found


def web(text: str | None) -> str | None:
    """The text as an address when it is one of the web, in characters that an address may have."""
    return address(text) if text and text.startswith(("http://", "https://")) else None

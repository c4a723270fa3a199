"""The tables of the warehouse: each column declared once, with its type and meaning.

What belongs here: the declaration of every table that is written to the lake, to DuckDB or to a release, and the
conversions that follow from a declaration (Arrow schema, DDL, a conforming frame). What does not: rows, SQL queries,
file formats.

Names and meanings follow the contract with the users of a release: more columns may be added, none renamed or retyped
without a new major `SCHEMA_VERSION`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

SCHEMA_VERSION = "1.0"

_ARROW: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "JSON": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "BOOLEAN": pa.bool_(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIME": pa.time64("us"),
    "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its DuckDB type, what it means, and whether it may be null."""

    name: str
    type: str
    meaning: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order and the columns that identify a row."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [column.name for column in self.columns]

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema; JSON columns are strings."""
        return pa.schema([pa.field(c.name, _ARROW[c.type], nullable=c.nullable) for c in self.columns])

    def frame(self, rows: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
        """A frame with exactly these columns in this order: object cells, None for missing.

        Cells are plain Python values (str, bool, int, float, date, time, aware datetime, list). A key that the table
        does not declare raises ValueError, so that no value is lost in silence.
        """
        records = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else [dict(row) for row in rows]
        unknown = {str(key) for record in records for key in record} - set(self.names)
        if unknown:
            raise ValueError(f"table {self.name} has no column {', '.join(sorted(unknown))}")
        cells = {name: [_cell(record.get(name)) for record in records] for name in self.names}
        return pd.DataFrame(
            {name: pd.Series(values, dtype=object) for name, values in cells.items()}, columns=self.names
        )

    def to_arrow(self, frame: pd.DataFrame) -> pa.Table:
        """The frame as an Arrow table of this schema; a value of the wrong type, or a forbidden null, raises."""
        conformed = self.frame(frame)
        schema = self.arrow_schema()
        arrays = [pa.array(conformed[field.name].tolist(), type=field.type) for field in schema]
        for field, array in zip(schema, arrays, strict=True):
            if not field.nullable and array.null_count:
                raise ValueError(f"table {self.name}: column {field.name} is null in {array.null_count} rows")
        return pa.Table.from_arrays(arrays, schema=schema)

    def from_arrow(self, table: pa.Table) -> pd.DataFrame:
        """An Arrow table as a frame of plain Python values; columns it lacks are None."""
        present = set(table.column_names)
        cells = {n: table.column(n).to_pylist() if n in present else [None] * len(table) for n in self.names}
        return pd.DataFrame(
            {name: pd.Series(values, dtype=object) for name, values in cells.items()}, columns=self.names
        )


def _cell(value: Any) -> Any:
    """None for every way in which pandas says missing; anything else as it is."""
    if value is None or isinstance(value, (list, str)):
        return value
    return None if value is pd.NaT or value is pd.NA or value != value else value


def _columns(text: str) -> tuple[Column, ...]:
    """Read a declaration: a line a column, `name TYPE [!] meaning`; `!` means never null."""
    columns = []
    for line in text.strip().splitlines():
        name, kind, meaning = line.split(maxsplit=2)
        nullable = not meaning.startswith("! ")
        columns.append(Column(name, kind, meaning.removeprefix("! "), nullable))
    return tuple(columns)


RAW_ENTRIES = Table(
    "raw_entries",
    "What a page says of one item, as displayed: nothing parsed, nothing merged.",
    ("raw_entry_id",),
    _columns("""
raw_entry_id VARCHAR ! raw- and 16 hex digits of SHA-256 over source, item key or page key and ordinal, and content hash
source VARCHAR ! key of the source in the registry
run_id VARCHAR ! run that first read it
item_key VARCHAR key from the entry's own address (coe:slug, rm:hexid, hub:initiative/id); null on text pages
page_key VARCHAR ! key of the page that shows it
ordinal INTEGER ! position on the page, from 0
content_hash VARCHAR ! SHA-256 over what the page says of the item
page_url VARCHAR ! address of the page that shows it
url VARCHAR ! canonical address of the item, or of the page when it has none
captured_at TIMESTAMPTZ ! moment of the capture
capture_file VARCHAR ! file in the data folder that holds the capture
capture_offset BIGINT ! byte offset of the record in that file
reader VARCHAR ! reader that read the page
page_kind VARCHAR what the page lists: news, practice, event, resource; null when it lists anything
title VARCHAR title as displayed
surtitle VARCHAR line above the title
subtitle VARCHAR second heading line
summary VARCHAR teaser or lead as displayed
sections JSON object: purpose, stimulus, process, impact, references, contact, as far as given
date_raw VARCHAR words read as a date, as displayed
date_context VARCHAR words around the entry that its date needs: a heading, neighbours' dates
place_raw VARCHAR words read as a place, as displayed
status VARCHAR cancelled or postponed when the page says so
language_declared VARCHAR ISO 639-1, when the page says which language the entry is in
links JSON array of objects url, label, role (document, registration, related)
issues VARCHAR[] what the reader could not make out, as reasons; empty list when all is well
confidence DOUBLE how sure the reader is that this is an entry, 0..1; null for readers of known markup
evidence JSON object: entry, title, date, each with confidence (0..1) and reason; null for readers of known markup
"""),
)

SIGHTINGS = Table(
    "sightings",
    "A raw entry seen in a capture at a moment.",
    ("raw_entry_id", "capture_file", "capture_offset"),
    _columns("""
raw_entry_id VARCHAR ! raw entry that was seen
source VARCHAR ! key of the source
run_id VARCHAR ! run of the sighting
page_url VARCHAR ! address of the page
captured_at TIMESTAMPTZ ! moment of the capture
capture_file VARCHAR ! file in the data folder
capture_offset BIGINT ! byte offset of the record
"""),
)

_PARSED = """
kind VARCHAR ! practice, event, call, resource or news
status VARCHAR scheduled, cancelled, postponed, or null; never from absence
title VARCHAR cleaned text, no markup; null when the page shows none
subtitle VARCHAR second heading line; null when there is none
summary VARCHAR teaser or lead
sections JSON of practices: purpose, stimulus, process, impact, references, contact, as far as given
url VARCHAR ! canonical address of the entry, or of the page that shows it
language VARCHAR ISO 639-1 of title and summary; null when unknown
language_confidence DOUBLE 0..1
date_raw VARCHAR the words that were read as a date, as displayed
start_date DATE first day; null = unknown
end_date DATE last day, inclusive; null = open or unknown
start_time TIME local wall-clock
end_time TIME local wall-clock
timezone VARCHAR IANA name
timezone_raw VARCHAR the zone as stated ("CET")
start_at TIMESTAMPTZ the instant, when time and zone are known
date_precision VARCHAR time, day, month, year
date_role VARCHAR deadline, period, event, published; null without a date
date_inferred BOOLEAN ! a part, such as the year, came from context
date_reason VARCHAR rule or library that read the date, or why there is none
is_ongoing BOOLEAN ! the words say that it goes on
place_raw VARCHAR words read as a place, as displayed
venue VARCHAR what is left after city and country; null when nothing is
cities VARCHAR[] ! registry names
city_ids VARCHAR[] ! registry ids
countries VARCHAR[] ! ISO 3166-1 alpha-2
is_online BOOLEAN ! takes place online, by the page's own words
topics VARCHAR[] ! the programme's topics
relevance DOUBLE how much it is about the programme's subject, 0..1; null when not judged
"""

REFINED_ENTRIES = Table(
    "refined_entries",
    "A raw entry with its values read: one row a raw entry.",
    ("raw_entry_id",),
    _columns(
        """
raw_entry_id VARCHAR ! raw entry it was made of
source VARCHAR ! key of the source
run_id VARCHAR ! run that first read it
item_key VARCHAR key from the entry's own address
page_key VARCHAR ! key of the page
ordinal INTEGER ! position on the page
page_url VARCHAR ! address of the page
captured_at TIMESTAMPTZ ! moment of the capture
capture_file VARCHAR ! file in the data folder
capture_offset BIGINT ! byte offset of the record
reader VARCHAR ! reader that read the page
raw_title VARCHAR title as displayed
kind_reason VARCHAR ! rule that decided the kind
links JSON array of objects url, label, role
issues VARCHAR[] ! what could not be read, as reasons
"""
        + _PARSED.strip()
    ),
)

ENTRIES = Table(
    "entries",
    "One row an entry, after duplicates are merged.",
    ("entry_id",),
    _columns(
        "entry_id VARCHAR ! stable across releases\n"
        + _PARSED.strip()
        + """
first_seen_at TIMESTAMPTZ ! first sighting
last_seen_at TIMESTAMPTZ ! last sighting
source_count INTEGER ! how many raw entries were merged
"""
    ),
)

ENTRY_SOURCES = Table(
    "entry_sources",
    "One row a raw entry: which entry it became part of, and why.",
    ("raw_entry_id",),
    _columns("""
entry_id VARCHAR ! entry it is part of
raw_entry_id VARCHAR ! raw entry
source VARCHAR ! key of the source
page_url VARCHAR ! address of the page that said it
captured_at TIMESTAMPTZ ! moment of the capture
capture_file VARCHAR ! file in the data folder
capture_offset BIGINT ! byte offset of the record
title VARCHAR title as displayed
date_raw VARCHAR words read as a date
place_raw VARCHAR words read as a place
match_reason VARCHAR why it was merged; null for an entry of one raw entry
match_score DOUBLE 0..1, how sure the merge is; null for an entry of one raw entry
"""),
)

ENTRY_LINKS = Table(
    "entry_links",
    "Links that an entry gives.",
    ("entry_id", "url"),
    _columns("""
entry_id VARCHAR ! entry that gives the link
url VARCHAR ! absolute address
label VARCHAR text of the link
role VARCHAR ! document, registration, related
"""),
)

CITIES = Table(
    "cities",
    "The registry of places.",
    ("city_id",),
    _columns("""
city_id VARCHAR ! stable id
name VARCHAR ! registry name
country VARCHAR ! ISO 3166-1 alpha-2
latitude DOUBLE degrees north, WGS 84; null when not known
longitude DOUBLE degrees east, WGS 84; null when not known
status VARCHAR ! relation to the programme: member, network, capital, place ...
"""),
)

SOURCES = Table(
    "sources",
    "What was harvested when, and how complete.",
    ("source",),
    _columns("""
source VARCHAR ! key in the registry
title VARCHAR ! what it is
publisher VARCHAR ! who publishes it
scope VARCHAR ! programme or city
status VARCHAR ! candidate, active, paused, retired
captures INTEGER ! captures kept, over all runs
entries INTEGER ! raw entries read, over all runs
last_run_id VARCHAR the latest run
last_run_outcome VARCHAR complete, partial, failed, empty or imported
last_complete_at TIMESTAMPTZ end of the last complete run or import
data_as_of TIMESTAMPTZ moment of the latest capture
licence VARCHAR licence of its texts as the publisher states it: SPDX identifier or address; null = not stated
attribution VARCHAR words by which the publisher asks to be named; null = not stated
"""),
)

ENTRY_VERSIONS = Table(
    "entry_versions",
    "What an entry said, from when to when.",
    ("entry_id", "version"),
    _columns("""
entry_id VARCHAR ! entry
version INTEGER ! from 1
valid_from TIMESTAMPTZ ! first capture that said so
valid_to TIMESTAMPTZ first capture that said otherwise; null = still said
raw_entry_id VARCHAR ! raw entry that said it
title VARCHAR title at that time
date_raw VARCHAR words read as a date at that time
start_date DATE first day
end_date DATE last day, inclusive
status VARCHAR status at that time
"""),
)

ENTRY_REDIRECTS = Table(
    "entry_redirects",
    "An id that was merged or split, and where it went.",
    ("entry_id", "target_id"),
    _columns("""
entry_id VARCHAR ! id that was published once
target_id VARCHAR ! entry that holds its content now
reason VARCHAR ! merged or split
since TIMESTAMPTZ ! when
"""),
)

LEFT_OUT = Table(
    "left_out",
    "Entries of cities' own pages that are about something else than the programme: known, and not among `entries`.",
    ("entry_id",),
    _columns("""
entry_id VARCHAR ! id, kept for the day when it belongs to `entries`
source VARCHAR ! source that showed it last
title VARCHAR cleaned text, no markup
url VARCHAR ! canonical address of the entry, or of the page that shows it
start_date DATE first day; null = unknown
relevance DOUBLE ! how much it is about the programme's subject, 0..1
reason VARCHAR ! why it is left out
"""),
)

IDENTITY = Table(
    "identity",
    "The ledger of ids: append-only, raw key to entry id; the latest row of a raw key counts.",
    ("raw_key", "entry_id", "since"),
    _columns("""
raw_key VARCHAR ! item key, or raw_entry_id where the page gives none
entry_id VARCHAR ! id it was given
since TIMESTAMPTZ ! when
"""),
)

LAKE_TABLES = (RAW_ENTRIES, SIGHTINGS, REFINED_ENTRIES)
RELEASE_TABLES = (ENTRIES, ENTRY_SOURCES, ENTRY_LINKS, CITIES, SOURCES, ENTRY_VERSIONS, ENTRY_REDIRECTS, LEFT_OUT)

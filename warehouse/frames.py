"""Rows of a release as pandas frames with the types that their columns are declared with.

What belongs here: the frame of a query, entries by the questions that are asked most, one entry with all that is known
of it. What does not: finding and opening a release (`releases`), questions that SQL asks better.

    VARCHAR, JSON    str, missing is NaN
    VARCHAR[]        lists of str; a list without values is empty, not missing
    BOOLEAN          boolean      INTEGER, BIGINT  Int64      DOUBLE  Float64      (each can be missing: <NA>)
    DATE             datetime64[s]; missing is NaT
    TIME             datetime.time, missing is None
    TIMESTAMPTZ      datetime64[us, UTC]

Every value that is asked for is handed to DuckDB as a parameter, never as SQL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from warehouse.build import name
from warehouse.tables import ENTRIES

# Each condition, by the name of the argument of `entries` whose value it takes.
_CONDITIONS = {
    "kind": "kind = $kind",
    "country": "list_contains(countries, $country)",
    "city": "list_contains(city_ids, $city) OR list_contains(list_transform(cities, lambda c: lower(c)), lower($city))",
    "topic": "list_contains(topics, $topic)",
    "language": "language = $language",
    "source": "entry_id IN (SELECT entry_id FROM entry_sources WHERE source = $source)",
    # What goes on, or has no known end, has not ended before any day; what has no start can not be placed.
    "since": "start_date IS NOT NULL AND (coalesce(end_date, start_date) >= $since OR is_ongoing)",
    "until": "start_date <= $until",
    "text": "contains(lower(concat_ws(' ', title, subtitle, summary)), lower($text))",
}


class NoEntry(LookupError):  # noqa: N818  # the name is the state
    """There is no such entry in the release; the message says what became of it, as far as it is known."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its values by column, `sections` as a dict; and its rows of other tables.

    `entry_id` is the id that it has now, `asked` the one that was asked for: they differ when it was merged.
    """

    entry_id: str
    asked: str
    values: Mapping[str, Any]
    sources: pd.DataFrame
    links: pd.DataFrame
    versions: pd.DataFrame

    def __getitem__(self, column: str) -> Any:
        """The value of a column of `entries`."""
        return self.values[column]


def frame(con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> pd.DataFrame:
    """The rows of a query. `values` are its parameters: a mapping for `$name`, a sequence for `?`.

    ValueError when there is no statement in it.
    """
    rows = con.sql(sql, params=dict(values) if isinstance(values, Mapping) else list(values))
    if rows is None:
        raise ValueError("there is no statement in the SQL; give one, such as: select count(*) from entries")
    return _typed(rows.to_arrow_table())


def entries(
    con: duckdb.DuckDBPyConnection,
    *,
    kind: str | None = None,
    country: str | None = None,
    city: str | None = None,
    topic: str | None = None,
    language: str | None = None,
    source: str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    text: str | None = None,
    columns: Sequence[str] = (),
) -> pd.DataFrame:
    """Entries that meet all conditions, by start_date (unknown last), with all columns of `entries` or those named.

    `country` is ISO 3166-1 alpha-2, `city` a registry id or name, `language` ISO 639-1, `source` a key of the registry.
    `since` and `until` (inclusive; a date, or text such as "2024-05-03") hold when a day of the entry lies within; one
    without a date meets neither. `text` is looked for in title, subtitle and summary, whatever the case.
    ValueError for a column that `entries` does not have.
    """
    asked = {
        "kind": kind, "country": country, "city": city, "topic": topic, "language": language, "source": source,
        "since": _day(since), "until": _day(until), "text": text,
    }  # fmt: skip
    given = {argument: value for argument, value in asked.items() if value is not None}
    unknown = set(columns) - set(ENTRIES.names)
    if unknown:
        raise ValueError(f"entries has no column {', '.join(sorted(unknown))}")
    what = ", ".join(map(name, columns)) or "*"
    where = " AND ".join(f"({_CONDITIONS[argument]})" for argument in given) or "true"
    sql = f"SELECT {what} FROM entries WHERE {where} ORDER BY start_date NULLS LAST, entry_id"  # noqa: S608  # ours
    return frame(con, sql, given)


def entry(con: duckdb.DuckDBPyConnection, entry_id: str) -> Entry:
    """One entry with its sources, links and versions; the id of one that was merged leads to where it went.

    NoEntry when the release has none, says that it was split into several, or that it is left out.
    """
    found = _followed(con, entry_id)
    row = con.execute("SELECT * FROM entries WHERE entry_id = ?", [found])
    names = [column[0] for column in row.description]
    values = dict(zip(names, row.fetchall()[0], strict=True))
    if values.get("sections"):
        values["sections"] = json.loads(values["sections"])

    def of(table: str, order: str) -> pd.DataFrame:
        return frame(con, f"SELECT * FROM {table} WHERE entry_id = ? ORDER BY {order}", [found])  # noqa: S608  # ours

    sources, links = of("entry_sources", "captured_at, raw_entry_id"), of("entry_links", "url")
    return Entry(found, entry_id, values, sources, links, of("entry_versions", "version"))


def _followed(con: duckdb.DuckDBPyConnection, entry_id: str) -> str:
    """The id that an id leads to. An entry that is there is itself, whatever else is said of its id."""
    seen: list[str] = []
    now = entry_id
    while not con.execute("SELECT 1 FROM entries WHERE entry_id = ?", [now]).fetchall():
        seen.append(now)
        targets = con.execute(
            "SELECT DISTINCT target_id FROM entry_redirects WHERE entry_id = ? ORDER BY ALL", [now]
        ).fetchall()
        if len(targets) > 1:
            raise NoEntry(f"{entry_id} was split into {', '.join(t for (t,) in targets)}: ask for one of them")
        if not targets or targets[0][0] in seen:
            raise NoEntry(_why_not(con, entry_id))
        now = targets[0][0]
    return now


def _why_not(con: duckdb.DuckDBPyConnection, entry_id: str) -> str:
    left_out = con.execute("SELECT reason FROM left_out WHERE entry_id = ?", [entry_id]).fetchall()
    if left_out:
        return f"{entry_id} is left out of the entries: {left_out[0][0]}"
    return f"no entry {entry_id} in this release; `entries(con, text=...)` looks for one by its words"


def _day(said: date | str | None) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else said


def _typed(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame of the types above."""
    return pd.DataFrame({position: _series(table.column(position)) for position in range(table.num_columns)}).set_axis(
        table.column_names, axis="columns"
    )


def _series(column: pa.ChunkedArray) -> pd.Series[Any]:
    kind = column.type
    if pa.types.is_boolean(kind):
        return pd.Series(column.to_pandas(types_mapper={kind: pd.BooleanDtype()}.get))
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):  # sums of integers are decimals
        return pd.Series(column.cast(pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pd.Series(column.cast(pa.float64()).to_pandas(types_mapper={pa.float64(): pd.Float64Dtype()}.get))
    if pa.types.is_date(kind):
        return pd.Series(column.cast(pa.timestamp("s")).to_pandas())
    if pa.types.is_timestamp(kind):
        return pd.Series(column.cast(pa.timestamp("us", tz="UTC" if kind.tz else None)).to_pandas())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pd.Series(column.to_pandas(), dtype="str")
    return pd.Series(column.to_pylist(), dtype=object)

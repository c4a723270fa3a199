from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import duckdb
import numpy as np
import pandas as pd
import pytest

from warehouse.tables import ENTRIES, IDENTITY, LAKE_TABLES, RELEASE_TABLES, SIGHTINGS, Table

TABLES = [*LAKE_TABLES, *RELEASE_TABLES, IDENTITY]

CONTRACT_ENTRIES = """
entry_id kind status title subtitle summary sections url language language_confidence date_raw start_date end_date
start_time end_time timezone timezone_raw start_at date_precision date_role date_inferred is_ongoing place_raw venue
cities city_ids countries is_online topics relevance first_seen_at last_seen_at source_count
""".split()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_declaration_is_whole(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    assert not [c.name for c in table.columns if c.name in table.key and c.nullable], "a key is never null"
    assert all(len(c.meaning) > 3 and not c.meaning.startswith("!") for c in table.columns)
    with duckdb.connect() as connection:
        for column in table.columns:
            assert connection.execute(f"select cast(null as {column.type})").fetchall() == [(None,)]


def test_entries_hold_the_columns_of_the_contract() -> None:
    assert set(CONTRACT_ENTRIES) <= set(ENTRIES.names)
    types = {c.name: c.type for c in ENTRIES.columns}
    assert (types["start_date"], types["start_at"], types["cities"]) == ("DATE", "TIMESTAMPTZ", "VARCHAR[]")
    never_null = {c.name for c in ENTRIES.columns if not c.nullable}
    assert {"entry_id", "is_online", "is_ongoing", "cities", "city_ids", "countries"} <= never_null


def test_every_way_of_missing_becomes_none() -> None:
    missing = [None, math.nan, pd.NaT, pd.NA]
    frame = IDENTITY.frame([{"raw_key": "a", "entry_id": value} for value in missing])
    assert list(frame.columns) == IDENTITY.names
    assert all(value is None for value in frame["entry_id"])
    assert all(value is None for value in frame["since"])
    assert set(frame.dtypes) == {np.dtype(object)}


def test_a_frame_is_taken_as_rows_are() -> None:
    rows = [{"raw_key": "a", "entry_id": "e", "since": datetime(2018, 4, 18, tzinfo=UTC)}]
    pd.testing.assert_frame_equal(IDENTITY.frame(pd.DataFrame(rows)), IDENTITY.frame(rows), check_dtype=True)


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(ValueError, match="table identity has no column colour, size"):
        IDENTITY.frame([{"size": 1}, {"colour": 2}])


def test_a_moment_is_kept_as_the_same_instant_in_utc() -> None:
    local = datetime(2018, 4, 18, 14, tzinfo=timezone(timedelta(hours=2)))
    frame = IDENTITY.frame([{"raw_key": "a", "entry_id": "e", "since": local}])
    back = IDENTITY.from_arrow(IDENTITY.to_arrow(frame))
    assert back.loc[0, "since"] == datetime(2018, 4, 18, 12, tzinfo=UTC)
    assert str(back.loc[0, "since"]) == "2018-04-18 12:00:00+00:00"


def test_null_where_none_may_be() -> None:
    with pytest.raises(ValueError, match="table sightings: column raw_entry_id is null in 1 rows"):
        SIGHTINGS.to_arrow(SIGHTINGS.frame([{}]))

"""What the filters of the site choose from: each value with a name, a number of entries, and a code.

What belongs here: the dimensions, in temporary tables `site_<dimension>` (value, code, entries) and, for those of which
an entry has several, `site_<dimension>_of` (entry_id, codes); their names in English. What does not: the rows (`rows`).

A code is the place of a value in its list, the most frequent first; rows hold codes instead of texts.
"""

from __future__ import annotations

from typing import Any

import duckdb
from babel import Locale

from pipelines.reference import country_names, load_yaml
from pipelines.reference.projections import position

# Dimension -> SQL that gives its values for one row, as a list.
_OF_ENTRIES = {"topic": "topics", "country": "countries", "city": "city_ids", "language": '["language"]'}
LISTED = ("topic", "country", "city", "source")


def make_codes(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables. Raises duckdb.Error."""
    pairs = {
        name: f"FROM entries SELECT DISTINCT entry_id, unnest({values}) AS value"
        for name, values in _OF_ENTRIES.items()
    }
    pairs["source"] = "SELECT DISTINCT entry_id, source AS value FROM entry_sources"
    for name, query in pairs.items():
        _make(con, name, query)


def _make(con: duckdb.DuckDBPyConnection, name: str, pairs: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE site_pairs AS FROM ({pairs}) WHERE value IS NOT NULL")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE site_{name} AS "
        "FROM (FROM site_pairs SELECT value, count(*) AS entries GROUP BY value) "
        "SELECT value, entries, CAST(row_number() OVER (ORDER BY entries DESC, value) - 1 AS INTEGER) AS code"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE site_{name}_of AS FROM site_pairs JOIN site_{name} USING (value) "
        "SELECT entry_id, list(code ORDER BY code) AS codes GROUP BY entry_id"
    )
    con.execute("DROP TABLE site_pairs")


def dimensions(con: duckdb.DuckDBPyConnection) -> dict[str, list[list[Any]]]:
    """Each dimension as rows of value, name, entries; of a city also its country and where it lies on the maps."""
    topics = load_yaml("topics.yaml")["topics"]
    countries, languages = country_names(), Locale("en").languages
    return {
        "topic": [[v, topics.get(v, {}).get("title") or _spelt(v), n] for v, n in _values(con, "topic")],
        "country": [[v, countries.get(v, (v,))[0], n] for v, n in _values(con, "country")],
        "language": [[v, languages.get(v, v), n] for v, n in _values(con, "language")],
        "source": _sources(con),
        "city": _cities(con),
    }


def _values(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, int]]:
    return con.table(f"site_{name}").order("code").project("value, entries").fetchall()


def _spelt(slug: str) -> str:
    """A topic that the vocabulary does not know any more."""
    return slug.replace("-", " ").capitalize()


def _sources(con: duckdb.DuckDBPyConnection) -> list[list[Any]]:
    query = """
        SELECT value, coalesce(title, value), n.entries
        FROM site_source n LEFT JOIN sources ON source = value ORDER BY code"""
    return [list(row) for row in con.execute(query).fetchall()]


def _cities(con: duckdb.DuckDBPyConnection) -> list[list[Any]]:
    query = """
        SELECT value, coalesce(name, value), n.entries, country, longitude, latitude
        FROM site_city n LEFT JOIN cities ON city_id = value ORDER BY code"""
    return [
        [*row[:4], _position("europe", *row[4:]), _position("world", *row[4:])] for row in con.execute(query).fetchall()
    ]


def _position(area: str, longitude: float | None, latitude: float | None) -> list[int] | None:
    return None if longitude is None or latitude is None else position(area, longitude, latitude)


def drop_codes(con: duckdb.DuckDBPyConnection) -> None:
    """Remove all temporary tables of the site."""
    for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
        if name.startswith("site_"):
            con.execute(f"DROP TABLE {name}")

"""The entries of the site, in parts: an index in columns, their summaries, and all that is known of each.

What belongs here: queries that make the parts, one after the other, so that memory stays flat. What does not: the codes
(`codes`), what the page does with them.

Days are numbers since 1970-01-01, as in DATE; codes are those of `codes`; -1 is unknown.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb

from pipelines.publish.declared import ENUMERATIONS
from pipelines.publish.site.codes import LISTED
from pipelines.publish.site.scripts import Writer, as_json
from warehouse.build import literal

NEWEST = 50
INDEX = 20_000
TEXTS = 5_000
ENTRIES = 500
AT_ONCE = 20
"""Parts that one query makes, so that memory stays flat."""

_SNIPPET = 600

KINDS = ENUMERATIONS["entries", "kind"]
PRECISIONS = ENUMERATIONS["entries", "date_precision"]
STATUSES = ENUMERATIONS["entries", "status"]


def _code(column: str, values: tuple[str, ...]) -> str:
    return f"coalesce(list_position([{', '.join(map(literal, values))}], {column}) - 1, -1)"


def _day(expression: str) -> str:
    return f"date_diff('day', DATE '1970-01-01', {expression})"


# The years in which it was going on: one that goes on is known to do so until it was last seen.
YEARS = (
    "year(start_date)",
    "CASE WHEN start_date IS NULL THEN NULL WHEN is_ongoing THEN greatest(year(start_date), year(last_seen_at)) "
    "ELSE greatest(year(start_date), coalesce(year(end_date), 0)) END",
)

# Column of the index -> SQL over site_rows joined with entries.
_INDEX = {
    "id": "entry_id",
    "title": "coalesce(title, '')",
    "kind": _code("kind", KINDS),
    "status": _code("status", STATUSES),
    "start": _day("start_date"),
    "end": _day("end_date"),
    "precision": _code("date_precision", PRECISIONS),
    "ongoing": "CAST(is_ongoing AS INTEGER)",
    "online": "CAST(is_online AS INTEGER)",
    "first": YEARS[0],
    "last": YEARS[1],
    "seen": _day("CAST(first_seen_at AS DATE)"),
    "sources": "source_count",
    "language": 'coalesce((SELECT code FROM site_language WHERE value = "language"), -1)',
    **{name: f"coalesce({name}_of.codes, [])" for name in LISTED},
}
_JOINED = " ".join(f"LEFT JOIN site_{name}_of AS {name}_of USING (entry_id)" for name in LISTED)

# Field of an entry -> SQL; connections show times in UTC.
_MOMENTS = {name: f"strftime({name}, '%Y-%m-%d %H:%M')" for name in ("first_seen_at", "last_seen_at")}
_FIELDS = {
    name: _MOMENTS.get(name, f'e."{name}"')
    for name in """entry_id kind status title subtitle summary sections url language language_confidence date_raw
    start_date end_date start_time end_time timezone timezone_raw date_precision date_role date_inferred date_reason
    is_ongoing place_raw venue cities city_ids countries is_online topics relevance first_seen_at last_seen_at
    source_count""".split()
}
_LISTS = {
    "sources": (
        "entry_sources",
        "source, page_url, strftime(captured_at, '%Y-%m-%d'), title, date_raw, place_raw, match_reason, match_score",
        "captured_at, raw_entry_id",
    ),
    "links": ("entry_links", "url, label, role", "role, url"),
    "versions": (
        "entry_versions",
        "strftime(valid_from, '%Y-%m-%d'), strftime(valid_to, '%Y-%m-%d'), title, date_raw, status",
        "version",
    ),
}

_ROWS = "FROM entries e JOIN site_rows USING (entry_id) SELECT e.*, place WHERE place >= $1 AND place < $2"
_TEXTS = (
    f"FROM ({_ROWS}) SELECT place // $3 AS part, "
    f"CAST(to_json(list(coalesce(left(coalesce(summary, subtitle), {_SNIPPET}), '') ORDER BY place)) AS VARCHAR) "
    "GROUP BY part ORDER BY part"
)
_TOLD = ", ".join([*_FIELDS.values(), *(f"{name}.rows" for name in _LISTS)])
# Ids that stand together in the tables, which are in their order: what lies elsewhere is not read.
_PART = "entry_id BETWEEN $1 AND $2"
_ENTRY = " ".join(
    [
        "FROM entries e",
        *(
            f"LEFT JOIN (FROM {table} SELECT entry_id, list(json_array({columns}) ORDER BY {order}) AS rows "
            f"WHERE {_PART} GROUP BY entry_id) {name} ON {name}.entry_id = e.entry_id"
            for name, (table, columns, order) in _LISTS.items()
        ),
        f"SELECT e.entry_id, CAST(json_array({_TOLD}) AS VARCHAR) WHERE e.{_PART} ORDER BY e.entry_id",
    ]
)


def write_rows(con: duckdb.DuckDBPyConnection, write: Writer) -> dict[str, Any]:
    """Write all parts. Gives what the first view needs of them: the newest rows, and how many parts there are."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE site_rows AS "
        "SELECT entry_id, row_number() OVER (ORDER BY start_date DESC NULLS LAST, entry_id) - 1 AS place FROM entries"
    )
    total = con.table("site_rows").count("*").fetchall()[0][0]
    for number, (first, last) in enumerate(_ranges(total, INDEX)):
        write("index", _index(con, first, last), number)
    for first, last in _ranges(total, AT_ONCE * TEXTS):
        for number, text in con.execute(_TEXTS, [first, last, TEXTS]).fetchall():
            write("texts", text, number)
    firsts = _write_entries(con, write)
    _write_redirects(con, write)
    newest = con.execute(_TEXTS, [0, NEWEST, NEWEST]).fetchall()
    return {
        "total": total,
        "index": len(_ranges(total, INDEX)),
        "texts": [len(_ranges(total, TEXTS)), TEXTS],
        "firsts": firsts,
        "newest": {
            "index": json.loads(_index(con, 0, NEWEST)),
            "texts": [text for _, part in newest for text in json.loads(part)],
        },
    }


def _ranges(total: int, size: int) -> list[tuple[int, int]]:
    return [(first, min(first + size, total)) for first in range(0, total, size)]


def _index(con: duckdb.DuckDBPyConnection, first: int, last: int) -> str:
    """The columns of the rows at these places, as one object."""
    lists = ", ".join(f"{literal(name)}, list({sql} ORDER BY place)" for name, sql in _INDEX.items())
    ((found,),) = con.execute(f"FROM ({_ROWS}) {_JOINED} SELECT json_object({lists})", [first, last]).fetchall()
    return str(found)


def _write_entries(con: duckdb.DuckDBPyConnection, write: Writer) -> list[str]:
    """All that is known of each entry, in the order of ids. Gives the first id of each part."""
    ids = [entry_id for (entry_id,) in con.table("entries").order("entry_id").project("entry_id").fetchall()]
    head = f'{{"fields":{as_json([*_FIELDS, *_LISTS])},"rows":[\n'
    for first, last in _ranges(len(ids), AT_ONCE * ENTRIES):
        rows = con.execute(_ENTRY, [ids[first], ids[last - 1]]).fetchall()
        for at in range(0, len(rows), ENTRIES):
            part = ",\n".join(row for _, row in rows[at : at + ENTRIES])
            write("entries", f"{head}{part}]}}", (first + at) // ENTRIES)
    return ids[::ENTRIES]


def _write_redirects(con: duckdb.DuckDBPyConnection, write: Writer) -> None:
    rows = con.table("entry_redirects").order("entry_id, target_id").project("entry_id, target_id, reason").fetchall()
    write("redirects", as_json(rows))

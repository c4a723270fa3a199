"""Two releases compared: rows by key, columns that both have, and what came or went."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from warehouse.build import build_database, connect
from warehouse.differences import attached, counts, rows, schema_changes, tables
from warehouse.releases import DATABASE, DamagedRelease
from warehouse.tables import CITIES, ENTRIES

SEEN = datetime(2024, 5, 1, tzinfo=UTC)


def city(number: int, **said: Any) -> dict[str, Any]:
    return {"city_id": f"xx-{number}", "name": f"Town {number}", "country": "FR", "status": "member"} | said


def entry(number: int, **said: Any) -> dict[str, Any]:
    return {
        "entry_id": f"ce-{number:012x}", "kind": "event", "title": f"Open day {number}", "url": "https://www.example.org/",
        "date_inferred": False, "is_ongoing": False, "cities": ["Lyon"], "city_ids": [], "countries": ["FR"],
        "is_online": False, "topics": [], "first_seen_at": SEEN, "last_seen_at": SEEN, "source_count": 1,
    } | said  # fmt: skip


def release(folder: Path, cities: list[dict[str, Any]], entries: list[dict[str, Any]], *changes: str) -> Path:
    made = {"cities": CITIES.to_arrow(CITIES.frame(cities)), "entries": ENTRIES.to_arrow(ENTRIES.frame(entries))}
    build_database(folder / DATABASE, made)
    with connect(folder / DATABASE) as con:
        for sql in changes:
            con.execute(sql)
    return folder


def test_rows_are_counted_by_kind_of_change_and_column(tmp_path: Path) -> None:
    old = release(tmp_path / "a", [], [entry(1), entry(2), entry(3), entry(4)])
    later = datetime(2025, 5, 1, tzinfo=UTC)
    new = release(
        tmp_path / "b",
        [],
        [
            entry(1, last_seen_at=later),
            entry(2, title=None, cities=["Lyon", "O'Town"]),
            entry(3, title="Other"),
            entry(5),
        ],
    )
    with attached(old, new) as con:
        assert counts(con) == counts(con, "entries") == [
            ("entries", "added", None, 1),
            ("entries", "removed", None, 1),
            ("entries", "changed", None, 2),
            ("entries", "changed", "title", 2),
            ("entries", "changed", "cities", 1),
        ]  # fmt: skip
        assert list(rows(con, "entries")) == [
            ("entries", "added", "ce-000000000005", "Open day 5", None, None, None),
            ("entries", "removed", "ce-000000000004", "Open day 4", None, None, None),
            ("entries", "changed", "ce-000000000002", "Open day 2", "cities", "[Lyon]", "[Lyon, 'O\\'Town']"),
            ("entries", "changed", "ce-000000000002", "Open day 2", "title", "Open day 2", None),
            ("entries", "changed", "ce-000000000003", "Other", "title", "Open day 3", "Other"),
        ]
        assert [row[1] for row in rows(con, "entries", limit=1)] == ["added", "removed", "changed"]


def test_the_same_release_differs_in_nothing(tmp_path: Path) -> None:
    one = release(tmp_path / "a", [city(1)], [entry(1)])
    with attached(one, one) as con:
        assert (schema_changes(con), counts(con), list(rows(con, "cities"))) == ([], [], [])


def test_changes_of_the_schema_are_told_and_the_rest_is_compared(tmp_path: Path) -> None:
    old = release(
        tmp_path / "a", [city(1), city(2)], [],
        "alter table cities add column mayor varchar", "create table pages (n integer)",
        "alter table cities alter column latitude type varchar",
    )  # fmt: skip
    new = release(tmp_path / "b", [city(1, latitude=1.5), city(2)], [], "alter table cities add column flag boolean")
    with attached(old, new) as con:
        assert schema_changes(con) == [
            ("cities", "latitude", "retyped", "VARCHAR", "DOUBLE"),
            ("cities", "mayor", "removed", "VARCHAR", None),
            ("cities", "flag", "added", None, "BOOLEAN"),
            ("pages", None, "removed", None, None),
        ]
        assert counts(con) == [("cities", "changed", None, 1), ("cities", "changed", "latitude", 1)]
        assert [row[-3:] for row in rows(con, "cities")] == [("latitude", None, "1.5")]


def test_a_table_without_its_key_in_both_is_told_and_not_compared(tmp_path: Path) -> None:
    old = release(tmp_path / "a", [city(1)], [], "alter table cities rename city_id to id")
    with attached(old, release(tmp_path / "b", [city(1)], [])) as con:
        assert "cities" not in tables(con)
        assert ("cities", "city_id", "added", None, "VARCHAR") in schema_changes(con)


def test_many_rows_are_read_while_other_things_are_asked(tmp_path: Path) -> None:
    old = release(tmp_path / "a", [], [])
    with attached(old, release(tmp_path / "b", [city(n) for n in range(6000)], [])) as con:
        found = rows(con, "cities")
        first = next(found)
        assert counts(con) == [("cities", "added", None, 6000)]
        assert len([first, *found]) == 6000


def test_nothing_can_be_written_to_either(tmp_path: Path) -> None:
    one = release(tmp_path / "a", [city(1)], [])
    with attached(one, one) as con, pytest.raises(Exception, match="read-only"):
        con.execute("delete from newer.main.cities")


def test_a_damaged_release_is_named(tmp_path: Path) -> None:
    one = release(tmp_path / "a", [], [])
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / DATABASE).write_bytes(b"no database" * 900)
    with pytest.raises(DamagedRelease, match="b is damaged"), attached(one, tmp_path / "b"):
        pass

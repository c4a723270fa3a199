"""Frames of a release: types, conditions, one entry with all that is known of it, and word of a newer release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from warehouse.build import build_database, connect
from warehouse.layout import DataFolder
from warehouse.releases import (
    NoEntry,
    NoRelease,
    entries,
    entry,
    find_release,
    frame,
    newer_release,
    open_release,
    opened_release,
    release_names,
)
from warehouse.tables import ENTRIES, ENTRY_LINKS, ENTRY_REDIRECTS, ENTRY_SOURCES, LEFT_OUT, Table

SEEN = datetime(2024, 5, 1, 8, tzinfo=UTC)
NAMES = ["20240101T000000Z-aaaaaaaa", "20240201T000000Z-bbbbbbbb", "20240201T090000Z-cccccccc"]


def row(number: int, **said: Any) -> dict[str, Any]:
    return {
        "entry_id": f"ce-{number}", "kind": "event", "title": f"Open day {number}", "url": "https://www.example.org/",
        "date_inferred": False, "is_ongoing": False, "cities": [], "city_ids": [], "countries": [], "is_online": False,
        "topics": [], "first_seen_at": SEEN, "last_seen_at": SEEN, "source_count": 1,
    } | said  # fmt: skip


def raw(number: int, **said: Any) -> dict[str, Any]:
    return {
        "entry_id": f"ce-{number}", "raw_entry_id": f"raw-{number}", "source": "listing",
        "page_url": "https://a.example.org/", "captured_at": SEEN, "capture_file": "pages.warc.gz",
        "capture_offset": number,
    } | said  # fmt: skip


ROWS = [
    row(1, start_date=date(2024, 5, 3), end_date=date(2024, 5, 5), cities=["Lyon"], city_ids=["fr-lyon"],
        countries=["FR"], start_time=time(9, 30), start_at=datetime(2024, 5, 3, 7, 30, tzinfo=UTC),
        language="fr", topics=["sport"]),
    row(2, kind="practice", start_date=date(2019, 1, 1), is_ongoing=True, countries=["ES", "FR"],
        sections='{"purpose": "To meet"}', summary="Against RUMOURS in the street", relevance=0.5),
    row(3, kind="news", title="It's a day; drop table entries"),
    row(4, start_date=date(1066, 10, 14), end_date=date(1066, 10, 14)),
]  # fmt: skip
REDIRECTS = [
    ("old", "older", "merged"), ("older", "ce-1", "merged"),
    ("torn", "ce-1", "split"), ("torn", "ce-2", "split"),
    ("round", "about", "merged"), ("about", "round", "merged"),
    ("ce-3", "ce-1", "split"),
]  # fmt: skip
TABLES: list[tuple[Table, list[dict[str, Any]]]] = [
    (ENTRIES, ROWS),
    (ENTRY_SOURCES, [raw(1), raw(5, entry_id="ce-1", source="meetings"), raw(2), raw(3), raw(4)]),
    (ENTRY_LINKS, [{"entry_id": "ce-1", "url": "https://www.example.org/a.pdf", "role": "document"}]),
    (ENTRY_REDIRECTS, [{"entry_id": a, "target_id": b, "reason": why, "since": SEEN} for a, b, why in REDIRECTS]),
    (LEFT_OUT, [{"entry_id": "ce-9", "source": "listing", "url": "https://a.example.org/", "relevance": 0.1,
                 "reason": "a fair"}]),
]  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases with the same rows; the last is the latest."""
    data = DataFolder(tmp_path_factory.mktemp("data"))
    for name in NAMES:
        build_database(data.releases / name / "cityharvest.duckdb", {t.name: t.to_arrow(t.frame(r)) for t, r in TABLES})
    data.latest.symlink_to(f"releases/{NAMES[-1]}")
    return data.root


@pytest.fixture
def con(root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_release(root) as con:
        yield con


def ids(found: pd.DataFrame) -> list[str]:
    return list(found.entry_id)


def test_frames_have_the_types_of_the_declarations(con: duckdb.DuckDBPyConnection) -> None:
    found = entries(con)
    assert list(found.columns) == ENTRIES.names
    of = {c.name: c.type for c in ENTRIES.columns}
    want = {
        "VARCHAR": "str", "JSON": "str", "BOOLEAN": "boolean", "INTEGER": "Int64", "DOUBLE": "Float64",
        "DATE": "datetime64[s]", "TIMESTAMPTZ": "datetime64[us, UTC]", "TIME": "object", "VARCHAR[]": "object",
    }  # fmt: skip
    assert {name: str(kind) for name, kind in found.dtypes.items()} == {name: want[kind] for name, kind in of.items()}


def test_values_are_what_was_stored_and_missing_is_missing(con: duckdb.DuckDBPyConnection) -> None:
    found = entries(con).set_index("entry_id")
    assert found.start_date["ce-4"] == pd.Timestamp(1066, 10, 14)
    assert found.start_date["ce-1"] == pd.Timestamp(2024, 5, 3) and found.start_date["ce-3"] is pd.NaT
    assert found.start_time["ce-1"] == time(9, 30) and found.start_time["ce-3"] is None
    assert found.start_at["ce-1"] == pd.Timestamp("2024-05-03T07:30Z")
    assert found.countries["ce-2"] == ["ES", "FR"] and found.countries["ce-3"] == []
    assert found.relevance["ce-2"] == 0.5 and found.relevance["ce-1"] is pd.NA
    assert pd.isna(found.language["ce-2"])


def test_an_answer_without_rows_keeps_its_types(con: duckdb.DuckDBPyConnection) -> None:
    none = entries(con, kind="call")
    assert len(none) == 0
    assert list(none.dtypes) == list(entries(con).dtypes)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["ce-4", "ce-2", "ce-1", "ce-3"]),
        ({"kind": "event"}, ["ce-4", "ce-1"]),
        ({"country": "FR"}, ["ce-2", "ce-1"]),
        ({"country": "FR", "kind": "event"}, ["ce-1"]),
        ({"city": "fr-lyon"}, ["ce-1"]),
        ({"city": "LYON"}, ["ce-1"]),
        ({"topic": "sport"}, ["ce-1"]),
        ({"language": "fr"}, ["ce-1"]),
        ({"source": "meetings"}, ["ce-1"]),
        ({"text": "rumours"}, ["ce-2"]),
        ({"text": "it's a DAY; drop table"}, ["ce-3"]),
        ({"text": "' or true --"}, []),
        ({"since": "2024-05-05"}, ["ce-2", "ce-1"]),
        ({"since": date(2024, 5, 6)}, ["ce-2"]),
        ({"until": "2024-05-02"}, ["ce-4", "ce-2"]),
        ({"since": "2024-05-04", "until": "2024-05-04", "kind": "event"}, ["ce-1"]),
    ],
    ids=str,
)
def test_entries_that_meet_all_conditions(
    con: duckdb.DuckDBPyConnection, asked: dict[str, Any], found: list[str]
) -> None:
    assert ids(entries(con, **asked)) == found


def test_columns_may_be_chosen_and_unknown_ones_are_refused(con: duckdb.DuckDBPyConnection) -> None:
    assert list(entries(con, columns=["title", "entry_id"]).columns) == ["title", "entry_id"]
    with pytest.raises(ValueError, match='entries has no column mayor"; drop'):
        entries(con, columns=['mayor"; drop table entries'])


def test_frame_takes_values_as_parameters(con: duckdb.DuckDBPyConnection) -> None:
    sql = "select count(*) as n, sum(source_count) as told from entries where kind = "
    assert frame(con, sql + "$kind", {"kind": "event"}).to_dict("list") == {"n": [2], "told": [2]}
    assert frame(con, sql + "?", ["news"]).n[0] == 1
    assert list(frame(con, "select 1 as a, 'x' as a").columns) == ["a", "a"]
    with pytest.raises(ValueError, match="no statement"):
        frame(con, " -- nothing")


def test_one_entry_with_its_sources_and_links(con: duckdb.DuckDBPyConnection) -> None:
    one = entry(con, "ce-1")
    assert (one.entry_id, one.asked, one["title"]) == ("ce-1", "ce-1", "Open day 1")
    assert one["cities"] == ["Lyon"] and one["start_date"] == date(2024, 5, 3)
    assert list(one.sources.source) == ["listing", "meetings"]
    assert list(one.links.url) == ["https://www.example.org/a.pdf"]
    assert len(one.versions) == 0
    assert entry(con, "ce-2")["sections"] == {"purpose": "To meet"}


def test_the_id_of_a_merged_entry_leads_on(con: duckdb.DuckDBPyConnection) -> None:
    one = entry(con, "old")
    assert (one.entry_id, one.asked) == ("ce-1", "old")


def test_an_entry_that_is_there_is_itself_although_a_part_of_it_went(con: duckdb.DuckDBPyConnection) -> None:
    assert entry(con, "ce-3").entry_id == "ce-3"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("torn", "torn was split into ce-1, ce-2"),
        ("round", "no entry round"),
        ("ce-9", "left out of the entries: a fair"),
        ("' or true --", "no entry ' or true --"),
    ],
)
def test_an_id_that_leads_nowhere_says_what_became_of_it(con: duckdb.DuckDBPyConnection, asked: str, told: str) -> None:
    with pytest.raises(NoEntry, match=told):
        entry(con, asked)


def test_a_reader_is_told_of_a_newer_release(root: Path, con: duckdb.DuckDBPyConnection) -> None:
    assert opened_release(con).name == NAMES[2]
    assert newer_release(con) is None
    assert newer_release(NAMES[0], root) == NAMES[2]
    assert newer_release(NAMES[2], str(root)) is None


def test_a_reader_is_told_of_the_release_to_which_people_set_latest_back(
    root: Path, con: duckdb.DuckDBPyConnection
) -> None:
    """`latest.json` still names the newer one, which `open_release` does not open any more."""
    data = DataFolder(root)
    was = data.latest.readlink()
    try:
        data.latest_json.write_text(json.dumps({"release": NAMES[2]}), encoding="utf-8")
        data.latest.unlink()
        data.latest.symlink_to(f"releases/{NAMES[1]}")
        assert newer_release(con) == NAMES[1]
        with open_release(root) as reopened:
            assert opened_release(reopened).name == NAMES[1] and newer_release(reopened) is None
    finally:
        data.latest.unlink()
        data.latest.symlink_to(was)
        data.latest_json.unlink()


def test_without_any_release_nothing_is_newer(tmp_path: Path) -> None:
    assert newer_release(NAMES[0], tmp_path) is None


def test_a_connection_to_something_else_is_no_reader_of_a_release(tmp_path: Path) -> None:
    with connect() as memory, pytest.raises(NoRelease, match="not open on a release"):
        newer_release(memory)
    with connect(tmp_path / "own.duckdb") as other, pytest.raises(NoRelease):
        opened_release(other)


@pytest.mark.parametrize(
    ("word", "found"),
    [("latest", 2), ("previous", 1), (NAMES[0], 0), ("202401", 0), ("20240201T09", 2)],
)
def test_releases_are_found_by_word_name_and_beginning(root: Path, word: str, found: int) -> None:
    assert find_release(DataFolder(root), word).name == NAMES[found]


@pytest.mark.parametrize(
    ("word", "told"),
    [("202402", "2 releases begin with 202402"), ("202", "no release 202 "), ("2030", "no release 2030")],
)
def test_a_beginning_that_is_not_of_one_is_refused(root: Path, word: str, told: str) -> None:
    with pytest.raises(NoRelease, match=told):
        find_release(DataFolder(root), word)


def test_previous_is_what_the_latest_says_if_that_is_kept(root: Path) -> None:
    about = DataFolder(root).releases / NAMES[2] / "release.json"
    for said, found in ((NAMES[0], 0), ("20230101T000000Z-eeeeeeee", 1), (None, 1)):
        about.write_text(json.dumps({"previous": said}), encoding="utf-8")
        assert find_release(DataFolder(root), "previous").name == NAMES[found]
    about.unlink()


def test_folders_that_are_being_written_or_removed_are_no_releases(root: Path) -> None:
    (DataFolder(root).releases / ".staging-1").symlink_to(NAMES[0])
    try:
        assert release_names(DataFolder(root)) == NAMES
        with pytest.raises(NoRelease):
            open_release(root, ".staging-1")
    finally:
        (DataFolder(root).releases / ".staging-1").unlink()

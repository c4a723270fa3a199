"""The gate: each thing that must hold, broken once; and that a refusal leaves everything as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time, timedelta

import duckdb
import pytest
from publish_parts import NOW, Tables, build, entry, warehouse

from pipelines.publish.release import NothingCurated, Refused, Release, publish
from warehouse.layout import DataFolder


def entries(**said: object) -> Callable[[Tables], None]:
    """A change of the fourth entry."""
    return lambda tables: tables["entries"][3].update(said)


def first_row(table: str, **said: object) -> Callable[[Tables], None]:
    return lambda tables: tables[table][0].update(said)


REFUSED = [
    (lambda t: t["entries"].append(entry(1)), r"entries: 1 values of its key \(entry_id\)"),
    (lambda t: t["entries"].pop(), "entry_sources.entry_id: 1 value not in entries.entry_id"),
    (first_row("entry_sources", source="gone"), "entry_sources.source: 1 value not in sources.source"),
    (first_row("entry_versions", raw_entry_id="raw-gone"), "entry_versions.raw_entry_id"),
    (entries(city_ids=["fr-lyon", "xx-atlantis"]), "entries.city_ids: 1 values not in cities"),
    (entries(kind="party"), "entries.kind: 1 value none of practice"),
    (entries(date_precision="century"), "entries.date_precision"),
    (
        entries(start_date=date(1949, 1, 1)),
        "entries.start_date: 1 value outside of 1950 to 2100, the first at entry_id",
    ),
    (entries(end_date=date(2101, 1, 1)), "entries.end_date: 1 value outside"),
    (entries(end_date=date(2024, 5, 2)), "entries.end_date: 1 value before start_date"),
    (entries(last_seen_at=NOW - timedelta(days=900)), "entries.last_seen_at"),
    (entries(summary="A <b>bold</b> word"), "entries.summary: 1 value with markup"),
    (entries(title="Bread &amp; roses"), "entries.title: 1 value with markup"),
    (entries(sections='{"contact": "Ana, ana.b@town.example"}'), "entries.sections: 1 value with e-mail"),
    (entries(venue="Town hall, +33 1 23 45 67 89"), "entries.venue: 1 value with phone"),
    (first_row("entry_sources", title="Write to me@town.example"), "entry_sources.title: 1 value with e-mail"),
    (entries(url="javascript:alert(1)"), "entries.url: 1 value no web address"),
    (first_row("sources", last_run_outcome="splendid"), "sources.last_run_outcome"),
]


@pytest.mark.parametrize(("change", "says"), REFUSED, ids=[says[:40] for _, says in REFUSED])
def test_what_must_hold_is_held(data: DataFolder, change: Callable[[Tables], None], says: str) -> None:
    tables = warehouse()
    change(tables)
    build(data, tables)
    with pytest.raises(Refused, match=says):
        publish(data, [], NOW)
    assert not data.latest.exists() and list(data.releases.iterdir()) == []


HARMLESS = [
    first_row("entry_sources", title="<b>as displayed</b>"),
    entries(summary="It cost +1 000 000 more, 0.00123456789 of all"),
    entries(start_time=time(22), end_time=time(2)),
    entries(title="Call for tenders -> a tool < 3 & more", summary="From 2015-2020 / 2021-25, 1 000 000 people, 5 < 7"),
    entries(summary="Follow @town, 24/7, since 00 hours, in 2017 2018 2019 2020 2021", title="C++ and +3 degrees"),
    entries(start_date=None, end_date=None, date_precision=None, date_role=None, is_ongoing=True),
    entries(end_date=None),
]


@pytest.mark.parametrize("change", HARMLESS)
def test_what_only_looks_odd_passes(data: DataFolder, change: Callable[[Tables], None]) -> None:
    tables = warehouse()
    change(tables)
    build(data, tables)
    assert publish(data, [], NOW).counts["entries"] == 10


def test_all_problems_are_reported_at_once(data: DataFolder) -> None:
    tables = warehouse()
    tables["entries"][0]["kind"], tables["entries"][1]["end_date"] = "party", date(1900, 1, 1)
    build(data, tables)
    with pytest.raises(Refused) as caught:
        publish(data, [], NOW)
    assert len(caught.value.problems) >= 3 and "and 2 more" in str(caught.value)


def test_a_null_where_none_may_be_is_refused(data: DataFolder) -> None:
    build(data, warehouse())
    with duckdb.connect(str(data.build)) as con:
        con.execute("alter table entries alter column cities drop not null")
        con.execute("update entries set cities = null where entry_id = 'ce-000000000004'")
    with pytest.raises(
        Refused, match=r"entries.cities: 1 value null where none may be, the first at entry_id ce-000000000004"
    ):
        publish(data, [], NOW)


def test_a_table_that_lost_more_than_a_fifth_stops(data: DataFolder, first: Release) -> None:
    build(data, warehouse(7))
    with pytest.raises(Refused) as refused:
        publish(data, [], NOW)
    assert any("entries: 7 rows, the release before had 10" in problem for problem in refused.value.problems)
    assert data.latest.resolve() == first.folder.resolve()
    build(data, warehouse(8))
    assert publish(data, [], NOW).counts["entries"] == 8


def test_an_id_that_is_gone_without_a_redirect_warns(data: DataFolder, first: Release) -> None:
    moved = warehouse(8)
    moved["entry_redirects"] = [
        {"entry_id": f"ce-{10:012x}", "target_id": f"ce-{1:012x}", "reason": "merged", "since": NOW}
    ]
    build(data, moved)
    warnings = publish(data, [], NOW).warnings
    assert warnings == [f"entries: 1 ids of the release before are gone without a redirect, the first ce-{9:012x}"]


def test_force_accepts_a_drop_and_says_so(data: DataFolder, first: Release) -> None:
    build(data, warehouse(5))
    release = publish(data, [], NOW, force=True)
    assert any("entries: 5 rows" in warning for warning in release.warnings)
    issues = json.loads((release.folder / "issues.json").read_text(encoding="utf-8"))
    assert {issue["stage"] for issue in issues} == {"publish"}


def test_force_accepts_nothing_that_is_wrong_by_itself(data: DataFolder) -> None:
    tables = warehouse()
    tables["entries"][0]["kind"] = "party"
    build(data, tables)
    with pytest.raises(Refused):
        publish(data, [], NOW, force=True)


def test_a_table_that_more_than_doubled_warns(data: DataFolder) -> None:
    build(data, warehouse(100))
    publish(data, [], NOW)
    build(data, warehouse(201))
    assert any("more than doubled" in warning for warning in publish(data, [], NOW).warnings)


def older_schema(data: DataFolder, schema_version: str) -> None:
    """Make the latest release one that had a column more, under the schema version given."""
    folder = data.latest.resolve()
    for name in ("cityharvest.duckdb", "release.json"):
        (folder / name).chmod(0o644)
    with duckdb.connect(str(folder / "cityharvest.duckdb")) as con:
        con.execute("alter table cities add column mayor varchar")
    about = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    (folder / "release.json").write_text(json.dumps(about | {"schema_version": schema_version}), encoding="utf-8")


def test_a_column_that_is_gone_needs_a_new_major_version(data: DataFolder, first: Release) -> None:
    older_schema(data, "1.0")
    build(data, warehouse(11))
    with pytest.raises(Refused, match=r"cities.mayor: VARCHAR in the release before, is gone"):
        publish(data, [], NOW)
    older = data.latest.resolve() / "release.json"
    older.write_text(older.read_text(encoding="utf-8").replace('"1.0"', '"0.9"'), encoding="utf-8")
    assert publish(data, [], NOW).counts["entries"] == 11


def test_nothing_curated_says_what_to_do(data: DataFolder) -> None:
    with pytest.raises(NothingCurated, match="curate first"):
        publish(data, [], NOW)


def test_an_e_mail_address_among_the_issues_warns_and_is_not_repeated(built: DataFolder) -> None:
    row = {"stage": "curate", "source": "listing", "where": "", "what_to_do": ""}
    where = "https://www.example.org/feed?from=ana.b@example.org entry 'Open day'"
    assert publish(built, [row | {"where": where, "reason": "[e-mail removed]"}], NOW).warnings == []
    release = publish(built, [row | {"where": where, "reason": "no date: ask ana.b@example.org"}], NOW)
    assert release.warnings == ["issues.json: 1 rows with e-mail addresses, the first from curate of listing"]
    told = json.loads((release.folder / "issues.json").read_text(encoding="utf-8"))
    assert [issue["reason"] for issue in told][1:] == release.warnings


def test_a_release_of_nothing_is_refused(data: DataFolder) -> None:
    tables = warehouse(0)
    tables["entry_links"] = []
    build(data, tables)
    with pytest.raises(Refused, match="entries: not one row"):
        publish(data, [], NOW, force=True)
    assert not data.latest.exists()

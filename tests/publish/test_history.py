"""Two releases and more: what changed between them, in `changes.parquet`, the calendars and the feeds."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import feedparser
import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publish_parts import NOW, SEEN, Tables, build, entry, raw, version, warehouse

from pipelines import fingerprint as code
from pipelines.publish.facts import ReleaseFacts, sha256
from pipelines.publish.files.changes import write_changes
from pipelines.publish.files.feeds import MOST
from pipelines.publish.files.tables import write_files
from pipelines.publish.release import Refused, Release, publish
from warehouse.build import build_database, connect
from warehouse.layout import DataFolder
from warehouse.releases import DATABASE, DamagedRelease
from warehouse.tables import ENTRIES, ENTRY_SOURCES, RELEASE_TABLES

LATER = SEEN + timedelta(days=7)


def uid(number: int) -> str:
    return f"ce-{number:012x}"


def changes(folder: Path) -> list[dict[str, Any]]:
    columns = ("entry_id", "change", "column", "old", "new", "release", "reason", "target_id")
    with duckdb.connect() as con:
        rows = con.read_parquet(str(folder / "changes.parquet")).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def calendar(release: Release) -> dict[str, icalendar.Event]:
    whole = icalendar.Calendar.from_ical((release.folder / "events.ics").read_bytes())
    return {str(event["UID"]).partition("@")[0]: event for event in whole.events}


def without(tables: Tables, number: int) -> Tables:
    """The rows without one entry."""
    kept = {name: [row for row in rows if row.get("entry_id") != uid(number)] for name, rows in tables.items()}
    return kept | {"entry_redirects": tables["entry_redirects"]}


def second(data: DataFolder, tables: Tables, days: int = 1) -> Release:
    build(data, tables)
    return publish(data, [], NOW + timedelta(days=days))


def moved() -> Tables:
    """Entry 5 is on another day, 6 is gone into 7, 11 is new; all were seen again."""
    tables = without(warehouse(11), 6)
    for row in tables["entries"]:
        row["last_seen_at"] = LATER
    tables["entries"][4] |= {"start_date": date(2024, 5, 10), "end_date": date(2024, 5, 10), "date_raw": "10 May 2024"}
    tables["entry_redirects"] = [
        {"entry_id": uid(6), "target_id": uid(7), "reason": "merged", "since": LATER},
    ]
    return tables


def test_a_first_release_adds_everything(data: DataFolder, first: Release) -> None:
    rows = changes(first.folder)
    assert [(row["change"], row["column"], row["old"], row["reason"]) for row in rows] == [
        ("ADD", None, None, None)
    ] * 10
    assert json.loads(rows[0]["new"])["entry_id"] == rows[0]["entry_id"] == uid(1)


def test_what_changed_is_told_with_old_and_new_values(data: DataFolder, first: Release) -> None:
    release = second(data, moved())
    rows = {(row["entry_id"], row["change"], row["column"]): row for row in changes(release.folder)}
    assert set(rows) == {
        (uid(5), "MOD", "date_raw"), (uid(5), "MOD", "start_date"), (uid(5), "MOD", "end_date"),
        (uid(6), "DEL", None), (uid(11), "ADD", None),
    }  # fmt: skip
    day = rows[uid(5), "MOD", "start_date"]
    assert (day["old"], day["new"], day["reason"]) == ("2024-05-03", "2024-05-10", None)
    gone = rows[uid(6), "DEL", None]
    assert (gone["reason"], gone["target_id"], gone["new"]) == ("merged", uid(7), None)
    assert json.loads(gone["old"])["title"] == "Open day 6"
    assert {row["release"] for row in rows.values()} == {release.name}


def test_a_merge_by_people_is_an_override(data: DataFolder, first: Release) -> None:
    tables = moved()
    tables["entry_sources"].append(raw(6, entry_id=uid(7), match_reason="decided by people", match_score=1.0))
    assert {row["reason"] for row in changes(second(data, tables).folder) if row["change"] == "DEL"} == {"override"}


def test_what_is_about_something_else_is_gone_by_relevance(data: DataFolder, first: Release) -> None:
    tables = without(warehouse(), 6)
    about = {"url": "https://www.example.org/a", "relevance": 0.1, "reason": "relevance 0.10 is below 0.40"}
    tables["left_out"] = [{"entry_id": uid(6), "source": "listing", "title": "Open day 6"} | about]
    release = second(data, tables)
    assert [row["reason"] for row in changes(release.folder)] == ["relevance"] and release.warnings == []


def test_what_is_lost_says_so_and_warns(data: DataFolder, first: Release) -> None:
    release = second(data, without(warehouse(), 6))
    assert [(row["change"], row["reason"]) for row in changes(release.folder)] == [("DEL", "lost")]
    assert any("gone without a redirect" in warning for warning in release.warnings)


def test_sequence_counts_what_changed_and_nothing_else(data: DataFolder, first: Release) -> None:
    before = calendar(first)
    later = calendar(second(data, moved()))
    assert (before[uid(5)]["SEQUENCE"], later[uid(5)]["SEQUENCE"]) == (0, 1)
    assert LATER.replace(microsecond=0) == later[uid(5)].DTSTAMP
    assert before[uid(4)].to_ical() == later[uid(4)].to_ical()  # seen again, unchanged: the same bytes
    assert uid(6) not in later and later[uid(11)]["SEQUENCE"] == 0


def test_sequence_goes_on_when_an_event_comes_back(data: DataFolder, first: Release) -> None:
    second(data, moved())
    away = without(moved(), 5)
    assert uid(5) not in calendar(second(data, away, 2))
    again = calendar(second(data, moved(), 3))
    assert again[uid(5)]["SEQUENCE"] == 1
    tables = moved()
    tables["entries"][4]["status"] = "cancelled"
    cancelled = calendar(second(data, tables, 4))[uid(5)]
    assert (cancelled["SEQUENCE"], cancelled["STATUS"]) == (2, "CANCELLED")


def test_the_feeds_tell_the_newest_first_and_keep_the_earlier(data: DataFolder, first: Release) -> None:
    release = second(data, moved())
    atom = feedparser.parse((release.folder / "changes.atom").read_bytes())
    assert not atom.bozo
    titles = [item.title for item in atom.entries]
    assert titles[:3] == ["Hidden: Open day 6", "Changed: Open day 5", "Added: Open day 11"]
    assert len(titles) == 13 and atom.entries[3].id.startswith(f"tag:cityharvest,2024:{first.name}/")
    assert "start_date: 2024-05-03 → 2024-05-10" in atom.entries[1].content[0].value
    assert atom.entries[0].content[0].value == f"It was merged into {uid(7)}."
    feed = json.loads((release.folder / "changes.json").read_text(encoding="utf-8"))
    assert [(i["id"], i["title"]) for i in feed["items"]] == [(item.id, item.title) for item in atom.entries]


def test_a_moment_of_looking_is_no_change(data: DataFolder, first: Release) -> None:
    tables = warehouse()
    for row in tables["entries"]:
        row["last_seen_at"] = LATER
    release = second(data, tables)
    assert not release.unchanged and changes(release.folder) == []


def test_feeds_are_bounded_and_say_what_they_leave_out(data: DataFolder) -> None:
    build(data, warehouse(MOST + 50))
    release = publish(data, [], NOW)
    items = json.loads((release.folder / "changes.json").read_text(encoding="utf-8"))["items"]
    assert len(items) == MOST and items[0]["title"] == f"{MOST + 50} entries were added, changed or hidden"
    later = second(data, moved_of(MOST + 50))
    items = json.loads((later.folder / "changes.json").read_text(encoding="utf-8"))["items"]
    assert len(items) == MOST and items[0]["title"] == "Changed: Open day 5"


def moved_of(entries: int) -> Tables:
    tables = warehouse(entries)
    tables["entries"][4]["venue"] = "Town hall"
    return tables


def test_what_was_withdrawn_is_not_published_again(data: DataFolder) -> None:
    """Spelt so that no pattern finds it, the number was published once; a better reader takes it out."""
    secret, kept = "nought one one three", "An open day"
    said = [
        {"summary": f"Ask the desk: {secret}; or [e-mail removed]", "subtitle": kept},
        {"summary": "Ask the desk: [phone removed]; or [e-mail removed]", "subtitle": "Open days"},
        {"title": "Open days"},
    ]
    tables, shown = warehouse(), []
    for days, more in enumerate(said):
        tables["entries"][4] |= more
        release = second(data, tables, days)
        files = [path for path in sorted(release.folder.rglob("*")) if path.is_file()]
        with duckdb.connect() as con:
            old = con.read_parquet(str(release.folder / "changes.parquet")).fetchall()
        shown.append(
            [p.name for p in files if secret.encode() in p.read_bytes()] + [r for r in old if secret in str(r)]
        )
        if days == 1:
            rows = {row["column"]: row for row in changes(release.folder)}
            feed = json.loads((release.folder / "changes.json").read_text(encoding="utf-8"))["items"]
    assert shown[0] and shown[1:] == [[], []]
    assert (rows["summary"]["old"], rows["summary"]["new"]) == (None, said[1]["summary"])
    assert rows["subtitle"]["old"] == kept
    of_fifth = [item for item in feed if item["_cityharvest"]["entry_id"] == uid(5)]
    assert len(feed) == 10 and [item["title"] for item in of_fifth] == ["Changed: Open day 5"]
    assert f"summary: {said[1]['summary']}" in of_fifth[0]["content_text"].splitlines()


@pytest.mark.parametrize("file", ["entries.parquet", "calendar.parquet", "changes.json"])
def test_a_damaged_record_of_the_release_before_is_one_clear_error(data: DataFolder, first: Release, file: str) -> None:
    path = first.folder / file
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DamagedRelease, match=f"{file} is not what was published.*restore it from a copy"):
        second(data, moved())
    assert data.latest.resolve() == first.folder.resolve()


def test_a_release_before_that_had_no_such_files_is_no_hindrance(data: DataFolder, first: Release) -> None:
    """Releases of older code hold the tables only: everything that needs a record begins anew."""
    about = json.loads((first.folder / "release.json").read_text(encoding="utf-8"))
    about["files"] = {name: file for name, file in about["files"].items() if name.startswith("entr")}
    (first.folder / "release.json").chmod(0o644)
    (first.folder / "release.json").write_text(json.dumps(about), encoding="utf-8")
    release = second(data, moved())
    assert calendar(release)[uid(5)]["SEQUENCE"] == 0 and len(changes(release.folder)) == 5


def test_newer_code_publishes_the_same_content_again(
    data: DataFolder, first: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publish(data, [], NOW + timedelta(days=1)).unchanged
    monkeypatch.setattr("pipelines.publish.release.fingerprint", lambda *_: "newer")
    again = publish(data, [], NOW + timedelta(days=2))
    assert not again.unchanged and again.content_hash == first.content_hash and changes(again.folder) == []


@pytest.mark.parametrize("room", ["pipelines.publish", "pipelines.reference", "warehouse"])
def test_newer_code_of_any_room_that_makes_files_counts(
    data: DataFolder, first: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    """Outlines of the map, the city register and the views stand in other rooms than publishing."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "vocabulary.yaml").write_text("a: 1\n", encoding="utf-8")
    folders = code._folders
    more = [tmp_path / "more"]
    monkeypatch.setattr(code, "_folders", lambda package: folders(package) + (more if package == room else []))
    code.fingerprint.cache_clear()
    try:
        assert not publish(data, [], NOW + timedelta(days=1)).unchanged
        assert publish(data, [], NOW + timedelta(days=2)).unchanged
    finally:
        code.fingerprint.cache_clear()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CITYHARVEST_LICENCE", "CC0-1.0"),
        ("CITYHARVEST_PUBLISHER", "Harvest Office"),
        ("CITYHARVEST_PUBLISHER_CONTACT", "desk@example.org"),
        ("CITYHARVEST_BASE_URL", "https://data.example.org/latest"),
    ],
)
def test_other_settings_publish_the_same_content_again(
    data: DataFolder, first: Release, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    again = publish(data, [], NOW + timedelta(days=1))
    assert not again.unchanged and again.content_hash == first.content_hash
    assert publish(data, [], NOW + timedelta(days=2)).unchanged


@pytest.mark.parametrize("said", ["data.example.org/latest", "javascript:alert(1)", "https://", "https://a b/"])
def test_an_address_of_its_own_that_is_none_is_refused(
    built: DataFolder, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("CITYHARVEST_BASE_URL", said)
    with pytest.raises(Refused, match=r"CITYHARVEST_BASE_URL is .* no web address"):
        publish(built, [], NOW)


# Applying the changes to the release before gives this one: so they are all that changed, and right.

CON = connect()
CELLS = {
    "title": st.sampled_from(["A walk", "A talk", None, "", "null", '"quoted"', "a\nb"]),
    "start_date": st.sampled_from([date(2024, 5, 3), None]),
    "start_time": st.sampled_from([time(18, 30), time(18, 30, 1), None]),
    "start_at": st.sampled_from([datetime(2024, 5, 3, 9, tzinfo=UTC), datetime(2024, 5, 3, 9, 0, 1, 5, UTC), None]),
    "cities": st.sampled_from([[], ["Lyon"], ["Lyon", 'L"y,on'], ["null"], [""]]),
    "sections": st.sampled_from([None, '{"purpose": "To show"}', '{"purpose": "[1]"}']),
    "is_online": st.booleans(),
    "relevance": st.sampled_from([None, 0.1, 1 / 3, 1e-9]),
    "source_count": st.integers(1, 3),
}
ROWS = st.dictionaries(st.integers(1, 6), st.fixed_dictionaries(CELLS), min_size=1)


def rows_of(said: dict[int, dict[str, Any]]) -> Tables:
    tables = warehouse(0) | {"entry_links": []}
    tables["entries"] = [entry(number, **(cells | {"end_date": None})) for number, cells in sorted(said.items())]
    tables["entry_sources"] = [raw(number) for number in sorted(said)]
    tables["entry_versions"] = [version(number) for number in sorted(said)]
    return tables


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=ROWS, after=ROWS)
def test_changes_lead_from_one_release_to_the_next(
    tmp_path_factory: pytest.TempPathFactory, before: dict[int, dict[str, Any]], after: dict[int, dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("releases")
    first, then = (staged(folder / name, rows_of(said)) for name, said in (("a", before), ("b", after)))
    about = {name: {"sha256": sha256(first / name)} for name in ("entries.parquet", "entry_sources.parquet")}
    (first / "release.json").write_text(json.dumps({"files": about}), encoding="utf-8")
    with connect(then / DATABASE, read_only=True) as con:
        write_changes(con, then, ReleaseFacts("b", NOW, "", [], {}, first))
    assert applied(entries(first), changes(then)) == entries(then)


def staged(folder: Path, tables: Tables) -> Path:
    """A release as far as its database and Parquet files."""
    build_database(folder / DATABASE, {t.name: t.to_arrow(t.frame(tables[t.name])) for t in RELEASE_TABLES})
    with connect(folder / DATABASE, read_only=True) as con:
        for table in (ENTRIES, ENTRY_SOURCES):
            write_files(con, table, folder)
    return folder


def entries(folder: Path) -> dict[str, dict[str, Any]]:
    with connect(folder / DATABASE, read_only=True) as con:
        rows = con.execute("FROM entries SELECT * EXCLUDE last_seen_at").fetchall()
    names = [name for name in ENTRIES.names if name != "last_seen_at"]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return {row["entry_id"]: row | {"sections": json.loads(row["sections"] or "null")} for row in found}


def applied(rows: dict[str, dict[str, Any]], changed: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    rows = {entry_id: dict(row) for entry_id, row in rows.items()}
    for change in changed:
        entry_id = change["entry_id"]
        if change["change"] == "DEL":
            del rows[entry_id]
        elif change["change"] == "ADD":
            new = json.loads(change["new"])
            rows[entry_id] = {c.name: typed(c.type, new[c.name]) for c in ENTRIES.columns if c.name != "last_seen_at"}
        else:
            column = next(c for c in ENTRIES.columns if c.name == change["column"])
            rows[entry_id][column.name] = typed(column.type, change["new"])
    return rows


def typed(kind: str, text: Any) -> Any:
    """A value out of its text, as anybody's DuckDB has it."""
    if text is None:
        return None
    said = text if isinstance(text, str) else json.dumps(text)
    if kind == "JSON":
        return json.loads(said)
    value = "from_json(?, '[\"VARCHAR\"]')" if kind == "VARCHAR[]" else f"CAST(? AS {kind})"
    return CON.execute(f"SELECT {value}", [said]).fetchall()[0][0]

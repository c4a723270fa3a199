"""The chain on rows of ours: every column, dirty rows, and independence of rows; and a run through a real lake."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.refine.chain import refine, steps
from pipelines.refine.runs import refine_run, refiner_fingerprint
from warehouse.lake import read_table, table_metadata, write_table
from warehouse.layout import DataFolder
from warehouse.tables import RAW_ENTRIES, REFINED_ENTRIES

AT = datetime(2020, 9, 1, 8, 0, tzinfo=UTC)
MEETING = {
    "title": "Webinar on good neighbours",
    "summary": "On 7 July the river cities will hold a talk about what neighbours can do for each other...",
    "date_raw": "7 July 2020 at 11.00-12.30 CET",
    "place_raw": "Online",
    "page_kind": "news",
}
PRACTICE = {
    "title": "The neighbours’ kitchen",
    "summary": "A kitchen where people who live on the same street cook for each other once a month.",
    "date_raw": "Since 2019",
    "place_raw": "United Kingdom Leeds",
    "page_kind": "practice",
}
CALL = {
    "title": "Call for tenders: a tool to draw online maps",
    "surtitle": "Deadline for applications: 20 February 2021",
    "summary": "The network looks for someone who draws maps and keeps them up to date.",
    "page_kind": "news",
}


def raw(*entries: dict[str, Any]) -> pd.DataFrame:
    """Rows of `raw_entries` with the columns that every row has."""
    rows = []
    for n, entry in enumerate(entries):
        row = {
            "raw_entry_id": f"raw-{n:016d}",
            "source": "rivers",
            "run_id": "run-1",
            "page_key": "www.city.example/en/news",
            "ordinal": n,
            "content_hash": f"{n:064d}",
            "page_url": "https://www.city.example/en/news",
            "url": f"https://www.city.example/en/news/{n}",
            "captured_at": AT,
            "capture_file": "captures/rivers/run-1/pages.warc.gz",
            "capture_offset": 0,
            "reader": "listing",
            "issues": [],
        }
        rows.append(row | entry)
    return RAW_ENTRIES.frame(rows)


def one(entry: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The refined row of one raw entry."""
    row: dict[str, Any] = refine(raw(entry), **more).to_dict("records")[0]
    return row


def test_an_event() -> None:
    row = one(MEETING, languages=["en", "fr"])
    assert (row["kind"], row["date_role"], row["is_online"], row["language"]) == ("event", "event", True, "en")
    assert (row["start_date"], row["start_time"], row["end_time"]) == (date(2020, 7, 7), time(11), time(12, 30))
    assert row["date_raw"] == MEETING["date_raw"] and row["date_precision"] == "time"
    assert (row["timezone"], row["timezone_raw"]) == ("Europe/Paris", "CET")
    assert row["start_at"] == datetime(2020, 7, 7, 9, 0, tzinfo=UTC)
    assert (row["topics"], row["relevance"], row["issues"], row["status"]) == ([], 0.0, [], None)


def test_a_practice() -> None:
    row = one(PRACTICE)
    assert (row["kind"], row["date_role"], row["is_ongoing"]) == ("practice", "period", True)
    assert (row["start_date"], row["end_date"]) == (date(2019, 1, 1), None)
    assert (row["cities"], row["countries"], row["is_online"]) == (["Leeds"], ["GB"], False)


def test_a_call_takes_its_date_from_the_line_above() -> None:
    row = one(CALL)
    assert (row["kind"], row["date_role"], row["start_date"]) == ("call", "deadline", date(2021, 2, 20))
    assert row["date_raw"] == CALL["surtitle"]
    assert row["is_online"] is False
    dated = one(CALL | {"date_raw": "3 January 2021"})
    assert (dated["start_date"], dated["date_raw"]) == (date(2021, 2, 20), CALL["surtitle"])


def test_a_line_above_that_is_no_deadline_is_no_date() -> None:
    row = one(CALL | {"title": "Neighbours", "surtitle": "News of 3 May 2020"})
    assert (row["start_date"], row["date_raw"], row["date_role"]) == (None, None, None)


def test_no_date_is_mined_from_the_teaser() -> None:
    row = one({"title": "Neighbours meet", "summary": "On 5 May 2020 they met in Leeds.", "page_kind": "news"})
    assert (row["start_date"], row["date_raw"], row["date_role"], row["cities"]) == (None, None, None, [])
    assert row["is_ongoing"] is False and row["date_inferred"] is False


def test_ongoing_without_a_date_has_no_role() -> None:
    row = one(PRACTICE | {"date_raw": "ongoing"})
    assert (row["is_ongoing"], row["start_date"], row["date_role"]) == (True, None, None)


def test_a_zone_from_the_country_says_so() -> None:
    row = one({"title": "Workshop on good neighbours", "date_raw": "28 June 2017, 1 p.m.", "place_raw": "Strasbourg"})
    assert (row["timezone"], row["timezone_raw"]) == ("Europe/Paris", None)
    assert row["start_at"] == datetime(2017, 6, 28, 11, 0, tzinfo=UTC)
    assert row["date_reason"].endswith("zone of the country FR")


def test_the_marker_and_the_declared_language() -> None:
    row = one({"title": "(anglais seulement) Kitchen", "page_kind": "news"}, languages=["fr"])
    assert (row["title"], row["language"], row["language_confidence"]) == ("Kitchen", "en", None)
    assert row["raw_title"] == "(anglais seulement) Kitchen"
    assert one(PRACTICE | {"language_declared": "fr-FR"})["language"] == "en"
    assert one({"title": "Kitchen", "language_declared": "??"})["language"] is None


def test_personal_data_are_in_no_column() -> None:
    told = "Ask Rosa, rosa@city.example or Tel. 22 797 797."
    row = one(
        PRACTICE
        | {
            "title": f"Kitchen. {told}",
            "surtitle": told,
            "subtitle": told,
            "summary": told,
            "place_raw": f"Leeds, {told}",
            "date_raw": f"2019 ({told})",
            "date_context": told,
            "status": told,
            "sections": json.dumps({"contact": told, "purpose": "To cook."}),
            "links": json.dumps([{"url": "mailto:rosa@city.example", "label": told, "role": "related"}]),
        }
    )
    everything = json.dumps(row, default=str)
    assert "rosa@" not in everything and "797" not in everything
    assert json.loads(row["sections"])["contact"] == "Ask Rosa, [e-mail removed] or Tel. [phone removed]."
    assert row["links"] is None


def test_lost_letters_are_kept_and_flagged() -> None:
    row = one(PRACTICE | {"summary": "Bo?ena ?uri? cooks.", "issues": ["the page is cut off"]})
    assert row["summary"] == "Bo?ena ?uri? cooks."
    assert row["issues"] == ["the page is cut off", "summary: letters lost at the source"]


@pytest.mark.parametrize(
    "dirt",
    [
        {},
        {"title": None, "summary": None},
        {"title": "\x00\ud800", "summary": "\ufffe", "date_raw": "\ud800", "place_raw": "\x00"},
        {"title": "x" * 20_000, "date_raw": "31 February 2020", "place_raw": "?" * 5_000},
        {"sections": "{broken", "links": '{"not": "a list"}'},
        {"sections": {"purpose": None, "impact": 5}, "links": [{"url": None}]},
        {"date_raw": "date tbc", "place_raw": "N/A", "status": "maybe"},
        {"date_raw": "99999999999 May 99999999", "surtitle": "Deadline: never"},
    ],
)
def test_dirty_rows_never_raise(dirt: dict[str, Any], tmp_path: Path) -> None:
    refined = refine(raw(dirt, PRACTICE))
    assert refined["title"].tolist()[1] == PRACTICE["title"]
    write_table(DataFolder(tmp_path), REFINED_ENTRIES, "rivers", "run-1", refined)
    assert len(read_table(DataFolder(tmp_path), REFINED_ENTRIES)) == 2


def test_rows_do_not_depend_on_each_other() -> None:
    entries = [MEETING, PRACTICE, CALL, {}, {"title": "Kitchen"}]
    together = refine(raw(*entries), languages=["en", "fr"]).drop(columns=["raw_entry_id", "ordinal", "url"])
    alone = [
        refine(raw(entry), languages=["en", "fr"]).drop(columns=["raw_entry_id", "ordinal", "url"]) for entry in entries
    ]
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True))


def test_steps_are_pure() -> None:
    given = raw(MEETING, CALL)
    before = given.copy(deep=True)
    for step in steps():
        frame = given.copy(deep=True)
        kept = frame.copy(deep=True)
        given = step(frame)
        pd.testing.assert_frame_equal(frame, kept)
    pd.testing.assert_frame_equal(raw(MEETING, CALL), before)


def test_nothing_in_nothing_out() -> None:
    assert refine(raw()).columns.tolist() == REFINED_ENTRIES.names
    assert len(refine(raw())) == 0


def test_a_run_of_the_lake(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    rows = raw(
        MEETING, PRACTICE | {"summary": "Bo?ena cooks for all who live here.", "issues": ["the page is cut off"]}
    )
    write_table(data, RAW_ENTRIES, "rivers", "run-1", rows)
    report = refine_run(data, "rivers", "run-1", countries=["GB"], languages=["en"])
    assert (report.entries, report.kinds) == (2, {"event": 1, "practice": 1})
    assert (report.fields["start_date"], report.fields["cities"]) == (2, 1)
    assert [(issue["reason"], issue["stage"], issue["source"]) for issue in report.issues] == [
        ("summary: letters lost at the source", "refine", "rivers")
    ]
    path = data.lake("refined_entries", "rivers", "run-1")
    assert table_metadata(path)["refiner"] == refiner_fingerprint()
    assert read_table(data, REFINED_ENTRIES)["start_at"].tolist()[0] == datetime(2020, 7, 7, 9, 0, tzinfo=UTC)
    first = path.read_bytes()
    refine_run(data, "rivers", "run-1", countries=["GB"], languages=["en"])
    assert path.read_bytes() == first


def test_the_title_as_displayed_holds_nothing_that_a_terminal_obeys() -> None:
    row = one({"title": "Red \x1b[31malert\x07\x9b2J\x00 \ud800\nsecond line", "page_kind": "news"})
    assert row["raw_title"] == "Red \ufffd[31malert\ufffd\ufffd2J\ufffd \ufffd\nsecond line"

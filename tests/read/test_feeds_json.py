"""JSON of APIs: paths, field maps, columns, paging, and what is wrong in hints."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read import Link, PageReading, read_page
from pipelines.read.feeds.paths import PathError, find, path_of, where_it_breaks

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://api.lyriac.example/v1/events"


def read(value: Any, strategy: str | None = "json_api", at: str = URL, **hints: Any) -> PageReading:
    return read_page(at, json.dumps(value).encode(), "application/json", WHEN, strategy, hints)


VALUE = {"a": {"b": [{"c": 1}, {"c": 2}, {}]}, "t_fr": "oui", "t_en": "yes", "t_xx_long": "no", "list": [[1], [2]]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [VALUE]),
        ("a.b[].c", [1, 2]),
        ("a.b[1].c", [2]),
        ("a.b[-3].c", [1]),
        ("a.b[9]", []),
        ("a.b.c", []),
        ("list[][]", [1, 2]),
        ("list[][0]", [1, 2]),
        ("t_{lang}", ["yes"]),
        ("x.y", []),
    ],
)
def test_paths(text: str, found: list[Any]) -> None:
    assert find(VALUE, path_of(text), ["de", "en"]) == found


@pytest.mark.parametrize(
    "text", [".", "a.", ".a", "a..b", "a[", "a[x]", "a]", "a.[0]", "[0]a", "a" * 301, ".".join("a" * 30), "a[1234567]"]
)
def test_texts_that_are_no_paths(text: str) -> None:
    with pytest.raises(PathError):
        path_of(text)


def test_a_path_that_breaks_says_what_is_there() -> None:
    assert where_it_breaks(VALUE, path_of("a.x.y")) == "in a are: b"
    assert where_it_breaks(VALUE, path_of("a.b.c")) == "in a.b is a list of 3"
    assert where_it_breaks(VALUE, path_of("t_fr.x")) == "in t_fr is no object and no list"
    assert where_it_breaks({}, path_of("a")) == "there are: no keys"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab.[]0-{lang}", max_size=12))
def test_any_text_is_a_path_or_is_refused(text: str) -> None:
    try:
        find(VALUE, path_of(text), ["en"])
    except PathError:
        assert text


def test_a_map_may_name_several_paths_and_the_first_that_leads_somewhere_counts() -> None:
    rows = [{"t": {"rendered": "One"}}, {"name": "Two", "t": None}, {"t": ["", "Three"]}]
    reading = read({"rows": rows}, items=["data", "rows"], title=["t", "name"])
    assert [entry["title"] for entry in reading.entries] == ["One", "Two", "Three"]


def test_wrong_hints_are_told_and_the_rest_is_read() -> None:
    reading = read(
        {"rows": [{"t": "One", "d": "2026-05-01"}]},
        items="rows",
        title="t",
        start="d",
        place=7,
        url="x[",
        next={"param": "page", "code": "1"},
        summary=["nowhere"],
    )
    assert [(entry["title"], entry["date_raw"]) for entry in reading.entries] == [("One", "2026-05-01")]
    told = [issue.reason for issue in reading.issues]
    assert any(reason.startswith("hint `place`: a path is a text") for reason in told)
    assert any(reason.startswith("hint `url`: path 'x['") for reason in told)
    assert any(reason.startswith("hint `next`: paging has") for reason in told)
    assert any(
        reason.startswith("path 'nowhere' of `summary` found nothing in 1 entries; there are: t, d") for reason in told
    )


def test_without_a_title_there_is_no_map() -> None:
    assert read({"rows": []}, items="rows").issues[0].reason == "hint `title` is missing: the path of an entry's title"


def test_an_empty_list_is_an_answer_and_no_list_is_none() -> None:
    empty = read({"rows": []}, items="rows", title="t")
    assert [issue.reason for issue in empty.issues] == ["no entry found on the page"]
    none = read({"error": {"message": "key expired"}}, items="rows", title="t")
    assert none.issues[0].reason == "no list of entries at path 'rows'; it says: key expired"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"d": "2026-05-01T00:00:00.000", "h": "6:30 PM"}, "2026-05-01T18:30:00"),
        ({"d": "2026-05-01", "h": "18h30", "g": "20h"}, "2026-05-01T18:30:00"),
        ({"d": "2026-05-01", "h": "25:00"}, "2026-05-01"),
        ({"d": "2026-05-01T10:00", "h": "18:30"}, "2026-05-01T10:00:00"),
        ({"d": "2026-05-01", "h": "afternoon"}, "2026-05-01"),
        ({"d": {"dateTime": "2026-05-01T18:00:00+02:00"}}, "2026-05-01T18:00:00+02:00"),
        ({"d": None, "p": "2026-02-01"}, "2026-02-01"),
    ],
)
def test_days_with_hours_beside_them(row: dict[str, Any], expected: str) -> None:
    hints = {"title": "t", "start": "d", "start_hour": "h", "published": "p", "items": "rows"}
    assert read({"rows": [{"t": "One", **row}]}, **hints).entries[0]["date_raw"] == expected


def test_languages_in_the_order_of_the_source() -> None:
    rows = [{"t": {"fi": "Yksi", "sv": "Ett"}, "s": {"sv": "Kort"}}, {"t": {"en": "Two"}}]
    entries = read({"rows": rows}, items="rows", title="t", summary="s", languages=["sv", "fi"]).entries
    assert [(e["title"], e["summary"], e["language_declared"]) for e in entries] == [
        ("Ett", "Kort", "sv"),
        ("Two", None, "en"),
    ]


@pytest.mark.parametrize(
    ("url", "hints", "count", "following"),
    [
        (f"{URL}?page=2&size=2", {"next": {"param": "page", "size": 2}}, 2, f"{URL}?size=2&page=3"),
        (URL, {"next": {"param": "page", "size": 2}}, 2, f"{URL}?page=2"),
        (URL, {"next": {"param": "page", "size": 3}}, 2, None),
        (URL, {"next": {"param": "skip", "by": "offset", "size": 2}}, 2, f"{URL}?skip=2"),
        (URL, {"next": {"param": "skip", "by": "offset", "total": "n"}}, 2, f"{URL}?skip=2"),
        (f"{URL}?skip=3", {"next": {"param": "skip", "by": "offset", "total": "n"}}, 2, None),
        (f"{URL}?limit=5", {"next": {"param": "page", "size_param": "limit", "size": 2}}, 2, None),
        (URL, {"next": {"param": "page", "size": 9}, "per_page": 2}, 2, f"{URL}?page=2"),
        (URL, {"next": "link"}, 2, "https://api.lyriac.example/v1/more"),
        (URL, {"next": "evil"}, 2, None),
        (URL, {"next": {"param": "page", "size": 2}}, 0, None),
        (f"{URL}?page=99999999", {"next": {"param": "page", "size": 2}}, 2, None),
    ],
)
def test_the_next_page(url: str, hints: dict[str, Any], count: int, following: str | None) -> None:
    value = {"rows": [{"t": str(n)} for n in range(count)], "n": 5, "link": "more", "evil": "file:///etc/passwd"}
    links = read(value, at=url, items="rows", title="t", **hints).links
    assert [link.url for link in links if link.role == "next"] == ([following] if following else [])


def test_columns_of_a_table_are_chosen_by_their_names() -> None:
    row = {
        "_id": 4,
        "UID": "e-1",
        "Event Name": "Fair",
        "Start Date": "2026-05-01",
        "End.Date": "2026-05-02",
        "Venue": "Hall",
        "City": "Lyriac",
    }
    entry = read({"result": {"records": [row]}, "success": True}, "ckan").entries[0]
    assert (entry["title"], entry["date_raw"], entry["item_key"]) == (
        "Fair",
        "2026-05-01",
        "ckan:api.lyriac.example:e-1",
    )
    assert entry["place_raw"] == "Hall, Lyriac"


def test_more_entries_than_can_be_meant_are_cut() -> None:
    reading = read([{"t": str(n)} for n in range(20_050)], items="", title="t")
    assert len(reading.entries) == 20_000
    assert "more than 20000 entries" in reading.issues[0].reason


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[1" + b"0" * 100_000 + b"]",
        b'[{"title": "x\xff\xfe"}]',
        b"[NaN]",
        b'["\\ud800"]',
        b"null",
        b"3",
        b'"x"',
        b"{}",
        b"[[[]]]",
    ],
)
@pytest.mark.parametrize("strategy", ["json_api", "ckan", "socrata", "wp_rest", "linkedevents", "opendatasoft"])
def test_odd_json_is_told(body: bytes, strategy: str) -> None:
    reading = read_page(URL, body, "application/json", WHEN, strategy, {"title": "title", "items": ""})
    assert reading.issues or reading.entries


@pytest.mark.parametrize("depth", [50, 300, 900])
@pytest.mark.parametrize("key", ["name", "title", "location", "start", "url", "fi", "x"])
def test_objects_in_objects_are_no_trouble(key: str, depth: int) -> None:
    deep: Any = "end"
    for _ in range(depth):
        deep = {key: deep}
    row = {"t": "One", "title": deep, "deep": deep, "list": [deep]}
    hints = {
        part: ["deep", "list", "title"] for part in ("subtitle", "start", "place", "url", "id", "status", "document")
    }
    reading = read({"rows": [row]}, items="rows", title=["title", "t"], **hints)
    assert reading.entries or reading.issues


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "title",
                    "name",
                    "data",
                    "events",
                    "results",
                    "records",
                    "fields",
                    "id",
                    "url",
                    "fi",
                    "start_date",
                    "location",
                    "meta",
                    "next",
                    "count",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON, st.sampled_from(["json_api", "ckan", "socrata", "wp_rest", "linkedevents", "opendatasoft", None]))
def test_any_json_is_read_without_an_exception(value: Any, strategy: str | None) -> None:
    reading = read(
        value,
        strategy,
        items=["data", "events", "results", ""],
        title=["title", "name"],
        start="start_date",
        place="location",
        url="url",
        id="id",
        next="meta.next",
    )
    json.dumps([entry["title"] for entry in reading.entries], ensure_ascii=False).encode("utf-8")
    assert all(isinstance(link, Link) for link in reading.links)

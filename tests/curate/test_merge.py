"""Values of an entry: each group whole from one row, and which row that is; versions and links."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from curate_parts import DAY, row
from hypothesis import given
from hypothesis import strategies as st

from pipelines.curate.history import links, versions
from pipelines.curate.merge import DATE, PLACE, TEXT, merge
from warehouse.tables import REFINED_ENTRIES

WEEK = timedelta(days=7)


def full(title: str | None, own_page: bool = False, **said: Any) -> dict[str, Any]:
    """A refined row with every column."""
    found = dict.fromkeys(REFINED_ENTRIES.names) | {"own_page": own_page} | row(title, **said)
    return found | {"seen_at": found["captured_at"]}


LISTED = full("Lanterns", day="2024-05-03", cities=["Lyon"], date_raw="3 May", item_key="x:a", summary="Cut short...")
OWN = full(
    "Lanterns",
    own_page=True,
    item_key="x:a",
    captured_at=DAY + WEEK,
    kind="news",
    day="2024-04-01",
    date_role="published",
    sections='{"impact": "Much.", "purpose": "Light."}',
    url="https://e.org/-/a",
)


def test_city_and_date_come_from_the_list_and_the_body_from_the_own_page() -> None:
    entry = merge([LISTED, OWN])
    assert (entry["kind"], entry["cities"], entry["start_date"]) == ("event", ["Lyon"], date(2024, 5, 3))
    assert (entry["date_role"], entry["date_raw"]) == ("event", "3 May")
    assert json.loads(entry["sections"]) == {"impact": "Much.", "purpose": "Light."}
    assert entry["summary"] == "Cut short..."


@given(st.permutations([LISTED, OWN, full("Laternen", language="de", captured_at=DAY - WEEK), full(None), LISTED]))
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, Any]]) -> None:
    assert merge(rows) == merge(
        [LISTED, OWN, full("Laternen", language="de", captured_at=DAY - WEEK), full(None), LISTED]
    )


def test_groups_are_whole() -> None:
    rows = [LISTED, OWN, full("Lanterns by night", cities=["Oslo"], venue="Library", captured_at=DAY + 2 * WEEK)]
    entry = merge(rows)
    for group in (TEXT, DATE, PLACE):
        assert any(all(entry[name] == r[name] for name in group) for r in rows), group


def test_english_before_the_earliest_language() -> None:
    german, french = full("Laternen", language="de"), full("Lanternes", language="fr", captured_at=DAY - WEEK)
    assert merge([german, french])["title"] == "Lanternes"
    assert merge([german, french, full("Lanterns", captured_at=DAY + WEEK)])["language"] == "en"


def test_the_newest_words_count() -> None:
    assert merge([full("Lanterns"), full("Lanterns for all", captured_at=DAY + WEEK)])["title"] == "Lanterns for all"


def test_words_that_came_back_are_the_newest() -> None:
    back = full("Lanterns") | {"seen_at": DAY + 2 * WEEK}
    assert merge([back, full("Lanterns for all", captured_at=DAY + WEEK)])["title"] == "Lanterns"


def test_a_title_that_is_missing_here_is_taken_from_there() -> None:
    assert merge([full(None, captured_at=DAY + WEEK), full("Lanterns")])["title"] == "Lanterns"
    assert merge([full(None)])["title"] is None


def test_the_more_precise_of_dates_that_agree() -> None:
    timed = full("Lanterns", day="2024-05-03", source="table", captured_at=DAY - WEEK)
    timed |= {"start_time": time(11), "date_precision": "time"}
    month = full("Lanterns", start_date=date(2024, 5, 1), end_date=date(2024, 5, 31), date_precision="month")
    assert merge([LISTED, timed, month])["start_time"] == time(11)


def test_a_newer_date_that_disagrees_is_a_reschedule() -> None:
    timed = LISTED | {"start_time": time(11), "date_precision": "time"}
    later = full("Lanterns", day="2024-09-20", item_key="x:a", captured_at=DAY + WEEK)
    entry = merge([timed, later])
    assert (entry["start_date"], entry["start_time"]) == (date(2024, 9, 20), None)


def test_what_is_stated_before_what_is_inferred() -> None:
    inferred = full("Lanterns", day="2025-05-03", date_inferred=True, captured_at=DAY + WEEK)
    assert merge([inferred, LISTED])["start_date"] == date(2024, 5, 3)


def test_a_cancellation_on_one_page_is_not_undone_by_another() -> None:
    cancelled = LISTED | {"status": "cancelled"}
    other = full("Lanterns", source="table", captured_at=DAY + WEEK)
    assert merge([cancelled, other])["status"] == "cancelled"
    taken_back = LISTED | {"seen_at": DAY + WEEK, "raw_entry_id": "raw-z"}
    assert merge([cancelled, taken_back])["status"] is None


def test_the_address_is_the_items_own() -> None:
    assert merge([full("Lanterns", captured_at=DAY + 2 * WEEK), OWN])["url"] == "https://e.org/-/a"


@pytest.mark.parametrize(("kinds", "kind"), [(("news", "event"), "event"), (("practice", "news"), "practice")])
def test_the_telling_kind(kinds: tuple[str, str], kind: str) -> None:
    entry = merge([full("Lanterns", kind=k, source=k) for k in kinds])
    assert entry["kind"] == kind and entry["date_role"] is None


def test_a_return_to_old_words_is_a_version_of_its_own() -> None:
    first, second = LISTED, LISTED | {"raw_entry_id": "raw-2", "title": "Lanterns!", "captured_at": DAY + WEEK}
    seen = {first["raw_entry_id"]: [DAY, DAY + timedelta(1), DAY + 2 * WEEK], "raw-2": [DAY + WEEK]}
    found = versions("ce-1", [second, first], seen, "Lanterns")
    assert [(v["version"], v["title"], v["valid_from"], v["valid_to"]) for v in found] == [
        (1, "Lanterns", DAY, DAY + WEEK),
        (2, "Lanterns!", DAY + WEEK, DAY + 2 * WEEK),
        (3, "Lanterns", DAY + 2 * WEEK, None),
    ]


def test_another_language_and_the_own_page_are_no_change() -> None:
    french = LISTED | {"raw_entry_id": "raw-f", "title": "Lanternes", "language": "fr", "captured_at": DAY + WEEK}
    seen: dict[str, list[datetime]] = {}
    assert len(versions("ce-1", [LISTED, french, OWN], seen, "Lanterns")) == 1


def test_links_stand_once_with_the_telling_role_and_the_newest_label() -> None:
    old = [
        {"url": "https://e.org/a.pdf", "label": "Paper", "role": "related"},
        {"url": "mailto:x", "label": "", "role": "related"},
    ]
    new = [
        {"url": "https://e.org/a.pdf", "label": "The paper", "role": "document"},
        {"url": "https://e.org/b", "role": "odd"},
    ]
    rows = [LISTED | {"links": json.dumps(old)}, OWN | {"links": json.dumps(new)}]
    assert links("ce-1", rows) == [
        {"entry_id": "ce-1", "url": "https://e.org/a.pdf", "label": "The paper", "role": "document"},
        {"entry_id": "ce-1", "url": "https://e.org/b", "label": None, "role": "related"},
    ]

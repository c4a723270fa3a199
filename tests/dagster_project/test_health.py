"""How a source stands, judged from run records that lie in the data folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dagster_project.health import health, healths, is_late, next_run
from scrapers.captures.records import Outcome, RunRecord, write_record
from scrapers.registry import Source, load_registry
from warehouse.layout import DataFolder

NOW = datetime(2024, 3, 15, 12, tzinfo=UTC)
REGISTRY = load_registry()
SOURCE = REGISTRY.sources["coe-newsroom"]


def add_run(
    data: DataFolder,
    days_ago: float,
    entries: int | None,
    outcome: Outcome = "complete",
    items: int | None = None,
    source: Source = SOURCE,
) -> None:
    moment = NOW - timedelta(days=days_ago)
    record = RunRecord(
        run_id=f"{moment:%Y%m%dT%H%M%SZ}-0000",
        source=source.key,
        outcome=outcome,
        finish_reason="finished",
        started_at=moment,
        finished_at=moment,
        items=items if items is not None else entries or 0,
    )
    write_record(data, record)
    if entries is not None:
        folder = data.captures(source.key, record.run_id)
        (folder / "read.json").write_text(json.dumps({"entries": entries}), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def test_never_harvested(data: DataFolder) -> None:
    found = health(data, SOURCE, NOW)
    assert (found.last_complete_at, found.entries, found.usual) == (None, None, None)
    assert found.problems == ("never harvested",)


def test_all_is_well(data: DataFolder) -> None:
    for days_ago, entries in ((3, 90), (2, 100), (1, 95), (0.2, 98)):
        add_run(data, days_ago, entries)
    found = health(data, SOURCE, NOW)
    assert found.last_complete_at == NOW - timedelta(days=0.2)
    assert (found.entries, found.usual) == (98, 95)
    assert found.problems == ()


def test_fewer_than_usual(data: DataFolder) -> None:
    for days_ago, entries in ((2, 100), (1, 100), (0.2, 40)):
        add_run(data, days_ago, entries)
    assert health(data, SOURCE, NOW).problems == ("fewer entries than usual",)


def test_a_failed_run_keeps_the_last_complete_one(data: DataFolder) -> None:
    add_run(data, 0.5, 100)
    add_run(data, 0.2, None, "failed")
    found = health(data, SOURCE, NOW)
    assert found.last_complete_at == NOW - timedelta(days=0.5)
    assert found.entries == 100
    assert found.problems == ("last run failed",)


def test_a_crawl_that_named_too_few_items_is_told_with_cause_and_remedy(data: DataFolder) -> None:
    for days_ago, entries in ((2, 100), (1, 100)):
        add_run(data, days_ago, entries)
    add_run(data, 0.2, 100, items=40)
    found = health(data, SOURCE, NOW)
    assert found.problems == ("its lists named fewer items than usual",)
    assert found.verdict == "short"
    assert found.likely_cause
    assert found.next_step
    assert SOURCE.key in found.next_step or "captures/" in found.next_step


def test_an_import_is_no_crawl(data: DataFolder) -> None:
    add_run(data, 0.2, 100, "imported")
    found = health(data, SOURCE, NOW)
    assert (found.entries, found.verdict, found.problems) == (100, "never", ())


def test_an_import_does_not_hide_that_the_site_failed(data: DataFolder) -> None:
    add_run(data, 0.4, None, "failed")
    add_run(data, 0.2, 100, "imported")
    assert health(data, SOURCE, NOW).problems == ("last run failed",)


def test_a_failed_crawl_stands_before_a_short_one(data: DataFolder) -> None:
    for days_ago in (2, 1):
        add_run(data, days_ago, 100)
    add_run(data, 0.2, 20)
    add_run(data, 0.2, None, "failed", source=REGISTRY.sources["coe-meetings"])
    assert [row.source for row in healths(data, REGISTRY, NOW)[:2]] == ["coe-meetings", SOURCE.key]


def test_fewer_than_the_minimum(data: DataFolder) -> None:
    for days_ago, entries in ((2, 100), (0.2, 2)):
        add_run(data, days_ago, entries)
    assert health(data, SOURCE, NOW).problems == ("fewer entries than its minimum",)


def test_overdue_after_two_missed_turns(data: DataFolder) -> None:
    add_run(data, 10, 100)
    assert "overdue" in health(data, SOURCE, NOW).problems


def test_worst_first_and_what_is_not_active_last(data: DataFolder) -> None:
    add_run(data, 0.2, 100)
    rows = healths(data, REGISTRY, NOW)
    active = [row for row in rows if row.status == "active"]
    assert rows[: len(active)] == active
    assert [bool(row.problems) for row in active] == sorted((bool(row.problems) for row in active), reverse=True)
    position = {row.source: number for number, row in enumerate(rows)}
    assert position[SOURCE.key] > position["coe-meetings"]


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("20 3 * * *", datetime(2024, 3, 16, 3, 20, tzinfo=UTC)),
        ("0 5 * * 0", datetime(2024, 3, 17, 5, tzinfo=UTC)),
        ("20 4 1 * *", datetime(2024, 4, 1, 4, 20, tzinfo=UTC)),
    ],
)
def test_next_run(cron: str, expected: datetime) -> None:
    assert next_run(cron, NOW) == expected


def test_one_missed_turn_is_no_accident_yet() -> None:
    last = datetime(2024, 3, 14, 3, 21, tzinfo=UTC)
    assert not is_late("20 3 * * *", last, last + timedelta(hours=30))
    assert is_late("20 3 * * *", last, last + timedelta(hours=50))

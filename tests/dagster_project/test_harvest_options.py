"""What `cityharvest harvest` makes of its options before the street begins, and what `sources` says of a bad crawl."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dagster_project.commands import harvest as verb
from dagster_project.commands import options
from dagster_project.commands.sources import sources
from dagster_project.street import Outcome
from scrapers.asking import politeness
from scrapers.captures.records import RunRecord, write_record
from scrapers.trust.verdict import judged
from warehouse.layout import DataFolder

NOW = datetime(2024, 3, 15, 12, tzinfo=UTC)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Configurations that reach the street; nothing is crawled and nothing published."""
    found: list[dict[str, Any]] = []

    def walk(data: Path, keys: list[str], config: dict[str, Any], jobs: int = 1) -> Outcome:
        found.append(config)
        return Outcome()

    monkeypatch.setattr(verb, "walk", walk)
    monkeypatch.setattr(verb, "finish", lambda *_: None)
    monkeypatch.delenv(options.CONTACT, raising=False)
    return found


def test_the_variable_is_the_one_that_the_crawl_reads() -> None:
    assert options.CONTACT == politeness.CONTACT


@pytest.mark.parametrize("full", [False, True])
def test_full_reaches_the_crawl(told: list[dict[str, Any]], full: bool) -> None:
    verb.harvest(source=["coe-meetings"], full=full)
    assert [config["captures"] for config in told] == [{"full": full}]


def test_without_a_contact_one_line_says_so(
    told: list[dict[str, Any]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verb.harvest()
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert options.CONTACT in said
    assert len(told) == 1, "it is a warning"
    monkeypatch.setenv(options.CONTACT, "data@example.org")
    verb.harvest()
    assert capsys.readouterr().err == ""


def test_who_asks_nobody_needs_no_contact(told: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    verb.harvest(source=["congress-hub"])
    assert capsys.readouterr().err == ""


def test_sources_tell_cause_and_remedy_of_a_bad_crawl(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = RunRecord(
        run_id="20240315T120000Z-0000",
        source="coe-meetings",
        outcome="failed",
        finish_reason="finished",
        started_at=NOW,
        finished_at=NOW,
        errors={"captcha": 3},
        examples={"captcha": "https://www.coe.int/en/web/interculturalcities/meetings"},
    )
    write_record(DataFolder(tmp_path), judged(record, []))
    sources(tmp_path)
    lines = capsys.readouterr().out.splitlines()
    first = next(number for number, line in enumerate(lines) if "coe-" in line)
    assert "coe-meetings" in lines[first], "the worst comes first"
    assert "failed" in lines[first]
    advice = next(line for line in lines if line.startswith("coe-meetings: "))
    assert "captcha" in advice
    assert "Next: ask its operator" in advice

"""A site that offers its entries, a folder of one's own sources, and the command; crawls start warm."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from offering import Answer, Offering, list_page, offered
from source_parts import Verb

from dagster_project import cli, console
from scrapers import registry
from scrapers.proposing import look


@pytest.fixture(autouse=True)
def warm(warm_crawls: None) -> None:
    """Crawls start warm."""


@pytest.fixture
def site() -> Iterator[Offering]:
    with offered(Offering()) as site:
        site.answers["/termine/"] = Answer(list_page())
        yield site


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own sources; looks do not wait."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv(registry.OWN_SOURCES, str(folder))
    monkeypatch.setenv("CITYHARVEST_CONTACT", "data@example.org")
    monkeypatch.setattr(console.out, "_width", 400)  # no table is folded
    monkeypatch.setattr(look, "DELAY", 0)
    return folder


@pytest.fixture
def run(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Verb:
    """Runs `cityharvest source VERB ...` in this process: exit code, stdout, stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        data = [] if "--help" in arguments else ["--data", str(tmp_path / "data")]
        monkeypatch.setattr(sys, "argv", ["cityharvest", "source", *arguments, *data])
        with pytest.raises(SystemExit) as end:
            cli.main()
        told = capsys.readouterr()
        return int(end.value.code or 0), told.out, told.err

    return call

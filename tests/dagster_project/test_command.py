"""The command as a user meets it: help at once, wrong calls, one line for an error."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., "subprocess.CompletedProcess[str]"]
VERBS = ["harvest", "read", "publish", "sources", "explain", "query", "releases", "diff"]
HEAVY = {"dagster", "duckdb", "numpy", "pandas", "pyarrow", "scrapy", "twisted", "dateparser", "lxml"}


@pytest.mark.parametrize("arguments", [["--help"], *([verb, "--help"] for verb in VERBS)], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys; from dagster_project.cli import main; sys.argv = ['cityharvest', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    assert "Usage: cityharvest" in answer.stdout
    assert not HEAVY & set(answer.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["harvest", "--captures", "no/such/file.warc.gz"], "no/such/file.warc.gz"),
        (["harvest", "--source", "coe-newsrom"], "coe-newsroom"),
        (["read", "--source", "nothing-like-it"], "nothing-like-it"),
        (["harvset"], "harvset"),
        (["harvest", "--full", "--captures", "samples"], "--full"),
        (["query"], "SQL"),
        (["query", "select 1", "--format", "xml"], "xml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_call_is_exit_2(cityharvest: Command, tmp_path: Path, arguments: list[str], told: str) -> None:
    where = [] if arguments[0] in ("harvset",) else ["--data", str(tmp_path / "data")]
    answer = cityharvest(*arguments, *where)
    assert answer.returncode == 2
    assert told in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("arguments", [["query", "select 1"], ["explain", "entry-1"], ["read"], ["read", "--diff"]])
def test_without_a_release_one_line_says_what_to_do(cityharvest: Command, tmp_path: Path, arguments: list[str]) -> None:
    answer = cityharvest(*arguments, "--data", tmp_path)
    assert answer.returncode == 1
    assert len(answer.stderr.splitlines()) == 1
    assert "harvest" in answer.stderr
    assert answer.stdout == ""


def test_debug_shows_the_trace(cityharvest: Command, tmp_path: Path) -> None:
    answer = cityharvest("--debug", "query", "select 1", "--data", tmp_path)
    assert answer.returncode == 1
    assert "Traceback" in answer.stderr


def test_sources_work_on_an_empty_folder(cityharvest: Command, tmp_path: Path) -> None:
    answer = cityharvest("sources", "--data", tmp_path)
    assert answer.returncode == 0
    assert "coe-newsroom" in answer.stdout
    assert "never" in answer.stdout

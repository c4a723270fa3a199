"""docs/access.md: each block of Python and SQL runs as it stands; what was not tried is marked so."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import duckdb
import pytest
import typer.main
from sample_release import ROOT, Harvested

from dagster_project.cli import app
from warehouse.releases import open_release

TEXT = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = FENCED.findall(TEXT)
PYTHON = [body for language, body in BLOCKS if language == "python"]
SQL = [body for language, body in BLOCKS if language == "sql"]
MARK = "*not tried here"


@pytest.fixture(scope="session")
def folder(harvested: Harvested) -> Path:
    """A folder that holds `data`, as the page says."""
    return harvested.data.parent


@pytest.mark.parametrize("code", PYTHON, ids=range(len(PYTHON)))
def test_python_runs_and_says_something_or_nothing_wrong(folder: Path, code: str) -> None:
    # A process of its own, as a reader would start it: what it warns of is seen.
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False, timeout=200
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout.strip()) == ("print(" in code)


@pytest.mark.parametrize("sql", SQL, ids=range(len(SQL)))
def test_sql_runs_and_finds_something(folder: Path, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with open_release("data") as con:
        assert con.execute(sql).fetchall()


@pytest.mark.parametrize("sql", [sql for sql in SQL if "read_parquet" in sql], ids=range(2))
def test_sql_on_files_needs_no_database(folder: Path, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with duckdb.connect() as con:
        assert con.execute(sql).fetchall()


def test_there_is_something_to_run() -> None:
    assert len(PYTHON) >= 7 and len(SQL) >= 5


def sections() -> dict[str, str]:
    titles = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)
    return dict(zip(titles[1::2], titles[2::2], strict=True))


@pytest.mark.parametrize("title", ["R", "Observable", "Superset", "Metabase"])
def test_what_was_not_tried_says_so(title: str) -> None:
    assert sections()[title].strip().lower().startswith(MARK)
    assert not {"python", "sql"} & {language for language, _ in FENCED.findall(sections()[title])}


def test_no_block_runs_nowhere_without_a_mark() -> None:
    untried = [
        title
        for title, body in sections().items()
        if {language for language, _ in FENCED.findall(body)} - {"python", "sql", "sh", "console"}
        and MARK not in body.lower()
    ]
    assert untried == []


def test_commands_exist_with_their_options() -> None:
    verbs = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    lines = [
        shlex.split(line, comments=True) for language, body in BLOCKS if language == "sh" for line in body.splitlines()
    ]
    ours = [words for words in lines if words and words[0] == ".venv/bin/cityharvest"]
    assert ours
    for words in ours:
        verbs[words[1]].parse_args(click.Context(verbs[words[1]]), words[2:])


def test_files_that_the_page_names_are_in_a_release(folder: Path) -> None:
    table = TEXT.split("\n## ")[0]
    named = re.findall(r"`([\w.]+\.\w+)`", table)
    assert named
    assert not [name for name in named if not (folder / "data" / "published" / "latest" / name).is_file()]

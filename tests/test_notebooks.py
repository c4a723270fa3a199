"""The notebooks run on a release of the sample pages, show plots, and are kept without what they gave."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from sample_release import ROOT, Harvested

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ROOMS = {"pipelines", "scrapers", "dagster_project", "tests", "samples"}
MAY_IMPORT = {"json", "os", "textwrap", "matplotlib", "pandas", "warehouse"}


def cells(path: Path, kind: str) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def imported(path: Path) -> set[str]:
    found = set()
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or ".").split(".")[0])
    return found


def test_there_are_four() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["first_look", "life_of_an_event", "practices", "quality"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells(path, "code"))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_stays_behind_the_wall(path: Path) -> None:
    assert "warehouse" in imported(path)
    assert not imported(path) & ROOMS
    assert imported(path) <= MAY_IMPORT


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_says_what_it_shows(path: Path) -> None:
    assert cells(path, "markdown")[0].source.startswith("# ")
    assert len(cells(path, "markdown")) >= 4


# The sockets of the kernel are closed when its objects are collected; zmq tells of each that is still there.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, harvested: Harvested, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYHARVEST_DATA", str(harvested.data))
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, kernel_name="python3", timeout=300, startup_timeout=300, resources=where).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    said = [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    plots = [output for output in outputs if "image/png" in output.get("data", {})]
    tables = [output for output in outputs if "text/html" in output.get("data", {})]
    assert said == []
    assert len(plots) >= 2 and len(tables) >= 1

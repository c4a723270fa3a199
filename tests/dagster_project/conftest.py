"""Real parts for the tests of the assembly: the sample pages as a WARC, and a data folder that was harvested once."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_release import COMMAND, ROOT, Harvested, environment

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def samples(harvested: Harvested) -> Path:
    """The bundled pages as one WARC."""
    return harvested.captures


@pytest.fixture(scope="session")
def home(harvested: Harvested) -> Path:
    """An empty home folder: what a command leaves in it is seen."""
    return harvested.home


@pytest.fixture(scope="session")
def cityharvest(home: Path) -> Command:
    """Runs the command as a user would; nothing of the tests' own environment but the path."""

    def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            cwd=ROOT,
            env=environment(home) | more,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def harvest_once(harvested: Harvested) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A data folder harvested from the samples, and what the command said."""
    return harvested.data, harvested.said


@pytest.fixture
def data(harvest_once: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    copy = tmp_path / "data"
    shutil.copytree(harvest_once[0], copy, symlinks=True)
    return copy

"""Real parts for the tests of the assembly: the sample pages as a WARC, and a data folder that was harvested once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sample_release import ROOT, Harvested, environment
from warm import warm_command, warm_python

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
def warm_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A stand-in for the command that starts warm."""
    with warm_command(tmp_path_factory.mktemp("warm")) as command:
        yield command


@pytest.fixture(scope="module")
def warm_crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Crawls of a module start warm; nothing else does."""
    real = sys.executable
    with warm_python(tmp_path_factory.mktemp("warm")) as sys.executable:
        yield
    sys.executable = real


@pytest.fixture(scope="session")
def cityharvest(home: Path, warm_stand_in: str) -> Command:
    """Runs the command as a user would; nothing of the tests' own environment but the path."""

    def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [warm_stand_in, *map(str, arguments)],
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

"""Real parts for the tests of the assembly: the sample pages as a WARC, and a data folder that was harvested once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled pages as one WARC."""
    path = tmp_path_factory.mktemp("samples") / "samples.warc.gz"
    subprocess.run([sys.executable, "samples/pack.py", str(path)], cwd=ROOT, check=True, capture_output=True)
    return path


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home folder: what a command leaves in it is seen."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def cityharvest(home: Path) -> Command:
    """Runs the command as a user would; nothing of the tests' own environment but the path."""
    command = Path(sys.executable).parent / "cityharvest"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "COLUMNS": "160", "LANG": "C.UTF-8"}

    def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(command), *map(str, arguments)],
            cwd=ROOT,
            env=environment | more,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def harvest_once(
    samples: Path, cityharvest: Command, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A data folder harvested from the samples, and what the command said."""
    data = tmp_path_factory.mktemp("harvest") / "data"
    answer = cityharvest("harvest", "--captures", samples, "--data", data)
    assert answer.returncode == 0, answer.stderr
    return data, answer


@pytest.fixture
def data(harvest_once: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    copy = tmp_path / "data"
    shutil.copytree(harvest_once[0], copy, symlinks=True)
    return copy

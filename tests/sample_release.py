"""A data folder harvested from the sample pages through the command, as a user does it; made once for all processes.

What belongs here: making it. What does not: asserting anything about it. Whoever changes it takes a copy.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
COMMAND = str(Path(sys.executable).with_name("cityharvest"))


class Harvested(NamedTuple):
    """The data folder, the captures that it was made of, what the command said, and the home folder that it had."""

    data: Path
    captures: Path
    said: subprocess.CompletedProcess[str]
    home: Path


def environment(home: Path) -> dict[str, str]:
    """What the command is given: nothing of the tests' own but the path."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "COLUMNS": "160", "LANG": "C.UTF-8"}


def harvested_once(factory: pytest.TempPathFactory) -> Harvested:
    """The harvest of this session; the first process that asks makes it."""
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / "harvested"
    with FileLock(shared / "harvested.lock"):
        if not (folder / "said").is_file():
            _harvest(folder)
    said = pickle.loads((folder / "said").read_bytes())  # written a moment ago by the same tests
    return Harvested(folder / "data", folder / "samples.warc.gz", said, folder / "home")


def _harvest(folder: Path) -> None:
    (folder / "home").mkdir(parents=True)
    captures = folder / "samples.warc.gz"
    packing = [sys.executable, str(ROOT / "samples" / "pack.py"), str(captures)]
    subprocess.run(packing, check=True, capture_output=True)
    command = [COMMAND, "harvest", "--captures", str(captures), "--data", str(folder / "data")]
    told = environment(folder / "home")
    said = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False, timeout=300)
    assert said.returncode == 0, said.stderr
    (folder / "said").write_bytes(pickle.dumps(said))

"""A data folder harvested from the sample pages, for the tests at the top of this folder; made once a session.

What belongs here: making it through the command, as a user does. What does not: asserting anything about it.
"""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = str(Path(sys.executable).with_name("cityharvest"))


@functools.cache
def sample_data(folder: Path) -> Path:
    """A data folder below `folder`, harvested from the sample captures."""
    captures = folder / "samples.warc.gz"
    packing = [sys.executable, str(ROOT / "samples" / "pack.py"), str(captures)]
    subprocess.run(packing, check=True, capture_output=True)
    harvest = [COMMAND, "harvest", "--captures", str(captures), "--data", str(folder / "data")]
    done = subprocess.run(harvest, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder / "data"

"""The graph outside the command line: each step in a process of its own, as the UI and schedules run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from dagster_project.resources import INSTANCE_YAML

ROOT = Path(__file__).parents[2]


def materialize(home: Path, data: Path, select: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).parent / "dagster"),
        "asset",
        "materialize",
        "-m",
        "dagster_project.definitions",
    ]
    environment = os.environ | {"DAGSTER_HOME": str(home), "HOME": str(home), "CITYHARVEST_DATA": str(data)}
    return subprocess.run(
        [*command, "--select", select, *more],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_the_graph_runs_from_kept_captures(data: Path, tmp_path: Path) -> None:
    home = tmp_path / "dagster_home"
    home.mkdir()
    shutil.copy(INSTANCE_YAML, home)
    for table in ("raw_entries", "sightings", "refined_entries"):
        shutil.rmtree(data / "lake" / table / "coe-meetings")
    shutil.rmtree(data / "published")
    kept = json.dumps({"ops": {"captures": {"config": {"crawl": False}}}})
    street = "captures,raw_entries,refined_entries"
    one = materialize(home, data, street, "--partition", "coe-meetings", "--config-json", kept)
    assert one.returncode == 0, one.stderr
    assert list((data / "lake" / "refined_entries" / "coe-meetings").glob("*.parquet"))
    all_together = materialize(home, data, "curated,release")
    assert all_together.returncode == 0, all_together.stderr
    assert (data / "published" / "latest" / "cityharvest.duckdb").is_file()
    assert not (home / ".dagster").exists(), "telemetry has its folder there"

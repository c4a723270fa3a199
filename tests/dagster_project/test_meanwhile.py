"""What happens at the same time: a query while a harvest runs, a writer that waits, a harvest that is killed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_release import environment
from warm import PID_FILE

from warehouse.layout import DataFolder
from warehouse.locks import hold
from warehouse.releases import open_release

ROOT = Path(__file__).parents[2]
Command = Callable[..., "subprocess.CompletedProcess[str]"]
MOMENTS, PARTS = 20, 2  # of the killing; in parts, so that two processes share it


def start(*arguments: object) -> subprocess.Popen[str]:
    """The command in a process group of its own, so that all of it can be killed."""
    command = [str(Path(sys.executable).parent / "cityharvest"), *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def test_queries_work_while_a_harvest_runs(data: Path, cityharvest: Command) -> None:
    harvest = start("read", "--data", data)
    answers = []
    while harvest.poll() is None:
        answers.append(cityharvest("query", "select count(*) as n from entries", "--format", "json", "--data", data))
    _, said = harvest.communicate()
    assert harvest.returncode == 0, said
    assert len(answers) > 1
    assert {answer.returncode for answer in answers} == {0}
    assert all(json.loads(answer.stdout)[0]["n"] > 0 for answer in answers)


def test_the_writer_is_waited_for_and_named(data: Path, samples: Path) -> None:
    with hold(DataFolder(data).lock("writer"), "a test that writes", wait=False):
        harvest = start("harvest", "--captures", samples, "--data", data)
        assert harvest.stderr is not None
        line = harvest.stderr.readline()
        assert "a test that writes" in line
        assert harvest.poll() is None
    _, said = harvest.communicate(timeout=120)
    assert harvest.returncode == 0, said


def test_ctrl_c_stops_everything_and_says_so(data: Path) -> None:
    latest = (data / "published" / "latest").resolve()
    with hold(DataFolder(data).lock("writer"), "a test that writes", wait=False):
        harvest = start("read", "--data", data)
        assert harvest.stderr is not None
        assert "waiting" in harvest.stderr.readline()
        harvest.send_signal(signal.SIGINT)
        _, said = harvest.communicate(timeout=60)
    assert harvest.returncode == 1
    assert "stopped" in said
    assert "Traceback" not in said
    assert (data / "published" / "latest").resolve() == latest


def whole(data: Path) -> str:
    """The name of the latest release, after looking at every byte of it."""
    folder = (data / "published" / "latest").resolve()
    about = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    for name, file in about["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == file["sha256"]
    with open_release(data) as release:
        assert release.execute("select count(*) from entries").fetchall()[0][0] == about["counts"]["entries"]
    return str(about["release"])


@pytest.fixture
def few(data: Path, cityharvest: Command) -> Path:
    """The data folder with the captures of three sources, published anew: less to wait for between the kills."""
    for folder in data.iterdir():
        if folder.name != "captures":
            shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
    for folder in (data / "captures").iterdir():
        if folder.is_dir() and folder.name not in ("coe-articles", "coe-meetings", "congress-hub"):
            shutil.rmtree(folder)
    answer = cityharvest("read", "--data", data)
    assert answer.returncode == 0, answer.stderr
    return data


def start_warm(command: str, home: Path, folder: Path, *arguments: object) -> tuple[subprocess.Popen[bytes], int]:
    """The command at its first step, without the seconds that loading takes; and the leader of its process group."""
    pid = folder / "pid"
    pid.unlink(missing_ok=True)
    process = subprocess.Popen(
        [command, *map(str, arguments)], cwd=ROOT, env=environment(home) | {PID_FILE: str(pid)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not pid.is_file():
        assert process.poll() is None
        time.sleep(0.005)
    return process, int(pid.read_text())


@pytest.mark.torture
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_any_moment_latest_is_old_or_new(
    part: int, few: Path, cityharvest: Command, warm_stand_in: str, home: Path, tmp_path: Path
) -> None:
    chance = random.Random(f"2024 {part}")
    issue = {"urls": ["https://left.out.example/0"]}
    begun = time.monotonic()
    assert cityharvest("read", "--data", few).returncode == 0
    usual = time.monotonic() - begun
    releases = {whole(few)}
    for number in range(MOMENTS // PARTS):
        # Something new each time, so that each harvest would publish.
        issue["urls"].append(f"https://left.out.example/{number}")
        (few / "captures" / "left_out.json").write_text(json.dumps(issue), encoding="utf-8")
        harvest, pid = start_warm(warm_stand_in, home, tmp_path, "read", "--data", few)
        time.sleep(chance.uniform(0, usual * 1.1))
        if harvest.poll() is None:
            os.killpg(pid, signal.SIGKILL)
        harvest.wait()
        releases.add(whole(few))
    answer = cityharvest("read", "--data", few)
    assert answer.returncode == 0, answer.stderr
    assert whole(few) not in releases or "nchanged" in answer.stdout

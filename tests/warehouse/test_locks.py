from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from warehouse.layout import DataFolder
from warehouse.locks import Held, hold, holder_of
from warehouse.storage import StorageError

HOLD = """
import pathlib, sys, time
from warehouse.locks import hold
with hold(pathlib.Path(sys.argv[1]), "cityharvest harvest", wait=False):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A real second process that holds the lock until it reads a line."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_held_says_who_and_since_when(tmp_path: Path) -> None:
    path = DataFolder(tmp_path).lock("coe-newsroom")
    with another_process(path) as process, pytest.raises(Held) as raised, hold(path, "x", wait=False):
        pytest.fail("held twice")
    assert re.fullmatch(
        rf"source coe-newsroom is held by another run: pid {process.pid} \(cityharvest harvest\) "
        r"since (\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\dZ; wait for it or stop it",
        str(raised.value),
    )


def test_killed_holder_releases_and_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    with another_process(path) as process:
        assert holder_of(path) is not None
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert path.with_suffix(".holder.json").exists(), "nobody tidied up"
        assert holder_of(path) is None
        with hold(path, "the next one", wait=False):
            holder = holder_of(path)
            assert holder is not None
            assert (holder.pid, holder.purpose) == (os.getpid(), "the next one")
    assert not path.with_suffix(".holder.json").exists()


def test_waits_for_the_holder_and_tells_once(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    told: list[str] = []
    with another_process(path) as process:

        def on_wait(held: Held) -> None:
            told.append(str(held))
            timer.start()

        def let_go() -> None:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

        timer = threading.Timer(0.4, let_go)

        started = time.monotonic()
        with hold(path, "curate", wait=True, on_wait=on_wait):
            assert time.monotonic() - started >= 0.4
        timer.join()
    assert len(told) == 1
    assert told[0].startswith(f"the writer is held by another run: pid {process.pid} ")


@pytest.mark.parametrize("said", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "purpose": 1}', "\x00"])
def test_a_description_that_is_no_description_is_not_believed(tmp_path: Path, said: str) -> None:
    path = tmp_path / "a.lock"
    with another_process(path):
        path.with_suffix(".holder.json").write_text(said)
        refused = pytest.raises(Held, match=r"^source a is held by another run \(lock file .*a.lock\); wait")
        with refused, hold(path, "x", wait=False):
            pytest.fail("held twice")


def test_a_pid_that_was_given_to_another_process_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with hold(path, "x", wait=False):
        description = path.with_suffix(".holder.json")
        said = json.loads(description.read_text())
        assert holder_of(path) is not None
        description.write_text(json.dumps({**said, "born": "1"}))
        assert holder_of(path) is None


def test_two_holds_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with hold(path, "first", wait=False):
        with pytest.raises(Held, match=f"pid {os.getpid()}"), hold(path, "second", wait=False):
            pytest.fail("held twice")
        assert holder_of(path) is not None, "the one that was refused took nothing away"
    with hold(path, "third", wait=False):
        pass


def test_an_exception_in_the_block_releases(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with pytest.raises(KeyError), hold(path, "x", wait=False):
        raise KeyError
    with hold(path, "y", wait=False):
        pass


def test_a_lock_that_can_not_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file where the folder should be")
    with (
        pytest.raises(StorageError, match=r"could not write a lock to"),
        hold(tmp_path / "locks" / "a.lock", "x", False),
    ):
        pytest.fail("held nothing")


@pytest.mark.torture
def test_many_processes_take_turns(tmp_path: Path) -> None:
    script = """
import pathlib, sys
from warehouse.locks import hold
lock, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
for _ in range(10):
    with hold(lock, "count", wait=True):
        count.write_text(str(int(count.read_text()) + 1))
"""
    count = tmp_path / "count"
    count.write_text("0")
    command = [sys.executable, "-c", script, str(tmp_path / "a.lock"), str(count)]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [p.wait() for p in processes] == [0] * 4
    assert count.read_text() == "40"


@pytest.mark.parametrize(("name", "who"), [("writer", "the writer"), ("imports", "the import of captures")])
def test_locks_of_all_sources_are_named(tmp_path: Path, name: str, who: str) -> None:
    assert str(Held(DataFolder(tmp_path).lock(name), None)).startswith(f"{who} is held by another run")

"""Locks of the data folder: one a source, one for the writer; each says who holds it.

What belongs here: holding a lock file and telling who does. What does not: what is done under it. Reading a published
release never needs a lock.

The lock is the operating system's (flock through filelock), so it is gone when its holder is killed. Beside it lies
`<name>.holder.json` (pid, purpose, host, since), for people only: whether a lock is held is asked of the system alone,
and a description whose process is gone is not believed. Children made by fork keep a lock that their parent holds
(those started by `subprocess` do not). On a network file system flock must be supported.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.storage import storing

_POLL_SECONDS = 0.1
_TELL_AFTER_SECONDS = 0.05
_SHARED = {"writer": "the writer", "imports": "the import of captures"}  # all other locks are of one source


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock.

    `since` is UTC, ISO 8601. `born` tells a process from a later one of the same pid (clock ticks since boot, Linux).
    """

    pid: int
    purpose: str
    host: str
    since: str
    born: str

    def __str__(self) -> str:
        where = "" if self.host == socket.gethostname() else f" on {self.host}"
        day, _, time = self.since.partition("T")
        since = time if day == datetime.now(UTC).date().isoformat() else self.since
        return f"pid {self.pid}{where} ({self.purpose}) since {since}"


class Held(RuntimeError):  # noqa: N818  # the name is the state, and part of the interface
    """Another run holds the lock; `holder` is None when it did not say who it is."""

    def __init__(self, path: Path, holder: Holder | None) -> None:
        self.path = path
        self.holder = holder
        what = _SHARED.get(path.stem) or f"source {path.stem}"
        who = f": {holder}" if holder else f" (lock file {path})"
        super().__init__(f"{what} is held by another run{who}; wait for it or stop it")


@contextmanager
def hold(path: Path, purpose: str, wait: bool, on_wait: Callable[[Held], None] | None = None) -> Iterator[None]:
    """Hold the lock of this path during the block.

    `wait` false: raises Held at once when another has it. `wait` true: waits, and tells `on_wait` once who is waited
    for. Not reentrant: a second hold of the same path in one process is another run. StorageError when the lock file
    can not be made.
    """
    with storing("a lock", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        _acquire(lock, path, wait, on_wait)
    try:
        _describe(path, purpose)
        yield
    finally:
        # Before the release: after it the description may be that of the next holder.
        _description(path).unlink(missing_ok=True)
        lock.release()


def holder_of(path: Path) -> Holder | None:
    """What the present holder says of itself; None when it says nothing, or when the one who said it is gone."""
    try:
        said = json.loads(_description(path).read_text("utf-8"))
        holder = Holder(**said)
        return holder if _lives(holder) else None
    except (OSError, ValueError, TypeError):
        return None


def _acquire(lock: FileLock, path: Path, wait: bool, on_wait: Callable[[Held], None] | None) -> None:
    try:
        lock.acquire(timeout=_TELL_AFTER_SECONDS, poll_interval=_TELL_AFTER_SECONDS / 2)
        return
    except Timeout:
        held = Held(path, holder_of(path))
    if not wait:
        raise held
    if on_wait:
        on_wait(held)
    lock.acquire(timeout=-1, poll_interval=_POLL_SECONDS)


def _description(path: Path) -> Path:
    return path.with_suffix(".holder.json")


def _describe(path: Path, purpose: str) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    pid = os.getpid()
    holder = Holder(pid, purpose, socket.gethostname(), since, _born(pid))
    target = _description(path)
    part = target.with_name(f"{target.name}.{pid}.part")
    with storing("a lock", target):
        part.write_text(json.dumps(asdict(holder)), "utf-8")
        part.replace(target)


def _lives(holder: Holder) -> bool:
    if holder.host != socket.gethostname():
        return True
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _born(holder.pid) == holder.born


def _born(pid: int) -> str:
    """Start of a process in clock ticks since boot, from field 22 of /proc/<pid>/stat; empty where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""

"""Processes that start warm: one process has loaded everything, and each crawl or command of a test is a fork of it.

A crawl loads calendars and a gazetteer for some seconds, and the command Dagster, in every process anew; a suite of
hundreds would do little else. The forked process runs `scrapers.crawl_process.main`, or the command's, with the pipes,
folder and environment of the one that was to be started, and holds locks and pid itself, so it can be killed as any
other. Of the stand-in for the interpreter everything but `python -m scrapers.crawl_process` goes to the real one.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

PID_FILE = "WARM_PID_FILE"
"""Names a file for the pid of what is started, which then leads a process group of its own: all of it can be killed."""

_ROOT = Path(__file__).parents[2]
_CLIENT = """#!{python} -IS
import json, os, socket, sys
if {is_crawl} and sys.argv[1:] != ["-m", "scrapers.crawl_process"]:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
socket.send_fds(line, [json.dumps([os.getcwd(), dict(os.environ), sys.argv[1:]]).encode() + b"\\n"], [0, 1, 2])
code = line.recv(16)
os._exit(int(code or b"70") % 256)
"""


def warm_python(folder: Path) -> AbstractContextManager[str]:
    """A stand-in for `sys.executable` whose crawls start warm; ends with the block."""
    return _warm(folder / "python", is_crawl=True)


def warm_command(folder: Path) -> AbstractContextManager[str]:
    """A stand-in for the command `cityharvest`; ends with the block."""
    return _warm(folder / "cityharvest", is_crawl=False)


@contextmanager
def _warm(client: Path, is_crawl: bool) -> Iterator[str]:
    address = f"{client}.sock"
    program = [sys.executable, __file__, address, *(["crawl"] if is_crawl else [])]
    server = subprocess.Popen(program, cwd=_ROOT, env=os.environ | {"PYTHONPATH": str(_ROOT)}, stdout=subprocess.PIPE)
    assert server.stdout is not None
    assert server.stdout.readline() == b"warm\n"
    client.write_text(_CLIENT.format(python=sys.executable, address=address, is_crawl=is_crawl))
    client.chmod(0o755)
    try:
        yield str(client)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def _serve(address: str, is_crawl: bool) -> None:
    (_load_crawl if is_crawl else _load_command)()
    door = socket.socket(socket.AF_UNIX)
    door.bind(address)
    door.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who wait for crawls are forks of their own
    sys.stdout.write("warm\n")
    sys.stdout.flush()
    while True:
        line, _ = door.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            door.close()
            _attend(line, is_crawl)
        line.close()


def _load_command() -> None:
    """What the verbs load; not the console, which looks at the environment of its process."""
    import dagster_project.street  # noqa: F401
    import warehouse.catalog  # noqa: F401

    _read_a_page()
    assert "dagster_project.console" not in sys.modules


def _load_crawl() -> None:
    import scrapy.core.downloader.handlers.http11  # noqa: F401

    import scrapers.crawl_process  # noqa: F401

    _read_a_page()
    assert "twisted.internet.reactor" not in sys.modules, "each crawl installs its own"


def _read_a_page() -> None:
    """Calendars and gazetteer are loaded when they are asked for."""
    from datetime import UTC, datetime

    from pipelines.read import read_page

    page = b"<html><body><h3><a href='/en/web/x/-/a'>A day in Oslo</a></h3><span>1 May 2024 Oslo</span></body></html>"
    read_page("http://127.0.0.1/en/web/x/newsroom", page, "text/html", datetime.now(UTC), "liferay", {})


def _attend(line: socket.socket, is_crawl: bool) -> None:
    """Fork the process, wait for it, say how it ended."""
    told, files, _, _ = socket.recv_fds(line, 1 << 20, 3)
    while not told.endswith(b"\n"):
        told += line.recv(1 << 16)
    pid = os.fork()
    if pid == 0:
        line.close()
        _run(told, files, is_crawl)
    for file in files:
        os.close(file)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):
        line.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _run(request: bytes, files: list[int], is_crawl: bool) -> None:
    folder, environment, arguments = json.loads(request)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if told := os.environ.pop(PID_FILE, None):
        os.setsid()
        Path(told).with_suffix(".part").write_text(str(os.getpid()))
        Path(told).with_suffix(".part").rename(told)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    code: Any = 70
    try:
        if is_crawl:
            from scrapers.crawl_process import main

            code = main()
        else:
            from dagster_project.cli import main as command

            sys.argv = ["cityharvest", *arguments]
            command()
            code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:  # noqa: BLE001  # as an interpreter does with what nobody catches
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:] == ["crawl"])

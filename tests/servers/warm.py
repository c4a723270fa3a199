"""Crawl processes that start warm: one process has loaded everything, and each crawl of a test is a fork of it.

A crawl loads calendars and a gazetteer for some seconds, in every process anew; a suite of fifty crawls would do little
else. The forked process runs `scrapers.crawl_process.main` with the pipes, folder and environment of the one that was
to be started, and holds lock and pid itself, so it can be killed as any other. Everything but
`python -m scrapers.crawl_process` goes to the real interpreter.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_CLIENT = """#!{python} -IS
import json, os, socket, sys
if sys.argv[1:] != ["-m", "scrapers.crawl_process"]:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
socket.send_fds(line, [json.dumps([os.getcwd(), dict(os.environ)]).encode() + b"\\n"], [0, 1, 2])
code = line.recv(16)
os._exit(int(code or b"70") % 256)
"""


@contextmanager
def warm_python(folder: Path) -> Iterator[str]:
    """A stand-in for `sys.executable` whose crawls start warm; ends with the block."""
    address = f"{folder}/warm.sock"
    program = [sys.executable, __file__, address]
    server = subprocess.Popen(program, cwd=_ROOT, env=os.environ | {"PYTHONPATH": str(_ROOT)}, stdout=subprocess.PIPE)
    assert server.stdout is not None
    assert server.stdout.readline() == b"warm\n"
    client = folder / "python"
    client.write_text(_CLIENT.format(python=sys.executable, address=address))
    client.chmod(0o755)
    try:
        yield str(client)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def _serve(address: str) -> None:
    _load()
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
            _attend(line)
        line.close()


def _load() -> None:
    from datetime import UTC, datetime

    import scrapy.core.downloader.handlers.http11  # noqa: F401

    import scrapers.crawl_process  # noqa: F401
    from pipelines.read import read_page

    page = b"<html><body><h3><a href='/en/web/x/-/a'>A day in Oslo</a></h3><span>1 May 2024 Oslo</span></body></html>"
    assert "twisted.internet.reactor" not in sys.modules, "each crawl installs its own"
    read_page("http://127.0.0.1/en/web/x/newsroom", page, "text/html", datetime.now(UTC), "liferay", {})


def _attend(line: socket.socket) -> None:
    """Fork the crawl, wait for it, say how it ended."""
    told, files, _, _ = socket.recv_fds(line, 1 << 20, 3)
    while not told.endswith(b"\n"):
        told += line.recv(1 << 16)
    pid = os.fork()
    if pid == 0:
        line.close()
        _crawl(told, files)
    for file in files:
        os.close(file)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):
        line.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _crawl(told: bytes, files: list[int]) -> None:
    folder, environment = json.loads(told)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    code = 70
    try:
        from scrapers.crawl_process import main

        code = main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1])

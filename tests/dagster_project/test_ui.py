"""The web UI in a real browser: the graph that `make dev` opens."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from dagster_project.definitions import defs
from dagster_project.resources import INSTANCE_YAML

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
NAMES = ["captures", "raw_entries", "refined_entries", "curated", "release"]
QUIET_BROWSER = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def webserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Dagster's web server on a free port, with the instance settings that are shipped; its address."""
    home = tmp_path_factory.mktemp("dagster_home")
    shutil.copy(INSTANCE_YAML, home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [Path(sys.executable).parent / "dagster-webserver", "-h", "127.0.0.1", "-p", str(port)]
    environment = os.environ | {"DAGSTER_HOME": str(home), "HOME": str(home), "CITYHARVEST_DATA": str(home / "data")}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "-m", "dagster_project.definitions"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/server_info", process, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"no answer in {seconds} s: {log.read_text()}")


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=QUIET_BROWSER)
        try:
            page = browser.new_page(viewport={"width": 1600, "height": 1000})
            page.set_default_timeout(30_000)
            yield page
        finally:
            browser.close()


def test_the_asset_graph_shows_the_street(webserver: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{webserver}/asset-groups")
    for name in NAMES:
        # The graph itself, not the list beside it.
        expect(page.locator("foreignObject").get_by_text(name, exact=True).first).to_be_visible()
    if target := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(target) / "asset_graph.png"))
    strangers = {
        url for url in asked if not url.startswith((webserver, webserver.replace("http", "ws"), "data:", "blob:"))
    }
    assert strangers == set(), "the page asked another host"


def test_schedules_are_listed(webserver: str, page: Page) -> None:
    page.goto(f"{webserver}/automation")
    for schedule in defs.get_repository_def().schedule_defs:
        expect(page.get_by_text(schedule.name, exact=True).first).to_be_visible()
    if target := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=str(Path(target) / "automation.png"))

"""For all tests: where the browser is, and saying so when browser tests are left out."""

from __future__ import annotations

import gc
import os
import shutil

import pytest
from sample_release import Harvested, harvested_once

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_configure(config: pytest.Config) -> None:
    """Where the browser is required, its absence is an error."""
    if CHROMIUM is None and os.environ.get("CI_REQUIRES_BROWSER"):
        raise pytest.UsageError("chromium is missing, and the browser tests need it: install chromium")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser its tests are left out, never in silence: the summary says so."""
    browser = [item for item in items if item.get_closest_marker("browser")]
    if CHROMIUM is None and browser:
        config.hook.pytest_deselected(items=browser)
        items[:] = [item for item in items if item not in browser]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Modules and tests stay to the end: the collector need not walk over them hundreds of times."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    gc.unfreeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tests run in several processes, and this one, which reports, may have collected none."""
    if CHROMIUM is None:
        terminalreporter.section("left out")
        terminalreporter.write_line("the browser tests (`pytest -m browser`), because chromium is not installed")


@pytest.fixture(scope="session")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Harvested:
    """The sample pages, harvested once for all processes."""
    return harvested_once(tmp_path_factory)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; tests that ask for it carry the marker `browser`."""
    assert CHROMIUM, "the test lacks the marker `browser`"
    return CHROMIUM

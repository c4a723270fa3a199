"""For all tests: where the browser is, and saying so when browser tests are left out."""

from __future__ import annotations

import os
import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LEFT_OUT: list[str] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser its tests are left out, never in silence; where it is required that is an error."""
    browser = [item for item in items if item.get_closest_marker("browser")]
    if CHROMIUM or not browser:
        return
    if os.environ.get("CI_REQUIRES_BROWSER"):
        raise pytest.UsageError(f"chromium is missing, and {len(browser)} browser tests need it: install chromium")
    LEFT_OUT.extend(item.nodeid for item in browser)
    config.hook.pytest_deselected(items=browser)
    items[:] = [item for item in items if item not in browser]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LEFT_OUT:
        terminalreporter.section("left out")
        terminalreporter.write_line(f"{len(LEFT_OUT)} browser tests, because chromium is not installed:")
        for name in LEFT_OUT:
            terminalreporter.write_line(f"  {name}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; tests that ask for it carry the marker `browser`."""
    assert CHROMIUM, "the test lacks the marker `browser`"
    return CHROMIUM

"""Whether this machine can render pages: the package and the browser that `browser: true` needs.

What belongs here: finding the two, and saying what to install. What does not: Scrapy, rendering (`browser`).
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

VARIABLE = "CITYHARVEST_CHROMIUM"
"""Environment variable: the path of the browser, where it is not found by its name."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class BrowserMissingError(RuntimeError):
    """A source has to be rendered and this machine can not; its text says what to install."""


def chromium() -> str | None:
    """The browser: that of `CITYHARVEST_CHROMIUM`, else the first of the usual names on the PATH."""
    given = os.environ.get(VARIABLE, "").strip()
    return shutil.which(given) if given else next(filter(None, map(shutil.which, _NAMES)), None)


def require_browser(source: str) -> None:
    """Raise BrowserMissingError when pages can not be rendered here."""
    remedies = []
    if find_spec("scrapy_playwright") is None:
        remedies.append("`pip install 'cityharvest[browser]'`")
    if chromium() is None:
        given = os.environ.get(VARIABLE, "").strip()
        wrong = f" ({VARIABLE} names {given!r}, which is no program)" if given else ""
        remedies.append(f"chromium from your system's packages, or its path in {VARIABLE}{wrong}")
    if remedies:
        raise BrowserMissingError(f"source {source} has browser: true, and this machine lacks {' and '.join(remedies)}")

"""The data dictionary in a browser: light, dark, on a phone, with hostile values, and nothing else is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from metadata_parts import HOSTILE, hostile_tables, released
from playwright.sync_api import Page, sync_playwright

from pipelines.publish.files.text import one_line

pytestmark = pytest.mark.browser
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    tables = hostile_tables()
    for row, text in zip(tables["entries"], HOSTILE, strict=True):
        row["place_raw"] = text
    folder: Path = released(tmp_path_factory.mktemp("page"), tables).folder
    return (folder / "dictionary.html").as_uri()


def test_the_dictionary_is_readable_everywhere(address: str, chromium: str) -> None:
    said: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            light = opened(
                browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light"), address, said
            )
            assert light.evaluate(FITS) and light.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
            assert light.get_by_role("region", name="Columns of entries", exact=True).count() == 1
            rows = light.get_by_role("rowheader", name="place_raw")
            shown = rows.first.locator("xpath=..").locator("bdi").all_inner_texts()
            assert shown == [one_line(text) for text in HOSTILE[:2]]
            dark = opened(browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark"), address, said)
            assert dark.evaluate(FITS) and dark.evaluate(BACKGROUND) == "rgb(20, 24, 28)"
            dark.keyboard.press("Tab")
            assert dark.evaluate("document.activeElement.textContent") == "To the tables"
        finally:
            browser.close()
    assert said == [], "the page loads something, runs something, or breaks its own policy"


def opened(page: Page, address: str, said: list[str]) -> Page:
    """The page, open; what it complains about or loads beside itself goes into `said`."""
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: said.append(request.url) if request.url != address else None)
    page.goto(address)
    return page

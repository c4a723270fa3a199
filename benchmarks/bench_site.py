"""How long the site of a release takes to make, and to be used in a browser.

    python benchmarks/bench_site.py [--entries N]... [--keep DIR]

What belongs here: seconds and bytes of writing the site of N synthetic entries; in Chromium, from a folder: the first
view, the first filter (which loads the index), further filters, a search in all summaries, each other view, an entry.
What does not: whether the page is right; tests say that.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench_publish import NOW, build, seconds
from playwright.sync_api import Page, sync_playwright

from pipelines.publish.declared import released
from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files.changes import write_changes
from pipelines.publish.site import write_site
from pipelines.reference import load_yaml
from warehouse.build import connect
from warehouse.layout import DataFolder
from warehouse.releases import DATABASE

QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
# What the entries of bench_publish lack: topics and cities as the reference data have them, words that differ.
_SPREAD = """
UPDATE entries SET
    topics = CASE WHEN hash(entry_id) % 3 = 0 THEN []
                  ELSE [$1[1 + (hash(entry_id, 1) % len($1))::INTEGER]] END,
    city_ids = ['city-' || hash(entry_id, 3) % 2000], cities = ['A city'],
    summary = summary || ' Word' || hash(entry_id, 4) % 5000"""
_CITIES = """
INSERT INTO cities BY NAME
SELECT 'city-' || i AS city_id, 'City ' || i AS name, ['FR', 'NO', 'PT', 'DE', 'PL', 'GB'][1 + i % 6] AS country,
       37 + hash(i) % 270 / 10 AS latitude, -9 + hash(i, 1) % 450 / 10 AS longitude, 'place' AS status
FROM range(2000) r(i)"""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--entries", type=int, action="append", help="20,000 and 200,000 unless told")
    options.add_argument("--keep", type=Path, help="leave the releases here, to look at")
    asked = options.parse_args()
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory() as folder:
        for entries in asked.entries or [20_000, 200_000]:
            release = (asked.keep or Path(folder)) / str(entries)
            print_writing(release, entries)
            if browser is None:
                print("  no chromium here: the pages were not opened")
                continue
            print_using(browser, release / "site" / "index.html")


def print_writing(release: Path, entries: int) -> None:
    """Make a release of the tables, its changes and the site."""
    data = DataFolder(release.with_name(f"{entries}-data"))
    build(data, entries)
    topics = list(load_yaml("topics.yaml")["topics"])
    with connect(data.build) as con:
        con.execute("DELETE FROM cities")
        con.execute(_CITIES)
        con.execute(_SPREAD, [topics])
    release.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(data.build, release / DATABASE)
    with connect(release / DATABASE, read_only=True) as con:
        tables = released(con)
        counts = {table.name: con.table(table.name).count("*").fetchall()[0][0] for table in tables}
        facts = ReleaseFacts("bench", NOW, "", tables, counts)
        write_changes(con, release, facts)
        took = seconds(lambda: write_site(con, release, facts))
    files = [path for path in (release / "site").rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{entries} entries: written in {took:.2f} s, {len(files)} files, {size / 1e6:.1f} MB")


def print_using(browser: str, page: Path) -> None:
    """Open the page from its folder and use it."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser, args=QUIET)
        try:
            opened.new_page().goto(page.as_uri())  # so that the browser itself is warm
            measure(opened.new_page(viewport={"width": 1280, "height": 900}), page.as_uri())
        finally:
            opened.close()


def measure(page: Page, address: str) -> None:
    """Print milliseconds of each step, as the reader waits for it."""
    print_step("first view", lambda: show(page, address, ""))
    print(f"    painted after {painted(page):.0f} ms by the browser's own clock")
    print_step("first filter, loads the index", lambda: show(page, address, "#/entries?kind=practice"))
    print_step("another filter", lambda: show(page, address, "#/entries?kind=practice&topic=education&from=2018"))
    print_step("search, loads all summaries", lambda: show(page, address, "#/entries?q=word77"))
    print_step("another search", lambda: show(page, address, "#/entries?q=neighbours+word12"))
    for view in ("timeline", "topics", "map", "sources", "downloads"):
        print_step(view, lambda view=view: show(page, address, f"#/{view}"))  # type: ignore[misc]
    show(page, address, "#/entries")
    entry = page.locator("ol.list a").nth(30).get_attribute("href")
    print_step("an entry", lambda: show(page, address, str(entry)))


def show(page: Page, address: str, fragment: str) -> None:
    """Go there, and wait until it is drawn."""
    if fragment:
        page.evaluate("fragment => { location.hash = fragment; }", fragment)
    else:
        page.goto(address, wait_until="commit")
    page.wait_for_selector(f'#content[data-drawn="{fragment}"][data-whole="true"]', timeout=120_000)


def painted(page: Page) -> float:
    """When the browser first painted text, in milliseconds since it began to load the page."""
    page.wait_for_timeout(200)
    return float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))


def print_step(what: str, work: Callable[[], object]) -> None:
    """Time one step."""
    begun = time.perf_counter()
    work()
    print(f"  {what}: {1000 * (time.perf_counter() - begun):.0f} ms")


if __name__ == "__main__":
    main()

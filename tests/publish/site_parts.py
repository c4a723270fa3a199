"""For the tests of the site: warehouses to make it of, and a browser that tells what went wrong in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from publish_parts import NOW, SEEN, Tables, build, entry, raw, version

from pipelines.publish.declared import released
from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files.changes import write_changes
from pipelines.publish.release import Release, publish
from pipelines.publish.site import rows, write_site
from pipelines.reference import city
from warehouse.build import connect
from warehouse.layout import DataFolder

QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
VIEWS = ("entries", "timeline", "topics", "map", "changes", "sources", "dictionary", "downloads")
CITIES = ("pt-lisbon", "fr-lyon", "no-oslo", "ca-montreal", "pl-lublin", "ie-dublin")
TOPICS = ("education", "sport", "participation", "welcoming-newcomers")
KINDS = ("event", "news", "practice", "resource", "call")
ROLES = {"event": "event", "practice": "period", "call": "deadline"}
SINCE_2018 = ("Neighbours answer rumours in Oslo", "Rumour theatre in Lyon", "Rumours at the hairdresser's")
OTHERS_ON_RUMOURS = {
    20: ("practice", date(2012, 1, 1), date(2014, 12, 31), "Anti-rumour agents of the first days"),
    21: ("event", date(2019, 5, 3), date(2019, 5, 3), "Meeting of anti-rumour cities"),
}


def some_entries(number: int = 120) -> Tables:
    """A warehouse of so many entries: 1 to 3 are what cities did about rumours since 2018, 10 was told four times."""
    made = [_entry(n) for n in range(1, number + 1)]
    tables: Tables = {
        "entries": made,
        "entry_sources": [raw(n, source="pages" if n % 4 == 0 else "listing") for n in range(1, number + 1)],
        "entry_versions": [version(n) for n in range(1, number + 1)],
        "entry_links": [
            {"entry_id": made[9]["entry_id"], "url": "https://www.example.org/a.pdf", "label": "Agenda",
             "role": "document"}
        ],
        "cities": [city(key).row() for key in CITIES],
        "sources": [
            {"source": key, "title": title, "publisher": "Somebody", "scope": "programme", "status": "active",
             "captures": 1, "entries": number, "last_run_outcome": "complete", "last_complete_at": SEEN,
             "data_as_of": SEEN} for key, title in (("listing", "A list of events"), ("pages", "Single pages"))
        ],
        "entry_redirects": [
            {"entry_id": "ce-gone", "target_id": made[0]["entry_id"], "reason": "merged", "since": SEEN}
        ],
        "left_out": [],
    }  # fmt: skip
    for mention in range(3):
        tables["entry_sources"].append(
            raw(1000 + mention, entry_id=made[9]["entry_id"], source="pages", title="Kafé open to all",
                date_raw="May 2024", match_reason="same title and date", match_score=0.97)
        )  # fmt: skip
    return tables


def _entry(n: int) -> dict[str, Any]:
    place, kind = city(CITIES[n % len(CITIES)]), KINDS[n % len(KINDS)]
    start = date(2010, 1, 1) + timedelta(days=41 * n)
    said: dict[str, Any] = {
        "kind": kind, "date_role": ROLES.get(kind, "published"), "title": f"Open day {n}", "summary": f"Word{n} of it.",
        "start_date": start, "end_date": start, "topics": [TOPICS[n % len(TOPICS)]] if n % 3 else [],
        "cities": [place.name], "city_ids": [place.city_id], "countries": [place.country], "is_online": n % 7 == 0,
        "url": f"https://www.example.org/{n}", "date_reason": "rule: date", "place_raw": f"{place.name} (city)",
    }  # fmt: skip
    if n <= len(SINCE_2018):
        said |= {"kind": "practice", "date_role": "period", "title": SINCE_2018[n - 1], "topics": ["anti-rumours"],
                 "start_date": date(2015 + n, 1, 1), "end_date": None if n == 1 else date(2021, 12, 31),
                 "is_ongoing": n == 1, "date_precision": "year", "date_raw": f"since {2015 + n}"}  # fmt: skip
    if n in OTHERS_ON_RUMOURS:
        other, first, last, title = OTHERS_ON_RUMOURS[n]
        said |= {"kind": other, "date_role": ROLES[other], "title": title, "topics": ["anti-rumours"],
                 "start_date": first, "end_date": last}  # fmt: skip
    if n == 10:
        said |= {"title": "Café für alle: Łódź lädt ein", "source_count": 4, "sections": '{"purpose": "To meet."}'}
    if n % 30 == 29:
        said |= {"start_date": None, "end_date": None, "date_raw": None, "date_precision": None, "date_role": None}
    return entry(n, **said)


@contextmanager
def small_parts() -> Iterator[None]:
    """Parts as small as a big release would have them many."""
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("INDEX", 50), ("TEXTS", 30), ("ENTRIES", 20)):
            patch.setattr(rows, name, size)
        yield


def release_of(folder: Path, tables: Tables, days: int = 0) -> Release:
    """A release as it is published."""
    data = DataFolder(folder)
    build(data, tables)
    with small_parts():
        return publish(data, [], NOW + timedelta(days=days))


def site_of(folder: Path, tables: Tables) -> Path:
    """Only the site, of rows that no gate has looked at."""
    data = DataFolder(folder)
    build(data, tables)
    release = folder / "release"
    release.mkdir()
    with connect(data.build, read_only=True) as con, small_parts():
        counts = {table: len(found) for table, found in tables.items()}
        facts = ReleaseFacts("r1", datetime(2024, 11, 2, tzinfo=UTC), "", released(con), counts)
        write_changes(con, release, facts)
        write_site(con, release, facts)
    return release / "site"


def payload(path: Path) -> Any:
    """What a data file gives to the page."""
    call = re.fullmatch(r"cityharvest\((.*)\);\n", path.read_text(encoding="utf-8"), re.DOTALL)
    assert call
    name, number, release, content = json.loads(f"[{call[1]}]")
    assert path.stem == (name if number is None else f"{name}-{number:03d}")
    assert release
    return content


@contextmanager
def browsing(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """A page, and all that went wrong in it or left it."""

    def __init__(self, browser: Browser, **said: Any) -> None:
        self.context = browser.new_context(viewport=said.pop("viewport", {"width": 1280, "height": 900}), **said)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(8_000)
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"
        )

    def show(self, site: Path | str, fragment: str = "") -> Page:
        """Open a view, and wait until it is whole."""
        address = site if isinstance(site, str) else (site / "index.html").as_uri()
        self.page.goto("about:blank")
        self.page.goto(address + fragment)
        return self.drawn()

    def drawn(self) -> Page:
        """Wait until what the address asks for is drawn, with all that has to be loaded for it."""
        fragment = self.page.evaluate("location.hash")
        self.page.wait_for_selector(f'#content[data-drawn="{fragment}"][data-whole="true"]')
        return self.page

    def titles(self) -> list[str]:
        return self.page.locator("ol.list h2").all_inner_texts()

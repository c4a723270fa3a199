"""The site in a real browser when pages said what would be a script, a link that runs or a line that turns around."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from publish_parts import Tables, entry, raw
from site_parts import VIEWS, Watched, browsing, site_of, some_entries

pytestmark = pytest.mark.browser
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
HALF = "half of a character:"
SCRIPTS = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\"'><svg/onload=alert(3)>",
    "');alert(4);//",
    '"});alert(5);cityharvest("first",null,"r1",{',
    "${alert(6)} `alert(7)` {{alert(8)}}",
    "<!--<script>\u2028alert(9)\u2029",
    "javascript:alert(10)",
    "]]><style>body{display:none}</style><base href=https://example.org/>",
)
UGLY = (
    "\u202eturned around\u202d and \u2066kept\u2067 apart",
    "null \x00 bell \x07 escape \x1b[2J delete \x7f mark \ufeff",
    "W" * 10_000,
    "Zal\u0300\u0301\u0302\u0303\u0304" * 50,
    "\u0645\u062f\u064a\u0646\u0629 \u05e2\u05d9\u05e8 city",
    HALF,
    "__proto__",
    "   \n\n\t  ",
)
ADDRESSES = (
    "javascript:alert(11)", "JaVaScRiPt:alert(12)", " \tjavascript:alert(13)", "java\nscript:alert(14)",
    "data:text/html,<script>alert(15)</script>", "vbscript:alert(16)", "//example.org/x",
    "https://example.org/\"onmouseover=\"alert(17)", "http:alert(18)", "file:///etc/passwd", "", "x" * 5000,
)  # fmt: skip


def hostile(text: str, number: int) -> dict[str, Any]:
    return entry(
        number, title=text, subtitle=text, summary=text, date_raw=text, date_reason=text, place_raw=text, venue=text,
        sections=json.dumps({"purpose": text, text: text, "process": {"deeper": [text]}}), timezone_raw=text,
        url=ADDRESSES[number % len(ADDRESSES)], topics=[text], cities=[text], city_ids=[text], countries=["FR", text],
        language=text, source_count=2,
    )  # fmt: skip


def tables() -> Tables:
    made = some_entries(30)
    texts = [*SCRIPTS, *UGLY]
    numbers = range(1, len(texts) + 1)
    made["entries"] = [hostile(text, number) for text, number in zip(texts, numbers, strict=True)]
    made["entry_sources"] = [
        raw(number, source="listing", page_url=ADDRESSES[number % len(ADDRESSES)], title=text, date_raw=text,
            place_raw=text, match_reason=text, match_score=0.5)
        for text, number in zip(texts, numbers, strict=True)
    ]  # fmt: skip
    made["entry_versions"] = []
    made["entry_redirects"] = []
    made["entry_links"] = [
        {"entry_id": "ce-000000000001", "url": address, "label": texts[at % len(texts)], "role": "document"}
        for at, address in enumerate(ADDRESSES)
    ]
    made["cities"] = [
        {
            "city_id": text,
            "name": text,
            "country": "FR",
            "latitude": 45.0 + at / 10,
            "longitude": 4.0,
            "status": "place",
        }
        for at, text in enumerate(texts)
    ]
    for source, text in zip(made["sources"], SCRIPTS, strict=False):
        source |= {"title": text, "publisher": text}
    return made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of hostile rows; halves of characters, which no database holds, are put into its data by hand."""
    folder = site_of(tmp_path_factory.mktemp("hostile"), tables())
    for path in (folder / "data").glob("*.js"):
        path.write_text(path.read_text(encoding="utf-8").replace(HALF, HALF + "\\ud800 \\udc00"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browsing(chromium) as found:
        yield found


def check(page: Page, view: str) -> None:
    """Nothing that a page said is an element, an attribute that runs, or an address that does."""
    strange = "main script, main iframe, main img, main style, main base, main object, main embed, main svg:not(.map)"
    assert page.locator(f"{strange}, #panel script, #panel img, [onload], [onerror], [onmouseover]").count() == 0, view
    for link in page.locator("a[href]").all():
        href = str(link.get_attribute("href"))
        assert href.startswith(("#", "../", "https://", "http://")), (view, href)
        if href.startswith("http"):
            assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    assert page.evaluate(FITS), f"{view} is wider than the window"
    assert not any(0x202A <= ord(c) <= 0x202E or ord(c) < 9 for c in page.locator("body").inner_text()), view


@pytest.mark.parametrize("width", [360, 1280])
def test_no_view_runs_or_breaks(site: Path, browser: Browser, width: int) -> None:
    watched = Watched(browser, viewport={"width": width, "height": 800})
    for view in (*VIEWS, "entries?q=alert", "topics?country=FR"):
        check(watched.show(site, f"#/{view}"), view)
    for number in range(1, len(SCRIPTS) + len(UGLY) + 1):
        check(watched.show(site, f"#/entry/ce-{number:012x}"), f"entry {number}")
    watched.context.close()
    assert watched.wrong == [], "a dialog, an error or a breach of the policy"


def test_what_was_said_is_shown_as_it_was_said(site: Path, browser: Browser) -> None:
    watched = Watched(browser)
    page = watched.show(site, "#/entry/ce-000000000001")
    expect(page.locator("h1")).to_have_text(SCRIPTS[0])
    assert page.title() == f"{SCRIPTS[0]} · cityharvest"
    links = page.locator("article section", has_text="Links").first.locator("li")
    assert links.count() == len(ADDRESSES)
    assert [str(a.get_attribute("href"))[:20] for a in links.locator("a").all()] == [
        "http://alert(18)/",
        'https://example.org/%22onmouseover=%22alert(17)'[:20],
    ]  # fmt: skip
    page = watched.show(site, f"#/entry/ce-{len(SCRIPTS) + 6:012x}")
    expect(page.locator("h1")).to_have_text(f"{HALF}\ufffd \ufffd")
    page = watched.show(site, f"#/entry/ce-{len(SCRIPTS) + 1:012x}")
    expect(page.locator("h1")).to_have_text("turned around and kept apart")
    watched.context.close()
    assert watched.wrong == []


@pytest.mark.parametrize(
    "fragment",
    [
        "#/entries?q=<img src=x onerror=alert(1)>&topic=</script>&from=9999&to=-5&sort=x&kind=%00",
        "#/<script>alert(1)</script>",
        "#/entry/%3Cscript%3Ealert(1)%3C/script%3E",
        "#/__proto__",
        "#/constructor?topic=__proto__&city=constructor",
        "#%%%&&&==??#",
    ],
)
def test_addresses_that_somebody_else_made_up_are_harmless(site: Path, browser: Browser, fragment: str) -> None:
    watched = Watched(browser)
    watched.page.goto((site / "index.html").as_uri() + fragment)
    expect(watched.page.locator("#content[data-whole='true'] h1")).to_be_visible()
    check(watched.page, fragment)
    watched.context.close()
    assert watched.wrong == []

"""The site of a release in a real browser, from its folder: search, filters, every view, light and dark, any width."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from publish_parts import raw, version
from site_parts import SINCE_2018, VIEWS, Watched, browsing, payload, release_of, some_entries

pytestmark = pytest.mark.browser
ENTRY = "ce-00000000000a"  # told four times
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second release of a history: the first had neither the last entry nor today's name of the third."""
    root, tables = tmp_path_factory.mktemp("site"), some_entries()
    earlier = some_entries(119)
    earlier["entries"][2]["title"] = "Rumours at the barber's"
    tables["entries"][2]["subtitle"] = "Ask the desk: [phone removed]"
    earlier["entries"][6]["relevance"] = 0.25
    earlier["entry_sources"].append(raw(2000, entry_id="ce-gone"))
    earlier["entry_versions"].append(version(2000, entry_id="ce-gone", raw_entry_id=f"raw-{2000:016x}"))
    earlier["entries"].append(earlier["entries"][0] | {"entry_id": "ce-gone", "title": "Told twice"})
    earlier["entry_redirects"] = []
    release_of(root, earlier)
    return release_of(root, tables, days=7).folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Path:
    return folder / "site"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with browsing(chromium) as found:
        yield found


@pytest.fixture
def seen(browser: Browser) -> Iterator[Watched]:
    """A wide page in light colours; whatever goes wrong in it fails the test."""
    watched = Watched(browser, color_scheme="light")
    yield watched
    watched.context.close()
    assert watched.wrong == []


@pytest.fixture(scope="module")
def asked(folder: Path) -> Any:
    """SQL over the release, as a list of its first column."""

    def ask(query: str) -> list[Any]:
        with duckdb.connect(str(folder / "cityharvest.duckdb"), read_only=True) as con:
            return [row[0] for row in con.execute(query).fetchall()]

    return ask


def value(watched: Watched, facet: str, name: str) -> Any:
    return watched.page.locator(f'#panel button[data-facet="{facet}"][data-value="{name}"]')


def test_what_cities_did_about_rumours_since_2018_is_three_clicks_away(site: Path, seen: Watched) -> None:
    page = seen.show(site)
    value(seen, "topic", "anti-rumours").click()
    page.locator('#panel [data-year="2018"]').click()
    value(seen, "kind", "practice").click()
    assert set(seen.drawn().locator("ol.list h2").all_inner_texts()) == set(SINCE_2018)
    expect(page.locator("h1")).to_have_text("3 of 120 entries")
    assert page.title() == "3 entries, Entries · cityharvest"
    page.go_back()
    seen.drawn()
    assert len(seen.titles()) == 4, "the back button takes the last filter away"
    page.get_by_role("button", name="Clear since 2018").click()
    seen.drawn()
    assert len(seen.titles()) == 5
    page.get_by_role("button", name="Clear Anti-rumours").click()
    seen.drawn()
    expect(page.locator("h1")).to_have_text("120 entries")


def test_search_knows_no_accents_and_reads_summaries(site: Path, seen: Watched) -> None:
    page = seen.show(site)
    box = page.get_by_label("Search")
    for words, found in (
        ("cafe lodz", ["Café für alle: Łódź lädt ein"]),
        ("word77", ["Open day 77"]),
        ("lisbon word78", ["Open day 78"]),
        ("HAIRDRESSER", ["Rumours at the hairdresser's"]),
    ):
        box.fill(words)
        expect(page.locator("ol.list h2")).to_have_text(found)
    box.fill("nothing says this")
    expect(page.get_by_text("No entry matches all of this.")).to_be_visible()
    page.get_by_role("button", name="Clear the search: 120 entries").click()
    seen.drawn()
    expect(box).to_have_value("")
    assert len(seen.titles()) == 50
    page.get_by_role("button", name="Show 50 more of 120").click()
    expect(page.locator("ol.list h2")).to_have_count(100)
    assert page.evaluate("document.activeElement.closest('li') === document.querySelectorAll('ol.list li')[50]")


def test_numbers_beside_values_are_what_a_click_gives(site: Path, seen: Watched, asked: Any) -> None:
    seen.show(site, "#/entries?country=FR&online=1")
    want = asked("SELECT count(*) FROM entries WHERE is_online AND list_contains(countries, 'NO')")
    expect(value(seen, "country", "NO").locator(".n")).to_have_text(str(want[0]))
    value(seen, "country", "NO").click()
    seen.drawn()
    both = asked("SELECT title FROM entries WHERE is_online AND list_has_any(countries, ['NO', 'FR'])")
    assert sorted(seen.titles()) == sorted(both)
    seen.show(site, "#/entries?source=pages&kind=event&sort=oldest")
    query = """SELECT e.title FROM entries e WHERE kind = 'event' AND entry_id IN
        (SELECT entry_id FROM entry_sources WHERE source = 'pages') ORDER BY start_date NULLS LAST"""
    assert seen.titles() == asked(query)


def test_a_city_is_chosen_by_its_name(site: Path, seen: Watched, asked: Any) -> None:
    page = seen.show(site)
    page.get_by_label("City").fill("Montréal, Canada")
    expect(page.locator("h1")).not_to_have_text("120 entries")
    seen.drawn()
    assert len(seen.titles()) == len(asked("SELECT title FROM entries WHERE list_contains(city_ids, 'ca-montreal')"))
    expect(value(seen, "city", "ca-montreal")).to_have_attribute("aria-pressed", "true")


def test_an_entry_shows_every_source_and_why(site: Path, seen: Watched) -> None:
    page = seen.show(site, "#/entries?q=cafe")
    page.locator("ol.list h2 a").click()
    seen.drawn()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.title() == "Café für alle: Łódź lädt ein · cityharvest"
    expect(page.locator(".sources > li")).to_have_count(4)
    expect(page.locator(".sources")).to_contain_text("Merged: same title and date (97 %)")
    read = page.locator("dl.read")
    expect(read).to_contain_text("“3 May 2024”")
    expect(read).to_contain_text("rule: date; exact to the day")
    expect(page.locator("article")).to_contain_text("To meet.")
    expect(page.get_by_role("link", name="Agenda")).to_have_attribute("rel", "noopener noreferrer nofollow")
    page.get_by_role("link", name="← Entries").click()
    seen.drawn()
    assert page.evaluate("location.hash") == "#/entries?q=cafe"


def test_an_id_that_went_leads_on_and_an_unknown_one_is_told(site: Path, seen: Watched) -> None:
    page = seen.show(site, "#/entry/ce-gone")
    page.get_by_role("link", name="ce-000000000001").click()
    seen.drawn()
    expect(page.locator("h1")).to_have_text(SINCE_2018[0])
    for unknown in ("ce-never", "", "ce-zzz", "%E0%A4%A"):
        expect(seen.show(site, f"#/entry/{unknown}").locator("h1")).to_have_text("Entry not found")


def test_the_timeline_follows_the_filters(site: Path, seen: Watched, asked: Any) -> None:
    page = seen.show(site, "#/timeline?topic=anti-rumours")
    bars = page.locator("ol.columns a")
    years = asked("""SELECT y::INTEGER || ': ' || count(*) FROM (SELECT unnest(range(year(start_date),
        1 + CASE WHEN is_ongoing THEN 2024 ELSE year(end_date) END)) AS y FROM entries
        WHERE list_contains(topics, 'anti-rumours')) GROUP BY y ORDER BY y""")
    assert [bar.get_attribute("aria-label").split(" ent")[0] for bar in bars.all()] == years  # type: ignore[union-attr]
    bars.last.click()
    seen.drawn()
    assert seen.titles() == [SINCE_2018[0]], "what was still going on"


def test_topics_by_country_narrow_with_a_click_and_by_keys(site: Path, seen: Watched, asked: Any) -> None:
    page = seen.show(site, "#/topics?kind=practice")
    want = asked("""SELECT count(*) FROM entries WHERE kind = 'practice' AND list_contains(topics, 'sport')
        AND list_contains(countries, 'FR')""")
    cell = page.get_by_role("link", name="Sport, France:")
    expect(cell).to_have_text(str(want[0]))
    links = page.locator("table.heat tbody a")
    assert page.locator("table.heat tbody a[tabindex='0']").count() == 1, "one stop for the tab key"
    links.first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    cell.click()
    seen.drawn()
    assert len(seen.titles()) == want[0]


def test_the_map_shows_cities_and_the_list_says_the_same(site: Path, seen: Watched, asked: Any) -> None:
    page = seen.show(site, "#/map")
    expect(page.locator("svg.map circle")).to_have_count(5)  # Montréal is not in Europe
    expect(page.locator(".above")).to_contain_text(
        "6 cities; a circle is as large as the number of entries. 1 of them lies"
    )
    page.get_by_role("button", name="World").click()
    expect(page.locator("svg.map circle")).to_have_count(6)
    ranks = page.locator("ol.ranks li")
    counts = asked("""SELECT max(c.name) || ' ' || count(*)
        FROM (SELECT unnest(city_ids) AS id FROM entries) JOIN cities c ON city_id = id GROUP BY id""")
    assert sorted(f"{li.locator('a').inner_text()} {li.locator('.n').inner_text()}" for li in ranks.all()) == sorted(
        counts
    )
    page.locator("svg.map circle", has=page.locator("title", has_text="Oslo")).click()
    seen.drawn()
    assert len(seen.titles()) == len(asked("SELECT 1 FROM entries WHERE list_contains(city_ids, 'no-oslo')"))


def test_changes_are_told_with_old_and_new(site: Path, seen: Watched) -> None:
    page = seen.show(site, "#/changes")
    assert page.locator("dl.sums dd").all_inner_texts() == ["1", "1", "1"]
    expect(page.locator("dl.pairs")).to_contain_text("Rumours at the barber's → Rumours at the hairdresser's")
    expect(page.locator("dl.pairs")).to_contain_text("Ask the desk: [phone removed]")
    expect(page.locator("dl.pairs")).not_to_contain_text("nothing")
    expect(page.locator("main")).to_contain_text("1 more entry changed only in figures")
    expect(page.locator("ul.changes")).to_have_count(3)
    expect(page.locator("main")).to_contain_text("It was merged into another entry.")
    page.get_by_role("link", name="See it").click()
    seen.drawn()
    expect(page.locator("h1")).to_have_text(SINCE_2018[0])


def test_sources_dictionary_and_downloads_say_what_there_is(folder: Path, seen: Watched) -> None:
    page = seen.show(folder / "site", "#/sources")
    expect(page.get_by_role("row", name="A list of events")).to_contain_text("1 November 2024")
    page = seen.show(folder / "site", "#/dictionary")
    expect(page.get_by_role("row", name="entry_id").first).to_contain_text("stable across releases")
    page = seen.show(folder / "site", "#/downloads")
    links = [str(a.get_attribute("href")) for a in page.locator("main a").all()]
    missing = [link for link in links if not (folder / "site" / link).resolve().is_file()]
    assert len(links) > 40 and missing == []


def test_colours_follow_the_system_until_somebody_chooses(site: Path, browser: Browser) -> None:
    dark = Watched(browser, color_scheme="dark")
    page = dark.show(site)
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == "rgb(20, 23, 26)"
    page.get_by_role("button", name="Use light colours").click()
    assert page.evaluate(colour) == "rgb(252, 251, 248)"
    page = dark.show(site, "#/sources")
    assert page.evaluate(colour) == "rgb(252, 251, 248)", "remembered"
    dark.context.close()
    assert dark.wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_on_any_width(site: Path, browser: Browser, scheme: Any) -> None:
    shots = os.environ.get("SCREENSHOTS")
    for width in (360, 768, 1280):
        watched = Watched(browser, color_scheme=scheme, viewport={"width": width, "height": 800})
        for view in (*VIEWS, f"entry/{ENTRY}", "entries?q=unheard", "timeline?topic=anti-rumours"):
            page = watched.show(site, f"#/{view}")
            assert page.evaluate(FITS), f"{view} is cut at {width} px"
            if width != 768:
                found = Axe().run(page, options={"preload": False}).response["violations"]
                assert [(each["id"], [n["html"] for n in each["nodes"]][:3]) for each in found] == [], (view, width)
            if shots:
                page.screenshot(
                    path=str(Path(shots) / f"site_{view.partition('?')[0].replace('/', '_')}_{width}_{scheme}.png")
                )
        watched.context.close()
        assert watched.wrong == []


def test_a_phone_has_its_filters_behind_one_button(site: Path, browser: Browser) -> None:
    phone = Watched(browser, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = phone.show(site)
    expect(page.get_by_label("Search")).to_be_hidden()
    page.get_by_text("Filters", exact=True).tap()
    value(phone, "topic", "anti-rumours").tap()
    phone.drawn()
    expect(page.get_by_text("Filters (1)")).to_be_visible()
    expect(page.locator("h1")).to_have_text("5 of 120 entries")
    phone.context.close()
    assert phone.wrong == []


def test_keys_reach_the_content_and_the_filters(site: Path, seen: Watched) -> None:
    page = seen.show(site, "#/entries?kind=event")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    assert page.evaluate("[document.activeElement.id, location.hash]") == ["content", "#/entries?kind=event"]
    topic = value(seen, "topic", "education")
    topic.focus()
    page.keyboard.press("Enter")
    seen.drawn()
    expect(topic).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(page.locator("h1").inner_text().split(" of ")[0] + " entries")


def test_the_first_view_loads_little_and_only_from_beside_it(site: Path, seen: Watched) -> None:
    page = seen.show(site)
    page.wait_for_timeout(300)
    names = {url.split("?")[0].rpartition("/site/")[2] for url in seen.asked}
    assert all(url.startswith((site.as_uri(), "about:")) for url in seen.asked)
    assert not any("entries-" in name or "texts-" in name or "data/map.js" in name for name in names), names
    assert page.locator("ol.list li").count() == 50


def test_under_any_address_it_works_the_same(folder: Path, seen: Watched) -> None:
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(folder.parent)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        base = f"http://127.0.0.1:{server.server_port}/{folder.name}/site/"
        page = seen.show(base, "#/entries?topic=anti-rumours&kind=practice")
        assert len(seen.titles()) == 4
        page.goto(f"{base}#/downloads")
        assert page.request.get(f"{base}../entries.csv").ok
        assert all(url.startswith((base, "about:")) for url in seen.asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_missing_part_and_a_newer_release_are_told(site: Path, browser: Browser, tmp_path: Path) -> None:
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    for path in copy.rglob("*.js"):
        path.chmod(0o644)
    (copy / "data" / "entries-000.js").unlink()
    index = copy / "data" / "index-001.js"
    other = payload(index)["id"][0]
    index.write_text(index.read_text(encoding="utf-8").replace(site.parent.name, "another", 1), encoding="utf-8")
    watched = Watched(browser)
    watched.page.goto((copy / "index.html").as_uri() + f"#/entry/{ENTRY}")
    expect(watched.page.get_by_role("alert")).to_contain_text("The file data/entries-000.js is missing")
    watched.page.goto("about:blank")
    watched.page.goto((copy / "index.html").as_uri() + "#/entries?q=day")
    expect(watched.page.get_by_role("alert")).to_contain_text("A newer release is here now. Reload the page.")
    watched.context.close()
    assert other

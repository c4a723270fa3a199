"""Harvests of a site that was harvested before: what is unchanged costs nothing, and is still seen."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from contextlib import suppress

import pandas as pd
import pytest
from test_crawl_ends import wait_until
from testweb import ITEM, LIST, Site

from pipelines.read.runs import read_run
from scrapers.asking.validators import Known, Outline, Validators, store_path
from scrapers.captures.records import RunRecord
from scrapers.crawl import crawl
from warehouse.captures import Capture, read_captures
from warehouse.lake import read_table
from warehouse.layout import DataFolder
from warehouse.tables import SIGHTINGS

LISTS = 4  # three pages and the empty one behind them; they are walked twice, and the second time asked for changes


def kept(data: DataFolder, record: RunRecord) -> dict[str, Capture]:
    """The captures of a run by address; none of it may be damaged."""
    found = list(read_captures(data.captures(record.source, record.run_id) / "pages.warc.gz"))
    assert all(isinstance(capture, Capture) for capture in found), [f for f in found if not isinstance(f, Capture)]
    return {capture.url: capture for capture in found if isinstance(capture, Capture)}


def by_kind(site: Site) -> tuple[int, int]:
    """How many requests for pages were conditional, and how many of all were answered 304."""
    pages = [asked for asked in site.asked if asked.path != "/robots.txt"]
    return sum(asked.conditional for asked in pages), sum(asked.status == 304 for asked in pages)


def again(source, data: DataFolder, site: Site, **options: bool) -> RunRecord:
    site.asked.clear()
    return crawl(source, data, **options)


def test_a_site_that_did_not_change_is_asked_for_changes_only(site: Site, site_source, data: DataFolder) -> None:
    first = crawl(site_source(), data)
    assert (first.outcome, first.items, first.verdict) == ("complete", 12, "good")
    second = again(site_source(), data, site)
    assert by_kind(site) == (len(site.asked) - 1, len(site.asked) - 1), "robots.txt is asked for in any case"
    assert (second.outcome, second.items, second.verdict) == ("complete", 12, "good")
    assert (second.new, second.unchanged, second.bytes) == (0, second.captures, 0)
    assert second.responses == {"304": second.captures}
    before, after = kept(data, first), kept(data, second)
    assert {url: c.body for url, c in after.items()} == {url: c.body for url, c in before.items()}
    assert {c.record_type for c in after.values()} == {"revisit"}
    assert all(capture.captured_at > before[url].captured_at for url, capture in after.items())
    size = [(data.captures("local-news", r.run_id) / "pages.warc.gz").stat().st_size for r in (first, second)]
    assert size[1] < size[0]
    assert again(site_source(), data, site).outcome == "complete", "a third run rests on revisits only"


def test_the_sightings_of_unchanged_pages_are_those_of_their_entries(site: Site, site_source, data: DataFolder) -> None:
    records = [crawl(site_source(), data), crawl(site_source(), data)]
    for record in records:
        read_run(data, record.source, record.run_id, "liferay", {})
    sightings: pd.DataFrame = read_table(data, SIGHTINGS, "local-news")
    first, second = (sightings[sightings["run_id"] == record.run_id] for record in records)
    assert len(first) == len(second) > 12
    assert set(first["raw_entry_id"]) == set(second["raw_entry_id"])
    assert first["captured_at"].max() < second["captured_at"].min()


def test_what_changed_is_fetched_and_nothing_else(site: Site, site_source, data: DataFolder) -> None:
    crawl(site_source(), data)
    site.edits[site.slugs[3]] = 1
    site.validators = {"ETag"}
    record = again(site_source(), data, site)
    assert [asked.path for asked in site.asked if asked.status == 200] == ["/robots.txt", ITEM + site.slugs[3]]
    assert (record.new, record.outcome) == (1, "complete")
    site.slugs.insert(0, "walk-through-00099-")
    site.asked.clear()
    record = crawl(site_source(), data)
    assert ITEM + "walk-through-00099-" in {asked.path for asked in site.asked if asked.status == 200}
    assert record.items == 13


@pytest.mark.parametrize("given", [{"ETag"}, {"Last-Modified"}, set()])
def test_with_any_or_no_validators(site: Site, site_source, data: DataFolder, given: set[str]) -> None:
    site.validators = given
    first, second = crawl(site_source(), data), again(site_source(), data, site)
    assert by_kind(site)[1] == (second.captures if given else 0)
    assert (second.new, second.unchanged) == (0, first.captures), "the same bytes are no change"
    assert {c.body for c in kept(data, second).values()} == {c.body for c in kept(data, first).values()}


def test_another_etag_of_the_same_bytes_is_no_change(site: Site, site_source, data: DataFolder) -> None:
    first = crawl(site_source(), data)
    site.etag_salt = "another server of the same farm"
    second = again(site_source(), data, site)
    assert by_kind(site)[1] == LISTS
    assert (second.new, second.unchanged) == (0, first.captures)
    assert second.responses == {"200": first.captures - LISTS, "304": LISTS}
    third = again(site_source(), data, site)
    assert third.responses == {"304": first.captures}, "the new ETag is the one that is sent back"
    assert len(kept(data, third)) == len(kept(data, first))


def test_full_asks_for_everything_and_keeps_it(site: Site, site_source, data: DataFolder) -> None:
    first = crawl(site_source(), data)
    second = again(site_source(), data, site, full=True)
    assert by_kind(site) == (LISTS, LISTS)
    assert (second.new, second.full) == (first.new, True)
    shutil.rmtree(data.captures("local-news", first.run_id))
    third = again(site_source(), data, site)
    assert (third.new, len(kept(data, third))) == (0, third.captures - LISTS), "it refers to the full run"


def test_pages_whose_captures_are_gone_are_fetched_again(site: Site, site_source, data: DataFolder) -> None:
    first = crawl(site_source(), data)
    shutil.rmtree(data.captures("local-news", first.run_id))
    second = again(site_source(), data, site)
    assert (by_kind(site), second.new) == ((LISTS, LISTS), first.new)


def test_captures_that_are_damaged_are_fetched_again(site: Site, site_source, data: DataFolder) -> None:
    first = crawl(site_source(), data)
    path = data.captures("local-news", first.run_id) / "pages.warc.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    path.write_bytes(content)
    second = again(site_source(), data, site)
    assert 0 < second.new < first.new
    assert second.outcome == "complete"
    assert len(kept(data, second)) == first.captures - LISTS


def test_a_store_that_is_damaged_costs_one_full_crawl(site: Site, site_source, data: DataFolder) -> None:
    first = crawl(site_source(), data)
    store_path(data, "local-news").write_bytes(b"this is no database" * 99)
    assert again(site_source(), data, site).new == first.new
    assert again(site_source(), data, site).new == 0


def test_a_page_that_only_leads_on_is_not_kept_but_known(
    site: Site, site_port: int, site_source, data: DataFolder
) -> None:
    source = site_source(patterns=[f"127.0.0.1:{site_port}/{{locale}}/web/interculturalcities/-/{{slug}}"])
    first, second = crawl(source, data), again(source, data, site)
    assert by_kind(site)[1] == len(site.asked) - 1
    assert (second.captures, second.passed, second.outcome) == (first.captures, first.passed, "complete")


def test_another_reader_reads_the_kept_pages_again(site: Site, site_source, data: DataFolder) -> None:
    crawl(site_source(), data)
    with sqlite3.connect(store_path(data, "local-news")) as store:
        store.execute("update pages set reader = 'older', outline = ?", (Outline().to_json(),))
    record = again(site_source(), data, site)
    assert by_kind(site)[1] == len(site.asked) - 1
    assert (record.items, record.outcome) == (12, "complete"), "else it would follow the links of the older reader"


def test_a_page_that_refused_is_not_taken_for_known(site: Site, site_source, data: DataFolder) -> None:
    from misbehaviour import captcha

    page = ITEM + site.slugs[0]
    site.faults[page] = captcha()
    first = crawl(site_source(), data)
    assert (first.outcome, first.errors) == ("partial", {"captcha": 1})
    site.faults.clear()
    site.asked.clear()
    second = crawl(site_source(), data)
    assert [asked.conditional for asked in site.asked if asked.path == page] == [False]
    assert (second.outcome, second.new) == ("complete", 1)


def crawl_and_kill(source, data: DataFolder, site: Site, after: int, pause: float = 0.0) -> RunRecord:
    """Crawl in a thread, and kill the process once so many pages were asked for."""
    from test_crawl_ends import Crawling

    class Hits:
        hits = property(lambda self: {"all": len(site.asked)})

    crawling = Crawling(source, data, Hits(), after)  # type: ignore[arg-type]
    time.sleep(pause)
    with suppress(ProcessLookupError):
        os.kill(crawling.pid, signal.SIGKILL)
    return crawling.record()


def test_after_a_kill_the_next_run_goes_on_with_what_was_kept(site: Site, site_source, data: DataFolder) -> None:
    site.slugs = Site(items=40).slugs
    source = site_source(politeness={"concurrency": 1, "delay": 0.11})
    killed = crawl_and_kill(source, data, site, after=30)
    assert (killed.outcome, killed.finish_reason, killed.verdict) == ("partial", "killed", "partial")
    rows = sqlite3.connect(store_path(data, source.key)).execute("select count(*) from pages").fetchone()[0]
    assert 0 < rows <= killed.captures, "no validators without a capture"
    record = again(site_source(), data, site)
    assert (record.outcome, record.items) == ("complete", 40)
    assert by_kind(site)[1] >= rows, "what is known is not fetched again"
    bodies = {url: c.body for url, c in kept(data, record).items()}
    expected = {ITEM + slug: site.body(ITEM + slug)[1] for slug in site.slugs}
    assert {url.partition("/en/")[2]: b for url, b in bodies.items() if ITEM in url} == {
        path.removeprefix("/en/"): b for path, b in expected.items()
    }


@pytest.mark.torture
@pytest.mark.parametrize("moment", [0.05 * n for n in range(16)])
def test_a_kill_at_any_moment_loses_a_page_at_most(site: Site, site_source, data: DataFolder, moment: float) -> None:
    site.slugs = Site(items=40).slugs
    killed = crawl_and_kill(site_source(), data, site, after=1, pause=moment)
    answered = len({asked.path for asked in site.asked if asked.path != "/robots.txt"})
    assert killed.captures >= answered - 4 - 1, "those under way, and the one that was being written"
    record = again(site_source(), data, site)
    pages = kept(data, record)
    assert record.outcome == "complete"
    assert sum(ITEM in url for url in pages) == 40
    assert sum(LIST in url for url in pages) == 9


def test_validators_tell_a_known_page_only_while_its_capture_is_whole(data: DataFolder) -> None:
    from datetime import UTC, datetime

    store = Validators(data, "local-news", "20240501T080000Z-aaaa")
    known = Known("http://a.example/x", '"1"', None, "00", "sha1:AA", datetime.now(UTC), "20240401T080000Z-bbbb", 0)
    store.add(known)
    store.close()
    assert Validators(data, "local-news", "20240601T080000Z-cccc").find(known.url) is None
    wait_until(lambda: store_path(data, "local-news").is_file(), 1)


def test_captures_are_looked_at_only_when_their_file_is_not_as_it_was_left(
    site: Site, site_source, data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = crawl(site_source(), data)
    looked: list[Known] = []
    look = Validators.capture
    monkeypatch.setattr(Validators, "capture", lambda self, known: looked.append(known) or look(self, known))
    urls = list(kept(data, first))

    def found() -> int:
        looked.clear()
        store = Validators(data, "local-news", "20300101T000000Z-aaaa")
        return sum(store.find(url) is not None for url in urls)

    assert (found(), looked) == (len(urls), [])
    path = data.captures("local-news", first.run_id) / "pages.warc.gz"
    os.utime(path, (0, 0))
    assert (found(), len(looked)) == (len(urls), len(urls)), "another moment: each is looked at, and is whole"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 0 < found() < len(urls)
    path.unlink()
    assert found() == 0

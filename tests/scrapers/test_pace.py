"""How a crawl waits: turns at a host, delays that robots.txt names, Retry-After, budgets that outlast a run."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import misbehaviour as mis
import pytest
from protego import Protego
from scrapy.http import Response
from test_incremental import again
from testweb import ITEM, LIST, Site

from scrapers.asking.hosts import LONGEST_PAUSE, HostBook, SpentError, book_path
from scrapers.asking.politeness import user_agent
from scrapers.asking.retrying import asked_patience
from scrapers.asking.robots import delay_of
from scrapers.crawl import crawl
from warehouse.layout import DataFolder
from warehouse.storage import StorageError


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


def test_two_crawls_of_a_host_take_turns(data: DataFolder) -> None:
    clock = Clock()
    one, other = HostBook(data, clock), HostBook(data, clock)
    assert one.turn("a.example", 2, 9) == 0
    assert other.turn("a.example", 2, 9) == 2
    assert other.turn("b.example", 2, 9) == 0, "hosts do not wait for each other"
    clock.now += 2
    assert other.turn("a.example", 5, 9) == 0
    assert one.turn("a.example", 2, 9) == 2, "nobody waits longer than its own delay"
    assert (one.asked_today("a.example"), one.asked_today("c.example")) == (2, 0)


def test_a_pause_holds_for_all_and_is_never_shortened(data: DataFolder) -> None:
    clock = Clock()
    one, other = HostBook(data, clock), HostBook(data, clock)
    one.pause("a.example", 60)
    other.pause("a.example", 5)
    assert other.turn("a.example", 0, 9) == 60
    clock.now -= 7_200
    assert other.turn("a.example", 0, 9) <= LONGEST_PAUSE, "a clock that was set back"
    clock.now += 7_261
    assert other.turn("a.example", 0, 9) == 0


def test_the_budget_of_a_day_is_that_of_all_runs(data: DataFolder) -> None:
    clock = Clock()
    for _ in range(3):
        book = HostBook(data, clock)
        assert book.turn("a.example", 0, 3) == 0
        book.close()
    with pytest.raises(SpentError, match="3 requests to a"):
        HostBook(data, clock).turn("a.example", 0, 3)
    clock.now += 86_400
    assert HostBook(data, clock).turn("a.example", 0, 3) == 0


def test_a_book_that_is_damaged_is_made_anew(data: DataFolder) -> None:
    book_path(data).parent.mkdir(parents=True)
    book_path(data).write_bytes(b"no book" * 500)
    assert HostBook(data).turn("a.example", 0, 3) == 0


def test_a_book_that_can_not_be_written_is_no_licence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="book of hosts"):
        HostBook(DataFolder(tmp_path / "file"))


def test_the_daily_budget_ends_a_run_and_the_next(site: Site, site_source, data: DataFolder) -> None:
    first = crawl(site_source(politeness={"daily": 10}), data)
    assert (first.outcome, first.finish_reason, len(site.asked)) == ("partial", "daily budget", 10)
    second = again(site_source(politeness={"daily": 10}), data, site)
    assert (second.outcome, second.finish_reason, site.asked) == ("failed", "daily budget", [])
    assert "as often as it may be in a day" in (second.likely_cause or "")


def gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(moments)]


def test_a_delay_that_robots_txt_asks_for_is_kept(site: Site, site_source, data: DataFolder) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 0.3\n"
    site.slugs = site.slugs[:4]
    moments: list[float] = []
    paths = [LIST, *(ITEM + slug for slug in site.slugs)]
    site.faults = {path: lambda _: bool(moments.append(time.monotonic())) for path in paths}
    record = crawl(site_source(), data)
    assert record.outcome == "complete"
    assert len(moments) == 6
    assert sum(gaps(moments)) > 5 * 0.27  # each pause may look shorter where the server was kept waiting


def test_a_slow_server_is_asked_less_often(site: Site, site_source, data: DataFolder) -> None:
    """Two requests at once would come in pairs; AutoThrottle sets them apart by half of what an answer takes."""
    moments: list[float] = []
    slow = mis.slow(0.6)
    paths = [LIST, *(ITEM + slug for slug in site.slugs)]
    site.faults = {path: lambda handler: moments.append(time.monotonic()) or slow(handler) for path in paths}
    record = crawl(site_source(politeness={"delay": 0.02, "concurrency": 2}), data)
    assert record.outcome == "complete"
    apart = sorted(gaps(moments[-7:]))
    assert apart[1] > 0.12, apart


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 7\n", 7.0),
        ("User-agent: cityharvest\nCrawl-delay: 2.5\n\nUser-agent: *\nCrawl-delay: 7\n", 2.5),
        ("User-agent: *\nRequest-rate: 1/10\n", 10.0),
        ("User-agent: *\nDisallow: /x\n", 0.0),
        ("", 0.0),
    ],
)
def test_delays_of_robots_txt(text: str, seconds: float) -> None:
    assert delay_of(Protego.parse(text)) == seconds


NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "Sat, 21 Nov 2026 12:02:00 GMT"}, 120.0),
        ({"Retry-After": "Sat, 21 Nov 2026 12:02:00 GMT", "Date": "Sat, 21 Nov 2026 12:01:30 GMT"}, 30.0),
        ({"Retry-After": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_patience(Response("http://a.example/", status=429, headers=headers), NOW) == seconds


@pytest.mark.parametrize(("number", "after"), [(429, "1"), (503, 1.5)])
def test_retry_after_is_waited_for(site: Site, site_source, data: DataFolder, number: int, after: str | float) -> None:
    site.faults[LIST] = mis.status(number, times=1, retry_after=after)
    record = crawl(site_source(), data)
    assert (record.outcome, record.items) == ("complete", 12)
    assert record.responses[str(number)] == 1
    # An HTTP date has no fractions, so a second and a half may come as half a second.
    assert (record.finished_at - record.started_at).total_seconds() > (0.9 if number == 429 else 0.4)


def test_more_patience_than_we_have_ends_the_run_and_holds_for_the_next(
    site: Site, site_source, data: DataFolder
) -> None:
    site.faults[ITEM + site.slugs[2]] = mis.status(429, retry_after="3600")
    first = crawl(site_source(politeness={"concurrency": 1}), data)
    assert (first.outcome, first.finish_reason) == ("partial", "throttled")
    assert first.errors["throttled"] >= 1
    assert "less often" in (first.likely_cause or "")
    second = again(site_source(), data, site)
    assert (second.outcome, second.finish_reason, site.asked) == ("failed", "throttled", [])


def test_a_server_that_never_has_time_is_left_after_a_few_tries(site: Site, site_source, data: DataFolder) -> None:
    site.faults[LIST] = mis.status(429)
    record = crawl(site_source(politeness={"retries": 2}), data)
    assert (record.outcome, set(record.errors)) == ("failed", {"throttled"})
    assert sum(asked.status == 429 for asked in site.asked) <= 6, "two pages of the list, three tries each"


def test_further_tries_wait_longer_each_time(site: Site, site_source, data: DataFolder) -> None:
    moments: list[float] = []
    failing = mis.status(500)
    site.faults[LIST] = lambda handler: moments.append(time.monotonic()) or failing(handler)
    crawl(site_source(politeness={"retries": 2, "backoff": 0.3}), data)
    first, second = gaps(moments)[:2]
    assert first + second > 0.8
    assert first < second


def test_robots_txt_that_has_no_time_stops_everything(site: Site, site_source, data: DataFolder) -> None:
    site.faults["/robots.txt"] = mis.status(429)
    record = crawl(site_source(politeness={"retries": 0}), data)
    assert (record.outcome, set(record.errors)) == ("failed", {"throttled"})
    assert {asked.path for asked in site.asked} == {"/robots.txt"}


def test_no_cookie_outlives_an_answer(site: Site, site_source, data: DataFolder) -> None:
    given: list[str | None] = []

    def cookie(handler: mis.Handler) -> bool:
        given.append(handler.headers.get("Cookie"))
        handler.send(*site.body(handler.path), {"Content-Type": "text/html", "Set-Cookie": "id=7; Path=/"})
        return True

    site.faults = {LIST: cookie, **{ITEM + slug: cookie for slug in site.slugs}}
    crawl(site_source(), data)
    crawl(site_source(), data)
    assert len(given) > 24
    assert set(given) == {None}


def test_we_say_who_we_are(site: Site, site_source, data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str | None] = set()
    site.faults = {"/robots.txt": lambda handler: said.add(handler.headers.get("User-Agent")) is not None}
    monkeypatch.setenv("CITYHARVEST_CONTACT", "data@example.org")
    crawl(site_source(follow_details=False), data)
    assert said == {user_agent("data@example.org")}
    assert "contact data@example.org" in user_agent("data@example.org")
    assert "\n" not in user_agent("a@example.org\r\nX-Evil: 1")
    assert "contact" not in user_agent("")

"""Sources with `browser: true`: pages rendered in a real Chromium, kept as they were shown, and kept from harm."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bounds import no_hang
from offering import EVENTS, JSON, Answer, Offering, list_page, offered, wordpress_events
from pydantic import ValidationError

from scrapers.browsing import browser_check
from scrapers.browsing.browser_check import BrowserMissingError
from scrapers.browsing.browser_proxy import GuardProxy
from scrapers.captures.records import RunRecord
from scrapers.crawl import crawl
from scrapers.proposing.look import kept
from scrapers.source import Source
from warehouse.captures import Capture
from warehouse.layout import DataFolder

FILL = """<script>
fetch('/daten.json').then(answer => answer.json()).then(data => {
  for (const event of data.events) {
    const item = document.createElement('article');
    const day = event.start_date.slice(0, 10).split('-').reverse().join('.');
    item.innerHTML = `<h3><a href="${event.url}">${event.title}</a></h3><p>${day}</p>`;
    document.querySelector('main').append(item);
  }
});
</script>"""


@pytest.fixture
def site() -> Iterator[Offering]:
    with offered(Offering()) as site:
        site.answers["/daten.json"] = Answer(wordpress_events(), JSON)
        site.answers["/termine/"] = Answer(list_page((), script=FILL))
        yield site


@pytest.fixture
def other() -> Iterator[Offering]:
    """A site that the source does not name: to it, another host of a private network."""
    with offered(Offering()) as site:
        site.answers["/geheim"] = Answer("<h1>Geheim</h1>")
        yield site


def source_of(site: Offering, **changes: Any) -> Source:
    polite = {"delay": 0, "timeout": 30, "retries": 0, "backoff": 0.1, "run_time": 120}
    fields: dict[str, Any] = {
        "key": "haus",
        "title": "Termine",
        "publisher": "Haus der Vielfalt",
        "languages": ["de"],
        "scope": "city",
        "status": "candidate",
        "strategy": "html",
        "start": [f"{site.url}/termine/"],
        "patterns": [f"127.0.0.1:{site.port}/{{rest...}}"],
        "browser": True,
        "allow_private": True,
        "politeness": polite | changes.pop("politeness", {}),
    }
    return Source.model_validate(fields | changes)


def crawled(source: Source, data: DataFolder) -> tuple[RunRecord, list[Capture]]:
    with no_hang():
        record = crawl(source, data)
    return record, kept(data, record.source, record.run_id)


@pytest.mark.browser
def test_a_page_that_is_empty_without_scripts_is_kept_as_it_is_shown(site: Offering, data: DataFolder) -> None:
    record, captures = crawled(source_of(site), data)
    assert (record.outcome, record.items, record.errors) == ("complete", len(EVENTS), {})
    (page,) = captures
    assert all(event.title in page.body.decode() for event in EVENTS)
    told = {name.lower(): value for name, value in page.headers}
    assert told["x-cityharvest-rendered"].startswith("chromium/")
    assert page.media_type == "text/html; charset=utf-8"
    assert site.asked.count("/robots.txt") == 1
    assert all(agent.startswith("cityharvest/") for agent in site.agents), "a browser says who we are, too"


@pytest.mark.browser
def test_without_a_browser_the_same_page_is_empty(site: Offering, data: DataFolder) -> None:
    record, (page,) = crawled(source_of(site, browser=False), data)
    assert record.items == 0
    assert EVENTS[0].title not in page.body.decode()


@pytest.mark.browser
def test_the_second_harvest_sees_what_scripts_show_then(site: Offering, data: DataFolder) -> None:
    """The page that comes is the same each time; only the data behind it changes."""
    crawled(source_of(site), data)
    site.answers["/daten.json"] = Answer(wordpress_events(EVENTS[:5]), JSON)
    record, (page,) = crawled(source_of(site), data)
    assert record.items == 5
    assert EVENTS[7].title not in page.body.decode()
    again, _ = crawled(source_of(site), data)
    assert (again.unchanged, again.new) == (1, 0)


@pytest.mark.browser
def test_pages_of_entries_are_rendered_too(site: Offering, data: DataFolder) -> None:
    few = EVENTS[:3]
    site.answers["/daten.json"] = Answer(wordpress_events(few), JSON)
    for event in few:
        site.answers[event.path] = Answer(list_page((), script="<script>document.title = 'gezeichnet'</script>"))
    record, captures = crawled(source_of(site, follow_details=True), data)
    assert record.links == len(few)
    assert sum("<title>gezeichnet" in one.body.decode() for one in captures) == len(few)


@pytest.mark.browser
def test_what_only_pleases_the_eye_is_not_asked_for(site: Offering, data: DataFolder) -> None:
    shown = (
        "<img src='/bild.png'><video src='/film.mp4'></video><style>@font-face{font-family:x;src:url(/schrift.woff)}"
    )
    site.answers["/termine/"] = Answer(list_page((), script=f"{shown} body{{font-family:x}}</style>{FILL}"))
    record, _ = crawled(source_of(site), data)
    assert record.items == len(EVENTS)
    assert not {"/bild.png", "/film.mp4", "/schrift.woff"} & set(site.asked)


@pytest.mark.browser
def test_no_other_private_host_is_reached(site: Offering, other: Offering, data: DataFolder) -> None:
    target = f"{other.url}/geheim"
    site.answers["/um"] = Answer(target, status=302)
    ways = f"<iframe src='{target}'></iframe><script>fetch('{target}', {{mode: 'no-cors'}}).catch(() => 0);"
    ways += "fetch('/um', {mode: 'no-cors'}).catch(() => 0)</script>"
    site.answers["/termine/"] = Answer(list_page((), script=ways + FILL))
    record, _ = crawled(source_of(site), data)
    assert record.items == len(EVENTS), "the page itself is read all the same"
    assert "/um" in site.asked
    assert other.asked == []


@pytest.mark.browser
@pytest.mark.parametrize("how", ["answer", "script"])
def test_a_page_that_leads_to_another_host_is_refused(
    site: Offering, other: Offering, data: DataFolder, how: str
) -> None:
    target = f"{other.url}/geheim"
    moved = Answer(target, status=302) if how == "answer" else Answer(f"<script>location.href = '{target}'</script>")
    site.answers["/termine/"] = moved
    record, captures = crawled(source_of(site), data)
    assert record.outcome == "failed"
    assert set(record.errors) <= {"offsite redirect", "private address", "connection"}
    assert record.errors
    assert other.asked == []
    assert not any("Geheim" in one.body.decode() for one in captures)


@pytest.mark.browser
def test_a_redirect_on_the_same_host_is_kept_as_one(site: Offering, data: DataFolder) -> None:
    site.answers["/alt/"] = Answer(f"{site.url}/termine/", status=301)
    record, captures = crawled(source_of(site, start=[f"{site.url}/alt/"]), data)
    assert (record.outcome, record.items) == ("complete", len(EVENTS))
    assert [(one.url.removeprefix(site.url), one.status) for one in captures] == [("/alt/", 302), ("/termine/", 200)]


@pytest.mark.browser
def test_a_page_that_never_ends_is_a_timeout_and_the_next_is_rendered(site: Offering, data: DataFolder) -> None:
    site.answers["/endlos/"] = Answer("<!DOCTYPE html><p>Gleich</p><script>while (true) {}</script>")
    starts = [f"{site.url}/endlos/", f"{site.url}/termine/"]
    record, captures = crawled(source_of(site, start=starts, politeness={"timeout": 12}), data)
    assert record.errors == {"timeout": 1}
    assert record.examples["timeout"].endswith("/endlos/")
    assert [one.url.removeprefix(site.url) for one in captures] == ["/termine/"]


@pytest.mark.browser
def test_a_page_that_grows_beyond_the_limit_is_refused(site: Offering, data: DataFolder) -> None:
    grow = "<script>document.querySelector('main').textContent = 'viel '.repeat(100000)</script>"
    site.answers["/termine/"] = Answer(list_page((), script=grow))
    record, captures = crawled(source_of(site, politeness={"max_bytes": 100_000}), data)
    assert (record.errors, captures) == ({"too large": 1}, [])


def test_a_browser_that_does_not_start_is_told_as_such(
    site: Offering, data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho 'no display' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv(browser_check.VARIABLE, str(program))
    record, captures = crawled(source_of(site), data)
    assert (record.outcome, record.errors, captures) == ("failed", {"browser": 1}, [])
    assert record.likely_cause == "the browser that renders its pages did not start"
    log = data.captures("haus", record.run_id) / "crawl.log"
    assert "no display" in log.read_text("utf-8")


@pytest.mark.browser
def test_robots_txt_holds_for_rendered_pages(site: Offering, data: DataFolder) -> None:
    site.answers["/robots.txt"] = Answer("User-agent: cityharvest\nDisallow: /termine/\n", "text/plain")
    record, _ = crawled(source_of(site), data)
    assert record.errors == {"robots": 1}
    assert site.asked == ["/robots.txt"]


def test_a_machine_without_a_browser_is_told_before_anything_is_asked(
    site: Offering, data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browser_check.VARIABLE, "/no/such/browser")
    monkeypatch.setattr(browser_check, "find_spec", lambda name: None)
    with pytest.raises(BrowserMissingError) as told:
        crawl(source_of(site), data)
    assert all(part in str(told.value) for part in ("haus", "cityharvest[browser]", "chromium", "/no/such/browser"))
    assert site.asked == []
    assert not (data.root / "captures").exists()


@pytest.mark.parametrize("strategy", ["ical", "rss", "wp_rest"])
def test_what_is_no_page_has_no_browser(site: Offering, strategy: str) -> None:
    with pytest.raises(ValidationError, match="browser"):
        source_of(site, strategy=strategy)


Ask = Callable[[str], Awaitable[bytes]]


def through(proxy: GuardProxy, play: Callable[[Ask], Awaitable[Any]]) -> Any:
    """Run a play of requests through a proxy."""

    async def run() -> Any:
        port = int((await proxy.start()).rpartition(":")[2])

        async def ask(head: str) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head.encode())
            answer = await reader.read()
            writer.close()
            return answer

        try:
            return await play(ask)
        finally:
            await proxy.close()

    with no_hang():
        return asyncio.run(run())


def get(url: str) -> str:
    return f"GET {url} HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n\r\n"


def test_the_proxy_passes_on_what_may_be_asked_and_ends_the_connection(site: Offering) -> None:
    proxy = GuardProxy([f"127.0.0.1:{site.port}"])
    proxy.allow(100_000)
    answer = through(proxy, lambda ask: ask(get(f"{site.url}/robots.txt")))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in head.lower()
    assert body == b"User-agent: *\nAllow: /\n"
    assert proxy.reasons == {}


@pytest.mark.parametrize("own", [(), ("127.0.0.1:1",)])
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
def test_the_proxy_reaches_no_private_address_however_it_is_spelt(
    other: Offering, own: tuple[str, ...], name: str
) -> None:
    proxy = GuardProxy(own)
    proxy.allow(100_000)
    host = f"{name}:{other.port}"

    async def both(ask: Ask) -> list[bytes]:
        tunnel = f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n"
        return [await ask(get(f"http://{host}/geheim")), await ask(tunnel)]

    for answer in through(proxy, both):
        assert answer.startswith(b"HTTP/1.1 502")
    assert proxy.reasons == {host: "private address"}
    assert other.asked == []


@pytest.mark.parametrize(
    "line", ["", "GET /robots.txt HTTP/1.1", "GET ftp://a/b HTTP/1.1", "CONNECT a:1/x HTTP/1.1", "x"]
)
def test_the_proxy_refuses_what_is_no_request(line: str) -> None:
    answer = through(GuardProxy(), lambda ask: ask(f"{line}\r\nHost: x\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 400")


def test_the_proxy_ends_when_more_came_than_was_allowed(site: Offering) -> None:
    site.answers["/viel"] = Answer("x" * 500_000)
    proxy = GuardProxy([f"127.0.0.1:{site.port}"])
    proxy.allow(100_000)

    async def twice(ask: Ask) -> list[bytes]:
        return [await ask(get(f"{site.url}/viel")), await ask(get(f"{site.url}/viel"))]

    first, second = through(proxy, twice)
    assert len(first) <= 101_000
    assert second.startswith(b"HTTP/1.1 502")
    assert proxy.reasons == {f"127.0.0.1:{site.port}": "too large"}


def test_the_browser_is_found_by_its_variable_or_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(browser_check.VARIABLE, raising=False)
    assert browser_check.chromium() == str(program)
    monkeypatch.setenv(browser_check.VARIABLE, str(tmp_path / "else"))
    assert browser_check.chromium() is None

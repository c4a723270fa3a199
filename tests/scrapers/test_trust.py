"""How runs are judged against their own history, how a source stands, and who is told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import misbehaviour as mis
import pytest
import yaml
from loopback import LoopbackServer, QuietHandler, running
from testweb import LIST, Site

from scrapers.captures.records import RunRecord, read_record, write_record
from scrapers.crawl import crawl
from scrapers.trust import verdict as trust
from scrapers.trust import webhook
from scrapers.trust.verdict import Health, health, judged
from warehouse.layout import DataFolder

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def run(day: int, items: int = 20, **changes: Any) -> RunRecord:
    moment = NOON + timedelta(days=day)
    told = {"run_id": f"202611{day:02d}T120000Z-aaaa", "source": "local-news", "outcome": "complete"}
    fields = told | {"finish_reason": "finished", "started_at": moment, "finished_at": moment, "items": items}
    return RunRecord.model_validate(fields | {"captures": items} | changes)


@pytest.mark.parametrize(
    ("items", "earlier", "least", "verdict"),
    [
        (20, [], 0, "good"),
        (0, [], 0, "good"),
        (3, [], 5, "short"),
        (20, [20, 22, 18], 5, "good"),
        (10, [20, 22, 18], 5, "good"),
        (9, [20, 22, 18], 5, "short"),
        (0, [20], 0, "short"),
        (20, [400, 20, 20, 20, 20, 20], 0, "good"),
    ],
)
def test_a_yield_is_compared_with_the_last_runs(items: int, earlier: list[int], least: int, verdict: str) -> None:
    before = [run(day, found) for day, found in enumerate(earlier, 1)]
    record = judged(run(20, items), before, least)
    assert record.verdict == verdict
    assert (record.likely_cause is None) is (record.next_step is None) is (verdict == "good")


def test_runs_that_were_not_complete_are_no_measure() -> None:
    before = [run(1, 20), run(2, 1, outcome="partial"), run(3, 1, outcome="partial")]
    assert judged(run(4, 5), before).usual_items == 20


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcome": "partial", "finish_reason": "budget", "errors": {"http 404": 3}}, "budget of requests"),
        ({"outcome": "partial", "errors": {"http 503": 2, "captcha": 1}}, "captcha"),
        ({"outcome": "failed", "errors": {"http 502": 2}}, "server fails"),
        ({"outcome": "failed", "errors": {"http 410": 2}}, "does not have"),
        ({"outcome": "failed", "errors": {"spider KeyError": 1}}, "our own reader"),
        ({"outcome": "failed", "errors": {"SomethingNewError": 1}}, "no answer could be used"),
        ({"outcome": "partial", "finish_reason": "killed"}, "was killed"),
        ({"outcome": "partial", "finish_reason": "storage: the disk is full"}, "the disk is full"),
        ({"outcome": "failed", "finish_reason": "died before it began: it said nothing"}, "did not start"),
        ({"outcome": "empty"}, "no page that belongs to the source"),
    ],
)
def test_causes_in_words(changes: dict[str, Any], words: str) -> None:
    record = judged(run(4, **changes), [])
    assert record.verdict == changes["outcome"]
    assert words in (record.likely_cause or "")
    assert "{" not in f"{record.likely_cause}{record.next_step}"


def test_every_cause_has_a_next_step_and_names_only_what_is_known() -> None:
    rules = trust._causes()
    for name, rule in rules.items():
        assert set(rule) == {"cause", "next"}, name
        record = run(1, outcome="failed", errors={name: 2}, examples={name: "http://a.example/x"})
        assert all(trust.explained(record, "failed"))
    assert {"short", "empty", "partial", "failed", "unread"} <= set(rules)
    assert yaml.safe_dump(rules)


def test_how_a_source_stands(data: DataFolder, make_source) -> None:
    source = make_source()
    assert health(data, source) == Health("local-news", "never")
    for day, (items, entries) in enumerate([(20, 30), (22, 32), (20, 30)], 1):
        write_record(data, run(day, items))
        (data.captures("local-news", run(day).run_id) / "read.json").write_text(json.dumps({"entries": entries}))
    found = health(data, source)
    assert (found.verdict, found.items, found.entries, found.usual_items, found.usual_entries) == (
        "good",
        20,
        30,
        21,
        31,
    )
    assert (found.last_complete_at, found.likely_cause, found.next_step) == (run(3).finished_at, None, None)
    (data.captures("local-news", run(3).run_id) / "read.json").write_text(json.dumps({"entries": 2}))
    found = health(data, source)
    assert found.verdict == "short"
    assert "the reader made fewer entries" in (found.likely_cause or "")
    write_record(data, run(4, 0, outcome="failed", errors={"dns": 1}, examples={"dns": "http://a.example/"}))
    found = health(data, source)
    assert (found.verdict, found.last_complete_at, found.entries) == ("failed", run(3).finished_at, None)
    assert "does not resolve" in (found.likely_cause or "")
    assert "local-news" in (found.next_step or "")


def test_a_list_that_lost_most_of_its_items_is_short(site: Site, site_source, data: DataFolder) -> None:
    assert crawl(site_source(), data).verdict == "good"
    site.slugs = site.slugs[:3]
    record = crawl(site_source(), data)
    assert (record.outcome, record.verdict, record.items, record.usual_items) == ("complete", "short", 3, 12)
    assert read_record(data, record.source, record.run_id) == record


class Hook(LoopbackServer):
    """A webhook that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.status, self.pause = 204, 0.0
        hook = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:
                time.sleep(hook.pause)
                hook.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(hook.status)
                self.end_headers()

        super().__init__(Handler)

    @property
    def url(self) -> str:
        return f"{super().url}/hook?key=1"


@pytest.fixture
def hook() -> Iterator[Hook]:
    with running(Hook()) as server:
        yield server


BAD = judged(run(4, 0, outcome="failed", errors={"dns": 1}, examples={"dns": "http://a.example/"}), [])


def test_a_bad_run_is_told_and_a_good_one_is_not(
    site: Site, site_source, data: DataFolder, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(webhook.VARIABLE, hook.url)
    crawl(site_source(), data)
    assert hook.told == []
    site.faults[LIST] = mis.captcha()
    record = crawl(site_source(), data)
    assert [told["run_id"] for told in hook.told] == [record.run_id]
    assert hook.told[0]["errors"] == record.errors
    assert hook.told[0]["text"].startswith("local-news: the crawl was failed: the site answers with a captcha")


def test_a_hook_of_a_source_must_be_public(hook: Hook, make_source, caplog: pytest.LogCaptureFixture) -> None:
    webhook.report(make_source(webhook=hook.url), BAD)
    assert hook.told == []
    assert "leads to a private address" in caplog.text


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x", "ftp://a.example/", "no address", "http://[::1", "http://a:b"]
)
def test_a_hook_that_can_not_be_told_is_a_warning(
    make_source, address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(webhook.VARIABLE, address)
    webhook.report(make_source(), BAD)
    assert "webhook" in caplog.text


def test_a_hook_that_fails_or_hangs_holds_nobody_up(
    hook: Hook, make_source, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(webhook.VARIABLE, hook.url)
    hook.status = 500
    webhook.report(make_source(), BAD)
    assert "it answered 500" in caplog.text
    monkeypatch.setattr(webhook, "SECONDS", 0.5)
    hook.pause = 20
    before = time.monotonic()
    webhook.report(make_source(), BAD)
    assert time.monotonic() - before < 10

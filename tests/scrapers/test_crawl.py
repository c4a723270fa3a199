"""Crawls over real HTTP: what is kept is what the server has, and nothing else is asked."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

import pytest
from portal import Portal, serve

from scrapers.captures.records import RunRecord, read_record
from scrapers.crawl import NotCrawledError, crawl
from warehouse.captures import Capture, read_captures
from warehouse.layout import DataFolder

LIST = "/en/web/interculturalcities/newsroom"
SITE = "/en/web/interculturalcities/-/"


def kept(data: DataFolder, record: RunRecord) -> list[Capture]:
    found = list(read_captures(data.captures(record.source, record.run_id) / "pages.warc.gz"))
    assert all(isinstance(capture, Capture) for capture in found)
    return [capture for capture in found if isinstance(capture, Capture)]


def details(captures: list[Capture]) -> set[str]:
    paths = (urlsplit(c.url).path for c in captures if c.status == 200)
    return {path.removeprefix(SITE) for path in paths if path.startswith(SITE)}


def test_what_is_kept_is_what_the_server_has(crawled) -> None:
    portal, data, record = crawled.portal, crawled.data, crawled.record
    captures = kept(data, record)
    assert details(captures) == set(portal.slugs) - {"visit-of-experts-7-"}
    assert (record.outcome, record.finish_reason) == ("complete", "finished")
    assert record == read_record(data, record.source, record.run_id)
    assert record.captures == len(captures) == record.responses["200"]
    assert record.errors == {"robots": 1}
    assert record.links == len(portal.slugs)


def test_traps_are_never_asked(crawled) -> None:
    portal = crawled.portal
    asked = {path for path, count in portal.hits.items() if count}
    assert not [path for path in asked if "/c/portal" in path or "jsessionid" in path or path.startswith("/fr/")]
    assert "/en/web/interculturalcities/-/visit-of-experts-7-" not in asked
    assert portal.hits["/robots.txt"] == 1
    assert sum(portal.hits.values()) == crawled.record.requests
    assert portal.cookies == 0
    assert portal.compressed > 0


def test_bodies_are_those_that_were_sent(crawled) -> None:
    captures = kept(crawled.data, crawled.record)
    pages = [c for c in captures if urlsplit(c.url).path == SITE + "visit-of-experts-1-"]
    assert len(pages) == 1
    assert b"The visit began at the town hall" in pages[0].body
    assert pages[0].media_type == "text/html;charset=UTF-8"


def test_another_round_finds_what_slipped_between_pages(crawled) -> None:
    listed, slugs = crawled.portal.listed, set(crawled.portal.slugs)
    pages = [page for _, page, _ in listed]
    first_round = listed[: pages.index(1, 1)]
    assert {slug for _, _, shown in first_round for slug in shown} < slugs, "else this test shows nothing"
    assert {slug for _, _, shown in listed for slug in shown} == slugs
    assert len(pages) <= 5 * 5


def test_a_list_of_one_page_is_not_asked_again_and_again(data: DataFolder, make_source, portal: Portal) -> None:
    portal.slugs = portal.slugs[:4]
    record = crawl(make_source(follow_details=False), data)
    assert record.outcome == "complete"
    assert [page for _, page, _ in portal.listed] == [1, 1], "page 1, and the page after it, which repeats it"
    assert (record.new, record.unchanged) == (2, 0)


def test_each_locale_is_walked(portal: Portal, data: DataFolder, make_source) -> None:
    record = crawl(make_source(locales=["en", "fr"]), data)
    paths = {urlsplit(c.url).path for c in kept(data, record)}
    assert {f"/fr/web/interculturalcities/-/{slug}" for slug in portal.slugs if "-7-" not in slug} < paths


def test_lists_that_belong_to_another_source_only_lead_on(
    portal: Portal, port: int, data: DataFolder, make_source
) -> None:
    source = make_source(patterns=[f"127.0.0.1:{port}/{{locale}}/web/interculturalcities/-/{{slug}}"])
    record = crawl(source, data)
    captures = kept(data, record)
    assert all(urlsplit(c.url).path.startswith(SITE) for c in captures)
    assert len(captures) == len(portal.slugs) - 1
    assert record.passed == len(portal.listed) > 0
    assert record.outcome == "complete"


def test_a_failure_that_passes_is_tried_again(portal: Portal, data: DataFolder, make_source) -> None:
    portal.failing[SITE + "visit-of-experts-2-"] = 1
    record = crawl(make_source(), data)
    assert record.outcome == "complete"
    assert "visit-of-experts-2-" in details(kept(data, record))
    assert record.responses["500"] == 1


def test_a_page_that_always_fails_is_counted(portal: Portal, data: DataFolder, make_source) -> None:
    portal.failing[SITE + "visit-of-experts-2-"] = 99
    record = crawl(make_source(), data)
    assert record.outcome == "complete"
    assert record.errors == {"robots": 1, "http 500": 1}
    assert portal.hits[SITE + "visit-of-experts-2-"] == 2, "one try and one more"
    assert [c.status for c in kept(data, record) if c.url.endswith("experts-2-")] == [500, 500]


def test_a_server_that_only_fails_is_a_failed_run(portal: Portal, data: DataFolder, make_source) -> None:
    portal.failing[LIST] = 99
    record = crawl(make_source(), data)
    assert record.outcome == "failed"
    assert record.finish_reason == "finished"
    assert portal.hits[LIST] <= 4, "two pages, one more try each; not round after round"


def test_a_lost_list_page_makes_the_run_partial(portal: Portal, data: DataFolder, make_source) -> None:
    portal.failing[LIST.replace("/en/", "/fr/")] = 99
    record = crawl(make_source(locales=["en", "fr"]), data)
    assert record.outcome == "partial"
    assert record.lost_lists
    assert all("/fr/" in url for url in record.lost_lists)


def test_a_fault_of_our_own_reader_is_not_taken_for_the_end_of_a_list(data: DataFolder, make_source) -> None:
    record = crawl(make_source(hints={"reader": "no such reader"}), data)
    assert record.outcome == "partial"
    assert record.errors == {"spider KeyError": 1}
    assert len(record.lost_lists) == 1


def test_a_slow_answer_is_given_up(portal: Portal, data: DataFolder, make_source) -> None:
    portal.slow[SITE + "visit-of-experts-3-"] = 3
    record = crawl(make_source(politeness={"timeout": 0.7, "retries": 0}), data)
    assert record.errors["timeout"] == 1
    assert details(kept(data, record)) == set(portal.slugs) - {"visit-of-experts-3-", "visit-of-experts-7-"}


def test_a_body_that_is_too_large_is_refused(portal: Portal, data: DataFolder, make_source) -> None:
    record = crawl(make_source(politeness={"max_bytes": 2000, "retries": 0}, follow_details=False), data)
    assert record.outcome == "failed"
    assert sum(record.errors.values()) >= 1


def test_redirects_to_other_hosts_are_refused_also_after_another_try(
    portal: Portal, data: DataFolder, make_source
) -> None:
    other = Portal()
    with serve(other) as other_port:
        portal.redirects[SITE + "visit-of-experts-4-"] = f"http://127.0.0.1:{other_port}/robots.txt"
        portal.redirects[SITE + "visit-of-experts-5-"] = "http://169.254.169.254/latest/meta-data/"
        portal.failing[SITE + "visit-of-experts-4-"] = 1
        record = crawl(make_source(), data)
    assert not other.hits
    assert record.errors["offsite redirect"] == 2
    assert record.responses["302"] == 2
    assert record.outcome == "complete"


def test_a_redirect_into_a_trap_is_refused(portal: Portal, data: DataFolder, make_source) -> None:
    portal.redirects[SITE + "visit-of-experts-4-"] = "/en/c/portal/login?redirect=%2Fen"
    record = crawl(make_source(), data)
    assert record.errors["trap"] == 1
    assert not [path for path in portal.hits if "/c/portal" in path]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_addresses_are_refused_unless_allowed(portal: Portal, data: DataFolder, make_source, host: str) -> None:
    record = crawl(make_source(host, allow_private=False, politeness={"retries": 0}), data)
    assert record.outcome == "failed"
    assert set(record.errors) <= {"private address"}
    assert not portal.hits
    assert not (data.captures(record.source, record.run_id) / "pages.warc.gz").exists()


@pytest.mark.parametrize(("answer", "outcome"), [((503, ""), "failed"), ((404, "Disallow: /"), "complete")])
def test_robots_that_can_not_be_had_forbid_all_and_that_do_not_exist_nothing(
    portal: Portal, data: DataFolder, make_source, answer: tuple[int, str], outcome: str
) -> None:
    portal.robots = answer
    record = crawl(make_source(follow_details=False, politeness={"retries": 0}), data)
    assert record.outcome == outcome
    assert bool(portal.listed) is (outcome == "complete")


def test_the_budget_ends_a_run_as_partial(portal: Portal, data: DataFolder, make_source) -> None:
    record = crawl(make_source(politeness={"budget": 10}), data)
    assert (record.outcome, record.finish_reason) == ("partial", "budget")
    assert sum(portal.hits.values()) <= 10
    assert record.captures == len(kept(data, record)) > 0


def test_delay_is_kept(portal: Portal, data: DataFolder, make_source) -> None:
    portal.slugs = portal.slugs[:2]
    record = crawl(make_source(politeness={"delay": 0.4, "concurrency": 1}), data)
    # Scrapy varies the delay between half and one and a half times; robots.txt, two lists and two details are asked.
    assert (record.finished_at - record.started_at).total_seconds() > 4 * 0.2
    assert Counter(portal.hits)["/robots.txt"] == 1


def test_a_source_of_archives_is_not_crawled(data: DataFolder, make_source) -> None:
    source = make_source(strategy="archive-only", start=[], cron=None, locales=[])
    with pytest.raises(NotCrawledError, match="archive-only"):
        crawl(source, data)

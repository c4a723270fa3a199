"""Feeds and sitemaps: dialects, dates, brokenness, what is refused."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.read import Link, PageReading, read_page
from pipelines.read.feeds.safe_patterns import PatternError, safe_pattern

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://www.lyriac.example/feed"


def item(title: str, more: str = "", published: str = "Mon, 02 Feb 2026 09:00:00 GMT") -> str:
    return f"<item><title>{title}</title><pubDate>{published}</pubDate>{more}</item>"


def rss(*items: str, attributes: str = "") -> bytes:
    return f"<rss version='2.0' {attributes}><channel><title>News</title>{''.join(items)}</channel></rss>".encode()


def read(body: bytes, strategy: str = "rss", **hints: Any) -> PageReading:
    return read_page(URL, body, "application/xml", WHEN, strategy, hints)


def test_published_is_the_date_of_news_whatever_a_single_title_says() -> None:
    reading = read(rss(item("A look back at 12 March 2019"), item("New bench"), item("New tree")))
    assert {entry["date_raw"] for entry in reading.entries} == {"2026-02-02T09:00:00Z"}
    assert {entry["page_kind"] for entry in reading.entries} == {"news"}


TITLES = [item(f"{day} March 2026: Fair number {day}") for day in (12, 13, 14)]


def test_dates_in_most_titles_are_the_dates_of_events() -> None:
    reading = read(rss(*TITLES, item("Market")))
    assert [entry["date_raw"] for entry in reading.entries] == ["12 March 2026", "13 March 2026", "14 March 2026", None]
    assert {entry["page_kind"] for entry in reading.entries} == {"event"}
    assert "most titles hold a date" in reading.issues[0].reason


def test_dates_in_titles_of_what_is_past_are_dates_of_news() -> None:
    reading = read(rss(*(item(f"Minutes, {day} January 2026") for day in (5, 12, 19))))
    assert [entry["date_raw"] for entry in reading.entries] == ["5 January 2026", "12 January 2026", "19 January 2026"]
    assert {entry["page_kind"] for entry in reading.entries} == {"news"}


def test_the_source_can_say_where_dates_are() -> None:
    assert {e["date_raw"] for e in read(rss(*TITLES), date_from="published").entries} == {"2026-02-02T09:00:00Z"}
    body = rss(item("Fair", "<description>On 7 May 2026 in the park.</description>"), item("Market"))
    entries = read(body, date_from="summary", page_kind="event").entries
    assert [(e["date_raw"], e["page_kind"], e["issues"]) for e in entries] == [
        ("7 May 2026", "event", []),
        (None, "event", ["no date in the summary"]),
    ]
    assert "not 'nowhere'" in read(body, date_from="nowhere").issues[0].reason


@pytest.mark.parametrize(
    ("namespace", "elements", "date_raw"),
    [
        (
            "http://purl.org/rss/1.0/modules/event/",
            "<x:startdate>2026-05-01</x:startdate><x:enddate>2026-05-03</x:enddate>",
            "2026-05-01/2026-05-03",
        ),
        (
            "urn:ietf:params:xml:ns:xcal",
            "<x:dtstart>20260501T180000</x:dtstart><x:location>Hall</x:location>",
            "2026-05-01T18:00:00",
        ),
        (
            "http://mec.example/ns",
            "<x:startDate>2026-05-01</x:startDate><x:startHour>18:00</x:startHour><x:endDate>2026-05-01</x:endDate><x:endHour>20:00</x:endHour>",
            "2026-05-01 18:00 - 20:00",
        ),
        (
            "http://schemas.google.com/g/2005",
            "<x:when startTime='2026-05-01T18:00:00.000+02:00' endTime='2026-05-01T20:00:00.000+02:00'/>",
            "2026-05-01T18:00:00+02:00/2026-05-01T20:00:00+02:00",
        ),
    ],
)
def test_what_elements_for_events_state_goes_before_everything(namespace: str, elements: str, date_raw: str) -> None:
    entry = read(rss(item("12 March 2026: Fair", elements), attributes=f"xmlns:x='{namespace}'")).entries[0]
    assert (entry["date_raw"], entry["page_kind"]) == (date_raw, "event")


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (rss(item("A & B"), item("C &nbsp; &eacute;t&eacute;")), ["A & B", "C été"]),
        (rss(item("<![CDATA[A <b>bold</b> &amp; B]]>")), ["A bold & B"]),
        (rss(item("A"), item("B"))[:-30], ["A", "B"]),
        (rss(item("A\x00\x08"), item("B")), ["A", "B"]),
        (rss(item("A", "<description>one <br> two<p>three</description>"), item("B"), item("C")), ["A", "B", "C"]),
        (b"\n\n" + rss(item("A")), ["A"]),
        (
            '<?xml version="1.0" encoding="utf-16"?>'.encode("utf-16") + rss(item("É")).decode().encode("utf-16-le"),
            ["É"],
        ),
        (rss(item("Fête")).decode().encode("cp1252"), ["Fête"]),
        (gzip.compress(rss(item("A"))), ["A"]),
    ],
)
def test_broken_feeds(body: bytes, titles: list[str]) -> None:
    assert [entry["title"] for entry in read(body).entries] == titles


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'bbb'>]><rss><channel><item><title>&b;</title></item></channel></rss>", "entities"),
        (
            b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><rss><item><title>&b;</title></item></rss>",
            "entities",
        ),
        (b"<rss>" + b"<a>" * 1_000_001, "more than 1000000 tags"),
        (b"<rss>" + b"& " * 100_000, "bare ampersands"),
        (b"<opml><body/></opml>", "not a feed: its root is <opml>"),
        (b"no feed at all", "not XML"),
        (b"\x1f\x8bnot gzip", "gzip that can not be unpacked"),
        (rss(item(""), item(" ")), "2 of 2 entries have no title"),
    ],
)
def test_refused_feeds_say_why(body: bytes, reason: str) -> None:
    reading = read(body)
    assert reading.entries == []
    assert reason in reading.issues[0].reason


def test_the_end_of_a_cut_feed_leads_nowhere_wrong() -> None:
    body = rss(item("A", "<link>https://a.example/1</link>"), item("B", "<link>https://a.example/other"))
    cut = body[: body.rindex(b"/other") + 3]
    assert [entry["url"] for entry in read(cut).entries] == ["https://a.example/1", URL]


def test_addresses_that_are_none_of_the_web_are_left_out() -> None:
    links = ("javascript:alert(1)", "ftp://a.example/x", "mailto:someone@example.org", "//b.example/y", "www.c.example")
    entries = read(rss(*(item(str(n), f"<link>{link}</link>") for n, link in enumerate(links)))).entries
    assert [entry["url"] for entry in entries] == [URL, URL, URL, "https://b.example/y", "https://www.c.example"]


def sitemap(*addresses: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{a}</loc></url>' for a in addresses)}</urlset>".encode()


def test_a_sitemap_gives_what_is_wanted_of_it() -> None:
    body = sitemap("https://a.example/events/1", "https://a.example/about", "https://a.example/events/old/1")
    reading = read(body, "sitemap", include=["/events/"], exclude="/old/")
    assert reading.links == [Link("https://a.example/events/1", "detail")]
    assert (reading.entries, reading.issues) == ([], [])


def test_a_sitemap_gives_no_more_addresses_than_it_may_have() -> None:
    reading = read(sitemap(*(f"https://a.example/{n}" for n in range(50_010))), "sitemap")
    assert len(reading.links) == 50_000
    assert "more than 50000 addresses" in reading.issues[0].reason


def test_a_compression_bomb_is_read_as_far_as_ten_megabytes() -> None:
    reading = read(gzip.compress(sitemap("https://a.example/1")[:-9] + b" " * 60_000_000), "sitemap")
    assert "unpacks to more than" in reading.issues[0].reason


@pytest.mark.parametrize(
    "text", ["(a+)+", "(a|aa)+", "(a?b?)*", "a*b*c*", "a{1,99}", "(?=a)b", r"(a)\1", "(", "a" * 201, "(?:a{2,3}){4}"]
)
def test_patterns_that_could_hang_are_refused(text: str) -> None:
    with pytest.raises(PatternError):
        safe_pattern(text)
    reading = read(sitemap("https://a.example/1"), "sitemap", include=text)
    assert reading.links == []
    assert "no address is taken" in reading.issues[0].reason


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/events/.*/x$", True),
        (r"/\d{4}/", True),
        ("(?:en|fr)/", True),
        ("(?i)EVENTS", True),
        ("[a-c]+z", False),
        ("/news?/", False),
    ],
)
def test_patterns_that_are_allowed(text: str, found: bool) -> None:
    assert bool(safe_pattern(text).search("https://a.example/en/events/2026/x")) is found

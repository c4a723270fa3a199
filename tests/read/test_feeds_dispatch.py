"""Which reader reads a body: by the strategy of the source, else by what it is; and hostile bodies for all of them."""

from __future__ import annotations

import json
import random
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bounds import no_hang

from pipelines.read import read_page
from pipelines.read.feeds import STRATEGIES, strategy_of

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
FOLDER = Path(__file__).parents[1] / "pages"
URL = "https://www.lyriac.example/x"
PAGES = [p for name in STRATEGIES for p in sorted((FOLDER / name).iterdir()) if p.suffix != ".json"]
TOLD_ONLY = ("json_api", "socrata", "jsonld")
"""Strategies that no body shows by itself: any JSON, any list of objects, any page."""


def told(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name not in TOLD_ONLY], ids=lambda p: p.stem)
def test_saved_pages_are_recognised_without_their_strategy(path: Path) -> None:
    facts = told(path)
    found = strategy_of(facts["url"], path.read_bytes(), facts["media_type"])
    assert found == (path.parent.name if facts["entries"] or facts["links"] or path.suffix != ".body" else found)


@pytest.mark.parametrize(
    ("url", "body", "media_type", "strategy"),
    [
        (URL, b"\xef\xbb\xbf BEGIN:VCALENDAR\r\n", "text/html", "ical"),
        (URL, b"<?xml version='1.0'?><!-- x --><feed xmlns='http://www.w3.org/2005/Atom'></feed>", "", "rss"),
        (URL, b"<!DOCTYPE rss PUBLIC '-//x' 'http://x.example/rss.dtd'><rss version='0.91'></rss>", "", "rss"),
        (URL, b"<sm:urlset xmlns:sm='x'></sm:urlset>", "", "sitemap"),
        (URL, b"<!DOCTYPE html><html><body><rss></rss></body></html>", "text/html", None),
        (URL, b"<p>rss feed</p>", "text/html", None),
        (URL, b"hello", "text/calendar", None),
        (URL, b'{"items": []}', "application/json", None),
        (URL, b'[{"a": 1}]', "application/json", None),
        ("https://x.example/resource/ab12-cd34.json?$limit=1", b'[{"a": 1}]', "application/json", "socrata"),
        (URL, b'{"@context": "https://schema.org", "@type": "Event"}', "application/ld+json", "jsonld"),
        (URL, b'{"meta": {"count": 0}, "data": []}', "application/json", "linkedevents"),
        (URL, b'{"events": [], "rest_url": "https://x.example/"}', "application/json", "wp_rest"),
        (URL, b"", "", None),
    ],
)
def test_what_a_body_is(url: str, body: bytes, media_type: str, strategy: str | None) -> None:
    assert strategy_of(url, body, media_type) == strategy


def test_json_of_no_known_shape_is_refused_as_before() -> None:
    assert (
        read_page(URL, b'{"items": []}', "application/json", WHEN).issues[0].reason == "not HTML but application/json"
    )


HTML = (
    b"<!doctype html><html><head><title>Fair</title></head><body><h1>Spring fair</h1><p>12 March 2026</p></body></html>"
)


def test_pages_of_entries_are_read_as_pages_where_the_strategy_has_some() -> None:
    for strategy in ("sitemap", "rss", "wp_rest"):
        assert read_page(URL, HTML, "text/html", WHEN, strategy).reader not in STRATEGIES
    for strategy in ("ical", "ckan", "socrata", "linkedevents", "json_api", "opendatasoft"):
        reading = read_page(URL, HTML, "text/html", WHEN, strategy, {"title": "t"})
        assert (reading.entries, reading.issues[0].reason) == ([], f"not {strategy} but HTML")


def test_a_login_page_in_the_place_of_a_feed_is_called_one() -> None:
    body = b"<html><body><form>x</form><p>Please sign in to continue</p></body></html>"
    for strategy in STRATEGIES:
        assert read_page(URL, body, "text/html", WHEN, strategy).issues[0].reason.startswith("login page")


def test_the_hint_says_what_a_feed_lists() -> None:
    body = b"<rss><channel><item><title>Fair</title></item></channel></rss>"
    assert [e["page_kind"] for e in read_page(URL, body, "", WHEN, None, {"page_kind": "event"}).entries] == ["event"]


def mangled(body: bytes, rng: random.Random) -> bytes:
    """A body with some bytes changed, cut out, doubled, or its end cut off."""
    out = bytearray(body)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(5):
            case 0:
                out[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del out[at : at + rng.randint(1, 40)]
            case 2:
                out[at:at] = out[at : at + rng.randint(1, 40)] * rng.randint(1, 5)
            case 3:
                out[at:at] = rng.choice(
                    [b"\x00", b"\xff", b"<", b"&", b'"', b"[", b"]]>", b"\r\n", b"BEGIN:VEVENT", b"\\"]
                )
            case _:
                del out[at + 20 :]
    return bytes(out)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_damaged_pages_are_read_without_an_exception_or_a_hang(path: Path) -> None:
    facts, rng = told(path), random.Random(path.stem)  # damage, not secrets
    with no_hang():
        for _ in range(60):
            body = mangled(path.read_bytes(), rng)
            known = strategy_of(facts["url"], body, facts["media_type"]) == path.parent.name  # the same reading then
            for strategy in (path.parent.name,) if known else (path.parent.name, None):
                reading = read_page(facts["url"], body, facts["media_type"], WHEN, strategy, facts["hints"])
                json.dumps([reading.entries, [i.reason for i in reading.issues]], ensure_ascii=False).encode("utf-8")


EVENT = b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:A\r\nDTSTART:20260312\r\nEND:VEVENT\r\n"
RULES = b"".join(
    b"BEGIN:VEVENT\r\nUID:%d\r\nSUMMARY:A\r\nDTSTART:19700101T100000\r\nRRULE:FREQ=DAILY;COUNT=99999\r\nEND:VEVENT\r\n"
    % n
    for n in range(500)
)
HOSTILE = {
    "ical-long-line": ("ical", b"BEGIN:VCALENDAR\r\n" + EVENT.replace(b":A", b":" + b"x" * 1_000_000)),
    "ical-folds": ("ical", b"BEGIN:VCALENDAR\r\n" + EVENT.replace(b":A", b":" + b"x\r\n y" * 200_000)),
    "ical-parameters": ("ical", b"BEGIN:VCALENDAR\r\n" + EVENT.replace(b":A", b';A="' * 300_000)),
    "ical-begins": ("ical", b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 200_000),
    "ical-rules": ("ical", b"BEGIN:VCALENDAR\r\n" + RULES),
    "rss-deep": ("rss", b"<rss>" + b"<a>" * 30_000),
    "rss-open": ("rss", b"<rss>" + b"<" * 90_000),
    "rss-cdata": ("rss", b"<rss><item>" + b"<![CDATA[" * 10_000),
    "rss-attributes": ("rss", b"<rss" + b" a='1'" * 90_000 + b">"),
    "rss-ampersands": ("rss", b"<rss>" + b"&" * 3_000_000),
    "rss-text": ("rss", b"<rss><item><title>" + b"x" * 9_000_000),
    "sitemap-tags": ("sitemap", b"<urlset>" + b"<url/>" * 150_000),
    "json-brackets": ("json_api", b"[" * 9_000_000),
    "json-commas": ("socrata", b"[" + b"[]," * 3_000_000 + b"1]"),
    "json-number": ("ckan", b"[" + b"1" * 9_000_000 + b"]"),
    "json-markup": ("socrata", json.dumps([{"title": "A", "description": "<script" * 1_000_000}]).encode()),
    "json-wide": ("linkedevents", json.dumps({"data": [{str(n): n for n in range(200_000)}]}).encode()),
    "jsonld-deep": ("jsonld", b'[{"@type":"Event","location":' * 20_000),
}


@pytest.mark.parametrize(("strategy", "body"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bodies_in_bounded_time_and_memory(strategy: str, body: bytes) -> None:
    with no_hang():
        read_page(URL, body, "", WHEN, strategy, {"title": "title", "items": ""})
    tracemalloc.start()
    read_page(URL, body, "", WHEN, strategy, {"title": "title", "items": ""})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * len(body) + 30_000_000

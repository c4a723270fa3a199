"""Structured data that is broken, hostile or endless: cleaned, cut off or left out, and never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bounds import no_hang
from hypothesis import given, settings
from hypothesis import strategies as st
from structured_parts import BASE, ENTRIES, EVENT, MICRODATA, code, ld, stated

from pipelines.read.html.markup import parse
from pipelines.read.structured import MOST, read_structured


def test_strings_are_capped_and_clean() -> None:
    event = EVENT | {
        "name": "Long " * 500,
        "description": "word " * 9999,
        "url": "javascript:alert(1)",
        "location": "\ud800x\x00y",
    }
    (found,) = stated(ld(event))
    assert len(found.title) <= 300 and len(found.summary or "") <= 2000
    assert (found.url, found.place) == (None, "x y")
    assert (
        stated(ld(EVENT | {"name": "&lt;script&gt;alert(1)&lt;/script&gt;Tea <style>p{}</style>time"}))[0].title
        == "Tea time"
    )


@pytest.mark.parametrize("address", ["http://[bad", "//", "mailto:a@example.org", "x" * 3000, {"@id": 5}, 7, None])
def test_addresses_that_are_none(address: Any) -> None:
    (found,) = stated(ld(EVENT | {"url": address}))
    assert found.url in (None, "https://town.example.org/agenda/")


BOMBS = {
    "nested lists": '<script type="application/json">{"d": "2026-03-12", "x": ' + "[" * 1_000_000 + "</script>",
    "nested objects": code('d = "2026-03-12"; a = ' + '{"a":' * 150_000),
    "nested graph": ld('{"@graph":[' * 100_000),
    "a million numbers": '<script type="application/json">["2026-03-12"' + ",1" * 990_000 + "]</script>",
    "a million objects": '<script type="application/json">["2026-03-12"' + ",{}" * 600_000 + "]</script>",
    "a long list": ld("[" + ",".join(['{"@type": "Event", "name": "x", "startDate": "2026-03-12"}'] * 30_000) + "]"),
    "10 MB": ld('"' + "x" * 9_900_000 + '"'),
    "open brackets in code": code('d = "2026-03-12";' + "[{a:1," * 120_000),
    "quotes never closed": code('d = "2026-03-12";' + 'JSON.parse("' * 70_000),
    "backslashes": code('d = "2026-03-12"; JSON.parse("' + "\\" * 800_000),
    "a number of digits": ld('{"@type": "Event", "startDate": ' + "9" * 1_000_000 + "}"),
    "many things": '<i itemscope itemtype="http://schema.org/Event"><b itemprop="name">x</b></i>' * 40_000,
    "things in things": '<div itemprop="subEvent" itemscope itemtype="http://schema.org/Event">' * 50_000,
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_bombs_give_nothing_soon(body: str) -> None:
    document = parse(f"<html><body>{body}", BASE)
    assert document is not None
    with no_hang():
        assert read_structured(document) == []


def test_more_than_a_page_shows_is_cut_off() -> None:
    events = [{"@type": "Event", "name": f"Number {n}", "startDate": "2026-03-12"} for n in range(4000)]
    with no_hang():
        assert 0 < len(stated(ld(events))) <= MOST


WHOLE = ld(EVENT | {"location": {"name": "Hall"}, "url": "/x"}) + MICRODATA + code(f"var events = {ENTRIES};")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.text(max_size=8))
def test_mangled_pages_never_raise(at: int, gone: int, put: str) -> None:
    for one in stated(WHOLE[:at] + put + WHOLE[at + gone :]):
        assert one.title and one.start and one.kind in ("event", "news")
        assert one.url is None or one.url.startswith(("http://", "https://"))


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("2026-03-12"),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["@type", "@id", "@value", "name", "startDate", "location", "url", "address",
                                       "eventStatus", "node", "title", "date", "end", "venue"]), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(_values, _values)
def test_any_values_never_raise(one: Any, other: Any) -> None:
    event = {"@type": "Event", "name": one, "startDate": other, "location": one, "url": other, "eventStatus": one}
    alike = {"title": "Tea", "start": "2026-03-12", "place": one, "end": other, "url": one, "status": other}
    found = stated(ld([event, {"@type": "Event", "name": "x", "startDate": "2026-01-01", "location": other}])
                   + code("x = " + json.dumps([alike, alike | {"title": "Cake"}]).replace("</", "<\\/")))  # fmt: skip
    assert {"Tea", "Cake"} <= {item.title for item in found}

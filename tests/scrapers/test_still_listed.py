"""A list of which nothing can be read any more, though what it listed is still there."""

from __future__ import annotations

import pytest

from pipelines.read import Link
from scrapers.asking.validators import Outline
from scrapers.spiders.base import still_listed
from scrapers.spiders.walks import Walk

HOST = "http://a.example"
DETAILS = tuple(Link(f"{HOST}/e/{number}?a=1&b=2", "detail") for number in (1, 2, 30))
BEFORE = Outline(frozenset({"x", "y", "z"}), (*DETAILS, Link(f"{HOST}/events?page=2", "next")), 3)
EMPTY = Outline()


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (b'<a href="/e/1?a=1&amp;b=2"><img></a> <a href="http://a.example/e/2?a=1&amp;b=2"><img></a>', 2),
        (b'<a href="/e/30?a=1&amp;b=2">x</a>', 1),
        (b'<a href="/e/300?a=1&amp;b=2">x</a>', 0),
        (b"<p>Nothing this month.</p>", 0),
    ],
)
def test_what_is_still_linked_to_is_still_listed(body: bytes, left: int) -> None:
    found = still_listed(EMPTY, BEFORE, body)
    assert (len(found.items) if found else 0) == left
    assert found is None or (found.unread and found.entries == 0 and len(found.links) == left)


def test_a_list_that_is_read_or_never_was_is_no_such_list() -> None:
    body = b'<a href="/e/1?a=1&amp;b=2">'
    assert still_listed(Outline(frozenset({"x"}), (), 1), BEFORE, body) is None
    assert still_listed(EMPTY, Outline(links=DETAILS), body) is None


def test_a_walk_notes_it_on_its_first_page_too() -> None:
    walk = Walk(f"{HOST}/events")
    walk.arrived(1, {"/e/1"}, None, 0, True)
    assert walk.unread == {1}
    other = Walk(f"{HOST}/events")
    other.arrived(1, {"/e/1"}, None, 0)
    assert other.unread == set()

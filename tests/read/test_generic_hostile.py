"""Hostile pages at an address that no rule knows: entries or a reason, in bounded time, and never an exception."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from bounds import no_hang
from hostile_pages import KINDS, attribute, cards, nested, numbered, page
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read import PageReading, read_page
from pipelines.read.generic.days.grids import grid_mentions
from pipelines.read.generic.layout.blocks import read_blocks
from pipelines.read.generic.layout.cells import cells_of
from pipelines.read.generic.layout.outline import Outline
from pipelines.read.html.markup import Document, parse

URL = "https://www.example-city.example/agenda"
WHEN = datetime(2026, 3, 1, tzinfo=UTC)
FOUR = [f"Open workshop {n}" for n in range(4)]


def read(body: bytes) -> PageReading:
    return read_page(URL, body, "text/html", WHEN)


def parsed(body: bytes) -> Document:
    document = parse(body.decode(), URL)
    assert document is not None
    return document


def titles(body: bytes) -> list[str]:
    return [entry["title"] for entry in read(body).entries]


@pytest.mark.parametrize("name", KINDS)
def test_hostile_pages_end_soon_and_never_raise(name: str) -> None:
    body = KINDS[name]()
    with no_hang():
        reading = read(body)
    json.dumps(reading.entries).encode()
    assert reading.entries or reading.issues


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        (nested("div", 1000), "page with elements nested too deep: only the first"),
        (page("<p>x</p>" * 60_000), "page of 60004 elements: only the first 25000 were read"),
        (page("<i>x</i>" * 100_000), "page of 800071 characters: only the first 25000 elements were read"),
        (page(f"<p {' '.join(f'a{n}' for n in range(400))}>x"), "page of 1965 characters: only the first 4 elements"),
    ],
    ids=["deep", "elements", "marks", "attributes"],
)
def test_what_is_not_parsed_is_told(body: bytes, cut: str) -> None:
    document = parsed(body)
    assert (document.cut or "").startswith(cut)
    assert len(list(document.tree.iter())) <= 25_000


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        (page("<p>x</p>" * 6_000), "page of more than 5000 lines: only the first 5000 lines were read"),
        (page("<p>1 2</p>" * 2_000), "page of more than 3000 numbers: only the first 1500 lines were read"),
        (
            page(f"<p>{'x ' * 1000}</p>" * 200),
            "page of more than 200000 characters: only the first 100 lines were read",
        ),
        (page("<pre>", "x\n" * 9_000), "page of more than 5000 lines: only the first 5000 lines were read"),
    ],
    ids=["lines", "numbers", "characters", "lines of pre"],
)
def test_lines_that_are_not_read_are_told(body: bytes, cut: str) -> None:
    assert read_blocks(parsed(body).tree)[1] == cut


def test_a_large_real_list_is_read_to_its_end() -> None:
    document = parsed(page(cards(900)))
    blocks, cut = read_blocks(document.tree)
    assert (len(blocks), cut, document.cut) == (2700, None, None)


@pytest.mark.parametrize(
    "body",
    [
        nested("div"),
        nested("table"),
        attribute("class", "aB1-"),
        attribute("href", "/x", "a"),
        page(cards(), "<!-- ", "x" * 1_000_000),
        page("<p>", "x" * 3_000_000, "</p>", cards()),
        page(cards(), "<a href='"),
        page("<script>", "var a = '<p>1.1.2026';" * 1000, "</script>", cards()),
        page(cards(), head="<base href='http://[::1'>"),
        page(cards(), head=f"<title>{'agenda ' * 100_000}</title>"),
    ],
    ids=["deep", "tables", "class", "href", "comment", "a long word", "cut in a tag", "script", "base", "title"],
)
def test_a_list_beside_what_is_hostile_is_read(body: bytes) -> None:
    assert titles(body)[:4] == FOUR


def test_a_line_keeps_a_bounded_part_of_its_text_pieces_and_links() -> None:
    ((text, *_), _) = read_blocks(parsed(page("<p>", "word " * 100_000)).tree)
    assert len(text.text) <= 4_000
    ((line, *_), _) = read_blocks(parsed(page("<p>See ", numbered("<a href=/{n}>w</a> or ", 5_000))).tree)
    assert len(line.links) <= 210 and len(line.pieces) <= 400


@pytest.mark.parametrize("span", ["65534", "9" * 100_000, "-1", "0", "00", "1e9", "٣", "²", "", "x"])
def test_spans_of_cells_that_are_no_spans(span: str) -> None:
    row = f"<tr><td rowspan='{span}' colspan='{span}'>12 March 2026</td><td>Open workshop</td></tr>"
    tree = parsed(page("<table><tr><th>Date</th><th>Event</th></tr>", row * 50, "</table>")).tree
    found = cells_of(tree)
    assert found and all(cell.column < 200 for cell in found.values())


@pytest.mark.parametrize("level", ["9" * 100_000, "٣", "²", "0", "7", "-1", "", "x"])
def test_levels_of_headings_that_are_none(level: str) -> None:
    blocks, _ = read_blocks(parsed(page(f"<p role=heading aria-level='{level}'>March 2026</p>")).tree)
    assert 0 < blocks[0].level < 7


@pytest.mark.parametrize("text", ["1" * 39 + "x", "1 " * 19 + "x", "1, " * 12 + "!x", "." * 39 + "x"])
def test_cells_of_a_month_that_are_no_days(text: str) -> None:
    rows = f"<tr><td>{text}<td>5</tr>" * 300
    body = page("<table><tr><th>March 2026</th><th>April 2026</th></tr>", rows, "</table>")
    outline = Outline(read_blocks(parsed(body).tree)[0])
    with no_hang():
        assert {mention.text for mention in grid_mentions(outline, ("en",), WHEN.date(), ())} == {"5"}


_TAGS = """a article b br button caption dd details div dl dt em form h1 h2 h3 header i li main nav ol p pre section
span strong summary sup table tbody td th thead time tr ul""".split()
_tags = st.sampled_from(_TAGS)
_values = st.sampled_from(
    ["", "#", "/agenda/1", "http://[", "2026-03-12", "9999-99-99", "99", "-1", "²", "menu", "card title", "heading",
     "display:none", "tabpanel", "March 2026", "\x01", "'", "\u202e"]
)  # fmt: skip
_names = st.sampled_from(
    ["class", "id", "href", "style", "colspan", "rowspan", "datetime", "role", "aria-label", "aria-level", "hidden"]
)
_opened = st.builds("<{} {}='{}'>".format, _tags, _names, _values)
_plain = st.builds("<{}>".format, _tags)
_closed = st.builds("</{}>".format, _tags)
_texts = st.sampled_from(
    ["12 March 2026", "12.3.", "March 2026", "12", "MAR", "Mon 3", "31.2.2026", "1.1.0000", "31.12.9999 - 1.1.10000",
     "Open workshop", "Old mill, Porto", "18:30", "Posted on", "Cancelled", "Read more", "2026", "&#0;&#xD800;", "\n"]
) | st.text(max_size=12)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_opened | _plain | _closed | _texts, max_size=60))
def test_tag_soup_is_read_without_an_exception(parts: list[str]) -> None:
    reading = read("".join(parts).encode("utf-8", "replace"))
    json.dumps(reading.entries).encode()
    assert reading.entries or reading.issues


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 60), st.binary(max_size=6))
def test_mangled_pages_are_read_without_an_exception(at: int, gone: int, put: bytes) -> None:
    whole = page(cards(8), "<table><tr><th>Date<th>Event", numbered("<tr><td>{day}.3.2026<td>Tea {n}", 9), "</table>")
    reading = read(whole[:at] + put + whole[at + gone :])
    json.dumps(reading.entries).encode()
    assert reading.entries or reading.issues

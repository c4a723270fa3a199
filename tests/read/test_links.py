"""Links of pages of any site: next pages, feeds, calendars, documents, entries; and links that are none of these."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bounds import no_hang
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read.addresses import parse_address
from pipelines.read.html.links import page_links, with_details
from pipelines.read.html.markup import Document, parse
from pipelines.read.reading import Link
from pipelines.reference import load_yaml

HOST = "https://town.example.org"
NEWS = f"{HOST}/news"
LANGUAGES = """en fr de es ca eu gl pt it nl sv nb da fi is el tr pl uk ru ro bg hr sr bs sq sl sk cs hu lt lv et ga mt
    lb he ar ja ko""".split()


def links(body: str, url: str = NEWS, captured: date | None = None) -> list[Link]:
    document = parse(f"<html>{body}</html>", url)
    assert document is not None
    return page_links(document, parse_address(url), captured)


def role(name: str, body: str, url: str = NEWS, captured: date | None = None) -> list[str]:
    return [link.url.removeprefix(HOST) for link in links(body, url, captured) if link.role == name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_the_next_page_in_every_language(language: str) -> None:
    listed = load_yaml("links.yaml")
    for group in ("next", "next_page", "older"):
        assert listed[group][language], group
        for words in listed[group][language]:
            for text in (words, words.capitalize(), f"{words} ›", f"« {words} »"):
                assert role("next", f'<a href="?page=2">{text}</a>') == ["/news?page=2"], text
            assert role("next", f'<a href="?page=2" aria-label="{words}"><i></i></a>') == ["/news?page=2"], words
    for words in listed["next_period"][language]:
        found = role("next", f'<a href="?month=2026-04">{words}</a>', captured=date(2026, 3, 5))
        assert found == ["/news?month=2026-04"], words


@pytest.mark.parametrize(
    ("url", "href", "found"),
    [
        ("/news", "/news/page/2/", "/news/page/2/"),
        ("/news/page/2/", "/news/page/3/", "/news/page/3/"),
        ("/news?page=2", "?page=3", "/news?page=3"),
        ("/news", "?start=20", "/news?start=20"),
        ("/news?start=20", "/news?start=40", "/news?start=40"),
        ("/news", "news;p=2", "/news;p=2"),
        ("/news/", "2", "/news/2"),
        ("/news.html", "news,2.html", "/news,2.html"),
        ("/news/index.php", "/news/?offset=10", "/news/?offset=10"),
        ("/news?topic=arts", "/news?topic=arts&pg=2", "/news?pg=2&topic=arts"),
        ("/news", "?b_start:int=30", "/news?b_start:int=30"),
        ("/news", "?tx_list%5BcurrentPage%5D=2", "/news?tx_list%5BcurrentPage%5D=2"),
        ("/aktuell", "/aktuell/seite-2", "/aktuell/seite-2"),
        ("/news", "?list=(pageindex=2)", "/news?list=(pageindex%3D2)"),
        ("/news?offset=1770000000000", "?offset=1760000000000", "/news?offset=1760000000000"),
        ("/events", "/events/list/page/2/", "/events/list/page/2/"),
        ("/", "/news?page=1", "/news?page=1"),
        ("/news", "https://www.town.example.org/news?page=2", "https://www.town.example.org/news?page=2"),
    ],
)
def test_addresses_of_the_next_page(url: str, href: str, found: str) -> None:
    assert role("next", f'<a href="{href}">Next</a>', HOST + url) == [found]


@pytest.mark.parametrize(
    "body",
    [
        '<head><link rel="next" href="/news/page/2"></head>',
        '<a rel="next" href="/news/page/2">Beyond</a>',
        '<li class="pager__item--next"><a href="/news/page/2"><svg></svg></a></li>',
        '<a class="next page-numbers" href="/news/page/2"></a>',
        '<a title="Go to next page" href="/news/page/2">…</a>',
        '<div class="pagination"><a href="/news/page/2">»</a></div>',
        '<p><b>1</b> <a href="/news/page/2">2</a> <a href="/news/page/3">3</a> <a href="/news/page/2">→</a></p>',
        '<a href="/news/page/9">Last</a> <a href="/news/page/2">Next (2 of 9)</a>',
    ],
)
def test_signs_of_a_next_page(body: str) -> None:
    assert role("next", body) == ["/news/page/2"]


PAGER = '<ul class="x"><li>{1}</li><li>{2}</li><li>{3}</li><li>{4}</li></ul>'


@pytest.mark.parametrize(
    "mark",
    [
        "<strong>{n}</strong>",
        "<span>{n}</span>",
        '<a aria-current="page" href="?page={n}">{n}</a>',
        '<a class="active" href="?page={n}">{n}</a>',
        "<a>{n}</a>",
    ],
)
@pytest.mark.parametrize("current", [1, 2, 3])
def test_the_number_behind_the_current_one(mark: str, current: int) -> None:
    numbers = [mark.format(n=n) if n == current else f'<a href="?page={n}">{n}</a>' for n in range(5)]
    url = NEWS if current == 1 else f"{NEWS}?page={current}"
    assert role("next", PAGER.format(*numbers), url) == [f"/news?page={current + 1}"]


def test_numbers_that_count_from_zero_and_offsets() -> None:
    drupal = '<ul><li class="is-active"><a href="?page=0">1</a></li><li><a href="?page=1">2</a></li></ul>'
    assert role("next", drupal) == ["/news?page=1"]
    named = '<div class="pager"><b>1</b> <a href="?list=%28pageindex=2%29">2</a></div>'
    assert role("next", named) == ["/news?list=(pageindex%3D2)"]
    offsets = '<p><a href="?start=0">1</a> <b>2</b> <a href="?start=40">3</a> <a href="?start=60">4</a></p>'
    assert role("next", offsets, f"{NEWS}?start=20") == ["/news?start=40"]


def test_the_last_page_has_no_next_one() -> None:
    body = '<p><a href="?page=1">1</a> <a href="?page=2">2</a> <b>3</b> <a href="?page=2">Previous</a></p>'
    assert role("next", body, f"{NEWS}?page=3") == []


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://other.example.com/news?page=2">Next</a>',
        '<a href="?page=2">Opening of the bridge</a>',
        '<a href="javascript:go(2)">Next</a><a href="mailto:a@example.org?page=2">Next</a><a href="#page=2">Next</a>',
        '<a href="?page=2&sort=title">Next</a>',
        '<a href="/login?page=2">Next</a><a href="/news/print/page/2">Next</a>',
        '<a href="?page=2">»</a>',
        '<a href="/about">Next</a><a href="/news?topic=arts">More</a>',
        '<p><b>1</b> <a href="/news/1204">2</a> <a href="/news/204">2</a></p>',
        '<a href="/news/3">More</a>',
        '<a class="next disabled" href="?page=2">Next</a><a aria-disabled="true" href="?page=2">Next</a>',
        '<p><a href="?year=2024">2024</a> <a href="?year=2025">2025</a></p>',
        '<a href="?page=0">Next</a><a href="/news">Next page</a>',
        '<a href="http://[bad?page=2">Next</a>',
    ],
)
def test_what_is_no_next_page(body: str) -> None:
    assert role("next", body) == []


@pytest.mark.parametrize(
    "body",
    [
        '<link rel="next" title="A bridge gets two names" href="/news/a-bridge">',
        '<a rel="next" href="/news/a-bridge">A bridge gets two names →</a>',
        '<a rel="next" href="/news/42">A bridge gets two new names</a>',
        '<a rel="next" href="/news/42">A bridge</a>',
        '<a href="/news/42">Next article</a><a href="/news/42">Artículo siguiente</a>',
        '<a class="next" href="/news/a-bridge">Nächster Beitrag</a>',
        '<div class="nav-links"><a href="/news/a-bridge" rel="next">A bridge</a></div>',
    ],
)
def test_from_one_entry_to_the_next_is_no_paging(body: str) -> None:
    assert role("next", body, f"{HOST}/news/41") == []
    assert role("next", body, f"{HOST}/news/the-old-mill") == []


def test_a_phrase_counts_with_any_address_of_the_host() -> None:
    assert role("next", '<a href="/archive/b7f3a">Next page</a>') == ["/archive/b7f3a"]
    assert role("next", '<a href="?cursor=b7f3a">Page suivante</a>') == ["/news?cursor=b7f3a"]
    assert role("next", '<a rel="next" href="?after=b7f3a">on</a>') == ["/news?after=b7f3a"]


CALENDAR = f"{HOST}/calendar"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("?month=2026-04", CALENDAR),
        ("?month=4&year=2026", f"{CALENDAR}?month=3&year=2026"),
        ("/calendar/2026/04/", f"{CALENDAR}/2026/03/"),
        ("/calendar/2026-04-01", CALENDAR),
        ("?date=20260401", CALENDAR),
        ("?monat=4&jahr=2026", CALENDAR),
        ("?start=1775001600", CALENDAR),
        ("/calendar/week/2026-04-06", f"{CALENDAR}/week/2026-03-30"),
    ],
)
def test_a_calendar_is_followed_a_year_ahead_and_no_further(href: str, url: str) -> None:
    body = f'<a href="{href}">Next month</a>'
    assert len(role("next", body, url, date(2026, 3, 5))) == 1
    assert len(role("next", body, url, date(2025, 4, 5))) == 1
    assert role("next", body, url, date(2025, 3, 5)) == []
    assert role("next", body, url, date(2026, 5, 5)) == []
    assert role("next", body.replace("<a", '<a rel="nofollow"'), url, date(2026, 3, 5)) == []


def test_without_a_moment_a_calendar_is_followed_by_one_step() -> None:
    body = '<a class="next" href="/calendar?month=2026-04">April</a>'
    assert role("next", body, CALENDAR) == ["/calendar?month=2026-04"]
    assert role("next", body, f"{CALENDAR}?month=2026-03") == []


def test_an_arrow_leads_to_the_month_after() -> None:
    arrow = '<a href="?year=2026&month={}">»</a>'
    march, day = f"{CALENDAR}?month=3&year=2026", date(2026, 3, 5)
    assert role("next", arrow.format(4), march, day) == ["/calendar?month=4&year=2026"]
    assert role("next", arrow.format(7), march, day) == []


def test_the_month_before_and_a_day_of_the_grid_are_not_next() -> None:
    body = '<a href="?month=2026-02">Next</a><table><td><a href="?date=2026-03-14">14</a></td></table>'
    assert role("next", body, f"{CALENDAR}?month=2026-03", date(2026, 3, 5)) == []


@pytest.mark.parametrize(
    "href", ["/feed/", "/news.rss", "/news/rss", "/a.atom", "/?format=feed&type=rss", "/feed.xml?x=1"]
)
def test_feeds(href: str) -> None:
    assert len(role("feed", f'<a href="{href}">Subscribe</a>')) == 1
    assert len(role("feed", f'<link rel="alternate" type="application/rss+xml" href="{href}">')) == 1


@pytest.mark.parametrize(
    "href", ["/comments/feed/", "/sitemap.xml", "/feedback", "/rss-explained", "/feeding-birds.html"]
)
def test_what_is_no_feed(href: str) -> None:
    assert role("feed", f'<a href="{href}">x</a>') == []


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("/all.ics", "/all.ics"),
        ("webcal://town.example.org/all.ics", "/all.ics"),
        ("webcal://town.example.org/export?id=5", "/export?id=5"),
        ("/events/?ical=1", "/events/?ical=1"),
        ("/events/ical/", "/events/ical/"),
        ("/event.ics?day=2026-03-12", "/event.ics?day=2026-03-12"),
    ],
)
def test_calendars(href: str, found: str) -> None:
    assert role("calendar", f'<a href="{href}">Add</a>') == [found]


def test_a_calendar_by_its_type() -> None:
    assert role("calendar", '<link type="text/calendar" href="/export/7">') == ["/export/7"]


@pytest.mark.parametrize("suffix", ["pdf", "doc", "docx", "odt", "xls", "xlsx", "ppt", "PDF"])
def test_documents(suffix: str) -> None:
    assert role("document", f'<a href="/f/a.{suffix}?v=1#page=2">Minutes</a>') == [f"/f/a.{suffix}?v=1"]
    assert role("document", f'<a href="/f/a-{suffix}">x</a><a href="/{suffix}/a.html">x</a>') == []


def test_each_link_once_in_the_order_of_the_page() -> None:
    body = '<a href="/a.pdf">1</a><a href="/b.ics">2</a><a href="/a.pdf">again</a><a href="?page=2">Next</a>'
    assert links(body) == [
        Link(f"{HOST}/a.pdf", "document"),
        Link(f"{HOST}/b.ics", "calendar"),
        Link(f"{NEWS}?page=2", "next"),
    ]


def test_entries_that_a_reader_found_are_added_once() -> None:
    given_links = [Link(f"{HOST}/a.pdf", "document"), Link(f"{NEWS}?page=2", "next")]
    urls = [f"{HOST}/e/2", None, f"{HOST}/e/1", "", f"{HOST}/e/2", f"{HOST}/a.pdf"]
    assert with_details(given_links, urls) == [
        *given_links, Link(f"{HOST}/e/2", "detail"), Link(f"{HOST}/e/1", "detail")
    ]  # fmt: skip


def test_a_portal_gives_entries_and_later_pages_by_their_addresses() -> None:
    site = "https://www.coe.int/en/web/interculturalcities"
    body = """<a href="/en/web/interculturalcities/-/a-plan">A plan</a><a href="?delta=20&start=3">whatever</a>
        <a href="?delta=20&start=1">Next</a><a href="/en/web/interculturalcities/about">Next</a>
        <a href="https://rm.coe.int/minutes/1680abcdef">Minutes</a><a href="/c/portal/login">Next</a>"""
    assert links(body, f"{site}/newsroom?delta=20&start=2") == [
        Link(f"{site}/-/a-plan", "detail"),
        Link(f"{site}/newsroom?delta=20&start=3", "next"),
        Link("https://rm.coe.int/1680abcdef", "document"),
    ]


def test_a_portal_on_another_host_gives_entries() -> None:
    url = "https://portal.example.org/en/web/city/news"
    (found,) = links('<a href="/en/web/city/-/a-plan">A plan</a><a href="/imprint">Imprint</a>', url)
    assert (found.url.rpartition("/")[2], found.role) == ("a-plan", "detail")


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/news/entry-{n}">Entry {n}</a>',
        '<a href="?page={n}">{n}</a>',
        '<a href="/news/page/{n}/">next</a>',
        '<a href="/f/{n}.pdf">x</a>',
        '<a href="/en/web/x/-/slug-{n}">x</a>',
        '<a class="next" href="/2026/{n}"><b>{n}</b> <i>next page</i></a>',
    ],
)
def test_a_hundred_thousand_links_in_bounded_time(link: str) -> None:
    import lxml.html

    body = "".join(link.format(n=n) for n in range(100_000))
    document = Document(lxml.html.document_fromstring(body), "", None, NEWS)
    address = parse_address(NEWS)
    with no_hang():
        assert len(page_links(document, address)) <= 2000


_hrefs = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="/?&=;#.:[]%0123456789page-_next", max_size=40),
    st.sampled_from(
        ["http://[", "//", "?page=" + "9" * 5000, "webcal:", "?month=13&year=0", "/2026/13/40", "?p=²", "%ff%fe?page=2"]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_hrefs, st.sampled_from(["Next", "2", "»", "Next month", "", "x"])), max_size=6), _hrefs)
def test_any_addresses_never_raise(given_links: list[tuple[str, str]], url: str) -> None:
    import lxml.html
    from lxml.builder import E

    def clean(text: str) -> str:
        return "".join(c for c in text if c.isprintable() and not "\ud800" <= c <= "\udfff")

    tree: Any = E.html(*[E.a(text, href=clean(href)) for href, text in given_links])
    for base in (NEWS, clean(url), f"{NEWS}/{clean(url)}"):
        document = Document(lxml.html.document_fromstring(lxml.html.tostring(tree)), "", None, base)
        for link in page_links(document, parse_address(base), date(2026, 3, 5)):
            assert link.role in ("next", "detail", "feed", "calendar", "document")
            assert link.url.startswith(("http://", "https://"))

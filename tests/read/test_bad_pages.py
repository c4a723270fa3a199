"""Pages that are none, broken pages, hostile pages: no entry and a reason, or what can be saved; never an exception."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bounds import no_hang
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read import read_page

URL = "https://www.coe.int/en/web/interculturalcities/newsroom"
WHEN = datetime(2021, 3, 1, tzinfo=UTC)
CARD = '<div><h3><a href="/en/web/interculturalcities/-/{slug}">{title}</a></h3><p>{meta}</p><p>{text}</p></div>'
TEXT = "Residents and officials sat down in the library and wrote down who does what, and by when..."


def cards(*titles: str) -> str:
    return "".join(
        CARD.format(slug=f"slug-{n}", title=t, meta="5 May 2019 Oslo, Norway", text=TEXT) for n, t in enumerate(titles)
    )


@pytest.mark.parametrize(
    ("body", "media_type", "reason"),
    [
        (b"", "text/html", "empty page"),
        (b" \n ", "text/html", "empty page"),
        (b"%PDF-1.4 ...", "text/html", "not HTML but PDF"),
        (b"\x00\x01\x02" * 50, "text/html", "not HTML but binary"),
        (b'{"items": []}', "text/html", "not HTML but JSON"),
        (b"GIF89a", "image/gif", "not HTML but image/gif"),
        (b"x" * 50_000_000, "text/html", "page of 50000000 bytes"),
    ],
)
def test_refused_with_a_reason(body: bytes, media_type: str, reason: str) -> None:
    reading = read_page(URL, body, media_type, WHEN)
    assert reading.entries == []
    assert reading.issues[0].reason.startswith(reason)


@pytest.mark.parametrize(
    "text",
    [
        "<html><title>Page not found</title><body><h1>Page not found</h1><p>Try the search.</p></body></html>",
        "<html><body><form>x</form><p>Please sign in to continue</p></body></html>",
        "<html><body><h1>Checking your browser</h1></body></html>",
    ],
)
def test_pages_that_lie_with_status_200(text: str) -> None:
    reading = read_page(URL, text.encode(), "text/html; charset=utf-8", WHEN)
    assert reading.entries == []
    assert any(word in reading.issues[0].reason for word in ("soft 404", "login page", "captcha"))


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "iso-8859-1"),
        ("utf-16", ""),
        ("utf-8", ""),
        ("cp1252", "utf-8"),
        ("cp1252", "windows-1252"),
        ("cp1252", ""),
    ],
)
def test_wrong_or_missing_charset(encoding: str, declared: str) -> None:
    body = f"<html><body>{cards('Fête à Neuchâtel', 'Más allá')}</body></html>".encode(encoding)
    reading = read_page(URL, body, f"text/html; charset={declared}" if declared else "text/html", WHEN)
    assert [entry["title"] for entry in reading.entries] == ["Fête à Neuchâtel", "Más allá"]


def test_comments_scripts_and_hidden_parts_are_not_read() -> None:
    hidden = f"<!-- {cards('Comment')} --><script>'{cards('Script')}'</script>"
    hidden += f"<div style='display: none'>{cards('Hidden')}</div>"
    reading = read_page(
        URL, f"<body>{hidden}<template>{cards('Template')}</template>{cards('One', 'Two')}".encode(), "text/html", WHEN
    )
    assert [entry["title"] for entry in reading.entries] == ["One", "Two"]


def test_markup_in_a_title_is_text() -> None:
    body = f"<body>{cards('&lt;script&gt;alert(1)&lt;/script&gt;', '=HYPERLINK(1)')}</body>".encode()
    assert [entry["title"] for entry in read_page(URL, body, "text/html", WHEN).entries] == [
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000,
        "<body>" + "<a href='/en/web/interculturalcities/-/x'>x</a> " * 20_000,
        f"<body><p title='{'a' * 1_000_000}'>{cards('One', 'Two')}</p>",
        "<b>" * 5_000 + cards("One", "Two"),
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><body>&b;</body>',
        cards("One", "Two")[:-30],
    ],
    ids=["deep", "many links", "long attribute", "deep inline", "entities", "cut off"],
)
def test_hostile_markup_in_bounded_time(body: str) -> None:
    with no_hang():
        read_page(URL, body.encode(), "text/html", WHEN)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["text/html", "text/plain", "", "text/html; charset=x"]))
def test_any_bytes_are_read_without_an_exception(body: bytes, media_type: str) -> None:
    reading = read_page(URL, body, media_type, WHEN)
    assert isinstance(reading.entries, list)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    for page in ("newsroom", "meetings", "good-pratice", "-/slug"):
        for media_type in ("text/plain", "text/html"):
            read_page(
                f"https://www.coe.int/en/web/interculturalcities/{page}",
                text.encode("utf-8", "replace"),
                media_type,
                WHEN,
            )

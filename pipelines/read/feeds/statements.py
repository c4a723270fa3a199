"""Structured data of a page to entries, and nothing else of the page: the strategy `jsonld`.

What belongs here: statements to entries. What does not: finding statements (`pipelines.read.structured`).
"""

from __future__ import annotations

from pipelines.read.addresses import clean_address, parse_address
from pipelines.read.feeds.moments import stated_words
from pipelines.read.feeds.payload import Feed, Payload
from pipelines.read.html.decode import charset_text
from pipelines.read.html.links import page_links
from pipelines.read.html.markup import parse
from pipelines.read.html.refusals import is_refusal
from pipelines.read.reading import Item, Link
from pipelines.read.structured import Stated, read_structured

_STATING = ("json-ld", "microdata", "rdfa", "h-event")


def read_statements(payload: Payload) -> Feed:
    """What a page, or a file of JSON-LD, states of events and news.

    Only what says what it is counts; lists in scripts that look like entries do not.
    """
    feed = Feed()
    said, mended = charset_text(payload.body, payload.media_type)
    feed.issues += [mended] if mended else []
    is_json = said.lstrip()[:1] in ("{", "[")
    if is_json:
        said = '<script type="application/ld+json">' + said.replace("</", "<\\/") + "</script>"
    document = parse(said, payload.url)
    if document is None:
        feed.note("not HTML: no element in it", "body")
        return feed
    if refusal := is_refusal(document.lines, document.title):
        feed.note(refusal, "page")
        return feed
    items = [_item(one, payload) for one in read_structured(document) if one.syntax in _STATING]
    feed.items += items
    feed.links += [] if is_json else page_links(document, parse_address(payload.url), payload.captured.date())
    known = {link.url for link in feed.links} | {payload.url, clean_address(payload.url)}
    urls = dict.fromkeys(item.url for item in items if item.url)
    feed.links += [Link(url, "detail") for url in urls if url not in known]
    if not items:
        feed.note("the page states no event and no news", "body")
    return feed


def _item(one: Stated, payload: Payload) -> Item:
    return Item(
        title=one.title,
        summary=one.summary,
        url=one.url,
        date_raw=stated_words(one.start, one.end, payload.zone),
        place_raw=one.place,
        status=one.status,
        page_kind=one.kind,
    )

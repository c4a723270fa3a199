"""What is no page for people: calendars, feeds, sitemaps, JSON of APIs, statements of pages, each to entries and links.

What belongs here: the readers of all strategies but those for pages, and the choice between them. What does not:
fetching, pages (`pipelines.read.page`), what dates and places mean (`refine`).

    payload, bounded       what a reader gets; bodies to values and trees within bounds
    recognise              which strategy a body is of
    keys                   what is the same entry in whatever source
    strings, moments       text, addresses, places; stated dates to words that the date reader reads
    ical/                  calendars
    rss, feed_entries      RSS and Atom
    sitemap, safe_patterns sitemaps, and the patterns that choose from them
    json_feeds             JSON: field_maps and paths say where what stands, columns chooses those of tables,
                           rows makes entries, paging finds the next page
    statements             JSON-LD, microdata, RDFa, h-event

No reader raises for what a body holds: what can not be read is an Issue.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.read.feeds.ical import read_ical
from pipelines.read.feeds.json_feeds import read_json_feed
from pipelines.read.feeds.payload import Feed, Payload
from pipelines.read.feeds.recognise import is_html, strategy_of
from pipelines.read.feeds.rss import read_rss
from pipelines.read.feeds.sitemap import read_sitemap
from pipelines.read.feeds.statements import read_statements

__all__ = ["PAGES_TOO", "STRATEGIES", "Feed", "Payload", "is_html", "read_feed", "strategy_of"]

_READERS: dict[str, Callable[[Payload], Feed]] = {
    "ical": read_ical,
    "rss": read_rss,
    "sitemap": read_sitemap,
    "jsonld": read_statements,
}
_JSON = ("wp_rest", "opendatasoft", "ckan", "socrata", "linkedevents", "json_api")
STRATEGIES = (*_READERS, *_JSON)
"""The strategies whose bodies are read here."""
PAGES_TOO = ("rss", "sitemap", "wp_rest")
"""Strategies whose entries have pages of their own, which are read as pages."""


def read_feed(strategy: str, payload: Payload) -> Feed:
    """Read a body of a strategy."""
    return _READERS[strategy](payload) if strategy in _READERS else read_json_feed(payload, strategy)

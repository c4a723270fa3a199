"""What a body is, when nobody said: a calendar, a feed, a sitemap, JSON of a shape that is known.

What belongs here: telling strategies apart by the first bytes, and by the shape of JSON. What does not: reading.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any

from pipelines.read.feeds.bounded import load_json, unpacked
from pipelines.read.feeds.json_feeds import shape_of

_HEAD = 4000
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,40}:)?([A-Za-z][\w.-]{0,40})[\s>/]")
_ROOTS = {"rss": "rss", "feed": "rss", "rdf": "rss", "urlset": "sitemap", "sitemapindex": "sitemap"}
_SOCRATA = re.compile(r"/resource/[a-z0-9]{4}-[a-z0-9]{4}\.json", re.IGNORECASE)


def head_of(body: bytes) -> str:
    """The first characters of a body, packed or not, without marks and blanks."""
    if body.startswith(b"\x1f\x8b"):
        body = unpacked(body[: 2 * _HEAD])[0]
    is_utf16 = body.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return body[: 2 * _HEAD].decode("utf-16" if is_utf16 else "utf-8", "replace").lstrip("\ufeff \t\r\n")[:_HEAD]


def is_html(body: bytes) -> bool:
    """Whether a body begins like a page."""
    head = head_of(body)[:1000].lower()
    return head.startswith("<!doctype html") or (_ROOT.search(head) is not None and _first_element(head) == "html")


def strategy_of(url: str, body: bytes, media_type: str) -> str | None:
    """The strategy that a body is of; None for a page, and for what is not known."""
    head = head_of(body)
    if head[:15].upper() == "BEGIN:VCALENDAR":
        return "ical"
    if head.startswith("<"):
        return _ROOTS.get(_first_element(head))
    if head.startswith(("{", "[")) and "text/plain" not in media_type:
        return _of_json(url, load_json(body).value)
    return "ical" if media_type.lower().startswith("text/calendar") and "BEGIN:VCALENDAR" in head.upper() else None


def _first_element(head: str) -> str:
    found = _ROOT.search(head)
    return found[1].lower() if found else ""


def _of_json(url: str, value: Any) -> str | None:
    if known := shape_of(value):
        return known
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict) and "schema.org" in str(first.get("@context"))[:200]:
        return "jsonld"
    return "socrata" if isinstance(value, list) and _SOCRATA.search(url) else None

"""RSS and Atom to the parts of their entries, by lxml when the XML is whole, by feedparser when it is broken.

What belongs here: which element of which dialect says what. What does not: dates, keys and text (`rss`).

feedparser takes 7 ms for a feed of 20 entries, lxml 0.2 ms; but what of broken XML is an entry, feedparser knows best.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import islice
from typing import Any

import feedparser
from lxml import etree

from pipelines.read.feeds.payload import MOST_ITEMS
from pipelines.read.feeds.sitemap import local_name
from pipelines.reference import load_yaml

_CORE = frozenset(
    (
        "",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/terms/",
        "http://purl.org/rss/1.0/modules/content/",
    )
)
_XML = "{http://www.w3.org/XML/1998/namespace}"
_PUBLISHED = ("pubdate", "published", "issued", "date", "created", "updated", "modified")
_SUMMARY = ("description", "summary", "encoded", "content", "abstract")
_MOST_CHILDREN = 200
_LONGEST = 20_000


@dataclass(slots=True)
class Entry:
    """An entry as its feed gives it: raw texts, HTML in them not yet taken off.

    `stated`: what elements for events say (start, end, start_hour, end_hour, place, status).
    """

    title: str = ""
    link: str = ""
    guid: str = ""
    summary: str = ""
    published: str = ""
    language: str = ""
    stated: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, str, str]] = field(default_factory=list)  # address, type, title


@dataclass(slots=True)
class Entries:
    """The entries of a feed, its language and the address of its next page."""

    entries: list[Entry] = field(default_factory=list)
    language: str = ""
    next: str = ""


@cache
def _event_elements() -> dict[str, str]:
    """Name of an element to the part of an event that it says."""
    listed = load_yaml("feeds.yaml")["feed_elements"]
    return {str(name): part for part, names in listed.items() for name in names}


def from_tree(root: Any) -> Entries:
    """The entries of a feed's tree."""
    found = Entries(language=root.get(f"{_XML}lang") or "")
    for element in root.iter():
        name = local_name(element)
        if name in ("item", "entry"):
            found.entries.append(_entry(element))
            if len(found.entries) > MOST_ITEMS:
                break
        elif name == "language" and not found.language:
            found.language = (element.text or "").strip()
        elif name == "link" and element.get("rel") == "next" and local_name(element.getparent()) in ("feed", "channel"):
            found.next = element.get("href") or ""
    return found


def _entry(element: Any) -> Entry:
    entry = Entry(language=element.get(f"{_XML}lang") or "", guid=_about(element))
    core: dict[str, str] = {}
    for child in islice(element, _MOST_CHILDREN):
        name = local_name(child)
        if not name:
            continue
        space = child.tag[1:].partition("}")[0] if child.tag.startswith("{") else ""
        if name in ("link", "enclosure"):
            _take_link(child, entry)
        elif space in _CORE:
            core.setdefault(name, _text(child))
        else:
            _take_stated(child, name, entry)
    entry.title = core.get("title", "")
    entry.guid = core.get("guid") or core.get("id") or core.get("identifier") or entry.guid
    entry.summary = next((core[name] for name in _SUMMARY if core.get(name)), "")
    entry.published = next((core[name] for name in _PUBLISHED if core.get(name)), "")
    entry.language = core.get("language") or entry.language
    if not entry.link and entry.guid.startswith(("http://", "https://")):
        entry.link = entry.guid
    return entry


def _about(element: Any) -> str:
    """The address by which RSS 1.0 names an entry."""
    return element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or ""


def _take_link(child: Any, entry: Entry) -> None:
    rel, href = (child.get("rel") or "alternate").lower(), child.get("href") or child.get("url") or ""
    if local_name(child) == "enclosure" or rel == "enclosure":
        entry.files.append((href, (child.get("type") or "").lower(), child.get("title") or ""))
    elif rel == "alternate" and not entry.link:
        entry.link = href or _text(child)


def _take_stated(child: Any, name: str, entry: Entry) -> None:
    if name == "origlink":  # the address behind one that counts clicks
        entry.link = _text(child) or entry.link
    elif name == "when" and child.get("startTime"):
        entry.stated.setdefault("start", child.get("startTime"))
        entry.stated.setdefault("end", child.get("endTime") or "")
    elif (part := _event_elements().get(name)) and (said := _text(child)):
        entry.stated.setdefault(part, said)


def _text(element: Any) -> str:
    if not len(element):
        return (element.text or "").strip()[:_LONGEST]
    # XHTML within Atom, or HTML that was not escaped: its blocks are told apart later.
    return str(etree.tostring(element, encoding="unicode", with_tail=False))[:_LONGEST]


def from_broken(said: bytes) -> Entries:
    """The entries of a feed whose XML is broken; none when feedparser fails on it."""
    try:
        # A stream, because feedparser takes a text for an address or the name of a file if it can be one.
        parsed = feedparser.parse(BytesIO(said), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):  # base64 of no text, odd charsets
        return Entries()
    entries = [_from_feedparser(one) for one in islice(parsed.entries, MOST_ITEMS + 1)]
    links = parsed.feed.get("links", [])
    following = next((link.get("href", "") for link in links if link.get("rel") == "next"), "")
    return Entries(entries, parsed.feed.get("language", ""), following)


def _from_feedparser(one: Any) -> Entry:
    dates = (dict.get(one, name) for name in ("published", "updated", "created"))  # its own `get` mixes them up
    contents = [held.get("value", "") for held in one.get("content", [])]
    return Entry(
        title=one.get("title", ""),
        link=one.get("link", ""),
        guid=one.get("id", ""),
        summary=one.get("summary", "") or next(filter(None, contents), ""),
        published=next(filter(None, dates), ""),
        language=one.get("language", ""),
        stated=dict(_stated_in(one)),
        files=[(f.get("href", ""), f.get("type", ""), f.get("title", "")) for f in one.get("enclosures", [])],
    )


def _stated_in(one: Any) -> Iterator[tuple[str, str]]:
    """What elements for events say: feedparser joins their prefix and name by "_"."""
    for key, value in one.items():
        part = _event_elements().get(str(key).partition("_")[2].lower())
        if part and isinstance(value, str) and value.strip():
            yield part, value.strip()

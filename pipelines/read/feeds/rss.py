"""RSS and Atom to entries: what an entry says, and which of its dates is meant.

What belongs here: keys, text, and the choice between the day of publishing, a date in the title or summary, and what
elements for events state. What does not: the dialects (`feed_entries`).

The trap: feeds of events often give the day on which an event was entered as the day of publishing, and its own date in
the title only ("12 March 2026: Spring fair").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from pipelines.read.feeds.bounded import load_xml, unpacked
from pipelines.read.feeds.feed_entries import Entries, Entry, from_broken, from_tree
from pipelines.read.feeds.keys import name_key
from pipelines.read.feeds.moments import moment_of, stated_words
from pipelines.read.feeds.payload import MOST_ITEMS, Feed, Payload
from pipelines.read.feeds.sitemap import local_name
from pipelines.read.feeds.strings import (
    LONGEST_TITLE,
    absolute,
    language_code,
    link_of,
    place_words,
    status_word,
    text,
)
from pipelines.read.reading import Item, Link
from pipelines.refine.dates import find_dates

_ROOTS = ("rss", "rdf", "feed", "channel")
_YEARLIKE = re.compile(r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d\d")
_MOST_BROKEN = 100_000  # bytes: of the worst (elements in elements), feedparser takes 1 s for these
_LONGEST_KEY = 500
_FEW = 3  # titles: fewer tell nothing of a feed
_LOOKED_AT = 2000  # characters of a summary
_SOURCES = ("published", "title", "summary")


def read_rss(payload: Payload) -> Feed:
    """The entries of a feed.

    Hints: `date_from`, which is `published` (when not said), `title` or `summary`; `page_kind: event` where the feed
    is one of events. Without `date_from`, a date in most titles is taken for the date of the entries.
    """
    feed = Feed()
    body, cut = unpacked(payload.body)
    loaded = load_xml(body, payload.media_type)
    feed.issues += [issue for issue in (cut, loaded.issue) if issue]
    if loaded.value is None:
        return feed
    if local_name(loaded.value) not in _ROOTS and not loaded.broken:
        feed.note(f"not a feed: its root is <{local_name(loaded.value)[:40]}>", "body")
        return feed
    entries = from_tree(loaded.value)
    if loaded.broken:
        entries = _mended(body, entries, feed)
    _read(entries, payload, feed)
    return feed


def _mended(body: bytes, entries: Entries, feed: Feed) -> Entries:
    """The entries of broken XML: as feedparser reads it, unless it is too long, or lxml found more."""
    feed.note("XML that is broken: read as far as it can be", "body")
    if len(body) <= _MOST_BROKEN:
        loose = from_broken(body)
        titled = (sum(bool(one.title) for one in found.entries) for found in (loose, entries))
        entries = loose if next(titled) >= next(titled) else entries
    if entries.entries:
        _without_cut(entries.entries[-1], body)
    return entries


def _without_cut(last: Entry, body: bytes) -> None:
    """Leave out what the end of the body cut in two: half an address leads elsewhere."""
    end = body[-2000:].decode("utf-8", "ignore").rstrip()
    for name in ("title", "link", "guid", "published"):
        said = getattr(last, name)
        if said and (end.endswith(said) or end.replace("&amp;", "&").endswith(said)):
            setattr(last, name, "")


def _read(entries: Entries, payload: Payload, feed: Feed) -> None:
    if len(entries.entries) > MOST_ITEMS:
        feed.note(f"more than {MOST_ITEMS} entries: the rest is left out", "items")
        del entries.entries[MOST_ITEMS:]
    titles = [text(entry.title, LONGEST_TITLE) for entry in entries.entries]
    if untitled := titles.count(None):
        feed.note(f"{untitled} of {len(titles)} entries have no title: left out", "items")
    languages = [*payload.languages, *([code] if (code := language_code(entries.language)) else [])]
    source, kind = _source_of_dates(entries.entries, titles, languages, payload, feed)
    for entry, title in zip(entries.entries, titles, strict=True):
        if title is not None:
            feed.items.append(_item(entry, title, source, kind, languages, payload))
    feed.links += [Link(url, "detail") for url in dict.fromkeys(item.url for item in feed.items) if url]
    if following := absolute(entries.next, payload.url):
        feed.links.append(Link(following, "next"))


def _source_of_dates(
    entries: list[Entry], titles: Sequence[str | None], languages: list[str], payload: Payload, feed: Feed
) -> tuple[str, str]:
    """Where the dates of the entries stand, and what the entries are."""
    said = payload.text_hint("date_from")
    if said in _SOURCES:
        return said, "news"
    if said:
        feed.note(f"hint `date_from` is {', '.join(_SOURCES)}, not {said[:40]!r}", "hints")
    pairs = [(entry, title) for entry, title in zip(entries, titles, strict=True) if title and not entry.stated]
    likely = [(entry, title) for entry, title in pairs if _YEARLIKE.search(title)]
    if len(pairs) < _FEW or 2 * len(likely) <= len(pairs):
        return "published", "news"
    dated = [(entry, found) for entry, title in likely if (found := _full_date(title, languages))]
    if 2 * len(dated) <= len(pairs):
        return "published", "news"
    feed.note("most titles hold a date: taken for the date of the entries, not the day of publishing", "items")
    later = sum(found[1] >= _day(entry.published, payload) for entry, found in dated)
    return "title", "event" if 2 * later > len(dated) else "news"


def _full_date(said: str | None, languages: list[str]) -> tuple[str, date] | None:
    """The words of the first date in a text that has day, month and year, and that day."""
    if not said or not _YEARLIKE.search(said[:_LOOKED_AT]):
        return None
    for span in find_dates(said[:_LOOKED_AT], tuple(languages) or None):
        reading = span.reading
        if reading.start_date and reading.date_precision in ("day", "time") and not reading.date_inferred:
            return span.text, reading.start_date
    return None


def _day(said: str, payload: Payload) -> date:
    moment = moment_of(_instant(said), payload.zone)
    return moment.day if moment else date.min


def _instant(said: str) -> datetime | str:
    """A moment of RFC 822 ("Thu, 12 Mar 2026 18:00:00 +0100") as one of Python's; anything else as it is."""
    try:
        found = parsedate_to_datetime(said[:100].strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return said
    return found.replace(tzinfo=UTC) if found.tzinfo is None and said.strip().endswith("-0000") else found


def _item(entry: Entry, title: str, source: str, kind: str, languages: list[str], payload: Payload) -> Item:
    url = absolute(entry.link, payload.url)
    guid = text(entry.guid, _LONGEST_KEY)
    stated = _stated_date(entry.stated, payload.zone)
    date_raw = stated or _date(entry, title, source, languages, payload.zone)
    return Item(
        title=title,
        summary=text(entry.summary),
        url=url,
        item_key=name_key("guid", guid, payload.url) if guid else f"link:{url}" if url else None,
        date_raw=date_raw,
        place_raw=place_words([text(entry.stated.get("place"), LONGEST_TITLE)]),
        status=status_word(entry.stated.get("status")),
        language_declared=language_code(entry.language) or next(iter(languages[-1:]), None),
        page_kind="event" if stated else kind,
        issues=[f"no date in the {source}"] if date_raw is None and source != "published" else [],
        links=[
            link_of(found, text(label, 200), type_)
            for address, type_, label in entry.files[:20]
            if not type_.startswith(("image/", "audio/", "video/")) and (found := absolute(address, payload.url))
        ],
    )


def _date(entry: Entry, title: str, source: str, languages: list[str], zone: ZoneInfo | None) -> str | None:
    """The words of the date from where the source has it; nothing from elsewhere, which would be another date."""
    if source == "published":
        return stated_words(_instant(entry.published), None, zone) if entry.published else None
    found = _full_date(title if source == "title" else text(entry.summary), languages)
    return found[0] if found else None


def _stated_date(stated: dict[str, str], zone: ZoneInfo | None) -> str | None:
    """The words for start and end that elements for events state; hours may stand apart."""
    start, end = stated.get("start"), stated.get("end")
    if not start:
        return None
    hours = [stated.get("start_hour", ""), stated.get("end_hour", "")]
    if not any(hours):
        return stated_words(_instant(start), _instant(end) if end else None, zone)
    if not end or end == start:
        return stated_words(f"{start} {' - '.join(filter(None, hours))}", None, zone)
    return stated_words(f"{start} {hours[0]}".strip(), f"{end} {hours[1]}".strip(), zone)

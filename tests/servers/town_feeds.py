"""Towns as feeds, calendars, sitemaps and APIs, each with the paging and the fields that the real ones have.

What belongs here: bodies that are no pages. What does not: HTML (`town_pages`), the truth (`towns`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from towns import Entry, Town

_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_EVENT_MODULE = "http://purl.org/rss/1.0/modules/event/"


def calendar(town: Town, root: str) -> str:
    """All entries as one iCalendar file; the end of a day is the day after it (RFC 5545)."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{town.key}-{e.number}@example.org\r\nDTSTAMP:20260101T000000Z\r\n"
        f"DTSTART;VALUE=DATE:{e.start:%Y%m%d}\r\n"
        f"DTEND;VALUE=DATE:{(e.end or e.start) + timedelta(days=1):%Y%m%d}\r\n"
        f"{_folded(f'SUMMARY:{e.title}')}{_folded('LOCATION:' + e.place.replace(',', chr(92) + ','))}"
        f"{_folded('DESCRIPTION:' + e.summary.replace(',', chr(92) + ','))}URL:{root}{e.url}\r\nEND:VEVENT\r\n"
        for e in town.entries
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//{town.key}//EN\r\n{events}END:VCALENDAR\r\n"


def _folded(line: str) -> str:
    """A line of at most 75 bytes, the rest on lines that begin with a blank."""
    parts, rest = [], line
    while len(rest.encode()) > 73:
        cut = 73
        while len(rest[:cut].encode()) > 73:
            cut -= 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest]) + "\r\n"


def news_feed(town: Town, root: str) -> str:
    """RSS of news: the day is that of publishing."""
    items = "".join(
        f"<item><title>{escape(e.title)}</title><link>{root}{e.url}</link><guid>{root}{e.url}</guid>"
        f"<pubDate>{_published(e)}</pubDate><description>{escape(f'<p>{e.summary}</p>')}</description></item>"
        for e in town.entries
    )
    return _rss(town, root, items)


def event_feed(town: Town, root: str) -> str:
    """RSS of events: published on one day, their own days in the elements of the event module."""
    items = "".join(
        f"<item><title>{escape(e.title)}</title><link>{root}{e.url}</link><guid>{town.key}-{e.number}</guid>"
        f"<pubDate>Mon, 05 Jan 2026 09:00:00 +0000</pubDate><ev:startdate>{e.start}T{e.hour:02d}:00:00</ev:startdate>"
        f"{f'<ev:enddate>{e.end}T{e.hour + 1:02d}:00:00</ev:enddate>' if e.end else ''}"
        f"<ev:location>{escape(e.place)}</ev:location><description>{escape(e.summary)}</description></item>"
        for e in town.entries
    )
    return _rss(town, root, items)


def _published(entry: Entry) -> str:
    return format_datetime(datetime(entry.start.year, entry.start.month, entry.start.day, entry.hour, tzinfo=UTC))


def _rss(town: Town, root: str, items: str) -> str:
    return (
        f'{_XML}<rss version="2.0" xmlns:ev="{_EVENT_MODULE}"><channel><title>{town.name}</title><link>{root}/</link>'
        f"<language>{town.language}</language>{items}</channel></rss>"
    )


def sitemap_index(root: str, count: int) -> str:
    """An index of so many sitemaps."""
    listed = "".join(f"<sitemap><loc>{root}/sitemap-{n}.xml</loc></sitemap>" for n in range(1, count + 1))
    return f'{_XML}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'


def sitemap(entries: Sequence[Entry], root: str) -> str:
    """The pages of some entries, and one that is none of an entry."""
    paths = ["/contact", *(e.url for e in entries)]
    listed = "".join(f"<url><loc>{root}{path}</loc><lastmod>2026-01-10</lastmod></url>" for path in paths)
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'


def posts(shown: Sequence[Entry], town: Town, root: str) -> str:
    """Posts of WordPress."""
    return _json(
        [
            {
                "id": e.number,
                "date": f"{e.start}T{e.hour:02d}:00:00",
                "status": "publish",
                "type": "post",
                "link": f"{root}{e.url}",
                "title": {"rendered": escape(e.title).replace("&#x27;", "&#8217;")},
                "excerpt": {"rendered": f"<p>{escape(e.summary)}</p>\n", "protected": False},
                "lang": town.language,
            }
            for e in shown
        ]
    )


def calendar_events(shown: Sequence[Entry], town: Town, root: str, follow: str | None, total: int) -> str:
    """Events of The Events Calendar."""
    events = [
        {
            "id": e.number,
            "status": "publish",
            "title": escape(e.title),
            "description": f"<p>{escape(e.summary)}</p>",
            "url": f"{root}{e.url}",
            "all_day": e.end is not None,
            "start_date": f"{e.start} {0 if e.end else e.hour:02d}:00:00",
            "end_date": f"{e.end} 23:59:59" if e.end else f"{e.start} {e.hour + 1:02d}:00:00",
            "timezone": "Europe/Paris",
            "venue": {"venue": e.venue, "city": town.name},
        }
        for e in shown
    ]
    told = {"events": events, "rest_url": f"{root}/wp-json/tribe/events/v1/events/", "total": total}
    return _json(told | ({"next_rest_url": follow} if follow else {}))


def rows(shown: Sequence[Entry], town: Town, root: str) -> list[dict[str, Any]]:
    """Rows of a table of open data."""
    return [
        {
            "event_id": f"{town.key}-{e.number}",
            "title": e.title,
            "description": e.summary,
            "start_date": f"{e.start}T{e.hour:02d}:00:00",
            "end_date": f"{e.end or e.start}T{e.hour + 1:02d}:00:00",
            "location_name": e.venue,
            "location_city": town.name,
            "url": f"{root}{e.url}",
        }
        for e in shown
    ]


def opendatasoft(shown: Sequence[Entry], town: Town, root: str) -> str:
    """A page of the Explore API v2.1."""
    return _json({"total_count": len(town.entries), "results": rows(shown, town, root)})


def ckan(shown: Sequence[Entry], town: Town, root: str) -> str:
    """A page of datastore_search."""
    records = [{"_id": n, **row} for n, row in enumerate(rows(shown, town, root), 1)]
    return _json({"success": True, "result": {"records": records, "total": len(town.entries)}})


def socrata(shown: Sequence[Entry], town: Town, root: str) -> str:
    """A page of SODA 2: website columns are objects."""
    return _json([row | {"url": {"url": row["url"]}} for row in rows(shown, town, root)])


def linkedevents(shown: Sequence[Entry], town: Town, root: str, follow: str | None) -> str:
    """A page of Linked Events: texts by language, times in UTC."""
    data = [
        {
            "id": f"{town.key}:{e.number}",
            "name": {town.language: e.title},
            "short_description": {town.language: e.summary},
            "start_time": f"{e.start}T{e.hour:02d}:00:00Z",
            "end_time": f"{e.end or e.start}T{e.hour + 1:02d}:00:00Z",
            "location": {"name": {town.language: e.venue}, "address_locality": {town.language: town.name}},
            "info_url": {town.language: f"{root}{e.url}"},
        }
        for e in shown
    ]
    return _json({"meta": {"count": len(town.entries), "next": follow, "previous": None}, "data": data})


def own_api(shown: Sequence[Entry], town: Town, root: str) -> str:
    """A page of an API of a town's own make."""
    items = [
        {
            "key": e.number,
            "head": {"text": e.title, "lead": e.summary},
            "when": {"from": e.start.isoformat(), "to": e.end.isoformat() if e.end else None},
            "where": [{"name": e.place}],
            "href": e.url,
        }
        for e in shown
    ]
    return _json({"answer": {"count": len(town.entries), "items": items}})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

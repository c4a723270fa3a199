"""Sites on loopback that offer themselves in several forms, for looking at a page before there is a source of it.

What belongs here: an `Offering` with its answers by path, and makers of the bodies that tests of looking, trying and
verifying need. What does not: the towns of the test web (`towns`), misbehaviour.

Every entry is ours; each body of one site tells of the same entries, as far as its form can.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from loopback import LoopbackServer, QuietHandler, running

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
TITLES = (
    *("Erzählcafé im Stadtteilzentrum", "Gemeinsames Kochen der Kulturen", "Sprachtandem in der Bücherei"),
    *("Führung durch das Haus der Vielfalt", "Chor der vielen Stimmen", "Nähwerkstatt für Nachbarinnen"),
    *("Filmabend mit Gespräch", "Fest der Nachbarschaft"),
)
PLACES = ("Volkshaus, Linz", "Bibliothek, Wels", "Rathaus, Steyr")
SUMMARY = "Alle sind willkommen, der Eintritt ist frei, und für Kinder gibt es einen eigenen Raum."


class Event(NamedTuple):
    """An entry of a site."""

    number: int
    title: str
    day: str
    place: str

    @property
    def path(self) -> str:
        """The path of its own page."""
        return f"/termine/{self.number}-veranstaltung"


EVENTS = tuple(
    Event(number, title, f"2027-{number + 2:02d}-{number * 3 + 1:02d}", PLACES[number % 3])
    for number, title in enumerate(TITLES)
)


class Answer(NamedTuple):
    """What a path answers."""

    body: str
    media_type: str = HTML
    status: int = 200


class Offering:
    """A site: its answers by path (without query), robots.txt, and the paths it was asked for."""

    def __init__(self, robots: str = "User-agent: *\nAllow: /\n") -> None:
        self.answers: dict[str, Answer] = {"/robots.txt": Answer(robots, "text/plain")}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """The address of the site, without a slash."""
        return f"http://127.0.0.1:{self.port}"


class _Handler(QuietHandler):
    site: Offering
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        self.site.agents.add(self.headers.get("User-Agent", ""))
        answer = self.site.answers.get(self.path.partition("?")[0], Answer("<h1>Not here</h1>", status=404))
        body = answer.body.replace("{site}", self.site.url).encode()
        self.send_response(answer.status)
        if 300 <= answer.status < 400:
            self.send_header("Location", body.decode())
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def offered(site: Offering) -> Iterator[Offering]:
    """Serve a site on a free port of loopback."""
    with running(LoopbackServer(type("OfferingHandler", (_Handler,), {"site": site}))) as server:
        site.port = server.server_port
        yield site


def list_page(events: tuple[Event, ...] = EVENTS, head: str = "", script: str = "") -> str:
    """A page that lists events, with a line for the head."""
    items = "".join(
        f'<article><h3><a href="{event.path}">{event.title}</a></h3><p class="wann">{_day(event.day)}</p>'
        f'<p class="wo">{event.place}</p><p>{SUMMARY}</p></article>'
        for event in events
    )
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Termine</title>'
        f'<meta property="og:site_name" content="Haus der Vielfalt">{head}</head>'
        f'<body><nav><a href="/">Start</a></nav><main><h1>Termine</h1>{items}</main>{script}</body></html>'
    )


def calendar(events: tuple[Event, ...] = EVENTS) -> str:
    """The same as iCalendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//offering//test//DE"]
    for event in events:
        day = event.day.replace("-", "")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.number}@haus.example",
            f"SUMMARY:{event.title}",
            f"LOCATION:{event.place}",
        ]
        lines += [f"DTSTART:{day}T180000", f"DTEND:{day}T200000", f"DESCRIPTION:{SUMMARY}", f"URL:{{site}}{event.path}"]
        lines += ["END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def feed(titles: tuple[str, ...]) -> str:
    """An RSS feed of posts."""
    items = "".join(
        f"<item><title>{title}</title><link>{{site}}/aktuelles/{number}</link><guid>{{site}}/?p={number}</guid>"
        f"<pubDate>Mon, 0{number + 1} Mar 2027 08:00:00 +0100</pubDate><description>{SUMMARY}</description></item>"
        for number, title in enumerate(titles)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Aktuelles</title>{items}</channel></rss>'


def wordpress_events(events: tuple[Event, ...] = EVENTS) -> str:
    """The same as The Events Calendar answers."""
    rows = [
        {
            "id": event.number,
            "title": event.title,
            "url": f"{{site}}{event.path}",
            "excerpt": SUMMARY,
            "start_date": f"{event.day} 18:00:00",
            "end_date": f"{event.day} 20:00:00",
            "timezone": "Europe/Vienna",
            "venue": {"venue": event.place.split(", ")[0], "city": event.place.split(", ")[1]},
        }
        for event in events
    ]
    return json.dumps({"events": rows, "rest_url": "{site}/wp-json/tribe/events/v1/events", "total": len(rows)})


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)}.{int(month)}.{year}, 18 Uhr"

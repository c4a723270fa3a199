"""A calendar to entries: every event, every instance of one that repeats within a window around the capture.

What belongs here: the order of the work, and what an event says of itself. What does not: lines, zones, rules, times.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from pipelines.read.feeds.ical.events import Expander, Happening, Series, Time
from pipelines.read.feeds.ical.lines import Component, components
from pipelines.read.feeds.ical.rules import Budget
from pipelines.read.feeds.ical.zones import Zones, named, shown
from pipelines.read.feeds.keys import name_key
from pipelines.read.feeds.moments import Moment, interval
from pipelines.read.feeds.payload import MOST_ITEMS, Feed, Payload
from pipelines.read.feeds.strings import (
    LONGEST_TITLE,
    absolute,
    language_code,
    link_of,
    place_words,
    status_word,
    text,
)
from pipelines.read.html.decode import charset_text
from pipelines.read.reading import Item, Link

_WINDOW, _MOST_WINDOW = 400, 4000
_LONGEST_KEY = 255
_MOST_LINKS = 20


def read_ical(payload: Payload) -> Feed:
    """The entries of a calendar.

    Hints: `timezone` for times without a zone and in UTC (else that of the calendar), `window_days_back` and
    `window_days_ahead` (400 each) for events that repeat; an event that does not is read whenever it is.
    """
    feed = Feed()
    said, mended = charset_text(payload.body, payload.media_type)
    feed.issues += [mended] if mended else []
    calendar = components(said)
    events = [part for part in calendar.parts if part.name == "VEVENT"]
    if not events:
        if "BEGIN:VCALENDAR" not in said[:10_000].upper():
            feed.note("not a calendar: no BEGIN:VCALENDAR", "body")
        return feed
    if not calendar.whole:
        feed.note("more events, or parts of some, than are read: the rest is left out", "body")
    elif not events[-1].whole:
        feed.note("the last event is cut off", "VEVENT")
    for happening in _all(calendar, events, payload, feed):
        if len(feed.items) == MOST_ITEMS:
            feed.note(f"more than {MOST_ITEMS} entries: the rest is left out", "VEVENT")
            break
        if item := _item(happening, calendar, payload):
            feed.items.append(item)
        else:
            feed.note("events without a title, or of a year that no calendar has, are left out", "VEVENT")
    feed.links += [Link(url, "detail") for url in dict.fromkeys(item.url for item in feed.items) if url]
    return feed


def _all(calendar: Component, events: list[Component], payload: Payload, feed: Feed) -> Iterator[Happening]:
    budget = Budget()
    zones = Zones([part for part in calendar.parts if part.name == "VTIMEZONE"], budget)
    captured = payload.captured.astimezone(UTC).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    back = payload.number_hint("window_days_back", _WINDOW, _MOST_WINDOW)
    ahead = payload.number_hint("window_days_ahead", _WINDOW, _MOST_WINDOW)
    first, last = captured - timedelta(days=back), captured + timedelta(days=ahead + 1, microseconds=-1)
    expander = Expander(zones, first, last, budget, feed)
    for series in _series(events):
        yield from expander.happenings(series)


def _series(events: list[Component]) -> Iterator[Series]:
    """The events of one UID together, in the order of their first; without a UID each alone. Of one event given more
    than once the one with the highest SEQUENCE counts, of equal ones the last."""
    found: dict[str | int, Series] = {}
    for number, event in enumerate(events):
        series = found.setdefault(event.value("UID") or number, Series())
        if event.first("RECURRENCE-ID"):
            series.changed.append(event)
        elif series.master is None or _sequence(event) >= _sequence(series.master):
            series.master = event
    for series in found.values():
        series.changed.sort(key=_sequence)
        yield series


def _sequence(event: Component) -> int:
    said = event.value("SEQUENCE")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else 0


def _item(happening: Happening, calendar: Component, payload: Payload) -> Item | None:
    event = happening.component
    summary = event.first("SUMMARY")
    title = text(summary.text, LONGEST_TITLE) if summary else None
    display = payload.zone or named(calendar.value("X-WR-TIMEZONE"))
    words = _words(happening, display)
    if title is None or words is None:
        return None
    cancelled = calendar.value("METHOD").upper() == "CANCEL"
    return Item(
        title=title,
        summary=_text(event, "DESCRIPTION"),
        url=absolute(event.value("URL"), payload.url),
        item_key=_key(event.value("UID"), happening.instance, payload.url),
        date_raw=words,
        place_raw=place_words([_text(event, "LOCATION")]),
        status="cancelled" if cancelled else status_word(event.value("STATUS")),
        language_declared=language_code(summary.parameters.get("LANGUAGE")) if summary else None,
        page_kind="event",
        links=_links(event, payload),
    )


def _words(happening: Happening, display: ZoneInfo | None) -> str | None:
    start = _moment(happening.start, display)
    end = _moment(happening.end, display) if happening.end else None
    return interval(start, end) if start else None


def _moment(at: Time, display: ZoneInfo | None) -> Moment | None:
    if at.is_day:
        return Moment(at.local.date())
    try:
        return shown(at.local, at.zone, display)
    except (OverflowError, ValueError):  # the first and the last days of the calendar
        return None


def _key(uid: str, instance: str | None, url: str) -> str | None:
    """The UID, and which instance of an event that repeats."""
    if not uid or len(uid) > _LONGEST_KEY:
        return None
    key = name_key("ical", uid, url)
    return f"{key}:{instance}" if instance else key


def _text(event: Component, name: str) -> str | None:
    found = event.first(name)
    return text(found.text) if found else None


def _links(event: Component, payload: Payload) -> list[dict[str, str]]:
    found = {}
    for one in event.properties.get("ATTACH", [])[:_MOST_LINKS]:
        if one.value.startswith(("http://", "https://")) and (url := absolute(one.value, payload.url)):
            label = text(one.parameters.get("FILENAME"), 200)
            found[url] = link_of(url, label, one.parameters.get("FMTTYPE", "").lower())
    return list(found.values())

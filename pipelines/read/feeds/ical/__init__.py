"""iCalendar files (RFC 5545) to entries.

What belongs here: the reader of calendars. What does not: other feeds, and dates in words.

    lines    content lines and components, however damaged
    rules    recurrence rules to days, within a window and a budget
    zones    time zones: IANA, Windows, those that a file describes
    events   components to events: instances, moments
    reader   events to entries

By hand, because icalendar takes 660 us for an event, runs rules to their end, and keeps the first time zone of a name
for all later files; its table of Windows zones is used, and the tests compare with it and with dateutil.
"""

from __future__ import annotations

from pipelines.read.feeds.ical.reader import read_ical

__all__ = ["read_ical"]

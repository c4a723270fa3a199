"""An event as a VEVENT (RFC 5545), in SQL; and what iCalendar asks of lines.

What belongs here: which property an event gets from which columns, escaping, folding, the head of a calendar. What does
not: files, SEQUENCE and what was published before (`calendar`), time zones (`zones`).

SQL, because 100,000 events through a library take minutes; tests read the result with libraries that are not ours.

- All-day: VALUE=DATE, DTEND is the day after the last. An hour counts only where it says something true of the whole:
  on one day, or with hours at both ends; else it is told in words. A night that ends before it began ends next day.
- Hours with a known zone have its TZID, in UTC they end with Z, without a zone they float.
- A month or year is shown as all its days, with the words of the page; nothing here is busy time (TRANSP).
- STATUS: CANCELLED, else CONFIRMED; postponed is TENTATIVE, and says so before the title.
- The address stands in URL and in DESCRIPTION: Outlook and Google show only the latter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.publish.files.text import address_sql, one_line_sql, shown_sql
from warehouse.build import literal

UTC_NAMES = ("UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "GMT", "Zulu", "Etc/Zulu", "UCT", "Etc/Universal", "Universal")
_OCTETS = 75  # RFC 5545, 3.1: the longest line, without its CRLF
_DAY, _MOMENT = literal("%Y%m%d"), literal("%Y%m%dT%H%M%S")


def escape(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def escape_sql(expression: str) -> str:
    """SQL for `escape`."""
    for plain, escaped in (("'\\'", "'\\\\'"), ("';'", "'\\;'"), ("','", "'\\,'"), ("chr(10)", "'\\n'")):
        expression = f"replace({expression}, {plain}, {escaped})"
    return expression


def fold(lines: bytes) -> bytes:
    """Lines that end with CRLF, each at most 75 octets long; no character is cut in two."""
    return b"\r\n".join([line if len(line) <= _OCTETS else _folded(line) for line in lines.split(b"\r\n")])


def _folded(line: bytes) -> bytes:
    begin, parts = 0, list[bytes]()
    while begin < len(line):
        end = min(begin + _OCTETS - bool(parts), len(line))  # the blank that marks a continuation counts
        while end < len(line) and line[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(line[begin:end])
        begin = end
    return b"\r\n ".join(parts)


def head(uid: str, name: str, about: str, source: str | None) -> list[str]:
    """The first lines of a calendar; `source` is its own address, where it is known."""
    return [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cityharvest//events//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"UID:{uid}",
        f"NAME:{escape(name)}",
        f"X-WR-CALNAME:{escape(name)}",
        f"DESCRIPTION:{escape(about)}",
        f"X-WR-CALDESC:{escape(about)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        *([f"SOURCE;VALUE=URI:{source}", f"URL:{source}"] if source else []),
    ]


def events_sql(zones: Sequence[str], country_names: Mapping[str, str]) -> str:
    """SQL for all events that have a first day: entry_id, countries, first_year, last_year, timezone (null when it has
    none that counts), last_seen_at, and `shown`, the lines of the event but for UID, SEQUENCE and its moments.

    `zones` are the zones that the tz database knows; others count as none. `country_names` by code.
    """
    known = ", ".join(map(literal, (*zones, *UTC_NAMES)))
    utc = ", ".join(map(literal, UTC_NAMES))
    names = ", ".join(f"{literal(code)}: {literal(name)}" for code, name in sorted(country_names.items()))
    return f"""
WITH hours AS (
    SELECT *, start_time IS NOT NULL AND (end_time IS NOT NULL OR coalesce(end_date, start_date) = start_date) AS timed,
           CASE WHEN timed AND timezone IN ({known}) THEN timezone END AS zone,
           start_date + start_time AS begins,
           CASE WHEN timed THEN coalesce(end_date, start_date) + end_time END AS stated_end
    FROM entries WHERE kind = 'event' AND start_date IS NOT NULL
), spans AS (
    SELECT *, CASE WHEN stated_end < begins THEN stated_end + INTERVAL 1 DAY ELSE nullif(stated_end, begins) END
               AS ends,
           CASE WHEN zone IN ({utc}) THEN 'Z' ELSE '' END AS suffix,
           CASE WHEN zone NOT IN ({utc}) THEN ';TZID=' || zone ELSE '' END AS prefix
    FROM hours
)
SELECT e.entry_id, e.countries, year(e.start_date) AS first_year,
       year(coalesce(e.end_date, e.start_date)) AS last_year, CASE WHEN e.suffix = '' THEN e.zone END AS timezone,
       e.last_seen_at, concat_ws(chr(13) || chr(10), {", ".join(_PROPERTIES)}) AS shown
FROM (SELECT *, MAP {{{names}}} AS country_names FROM spans) e
LEFT JOIN cities c ON c.city_id = e.city_ids[1] AND len(e.city_ids) = 1"""  # noqa: S608  # of literals that are quoted


def _words(condition: str, words: str) -> str:
    return f"CASE WHEN {condition} THEN {words} END"


_NOTES = (
    "nullif(concat_ws(chr(10), "
    + ", ".join(
        [
            _words(
                "e.date_precision IN ('month', 'year')", "'Date as given: ' || coalesce(e.date_raw, e.date_precision)"
            ),
            _words(
                "e.start_time IS NOT NULL AND NOT e.timed",
                "'Begins at ' || strftime(e.begins, '%H:%M') || coalesce(' (' || e.timezone || ')', '')",
            ),
            _words("e.is_ongoing", "'It goes on.'"),
        ]
    )
    + "), '')"
)
_PLACES = (
    "nullif(concat_ws(', ', nullif(e.venue, ''), nullif(array_to_string(e.cities, ', '), ''), nullif("
    "array_to_string([coalesce(element_at(e.country_names, x)[1], x) FOR x IN e.countries], ', '), '')), '')"
)
_PROPERTIES = (
    f"""CASE WHEN e.timed THEN 'DTSTART' || e.prefix || ':' || strftime(e.begins, {_MOMENT}) || e.suffix
        ELSE 'DTSTART;VALUE=DATE:' || strftime(e.start_date, {_DAY}) END""",
    f"""CASE WHEN e.timed THEN 'DTEND' || e.prefix || ':' || strftime(e.ends, {_MOMENT}) || e.suffix
        ELSE 'DTEND;VALUE=DATE:' || strftime(coalesce(e.end_date, e.start_date) + 1, {_DAY}) END""",
    "'SUMMARY:' || CASE WHEN e.status = 'postponed' THEN 'Postponed: ' ELSE '' END || "
    + escape_sql(f"coalesce(nullif({one_line_sql('e.title')}, ''), 'Event without a title')"),
    "'STATUS:' || CASE e.status WHEN 'cancelled' THEN 'CANCELLED' WHEN 'postponed' THEN 'TENTATIVE' "
    "ELSE 'CONFIRMED' END",
    f"'URL:' || {address_sql('e.url')}",
    "'DESCRIPTION:' || "
    + escape_sql(
        f"concat_ws(chr(10), nullif({shown_sql('e.subtitle')}, ''), nullif({shown_sql('e.summary')}, ''),"
        f" {shown_sql(_NOTES)}, {address_sql('e.url')})"
    ),
    "'LOCATION:' || " + escape_sql(one_line_sql(f"coalesce({_PLACES}, CASE WHEN e.is_online THEN 'Online' END)")),
    "'GEO:' || format('{:.6f};{:.6f}', c.latitude, c.longitude)",
    "'CATEGORIES:' || nullif(array_to_string([" + escape_sql(one_line_sql("x")) + " FOR x IN e.topics], ','), '')",
    "'TRANSP:TRANSPARENT'",
    "'X-MICROSOFT-CDO-BUSYSTATUS:FREE'",
)

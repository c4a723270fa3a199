"""Calendars: recurrence against dateutil, properties against icalendar, zones, exceptions, damage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read import PageReading, read_page
from pipelines.read.feeds.ical.rules import Budget, RuleError, moments, rule_of

SALTA = "America/Argentina/Salta"
WHEN = datetime(2026, 3, 1, tzinfo=UTC)
PAGES = Path(__file__).parents[1] / "pages" / "ical"


def local(*parts: int) -> datetime:
    """A time without a zone, as rules mean it."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


def calendar(*events: str, head: str = "") -> bytes:
    blocks = "".join(f"BEGIN:VEVENT\r\nSUMMARY:A fair\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{blocks}END:VCALENDAR\r\n".encode()


def read(body: bytes, **hints: Any) -> PageReading:
    return read_page("https://a.example/c.ics", body, "text/calendar", WHEN, hints=hints)


def dates(body: bytes, **hints: Any) -> list[str | None]:
    return [entry["date_raw"] for entry in read(body, **hints).entries]


RULES = st.builds(
    lambda frequency, parts: ";".join([f"FREQ={frequency}", *filter(None, parts)]),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.tuples(
        st.sampled_from(["", "INTERVAL=2", "INTERVAL=3", "INTERVAL=13"]),
        st.sampled_from(["", "COUNT=1", "COUNT=7", "UNTIL=20260601T120000"]),
        st.sampled_from(["", "BYMONTH=3", "BYMONTH=2,11"]),
        st.sampled_from(["", "BYDAY=MO", "BYDAY=TU,TH,SU", "BYMONTHDAY=15", "BYMONTHDAY=-1,31", "BYMONTHDAY=13"]),
        st.sampled_from(["", "BYHOUR=9,17", "BYHOUR=9;BYMINUTE=0,30"]),
        st.sampled_from(["", "WKST=SU"]),
    ),
)
ORDINALS = st.sampled_from(
    [
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;BYDAY=1MO,3WE",
        "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYDAY=-1SA",
        "FREQ=YEARLY;BYYEARDAY=1,100,-1",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1,-1",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY",
        "FREQ=MONTHLY",
    ]
)
STARTS = st.datetimes(local(2004, 1, 1), local(2026, 6, 1)).map(lambda at: at.replace(microsecond=0))


@settings(max_examples=400, deadline=None)
@given(st.one_of(RULES, ORDINALS), STARTS)
def test_rules_mean_what_dateutil_says(text: str, start: datetime) -> None:
    first, last = local(2025, 6, 1), local(2026, 12, 1)
    rule = rule_of(text)
    until = local(2026, 6, 1, 12) if rule.until else None
    expected = rrulestr(text, dtstart=start).between(first, last, inc=True)
    found = list(moments(rule, start, first, last, until, Budget(10**7)))
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=x",
        "FREQ=YEARLY;BYWEEKNO=5",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "RUBBISH",
        "FREQ=DAILY;BYMONTH=²",
    ],
)
def test_rules_that_are_refused_say_so_and_their_first_instance_stands(text: str) -> None:
    with pytest.raises(RuleError):
        rule_of(text)
    reading = read(calendar(f"UID:1\r\nDTSTART:20260312T180000\r\nRRULE:{text}"))
    assert [entry["date_raw"] for entry in reading.entries] == ["2026-03-12T18:00:00"]
    assert "its first instance stands" in reading.issues[0].reason


def test_a_rule_ends_on_the_day_of_its_until() -> None:
    body = calendar("UID:1\r\nDTSTART;VALUE=DATE:20260301\r\nRRULE:FREQ=DAILY;UNTIL=20260303")
    assert dates(body) == ["2026-03-01", "2026-03-02", "2026-03-03"]


def test_the_window_is_around_the_capture_and_old_single_events_stay() -> None:
    body = calendar("UID:1\r\nDTSTART:20200101T100000\r\nRRULE:FREQ=MONTHLY", "UID:2\r\nDTSTART:20010101T100000")
    assert dates(body, window_days_back=31, window_days_ahead=31) == [
        "2026-02-01T10:00:00",
        "2026-03-01T10:00:00",
        "2026-04-01T10:00:00",
        "2001-01-01T10:00:00",
    ]


def test_a_thousand_instances_at_most() -> None:
    reading = read(calendar("UID:1\r\nDTSTART:20200101T100000\r\nRRULE:FREQ=DAILY;BYHOUR=8,10,12"))
    assert len(reading.entries) == 1000
    assert "more than 1000 instances" in reading.issues[0].reason
    assert len({entry["item_key"] for entry in reading.entries}) == 1000


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART;VALUE=DATE:20260312\r\nDTEND;VALUE=DATE:20260313", "2026-03-12"),
        ("DTSTART;VALUE=DATE:20260312\r\nDTEND;VALUE=DATE:20260312", "2026-03-12"),
        ("DTSTART;VALUE=DATE:20260312\r\nDURATION:P3D", "2026-03-12/2026-03-14"),
        ("DTSTART:20260312\r\nDTEND:20260315", "2026-03-12/2026-03-14"),
        ("DTSTART;VALUE=DATE:20260312T000000", "2026-03-12"),
        ("DTSTART:20260312T230000\r\nDURATION:PT90M", "2026-03-12T23:00:00/2026-03-13T00:30:00"),
        ("DTSTART:20260312T230000Z", "2026-03-12T23:00:00Z"),
        ("DTSTART:20260312T2300", "2026-03-12T23:00:00"),
        ("DTSTART:2026-03-12T18:00:00+01:00", "2026-03-12T17:00:00Z"),
        ("DTSTART;TZID=Romance Standard Time:20260712T180000", "2026-07-12T18:00:00+02:00[Europe/Paris]"),
        ("DTSTART;TZID=/x.example/y/America/Argentina/Salta:20260712T180000", f"2026-07-12T18:00:00-03:00[{SALTA}]"),
        ("DTSTART;TZID=Nowhere:20260712T180000", "2026-07-12T18:00:00"),
        ("DTSTART:20260312T180000\r\nDTEND:20260312T170000", "2026-03-12T18:00:00"),
        (
            "DTSTART;TZID=Europe/Madrid:20260312T180000\r\nDTEND:20260312T190000Z",
            "2026-03-12T18:00:00+01:00/2026-03-12T20:00:00+01:00[Europe/Madrid]",
        ),
        ("DTSTART:20260312T180000\r\nDTEND;VALUE=DATE:20260312", "2026-03-12T18:00:00"),
    ],
)
def test_starts_and_ends(event: str, expected: str) -> None:
    assert dates(calendar(f"UID:1\r\n{event}")) == [expected]


def test_times_without_a_zone_are_those_of_the_calendar_unless_the_source_says_otherwise() -> None:
    body = calendar("UID:1\r\nDTSTART:20260712T160000Z", head="X-WR-TIMEZONE:Europe/Helsinki\r\n")
    assert dates(body) == ["2026-07-12T19:00:00+03:00[Europe/Helsinki]"]
    assert dates(body, timezone="Europe/Madrid") == ["2026-07-12T18:00:00+02:00[Europe/Madrid]"]


def test_a_zone_of_one_file_is_not_that_of_the_next() -> None:
    def zone(offset: str) -> str:
        part = f"BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\n"
        return f"BEGIN:VTIMEZONE\r\nTZID:Ours\r\n{part}END:VTIMEZONE\r\n"

    event = "UID:1\r\nDTSTART;TZID=Ours:20260312T180000"
    assert dates(calendar(event, head=zone("+0200"))) == ["2026-03-12T18:00:00+02:00"]
    assert dates(calendar(event, head=zone("-0500"))) == ["2026-03-12T18:00:00-05:00"]


def test_changed_and_cancelled_instances_and_the_same_event_twice() -> None:
    reading = read(
        calendar(
            "UID:1\r\nDTSTART:20260302T180000\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nSEQUENCE:0\r\nLOCATION:Old hall",
            "UID:1\r\nDTSTART:20260302T180000\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nSEQUENCE:1\r\nLOCATION:New hall",
            "UID:1\r\nRECURRENCE-ID:20260309T180000\r\nDTSTART:20260310T190000\r\nSTATUS:CANCELLED",
            "UID:1\r\nRECURRENCE-ID:20270101T180000\r\nDTSTART:20260401T190000",
        )
    )
    assert [(e["date_raw"], e["place_raw"], e["status"]) for e in reading.entries] == [
        ("2026-03-02T18:00:00", "New hall", None),
        ("2026-03-10T19:00:00", None, "cancelled"),
        ("2026-03-16T18:00:00", "New hall", None),
        ("2026-04-01T19:00:00", None, None),
    ]
    assert reading.entries[1]["item_key"] == "ical:a.example:1:20260309T180000"


def test_a_calendar_that_cancels_cancels_all() -> None:
    assert [e["status"] for e in read(calendar("UID:1\r\nDTSTART:20260302", head="METHOD:CANCEL\r\n")).entries] == [
        "cancelled"
    ]


def test_names_of_people_are_not_read() -> None:
    body = calendar(
        "UID:1\r\nDTSTART:20260302\r\nORGANIZER;CN=Somebody:mailto:someone@example.org\r\nATTENDEE:mailto:other@example.org"
    )
    assert "example.org" not in str(read(body).entries)


def test_it_reads_what_icalendar_reads() -> None:
    parsed = icalendar.Calendar.from_ical((PAGES / "bad_ellerau_weekly_de.ics").read_bytes())
    theirs = {str(event["UID"]): event for event in parsed.walk("VEVENT") if "RECURRENCE-ID" not in event}
    ours = read_page("https://a.example/", (PAGES / "bad_ellerau_weekly_de.ics").read_bytes(), "text/calendar", WHEN)
    for uid, event in theirs.items():
        first = next(entry for entry in ours.entries if entry["item_key"].startswith(f"ical:{uid}"))
        assert first["title"] == str(event["SUMMARY"])
        assert first["place_raw"] == str(event["LOCATION"])
        assert first["date_raw"].startswith(event.decoded("DTSTART").isoformat())


@pytest.mark.parametrize(
    "body",
    [
        b"BEGIN:VCALENDAR",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT",
        b"BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\nDTSTART:20260312",
        calendar("DTSTART:99991231T235959Z\r\nDTEND:99991231T235959Z\r\nDURATION:P9999W"),
        calendar("DTSTART:00010101T000000Z\r\nRRULE:FREQ=DAILY"),
        calendar("DTSTART;TZID=Europe/Madrid:00010101T000000\r\nRRULE:FREQ=YEARLY;INTERVAL=99999"),
        calendar("DTSTART;TZID=:20260101T000000\r\nDURATION:P\r\nRRULE:;;;\r\nRDATE:,,,\r\nEXDATE:x"),
        calendar("DTSTART:20260101T000000\r\nDTEND:20261332T000000"),
        calendar("UID:1\r\nRECURRENCE-ID:20260101\r\nDTSTART:x"),
    ],
)
def test_odd_calendars_are_read_without_an_exception(body: bytes) -> None:
    assert isinstance(read(body, window_days_back=4000, window_days_ahead=4000).entries, list)


def test_a_rule_that_never_holds_costs_no_more_than_its_window() -> None:
    budget = Budget(10_000)
    rule = rule_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    start = local(1970, 1, 1)
    assert list(moments(rule, start, WHEN.replace(tzinfo=None), local(2027, 1, 1), None, budget)) == []
    assert budget.days > 9_000
    assert timedelta(0) < local(2027, 1, 1) - start

"""The calendars of a release, as two libraries that are not ours read them: days, hours, zones, status, place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import icalendar
import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from publish_parts import NOW, SEEN, build, entry, warehouse

from pipelines.publish.files.ics import fold
from pipelines.publish.files.text import address, address_sql
from pipelines.publish.files.zones import vtimezone
from pipelines.publish.release import publish
from warehouse.build import connect
from warehouse.layout import DataFolder

HOURS = {"date_precision": "time", "start_time": time(18, 30), "timezone": "Europe/Paris"}


def released(tmp_path: Path, **said: Any) -> Path:
    """A release in which entry 5 says something else."""
    data, tables = DataFolder(tmp_path), warehouse()
    tables["entries"][4] = entry(5, **said)
    build(data, tables)
    return publish(data, [], NOW).folder


def read(path: Path) -> dict[str, icalendar.Event]:
    """Events by UID, read by icalendar."""
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    assert not calendar.errors and not [e for event in calendar.events for e in event.errors]
    return {str(event["UID"]): event for event in calendar.events}


# What the event of a release that stands under a name says beside what all say.
SAID: dict[str, dict[str, Any]] = {
    "a day": {},
    "three days": {"end_date": date(2024, 5, 5)},
    "no end": {"end_date": None, "is_ongoing": True},
    "hours": HOURS | {"end_time": time(20)},
    "a night": HOURS | {"end_time": time(2)},
    "an hour": HOURS,
    "no time": HOURS | {"end_time": time(18, 30)},
    "hours of three days": HOURS | {"end_date": date(2024, 5, 5)},
    "in None": HOURS | {"timezone": None},
    "in Mars/Olympus_Mons": HOURS | {"timezone": "Mars/Olympus_Mons"},
    "a month": {"date_raw": "May 2024", "start_date": date(2024, 5, 1), "end_date": date(2024, 5, 31),
                "date_precision": "month"},
    "status None": {"status": None},
    "status cancelled": {"status": "cancelled"},
    "status postponed": {"status": "postponed"},
    "all of it": {"venue": "Town hall; room 2", "topics": ["housing, rents", "work"],
                  "url": "https://www.example.org/é a?b=1&c=%20"},
    "nowhere": {"cities": [], "city_ids": [], "countries": []},
    "online": {"cities": [], "city_ids": [], "countries": [], "is_online": True},
    "two cities": {"cities": ["Lyon", "Lyon"], "city_ids": ["fr-lyon", "fr-lyon"]},
    "seen": {"last_seen_at": datetime(2024, 11, 1, 9, 30, 15, 999, tzinfo=UTC)},
}  # fmt: skip


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> dict[str, icalendar.Event]:
    """The events of one release, by the names above."""
    data, tables = DataFolder(tmp_path_factory.mktemp("events")), warehouse(len(SAID) + 4)
    for number, said in enumerate(SAID.values(), 5):
        tables["entries"][number - 1] = entry(number, **said)
    build(data, tables)
    found = read(publish(data, [], NOW).folder / "events.ics")
    return {name: found[f"ce-{number:012x}@cityharvest"] for number, name in enumerate(SAID, 5)}


Events = dict[str, icalendar.Event]


def test_a_day_is_all_day_and_ends_on_the_next(events: Events) -> None:
    event = events["a day"]
    assert (event.start, event.end) == (date(2024, 5, 3), date(2024, 5, 4))
    assert event["DTSTART"].params["VALUE"] == event["DTEND"].params["VALUE"] == "DATE"


def test_days_include_the_last(events: Events) -> None:
    event = events["three days"]
    assert (event.start, event.end) == (date(2024, 5, 3), date(2024, 5, 6))


def test_an_open_end_is_one_day_and_says_so(events: Events) -> None:
    event = events["no end"]
    assert event.end == date(2024, 5, 4) and "It goes on." in event["DESCRIPTION"]


def test_hours_have_their_zone(events: Events) -> None:
    event = events["hours"]
    assert event.start == datetime(2024, 5, 3, 18, 30, tzinfo=ZoneInfo("Europe/Paris"))
    assert event.end - event.start == timedelta(hours=1, minutes=30)
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"


def test_a_night_ends_on_the_next_day(events: Events) -> None:
    assert events["a night"].end == datetime(2024, 5, 4, 2, tzinfo=ZoneInfo("Europe/Paris"))


def test_an_hour_without_an_end_has_none(events: Events) -> None:
    event = events["an hour"]
    assert "DTEND" not in event and event.start.hour == 18
    assert "DTEND" not in events["no time"]


def test_hours_of_the_first_day_of_several_are_told_in_words(events: Events) -> None:
    event = events["hours of three days"]
    assert (event.start, event.end) == (date(2024, 5, 3), date(2024, 5, 6))
    assert "Begins at 18:30 (Europe/Paris)" in event["DESCRIPTION"]


@pytest.mark.parametrize("zone", [None, "Mars/Olympus_Mons"])
def test_hours_without_a_known_zone_float(events: Events, zone: str | None) -> None:
    assert events[f"in {zone}"].start == datetime(2024, 5, 3, 18, 30)  # noqa: DTZ001


def test_hours_in_utc_need_no_zone(tmp_path: Path) -> None:
    folder = released(tmp_path, **(HOURS | {"timezone": "Etc/UTC"}))
    assert b"DTSTART:20240503T183000Z\r\n" in (folder / "events.ics").read_bytes()
    assert b"TZID:Etc/UTC" not in (folder / "events.ics").read_bytes()


def test_a_month_is_all_its_days_and_says_so(events: Events) -> None:
    event = events["a month"]
    assert (event.start, event.end) == (date(2024, 5, 1), date(2024, 6, 1))
    assert "Date as given: May 2024" in event["DESCRIPTION"] and event["TRANSP"] == "TRANSPARENT"


@pytest.mark.parametrize(
    ("status", "shown"), [(None, "CONFIRMED"), ("cancelled", "CANCELLED"), ("postponed", "TENTATIVE")]
)
def test_status(events: Events, status: str | None, shown: str) -> None:
    event, title = events[f"status {status}"], f"Open day {[*SAID].index(f'status {status}') + 5}"
    assert event["STATUS"] == shown
    assert event["SUMMARY"] == (f"Postponed: {title}" if status == "postponed" else title)


def test_place_topics_and_address(events: Events) -> None:
    event = events["all of it"]
    assert event["LOCATION"] == "Town hall; room 2, Lyon, France"
    assert event["GEO"].to_ical() == "45.75;-4.85"
    assert [str(topic) for topic in event["CATEGORIES"].cats] == ["housing, rents", "work"]
    assert event["URL"] == "https://www.example.org/%C3%A9%20a?b=1&c=%20" and event["URL"] in event["DESCRIPTION"]


def test_a_place_is_said_only_where_one_is_known(events: Events) -> None:
    assert "LOCATION" not in events["nowhere"]
    assert events["online"]["LOCATION"] == "Online"
    assert "GEO" not in events["two cities"]


def test_an_event_without_a_first_day_is_left_out(tmp_path: Path) -> None:
    folder = released(tmp_path, start_date=None, end_date=None, date_precision=None, date_role=None)
    assert len(read(folder / "events.ics")) == 8  # 10 entries, of which one is a practice


def test_each_country_has_its_calendar(tmp_path: Path) -> None:
    folder = released(tmp_path, countries=["NO", "FR", "NO"], **HOURS)
    assert sorted(p.name for p in (folder / "calendars").iterdir()) == ["fr.ics", "no.ics"]
    norway = read(folder / "calendars" / "no.ics")
    assert list(norway) == [f"ce-{5:012x}@cityharvest"] and len(read(folder / "calendars" / "fr.ics")) == 9
    assert b"TZID:Europe/Paris\r\n" in (folder / "calendars" / "no.ics").read_bytes()
    assert b"X-WR-CALNAME:Events of intercultural cities: Norway\r\n" in (folder / "calendars/no.ics").read_bytes()


def test_a_country_that_had_a_calendar_keeps_one_without_events(tmp_path: Path) -> None:
    """Who subscribed to it asks for the same address again; programs refuse a calendar without any component."""
    data, tables = DataFolder(tmp_path), warehouse()
    tables["entries"][4] = entry(5, countries=["NO"], **HOURS)
    for row, days in (({"countries": ["FR"]}, 0), ({"title": "Open days"}, 1), ({"title": "Open doors"}, 2)):
        build(data, tables)
        folder = publish(data, [], NOW + timedelta(days=days)).folder
        assert sorted(p.name for p in (folder / "calendars").iterdir()) == ["fr.ics", "no.ics"]
        tables["entries"][4] |= row
    norway = folder / "calendars" / "no.ics"
    assert read(norway) == {} and second_reading(norway).events == []
    calendar = icalendar.Calendar.from_ical(norway.read_bytes())
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]
    assert b"X-WR-CALNAME:Events of intercultural cities: Norway\r\n" in norway.read_bytes()
    assert len(read(folder / "calendars" / "fr.ics")) == 9


def test_a_release_without_events_has_a_calendar_with_a_component(tmp_path: Path) -> None:
    data, tables = DataFolder(tmp_path), warehouse()
    for row in tables["entries"]:
        row |= {"kind": "news"}
    build(data, tables)
    calendar = icalendar.Calendar.from_ical((publish(data, [], NOW).folder / "events.ics").read_bytes())
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"] and not calendar.errors


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/s?q=a%26b&t=é",
        "https://x.example/a%2Fb/ü",
        "https://x.example/p?x=1%2B1%3D2%23é",
        "https://x.example/100%25/é",
        "https://x.example/%2526 é",
        "https://x.example/a b'c\"d",
        "https://x.example/!#$&()*+,;=@[]~é",
    ],
)
def test_an_address_is_the_same_in_sql_and_in_python(url: str) -> None:
    with connect() as con:
        (told,) = con.execute(f"SELECT {address_sql('url')} FROM (SELECT ? AS url)", [url]).fetchall()[0]
    assert told == address(url) and unquote(told) == unquote(url)


def test_what_is_no_country_code_becomes_no_file(tmp_path: Path) -> None:
    folder = released(tmp_path, countries=["../../evil", "fr", "FR"])
    assert [p.name for p in (folder / "calendars").iterdir()] == ["fr.ics"]


def test_what_calendar_programs_ask_of_the_whole(tmp_path: Path) -> None:
    calendar = icalendar.Calendar.from_ical((released(tmp_path) / "events.ics").read_bytes())
    assert (calendar["VERSION"], calendar["METHOD"], calendar["CALSCALE"]) == ("2.0", "PUBLISH", "GREGORIAN")
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] and calendar["X-PUBLISHED-TTL"] == "P1D"
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    event = calendar.events[0]
    assert SEEN.replace(microsecond=0) == event.DTSTAMP and event["SEQUENCE"] == 0


def test_the_own_address_is_named_where_it_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYHARVEST_BASE_URL", "https://data.example.org/latest/")
    whole = (released(tmp_path) / "calendars" / "fr.ics").read_bytes()
    assert b"\r\nSOURCE;VALUE=URI:https://data.example.org/latest/calendars/fr.ics\r\n" in whole


def second_reading(path: Path) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(path.read_bytes().decode())


def test_a_second_library_reads_the_same(tmp_path: Path) -> None:
    path = released(tmp_path, **HOURS, end_time=time(20), title='a "b"; c, d\\n e\\', summary="é" * 300) / "events.ics"
    first, second = read(path), {event.uid: event for event in second_reading(path).events}
    assert set(first) == set(second)
    for uid, event in first.items():
        other = second[uid]
        assert (other.summary, other.sequence, other.dtstamp) == (event["SUMMARY"], 0, event.DTSTAMP)
        assert other.description == event["DESCRIPTION"] and other.location == event["LOCATION"]
        assert other.dtstart.isoformat()[:16] == event.start.isoformat()[:16]
    assert second[f"ce-{5:012x}@cityharvest"].summary == 'a "b"; c, d\\n e\\'


@pytest.mark.parametrize(
    "zone",
    ["Europe/Paris", "Europe/Istanbul", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Tokyo"],
)
def test_the_component_of_a_zone_says_what_the_tz_database_says(zone: str) -> None:
    """Read back by icalendar as a zone of its own name, every five hours."""
    first, last, info = 2005, 2026, ZoneInfo(zone)
    lines = ["BEGIN:VCALENDAR", *vtimezone(zone, first, last), "END:VCALENDAR", ""]
    ours = icalendar.Calendar.from_ical("\r\n".join(lines).replace(f"TZID:{zone}", "TZID:Ours/Ours"))
    component = next(part for part in ours.subcomponents if part.name == "VTIMEZONE")
    theirs = component.to_tz(lookup_tzid=False)
    moment, wrong = datetime(first, 1, 1), []  # noqa: DTZ001
    while moment.year <= last:
        local = moment.replace(tzinfo=info)
        exists_once = local.utcoffset() == local.replace(fold=1).utcoffset()
        if exists_once and moment.replace(tzinfo=theirs).utcoffset() != local.utcoffset():
            wrong.append(moment)
        moment += timedelta(hours=5)
    assert not wrong


def test_lines_are_folded_at_75_octets_between_characters() -> None:
    line = ("x" * 74 + "é" * 50 + "😀" * 40).encode()
    folded = fold(line + b"\r\nEND:X\r\n")
    lines = folded.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and all(part.decode() for part in lines[:-1])
    assert folded.replace(b"\r\n ", b"") == line + b"\r\nEND:X\r\n"
    assert fold(b"x" * 75 + b"\r\n") == b"x" * 75 + b"\r\n"


def test_moments_are_those_of_the_data(events: Events) -> None:
    assert datetime(2024, 11, 1, 9, 30, 15, tzinfo=UTC) == events["seen"].DTSTAMP

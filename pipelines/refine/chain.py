"""The chain: raw entries to refined entries, step by step, row by row independent.

What belongs here: the steps in their order, each a pure function of a frame. What does not: how a value is read (the
module of each value), where rows come from and go to (`runs`).

Parsed values stand beside the words that they were read from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from pipelines import reference
from pipelines.refine.clean import clean_text
from pipelines.refine.dates import read_dates
from pipelines.refine.kinds import DATE_ROLES, Signs, decide_kind
from pipelines.refine.languages import detect_languages, language_codes
from pipelines.refine.moments import instant, zone_of
from pipelines.refine.places import read_places, says_online
from pipelines.refine.privacy import redact, redact_links
from pipelines.refine.status import read_status
from pipelines.refine.topics import PLACES as TOPIC_PLACES
from pipelines.refine.topics import judge
from warehouse.tables import RAW_ENTRIES, REFINED_ENTRIES

Step = Callable[[pd.DataFrame], pd.DataFrame]

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
FIRST_YEAR, LAST_YEAR = 1950, 2100
"""Years that an entry may lie in; the founding year of a library is no date of what it does today."""
_OF_A_DATE = ("start_date", "end_date", "start_time", "end_time", "timezone", "timezone_raw", "date_precision")
_LINES = ("title", "surtitle", "subtitle", "summary", "date_raw", "date_context", "place_raw")
_PUBLISHED = ("raw_title", "title", "surtitle", "subtitle", "summary", "date_raw", "place_raw")


def refine(
    raw: pd.DataFrame, countries: Sequence[str] = (), languages: Sequence[str] = (), city: str | None = None
) -> pd.DataFrame:
    """Rows of `raw_entries` to rows of `refined_entries`, in the same order and number.

    `countries` (ISO 3166-1 alpha-2) and `languages` (ISO 639-1) are those of the source: they decide between places of
    one name and between languages that look alike, and are never written into an entry by themselves. `city` is the one
    city (registry id) that the source tells of; what names no other place is there. Dirty values become None with a
    reason in `issues`; ValueError when `raw` has a column that `raw_entries` does not declare, KeyError when no city
    has the id.
    """
    frame = RAW_ENTRIES.frame(raw)
    for step in steps(countries, languages, city):
        frame = step(frame)
    return REFINED_ENTRIES.frame(frame[REFINED_ENTRIES.names])


def steps(countries: Sequence[str] = (), languages: Sequence[str] = (), city: str | None = None) -> tuple[Step, ...]:
    """The chain, in order."""
    return (
        clean,
        withhold_personal_data,
        partial(add_language, languages=tuple(languages)),
        partial(add_dates, languages=tuple(languages)),
        partial(add_places, countries=tuple(countries)),
        add_kind,
        add_date_role,
        add_status,
        add_online,
        partial(add_home, city=city),
        add_instant,
        add_topics,
    )


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Cleaned text in place of the displayed; `raw_title` keeps the title, `marker` the language of a marker."""
    cells: dict[str, list[Any]] = {"raw_title": [_encodable(title) for title in frame["title"]]}
    issues = [list(given or []) for given in frame["issues"]]
    markers: list[str | None] = [None] * len(frame)
    for name in _LINES:
        cleaned = [clean_text(text) for text in frame[name]]
        cells[name] = [one.text for one in cleaned]
        _note(issues, ([f"{name}: {reason}" for reason in one.issues] for one in cleaned))
        markers = [marker or one.language for marker, one in zip(markers, cleaned, strict=True)]
    cells["sections"] = [_clean_sections(given, notes) for given, notes in zip(frame["sections"], issues, strict=True)]
    cells["links"] = [_clean_links(given, notes) for given, notes in zip(frame["links"], issues, strict=True)]
    return _with(frame, **cells, issues=issues, marker=markers)


def withhold_personal_data(frame: pd.DataFrame) -> pd.DataFrame:
    """E-mail addresses and phone numbers out of every text that is published, the title as displayed included."""
    cells = {name: [redact(text)[0] if text else text for text in frame[name]] for name in _PUBLISHED}
    cells["sections"] = [
        _dumped({k: redact(v)[0] for k, v in given.items()} if given else None) for given in frame["sections"]
    ]
    cells["links"] = [_dumped(redact_links(given) if given else None) for given in frame["links"]]
    return _with(frame, **cells)


def add_language(frame: pd.DataFrame, languages: tuple[str, ...] = ()) -> pd.DataFrame:
    """The language of title and summary together.

    What the page says of the entry ("English only") stands where the text is too short to tell, without a confidence.
    """
    declared = [next(iter(language_codes(code)), None) for code in frame["language_declared"]]
    said = [code or marker for code, marker in zip(declared, frame["marker"], strict=True)]
    texts = [" ".join(filter(None, pair)) for pair in zip(frame["title"], frame["summary"], strict=True)]
    candidates = [tuple(dict.fromkeys((*languages, *([code] if code else [])))) for code in said]
    found = detect_languages(texts, candidates)
    codes = [read or code for read, code in zip(found["language"], said, strict=True)]
    sure = [
        score if read else None for read, score in zip(found["language"], found["language_confidence"], strict=True)
    ]
    return _with(frame, language=codes, language_confidence=sure)


def add_dates(frame: pd.DataFrame, languages: tuple[str, ...] = ()) -> pd.DataFrame:
    """Dates from the words read as a date, or from a line above the title that gives a deadline."""
    captured = [moment.date() if moment is not None else None for moment in frame["captured_at"]]
    contexts = frame["date_context"].tolist()
    candidates = [tuple(dict.fromkeys(filter(None, (code, *languages)))) or None for code in frame["language"]]
    above = read_dates(frame["surtitle"].tolist(), candidates, captured, contexts)
    is_deadline = [
        role == "deadline" and pd.notna(day) for role, day in zip(above["date_role"], above["start_date"], strict=True)
    ]
    words = [
        s if deadline else d for d, s, deadline in zip(frame["date_raw"], frame["surtitle"], is_deadline, strict=True)
    ]
    read = read_dates(words, candidates, captured, contexts)
    read = read.rename(columns={"reason": "date_reason"}).set_index(frame.index)
    cells = {str(name): [None if _missing(value) else value for value in read[name]] for name in read.columns}
    _drop_other_ages(cells)
    return _with(frame, **cells, date_raw=words)


def _drop_other_ages(cells: dict[str, list[Any]]) -> None:
    """Unset dates of years in which no entry lies; the words stay in `date_raw`."""
    for i, days in enumerate(zip(cells["start_date"], cells["end_date"], strict=True)):
        odd = [day.year for day in days if day and not FIRST_YEAR <= day.year <= LAST_YEAR]
        if odd:
            for name in _OF_A_DATE:
                cells[name][i] = None
            cells["date_inferred"][i] = False
            cells["date_reason"][i] = f"the year {odd[0]} is not within {FIRST_YEAR} to {LAST_YEAR}"


def add_places(frame: pd.DataFrame, countries: tuple[str, ...] = ()) -> pd.DataFrame:
    """Cities, countries and venue from the words read as a place; nothing is read from titles and teasers."""
    read = read_places(frame["place_raw"].tolist(), [countries or None] * len(frame))
    # A city taken out of the middle may join what is left and right of it into a number.
    venues = [redact(venue)[0] if venue else None for venue in read["venue"]]
    return _with(frame, **{str(name): read[name].tolist() for name in read.columns} | {"venue": venues})


def add_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Kind and reason."""
    decided = [decide_kind(_signs(row)) for row in frame.to_dict("records")]
    return _with(frame, kind=[kind for kind, _ in decided], kind_reason=[reason for _, reason in decided])


def add_date_role(frame: pd.DataFrame) -> pd.DataFrame:
    """The role that the kind gives the date; null without a date."""
    dated = frame["start_date"].notna() | frame["end_date"].notna()
    roles = [DATE_ROLES[kind] if has else None for kind, has in zip(frame["kind"], dated, strict=True)]
    return _with(frame, date_role=roles)


def add_status(frame: pd.DataFrame) -> pd.DataFrame:
    """Cancelled, postponed, scheduled, as the page says."""
    read = [
        read_status(*row) for row in zip(*(frame[n] for n in ("status", "title", "surtitle", "subtitle")), strict=True)
    ]
    issues = [list(given) for given in frame["issues"]]
    _note(issues, ([f"status: {reason}"] if reason else [] for _, reason in read))
    return _with(frame, status=[status for status, _ in read], issues=issues)


def add_online(frame: pd.DataFrame) -> pd.DataFrame:
    """Online by the words of the place, or of an event's titles; a tool that is online is no event."""
    lines = zip(*(frame[n] for n in ("title", "surtitle", "subtitle")), strict=True)
    said = [
        kind == "event" and any(text and says_online(text) for text in row)
        for kind, row in zip(frame["kind"], lines, strict=True)
    ]
    return _with(
        frame, is_online=[bool(at_place or spoken) for at_place, spoken in zip(frame["is_online"], said, strict=True)]
    )


def add_home(frame: pd.DataFrame, city: str | None = None) -> pd.DataFrame:
    """The city of the source, where an entry names no city and no country and is not online.

    `place_raw` stays what the page says: a city that is not in it is that of the source. After the kind, which takes a
    place for a sign of an event.
    """
    if city is None:
        return frame
    home = reference.city(city)
    places = zip(frame["cities"], frame["countries"], frame["is_online"], strict=True)
    nowhere = [not (cities or countries or online) for cities, countries, online in places]
    at_home = {"cities": [home.name], "city_ids": [home.city_id], "countries": [home.country]}
    cells = {
        name: [list(there) if lost else given for lost, given in zip(nowhere, frame[name], strict=True)]
        for name, there in at_home.items()
    }
    return _with(frame, **cells)


def add_instant(frame: pd.DataFrame) -> pd.DataFrame:
    """The instant where time and zone are known; a zone that is not stated comes from the one country, and says so."""
    cells: dict[str, list[Any]] = {"timezone": [], "start_at": [], "date_reason": [], "issues": []}
    for row in frame.to_dict("records"):
        zone, reason = row["timezone"], row["date_reason"]
        if zone is None and (zone := zone_of(row["countries"], row["start_date"], row["start_time"])):
            reason = "; ".join(filter(None, (reason, f"zone of the country {row['countries'][0]}")))
        moment, problem = instant(row["start_date"], row["start_time"], zone)
        cells["timezone"].append(zone)
        cells["start_at"].append(moment)
        cells["date_reason"].append(reason)
        cells["issues"].append([*row["issues"], *([problem] if problem else [])])
    return _with(frame, **cells)


def add_topics(frame: pd.DataFrame) -> pd.DataFrame:
    """Topics and relevance, by the words of titles, teaser and sections."""
    judged = [judge({name: row[name] for name in TOPIC_PLACES}) for row in frame.to_dict("records")]
    return _with(frame, topics=[list(one.topics) for one in judged], relevance=[one.relevance for one in judged])


def _with(frame: pd.DataFrame, **cells: Iterable[Any]) -> pd.DataFrame:
    """The frame with columns of plain Python values."""
    return frame.assign(
        **{name: pd.Series(list(values), index=frame.index, dtype=object) for name, values in cells.items()}
    )


def _note(issues: list[list[str]], found: Iterable[list[str]]) -> None:
    """Add reasons to the issues of their rows, each once."""
    for notes, reasons in zip(issues, found, strict=True):
        notes.extend(reason for reason in reasons if reason not in notes)


def _missing(value: Any) -> bool:
    return value is None or (not isinstance(value, (str, list)) and bool(pd.isna(value)))


def _signs(row: Mapping[Any, Any]) -> Signs:
    """What a row shows of its kind."""
    names = ("title", "surtitle", "subtitle", "summary", "page_kind", "date_raw", "start_time", "date_role")
    return Signs(
        **{name: row[name] for name in names},
        sections=frozenset(json.loads(row["sections"]) if row["sections"] else ()),
        start=row["start_date"],
        end=row["end_date"],
        precision=row["date_precision"],
        is_inferred=bool(row["date_inferred"]),
        captured=row["captured_at"].date() if row["captured_at"] is not None else None,
        has_place=bool(row["cities"] or row["countries"] or row["venue"]),
    )


def _encodable(text: Any) -> str | None:
    """As displayed, but for what no file can hold (lone surrogates) and what a terminal would obey (controls)."""
    if not isinstance(text, str):
        return None
    return _CONTROLS.sub("\ufffd", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _clean_sections(given: Any, notes: list[str]) -> dict[str, str] | None:
    """Sections with cleaned text, without empty ones."""
    sections = _parsed(given, dict, notes)
    cleaned = {str(name): clean_text(text, lines=True) for name, text in (sections or {}).items()}
    _note([notes], [[f"{name}: {reason}" for name, one in cleaned.items() for reason in one.issues]])
    return {name: one.text for name, one in cleaned.items() if one.text} or None


def _clean_links(given: Any, notes: list[str]) -> list[dict[str, Any]] | None:
    """Links with cleaned labels; what is no object is left out."""
    links = [link for link in _parsed(given, list, notes) or [] if isinstance(link, dict)]
    return [link | {"label": clean_text(link.get("label")).text} for link in links] or None


def _parsed(given: Any, shape: type, notes: list[str]) -> Any:
    """A JSON cell as an object of the shape; anything else is None and an issue."""
    try:
        value = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        value = given
    if value is None or isinstance(value, shape):
        return value
    notes.append(f"not a JSON {'object' if shape is dict else 'array'}: left out")
    return None


def _dumped(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None

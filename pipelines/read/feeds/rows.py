"""Objects of JSON to entries, by a field map.

What belongs here: one object to one entry, and telling which paths of a source found nothing. What does not: where the
objects stand and how the next page is asked for (`json_feeds`, `paging`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.read.feeds.field_maps import FieldMap
from pipelines.read.feeds.keys import site_key
from pipelines.read.feeds.moments import moment_of, stated_words, zone_named
from pipelines.read.feeds.paths import Path, find, languages_at, where_it_breaks
from pipelines.read.feeds.payload import Feed, Payload
from pipelines.read.feeds.strings import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    absolute,
    language_code,
    link_of,
    place_words,
    status_word,
    text,
)
from pipelines.read.reading import Item
from pipelines.read.structured.vocabulary import first_of, folded, present, word_ranks
from pipelines.reference import load_yaml

_HOUR = re.compile(r"(\d{1,2})(?:[:.hH](\d\d))?(?::\d\d)?(?:\.\d+)?\s*([aApP])?\.?[mM]?\.?")
_DEPTH = 3
_MOST_DOCUMENTS = 20


@dataclass(slots=True)
class RowReader:
    """Reads the objects of one body; counts which parts were found."""

    map: FieldMap
    payload: Payload
    found: dict[str, int] = field(default_factory=dict)

    def read(self, rows: Iterable[Any], feed: Feed) -> None:
        """Make an entry of every object that has a title."""
        untitled, count, first = 0, 0, None
        for row in rows:
            count += 1
            first = row if first is None and isinstance(row, dict) else first
            item = self._item(row) if isinstance(row, dict) else None
            if item is None:
                untitled += 1
            else:
                feed.items.append(item)
        if untitled:
            feed.note(f"{untitled} of {count} objects have no title: left out", "items")
        if first is not None:
            self._tell_unfound(first, count, feed)

    def _item(self, row: dict[str, Any]) -> Item | None:
        languages = self._languages(row)
        title, code = self._text(row, "title", languages, LONGEST_TITLE)
        if title is None:
            return None
        languages = [code, *languages] if code else languages
        return Item(
            title=title,
            subtitle=self._text(row, "subtitle", languages, LONGEST_TITLE)[0],
            summary=self._text(row, "summary", languages, LONGEST_SUMMARY)[0],
            url=self._url(row, languages),
            item_key=self._key(row),
            date_raw=self._date(row, languages),
            place_raw=self._place(row, languages),
            status=self._status(row, languages),
            language_declared=language_code(self._text(row, "language", languages, 40)[0]) or code,
            page_kind=self.map.page_kind,
            links=self._documents(row, languages),
        )

    def _values(self, row: Any, part: str, languages: Sequence[str]) -> Iterator[tuple[Path, Any]]:
        """What the paths of a part lead to, in their order."""
        for path in self.map.parts.get(part, ()):
            for value in find(row, path, languages):
                self.found[part] = self.found.get(part, 0) + 1
                yield path, value

    def _languages(self, row: dict[str, Any]) -> list[str]:
        """Languages in the order in which they are looked for; of columns a language the first that has a title."""
        step = next(
            (str(s) for p in self.map.parts.get("title", ()) if p.has_language for s in p.steps if "{lang}" in str(s)),
            None,
        )
        return languages_at(row, step, self.payload.languages) if step else list(self.payload.languages)

    def _text(self, row: Any, part: str, languages: Sequence[str], longest: int) -> tuple[str | None, str | None]:
        """The first text of a part and its language."""
        for path, value in self._values(row, part, languages):
            said, code = words_in(value, languages, longest)
            if said:
                return said, code or (languages[0] if path.has_language and languages else None)
        return None, None

    def _url(self, row: Any, languages: Sequence[str]) -> str | None:
        for _, value in self._values(row, "url", languages):
            said = raw_in(value, languages)
            if found := absolute(said, self.payload.url):
                return found
        return None

    def _key(self, row: Any) -> str | None:
        value = next((v for _, v in self._values(row, "id", ())), None)
        said = text(raw_in(value, ()), 200)
        return site_key(self.map.key, said, self.payload.url) if said else None

    def _date(self, row: Any, languages: Sequence[str]) -> str | None:
        """Words for the start and the end; of what has none, for the day on which it was published."""
        zone = self._zone(row)
        start, end = (self._moment(row, part, languages, zone) for part in ("start", "end"))
        if start is None and end is None:
            start = self._moment(row, "published", languages, zone)
        days = any(value in (True, 1, "1", "true", "yes") for _, value in self._values(row, "all_day", ()))
        return stated_words(start, end, zone, days)

    def _zone(self, row: Any) -> ZoneInfo | None:
        named = (zone_named(value) for _, value in self._values(row, "zone", ()))
        return next((zone for zone in named if zone), None) or self.payload.zone

    def _moment(self, row: Any, part: str, languages: Sequence[str], zone: ZoneInfo | None) -> Any:
        """The first value of a part: with the hour that stands in a column of its own, in UTC when the map says so."""
        for path, value in self._values(row, part, languages):
            said = raw_in(value, languages)
            if isinstance(said, str) and not said.strip():
                continue
            if path.text in self.map.utc and (moment := moment_of(said)) and moment.at and moment.offset is None:
                return f"{moment.day.isoformat()}T{moment.at.isoformat()}Z"
            hour = next((raw_in(v, languages) for _, v in self._values(row, f"{part}_hour", languages)), None)
            return _with_hour(said, hour, zone)
        return None

    def _place(self, row: Any, languages: Sequence[str]) -> str | None:
        parts: list[str | None] = []
        for _, value in self._values(row, "place", languages):
            parts += place_parts(value, languages)
        return place_words(parts)

    def _status(self, row: Any, languages: Sequence[str]) -> str | None:
        for _, value in self._values(row, "status", languages):
            said = raw_in(value, languages)
            found = self.map.statuses.get(str(said)) or status_word(said)
            if found:
                return found
        return None

    def _documents(self, row: Any, languages: Sequence[str]) -> list[dict[str, str]]:
        given = (absolute(raw_in(v, languages), self.payload.url) for _, v in self._values(row, "document", languages))
        return [link_of(url) for url in dict.fromkeys(filter(None, given))][:_MOST_DOCUMENTS]

    def _tell_unfound(self, row: dict[str, Any], count: int, feed: Feed) -> None:
        """Say which paths of the source found nothing in any entry, and what is there."""
        for part in sorted(self.map.given):
            if not self.found.get(part):
                for path in self.map.parts[part]:
                    where = where_it_breaks(row, path)
                    feed.note(f"path {path.text!r} of `{part}` found nothing in {count} entries; {where}", "hints")


def raw_in(value: Any, languages: Sequence[str], depth: int = _DEPTH) -> Any:
    """The text or number in a value: of a list the first, of an object its value by language or inner key."""
    if isinstance(value, dict) and depth:
        code = _language_in(value, languages)
        return raw_in(value[code] if code else first_of(folded(value), "inner"), languages, depth - 1)
    if isinstance(value, list) and depth:
        return next((said for one in value[:20] if (said := raw_in(one, languages, depth - 1)) not in (None, "")), None)
    return value if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def words_in(value: Any, languages: Sequence[str], longest: int) -> tuple[str | None, str | None]:
    """The text in a value, and its language when the value names it."""
    code = _language_in(value, languages) if isinstance(value, dict) else None
    return text(raw_in(value, languages), longest), code


def _language_in(value: Mapping[str, Any], languages: Sequence[str]) -> str | None:
    """The key of the language to take, of an object of texts by language ({"fi": ..., "sv": ...})."""
    there = [key for key, held in value.items() if held and language_code(key) == key]
    if not there or any(key in word_ranks("inner") for key in there):
        return None
    return next((code for code in languages if code in there), there[0])


def place_parts(value: Any, languages: Sequence[str], depth: int = _DEPTH) -> list[str | None]:
    """The name and the address of a place that may be a text, texts by language, or an object of parts."""
    if not isinstance(value, dict) or _language_in(value, languages):
        said = raw_in(value, languages)
        return [text(said, LONGEST_TITLE)] if isinstance(said, str) else []
    parts, keys = folded(value), load_yaml("structured.yaml")["place_keys"]
    held = [next((v for _, v in present(parts, "place_keys", name)), None) for name in keys]
    found: list[str | None] = []
    for one in held if depth else ():
        found += place_parts(one, languages, depth - 1)
    return found or [text(raw_in(value, languages), LONGEST_TITLE)]


def _with_hour(day: Any, hour: Any, zone: ZoneInfo | None) -> Any:
    """A stated day with an hour that stands apart; the day as it is when it has an hour, or `hour` is none."""
    at = _hour(hour)
    moment = moment_of(day, zone) if at is not None else None
    if moment is None or at is None or moment.at not in (None, time(0)):
        return day
    return f"{moment.day.isoformat()}T{at.isoformat()}"


@lru_cache(maxsize=4096)
def _hour(said: Any) -> time | None:
    found = _HOUR.fullmatch(said.strip()) if isinstance(said, str) and len(said) < 20 else None
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None

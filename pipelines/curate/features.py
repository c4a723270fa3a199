"""What linkage looks at in an entry: names, numbers, days, places, key; computed once an entry.

What belongs here: turning a row with refined columns (any but `title` may be missing) into `Features`.
What does not: comparing two of them (`rules`), choosing whom to compare (`blocking`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from pipelines.reference import City, country_names, folding, load_yaml
from pipelines.reference import cities as all_cities
from pipelines.refine.dates.days import as_date

_NUMBER = re.compile(r"(\d+)(?:st|nd|rd|th|er|ere|eme|e|o|a)?")
_ROMAN = re.compile(r"\b(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})\b")
_QUOTED = re.compile(r"[“”‟„\"«]\s*([^“”‟„\"«»]{8,}?)\s*[“”‟\"»]|‘([^‘’]{8,}?)’(?!\w)")
_TRUNCATED = re.compile(r"\s*(\.\.\.|…)\s*$")
# A span longer than this is a campaign or a period: that two of them overlap says little.
SHORT_SPAN_DAYS = 31


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that say little (generic ones with the word that stands for them), numerals, kinds that go together."""

    stopwords: frozenset[str]
    generic: Mapping[str, str]
    ordinals: Mapping[str, int]
    kinds: frozenset[frozenset[str]]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of matching, read once."""
    data = load_yaml("matching.yaml")
    return Vocabulary(
        stopwords=frozenset(data["stopwords"]),
        generic={word: word for word in data["subject"]}
        | {word: kind for kind, words in data["kinds"].items() for word in words if kind != "other"}
        | {word: word for word in data["kinds"]["other"]},
        ordinals={word: int(number) for number, words in data["ordinals"].items() for word in words},
        kinds=frozenset(frozenset(pair) for pair in data["compatible_kinds"]),
    )


@dataclass(frozen=True, slots=True)
class Name:
    """A title, subtitle or quoted name: its telling words, its generic words, and the whole, folded."""

    text: str
    content: frozenset[str]
    generic: frozenset[str]


@dataclass(frozen=True, slots=True)
class Features:
    """One entry as linkage sees it. `label` is its row label; None and empty mean unknown."""

    label: Any
    order: str
    key: str | None
    page: str | None
    capture: tuple[Any, Any] | None
    source: str | None
    site: str | None
    kind: str | None
    language: str | None
    title: str
    summary: str
    names: tuple[Name, ...]
    numbers: frozenset[str]
    start: date | None
    end: date | None
    by_day: bool
    clock: timedelta | None
    instant: datetime | None
    inferred: bool
    cities: frozenset[str]
    countries: frozenset[str]

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day of something short and dated to the day, else None."""
        if self.start is None or self.end is None or not self.by_day:
            return None
        return (self.start, self.end)

    @property
    def content(self) -> frozenset[str]:
        """Telling words of all names."""
        return frozenset().union(*(name.content for name in self.names))


def make_features(entries: pd.DataFrame) -> list[Features]:
    """Features of each row, in row order; missing columns and cells are unknown."""
    columns = {name: entries[name].tolist() for name in _USED if name in entries}
    rows = [{name: values[i] for name, values in columns.items()} for i in range(len(entries))]
    return [_features(label, row) for label, row in zip(entries.index.tolist(), rows, strict=True)]


_USED = (
    "raw_entry_id", "item_key", "page_key", "capture_file", "capture_offset", "source", "url", "kind", "language",
    "title", "subtitle", "summary", "start_date", "end_date",
    "start_time", "start_at", "date_precision", "date_inferred", "is_ongoing",
    "cities", "city_ids", "countries",
)  # fmt: skip


def _features(label: Any, row: Mapping[str, Any]) -> Features:
    title, subtitle, summary = (_text(row.get(name)) for name in ("title", "subtitle", "summary"))
    city_ids, countries = _strings(row.get("city_ids")), _strings(row.get("countries"))
    cities = city_ids or _strings(row.get("cities"))
    places = {word for city in _strings(row.get("cities")) for word in words(city)}.union(
        *(_city_words(city_id) for city_id in city_ids), *(_country_words(country) for country in countries)
    )
    start, end = as_date(row.get("start_date")), as_date(row.get("end_date"))
    if end is None and start is not None and not _true(row.get("is_ongoing")) and row.get("date_precision") != "year":
        end = start
    names = [
        _name(text, places) for text in dict.fromkeys([title, subtitle, *quoted(title), *quoted(subtitle)]) if text
    ]
    return Features(
        label=label,
        order=_text(row.get("raw_entry_id")) or f"{fold(title)}|{start}|{fold(summary)}|{label}",
        key=_text(row.get("item_key")) or None,
        page=_text(row.get("page_key")) or None,
        capture=(file, row.get("capture_offset")) if (file := _text(row.get("capture_file"))) else None,
        source=_text(row.get("source")) or None,
        site=_site(_text(row.get("url"))),
        kind=_text(row.get("kind")) or None,
        language=_text(row.get("language")) or None,
        title=fold(title),
        summary=fold(_TRUNCATED.sub("", summary)),
        names=tuple(name for name in names if name.text),
        numbers=numbers(title),
        start=start,
        end=end,
        by_day=_is_by_day(start, end, row.get("date_precision")),
        clock=_clock(row.get("start_time")),
        instant=_instant(row.get("start_at")),
        inferred=_true(row.get("date_inferred")),
        cities=frozenset(fold(city) for city in (*cities, *_wholes(cities))),
        countries=frozenset(countries),
    )


def words(text: str) -> list[str]:
    """The folded words of a text, without signs."""
    return [word for _, _, word in folding.words(text) if word.isalnum()]


def fold(text: str) -> str:
    """The folded words, joined by blanks."""
    return " ".join(words(text))


def quoted(text: str) -> list[str]:
    """Names in quotation marks."""
    return [a or b for a, b in _QUOTED.findall(text)]


def numbers(title: str) -> frozenset[str]:
    """Numbers that a title bears, in digits, Roman numerals or words: what tells editions apart."""
    ordinals = vocabulary().ordinals
    found = {str(int(m.group(1))) for word in words(title) if (m := _NUMBER.fullmatch(word))}
    found |= {str(ordinals[word]) for word in words(title) if word in ordinals}
    return frozenset(found | {str(_roman(m)) for m in _ROMAN.findall(title)})


def common_words(features: Iterable[Features]) -> frozenset[str]:
    """Telling words that nevertheless stand in many different titles: more than 5 and more than one in 200."""
    titles = {f.title: f.content for f in features}
    counts = Counter(word for content in titles.values() for word in content)
    bar = max(5, len(titles) // 200)
    return frozenset(word for word, count in counts.items() if count > bar)


def _site(url: str) -> str | None:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


@cache
def _city_words(city_id: str) -> frozenset[str]:
    """The words of all names of a city: beside the city itself they tell nothing."""
    known = _registry().get(city_id)
    names = (known.name, *known.aliases, *known.alternates) if known else ()
    return frozenset(word for name in names for word in words(name))


@cache
def _country_words(country: str) -> frozenset[str]:
    return frozenset(word for name in country_names().get(country, ()) for word in words(name))


def _wholes(city_ids: Sequence[str]) -> list[str]:
    """The cities that quarters are part of: who names Belém names Lisbon."""
    found = (_registry().get(city_id) for city_id in city_ids)
    return [city.part_of for city in found if city and city.part_of]


@cache
def _registry() -> dict[str, City]:
    return {city.city_id: city for city in all_cities()}


def _clock(value: Any) -> timedelta | None:
    return timedelta(hours=value.hour, minutes=value.minute) if isinstance(value, time) else None


def _instant(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) and value == value and value.tzinfo is not None else None


def _name(text: str, places: set[str]) -> Name:
    known = vocabulary()
    telling = [w for w in words(text) if w not in known.stopwords and w not in places]
    telling = [w for w in telling if not _NUMBER.fullmatch(w) and w not in known.ordinals]
    return Name(
        text=fold(text),
        content=frozenset(w for w in telling if w not in known.generic),
        generic=frozenset(known.generic[w] for w in telling if w in known.generic),
    )


def _is_by_day(start: date | None, end: date | None, precision: Any) -> bool:
    if start is None or end is None or (end - start).days > SHORT_SPAN_DAYS:
        return False
    return precision in ("day", "time") if isinstance(precision, str) else (end - start).days < 28


def _roman(text: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _true(value: Any) -> bool:
    return bool(value) if isinstance(value, (bool, int)) or type(value).__name__ == "bool_" else False


def _strings(value: Any) -> Sequence[str]:
    if value is None or isinstance(value, (str, float)):
        return []
    return [item for item in value if isinstance(item, str)]

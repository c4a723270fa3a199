"""Towns of the test web and what happens in them: any number of each, known to the day, the same for the same seed.

What belongs here: the truth. What does not: how a town shows it (`town_pages`, `town_feeds`), serving (`town_web`).

Titles are combinations of words (`town_words.yaml`); when those of a language are used up, a number tells them apart.
No two entries of one language have the same title, so what is merged in a release was merged wrongly.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

FIRST_DAY, DAYS = date(2026, 2, 1), 300
LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "sv", "el")
KINDS = (
    *("html cards", "html table", "html list", "html terms", "html badges", "html months"),
    *("jsonld", "microdata", "ical", "rss news", "rss events", "sitemap", "wp posts", "wp events"),
    *("opendatasoft", "ckan", "socrata", "linkedevents", "json_api", "liferay"),
)
"""How a town shows its entries: the strategy of its source, and where there are several, the layout or dialect."""
NEWS = ("rss news", "wp posts")
"""Kinds whose entries are of one day, that of publishing."""
_STRATEGIES = {"microdata": "jsonld", "wp": "wp_rest"}


@dataclass(frozen=True)
class Entry:
    """What happens: `end` None for a single day; `url` is the path of its own page."""

    number: int
    title: str
    start: date
    end: date | None
    hour: int
    venue: str
    place: str
    summary: str
    url: str


@dataclass(frozen=True)
class Town:
    """A town, its kind of site and its entries."""

    number: int
    name: str
    language: str
    kind: str
    entries: tuple[Entry, ...]

    @property
    def key(self) -> str:
        """Key of its source."""
        return f"town-{self.number:03d}"

    @property
    def strategy(self) -> str:
        """Strategy of its source."""
        name = self.kind.split()[0]
        return _STRATEGIES.get(name, name)

    @property
    def labels(self) -> dict[str, str]:
        """Words of its pages beside those of entries."""
        found: dict[str, str] = words()[self.language]["labels"]
        return found


@cache
def words() -> dict[str, Any]:
    """The word lists by language."""
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("town_words.yaml").read_text(encoding="utf-8"))
    return found


def make_towns(count: int, entries: int, seed: int = 1, kinds: tuple[str, ...] = KINDS) -> list[Town]:
    """So many towns of so many entries, all kinds and languages in turn."""
    titles = {language: _titles(language, seed) for language in LANGUAGES}
    towns = []
    for number in range(count):
        language = LANGUAGES[(number + number // len(kinds)) % len(LANGUAGES)]
        names = words()[language]["towns"]
        name = names[number // len(LANGUAGES) % len(names)]
        made = random.Random(f"{seed} town {number}")
        kind = kinds[number % len(kinds)]
        longest = 0 if kind in NEWS else 9
        happening = sorted(_entry(made, language, name, titles[language], longest) for _ in range(entries))
        numbered = tuple(_numbered(place, *parts) for place, parts in enumerate(happening, 1))
        towns.append(Town(number, name, language, kind, numbered))
    return towns


def _titles(language: str, seed: int) -> Any:
    said = words()[language]
    combined = [" ".join(parts) for parts in product(said["what"], said["whom"], said["about"])]
    random.Random(f"{seed} titles {language}").shuffle(combined)
    round_ = 1
    while True:
        yield from combined if round_ == 1 else (f"{title} {round_}" for title in combined)
        round_ += 1


def _entry(made: random.Random, language: str, town: str, titles: Any, longest: int) -> tuple[Any, ...]:
    said = words()[language]
    start = FIRST_DAY + timedelta(days=made.randrange(DAYS))
    end = start + timedelta(days=made.randint(1, longest)) if longest and made.random() < 0.2 else None
    venue = made.choice(said["venues"])
    return start, next(titles), end, made.randint(9, 18), venue, town, " ".join(made.sample(said["sentences"], 3))


def _numbered(
    number: int, start: date, title: str, end: date | None, hour: int, venue: str, town: str, summary: str
) -> Entry:
    return Entry(number, title, start, end, hour, venue, f"{venue}, {town}", summary, f"/e/{number:05d}")

"""The index of names: which folded words name which places.

What belongs here: building the index from the reference files, and the greedy search for the longest names in a text.
What does not: the decision which of several places a name means, and what the rest of a line is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipelines import reference
from pipelines.reference.folding import fold

# How strongly a name is preferred when nothing else decides.
_TIERS = {"member": 2, "capital": 1, "place": 0}


class Meaning(NamedTuple):
    """One thing that a name may mean.

    kind: city (value city_id), country and region (value ISO code), online, venue (value city_id of its city).
    own: the registry's name or an alias that is kept; else one of the many spellings that GeoNames collects.
    free: may be read inside a piece of other words; else only where the name is a piece by itself or touches a country.
    ordinary: means another thing as well, and needs its country near.
    """

    kind: str
    value: str
    country: str
    tier: str
    rank: tuple[int, int, int]
    own: bool
    free: bool
    ordinary: bool


@dataclass(frozen=True, slots=True)
class Index:
    """Meanings by folded name, and the length in words of the longest name that starts with a word."""

    meanings: dict[str, tuple[Meaning, ...]]
    longest: dict[str, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found: positions of its first word and of the word after it, and what it may mean."""

    first: int
    last: int
    meanings: tuple[Meaning, ...]


def search(index: Index, folded: list[str]) -> list[Hit]:
    """The longest names from left to right, without overlap."""
    hits = []
    at, total = 0, len(folded)
    longest, meanings = index.longest, index.meanings
    while at < total:
        for length in range(min(longest.get(folded[at], 0), total - at), 0, -1):
            found = meanings.get(" ".join(folded[at : at + length]))
            if found:
                hits.append(Hit(at, at + length, found))
                at += length
                break
        else:
            at += 1
    return hits


@cache
def line_index() -> Index:
    """All names, for lines that name places."""
    names: dict[str, list[Meaning]] = {}
    for city in reference.cities():
        for name in (city.name, *city.aliases):
            _add(names, name, _city_meaning(city, name, own=True))
        for name in _transcribed(city.name):
            _add(names, name, _city_meaning(city, name, own=True))
        for name in city.alternates:
            _add(names, name, _city_meaning(city, name, own=False))
    _add_countries(names, running=False)
    _add_regions(names)
    for venue, city_id in reference.load_yaml("venues.yaml")["venues"].items():
        _add(
            names,
            venue,
            Meaning("venue", city_id, reference.city(city_id).country, "venue", (0, 0, 0), True, True, False),
        )
    for word in reference.load_yaml("online.yaml")["place"]:
        _add(names, word, Meaning("online", "online", "", "online", (9, 0, 0), True, True, False))
    return _index(names)


@cache
def running_index() -> Index:
    """Names that are safe in running text: cities of the programme and capitals by their own names, and countries."""
    never = frozenset(reference.load_yaml("ordinary_words.yaml")["never_running"])
    names: dict[str, list[Meaning]] = {}
    for city in reference.cities():
        if city.tier != "place":
            for name in (city.name, *city.aliases):
                if fold(name) not in never and not _is_short(name):
                    _add(names, name, _city_meaning(city, name, own=True))
    _add_countries(names, running=True)
    return _index(names)


def _city_meaning(city: reference.City, name: str, own: bool) -> Meaning:
    tier = city.tier
    town = tier == "place"
    ordinary = fold(name) in _ordinary() or (_is_short(name) and (town or name != city.name))
    rank = (int(own), _TIERS[tier], city.population)
    return Meaning("city", city.city_id, city.country, tier, rank, own, own and not town, ordinary)


def _is_short(name: str) -> bool:
    """Up to three letters: codes, weekdays and abbreviations look like that."""
    return len(name) < 4 and fold(name).isascii()


def _add_countries(names: dict[str, list[Meaning]], running: bool) -> None:
    """Countries by all their names, but for a name that two of them bear."""
    kept = reference.load_yaml("countries.yaml")
    only, city_first = ({fold(name) for name in kept[key]} for key in ("metadata_only", "city_first"))
    owners: dict[str, set[str]] = {}
    for code, written in reference.country_names().items():
        for name in written:
            owners.setdefault(fold(name), set()).add(code)
    for key, codes in owners.items():
        if len(codes) == 1 and key not in city_first and not (running and key in only):
            (code,) = codes
            _add(names, key, Meaning("country", code, code, "country", (5, 0, 0), True, key not in only, key in only))


def _add_regions(names: dict[str, list[Meaning]]) -> None:
    """Regions: those that mean nothing else name their country; the others, and codes of countries, are kept apart."""
    data = reference.load_yaml("regions.yaml")
    for code, written in data["names"].items():
        for name in written:
            _add(names, name, Meaning("country", code, code, "region", (4, 0, 0), True, False, True))
    for code, written in data["after_city"].items():
        for name in written:
            _add(names, name, Meaning("region", code, code, "region", (-1, 0, 0), True, False, True))
    for code in reference.country_names():
        _add(names, code, Meaning("region", code, code, "country", (-1, 0, 0), True, False, True))


@cache
def _ordinary() -> frozenset[str]:
    words = reference.load_yaml("ordinary_words.yaml")["needs_country"]
    return frozenset(fold(word) for group in words.values() for word in group)


def _transcribed(name: str) -> list[str]:
    """The spelling without special letters that German and the Nordic languages use: Zuerich, Aarhus."""
    lowered = name.lower()
    if not any(letter in lowered for letter in "äöüåø"):
        return []
    spelled = lowered
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe")):
        spelled = spelled.replace(letter, letters)
    return [spelled]


def _add(names: dict[str, list[Meaning]], name: str, meaning: Meaning) -> None:
    """File a meaning under a name; the first, freest way to name a place by it counts."""
    key = fold(name)
    if not key or (meaning.kind == "city" and not meaning.free and len(key) < 3 and key.isascii()):
        return
    found = names.get(key)
    if found is None:
        names[key] = [meaning]
        return
    for other in found:
        if other.kind == meaning.kind and other.value == meaning.value:
            return
    found.append(meaning)


def _index(names: dict[str, list[Meaning]]) -> Index:
    longest: dict[str, int] = {}
    for key in names:
        first, length = key.split(" ", 1)[0], key.count(" ") + 1
        longest[first] = max(longest.get(first, 0), length)
    for found in names.values():
        if len(found) > 1:
            found.sort(key=lambda meaning: meaning.rank, reverse=True)
    return Index({key: tuple(found) for key, found in names.items()}, longest)

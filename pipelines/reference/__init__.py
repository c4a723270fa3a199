"""Reference data: cities, countries, venues and vocabularies, as files, and the loaders of the place files.

What belongs here: files of facts and words that people read and mend (CSV, YAML), loaders that read each once, and the
scripts that make the generated ones. What does not: rules that decide anything about a text.

    cities.csv           gazetteer, generated: the network's cities, capitals, towns (GeoNames, CC BY 4.0)
    network.csv          the network's cities, kept by hand; an input of cities.csv
    countries.yaml       other names of countries and how they may be read, kept by hand
    country_names.csv    names of countries in the network's languages, generated (Unicode CLDR)
    regions.yaml         regions that say their country, kept by hand
    city_names.yaml      names in use where GeoNames shows others, kept by hand; an input of cities.csv
    venues.yaml          buildings that name their city, words of addresses, kept by hand
    online.yaml          words for "online", kept by hand
    ordinary_words.yaml  place names that mean something else as well, kept by hand

`README.md` says where the facts come from and how to make the generated files again.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class City:
    """A place of the gazetteer.

    `aliases` name it safely everywhere, `alternates` only on lines that name places. `status` is its relation to the
    programme (member, network, index, project, host, named, partner, contact, unclear, former), or capital, or place.
    `part_of` is the city_id of the city that it is a quarter of.
    """

    city_id: str
    name: str
    country: str
    latitude: float | None
    longitude: float | None
    status: str
    population: int
    part_of: str | None
    aliases: tuple[str, ...]
    alternates: tuple[str, ...]

    @property
    def tier(self) -> str:
        """How freely its name is read: member (a city of the programme), capital, place."""
        return self.status if self.status in ("capital", "place") else "member"

    def row(self) -> dict[str, Any]:
        """The columns of the table `cities` of a release."""
        names = ("city_id", "name", "country", "latitude", "longitude", "status")
        return {name: getattr(self, name) for name in names}


class _Words(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which only true and false are truth values (YAML 1.2): `no`, `on` and `NO` are words, and Norway."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def load_yaml(name: str) -> Any:
    """The content of a YAML file of this folder, read once."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_Words)  # noqa: S506  # a SafeLoader


@cache
def load_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file of this folder, read once."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _cities() -> dict[str, City]:
    return {row["city_id"]: _city(row) for row in load_rows("cities.csv")}


def cities() -> list[City]:
    """All places of the gazetteer, in order of city_id; `[c.row() for c in cities()]` fits the table `cities`."""
    return list(_cities().values())


def city(city_id: str) -> City:
    """The place of an id; KeyError when there is none."""
    return _cities()[city_id]


@cache
def country_names() -> dict[str, tuple[str, ...]]:
    """Names of each country (ISO 3166-1 alpha-2) in all languages of the network and in use, English first."""
    names = {row["country"]: tuple(row["names"].split("|")) for row in load_rows("country_names.csv")}
    for code, aliases in load_yaml("countries.yaml")["aliases"].items():
        names[code] = (*names.get(code, ()), *aliases)
    return names


def _city(row: dict[str, str]) -> City:
    return City(
        city_id=row["city_id"],
        name=row["name"],
        country=row["country"],
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        status=row["status"],
        population=int(row["population"] or 0),
        part_of=row["part_of"] or None,
        aliases=_split(row["aliases"]),
        alternates=_split(row["alternates"]),
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()

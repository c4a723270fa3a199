"""The place files: ids, positions, links between rows, and that they fit the table of a release."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pipelines import reference
from pipelines.reference.folding import fold, words
from warehouse.tables import CITIES

STATES = (
    "AL AD AM AT AZ BE BA BG HR CY CZ DK EE FI FR GE DE GR HU IS IE IT LV LI LT LU MT MD MC ME NL MK NO PL PT RO SM RS"
)
STATES += " SK SI ES SE CH TR UA GB US CA JP KR AU NZ MX MA IL JO BR IN CN ZA EG KE AR"


def test_ids_are_unique_readable_and_of_their_country() -> None:
    cities = reference.cities()
    assert [i for i, n in Counter(c.city_id for c in cities).items() if n > 1] == []
    assert [
        c.city_id for c in cities if not re.fullmatch(rf"{c.country.lower()}-[a-z0-9]+(-[a-z0-9]+)*", c.city_id)
    ] == []


@pytest.mark.parametrize(
    ("city_id", "name", "status"),
    [
        ("pt-lisbon", "Lisbon", "member"),
        ("gb-camden", "Camden", "named"),
        ("de-berlin-neukolln", "Berlin-Neukölln", "member"),
        ("fo-klaksvik", "Klaksvík", "member"),
        ("it-perugia", "Perugia", "place"),
        ("it-rome", "Rome", "capital"),
        ("ca-montreal", "Montréal", "member"),
    ],
)
def test_ids_that_were_published_stay(city_id: str, name: str, status: str) -> None:
    city = reference.city(city_id)
    assert (city.name, city.status) == (name, status)


def test_every_place_has_a_position_on_earth() -> None:
    for city in reference.cities():
        assert city.latitude is not None and -90 <= city.latitude <= 90, city
        assert city.longitude is not None and -180 <= city.longitude <= 180, city
    lisbon = reference.city("pt-lisbon")
    assert (round(lisbon.latitude or 0), round(lisbon.longitude or 0)) == (39, -9)


def test_a_part_belongs_to_a_place_of_its_country() -> None:
    for city in reference.cities():
        if city.part_of:
            assert reference.city(city.part_of).country == city.country, city


def test_every_state_has_a_capital() -> None:
    network_capitals = {"au-canberra", "at-vienna", "pt-lisbon", "jo-amman", "mx-mexico-city", "ie-dublin", "fr-paris"}
    seats = {c.country for c in reference.cities() if c.status == "capital" or c.city_id in network_capitals}
    seats |= {
        reference.city(i).country for i in ("dk-copenhagen", "es-madrid", "is-reykjavik", "mt-valletta", "no-oslo")
    }
    seats |= {reference.city("ro-bucharest").country}
    assert set(STATES.split()) - seats == set()


def test_rows_fit_the_table_of_a_release() -> None:
    rows = [city.row() for city in reference.cities()]
    table = CITIES.to_arrow(CITIES.frame(rows))
    assert table.num_rows == len(rows) > 10_000


def test_the_gazetteer_stays_small() -> None:
    assert (reference.FOLDER / "cities.csv").stat().st_size < 1_500_000


def test_countries_are_named_in_the_languages_of_the_network() -> None:
    names = reference.country_names()
    for code, name in [
        ("GB", "Royaume-Uni"),
        ("CH", "Suisse"),
        ("DE", "Allemagne"),
        ("FI", "Suomi"),
        ("UA", "Україна"),
    ]:
        assert name in names[code]
    assert names["PT"][0] == "Portugal"
    assert "Holland" in names["NL"] and "FYROM" in names["MK"]


@pytest.mark.parametrize("name", ["countries", "venues", "online", "ordinary_words", "regions", "city_names"])
def test_yaml_reads_every_word_as_text(name: str) -> None:
    """Bare NO and ON are truth values in YAML."""
    todo = [reference.load_yaml(f"{name}.yaml")]
    while todo:
        value = todo.pop()
        if isinstance(value, (dict, list)):
            todo += value.values() if isinstance(value, dict) else value
        else:
            assert isinstance(value, str), value


def test_no_file_repeats_a_key_in_silence() -> None:
    venues = (reference.FOLDER / "venues.yaml").read_text(encoding="utf-8")
    keys = [line.strip().rpartition(": ")[0] for line in venues.splitlines() if line.startswith("  ") and ": " in line]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    for city_id in reference.load_yaml("venues.yaml")["venues"].values():
        assert reference.city(city_id).city_id == city_id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Neuchâtel", "Neucha\u0302tel"),
        ("Donostia-San Sebastián", "donostia san sebastian"),
        ("Łódź", "Lodz"),
        ("Reggio nell’Emilia", "REGGIO NELL'EMILIA"),
        ("Straße", "STRASSE"),
    ],
)
def test_folding_makes_spellings_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_words_keep_their_offsets() -> None:
    text = "Café, Neucha\u0302tel!"
    assert [(text[a:b], w) for a, b, w in words(text)] == [
        ("Café", "cafe"),
        (",", ","),
        ("Neucha\u0302tel", "neuchatel"),
    ]

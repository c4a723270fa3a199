"""Lines that name places: cities, countries, venue and online, in many languages and orders."""

from __future__ import annotations

import itertools

import pytest
from bounds import growth
from hypothesis import given
from hypothesis import strategies as st

from pipelines import reference
from pipelines.reference.folding import fold
from pipelines.refine.places import find_places, is_place_line, read_places

Expected = tuple[list[str], list[str], str | None, bool]


def read(text: str | None, country: str | None = None) -> Expected:
    row = read_places([text], country).iloc[0]
    return row["cities"], row["countries"], row["venue"], row["is_online"]


def only(*cities: str, country: str) -> Expected:
    return list(cities), [country], None, False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Switzerland Neuchâtel", only("Neuchâtel", country="CH")),
        ("Hamamatsu, Japan", only("Hamamatsu", country="JP")),
        ("Royaume-Uni Leeds", only("Leeds", country="GB")),
        ("Wales Swansea", only("Swansea", country="GB")),
        ("Ireland", only(country="IE")),
        ("Mexico City", only("Mexico City", country="MX")),
        ("Mexico Mexico City", only("Mexico City", country="MX")),
        ("Klaksvik, Faroe Islands", only("Klaksvík", country="FO")),
        ("Vynnitsa, Ukraine", only("Vinnytsia", country="UA")),
        ("Bottkyrka", only("Botkyrka", country="SE")),
        ("Espagne Donostia-Saint Sébastien", only("Donostia-San Sebastián", country="ES")),
        ("Donostia/San Sebastián, Spain", only("Donostia-San Sebastián", country="ES")),
        ("Cascais-Lisbon, Portugal", only("Cascais", "Lisbon", country="PT")),
        ("Germany Berlin-Neukölln", only("Berlin-Neukölln", country="DE")),
        ("London-Lewisham", only("Lewisham", country="GB")),
        ("Lewisham, London, UK", only("Lewisham", country="GB")),
        ("Italy Casalecchio di Reno; Casalecchio di Reno, Italy", only("Casalecchio di Reno", country="IT")),
        ("Perugia, Italy", only("Perugia", country="IT")),
        ("Neucha\u0302tel", only("Neuchâtel", country="CH")),
        ("Αθήνα, Ελλάδα", only("Athens", country="GR")),
        ("Київ, Україна", only("Kyiv", country="UA")),
        ("Zuerich, Schweiz", only("Zurich", country="CH")),
        ("oslo, norway", only("Oslo", country="NO")),
        ("City of Lisbon", only("Lisbon", country="PT")),
        ("Barcelona, Catalonia, Spain", only("Barcelona", country="ES")),
        ("Luxembourg", only(country="LU")),
        ("Luxembourg, Luxembourg", only("Luxembourg", country="LU")),
        ("Sarajevo (Bosnia and Herzegovina)", only("Sarajevo", country="BA")),
        ("Ljubljana, Slovenia / Zagreb, Croatia", (["Ljubljana", "Zagreb"], ["SI", "HR"], None, False)),
    ],
)
def test_cities_and_countries(text: str, expected: Expected) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "cities", "countries", "venue"),
    [
        ("Strasbourg, Palais de l’Europe, Room 5", ["Strasbourg"], ["FR"], "Palais de l’Europe, Room 5"),
        ("Palais de l'Europe", ["Strasbourg"], ["FR"], "Palais de l'Europe"),
        ("Agora building, Room G02", ["Strasbourg"], ["FR"], "Agora building, Room G02"),
        ("Council of Europe, Strasbourg", ["Strasbourg"], ["FR"], "Council of Europe"),
        ("Someplace, Norway", [], ["NO"], "Someplace"),
        ("Norway Someplace", [], ["NO"], "Someplace"),
        ("Dublin, Norway", [], ["NO"], "Dublin"),
        ("Leeds Town Hall, Leeds", ["Leeds"], ["GB"], "Leeds Town Hall"),
        ("Mairie de Paris", ["Paris"], ["FR"], "Mairie de Paris"),
        ("Rue de Paris 5, Lyon", ["Lyon"], ["FR"], "Rue de Paris 5"),
        ("Room 5 (2nd floor), Oslo", ["Oslo"], ["NO"], "Room 5 (2nd floor)"),
        ("Some Hall (Oslo)", ["Oslo"], ["NO"], "Some Hall"),
        ("Some Hall, Oslo (Room 7)", ["Oslo"], ["NO"], "Some Hall, Room 7"),
        ("Kreuzberg, Berlin", ["Berlin"], ["DE"], "Kreuzberg"),
        ("N/A", [], [], None),
        ("tbc", [], [], None),
    ],
)
def test_venue_is_what_is_left(text: str, cities: list[str], countries: list[str], venue: str | None) -> None:
    assert read(text) == (cities, countries, venue, False)


NAMES = {
    "en": ("Lisbon", "Portugal"),
    "fr": ("Lisbonne", "Portugal"),
    "it": ("Lisbona", "Portogallo"),
    "fi": ("Lissabon", "Portugali"),
    "uk": ("Лісабон", "Португалія"),
    "el": ("Λισαβόνα", "Πορτογαλία"),
    "tr": ("Lizbon", "Portekiz"),
    "hu": ("Lisszabon", "Portugália"),
    "de": ("Lissabon", "PORTUGAL"),
    "ka": ("ლისაბონი", "პორტუგალია"),
    "ja": ("リスボン", "ポルトガル"),
    "he": ("ליסבון", "פורטוגל"),
}
ORDERS = ["{0}, {1}", "{1}, {0}", "{1} {0}", "{0} ({1})", "{0} / {1}", "{1} – {0}", "{1} {0}; {0}, {1}"]


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize(
    "pattern", ["{0}, {1}", "{1}, {0}", "{1} {0}", "{0} ({1})", "{0} / {1}", "{1} – {0}", "{1} {0}; {0}, {1}"]
)
def test_every_order_in_many_languages(language: str, pattern: str) -> None:
    assert read(pattern.format(*NAMES[language])) == only("Lisbon", country="PT")


def test_many_cities_in_every_order() -> None:
    for names in itertools.permutations(["Amadora", "Santa Maria da Feira", "Setúbal", "Braga"]):
        assert read("Portugal " + " ".join(names)) == only(*names, country="PT")
        assert read(", ".join(names) + ", Portugal") == only(*names, country="PT")


@pytest.mark.parametrize(
    ("text", "cities", "countries"),
    [
        ("Bergen", ["no-bergen"], ["NO"]),
        ("Bergen, Netherlands", ["nl-bergen"], ["NL"]),
        ("Odessa", ["ua-odesa"], ["UA"]),
        ("Valencia, Spain", ["es-valencia"], ["ES"]),
        ("Salt, Spain", ["es-salt"], ["ES"]),
        ("Spain Salt", ["es-salt"], ["ES"]),
        ("Salt", ["es-salt"], ["ES"]),
        ("Nice, France", ["fr-nice"], ["FR"]),
        ("Reading, UK", ["gb-reading"], ["GB"]),
    ],
)
def test_a_name_of_several_places(text: str, cities: list[str], countries: list[str]) -> None:
    row = read_places([text]).iloc[0]
    assert (row["city_ids"], row["countries"]) == (cities, countries)


@pytest.mark.parametrize(
    ("text", "cities", "countries", "venue"),
    [
        ("Ballarat, Victoria, Australia", ["Ballarat"], ["AU"], None),
        ("Montréal, Québec, Canada", ["Montréal"], ["CA"], None),
        ("Québec, Canada", ["Québec"], ["CA"], None),
        ("Chicago, IL", ["Chicago"], ["US"], None),
        ("Paris, Texas", [], ["US"], "Paris"),
        ("Limerick (IE)", ["Limerick"], ["IE"], None),
        ("Geneva, CH", ["Geneva"], ["CH"], None),
        ("Oslo, IT department", ["Oslo"], ["NO"], "IT department"),
        ("Atlanta, Georgia", ["Atlanta"], ["US"], None),
        ("Tbilisi, Georgia", ["Tbilisi"], ["GE"], None),
        ("New York, USA", ["New York"], ["US"], None),
        ("Someplace, Lombardy, Italy", [], ["IT"], "Someplace"),
        ("Granada", ["Granada"], ["ES"], None),
        ("Kongo", [], [], "Kongo"),
    ],
)
def test_regions_say_their_country(text: str, cities: list[str], countries: list[str], venue: str | None) -> None:
    assert read(text) == (cities, countries, venue, False)


@pytest.mark.parametrize("text", ["Salt and pepper, a tasting", "Reading, Writing and more", "Nice people meet here"])
def test_ordinary_words_are_no_cities(text: str) -> None:
    assert read(text)[:2] == ([], [])


def test_the_country_of_the_source_decides_only_between_places_of_one_name() -> None:
    assert read_places(["Cartagena", "Cartagena"], ["ES", None])["city_ids"].tolist() == [
        ["es-cartagena"],
        ["es-cartagena"],
    ]
    assert read_places(["Bergen"], "NL")["city_ids"].tolist() == [["nl-bergen"]]
    assert read_places(["Bergen"], [["FR", "NL"]])["city_ids"].tolist() == [["nl-bergen"]]
    assert read("Town library", "PT") == ([], [], "Town library", False)


def test_dirty_input_never_raises() -> None:
    texts = [
        None,
        "",
        "  ",
        ",;,",
        "()",
        "🙂",
        "\x00",
        "Oslo" * 500,
        ", ".join(["Oslo"] * 300),
        "Pej?inovi? (",
        "a" * 5000,
    ]
    frame = read_places(texts)
    assert len(frame) == len(texts)
    assert frame["cities"].map(type).eq(list).all()
    with pytest.raises(ValueError, match="2 elements for 1 texts"):
        read_places(["Oslo"], ["NO", "SE"])


@pytest.mark.parametrize(
    "text",
    [
        "Strasbourg, France",
        "Spain Barcelona",
        "Online",
        "Online / Strasbourg",
        "Ireland",
        "Salt",
        "Nice, France",
        "en ligne",
        "Strasbourg, Palais de l’Europe, Room 5",
        "Palais de l'Europe",
    ],
)
def test_place_lines(text: str) -> None:
    assert is_place_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Date",
        "Time",
        "Police",
        "March",
        "Reading",
        "Most",
        "Topic",
        "Someplace, Norway",
        "Mon",
        "Vin.",
        "Kent",
        "US",
        "Island",
        "Teams",
        "Mediation is a priority in Barcelona",
        "Limassol: One city, the whole world",
        "Auckland’s elections",
        "28 June 2017",
    ],
)
def test_other_lines(text: str) -> None:
    assert not is_place_line(text)


def test_spans_have_offsets_kinds_and_tiers() -> None:
    text = "4 May 2017 Perugia, Italy / Online"
    spans = find_places(text)
    assert [(s.text, s.kind, s.value, s.tier) for s in spans] == [
        ("Perugia", "city", "it-perugia", "place"),
        ("Italy", "country", "IT", "country"),
        ("Online", "online", "online", "online"),
    ]
    assert all(text[s.start : s.end] == s.text for s in spans)


def test_every_city_of_the_programme_is_found_beside_its_country() -> None:
    country = {code: names[0] for code, names in reference.country_names().items()}
    members = [c for c in reference.cities() if c.tier == "member"]
    lines = [f"{country[c.country]} {name}" for c in members for name in (c.name, *c.aliases)]
    expected = [[c.city_id] for c in members for _ in (c.name, *c.aliases)]
    got = read_places(lines)["city_ids"].tolist()
    assert [(x, y, z) for x, y, z in zip(lines, expected, got, strict=True) if y != z] == []


def test_every_town_is_found_beside_its_country() -> None:
    country = {code: names[0] for code, names in reference.country_names().items()}
    towns = reference.cities()
    rows = read_places([f"{c.name}, {country[c.country]}" for c in towns])
    wrong = [c.name for c, found in zip(towns, rows["countries"], strict=True) if found != [c.country]]
    missed = [c.name for c, ids in zip(towns, rows["city_ids"], strict=True) if not ids]
    assert len(wrong) < 0.001 * len(towns), wrong
    assert len(missed) < 0.005 * len(towns), missed


_WORDS = [
    "Oslo",
    "Salt",
    "Norway",
    "Georgia",
    "Nice",
    "Online",
    "Room 5",
    "Victoria",
    "Mexico",
    "Luxembourg",
    "Someplace",
    "Rue de Paris",
]
_SIGNS = [", ", " ", " / ", "; ", " (", ") ", " - ", "-", ": ", "\n", " and "]


@given(st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_SIGNS)), max_size=8))
def test_whatever_the_order_ids_are_known_and_venues_were_there(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + sign for word, sign in parts)
    row = read_places([text]).iloc[0]
    assert row["cities"] == [reference.city(i).name for i in row["city_ids"]]
    assert {reference.city(i).country for i in row["city_ids"]} <= set(row["countries"])
    assert len(set(row["city_ids"])) == len(row["city_ids"]) and len(set(row["countries"])) == len(row["countries"])
    assert row["venue"] is None or set(fold(row["venue"]).split()) <= {*fold(text).split(), ","}
    for span in [*find_places(text), *find_places(text, running=True)]:
        assert text[span.start : span.end] == span.text


def test_long_texts_take_time_in_proportion() -> None:
    def work(text: str) -> None:
        read_places([text])
        find_places(text, running=True)

    unit = "Oslo and Salt in Norway, "
    assert growth(work, unit * 100, unit * 800) < 40  # eight times as long; the square would be 64

"""The field maps of the sources: an answer in the shape of each API reads as what it says.

The shapes are those that public code and documentation show; what they say is made up here. A source whose API changes
fails on the live look, not here: this holds the map and the reader together.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.read import read_page
from scrapers.registry import load_registry

FOLDER = Path(__file__).parents[2] / "scrapers" / "sources"
MAPPED = {
    source.key: source
    for source in load_registry(FOLDER).sources.values()
    if (source.is_candidate and "title" in source.hints) or source.strategy in ("linkedevents", "wp_rest")
}
DAYS = "2027-03-05/2027-03-06"


def posts(host: str) -> tuple[Any, dict[str, Any]]:
    """A WordPress post, and what it reads as."""
    post = {
        "id": 7,
        "date": "2027-03-05T09:30:00",
        "link": f"https://{host}/a-day",
        "title": {"rendered": "A day of <b>neighbours</b>"},
        "excerpt": {"rendered": "<p>Twelve towns cooked together.</p>"},
    }
    read = {"title": "A day of neighbours", "summary": "Twelve towns cooked together.", "id": "7"}
    return [post], read | {"date_raw": "2027-03-05T09:30:00"}


def rows(**row: Any) -> dict[str, Any]:
    return {"success": True, "result": {"records": [{"_id": 1, **row}], "total": 1}}


def results(**row: Any) -> dict[str, Any]:
    return {"total_count": 1, "results": [row]}


ANSWERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "network-es": posts("www.ciudadesinterculturales.com"),
    "network-pt": posts("cidadesinterculturais.pt"),
    "network-quebec": posts("remiri.net"),
    "pt-lisbon-agenda": (
        [
            {
                "id": 11,
                "title": {"rendered": "Mesa comum"},
                "description": ["<p>Um jantar de muitas cozinhas.</p>"],
                "link": "https://www.agendalx.pt/events/event/mesa-comum/",
                "StartDate": "2027-03-05",
                "LastDate": "2027-03-06",
                "occurences": ["2027-03-05", "2027-03-06"],
                "venue": {"90": {"id": 90, "name": "Mercado Novo"}},
            }
        ],
        {"title": "Mesa comum", "date_raw": DAYS, "summary": "Um jantar de muitas cozinhas.", "id": "11"},
    ),
    "pt-coimbra-agenda": (
        {
            "success": True,
            "data": {
                "docs": [
                    {
                        "_id": "c1",
                        "codename": "Roda",
                        "startDate": "2027-03-05T00:00:00.000Z",
                        "endDate": "2027-03-06T00:00:00.000Z",
                        "startHour": 960,
                        "place": {"name": "Casa da Escrita", "latitude": None},
                        "languageObjects": [{"title": "Roda de contos", "subtitle": "Vozes do bairro"}],
                    }
                ],
                "total": 1,
                "limit": 100,
                "page": 1,
            },
        },
        {"title": "Roda de contos", "subtitle": "Vozes do bairro", "date_raw": DAYS, "place_raw": "Casa da Escrita"},
    ),
    "es-barcelona-agenda": (
        rows(
            register_id="99400",
            name="Taller de llengües",
            start_date="2027-03-05T18:00:00+01:00",
            end_date="2027-03-05T20:00:00+01:00",
            institution_name="Biblioteca del Mar",
            addresses_road_name="Carrer Nou",
            addresses_town="BARCELONA",
            created="2020-01-01T00:00:00",
        ),
        {
            "title": "Taller de llengües",
            "date_raw": "2027-03-05T18:00:00+01:00/2027-03-05T20:00:00+01:00",
            "place_raw": "Biblioteca del Mar, Carrer Nou, BARCELONA",
            "id": "99400",
        },
    ),
    "es-madrid-agenda": (
        {
            "@context": {"c": "http://www.w3.org/2002/12/cal#"},
            "@graph": [
                {
                    "@type": "https://datos.madrid.es/egob/kos/actividades/Fiestas",
                    "id": "5",
                    "title": "Fiesta de los barrios",
                    "dtstart": "2027-03-05 00:00:00.0",
                    "dtend": "2027-03-05 23:59:00.0",
                    "time": "19:00",
                    "link": "http://www.madrid.es/fiesta",
                    "event-location": "Plaza Vieja",
                    "address": {"area": {"locality": "MADRID", "street-address": "CALLE LARGA 3"}},
                }
            ],
        },
        {
            "title": "Fiesta de los barrios",
            "date_raw": "2027-03-05T19:00:00+01:00/2027-03-05T23:59:00+01:00[Europe/Madrid]",
            "place_raw": "Plaza Vieja, CALLE LARGA 3, MADRID",
            "url": "http://www.madrid.es/fiesta",
        },
    ),
    "es-zaragoza-agenda": (
        {
            "totalCount": 1,
            "start": 0,
            "rows": 200,
            "result": [
                {
                    "id": 8,
                    "title": "Cine en la calle",
                    "startDate": "2027-03-05T00:00:00",
                    "endDate": "2027-03-06T00:00:00",
                    "subEvent": [{"location": {"title": "Patio Alto", "addressLocality": "Zaragoza"}}],
                }
            ],
        },
        {"title": "Cine en la calle", "date_raw": DAYS, "place_raw": "Patio Alto, Zaragoza", "id": "8"},
    ),
    "es-basque-agenda": (
        {
            "totalItems": 1,
            "totalPages": 1,
            "currentPage": 1,
            "items": [
                {
                    "id": "2027030501",
                    "nameEs": "Mercado del mundo",
                    "nameEu": "Munduko azoka",
                    "startDate": "2027-03-05T00:00:00Z",
                    "endDate": "2027-03-06T00:00:00Z",
                    "openingHoursEs": "de 11 a 14",
                    "establishmentEs": "Plaza Nueva",
                    "municipalityEs": "Getxo",
                }
            ],
        },
        {"title": "Mercado del mundo", "date_raw": DAYS, "place_raw": "Plaza Nueva, Getxo"},
    ),
    "es-catalonia-agenda": (
        [
            {
                "codi": "20270305001",
                "denominaci": "Contes del món",
                "descripcio": "Una tarda de contes.",
                "data_inici": "2027-03-05T00:00:00.000",
                "data_fi": "2027-03-06T00:00:00.000",
                "comarca_i_municipi": "agenda:ubicacions/barcelona/valles-occidental/sabadell",
                "espai": "Casal Vell",
                "localitat": "Sabadell",
            }
        ],
        {"title": "Contes del món", "date_raw": DAYS, "place_raw": "Casal Vell, Sabadell", "language_declared": None},
    ),
    "es-valladolid-agenda": (
        results(
            id_evento="41",
            titulo="Coro abierto",
            fecha_inicio="2027-03-05",
            fecha_fin="2027-03-06",
            lugar_celebracion="Sala Norte",
            nombre_localidad="Valladolid",
            enlace_contenido="https://agenda.example/41",
        ),
        {"title": "Coro abierto", "date_raw": DAYS, "place_raw": "Sala Norte, Valladolid", "id": "41"},
    ),
    "fr-openagenda": (
        results(
            uid="77",
            title_fr="Repas des voisins",
            description_fr="Une grande table.",
            firstdate_begin="2027-03-05T18:00:00+00:00",
            firstdate_end="2027-03-05T20:00:00+00:00",
            lastdate_end="2027-03-05T20:00:00+00:00",
            location_name="Salle des fêtes",
            location_city="Strasbourg",
            canonicalurl="https://openagenda.example/77",
        ),
        {
            "title": "Repas des voisins",
            "date_raw": "2027-03-05T19:00:00+01:00/2027-03-05T21:00:00+01:00[Europe/Paris]",
            "place_raw": "Salle des fêtes, Strasbourg",
            "language_declared": "fr",
        },
    ),
    "fr-paris-agenda": (
        results(
            id="x",
            event_id=9,
            title="Bal des langues",
            lead_text="On danse.",
            date_start="2027-03-05T18:00:00+00:00",
            date_end="2027-03-05T20:00:00+00:00",
            address_name="Mairie",
            address_zipcode="75004",
            address_city="Paris",
            url="https://www.paris.fr/evenements/bal-9",
        ),
        {
            "title": "Bal des langues",
            "date_raw": "2027-03-05T19:00:00+01:00/2027-03-05T21:00:00+01:00[Europe/Paris]",
            "place_raw": "Mairie, 75004, Paris",
            "id": "9",
        },
    ),
    "is-reykjavik-events": (
        [
            {
                "_id": "r1",
                "start": "2027-03-05T18:00:00.000Z",
                "end": "2027-03-05T20:00:00.000Z",
                "language": {"is": {"title": "Matur og sögur", "text": "Kvöld.", "place": "Gamla húsið"}},
            }
        ],
        {"title": "Matur og sögur", "place_raw": "Gamla húsið", "id": "r1"},
    ),
    "fi-linkedevents": (
        {
            "meta": {"count": 1, "next": None},
            "data": [
                {
                    "id": "turku:1",
                    "name": {"fi": "Kielten ilta", "sv": "Språkens kväll"},
                    "short_description": {"fi": "Ilta kirjastossa."},
                    "start_time": "2027-03-05T16:00:00Z",
                    "end_time": "2027-03-05T18:00:00Z",
                    "location": {"name": {"fi": "Pääkirjasto"}, "address_locality": {"fi": "Turku"}},
                }
            ],
        },
        {"title": "Kielten ilta", "place_raw": "Pääkirjasto, Turku", "id": "turku:1"},
    ),
    "fi-tampere-agenda": (
        {
            "pages": [
                {
                    "_id": "t1",
                    "name": "Yhteinen pöytä",
                    "descriptionShort": "Ruokaa kaikille.",
                    "defaultStartDate": "2027-03-05T16:00:00.000Z",
                    "defaultEndDate": "2027-03-05T18:00:00.000Z",
                    "locations": [{"address": "Keskustori 1"}],
                }
            ]
        },
        {
            "title": "Yhteinen pöytä",
            "date_raw": "2027-03-05T18:00:00+02:00/2027-03-05T20:00:00+02:00[Europe/Helsinki]",
            "place_raw": "Keskustori 1",
        },
    ),
    "ca-montreal-agenda": (
        rows(
            titre="Atelier de contes",
            url_fiche="https://montreal.example/atelier",
            description="Des contes du quartier.",
            date_debut="2027-03-05",
            date_fin="2027-03-06",
            titre_adresse="Bibliothèque",
            arrondissement="Ville-Marie",
        ),
        {"title": "Atelier de contes", "date_raw": DAYS, "place_raw": "Bibliothèque, Ville-Marie"},
    ),
}


def test_each_source_with_a_map_has_an_answer_here() -> None:
    assert set(ANSWERS) == set(MAPPED)


@pytest.mark.parametrize("key", ANSWERS)
def test_an_answer_reads_as_what_it_says(key: str) -> None:
    answer, expected = ANSWERS[key]
    source = MAPPED[key]
    body = json.dumps(answer).encode()
    captured = datetime(2027, 3, 1, tzinfo=UTC)
    reading = read_page(source.start_addresses[0], body, "application/json", captured, source.strategy, source.hints)
    assert len(reading.entries) == 1, reading.issues
    entry = reading.entries[0]
    told = {name: entry[name] for name in expected if name != "id"}
    assert told == {name: value for name, value in expected.items() if name != "id"}
    assert str(entry["item_key"]).endswith(f":{expected['id']}" if "id" in expected else "")
    assert entry["page_kind"] == source.hints["page_kind"]
    assert not [link for link in reading.links if link.role == "next"]


@pytest.mark.parametrize("key", sorted(key for key in MAPPED if "next" in MAPPED[key].hints))
def test_a_full_page_leads_to_the_next(key: str) -> None:
    answer, _ = ANSWERS[key]
    source = MAPPED[key]
    paging: Any = source.hints["next"]
    start = source.start_addresses[0]
    asked = start.split(f"{paging['size_param']}=")[1].split("&")[0]
    full = json.loads(json.dumps(answer).replace('"totalCount": 1', '"totalCount": 9'))
    one = start.replace(f"{paging['size_param']}={asked}", f"{paging['size_param']}=1")
    reading = read_page(
        one, json.dumps(full).encode(), "application/json", datetime.now(UTC), source.strategy, source.hints
    )
    following = [link.url for link in reading.links if link.role == "next"]
    assert len(following) == 1
    assert f"{paging['param']}={paging['first'] + 1}" in following[0]

"""Kinds: titles of ours, each with the signs that decide."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.kinds import DATE_ROLES, Signs, decide_kind, find_words

HALF_YEAR = {"start": date(2019, 1, 1), "end": date(2019, 6, 30), "precision": "day"}
DAY = {"start": date(2019, 5, 7), "end": date(2019, 5, 7), "precision": "day"}
DAYS = {"start": date(2019, 5, 7), "end": date(2019, 5, 8), "precision": "day"}
MONTH = {"start": date(2019, 5, 1), "end": date(2019, 5, 31), "precision": "month"}
TIME = DAY | {"start_time": time(14, 0), "precision": "time"}
PLACE = {"has_place": True}
LATER = {"captured": date(2019, 6, 1)}
BEFORE = {"captured": date(2019, 4, 1)}


@pytest.mark.parametrize(
    ("kind", "title", "signs"),
    [
        # what the title speaks of
        ("event", "Study visit to Two Rivers", {}),
        ("event", "Experts’ visit in Two Rivers", DAYS | PLACE),
        ("event", "Network coordinators meeting 2021", {}),
        ("event", "Two Rivers hosts a 3-day workshop on welcoming neighbours", DAY | PLACE),
        ("event", "2nd gathering of river cities", {}),
        ("event", "Webinaire sur le logement", {}),
        ("event", "Visite d’étude à Deux-Rivières", {}),
        ("event", "Réunion annuelle des coordinateurs", {}),
        ("event", "Jahrestreffen der Städte am Fluss", {}),
        ("event", "Encuentro de ciudades ribereñas", {}),
        ("event", "Book launch: neighbours of the river", {}),
        ("resource", "Meeting report now online", {}),
        ("resource", "Recording of the webinar on housing", DAY),
        ("resource", "New video on the youth summits", {}),
        ("resource", "Activity reports of the networks for the third quarter", {}),
        ("resource", "The neighbours’ handbook is now available in Welsh", DAY),
        ("resource", "Guide pratique pour les communes", {}),
        ("resource", "Leitfaden für Gemeinden", {}),
        ("call", "Call for tenders: a map of meeting places", DAY),
        ("call", "Appel à candidatures : ateliers de quartier", {}),
        ("call", "Convocatoria de propuestas para barrios", {}),
        ("news", "Call for action against hatred", DAY),
        ("news", "Two Rivers adopts a major report on housing", DAY | PLACE),
        ("news", "Two Rivers opens its first house of neighbours", MONTH | PLACE),
        ("news", "The team celebrates the World Refugee Day", DAY),
        ("news", "Meeting the needs of newcomers", DAY | PLACE),
        ("news", "New good practices from Two Rivers", DAY | PLACE),
        ("news", "Towards a city of all", PLACE),
        ("news", "Three Hills joins the network", {}),
        # the shape of the date
        ("event", "CITY FOR ALL: places where everyone can belong", DAYS | PLACE | LATER),
        ("event", "City for all", DAY | PLACE | BEFORE),
        ("event", "World Refugee Day 2019: every step counts", DAY),
        ("event", "Launch of the strategy of Two Rivers", DAY | PLACE),
        ("event", "City for all", DAY | PLACE | LATER | {"date_raw": "7 May 2019 (afternoon)"}),
        ("news", "City for all", DAY | PLACE | LATER),
        ("news", "City for all", DAY | PLACE | BEFORE | {"is_inferred": True}),
        ("news", "City for all", TIME | LATER),
        ("news", "City for all", MONTH | PLACE | BEFORE),
        ("news", "City for all", HALF_YEAR | PLACE | LATER),
        # the words around
        ("event", "City for all", DAY | {"summary": "The day will take place in the town hall."}),
        ("news", "City for all", DAY | {"summary": "A talk was held in the town hall."}),
        ("event", "City for all", DAY | {"surtitle": "Webinar"}),
        ("event", "City for all", {"subtitle": "Join the 2019 milestone event"}),
        ("call", "Training for mediators", DAY | {"date_role": "deadline"}),
        # the page
        ("practice", "Training course for mediators", DAY | {"page_kind": "practice"}),
        ("practice", "Book club", {"sections": frozenset({"purpose", "impact"})}),
        ("event", "City for all", {"page_kind": "event"}),
        ("resource", "Webinar for all", {"page_kind": "resource"}),
        ("call", "Call for applications: city for all", {"page_kind": "event"}),
        ("news", None, {}),
        ("event", None, {"page_kind": "event"}),
    ],
)  # fmt: skip
def test_kinds(kind: str, title: str | None, signs: dict[str, Any]) -> None:
    got, reason = decide_kind(Signs(title=title, **signs))
    assert (got, bool(reason)) == (kind, True), reason


def test_the_reason_names_the_signs() -> None:
    _, reason = decide_kind(Signs(title="Study visit to Two Rivers", has_place=True, **DAYS))
    assert reason == "2 days; at a place; title says 'study visit'"


def test_longest_phrase_first() -> None:
    found = [(word.text, word.kind) for word in find_words("Training manual, training course and a meeting place")]
    assert found == [("training manual", "resource"), ("training course", "event")]


def test_every_kind_has_a_date_role() -> None:
    assert set(DATE_ROLES) == {"practice", "event", "call", "resource", "news"}


def test_no_phrase_speaks_of_two_kinds() -> None:
    known = load_yaml("kinds.yaml")
    owners: dict[str, set[str]] = {}
    for kind in ("event", "call", "resource", "news", "none"):
        groups = known[kind].values() if isinstance(known[kind], dict) else [known[kind]]
        for phrase in (phrase for group in groups for phrase in group):
            assert isinstance(phrase, str) and fold(phrase), phrase
            owners.setdefault(fold(phrase), set()).add(kind)
    assert {phrase: kinds for phrase, kinds in owners.items() if len(kinds) > 1} == {}

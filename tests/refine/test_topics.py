"""Topics and relevance: the vocabulary is clean, and texts of ours are judged as a reader would."""

from __future__ import annotations

import pandas as pd
import pytest

from pipelines.reference import load_yaml
from pipelines.refine.chain import add_topics
from pipelines.refine.topics import find_groups, judge, pattern, topic_titles

KNOWN = load_yaml("topics.yaml")
GROUPS = KNOWN["topics"] | KNOWN["subject"]


def patterns() -> list[tuple[str, tuple[str, ...]]]:
    return [(name, pattern(word)) for name, group in GROUPS.items() for word in group["words"]]


def test_no_phrase_stands_twice() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for name, phrase in patterns():
        assert phrase not in seen, (phrase, name, seen[phrase])
        seen[phrase] = name


def test_no_phrase_is_shadowed_by_a_stem_of_its_group() -> None:
    for name in GROUPS:
        own = [phrase for group, phrase in patterns() if group == name]
        stems = [phrase[0][:-1] for phrase in own if len(phrase) == 1 and phrase[0].endswith("*")]
        shadowed = [p for p in own for s in stems if len(p) == 1 and p[0] != f"{s}*" and p[0].startswith(s)]
        assert not shadowed, (name, shadowed)


def test_stems_are_long_enough_to_be_looked_up() -> None:
    for name, phrase in patterns():
        stems = [token[:-1] for token in phrase if token.endswith("*") and not token.startswith("-")]
        assert all(phrase) and all(len(stem) > 2 for stem in stems), (name, phrase)


def test_topics_have_titles_and_shares() -> None:
    assert all(topic_titles().values())
    assert all(0 < group["about"] < 1 for group in GROUPS.values())


@pytest.mark.parametrize(
    ("title", "topics"),
    [
        ("How rumours die in a queue", ["anti-rumours"]),
        ("Gerüchte am Gartenzaun: was Vorurteile kosten", ["anti-rumours"]),
        ("Agents anti-rumeurs : deux soirées au marché", ["anti-rumours"]),
        ("Nuevas agentes antirumores en el mercado", ["anti-rumours"]),
        ("Contra el racisme, una taula llarga", ["anti-discrimination"]),
        ("Wystawa przeciw dyskryminacji", ["anti-discrimination", "culture"]),
        ("Mowa nienawiści w szkole", ["hate-speech", "education"]),
        ("Sprachcafé im Bahnhof", ["multilingualism"]),
        ("Kielikahvila kirjastossa", ["multilingualism", "culture"]),
        ("Nouveaux arrivants : une visite à vélo", ["welcoming-newcomers"]),
        ("Мовна година для біженців", ["migrants-and-refugees"]),
        ("Εκδήλωση με πρόσφυγες στην πλατεία", ["migrants-and-refugees"]),
        ("Göçmenler için tiyatro gecesi", ["migrants-and-refugees", "culture"]),
        ("Kriegsflüchtlinge kochen mit Nachbarn", ["migrants-and-refugees"]),
        ("外国人のための相談日", ["migrants-and-refugees"]),
        ("Gens du voyage : une aire et des voisins", ["roma"]),
        ("Iftar on the town hall square", ["religion"]),
        ("Mediadores en el barrio", ["mediation", "public-space"]),
        ("Voting rights for those who stay", ["participation"]),
        ("Football without borders", ["sport"]),
        ("Concert of the brass band", []),
        ("Bird migration on the estuary: a walk", []),
        ("Roma: visita guidata al foro", []),
        ("Politics of water", []),
        ("", []),
    ],
)
def test_topics_of_titles(title: str, topics: list[str]) -> None:
    assert sorted(judge({"title": title}).topics) == sorted(topics)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Intercultural garden opens", None),
        ("Marché des cultures", "Un après-midi pour le dialogue interculturel, avec les nouveaux arrivants."),
        ("Open stage", "Refugees and long-time residents read to each other."),
        ("Fest der Vielfalt", None),
        ("Ορκωμοσία", "Μέρα κατά του ρατσισμού και της ξενοφοβίας."),
        ("Tavla över staden", "Nyanlända och grannar målar mot rasism."),
        ("Dzień języka ojczystego", "Spotkanie z migrantami w bibliotece."),
    ],
)
def test_what_is_about_the_subject(title: str, summary: str | None) -> None:
    assert (judge({"title": title, "summary": summary}).relevance or 0) >= 0.4


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Organ concert", "Works of three centuries in the old church."),
        ("Markt am Samstag", "Gemüse, Blumen, Käse."),
        ("Conseil de quartier", "Ordre du jour : voirie, stationnement, école."),
        ("Football finals", "Teams of the youth league meet at the stadium."),
        ("Planning committee", "Housing, public space and the budget of the park."),
        ("Teatro de títeres", "Para niños y niñas desde tres años."),
    ],
)
def test_what_any_city_does_is_not(title: str, summary: str) -> None:
    assert (judge({"title": title, "summary": summary}).relevance or 0) < 0.4


def test_a_topic_named_once_in_the_teaser_is_not_enough() -> None:
    told = judge({"title": "A bench for two", "summary": "It stands beside the school."})
    assert (told.topics, dict(told.words)) == ((), {"education": ("school",)})


def test_the_longest_words_count_and_none_overlap() -> None:
    assert [(group.name, word) for group, word in find_groups("Anti-discrimination and bird migration at school")] == [
        ("anti-discrimination", "anti discrimination"),
        ("education", "school"),
    ]


def test_columns_of_the_chain() -> None:
    names = ("title", "surtitle", "subtitle", "summary", "sections")
    rows = [dict.fromkeys(names, None) | {"title": "Refugees cook"}, dict.fromkeys(names, None)]
    frame = add_topics(pd.DataFrame(rows, dtype=object))
    assert frame["topics"].tolist() == [["migrants-and-refugees"], []]
    assert frame["relevance"].tolist() == [0.8, None]

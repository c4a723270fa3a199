"""Names in titles and sentences, where only safe ones count, and words for online."""

from __future__ import annotations

import pytest

from pipelines.refine.places import find_places, read_places, says_online


def cities(text: str) -> list[str]:
    return [span.value for span in find_places(text, running=True) if span.kind == "city"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Camden’s markets open their doors", ["gb-camden"]),
        ("Kirklees (UK) keeps its choir going", ["gb-kirklees"]),
        ("Une fête de quartier à Berlin-Neukölln", ["de-berlin-neukolln"]),
        ("Bottkyrka: a bureau against hate", ["se-botkyrka"]),
        ("Visits to Cascais and Lisbon (Portugal)", ["pt-cascais", "pt-lisbon"]),
        ("A walk in Salt (Spain)", ["es-salt"]),
        ("Salt for the roads", []),
        ("Nice ideas from Perugia", []),
        ("Roma families and their schools", []),
        ("A Rom musician", []),
        ("Reading club", []),
        ("Sam and Mali went home", []),
        ("the most of all, parla piano", []),
    ],
)
def test_only_safe_names_in_running_text(text: str, expected: list[str]) -> None:
    assert cities(text) == expected


@pytest.mark.parametrize("text", ["Join us: Chad and Jordan tell", "US", "An Island of peace", "Georgia on my mind"])
def test_names_of_people_and_things_are_no_countries_in_running_text(text: str) -> None:
    assert find_places(text, running=True) == []
    assert [s.value for s in find_places("Tbilisi, Georgia") if s.kind == "country"] == ["GE"]


@pytest.mark.parametrize(
    "text",
    [
        "Webinar on housing",
        "Online conference of mayors",
        "Réunion en ligne des villes",
        "Вебінар про права",
        "Virtual study visit",
        "A two-day online training",
        "Webinaire : accueillir",
        "Conferencia en línea",
    ],
)
def test_titles_that_say_online(text: str) -> None:
    assert says_online(text)


@pytest.mark.parametrize(
    "text",
    [
        "A tool to create online charts",
        "Online hate and what to do",
        "Digital city",
        "Teams of mediators",
        "Linea 5",
        "",
    ],
)
def test_titles_that_do_not(text: str) -> None:
    assert not says_online(text)


@pytest.mark.parametrize(
    "text",
    [
        "Online",
        "ONLINE",
        "en ligne",
        "En línea",
        "Webinar via Zoom",
        "verkossa",
        "онлайн",
        "Online (Zoom)",
        "Online (via Zoom)",
        "Online via Kudo",
        "à distance",
        "Çevrimiçi",
        "online, Zoom",
        "Virtual meeting",
        "オンライン",
    ],
)
def test_online_places(text: str) -> None:
    row = read_places([text]).iloc[0]
    assert (row["is_online"], row["cities"], row["countries"], row["venue"]) == (True, [], [], None)


@pytest.mark.parametrize("text", ["Online / Strasbourg", "Strasbourg and online", "Hybrid (Strasbourg + online)"])
def test_online_and_in_a_city(text: str) -> None:
    row = read_places([text]).iloc[0]
    assert (row["is_online"], row["cities"], row["countries"], row["venue"]) == (True, ["Strasbourg"], ["FR"], None)


@pytest.mark.parametrize("text", ["Digital Hub, Oslo", "Oslo", "Internet Café, Oslo", "Virtual Museum, Oslo"])
def test_houses_are_not_online(text: str) -> None:
    row = read_places([text]).iloc[0]
    assert (row["is_online"], row["cities"]) == (False, ["Oslo"])

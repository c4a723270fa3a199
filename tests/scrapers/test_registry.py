"""The registry: what ships loads and routes; what is wrong is told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dagster import DagsterInvalidDefinitionError, ScheduleDefinition

from scrapers.cron import cron_problem
from scrapers.patterns import Pattern
from scrapers.registry import RegistryError, load_registry

SOURCES = Path(__file__).parents[2] / "scrapers" / "sources"
ICC = "https://www.coe.int/en/web/interculturalcities"
SHIPPED = load_registry()
GOOD = """\
key: town
title: Town
publisher: The town
languages: [en]
scope: city
status: active
strategy: liferay
start: ["https://town.example/{locale}/news"]
patterns:
  - town.example/{locale}/news
locales: [en]
cron: "0 3 * * *"
thresholds:
  min_entries: 3  # why
"""


def test_the_sources_that_ship() -> None:
    coe = {"newsroom", "finland-news", "cyprus-news", "good-practice", "meetings", "covid19", "articles", "legacy"}
    assert set(SHIPPED.sources) >= {f"coe-{name}" for name in coe} | {"congress-hub"}
    assert all(s.status == "active" for key, s in SHIPPED.sources.items() if key.startswith("coe-"))
    assert SHIPPED.get("congress-hub").status == "retired"
    assert not any(source.allow_private for source in SHIPPED.sources.values())


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_threshold_has_a_comment_why(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    numbers = [n for n, line in enumerate(lines) if re.match(r"\s+(?:min|max)_\w+:", line)]
    assert numbers, "a source without thresholds"
    for n in numbers:
        assert re.search(r"#\s*\w+\s+\w+", lines[n]) or lines[n - 1].strip().startswith("#"), lines[n]


@pytest.mark.parametrize("source", SHIPPED.sources.values(), ids=lambda source: source.key)
def test_start_addresses_belong_to_a_source_and_may_be_asked(source) -> None:
    for start in source.start_addresses:
        owner = SHIPPED.route(start)
        assert owner is not None
        assert owner is source or source.follow_details, f"{start} belongs to {owner.key}"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (f"{ICC}/newsroom", "coe-newsroom"),
        ("http://coe.int/el/web/interculturalcities/newsroom;jsessionid=1?delta=3&start=7", "coe-newsroom"),
        ("https://www.coe.int/web/interculturalcities/newsroom", "coe-newsroom"),
        (f"{ICC}/finland-news", "coe-finland-news"),
        (f"{ICC}/cyprus-news?delta=20", "coe-cyprus-news"),
        (f"{ICC}/good-practice?desktop=true&delta=20&start=12", "coe-good-practice"),
        (f"{ICC}/good-pratice", "coe-good-practice"),
        (f"{ICC}/view", "coe-good-practice"),
        (f"{ICC}/intercultural-cities-and-refugees", "coe-good-practice"),
        (f"{ICC}/meetings", "coe-meetings"),
        (f"{ICC}/covid-19-special-page", "coe-covid19"),
        (f"{ICC}/-/immigrants-council", "coe-articles"),
        (f"{ICC}/newsroom/-/asset_publisher/91u/content/id/123?x=1", "coe-articles"),
        (f"{ICC}/finland-news/-/asset_publisher/91u/content/first-meeting", "coe-articles"),
        (
            "https://coe.int/pt/c/portal/update_language?languageId=el_GR&redirect=%2Fpt%2Fweb%2Finterculturalcities%2F-%2Fx",
            "coe-articles",
        ),
        ("http://www.coe.int/t/dg4/cultureheritage/culture/Cities/Events_en.asp?toPrint=yes", "coe-legacy"),
        ("http://www.coe.int/t/dg4/cultureheritage/culture/Cities/Newsletter/newsletter9_en.asp", "coe-legacy"),
        ("https://covid-congress-hub.org/fr/initiative/44-des-courses.html", "congress-hub"),
        ("https://www.covid-congress-hub.org/en/partner/8-cites-interculturelles.html", "congress-hub"),
        (f"{ICC}/paris", None),
        ("https://www.coe.int/en/web/portal/-/other-news", None),
        ("https://www.coe.int/en/web/interculturalcities", None),
        ("https://rm.coe.int/16806f1234", None),
        ("no address", None),
    ],
)
def test_routes(url: str, key: str | None) -> None:
    found = SHIPPED.route(url)
    assert (found.key if found else None) == key


def folder_of(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def problems(folder: Path) -> list[str]:
    with pytest.raises(RegistryError) as caught:
        load_registry(folder)
    return [problem.replace(f"{folder}/", "") for problem in caught.value.problems]


def test_a_good_source_loads(tmp_path: Path) -> None:
    source = load_registry(folder_of(tmp_path, town=GOOD)).get("town")
    assert source.start_addresses == ["https://town.example/en/news"]
    assert source.hosts == {"town.example"}
    assert source.is_crawled


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("thresholds:", "tresholds:", "town.yaml:13: unknown key 'tresholds'; did you mean 'thresholds'?"),
        ("min_entries", "min_entry", "town.yaml:14: unknown key 'min_entry'; did you mean 'min_entries'?"),
        (
            "  min_entries: 3",
            "  min_entries: many",
            "town.yaml:14: thresholds.min_entries: Input should be a valid integer",
        ),
        (
            "  min_entries: 3",
            "  min_dated: 1.5",
            "town.yaml:14: thresholds.min_dated: Input should be less than or equal to 1",
        ),
        ("key: town", "key: city", "town.yaml:1: key 'city' is not the file's name 'town'"),
        ("key: town", "key: Town!", "town.yaml:1: key: String should match pattern"),
        ("title: Town\n", "", "town.yaml:1: key 'title' is missing"),
        (
            "status: active",
            "status: lively",
            "town.yaml:6: status: Input should be 'candidate', 'active', 'paused' or 'retired'",
        ),
        ('cron: "0 3 * * *"', 'cron: "0 25 * * *"', "town.yaml:12: cron: '25' is no hour (0 to 23)"),
        ('cron: "0 3 * * *"', "cron: null", "an active source that is crawled needs a cron line"),
        ("- town.example/{locale}/news", "- town.example/{locale", "town.yaml:10: patterns.0: pattern"),
        ("- town.example/{locale}/news", "- https://town.example/x", "town.yaml:10: patterns.0: pattern"),
        ("- town.example/{locale}/news", "- town.example[/x", "town.yaml:10: patterns.0: pattern"),
        ("languages: [en]", "languages: [english]", "town.yaml:4: languages.0: String should match pattern"),
        ("title: Town", "title: Town\ntitle: Other", "town.yaml:3: key 'title' stands twice"),
        ("title: Town", "title: [Town", "town.yaml:3: not YAML"),
        ("title: Town", "title: !!python/object/apply:os.system [id]", "not YAML"),
        (
            'start: ["https:',
            'start: ["gopher:',
            "news' is not an address of http or https",
        ),
    ],
)
def test_a_fault_is_told_with_file_line_and_remedy(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    found = problems(folder_of(tmp_path, town=GOOD.replace(old, new)))
    assert any(told in problem for problem in found), found
    assert all(re.match(r"town\.yaml:\d+: ", problem) for problem in found)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "\x00", "a: &a [*a]"])
def test_what_is_no_source_at_all(tmp_path: Path, text: str) -> None:
    assert problems(folder_of(tmp_path, town=text))[0].startswith("town.yaml:1: ")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    bad = GOOD.replace("scope: city", "scope: village").replace("cron:", "corn:")
    found = problems(folder_of(tmp_path, town=bad, city=bad))
    assert len([p for p in found if p.startswith("town.yaml:5:")]) == 1
    assert len([p for p in found if p.startswith("city.yaml:12:")]) == 1


def test_a_file_of_another_suffix_is_not_overlooked(tmp_path: Path) -> None:
    (tmp_path / "town.yml").write_text(GOOD)
    assert problems(tmp_path) == ["town.yml:1: a source's file ends with .yaml"]


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "town.yaml").write_bytes(GOOD.replace("Town", "Tökn").encode("latin-1"))
    assert problems(tmp_path)[0].startswith("town.yaml:1: not UTF-8")


def test_two_sources_must_not_claim_the_same(tmp_path: Path) -> None:
    other = GOOD.replace("key: town", "key: city\nrenamed_from: [town]")
    found = problems(folder_of(tmp_path, town=GOOD, city=other))
    assert {p.split(": ", 1)[1] for p in found} == {
        "key 'town' is that of source 'city' already",
        "pattern 'town.example/{locale}/news' is that of source 'city' already",
        "title 'Town' is that of source 'city' already",
    }


def test_two_patterns_that_fit_equally_well_are_an_error_when_they_meet(tmp_path: Path) -> None:
    other = GOOD.replace("town\n", "city\n", 1).replace("Town", "City").replace("{locale}/news\n", "en/{page}\n")
    third = other.replace("city", "rest", 1).replace("City", "Rest").replace("en/{page}", "en/{path}")
    registry = load_registry(folder_of(tmp_path, town=GOOD, city=other, rest=third))
    with pytest.raises(RegistryError, match="fits city and rest equally well"):
        registry.route("https://town.example/en/other")
    assert registry.route("https://town.example/fr/news").key == "town"


def test_the_more_specific_pattern_wins(tmp_path: Path) -> None:
    wide = (
        GOOD.replace("key: town", "key: wide")
        .replace("Town", "Wide")
        .replace("- town.example/{locale}/news", "- town.example/{path...}")
    )
    registry = load_registry(folder_of(tmp_path, town=GOOD, wide=wide))
    assert registry.route("https://town.example/en/news").key == "town"
    assert registry.route("https://town.example/en/news/old").key == "wide"


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("a.example/news/{n}", "a.example/{m}/{n}"),
        ("a.example/news", "a.example/{n}"),
        ("a.example/{n}", "a.example/{n...}"),
        ("a.example/{n}/x", "a.example[/{n}]/x"),
        ("a.example/{n}x", "a.example/{n}{m}x"),
    ],
)
def test_specificity(more: str, less: str) -> None:
    assert Pattern(more).specificity > Pattern(less).specificity


def test_an_unknown_source_is_told_with_the_nearest() -> None:
    with pytest.raises(RegistryError, match="unknown source 'coe-newsrom'; did you mean 'coe-newsroom'"):
        SHIPPED.get("coe-newsrom")


def test_a_renamed_source_is_found_by_its_former_key(tmp_path: Path) -> None:
    registry = load_registry(folder_of(tmp_path, town=GOOD + "renamed_from: [village]\n"))
    assert registry.get("village").key == "town"


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(RegistryError, match="no such folder"):
        load_registry(Path("/nowhere/at/all"))


@pytest.mark.parametrize(
    "line",
    [
        "0 3 * * *",
        "*/15 * * * *",
        "20 3 1 * *",
        "0 5 * * 0",
        "0 5 * * 7",
        "0 5 * * sun",
        "0 0 1 jan-mar *",
        "1,2,5-9 0 * * *",
        "0-30/5 * * * mon",
        "",
        "0 3 * *",
        "60 * * * *",
        "0 24 * * *",
        "0 3 0 * *",
        "0 3 * 13 *",
        "0 3 * * 8",
        "x * * * *",
        "*/0 * * * *",
        "0 3 * * * * *",
        "1- * * * *",
        "0 3 32 * *",
        "-1 * * * *",
    ],
)
def test_cron_lines_are_judged_as_the_scheduler_judges_them(line: str) -> None:
    try:
        ScheduleDefinition(cron_schedule=line, job_name="any", name="any")
        good = True
    except DagsterInvalidDefinitionError:
        good = False
    assert (cron_problem(line) is None) == good, cron_problem(line)


@pytest.mark.parametrize("line", ["@daily", "5-1 * * * *"])
def test_cron_lines_that_are_easily_misread_are_refused(line: str) -> None:
    assert cron_problem(line)

"""`cityharvest source new`: a look at a page on loopback, and the YAML that comes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from offering import EVENTS, JSON, Answer, Offering, calendar, feed, list_page, wordpress_events
from source_parts import Verb, written

from scrapers.registry import load_source

HEAVY = {"dagster", "duckdb", "numpy", "pandas", "pyarrow", "scrapy", "twisted", "dateparser", "lxml"}
WORDPRESS = '<link rel="https://api.w.org/" href="/wp-json/">'
FEED = '<link rel="alternate" type="application/rss+xml" href="/feed/">'


@pytest.mark.parametrize("arguments", [[], ["new"], ["try"], ["verify"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys; from dagster_project.cli import main; sys.argv = ['cityharvest', 'source', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, *arguments, "--help"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Usage: cityharvest source" in answer.stdout
    assert not HEAVY & set(answer.stderr.split())


def test_new_prefers_what_is_stated_and_about_the_same_things(site: Offering, own: Path, run: Verb) -> None:
    variant = '<link rel="alternate" hreflang="en" href="/en/events/">'
    elsewhere = '<a href="http://kalender.example/alle.ics">Kalender</a>'
    site.answers["/termine/"] = Answer(list_page(EVENTS[:4], head=WORDPRESS + FEED + variant, script=elsewhere))
    routes = {"/tribe/events/v1/events": {}, "/wp/v2/pages": {}, "/wp/v2/posts": {}}
    site.answers["/wp-json/"] = Answer(json.dumps({"routes": routes}), JSON)
    site.answers["/wp-json/tribe/events/v1/events"] = Answer(wordpress_events(), JSON)
    site.answers["/feed/"] = Answer(feed(tuple(f"Bericht Nummer {n} aus dem Haus" for n in range(9))), "text/xml")
    code, out, err = run("new", "haus", f"{site.url}/termine/", "--private")
    assert code == 0, err
    source = load_source(own / "haus.yaml")
    assert (source.strategy, source.status, source.verified_at) == ("wp_rest", "candidate", None)
    assert source.start == [f"{site.url}/wp-json/tribe/events/v1/events?per_page=50"]
    assert source.best_match(source.start[0])
    assert (source.languages, source.country, source.publisher) == (["de"], "AT", "Haus der Vielfalt")
    assert source.thresholds.min_entries == len(EVENTS) // 2
    assert 0.7 <= source.thresholds.min_dated < 1
    text = (own / "haus.yaml").read_text("utf-8")
    assert all(word in text for word in ("# Proposed on", "/en/events/", "also read: html", "also read: rss"))
    assert "kalender.example" in out, "what was not looked at is told"
    assert "Chosen by yield and fields filled: wp_rest" in out
    assert site.asked.count("/robots.txt") == 1


def test_new_takes_a_calendar_that_holds_more_than_the_page(site: Offering, own: Path, run: Verb) -> None:
    link = '<link rel="alternate" type="text/calendar" href="/alle.ics">'
    site.answers["/termine/"] = Answer(list_page(EVENTS[:3], head=link))
    site.answers["/alle.ics"] = Answer(calendar(), "text/calendar")
    assert run("new", "haus", f"{site.url}/termine/", "--private")[0] == 0
    source = load_source(own / "haus.yaml")
    assert (source.strategy, source.start) == ("ical", [f"{site.url}/alle.ics"])


def test_new_takes_the_page_when_it_is_all_there_is(site: Offering, own: Path, run: Verb) -> None:
    told = ("--private", "--country", "DE", "--language", "de", "--language", "en", "--scope", "programme")
    assert run("new", "haus", f"{site.url}/termine/", *told)[0] == 0
    source = load_source(own / "haus.yaml")
    assert (source.strategy, source.country, source.languages, source.scope) == (
        "html",
        "DE",
        ["de", "en"],
        "programme",
    )
    assert source.best_match(f"{site.url}/termine/seite/2")
    assert site.asked == ["/robots.txt", "/termine/"], "a page with entries needs no sitemap"


def test_new_takes_the_sitemap_of_a_page_without_entries(site: Offering, own: Path, run: Verb) -> None:
    site.answers["/robots.txt"] = Answer("User-agent: *\nAllow: /\nSitemap: {site}/sitemap.xml\n", "text/plain")
    site.answers["/termine/"] = Answer(list_page(()))
    locations = "".join(f"<url><loc>{{site}}{event.path}</loc></url>" for event in EVENTS)
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.answers["/sitemap.xml"] = Answer(
        f"<urlset {space}>{locations}<url><loc>{{site}}/x</loc></url></urlset>", "text/xml"
    )
    for event in EVENTS:
        site.answers[event.path] = Answer(list_page((event,)).replace("Termine</h1>", f"{event.title}</h1>"))
    assert run("new", "haus", f"{site.url}/termine/", "--private")[0] == 0
    source = load_source(own / "haus.yaml")
    assert (source.strategy, source.follow_details, source.hints) == ("sitemap", True, {"include": "/termine/"})
    assert source.best_match(f"{site.url}{EVENTS[0].path}")
    assert sum(path.startswith("/termine/") and len(path) > 9 for path in site.asked) <= 3, "a few tell enough"


def test_new_says_what_it_saw_when_there_is_nothing(site: Offering, own: Path, run: Verb, tmp_path: Path) -> None:
    site.answers["/leer/"] = Answer("<!DOCTYPE html><title>Termine</title><div id=app></div><script>1</script>")
    code, out, err = run("new", "haus", f"{site.url}/leer/", "--private")
    assert code == 1
    assert all(word in err for word in ("1 scripts", "--browser", "nothing was written"))
    (captures,) = (tmp_path / "data").glob("scratch/captures/haus/*/pages.warc.gz")
    assert str(captures.parent) in err
    assert f"{site.url}/leer/" in out
    assert list(own.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "robots", "cause"),
    [(404, "", "http 404"), (200, "User-agent: *\nDisallow: /\n", "robots"), (503, "", "http 503")],
)
def test_new_says_why_the_page_did_not_come(
    site: Offering, own: Path, run: Verb, status: int, robots: str, cause: str
) -> None:
    site.answers["/termine/"] = Answer("<h1>Nein</h1>", status=status)
    site.answers["/robots.txt"] = Answer(robots, "text/plain")
    code, _, err = run("new", "haus", f"{site.url}/termine/", "--private")
    assert code == 1
    assert cause in err
    assert "Next: " in err
    assert list(own.iterdir()) == []


def test_new_asks_no_private_host_unless_told(site: Offering, own: Path, run: Verb) -> None:
    code, _, err = run("new", "haus", f"{site.url}/termine/")
    assert (code, site.asked) == (1, [])
    assert "private" in err


def test_new_never_writes_over_a_source(site: Offering, own: Path, run: Verb) -> None:
    before = written(own, site).read_bytes()
    for key in ("haus", "coe-newsroom"):
        code, _, err = run("new", key, f"{site.url}/termine/", "--private")
        assert code == 1
        assert "is there already" in err
    assert site.asked == [], "that is known before anybody is asked"
    code, _, err = run("new", "haus-2", f"{site.url}/termine/", "--private")
    assert code == 1
    assert "belongs to source haus already" in err
    assert [(path.name, path.read_bytes()) for path in own.iterdir()] == [("haus.yaml", before)]


def test_what_yaml_takes_for_a_truth_value_is_a_country_and_a_language(site: Offering, own: Path, run: Verb) -> None:
    told = ("--private", "--country", "NO", "--language", "no")
    assert run("new", "haus", f"{site.url}/termine/", *told)[0] == 0
    source = load_source(own / "haus.yaml")
    assert (source.country, source.languages) == ("NO", ["no"])


def test_what_a_page_says_is_only_text_in_the_yaml(site: Offering, own: Path, run: Verb) -> None:
    title = 'Termine": [x] # &amp; \x1b[31m\u2028status: active\nkey: other'
    site.answers["/termine/"] = Answer(list_page().replace("<title>Termine", f"<title>{title}"))
    assert run("new", "haus", f"{site.url}/termine/", "--private")[0] == 0
    source = load_source(own / "haus.yaml")
    assert (source.key, source.status) == ("haus", "candidate")
    assert source.title.startswith('Termine": [x] # &')
    assert "\x1b" not in (own / "haus.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("Haus", "http://a.example/"),
        ("../haus", "http://a.example/"),
        ("haus", "ftp://a.example/"),
        ("haus", "http://a.example/", "--country", "Austria"),
        ("haus", "http://a.example/", "--language", "deutsch"),
        ("haus", "http://a.example/", "--scope", "world"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_exit_2(own: Path, run: Verb, arguments: tuple[str, ...]) -> None:
    code, _, err = run("new", *arguments)
    assert code == 2
    assert "Traceback" not in err

"""`cityharvest source try`: what a trial shows, asks for and saves."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from offering import EVENTS, Answer, Offering, calendar, list_page
from source_parts import Verb, written


def test_try_shows_entries_and_publishes_nothing(site: Offering, own: Path, run: Verb, tmp_path: Path) -> None:
    written(own, site)
    code, out, err = run("try", "haus")
    assert code == 0, err
    assert all(event.title in out for event in EVENTS)
    assert all(word in out for word in ("2027-02-01", "event", "de 100%", "title 9", "8 entries on 1 captures"))
    assert {path.name for path in (tmp_path / "data").iterdir()} <= {"scratch", "hosts.sqlite", "hosts.sqlite-journal"}


def test_try_asks_for_no_more_pages_than_told(site: Offering, own: Path, run: Verb) -> None:
    for number in range(9):
        more = f'<a rel="next" href="/termine/?seite={number + 1}">Weiter</a>'
        site.answers["/termine/"] = Answer(list_page(script=more))
    for event in EVENTS:
        site.answers[event.path] = Answer(list_page((event,)))
    written(own, site, follow_details=True)
    assert run("try", "haus", "--pages", "3")[0] == 0
    assert len([path for path in site.asked if path != "/robots.txt"]) <= 4


def test_try_says_where_to_look_when_nothing_is_read(site: Offering, own: Path, run: Verb) -> None:
    site.answers["/termine/"] = Answer("<h1>Wartung</h1>", status=503)
    written(own, site)
    code, _, err = run("try", "haus")
    assert code == 1
    assert "http 503" in err
    assert "scratch/captures/haus/" in err


def test_the_last_few_trials_are_kept(site: Offering, own: Path, run: Verb, tmp_path: Path) -> None:
    written(own, site)
    captures = tmp_path / "data" / "scratch" / "captures" / "haus"
    old = [captures / f"20260101T00000{number}Z-aaaa" for number in range(9)]
    for folder in old:
        folder.mkdir(parents=True)
        (folder / "run.json").write_text("{}", "utf-8")
    assert run("try", "haus")[0] == 0
    assert [folder.exists() for folder in old] == [False] * 5 + [True] * 4
    assert len(list(captures.iterdir())) == 5


@pytest.mark.parametrize("strategy", ["html", "ical"])
def test_a_saved_page_is_what_the_walker_reads(site: Offering, own: Path, run: Verb, strategy: str) -> None:
    site.answers["/alle.ics"] = Answer(calendar(), "text/calendar")
    start = "/termine/" if strategy == "html" else "/alle.ics"
    written(own, site, strategy=strategy, start=[site.url + start], patterns=[f"127.0.0.1:{site.port}{start}"])
    code, out, err = run("try", "haus", "--save")
    assert code == 0, err
    (expected,) = (own / "pages").rglob("haus.json")
    (page,) = (path for path in expected.parent.iterdir() if path != expected)
    assert str(page) in out
    told = json.loads(expected.read_text("utf-8"))
    assert [entry["title"] for entry in told["entries"]] == [event.title for event in EVENTS]
    walker = the_walker()
    found = walker.read(page, told)
    assert found == {name: told[name] for name in found}
    again = run("try", "haus", "--save")
    assert again[0] == 1
    assert "is there already" in again[2]


def the_walker() -> Any:
    """The module of the walker over saved pages."""
    spec = importlib.util.spec_from_file_location("the_walker", Path(__file__).parents[2] / "test_pages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

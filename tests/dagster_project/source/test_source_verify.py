"""`cityharvest source verify`: the checks of a live look, and the change of the YAML."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from offering import Answer, Offering, list_page
from source_parts import Verb, written

from dagster_project.commands.source_verify import verify
from dagster_project.console import FailureError
from scrapers.proposing.source_file import activate
from scrapers.registry import RegistryError, load_source

TODAY = date(2026, 11, 21)


def test_verify_makes_a_good_candidate_active_and_keeps_the_rest(
    site: Offering, own: Path, run: Verb, tmp_path: Path
) -> None:
    path = written(own, site)
    run("try", "haus", "--save")
    before = path.read_text("utf-8")
    verify("haus", 25, tmp_path / "data", TODAY)
    source = load_source(path)
    assert (source.status, source.verified_at) == ("active", TODAY)
    expected = before.replace("status: candidate  #", "status: active  #") + f"verified_at: {TODAY}\n"
    assert path.read_text("utf-8") == expected


@pytest.mark.parametrize(
    ("changes", "answer", "failed"),
    [
        ({"thresholds": {"min_entries": 50}}, None, "min_entries"),
        ({"thresholds": {"max_entries": 3}}, None, "max_entries"),
        ({}, Answer("<h1>Sind Sie ein Mensch?</h1><p>Please complete the captcha to continue.</p>"), "status"),
        ({}, Answer("<h1>Weg</h1>", status=404), "status"),
        ({}, Answer(list_page(())), "yield"),
        ({"cron": None}, None, "schedule"),
        ({"status": "retired"}, None, "state"),
        ({}, None, "saved page"),
    ],
    ids=["few", "many", "captcha", "gone", "empty", "no-cron", "retired", "no-saved-page"],
)
def test_verify_says_what_failed_and_leaves_the_yaml(
    site: Offering, own: Path, run: Verb, changes: dict[str, Any], answer: Answer | None, failed: str
) -> None:
    path = written(own, site, **changes)
    if answer:
        site.answers["/termine/"] = answer
    before = path.read_bytes()
    code, out, err = run("verify", "haus")
    assert code == 1
    assert f"failed  {failed}: " in out
    assert failed in err
    assert "Next: " in err
    assert path.read_bytes() == before
    if failed in ("schedule", "state"):
        assert site.asked == [], "nobody is asked in vain"


def test_verify_tells_what_robots_forbids(site: Offering, own: Path, run: Verb) -> None:
    site.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /termine/\n", "text/plain")
    written(own, site)
    code, out, _ = run("verify", "haus")
    assert code == 1
    assert f"failed  robots: robots.txt forbids 1 addresses, such as {site.url}/termine/" in out


def test_verify_sees_that_a_saved_page_reads_otherwise(site: Offering, own: Path, run: Verb) -> None:
    written(own, site)
    run("try", "haus", "--save")
    (expected,) = (own / "pages").rglob("haus.json")
    told = json.loads(expected.read_text("utf-8"))
    told["entries"][0]["title"] = "Something else"
    expected.write_text(json.dumps(told), "utf-8")
    code, out, _ = run("verify", "haus")
    assert code == 1
    assert "reads otherwise: entries" in out


def test_verify_sees_a_start_address_that_only_leads_on_and_is_gone(site: Offering, own: Path, run: Verb) -> None:
    here = f"127.0.0.1:{site.port}"
    written(own, site, start=[f"{site.url}/termine/", f"{site.url}/fehlt/"], patterns=[f"{here}/termine/{{name}}"])
    code, out, _ = run("verify", "haus")
    assert code == 1
    assert f"no page at {site.url}/fehlt/" in out


def test_what_is_archived_only_has_nothing_live(own: Path, tmp_path: Path) -> None:
    with pytest.raises(FailureError, match="archive-only"):
        verify("coe-legacy", 5, tmp_path, TODAY)


def test_activating_keeps_lines_as_they_are(site: Offering, own: Path) -> None:
    path = written(own, site)
    text = path.read_text("utf-8").replace("country: AT\n", "country: AT\nverified_at: null   # nobody yet\n")
    text = text.replace("\n", "\r\n").replace("status: candidate", "status: 'candidate'")
    path.write_bytes(text.encode())
    activate(path, TODAY)
    changed = text.replace("status: 'candidate'", "status: active").replace("at: null", f"at: {TODAY}")
    assert path.read_bytes().decode() == changed


def test_activating_refuses_what_it_can_not_do_surely(site: Offering, own: Path) -> None:
    path = written(own, site)
    flow = "{" + json.dumps(yaml.safe_load(path.read_text("utf-8")))[1:] + "\n"
    path.write_text(flow, "utf-8")
    with pytest.raises(RegistryError, match="by hand"):
        activate(path, TODAY)
    assert path.read_text("utf-8") == flow

"""A live harvest through the same assets, over HTTP on loopback: what comes in, and what happens when nothing does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from dagster_project.street import Outcome, Street
from scrapers import registry as shipped
from scrapers.captures.records import run_records
from warehouse.layout import DataFolder
from warehouse.releases import open_release
from warehouse.tables import REFINED_ENTRIES

ROOT = Path(__file__).parents[2]
PATH = "/en/web/interculturalcities/meetings"
PAGE = (ROOT / "samples" / "pages" / "coe-meetings" / "meetings-2018-no-th.html").read_bytes()
KEY = "coe-meetings"


class Site(ThreadingHTTPServer):
    """One list page; `status` is what it answers."""

    status = 200
    body = PAGE


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        known = self.path.partition("?")[0] == PATH
        status = self.server.status if known else 404
        body = self.server.body if known else b""
        self.send_response(status)
        self.send_header("Content-Type", "text/html;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


Walk = Callable[..., Outcome]
pytestmark = pytest.mark.usefixtures("warm_crawls")


@pytest.fixture
def walk(site: Site, tmp_path: Path) -> Walk:
    """Harvests the shipped source from the local site; keywords change its YAML."""

    def run(config: dict[str, dict[str, object]] | None = None, **changes: object) -> Outcome:
        host = f"127.0.0.1:{site.server_port}"
        text = (Path(shipped.__file__).parent / "sources" / f"{KEY}.yaml").read_text(encoding="utf-8")
        source = yaml.safe_load(text) | {
            "start": [f"http://{host}{PATH}"],
            "patterns": [f"{host}/{{locale}}/web/interculturalcities/meetings"],
            "allow_private": True,
            "politeness": {"delay": 0, "retries": 0},
            "thresholds": {"min_entries": 5},
        }
        folder = tmp_path / "sources"
        folder.mkdir(exist_ok=True)
        (folder / f"{KEY}.yaml").write_text(yaml.safe_dump(source | changes), encoding="utf-8")
        return Street(tmp_path / "data", str(folder)).walk([KEY], config or {}, lambda *_: None)

    return run


@pytest.fixture(autouse=True)
def fresh_registry() -> Iterator[None]:
    from dagster_project import resources

    resources._registry.cache_clear()
    yield
    resources._registry.cache_clear()


def test_a_live_harvest_is_published(walk: Walk, tmp_path: Path) -> None:
    outcome = walk()
    assert outcome.problems == []
    with open_release(tmp_path / "data") as release:
        row = release.execute("select last_run_outcome, captures, entries from sources").fetchall()[0]
        assert row[0] == "complete"
        assert row[1] >= 1
        assert row[2] >= 5


def test_a_site_that_is_down_leaves_the_last_release(walk: Walk, site: Site, tmp_path: Path) -> None:
    walk()
    latest = (tmp_path / "data" / "published" / "latest").resolve()
    site.status = 503
    outcome = walk()
    assert outcome.figures is None
    assert [(p.source, p.step) for p in outcome.problems] == [(KEY, "captures")]
    assert "last good entries stay" in outcome.problems[0].reason
    record = run_records(DataFolder(tmp_path / "data"), KEY)[-1]
    assert record.likely_cause
    assert record.next_step
    assert record.likely_cause in outcome.problems[0].reason
    assert record.next_step in outcome.problems[0].reason
    assert (tmp_path / "data" / "published" / "latest").resolve() == latest


def test_a_list_that_came_back_short_goes_no_further(walk: Walk, site: Site, tmp_path: Path) -> None:
    walk()
    from dagster_project import resources

    resources._registry.cache_clear()
    outcome = walk(thresholds={"min_entries": 5000})
    assert outcome.figures is None
    assert [(p.source, p.step) for p in outcome.problems] == [(KEY, "raw_entries")]
    assert "5000" in outcome.problems[0].reason
    again = walk({"captures": {"crawl": False}}, thresholds={"min_entries": 5000})
    assert again.problems == []
    data = DataFolder(tmp_path / "data")
    refined = [data.lake(REFINED_ENTRIES.name, KEY, run).is_file() for run in data.runs(KEY)]
    assert refined == [True, False], "not on the day after, either"


def test_the_failure_stands_in_the_issues_of_the_next_release(walk: Walk, site: Site, tmp_path: Path) -> None:
    walk()
    site.status = 503
    walk()
    street = Street(tmp_path / "data", str(tmp_path / "sources"))
    outcome = street.walk([KEY], {"captures": {"crawl": False}}, lambda *_: None)
    assert outcome.figures is not None
    issues = json.loads((tmp_path / "data" / "published" / "latest" / "issues.json").read_text(encoding="utf-8"))
    rows = [row for row in issues if row["source"] == KEY and row["stage"] == "captures"]
    record = run_records(DataFolder(tmp_path / "data"), KEY)[-1]
    assert record.likely_cause in rows[0]["reason"]
    assert record.next_step in rows[0]["what_to_do"]


def test_what_is_unchanged_is_kept_again_only_when_told_so(walk: Walk, tmp_path: Path) -> None:
    for config in ({}, {}, {"captures": {"full": True}}):
        assert walk(config).problems == []
    first, second, third = run_records(DataFolder(tmp_path / "data"), KEY)
    assert (first.new > 0, second.new, third.new > 0) == (True, 0, True)
    assert [run.full for run in (first, second, third)] == [False, False, True]

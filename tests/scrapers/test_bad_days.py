"""Bad days of sites that were harvested well before: what `run.json` and `cityharvest sources` say, and what stays.

One town a behaviour, all in one data folder: a good harvest and a release, then the bad day and another release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import misbehaviour as mis
import pytest
import town_pages
from testweb import Fault, Handler
from town_web import TownSite, served_towns, source_of, truth_of
from towns import make_towns
from typer.testing import CliRunner

from dagster_project import steps
from dagster_project.cli import app
from scrapers import registry as registries
from scrapers.captures.records import RunRecord, run_records
from scrapers.registry import Registry
from scrapers.source import Source
from warehouse.layout import DataFolder
from warehouse.releases import open_release

ENTRIES = 12
EVENTS, SECOND = "/events", "/events?page=2"
POLITE = {"retries": 1, "backoff": 0.01, "timeout": 1.5, "max_bytes": 300_000, "budget": 45, "max_wait": 2}
SEEN = """
select distinct e.title, e.last_seen_at from entries e join entry_sources s using (entry_id) where s.source = ?
"""


def endless(site: TownSite) -> Fault:
    """A list of which every page brings new entries and leads to another."""

    def fault(handler: Handler) -> bool:
        number = int(handler.path.partition("page=")[2] or 1)
        made = make_towns(1, 8, seed=1000 + number, kinds=("html cards",))[0].entries
        more = [replace(entry, title=f"{entry.title}, part {number}") for entry in made]
        follow = f"{EVENTS}?page={number + 1}"
        handler.send(200, town_pages.list_page(site.town, more, follow).encode(), {"Content-Type": "text/html"})
        return True

    return fault


def empty_months(site: TownSite) -> Fault:
    """Months without an entry, each with a link to the next."""

    def fault(handler: Handler) -> bool:
        number = int(handler.path.partition("page=")[2] or 1)
        text = town_pages.list_page(site.town, [], f"{EVENTS}?page={number + 1}")
        handler.send(200, text.encode(), {"Content-Type": "text/html"})
        return True

    return fault


def pictures(site: TownSite, first: int, last: int) -> Fault:
    """The same entries as nothing but pictures with links."""
    tiles = "".join(f'<a href="{e.url}"><img src="/x.png" alt=""></a>' for e in site.town.entries[first:last])
    return mis.body(town_pages.page(site.town, site.town.labels["events"], f"<div>{tiles}</div>").encode())


def other_charset(site: TownSite) -> Fault:
    """The list in Windows-1252, said to be UTF-8."""
    return mis.body(town_pages.list_page(site.town, site.town.entries, None).encode("windows-1252"))


class Day(NamedTuple):
    """A bad day: what goes wrong, and what is expected of the run and of the table."""

    faults: Callable[[TownSite], dict[str, Fault]]
    verdict: str
    error: str | None
    cause: str


DAYS = {
    "slow": Day(lambda s: {EVENTS: mis.dripping(5)}, "failed", "timeout", "too slow"),
    "wrong charset": Day(lambda s: {EVENTS: other_charset(s)}, "good", None, ""),
    "not modified": Day(lambda s: {}, "good", None, ""),
    "flaky": Day(lambda s: {EVENTS: mis.status(500, times=1)}, "good", None, ""),
    "too many requests": Day(lambda s: {EVENTS: mis.status(429)}, "failed", "throttled", "less often"),
    "endless paging": Day(lambda s: {EVENTS: endless(s)}, "partial", "budget", "budget of requests"),
    "calendar trap": Day(lambda s: {EVENTS: empty_months(s)}, "short", None, "fewer"),
    "redirects in circles": Day(
        lambda s: {EVENTS: mis.moved("/round"), "/round": mis.moved(EVENTS)}, "failed", "redirect circle", "circle"
    ),
    "truncated body": Day(lambda s: {EVENTS: mis.cut()}, "failed", "truncated body", "before they are whole"),
    "broken gzip": Day(lambda s: {EVENTS: mis.noise_gzip()}, "failed", "truncated body", "before they are whole"),
    "huge page": Day(lambda s: {EVENTS: mis.endless_chunks}, "failed", "too large", "larger"),
    "changed layout": Day(lambda s: {EVENTS: pictures(s, 0, 12)}, "partial", "changed layout", "new layout"),
    "down": Day(lambda s: {"/robots.txt": mis.hangs_up, EVENTS: mis.hangs_up}, "failed", "connection", "connection"),
    "captcha": Day(lambda s: {EVENTS: mis.captcha()}, "failed", "captcha", "captcha"),
    "layout that changes half-way": Day(
        lambda s: {SECOND: pictures(s, 8, 12)}, "partial", "changed layout", "new layout"
    ),
}


@dataclass(frozen=True)
class Town:
    """A town after its bad day."""

    source: Source
    site: TownSite
    good: RunRecord
    bad: RunRecord
    row: str
    cause: str
    root: Path


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, warm: str) -> Iterator[dict[str, Town]]:
    data = DataFolder(tmp_path_factory.mktemp("days") / "data")
    with served_towns(make_towns(len(DAYS), ENTRIES, kinds=("html cards",))) as sites:
        told = [source_of(site, politeness=POLITE, title=name) for name, site in zip(DAYS, sites, strict=True)]
        registry = Registry({source["key"]: Source.model_validate(source) for source in told})
        good = harvest(data, registry)
        for site, day in zip(sites, DAYS.values(), strict=True):
            site.faults = day.faults(site)
        bad = harvest(data, registry)
        lines = table(data, registry)
        yield {
            name: Town(source, site, *records, *lines[source.key], data.root)
            for name, source, site, *records in zip(DAYS, registry.sources.values(), sites, good, bad, strict=True)
        }


def harvest(data: DataFolder, registry: Registry) -> list[RunRecord]:
    """All sources side by side, then a release of whatever came."""

    def keep(source: Source) -> None:
        with suppress(steps.StepError):
            steps.keep_captures(data, source, live=True)

    sources = list(registry.sources.values())
    with ThreadPoolExecutor(len(sources)) as pool:
        list(pool.map(keep, sources))
    for source in sources:
        steps.read_source(data, source, again=False)
        steps.refine_source(data, source, again=False)
    steps.curate_all(data, registry)
    steps.publish_all(data, registry, [], force=False)
    return [run_records(data, source.key)[-1] for source in sources]


def table(data: DataFolder, registry: Registry) -> dict[str, tuple[str, str]]:
    """What `cityharvest sources` says of each source: its row, and the line with the likely cause."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registries, "load_registry", lambda: registry)
        patch.setenv("COLUMNS", "200")
        answer = CliRunner().invoke(app, ["sources", "--data", str(data.root)])
    assert answer.exit_code == 0, answer.output
    lines = answer.output.splitlines()

    def first(start: str) -> str:
        return next((line.strip() for line in lines if line.strip().startswith(start)), "")

    return {key: (first(f"{key} "), first(f"{key}:")) for key in registry.sources}


@pytest.mark.parametrize("name", DAYS)
def test_a_bad_day_is_classed_and_shown(towns: dict[str, Town], name: str) -> None:
    day, town = DAYS[name], towns[name]
    assert (town.good.outcome, town.good.verdict, town.good.items) == ("complete", "good", ENTRIES)
    assert (town.bad.verdict, set(town.bad.errors)) == (day.verdict, {day.error} - {None}), town.bad
    assert f" {day.verdict} " in town.row
    assert bool(town.cause) is (day.verdict != "good")
    assert day.cause in town.cause
    if day.verdict != "good":
        assert town.bad.likely_cause
        assert "Next: " in town.cause


@pytest.mark.parametrize("name", DAYS)
def test_what_was_known_before_a_bad_day_stays_published(towns: dict[str, Town], name: str) -> None:
    town = towns[name]
    with open_release(town.root) as release:
        rows: list[tuple[str, datetime]] = release.execute(SEEN, [town.source.key]).fetchall()
    seen = dict(rows)
    titles = {title for title, *_ in truth_of(town.site.town)}
    assert titles <= set(seen)
    if DAYS[name].verdict == "failed":
        assert all(seen[title] <= town.good.finished_at for title in titles), "with the day on which it was seen"

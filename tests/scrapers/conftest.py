"""A portal on loopback, sources that point to it, and a data folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from portal import Portal, serve
from testweb import LIST, Site, served
from warm import warm_python

from scrapers.captures.records import RunRecord
from scrapers.crawl import crawl
from scrapers.registry import Source
from warehouse.layout import DataFolder


@pytest.fixture(scope="session")
def warm_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A stand-in for the interpreter whose crawls start warm."""
    with warm_python(tmp_path_factory.mktemp("warm")) as python:
        yield python


@pytest.fixture(scope="module", autouse=True)
def warm(warm_stand_in: str) -> Iterator[str]:
    """Crawls of all tests here, and of no others, start warm; gives the real interpreter."""
    real, sys.executable = sys.executable, warm_stand_in
    yield real
    sys.executable = real


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def port(portal: Portal) -> Iterator[int]:
    with serve(portal) as port:
        yield port


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


MakeSource = Callable[..., Source]


def local_source(port: int, host: str = "127.0.0.1", **changes: Any) -> Source:
    """A source of the local portal: its newsroom and the pages of its items, unless told otherwise."""
    site = f"{host}:{port}"
    polite = {"delay": 0, "concurrency": 4, "timeout": 10, "retries": 1, "backoff": 0.05, "max_wait": 3} | changes.pop(
        "politeness", {}
    )
    fields = {
        "key": "local-news",
        "title": "News of a local portal",
        "publisher": "Nobody",
        "languages": ["en"],
        "scope": "programme",
        "status": "active",
        "strategy": "liferay",
        "start": [f"http://{site}/{{locale}}/web/interculturalcities/newsroom?delta=100"],
        "patterns": [
            f"{site}/{{locale}}/web/interculturalcities/newsroom",
            f"{site}/{{locale}}/web/interculturalcities/-/{{slug}}",
        ],
        "locales": ["en"],
        "follow_details": True,
        "allow_private": True,
        "cron": "0 3 * * *",
        "politeness": polite,
    }
    return Source.model_validate(fields | changes)


@pytest.fixture
def make_source(port: int) -> MakeSource:
    return partial(local_source, port)


@dataclass(frozen=True)
class Crawled:
    """One undisturbed crawl: what the server was asked, and what came of it."""

    portal: Portal
    data: DataFolder
    record: RunRecord


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    portal, data = Portal(), DataFolder(tmp_path_factory.mktemp("crawled"))
    with serve(portal) as port:
        return Crawled(portal, data, crawl(local_source(port), data))


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def site_port(site: Site) -> Iterator[int]:
    with served(site) as port:
        yield port


@pytest.fixture
def site_source(site_port: int) -> MakeSource:
    """Sources of the test web: a list paged by five."""
    start = f"http://127.0.0.1:{site_port}{LIST}?delta=5"
    return partial(local_source, site_port, start=[start])

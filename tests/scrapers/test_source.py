"""One source's own rules: strategies, what they need, and what hints may be."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from pipelines.read.feeds import STRATEGIES
from scrapers.source import Source, Strategy

FIELDS: dict[str, Any] = {
    "key": "town",
    "title": "Town",
    "publisher": "The town",
    "languages": ["en"],
    "scope": "city",
    "status": "active",
    "start": ["https://town.example/api?page=1"],
    "patterns": ["town.example/{rest...}"],
    "cron": "0 3 * * *",
}


def source(strategy: str, **changes: Any) -> Source:
    return Source.model_validate(FIELDS | {"strategy": strategy} | changes)


def test_every_strategy_that_the_readers_know_may_be_given() -> None:
    assert set(get_args(Strategy)) == {*STRATEGIES, "liferay", "html", "archive", "archive-only"}


@pytest.mark.parametrize("strategy", sorted({*STRATEGIES, "html"} - {"sitemap"}))
def test_a_source_of_a_strategy_is_crawled(strategy: str) -> None:
    assert source(strategy).is_crawled


@pytest.mark.parametrize("strategy", ["html", "jsonld", "rss", "sitemap", "wp_rest"])
def test_pages_of_entries_may_be_followed_where_they_can_be_read(strategy: str) -> None:
    assert source(strategy, follow_details=True).follow_details


@pytest.mark.parametrize("strategy", ["ical", "opendatasoft", "ckan", "socrata", "linkedevents", "json_api"])
def test_pages_that_a_reader_can_not_read_are_not_followed(strategy: str) -> None:
    with pytest.raises(ValidationError, match="take follow_details out"):
        source(strategy, follow_details=True)


def test_a_sitemap_alone_gives_nothing() -> None:
    with pytest.raises(ValidationError, match="needs follow_details"):
        source("sitemap")


def test_paging_is_a_mapping_and_survives_the_way_to_the_crawl() -> None:
    paging = {"param": "start", "by": "offset", "first": 0, "size": 50, "size_param": "rows", "total": "n", "most": 900}
    made = source("json_api", hints={"items": "rows", "title": ["name", "label"], "next": paging})
    assert Source.model_validate_json(made.model_dump_json()) == made
    assert made.hints["next"] == paging


@pytest.mark.parametrize(
    ("hints", "told"),
    [({"title": {"path": "name"}}, "only `next` may be"), ({"next": {"total": ["n"]}}, "hints.next")],
)
def test_a_mapping_stands_only_where_one_is_read(hints: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        source("json_api", hints=hints)


def test_the_daily_budget_may_only_be_lowered() -> None:
    assert source("rss", politeness={"daily": 100}).politeness.daily == 100
    with pytest.raises(ValidationError, match="daily"):
        source("rss", politeness={"daily": 25_001})

"""What a YAML of strategy `archive` may say, and what an index is asked for because of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from scrapers.archive.asking import commoncrawl_query, record_address, wayback_query
from scrapers.archive.prefixes import Asked, of_patterns
from scrapers.archive.rows import (
    IndexFaultError,
    Row,
    commoncrawl_answer,
    crawls_between,
    page_count,
    says_none,
    wayback_answer,
)
from scrapers.registry import RegistryError, load_registry
from scrapers.source import Source
from scrapers.spiders import spider_of
from scrapers.spiders.archive import ArchiveSpider, asked_of

NEWS: dict[str, Any] = {
    "key": "town-news",
    "title": "News of a town",
    "publisher": "The town",
    "languages": ["fr"],
    "scope": "city",
    "status": "active",
    "strategy": "html",
    "start": ["https://town.example/fr/actualites"],
    "patterns": ["town.example[/{locale}]/actualites", "town.example/{locale}/agenda/{rest...}"],
    "locales": ["fr", "de"],
    "cron": "0 3 * * *",
}
YEARS: dict[str, Any] = {
    "key": "town-years",
    "title": "The years before",
    "publisher": "The town",
    "languages": ["fr"],
    "scope": "city",
    "status": "candidate",
    "strategy": "archive",
    "archive_of": "town-news",
    "archive": {"from": "2014-01-01"},
}


def registry(folder: Path, *sources: dict[str, Any]) -> dict[str, Source]:
    for source in sources:
        (folder / f"{source['key']}.yaml").write_text(yaml.safe_dump(source, sort_keys=False), encoding="utf-8")
    return load_registry(folder).sources


def test_an_archive_has_patterns_and_prefixes_of_the_other_source(tmp_path: Path) -> None:
    years = registry(tmp_path, NEWS, YEARS)["town-years"]
    assert spider_of(years.strategy) is ArchiveSpider
    assert years.best_match("https://town.example/de/agenda/2015/fete") is not None
    assert years.best_match("https://town.example/de/mairie") is None
    beginnings = ["town.example/actualites", "town.example/de/actualites", "town.example/de/agenda/"]
    beginnings += ["town.example/fr/actualites", "town.example/fr/agenda/"]
    assert asked_of(years) == [Asked(text, True) for text in beginnings]


def test_only_archives_are_asked_and_only_those_that_are_used(tmp_path: Path) -> None:
    both = YEARS | {"archive": {"from": "2014-01-01", "services": ["wayback", "commoncrawl"]}}
    assert registry(tmp_path, NEWS, YEARS)["town-years"].hosts == {"web.archive.org"}
    known = {"web.archive.org", "index.commoncrawl.org", "data.commoncrawl.org"}
    assert registry(tmp_path, both)["town-years"].hosts == known


def test_a_source_that_is_never_fetched_may_have_an_archive(tmp_path: Path) -> None:
    told = {"strategy": "archive-only", "patterns": ["town.example/old/{rest...}"]}
    gone = {name: value for name, value in NEWS.items() if name not in ("start", "cron", "locales")} | told
    years = registry(tmp_path, gone, YEARS)["town-years"]
    assert asked_of(years) == [Asked("town.example/old/", True)]
    assert years.best_match("http://town.example:80/old/1999.html") is not None


def test_an_archive_claims_no_address(tmp_path: Path) -> None:
    registry(tmp_path, NEWS, YEARS)
    found = load_registry(tmp_path).route("https://town.example/fr/actualites")
    assert found is not None
    assert found.key == "town-news"


def test_it_survives_the_way_to_the_crawl(tmp_path: Path) -> None:
    years = registry(tmp_path, NEWS, YEARS)["town-years"]
    assert Source.model_validate_json(years.model_dump_json()) == years
    assert Source.model_validate_json(json.dumps(years.model_dump(mode="json"))).hosts == years.hosts


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"archive_of": "town-nwes"}, "archive_of: unknown source 'town-nwes'; did you mean 'town-news'?"),
        ({"archive_of": "town-years"}, "archive_of: unknown source 'town-years'"),
        ({"archive_of": None}, "needs archive_of"),
        ({"archive": None}, "needs archive_of"),
        ({"archive": {}}, "key 'from' is missing"),
        ({"archive": {"from": "2014-01-01", "form": 1}}, "unknown key 'form'; did you mean 'from'?"),
        ({"archive": {"from": "2014-01-01", "to": "2013-01-01"}}, "is before `from`"),
        ({"archive": {"from": "2014-01-01", "services": ["elsewhere"]}}, "archive.services.0"),
        ({"archive": {"from": "2014-01-01", "per_month": 0}}, "archive.per_month"),
        ({"archive": {"from": "2014-01-01", "addresses": ["ftp://town.example"]}}, "not an address of http"),
        ({"archive": {"from": "2014-01-01", "wayback": "web.archive"}}, "not the address of a server"),
        ({"archive": {"from": "2014-01-01", "crawls": ["../x"]}}, "archive.crawls.0"),
        ({"patterns": ["town.example/x"]}, "take them out"),
        ({"start": ["https://town.example/x"]}, "take them out"),
        ({"follow_details": True}, "take follow_details out"),
        ({"status": "active"}, "needs a cron line"),
        ({"target": NEWS}, "target is given"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(RegistryError) as error:
        registry(tmp_path, NEWS, YEARS | changes)
    assert told in str(error.value)
    assert "town-years.yaml:" in str(error.value)


def test_a_source_of_another_strategy_has_no_archive_and_needs_patterns(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="belong to strategy archive"):
        registry(tmp_path, NEWS | {"archive_of": "town-news"})
    with pytest.raises(RegistryError, match="strategy html needs patterns"):
        registry(tmp_path, {name: value for name, value in NEWS.items() if name != "patterns"})


def test_patterns_that_leave_a_host_open_need_addresses(tmp_path: Path) -> None:
    wide = NEWS | {"patterns": ["town.example/{rest...}"]}
    with pytest.raises(RegistryError, match=r"leaves a whole host open: name archive\.addresses"):
        registry(tmp_path, wide, YEARS)
    narrow = YEARS | {
        "archive": YEARS["archive"] | {"addresses": ["https://town.example/fr/*", "http://town.example/a"]}
    }
    assert asked_of(registry(tmp_path, wide, narrow)["town-years"]) == [
        Asked("town.example/fr/", True),
        Asked("town.example/a", False),
    ]


def test_a_beginning_covers_those_that_begin_with_it() -> None:
    patterns = ["town.example/en/news", "town.example/en/news/{slug}", "town.example/en/newsletter"]
    assert of_patterns(patterns, ["en"]) == [Asked("town.example/en/news", True)]


def test_a_query_says_what_the_yaml_says(tmp_path: Path) -> None:
    told = {"from": "2014-05-01", "to": "2019-12-31", "page_size": 7}
    archive = registry(tmp_path, NEWS, YEARS | {"archive": told})["town-years"].archive
    assert archive is not None
    asked = Asked("town.example/fr/é?a=1&b=2", False)
    query = parse_qs(urlsplit(wayback_query(archive, asked, "fr,town)/ 2015")).query)
    assert query["url"] == [asked.address]
    assert (query["matchType"], query["limit"], query["resumeKey"]) == (["exact"], ["7"], ["fr,town)/ 2015"])
    assert (query["from"], query["to"]) == (["20140501000000"], ["20191231235959"])
    page = urlsplit(commoncrawl_query(archive, "CC-MAIN-2015-05", Asked("town.example/fr/", True), 3))
    assert page.path == "/CC-MAIN-2015-05-index"
    assert parse_qs(page.query)["filter"] == ["=status:200"]
    assert (parse_qs(page.query)["page"], parse_qs(page.query)["matchType"]) == (["3"], ["prefix"])
    row = Row("wayback", "http://town.example/fr/a b?x=1#part", "20150101000000")
    address = record_address(archive, row)
    assert address == "https://web.archive.org/web/20150101000000id_/http://town.example/fr/a%20b?x=1%23part"


def test_an_answer_of_wayback_is_read_by_its_names() -> None:
    table = [["digest", "original", "timestamp"], ["A" * 32, "http://a.example/", "20150101000000"], [], ["key"]]
    answer = wayback_answer(json.dumps(table).encode())
    assert answer.rows == [Row("wayback", "http://a.example/", "20150101000000", "A" * 32)]
    assert (answer.following, answer.bad) == ("key", 0)
    for nothing in (b"[]", b"", b"\n", b'[["timestamp","original"]]'):
        assert wayback_answer(nothing).rows == []


def test_an_answer_of_common_crawl_is_read_line_by_line() -> None:
    told = {"url": "http://a.example/", "timestamp": "20150101000000", "digest": "B" * 32, "offset": "5", "length": "9"}
    lines = [
        json.dumps(told | {"filename": "crawl-data/a.warc.gz"}),
        "",
        json.dumps(told | {"filename": "a", "length": "0"}),
    ]
    answer = commoncrawl_answer("\n".join(lines).encode())
    assert answer.rows == [Row("commoncrawl", told["url"], told["timestamp"], "B" * 32, "crawl-data/a.warc.gz", 5, 9)]
    assert answer.bad == 1


@pytest.mark.parametrize(
    "read", [wayback_answer, commoncrawl_answer, page_count, lambda b: crawls_between(b, 2014, 2015)]
)
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>", "archive error page"),
        (b"Too many requests", "archive error page"),
        (b"[1, 2", "damaged index"),
        (b'{"a": 1', "damaged index"),
        (b"[" * 100_000, "damaged index"),
        (b'"words"', "archive error page"),
    ],
    ids=["page", "words", "cut-array", "cut-object", "deep", "text"],
)
def test_what_is_no_index_is_said_to_be_none(read: Callable[[bytes], object], body: bytes, reason: str) -> None:
    with pytest.raises(IndexFaultError) as error:
        read(body)
    assert error.value.reason == reason


@pytest.mark.parametrize("body", [b"[1]", b"[[1]]", b'[["timestamp"], ["20150101000000"]]', b'{"message": "no"}'])
def test_json_that_is_no_index_of_wayback(body: bytes) -> None:
    with pytest.raises(IndexFaultError, match="damaged index"):
        wayback_answer(body)


def test_crawls_of_the_years_and_those_on_their_edge() -> None:
    names = ["CC-MAIN-2026-05", "CC-MAIN-2016-07", "CC-MAIN-2014-10", "CC-MAIN-2013-20", "CC-MAIN-2008-2009", "../x"]
    body = json.dumps([{"id": name} for name in names]).encode()
    assert crawls_between(body, 2014, 2015) == ["CC-MAIN-2014-10", "CC-MAIN-2016-07"]
    assert crawls_between(body, 2007, 2009) == ["CC-MAIN-2008-2009"]


def test_nothing_found_is_no_missing_index() -> None:
    assert says_none(b'{"message": "No Captures found for: a.example/*"}')
    assert says_none(b'{"error": "No captures found for: a.example"}')
    assert not says_none(b"<html>no captures found, nor this page</html>")
    assert not says_none(b'{"message": "unknown collection"}')

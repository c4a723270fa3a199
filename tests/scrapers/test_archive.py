"""A backfill from archives over HTTP on loopback: what is asked, what is kept, what a second run asks."""

from __future__ import annotations

import gzip
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from archive import HTML, Archive, Kept, archived
from conftest import local_source
from test_crawl_ends import Crawling

from scrapers.archive.originals import SOURCE_HEADER
from scrapers.archive.taken import taken_path
from scrapers.captures.records import RunRecord, read_record, run_records
from scrapers.crawl import crawl
from scrapers.source import Source
from warehouse.captures import Capture, read_captures
from warehouse.captures.records import header
from warehouse.layout import DataFolder

SITE = "127.0.0.1:8099"  # of the source; nothing is asked there
LIST, ITEM = f"http://{SITE}/en/web/interculturalcities/newsroom", f"http://{SITE}/en/web/interculturalcities/-/"


def page(*words: object) -> bytes:
    return f"<html><title>News</title><main><p>{' '.join(map(str, words))}</p></main></html>".encode()


def years() -> list[Kept]:
    """A list and an item over three years; the item says the same twice, and one capture is of another page."""
    kept = [Kept(LIST, f"{year}0310080000", page("the list of", year)) for year in (2015, 2016, 2017)]
    kept += [Kept(f"{LIST}?delta=20", "20160311080000", page("more of the list"))]
    kept += [Kept(f"{ITEM}garden-", f"{year}0511120000", page("a garden")) for year in (2015, 2016)]
    kept += [Kept(f"{ITEM}garden-", "20170511120000", page("a garden, one year on"))]
    kept += [Kept(f"http://{SITE}/en/web/interculturalcities/newsroom-abroad", "20160101000000", page("elsewhere"))]
    return kept


@pytest.fixture
def archive() -> Archive:
    return Archive(years())


@pytest.fixture
def base(archive: Archive) -> Iterator[str]:
    with archived(archive) as base:
        yield base


MakeBackfill = Callable[..., Source]


@pytest.fixture
def backfill(base: str) -> MakeBackfill:
    """An archive source over the local archive; keywords go into its `archive`, `politeness` into itself."""

    def make(politeness: dict[str, Any] | None = None, **told: Any) -> Source:
        target = local_source(8099)
        polite = target.politeness.model_dump() | {"concurrency": 1} | (politeness or {})
        bases = {"wayback": base, "commoncrawl_index": base, "commoncrawl_data": base}
        fields = {
            "key": "local-archive",
            "title": "The years before",
            "publisher": "Nobody",
            "languages": ["en"],
            "scope": "programme",
            "status": "active",
            "strategy": "archive",
            "archive_of": target.key,
            "archive": bases | {"from": "2014-01-01"} | told,
            "target": target.model_dump(),
            "allow_private": True,
            "cron": "0 3 * * 0",
            "politeness": polite,
        }
        return Source.model_validate(fields)

    return make


BOTH = pytest.mark.parametrize("service", ["wayback", "commoncrawl"])


def kept(data: DataFolder, record: RunRecord) -> list[Capture]:
    """The captures of a backfill, where they lie: as an import of the other source."""
    path = data.captures("local-news", f"import-{record.run_id}") / "pages.warc.gz"
    found = list(read_captures(path)) if path.is_file() else []
    assert all(isinstance(capture, Capture) for capture in found), found
    return [capture for capture in found if isinstance(capture, Capture)]


def stamps(captures: list[Capture]) -> list[tuple[str, str]]:
    return sorted((capture.url, f"{capture.captured_at:%Y%m%d%H%M%S}") for capture in captures)


OF_ALL = [
    (f"{ITEM}garden-", "20150511120000"),
    (f"{ITEM}garden-", "20170511120000"),
    (LIST, "20150310080000"),
    (LIST, "20160310080000"),
    (LIST, "20170310080000"),
    (f"{LIST}?delta=20", "20160311080000"),
]
"""What is worth keeping: what says the same again is left out, and so is what belongs to no pattern."""


@BOTH
def test_the_original_captures_are_kept_as_an_import_of_the_source(
    service: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    record = crawl(backfill(services=[service]), data)
    assert (record.outcome, record.verdict, record.errors) == ("complete", "good", {})
    found = kept(data, record)
    assert stamps(found) == OF_ALL
    assert (record.captures, record.new, record.links) == (6, 6, 6)
    by_moment = {(k.url, k.stamp): k for k in archive.kept}
    for capture, place in zip(sorted(found, key=lambda c: (c.url, c.captured_at)), OF_ALL, strict=True):
        assert capture.body == by_moment[place].payload
        assert (capture.status, capture.record_type) == (200, "response")
        assert capture.media_type == "text/html; charset=utf-8"
        assert header(capture.headers, "Server") == "a site of then"
        assert header(capture.headers, SOURCE_HEADER) == service
        assert header(capture.headers, f"{SOURCE_HEADER}-Verified") == "yes"
        assert header(capture.headers, f"{SOURCE_HEADER}-Digest") == by_moment[place].digest
    imported = read_record(data, "local-news", f"import-{record.run_id}")
    assert imported is not None
    assert (imported.outcome, imported.captures) == ("imported", 6)
    assert imported.imported_from == f"local-archive/{record.run_id}"
    assert data.runs("local-archive") == [], "the pages are those of the other source"


@BOTH
def test_where_a_capture_came_from_is_kept_with_it(
    service: str, archive: Archive, base: str, backfill: MakeBackfill, data: DataFolder
) -> None:
    found = kept(data, crawl(backfill(services=[service]), data))[0]
    address = header(found.headers, f"{SOURCE_HEADER}-URI") or ""
    if service == "wayback":
        assert address.startswith(f"{base}/web/20150511120000id_/{ITEM}")
    else:
        assert address == f"{base}/crawl-data/CC-MAIN-2015-05.warc.gz"
        assert (header(found.headers, f"{SOURCE_HEADER}-Range") or "").startswith("bytes=")
        assert (header(found.headers, f"{SOURCE_HEADER}-Record-ID") or "").startswith("<urn:uuid:")


@BOTH
def test_a_second_run_asks_only_for_what_is_new(
    service: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    source = backfill(services=[service])
    first = crawl(source, data)
    archive.asked.clear()
    second = crawl(source, data)
    assert archive.pages_asked() == []
    assert (second.outcome, second.verdict, second.captures) == ("complete", "good", 0)
    assert second.items == first.items
    assert data.runs("local-news") == [f"import-{first.run_id}"], "an empty run is none"
    archive.kept.append(Kept(LIST, "20180310080000", page("the list of", 2018)))
    third = crawl(source, data)
    assert stamps(kept(data, third)) == [(LIST, "20180310080000")]
    assert len(archive.pages_asked()) == 1


@BOTH
def test_a_run_that_its_budget_ended_is_continued(
    service: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    budget = 5 if service == "wayback" else 8
    source = backfill({"budget": budget}, services=[service])
    found: list[tuple[str, str]] = []
    for _ in range(12):
        record = crawl(source, data)
        assert record.requests <= budget + 2, "and robots.txt, which is asked for on the way"
        found += stamps(kept(data, record))
        if record.outcome == "complete":
            break
        assert (record.outcome, record.finish_reason) == ("partial", "budget")
        if service == "commoncrawl":  # its indexes are one a year, and are asked again each time
            source = backfill({"budget": (budget := budget + 4)}, services=[service])
    assert record.outcome == "complete"
    assert sorted(found) == OF_ALL, "all of them, and none twice"


def test_an_index_is_walked_by_its_resume_key(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    record = crawl(backfill(page_size=1), data)
    assert stamps(kept(data, record)) == OF_ALL
    queries = [a.path for a in archive.asked if a.path.startswith("/cdx/")]
    assert len(queries) == len(set(queries)) == 7, "one a capture that is left when what is the same is collapsed"
    assert sum("resumeKey=" in query for query in queries) == 5, "all but the first of each of the two addresses"
    assert all("collapse=digest" in q and "filter=statuscode:200" in q and "from=20140101000000" in q for q in queries)


def test_only_so_many_captures_of_an_address_a_month(
    archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    archive.kept = [Kept(LIST, f"201603{day:02d}080000", page("day", day)) for day in range(1, 29)]
    archive.kept += [Kept(f"{LIST}?delta=5", "20160302080000", page("another address"))]
    first = crawl(backfill(per_month=2), data)
    assert stamps(kept(data, first))[:2] == [(LIST, "20160301080000"), (LIST, "20160302080000")]
    assert (first.captures, first.items) == (3, 29)
    assert crawl(backfill(per_month=2), data).captures == 0
    assert crawl(backfill(per_month=4), data).captures == 2, "more room, and only what is new"


def test_the_days_of_the_yaml_are_the_limits(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    record = crawl(backfill(**{"from": "2015-05-11", "to": "2016-03-10"}, services=["wayback", "commoncrawl"]), data)
    assert stamps(kept(data, record)) == [(f"{ITEM}garden-", "20150511120000"), (LIST, "20160310080000")]


def test_both_services_bring_a_capture_once(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    record = crawl(backfill(services=["commoncrawl", "wayback"]), data)
    assert stamps(kept(data, record)) == OF_ALL
    assert all(path.startswith("/crawl-data/") for path in archive.pages_asked())


def test_records_are_asked_for_as_the_index_lists_them(
    archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    found = kept(data, crawl(backfill(), data))
    assert [(c.url, f"{c.captured_at:%Y%m%d%H%M%S}") for c in found] == OF_ALL


def test_addresses_that_the_yaml_names(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    record = crawl(backfill(addresses=[LIST, f"{ITEM}gar*"]), data)
    assert stamps(kept(data, record)) == [place for place in OF_ALL if "delta" not in place[0]]


@BOTH
def test_a_page_that_was_compressed_then_is_kept_readable(
    service: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    packed = gzip.compress(page("packed then"), mtime=0)
    archive.kept = [Kept(LIST, "20150310080000", packed, (*HTML, ("Content-Encoding", "gzip")))]
    record = crawl(backfill(services=[service]), data)
    (found,) = kept(data, record)
    assert found.body == page("packed then")
    assert header(found.headers, f"{SOURCE_HEADER}-Verified") == "yes", "the digest is that of the packed bytes"


def test_without_collapse_the_same_is_kept_again(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    record = crawl(backfill(collapse=False), data)
    assert stamps(kept(data, record)) == sorted([*OF_ALL, (f"{ITEM}garden-", "20160511120000")])


def test_a_store_that_is_lost_or_damaged_is_made_again_from_the_captures(
    archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    crawl(backfill(), data)
    for damage in (lambda path: path.unlink(), lambda path: path.write_bytes(b"this is no database" * 99)):
        damage(taken_path(data, "local-archive"))
        archive.asked.clear()
        assert crawl(backfill(), data).outcome == "complete"
        assert archive.pages_asked() == []


def test_full_asks_for_everything_again(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    crawl(backfill(), data)
    record = crawl(backfill(), data, full=True)
    assert stamps(kept(data, record)) == OF_ALL
    assert crawl(backfill(), data).captures == 0


def test_a_backfill_that_was_killed_is_continued(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    archive.kept = [Kept(f"{ITEM}item-{n}-", f"2016{n % 12 + 1:02d}10080000", page("item", n)) for n in range(40)]
    source = backfill({"delay": 0.1})

    class Hits:
        hits = property(lambda self: {"all": len(archive.asked)})

    crawling = Crawling(source, data, Hits(), 12)  # type: ignore[arg-type]
    os.kill(crawling.pid, signal.SIGKILL)
    killed = crawling.record()
    assert (killed.finish_reason, killed.verdict) == ("killed", "failed")
    asked = set(archive.pages_asked())
    assert len(asked) < 40
    archive.asked.clear()
    second = crawl(backfill(), data)
    assert second.outcome == "complete"
    assert len(asked & set(archive.pages_asked())) <= 2, "the one that was being written, and one under way"
    saved = read_record(data, "local-news", f"import-{killed.run_id}")
    assert saved is not None
    assert (saved.outcome, saved.finish_reason) == ("imported", "killed")
    assert len({*stamps(kept(data, killed)), *stamps(kept(data, second))}) == 40
    assert [run.outcome for run in run_records(data, "local-news")] == ["imported", "imported"]


def test_robots_of_the_archive_are_obeyed(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    archive.robots = "User-agent: *\nDisallow: /web/\n"
    record = crawl(backfill(), data)
    assert archive.pages_asked() == []
    assert record.errors == {"robots": 6}
    assert record.outcome == "empty"
    assert json.loads((data.captures("local-archive", record.run_id) / "run.json").read_text())["errors"] == {
        "robots": 6
    }


def test_no_folder_of_pages_is_left_without_a_page(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    archive.kept = []
    record = crawl(backfill(), data)
    assert record.outcome == "empty"
    assert not Path(data.root / "captures" / "local-news").exists()

"""Archives that misbehave: each fault has its class in run.json, and the run goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from archive import Archive, Fault, Kept, answering, ranges, replaying
from conftest import local_source
from test_archive import ITEM, LIST, MakeBackfill, archive, backfill, base, kept, page, stamps

from scrapers.captures.records import RunRecord
from scrapers.crawl import crawl
from warehouse.captures import read_captures
from warehouse.layout import DataFolder

__all__ = ["archive", "backfill", "base"]

OTHERS = [(f"{ITEM}garden-", "20150511120000"), (LIST, "20160310080000"), (LIST, "20170310080000")]
BAD = Kept(LIST, "20150310080000", page("the list of", 2015))
REPLAY = f"/web/{BAD.stamp}id_/{LIST}"
FILE_2015 = "/crawl-data/CC-MAIN-2015-05.warc.gz"


@pytest.fixture(autouse=True)
def four(archive: Archive) -> None:
    """Four captures; the one that misbehaves is `BAD`."""
    archive.kept = [Kept(url, stamp, page(url[-8:], stamp)) for url, stamp in OTHERS] + [BAD]


def goes_on(record: RunRecord, data: DataFolder, errors: dict[str, int]) -> None:
    """The run is whole, the fault is named, and all others are kept."""
    assert (record.outcome, record.finish_reason) == ("complete", "finished")
    assert record.errors == errors
    assert set(record.examples) == set(errors)
    assert stamps(kept(data, record)) == OTHERS


ERROR_PAGE = b"<html><title>Archive</title><h1>This address has been left out of the archive.</h1></html>"


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (answering(404), {"http 404": 1}),
        (answering(403), {"http 403": 1}),
        (answering(429), {"throttled": 1}),
        (answering(503), {"http 503": 1}),
        (answering(302, Location="/web/20160310080000id_/elsewhere"), {"archive redirect": 1}),
        (answering(200, ERROR_PAGE), {"archive error page": 1}),
        (replaying(Kept(LIST, "20150311000000", BAD.payload)), {"other record": 1}),
        (replaying(Kept(f"{LIST}-of-others", BAD.stamp, BAD.payload)), {"other record": 1}),
        (replaying(Kept(LIST, BAD.stamp, page("rewritten"))), {"digest mismatch": 1}),
        (replaying(Kept(LIST, BAD.stamp, b"")), {"digest mismatch": 1}),
    ],
    ids=["404", "403", "429", "503", "redirect", "error-page", "other-moment", "other-address", "other-bytes", "empty"],
)
def test_a_replay_that_is_not_the_capture(
    fault: Fault, errors: dict[str, int], archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    archive.faults[REPLAY] = fault
    record = crawl(backfill({"retries": 0}), data)
    if "throttled" in errors:  # who asks us to come less often may have hidden more
        assert record.outcome == "partial"
        record = record.model_copy(update={"outcome": "complete"})
    goes_on(record, data, errors)


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (ranges(cut=20), {"truncated record": 2}),
        (ranges(shift=3), {"other record": 2}),
        (answering(404), {"http 404": 2}),
        (answering(503), {"http 503": 2}),
        (answering(200, ERROR_PAGE), {"archive error page": 2}),
        (answering(206, b"<html>" + b"x" * 2000), {"other record": 2}),
        (answering(200, b"\x1f\x8b the whole file"), {"range ignored": 2}),
    ],
    ids=["cut", "shifted", "404", "503", "error-page", "other-length", "no-range"],
)
def test_a_range_that_is_not_the_record(
    fault: Fault, errors: dict[str, int], archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    archive.faults[FILE_2015] = fault
    record = crawl(backfill({"retries": 0}, services=["commoncrawl"]), data)
    assert record.outcome == "complete"
    assert record.errors == errors
    assert stamps(kept(data, record)) == OTHERS[1:]


def of_file(archive: Archive, change: Any) -> Fault:
    """Ranges of a file whose bytes were changed after the index was made."""
    content, places = archive.file("CC-MAIN-2015-05")
    start, length = places[BAD]
    changed = change(content, start, length)

    def fault(handler: Any) -> bool:
        handler.send_range(changed)
        return True

    return fault


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c, at, n: c[: at + n - 8] + bytes([c[at + n - 8] ^ 255]) + c[at + n - 7 :], "damaged record"),
        (lambda c, at, n: c[:at] + b"\0" * n + c[at + n :], "damaged record"),
        (None, "other record"),
    ],
    ids=["checksum", "zeros", "neighbour"],
)
def test_a_record_that_is_damaged_or_another(
    change: Any, reason: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    if reason == "other record":  # the place of the one holds the other, of the same length
        archive.kept = [k for k in archive.kept if k.stamp[:4] != "2015"]
        archive.kept += [Kept(f"{LIST}?a={n}", "20150310080000", page("same length", n)) for n in (1, 2)]
        content, places = archive.file("CC-MAIN-2015-05")
        (one, two) = (content[at : at + n] for at, n in places.values())
        assert len(one) == len(two)
        archive.faults[FILE_2015] = lambda handler: bool(handler.send_range(two + one)) or True
        errors = {reason: 2}
    else:
        archive.faults[FILE_2015] = of_file(archive, change)
        errors = {reason: 1}
    record = crawl(backfill(services=["commoncrawl"]), data)
    assert (record.outcome, record.errors) == ("complete", errors)
    assert all(place in stamps(kept(data, record)) for place in OTHERS[1:])


@pytest.mark.parametrize("service", ["wayback", "commoncrawl"])
def test_bytes_that_the_index_does_not_state_are_not_kept_and_in_the_end_not_asked_for(
    service: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    archive.stated[LIST, BAD.stamp] = "A" * 32
    goes_on(crawl(backfill(services=[service]), data), data, {"digest mismatch": 1})
    asked = []
    for _ in range(3):
        archive.asked.clear()
        record = crawl(backfill(services=[service]), data)
        asked.append(len(archive.pages_asked()))
        assert record.outcome == "complete"
    assert asked == [1, 1, 0], "three runs ask for it, the fourth does not"


@pytest.mark.parametrize("service", ["wayback", "commoncrawl"])
def test_what_an_archive_refuses_is_asked_for_again_another_day(
    service: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    name = REPLAY if service == "wayback" else FILE_2015
    for fault in (answering(200, ERROR_PAGE), answering(403), answering(503), answering(200, ERROR_PAGE)):
        archive.faults[name] = fault
        crawl(backfill({"retries": 0}, services=[service]), data)
    archive.faults.clear()
    crawl(backfill(services=[service]), data)
    assert crawl(backfill(services=[service]), data).items == 4
    found = [c for path in data.root.glob("captures/local-news/*/pages.warc.gz") for c in read_captures(path)]
    assert len(found) == 4


@pytest.mark.parametrize("service", ["wayback", "commoncrawl"])
def test_without_a_stated_digest_the_record_is_believed_and_says_so(
    service: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    archive.stated[LIST, BAD.stamp] = "-"
    record = crawl(backfill(services=[service]), data)
    assert (record.errors, record.captures) == ({}, 4)
    told = [dict(c.headers) for c in kept(data, record) if c.body == BAD.payload]
    assert [headers["X-Archive-Source-Verified"] for headers in told] == ["no"]
    assert "X-Archive-Source-Digest" not in told[0]


@pytest.mark.parametrize(
    ("service", "path"), [("wayback", "/cdx/search/cdx"), ("commoncrawl", "/CC-MAIN-2015-05-index")]
)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (answering(503), "http 503"),
        (answering(404), "http 404"),
        (answering(200, ERROR_PAGE), "archive error page"),
        (answering(200, b'[["timestamp","original"],["2015'), "damaged index"),
        (answering(200, b'{"surprise": [1, 2]'), "damaged index"),
        (answering(302, Location="/elsewhere"), "archive redirect"),
    ],
    ids=["503", "404", "error-page", "cut-array", "cut-object", "redirect"],
)
def test_an_index_that_does_not_answer(
    service: str, path: str, fault: Fault, reason: str, archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    archive.faults[path] = fault
    record = crawl(backfill({"retries": 0}, services=[service]), data)
    assert set(record.errors) == {reason}
    assert record.lost_lists
    found = stamps(kept(data, record))
    # Common Crawl has an index a year, and the others answer; Wayback has one.
    assert (record.outcome, found) == (("partial", OTHERS[1:]) if service == "commoncrawl" else ("failed", []))
    archive.faults.clear()
    again = crawl(backfill(services=[service]), data)
    assert again.outcome == "complete"
    assert len(found) + again.captures == 4


def test_a_list_of_crawls_that_does_not_come(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    archive.faults["/collinfo.json"] = answering(200, ERROR_PAGE)
    record = crawl(backfill(services=["commoncrawl", "wayback"]), data)
    assert (record.outcome, record.errors) == ("partial", {"archive error page": 1})
    assert record.captures == 4, "the other archive is asked all the same"


def test_rows_that_say_nothing_are_counted_and_left_out(
    archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    rows = [
        ["timestamp", "original", "digest"],
        ["20150310", LIST, BAD.digest],
        ["20150231080000", LIST, BAD.digest],
        [BAD.stamp, "javascript:alert(1)", BAD.digest],
        [BAD.stamp, None, BAD.digest],
        [BAD.stamp],
        [BAD.stamp, LIST, BAD.digest],
    ]
    archive.faults["/cdx/search/cdx"] = answering(200, json.dumps(rows).encode())
    record = crawl(backfill(addresses=[LIST]), data)
    assert record.errors == {"bad index row": 5}
    assert stamps(kept(data, record)) == [(LIST, BAD.stamp)]


def test_an_index_that_goes_in_circles_is_left(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    rows = [["timestamp", "original", "digest"], [BAD.stamp, LIST, BAD.digest], [], ["again"]]
    archive.faults["/cdx/search/cdx"] = answering(200, json.dumps(rows).encode())
    record = crawl(backfill(addresses=[LIST]), data)
    assert record.errors == {"paging without end": 1}
    assert (record.outcome, record.captures) == ("partial", 1)
    assert len([a for a in archive.asked if a.path.startswith("/cdx/")]) == 2


def test_an_archive_that_asks_for_patience_ends_the_run(
    archive: Archive, backfill: MakeBackfill, data: DataFolder
) -> None:
    archive.faults[REPLAY] = answering(429, Retry_After="3600")
    record = crawl(backfill(), data)
    assert (record.outcome, record.finish_reason) == ("partial", "throttled")
    assert "less often" in (record.likely_cause or "")
    again = crawl(backfill(), data)
    assert again.finish_reason == "throttled", "nor is it asked again before its time"


def test_a_file_name_of_an_index_leads_nowhere_else(archive: Archive, backfill: MakeBackfill, data: DataFolder) -> None:
    told = {"timestamp": BAD.stamp, "url": LIST, "status": "200", "digest": BAD.digest, "length": "10", "offset": "0"}
    names = ["../../etc/passwd", "//elsewhere.example/x", "http://elsewhere.example/x", "a/../../b", ""]
    body = b"\n".join(json.dumps(told | {"filename": name}).encode() for name in names)
    archive.faults["/CC-MAIN-2015-05-index"] = lambda handler: (
        False if "showNumPages" in handler.path else (handler.send(200, body, {}), True)[1]
    )
    record = crawl(backfill(services=["commoncrawl"], crawls=["CC-MAIN-2015-05"], addresses=[LIST]), data)
    assert record.errors == {"bad index row": 5}
    assert archive.pages_asked() == []


def test_an_archive_in_a_private_network_is_refused(backfill: MakeBackfill, archive: Archive, data: DataFolder) -> None:
    source = backfill({"retries": 0})
    assert local_source(8099).allow_private
    record = crawl(source.model_copy(update={"allow_private": False}), data)
    assert record.outcome == "failed"
    assert archive.asked == []

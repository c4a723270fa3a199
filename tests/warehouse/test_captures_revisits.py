from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from warc_parts import NOON, http, members, plain_record, read_bytes, split

from warehouse.captures import CaptureWriter, Reference, payload_digest, read_captures, resolve_from

URL = "https://example.org/list"
LATER = NOON + timedelta(days=1)


def write_revisit(path: Path, refers_to: datetime = NOON, digest: str = payload_digest(b"page")) -> Path:
    with CaptureWriter(path) as writer:
        writer.write_revisit(URL, LATER, URL, refers_to, digest, headers=[("ETag", "ü")])
    return path


def write_original(path: Path) -> Path:
    with CaptureWriter(path) as writer:
        writer.write_response(URL, NOON - timedelta(days=9), 200, [("Content-Type", "text/html")], b"older")
        writer.write_response(URL, NOON, 200, [("Content-Type", "text/html")], b"page")
        writer.write_response("https://example.org/other", NOON, 200, [], b"other")
    return path


def test_in_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    with CaptureWriter(path) as writer:
        writer.write_response(URL, NOON - timedelta(days=9), 200, [], b"older")
        writer.write_response(URL, NOON, 200, [("Content-Type", "text/html")], b"page")
        writer.write_revisit(URL, LATER, URL, NOON, payload_digest(b"page"))
    captures, faults = split(read_captures(path))
    assert faults == []
    found = captures[2]
    assert (found.record_type, found.status, found.captured_at, found.url) == ("revisit", 304, LATER, URL)
    assert (found.body, found.media_type) == (b"page", "text/html")


def test_in_an_earlier_run(tmp_path: Path) -> None:
    earlier, now = write_original(tmp_path / "1.warc.gz"), write_revisit(tmp_path / "2.warc.gz")
    captures, faults = split(read_captures(now, resolve=resolve_from([tmp_path / "none.warc.gz", earlier])))
    assert faults == []
    assert (captures[0].body, captures[0].media_type, captures[0].file) == (b"page", "text/html", str(now))
    assert captures[0].headers == (("ETag", "ü"),)


def test_by_digest_when_the_moment_does_not_match(tmp_path: Path) -> None:
    earlier = write_original(tmp_path / "1.warc.gz")
    now = write_revisit(tmp_path / "2.warc.gz", refers_to=NOON + timedelta(hours=3))
    captures, _ = split(read_captures(now, resolve=resolve_from([earlier])))
    assert captures[0].body == b"page"


def test_not_found_is_an_empty_body_and_a_fault_that_names_it(tmp_path: Path) -> None:
    asked: list[Reference] = []
    now = write_revisit(tmp_path / "2.warc.gz")
    captures, faults = split(read_captures(now, resolve=lambda reference: asked.append(reference)))
    assert [(c.record_type, c.body) for c in captures] == [("revisit", b"")]
    assert URL in faults[0].reason
    assert "2018-04-18 12:00:00" in faults[0].reason
    assert [(r.url, r.captured_at, r.digest) for r in asked] == [(URL, NOON, payload_digest(b"page"))]


def test_by_record_id_and_among_many_records_of_one_member(tmp_path: Path) -> None:
    record_id = "<urn:uuid:0c7a9d5e-0000-4000-8000-000000000001>"
    first = plain_record(http(b"first", "Content-Type: text/html"), url="https://example.org/1")
    noise = plain_record(http(b"noise")).replace(b"000000000001>", b"000000000002>")
    again = plain_record(b"", kind="revisit", fields=[f"WARC-Refers-To: {record_id}"])
    for data, name in ((first + noise + again, "x.warc"), (members(noise + first + noise, again), "x.warc.gz")):
        captures, faults = read_bytes(tmp_path, data, name)
        assert faults == []
        assert [c.body for c in captures if c.record_type == "revisit"] == [b"first"]


def test_a_revisit_that_refers_to_a_revisit_only_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    with CaptureWriter(path) as writer:
        writer.write_revisit(URL, NOON, URL, NOON, payload_digest(b"gone"))
        writer.write_revisit(URL, LATER, URL, NOON, payload_digest(b"gone"))
    captures, faults = split(read_captures(path))
    assert [c.body for c in captures] == [b"", b""]
    assert len(faults) == 2


def test_by_moment_alone_and_to_the_second(tmp_path: Path) -> None:
    older = plain_record(http(b"older"), url=URL, date="2018-04-18T12:00:00.250Z")
    newer = plain_record(http(b"newer"), url=URL, date="2018-04-19T12:00:00Z")
    refers = [f"WARC-Refers-To-Target-URI: {URL}", "WARC-Refers-To-Date: 2018-04-18T12:00:00Z"]
    again = plain_record(b"", url=URL, kind="revisit", fields=refers, date="2018-04-20T12:00:00Z")
    captures, faults = read_bytes(tmp_path, older + newer + again)
    assert faults == []
    assert [c.body for c in captures] == [b"older", b"newer", b"older"]

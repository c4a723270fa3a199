from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_parts import NOON, split
from warcio.archiveiterator import ArchiveIterator

from warehouse.captures import Capture, CaptureWriter, Fault, payload_digest, read_capture, read_captures

_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_moments = st.datetimes(NOON.replace(tzinfo=None, year=1996), NOON.replace(tzinfo=None, year=2100), timezones=_zones)
_printable = st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="\u0085")
_urls = st.text(_printable, min_size=1, max_size=60).map(lambda path: f"https://example.org/{path}")
_names = st.from_regex(r"X-[A-Za-z0-9-]{1,12}", fullmatch=True)
_values = st.text(_printable | st.just(" "), max_size=40).map(str.strip)
_headers = st.lists(st.tuples(_names, _values), max_size=5)
_bodies = st.binary(max_size=3000) | st.text(max_size=500).map(str.encode)


def write(path: Path, *pages: tuple[str, datetime, int | None, list[tuple[str, str]], bytes]) -> Path:
    with CaptureWriter(path) as writer:
        for page in pages:
            writer.write_response(*page)
    return path


@settings(max_examples=150, deadline=None)
@given(
    url=_urls,
    moment=_moments,
    status=st.none() | st.integers(100, 599),
    headers=_headers,
    body=_bodies,
    gz=st.booleans(),
)
def test_what_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory,
    url: str,
    moment: datetime,
    status: int | None,
    headers: list[tuple[str, str]],
    body: bytes,
    gz: bool,
) -> None:
    path = tmp_path_factory.mktemp("written") / ("pages.warc.gz" if gz else "pages.warc")
    given_headers = [("Content-Type", "text/html; charset=x"), *headers]
    write(path, (url, moment, status, given_headers, body))
    captures, faults = split(read_captures(path))
    assert faults == []
    stored = (*given_headers, ("Content-Length", str(len(body))))
    expected = Capture(
        url,
        moment.astimezone(UTC),
        "text/html; charset=x",
        body,
        status,
        "response",
        str(path),
        captures[0].offset,
        stored,
    )
    assert captures == [expected]


@settings(max_examples=60, deadline=None)
@given(
    url=st.text(max_size=80),
    headers=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=5),
    value=st.binary(max_size=30),
    body=st.binary(max_size=50),
)
def test_no_value_breaks_out_of_its_line(
    tmp_path_factory: pytest.TempPathFactory, url: str, headers: list[tuple[str, str]], value: bytes, body: bytes
) -> None:
    path = tmp_path_factory.mktemp("evil") / "pages.warc.gz"
    evil: list[tuple[str | bytes, str | bytes]] = [*headers, (b"X-Raw", value), ("X", "a\r\n\r\n<html>\r\nWARC/1.1")]
    with CaptureWriter(path) as writer:
        writer.write_response("https://example.org/" + url, NOON, 200, evil, body)
        writer.write_text("https://example.org/\r\nWARC-Type: x", NOON, "text")
    captures, faults = split(read_captures(path))
    assert faults == []
    assert [c.body for c in captures] == [body, b"text"]
    assert captures[1].url == "https://example.org/%0D%0AWARC-Type:%20x"


def test_headers_of_an_encoding_that_is_undone_are_kept_under_another_name(tmp_path: Path) -> None:
    sent = {"Content-Encoding": "gzip", "transfer-encoding": "chunked", "Content-Length": "17", "ETag": '"a"'}
    with CaptureWriter(tmp_path / "pages.warc.gz") as writer:
        writer.write_response("https://example.org/", NOON, 200, sent, b"<p>decoded</p>")
    captures, faults = split(read_captures(tmp_path / "pages.warc.gz"))
    assert faults == []
    assert captures[0].body == b"<p>decoded</p>"
    assert captures[0].headers == (
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("X-Archive-Orig-transfer-encoding", "chunked"),
        ("X-Archive-Orig-Content-Length", "17"),
        ("ETag", '"a"'),
        ("Content-Length", "14"),
    )


def test_warcio_reads_and_verifies_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    with CaptureWriter(path) as writer:
        writer.write_response("https://example.org/a", NOON, 200, [("Content-Encoding", "br")], b"page")
        writer.write_text("https://example.org/b", NOON, "Żywiec")
        writer.write_revisit("https://example.org/a", NOON, "https://example.org/a", NOON, payload_digest(b"page"))
    kinds, bodies = [], []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            kinds.append(record.rec_type)
            bodies.append(record.content_stream().read())
            assert record.rec_headers.protocol == "WARC/1.1"
    assert kinds == ["warcinfo", "response", "conversion", "revisit"]
    assert bodies[1:] == [b"page", "Żywiec".encode(), b""]


def test_same_pages_give_same_bytes(tmp_path: Path) -> None:
    pages = [(f"https://example.org/{i}", NOON, 200, [("Content-Type", "text/html")], b"%d" % i) for i in range(5)]
    one = write(tmp_path / "one" / "pages.warc.gz", *pages).read_bytes()
    assert write(tmp_path / "two" / "pages.warc.gz", *pages).read_bytes() == one
    script = """
import sys, pathlib, datetime
from warehouse.captures import CaptureWriter
with CaptureWriter(pathlib.Path(sys.argv[1])) as w:
    for i in range(5):
        moment = datetime.datetime(2018, 4, 18, 12, tzinfo=datetime.UTC)
        w.write_response(f"https://example.org/{i}", moment, 200, [("Content-Type", "text/html")], b"%d" % i)
"""
    third = tmp_path / "three" / "pages.warc.gz"
    subprocess.run([sys.executable, "-c", script, str(third)], check=True)
    assert third.read_bytes() == one


def test_offsets_given_are_those_of_the_records(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    with CaptureWriter(path) as writer:
        offsets = [writer.write_response(f"https://example.org/{i}", NOON, 200, [], b"x" * i) for i in range(9)]
    assert [c.offset for c in split(read_captures(path))[0]] == offsets
    found = read_capture(path, offsets[7])
    assert isinstance(found, Capture)
    assert found.body == b"x" * 7
    assert isinstance(read_capture(path, offsets[7] + 1), Fault)


def test_name_appears_at_a_clean_close_only(tmp_path: Path) -> None:
    path = tmp_path / "run" / "pages.warc.gz"
    with CaptureWriter(path) as writer:
        writer.write_response("https://example.org/", NOON, 200, [], b"x")
        assert [p.name for p in path.parent.iterdir()] == ["pages.warc.gz.part"]
        assert len(split(read_captures(writer.part))[0]) == 1, "each record is on disk when it was written"
    assert [p.name for p in path.parent.iterdir()] == ["pages.warc.gz"]


def test_after_an_exception_the_part_stays(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    with pytest.raises(KeyError), CaptureWriter(path) as writer:
        writer.write_response("https://example.org/", NOON, 200, [], b"x")
        raise KeyError
    assert [p.name for p in tmp_path.iterdir()] == ["pages.warc.gz.part"]


def test_a_run_without_pages_is_a_whole_file(tmp_path: Path) -> None:
    path = write(tmp_path / "pages.warc.gz")
    assert list(read_captures(path)) == []


def test_a_moment_without_zone_is_refused(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "pages.warc.gz") as writer, pytest.raises(ValueError, match="aware"):
        writer.write_response("https://example.org/", NOON.replace(tzinfo=None), 200, [], b"")

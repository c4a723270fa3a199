from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from warc_parts import NOON, by_warcio, chunked, http, members, plain_record, read_bytes, split

from warehouse.captures import MAX_BODY, read_capture, read_captures
from warehouse.captures.reading import parse_moment

PAGE = "<html><body><h1>Quartierfest in Neuchâtel</h1>{}</body></html>".format("<p>Alle sind da.</p>" * 200).encode()


def test_chunked_and_compressed_responses_of_another_writer(tmp_path: Path) -> None:
    headers = [
        ("Content-Type", "text/html; charset=UTF-8"),
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
    ]
    pages = [(f"https://example.org/{i}", chunked(gzip.compress(PAGE + b"%d" % i)), headers) for i in range(5)]
    captures, faults = read_bytes(tmp_path, by_warcio(pages), "crawl.warc.gz")
    assert faults == []
    assert [c.body for c in captures] == [PAGE + b"%d" % i for i in range(5)]
    assert {c.media_type for c in captures} == {"text/html; charset=UTF-8"}
    assert [c.url for c in captures] == [url for url, _, _ in pages]
    assert {(c.status, c.captured_at, c.record_type) for c in captures} == {(200, NOON, "response")}


@pytest.mark.parametrize("compressed", [True, False])
def test_offset_leads_back_to_the_capture(tmp_path: Path, compressed: bool) -> None:
    data = by_warcio([(f"https://example.org/{i}", b"body %d" % i, []) for i in range(4)], compressed)
    path = tmp_path / ("x.warc.gz" if compressed else "x.warc")
    captures, _ = read_bytes(tmp_path, data, path.name)
    starts = [data[c.offset : c.offset + 5] for c in captures]
    assert all(start[:2] == b"\x1f\x8b" if compressed else start == b"WARC/" for start in starts)
    assert [read_capture(path, c.offset) for c in captures] == captures


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])),
        ("GZip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("br", brotli.compress(PAGE)),
        ("gzip, br", brotli.compress(gzip.compress(PAGE))),
        ("identity", PAGE),
        ("gzip", PAGE),  # named, not used
        ("br", PAGE),
        ("utf-8", PAGE),
    ],
)
def test_content_codings(tmp_path: Path, coding: str, packed: bytes) -> None:
    captures, faults = read_bytes(tmp_path, plain_record(http(packed, f"Content-Encoding: {coding}")))
    assert faults == []
    assert captures[0].body == PAGE


def test_zstd(tmp_path: Path) -> None:
    zstd = pytest.importorskip("backports.zstd")
    packed = zstd.compress(PAGE)
    captures, faults = read_bytes(tmp_path, plain_record(http(packed, "Content-Encoding: zstd")))
    assert ([c.body for c in captures], faults) == ([PAGE], [])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (chunked(PAGE), PAGE),
        (chunked(b""), b""),
        (PAGE, PAGE),  # the header says chunked, the body is not: seen in exports of browsers
        (b"5;name=value\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", b"hello"),
        (b"5\nhello\n0\n\n", b"hello"),
        (b"-5\r\nhello", b"-5\r\nhello"),
        (b"FFFFFFFF\r\nhello", b"hello"),
    ],
)
def test_chunks(tmp_path: Path, body: bytes, expected: bytes) -> None:
    captures, _ = read_bytes(tmp_path, plain_record(http(body, "Transfer-Encoding: Chunked")))
    assert captures[0].body == expected


def test_a_body_cut_within_its_encoding_is_used_and_reported(tmp_path: Path) -> None:
    packed = gzip.compress(bytes(range(256)) * 400)
    captures, faults = read_bytes(tmp_path, plain_record(http(packed[:-9], "Content-Encoding: gzip")))
    assert 0 < len(captures[0].body) <= 256 * 400
    assert (bytes(range(256)) * 400).startswith(captures[0].body)
    assert "gzip body is damaged or cut" in faults[0].reason


def test_wget_style_http_1_0(tmp_path: Path) -> None:
    block = b"HTTP/1.0 200 OK\nServer: old\nContent-Type: text/html\n\n<p>fine</p>"
    captures, faults = read_bytes(tmp_path, plain_record(block, url="<https://example.org/wget>"))
    assert faults == []
    found = captures[0]
    assert (found.url, found.status, found.media_type, found.body) == (
        "https://example.org/wget",
        200,
        "text/html",
        b"<p>fine</p>",
    )


@pytest.mark.parametrize(
    ("block", "status", "body"),
    [
        (http(b"x", status="HTTP/1.1 "), None, b"x"),
        (http(b"x", status="HTTP/1.1 abc"), None, b"x"),
        (http(b"x", status="HTTP/1.1 404"), 404, b"x"),
        (http(b"x", status="http/2 200"), 200, b"x"),
        (b"<p>only a body</p>", None, b"<p>only a body</p>"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html", 200, b""),
        (b"", None, b""),
    ],
)
def test_odd_answers_are_tolerated(tmp_path: Path, block: bytes, status: int | None, body: bytes) -> None:
    captures, faults = read_bytes(tmp_path, plain_record(block))
    assert faults == []
    assert (captures[0].status, captures[0].body) == (status, body)


def test_text_records_as_in_wet_files(tmp_path: Path) -> None:
    record = plain_record("Réunion à Lublin\n".encode(), kind="conversion", media_type="text/plain")
    info = plain_record(b"robots: classic", url=None, kind="warcinfo", media_type="application/warc-fields")
    captures, faults = read_bytes(tmp_path, members(info, record), "pages.warc.wet.gz")
    assert faults == []
    assert [(c.record_type, c.media_type, c.status, c.body.decode()) for c in captures] == [
        ("conversion", "text/plain", None, "Réunion à Lublin\n")
    ]


def test_other_records_are_passed_over(tmp_path: Path) -> None:
    others = [plain_record(b"x" * 100, kind=kind) for kind in ("request", "metadata", "resource", "warcinfo")]
    dns = plain_record(b"20180418 example.org. 1 IN A 127.0.0.1", url="dns:example.org", media_type="text/dns")
    wanted = plain_record(http(b"wanted"))
    captures, faults = read_bytes(tmp_path, b"".join([*others, dns, wanted]))
    assert ([c.body for c in captures], faults) == ([b"wanted"], [])


def test_many_records_in_one_gzip_member(tmp_path: Path) -> None:
    records = [plain_record(http(b"body %d" % i), url=f"https://example.org/{i}") for i in range(20)]
    captures, faults = read_bytes(tmp_path, gzip.compress(b"".join(records)), "x.warc.gz")
    assert faults == []
    assert [c.body for c in captures] == [b"body %d" % i for i in range(20)]
    assert {c.offset for c in captures} == {0}


def test_name_says_gzip_and_bytes_do_not(tmp_path: Path) -> None:
    captures, faults = read_bytes(tmp_path, plain_record(http(b"plain")), "x.warc.gz")
    assert ([c.body for c in captures], faults) == ([b"plain"], [])
    captures, faults = read_bytes(tmp_path, members(plain_record(http(b"packed"))), "x.warc")
    assert ([c.body for c in captures], faults) == ([b"packed"], [])


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"hello\nworld\n" * 9,
        b"%PDF-1.7\n\x00\xff",
        gzip.compress(b"hello\n" * 99, mtime=0),
        b"\x1f\x8b",
    ],
)
def test_what_is_no_warc_is_one_fault(tmp_path: Path, name: str, data: bytes) -> None:
    captures, faults = read_bytes(tmp_path, data, name)
    assert captures == []
    assert [fault.offset for fault in faults] == [0]
    assert "not a WARC file" in faults[0].reason


def test_a_file_that_is_not_there_or_a_folder_is_a_fault(tmp_path: Path) -> None:
    for path in (tmp_path / "none.warc", tmp_path):
        _, faults = split(read_captures(path))
        assert "can not be read" in faults[0].reason
        assert faults[0].file == str(path)


def test_a_record_without_address_or_date_is_a_fault_and_the_rest_is_used(tmp_path: Path) -> None:
    data = (
        plain_record(http(b"1"), url=None)
        + plain_record(http(b"2"), date=None)
        + plain_record(http(b"3"), date="yesterday")
        + plain_record(http(b"4"))
    )
    captures, faults = read_bytes(tmp_path, data)
    assert [c.body for c in captures] == [b"4"]
    assert [("WARC-Target-URI" in f.reason, "WARC-Date" in f.reason) for f in faults] == [
        (True, False),
        (False, True),
        (False, True),
    ]


def test_a_truncated_fetch_is_used_and_reported(tmp_path: Path) -> None:
    captures, faults = read_bytes(tmp_path, plain_record(http(b"half a pa"), fields=["WARC-Truncated: length"]))
    assert captures[0].body == b"half a pa"
    assert "cut when it was fetched (length)" in faults[0].reason


BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda zeros: gzip.compress(zeros, 1),
    "br": lambda zeros: brotli.compress(zeros, quality=1),
    "deflate": lambda zeros: zlib.compress(zeros, 1),
    "gzip, gzip": lambda zeros: gzip.compress(gzip.compress(zeros, 1)),
}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_is_a_fault_and_memory_stays_flat(tmp_path: Path, coding: str) -> None:
    packed = BOMBS[coding](bytes(MAX_BODY * 4))
    data = plain_record(http(packed, f"Content-Encoding: {coding}")) + plain_record(http(b"after"))
    path = tmp_path / "bomb.warc"
    path.write_bytes(data)
    tracemalloc.start()
    captures, faults = split(read_captures(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [c.body for c in captures] == [b"after"]
    assert "over the limit" in faults[0].reason
    assert peak < MAX_BODY * 1.5


def test_a_member_of_gigabytes_is_passed_without_being_held(tmp_path: Path) -> None:
    size = 400 * 1024 * 1024
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    head = plain_record(b"", length=size, end=b"")
    pieces = [packer.compress(head)]
    pieces += [packer.compress(bytes(1024 * 1024)) for _ in range(size // (1024 * 1024))]
    pieces += [packer.compress(b"\r\n\r\n"), packer.flush()]
    (tmp_path / "x.warc.gz").write_bytes(b"".join(pieces) + members(plain_record(http(b"after"))))
    tracemalloc.start()
    captures, faults = split(read_captures(tmp_path / "x.warc.gz"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [c.body for c in captures] == [b"after"]
    assert "over the limit" in faults[0].reason
    assert peak < 2 * 1024 * 1024


def test_endless_headers_are_refused(tmp_path: Path) -> None:
    endless = b"WARC/1.0\r\n" + b"X: y\r\n" * 100_000
    long_line = b"WARC/1.0\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n"
    web = plain_record(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000)
    for data in (endless, long_line, web):
        captures, faults = read_bytes(tmp_path, data + b"\r\n\r\n" + plain_record(http(b"after")))
        assert [c.body for c in captures] == [b"after"]
        assert len(faults) == 1
        assert "longer than" in faults[0].reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018-04-18T12:00:00Z", datetime(2018, 4, 18, 12, tzinfo=UTC)),
        ("2018-04-18T12:00:00.123456789Z", datetime(2018, 4, 18, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2018-04-18T14:00:00+02:00", datetime(2018, 4, 18, 12, tzinfo=UTC)),
        ("2018-04-18T12:00:00", datetime(2018, 4, 18, 12, tzinfo=UTC)),
        ("2018-04-18", datetime(2018, 4, 18, tzinfo=UTC)),
        ("2018-04", datetime(2018, 4, 1, tzinfo=UTC)),
        ("2018", datetime(2018, 1, 1, tzinfo=UTC)),
        ("20180418120000", datetime(2018, 4, 18, 12, tzinfo=UTC)),
        ("", None),
        (None, None),
        ("0001-01-01T00:00:00+23:00", None),
        ("20181318120000", None),
        ("Wed, 18 Apr 2018", None),
    ],
)
def test_moments(text: str | None, expected: datetime | None) -> None:
    assert parse_moment(text) == expected


def test_an_address_is_never_a_path(tmp_path: Path) -> None:
    evil = ["file:///etc/passwd", "https://example.org/../../etc/passwd", "../../x", "https://example.org/\x00y"]
    data = b"".join(plain_record(http(b"x"), url=url) for url in evil)
    captures, _ = read_bytes(tmp_path, data)
    assert [c.url for c in captures] == evil
    assert [p.name for p in tmp_path.iterdir()] == ["x.warc"]

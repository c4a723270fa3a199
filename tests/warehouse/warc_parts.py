"""Records as other writers make them: parts for tests of reading. Nothing here uses our own writer."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.captures import Capture, Fault, read_captures

NOON = datetime(2018, 4, 18, 12, 0, tzinfo=UTC)


def plain_record(
    block: bytes,
    url: str | None = "https://example.org/page",
    kind: str = "response",
    fields: Iterable[str] = (),
    date: str | None = "2018-04-18T12:00:00Z",
    media_type: str = "application/http; msgtype=response",
    length: int | None = None,
    end: bytes = b"\r\n\r\n",
) -> bytes:
    """One record put together by hand, so that each part of it can be wrong."""
    lines = ["WARC/1.0", f"WARC-Type: {kind}", "WARC-Record-ID: <urn:uuid:0c7a9d5e-0000-4000-8000-000000000001>"]
    lines += [f"WARC-Target-URI: {url}"] if url is not None else []
    lines += [f"WARC-Date: {date}"] if date is not None else []
    lines += [f"Content-Type: {media_type}", f"Content-Length: {len(block) if length is None else length}", *fields]
    return "\r\n".join([*lines, "", ""]).encode() + block + end


def http(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    """An HTTP response as it came over the wire."""
    return "\r\n".join([status, *headers, "", ""]).encode("latin-1") + body


def chunked(body: bytes, size: int = 700) -> bytes:
    """A body in chunks, as Transfer-Encoding: chunked sends it."""
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def by_warcio(pages: Iterable[tuple[str, bytes, list[tuple[str, str]]]], compressed: bool = True) -> bytes:
    """A file written by warcio alone: a request beside each response, digests and all, as crawlers do."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=compressed, warc_version="1.0")
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "another crawler"}))
    for url, body, headers in pages:
        answer = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True)
        dated = {"WARC-Date": "2018-04-18T12:00:00Z"}
        response = writer.create_warc_record(
            url, "response", payload=BytesIO(body), length=len(body), http_headers=answer, warc_headers_dict=dict(dated)
        )
        request = writer.create_warc_record(url, "request", http_headers=asked, warc_headers_dict=dict(dated))
        writer.write_request_response_pair(request, response)
    return out.getvalue()


def split(found: Iterable[Capture | Fault]) -> tuple[list[Capture], list[Fault]]:
    """Captures and faults apart."""
    both = list(found)
    return [x for x in both if isinstance(x, Capture)], [x for x in both if isinstance(x, Fault)]


def read_bytes(folder: Path, data: bytes, name: str = "x.warc") -> tuple[list[Capture], list[Fault]]:
    """What reading a file of these bytes gives."""
    path = folder / name
    path.write_bytes(data)
    return split(read_captures(path))


def members(*records: bytes) -> bytes:
    """Each record in a gzip member of its own."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)

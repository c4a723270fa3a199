"""Captures into WARC 1.1 files that read back, byte for byte the same for the same pages.

What belongs here: the writer. What does not: what to fetch, and where a run's folder is.

Bodies come in decoded (Scrapy hands them over so), therefore the headers that told of the encoding are kept under
`X-Archive-Orig-*`, and Content-Length is that of what is stored. Record ids are made of address, moment and content,
and the gzip header has no time, so packing the same pages twice gives the same file.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.storage import StorageError, storing

Headers = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]

_HTTP = "application/http; msgtype=response"
_NO_LONGER_TRUE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_NO_TOKEN = re.compile(r"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_NOT_IN_A_LINE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_INFO = (
    "software: cityharvest\r\n"
    "format: WARC File Format 1.1\r\n"
    "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
)


def payload_digest(body: bytes) -> str:
    """The digest of a body as it stands in WARC-Payload-Digest: SHA-1 in base 32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


class CaptureWriter:
    """Writes one capture file; compressed when the name ends with `.gz`.

    Writes `<path>.part`, which is whole after each record (a killed run loses at most the record in hand), and renames
    it at a clean close. After an exception the `.part` stays, for `salvage`. Opening replaces an older `.part`.
    Raises StorageError when the disk does not take it; the `.part` then ends with the last whole record.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.part = path.with_name(f"{path.name}.part")
        self._gzip = is_packed(path.name)
        self._offset = 0
        with storing("captures", self.part):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.part.open("wb", buffering=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()

    def sync(self) -> None:
        """Have the disk keep what was written so far; what refers to it may be kept after this."""
        with storing("captures", self.part):
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Finish the file and give it its name."""
        if self._file.closed:
            return
        with self._file:
            self._ensure_info(datetime.now(UTC))
            with storing("captures", self.part):
                os.fsync(self._file.fileno())
        with storing("captures", self.path):
            self.part.replace(self.path)

    def write_response(self, url: str, captured_at: datetime, status: int | None, headers: Headers, body: bytes) -> int:
        """Keep a response, body decoded; gives the offset of its record. A status of None reads back as None."""
        block = _http_head(status, _stored_headers(headers, len(body))) + body
        fields = [("WARC-Payload-Digest", payload_digest(body))]
        return self._write("response", url, captured_at, _HTTP, block, fields)

    def write_revisit(
        self,
        url: str,
        captured_at: datetime,
        refers_to_url: str,
        refers_to_date: datetime,
        digest: str,
        status: int = 304,
        headers: Headers = (),
    ) -> int:
        """Keep that a page was the same as in an earlier capture, whose body has this `payload_digest`."""
        profile = "server-not-modified" if status == HTTPStatus.NOT_MODIFIED else "identical-payload-digest"
        fields = [
            ("WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}"),
            ("WARC-Refers-To-Target-URI", _uri(refers_to_url)),
            ("WARC-Refers-To-Date", _moment(refers_to_date)),
            ("WARC-Payload-Digest", _one_line(digest)),
        ]
        block = _http_head(status, _stored_headers(headers, None))
        return self._write("revisit", url, captured_at, _HTTP, block, fields)

    def write_text(self, url: str, captured_at: datetime, text: str | bytes) -> int:
        """Keep archived text (a WET record): UTF-8, or bytes as they are; gives the offset of its record."""
        block = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
        fields = [("WARC-Payload-Digest", payload_digest(block))]
        return self._write("conversion", url, captured_at, "text/plain", block, fields)

    def _write(
        self, kind: str, url: str, moment: datetime, media_type: str, block: bytes, fields: list[tuple[str, str]]
    ) -> int:
        self._ensure_info(moment)
        uri = _uri(url)
        record = _record(kind, uri, moment, media_type, block, [("WARC-Target-URI", uri), *fields])
        return self._append(_packed(record, self._gzip))

    def _ensure_info(self, moment: datetime) -> None:
        # Dated by the first capture and not by the clock, for the same pages to give the same bytes.
        if not self._offset:
            self._append(info_record(self.path.name, moment))

    def _append(self, packed: bytes) -> int:
        start, rest = self._offset, memoryview(packed)
        try:
            with storing("captures", self.part):
                while rest:
                    rest = rest[self._file.write(rest) or 0 :]
        except StorageError:
            self._file.truncate(start)
            self._file.seek(start)
            raise
        self._offset = self._file.tell()
        return start


def info_record(name: str, moment: datetime) -> bytes:
    """The warcinfo record that opens a file of this name, packed."""
    fields = [("WARC-Filename", _one_line(name))]
    return _packed(_record("warcinfo", "", moment, "application/warc-fields", _INFO.encode(), fields), is_packed(name))


def is_packed(name: str) -> bool:
    """Whether a file of this name holds gzip members."""
    return name.removesuffix(".part").endswith(".gz")


def _packed(record: ArcWarcRecord, gzip: bool) -> bytes:
    out = BytesIO()
    WARCWriter(out, gzip=gzip, warc_version="1.1").write_record(record)
    return out.getvalue()


def _record(
    kind: str, uri: str, moment: datetime, media_type: str, block: bytes, fields: list[tuple[str, str]]
) -> ArcWarcRecord:
    """A record for warcio to write; it adds Content-Length and the block digest.

    HTTP headers are part of the block and not handed over apart: warcio would rewrite those that are not ASCII.
    """
    date = _moment(moment)
    identity = uuid5(NAMESPACE_URL, "\n".join((kind, uri, date, payload_digest(block))))
    named = [("WARC-Type", kind), ("WARC-Record-ID", f"<urn:uuid:{identity}>")]
    headers = StatusAndHeaders("", [*named, ("WARC-Date", date), *fields], protocol="WARC/1.1")
    # Of what it takes for a revisit warcio writes no block at all, only HTTP headers that are handed over apart.
    known_as = "response" if kind == "revisit" else kind
    return ArcWarcRecord("warc", known_as, headers, BytesIO(block), None, media_type, len(block))


def _http_head(status: int | None, headers: list[tuple[str, str]]) -> bytes:
    try:
        phrase = HTTPStatus(status or 0).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status or 0:03d} {phrase}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("utf-8", "replace")


def _stored_headers(headers: Headers, length: int | None) -> list[tuple[str, str]]:
    """Headers as they are true of what is stored; those that are not are kept under another name."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    stored = []
    for raw_name, raw_value in pairs:
        name, value = _NO_TOKEN.sub("", _text(raw_name)), _one_line(_text(raw_value))
        if name.lower() in _NO_LONGER_TRUE and length is not None:
            if value == str(length) and name.lower() == "content-length":
                continue
            name = f"X-Archive-Orig-{name}"
        if name:
            stored.append((name, value))
    return stored if length is None else [*stored, ("Content-Length", str(length))]


def _text(value: str | bytes) -> str:
    if isinstance(value, str):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _one_line(value: str) -> str:
    return _NOT_IN_A_LINE.sub(" ", value).strip()


def _uri(url: str) -> str:
    """The address with nothing in it that would end a header line: space and control characters percent-encoded."""
    return _UNSAFE.sub(lambda found: quote(found[0], errors="replace"), url.strip())


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"a capture needs an aware moment, not {moment.isoformat()}")
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"

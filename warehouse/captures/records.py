"""WARC records one after the other: headers parsed, block complete and checked, or a Fault.

What belongs here: the frame of a record (named fields, Content-Length, block digest). What does not: HTTP, captures.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeadersParser

from warehouse.captures.framing import Stream, open_stream
from warehouse.captures.model import MAX_BODY, DamageError, Fault

MAX_HEADERS = 256 * 1024
MAX_BLOCK = MAX_BODY + 8 * MAX_HEADERS
CAPTURE_TYPES = frozenset({"response", "revisit", "conversion"})
_OTHER_TYPES = frozenset({"warcinfo", "request", "metadata", "resource", "continuation"})

_Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record. `end` is the offset behind its block, or behind its gzip member."""

    offset: int
    headers: _Headers
    block: bytes
    end: int

    def get(self, name: str) -> str | None:
        """A named field, whatever its case; None when it is not there."""
        return header(self.headers, name)

    @property
    def type(self) -> str:
        """WARC-Type in lower case."""
        return (self.get("WARC-Type") or "").lower()

    @property
    def url(self) -> str | None:
        """WARC-Target-URI, without the angle brackets that some wget versions put around it."""
        return bare_uri(self.get("WARC-Target-URI"))


def header(headers: _Headers, name: str) -> str | None:
    """The first header of that name, whatever its case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def bare_uri(value: str | None) -> str | None:
    """An address without angle brackets; None when nothing is left."""
    value = (value or "").strip()
    return (value[1:-1] if value.startswith("<") and value.endswith(">") else value) or None


def read_records(path: Path, offset: int = 0, name: str | None = None) -> Iterator[Record | Fault]:
    """All records of a file from an offset on; a Fault for each damaged one.

    The block of a record that is no capture (request, metadata, ...) is passed over and empty here. Never raises for
    what a file holds; a file that can not be opened or read is a Fault as well.
    """
    name = path.name if name is None else name
    try:
        with path.open("rb") as file:
            yield from _records(open_stream(file, path.name.removesuffix(".part"), offset), name)
    except OSError as error:
        yield Fault(name, offset, f"file can not be read: {error.strerror or error}")


def _records(stream: Stream, name: str) -> Iterator[Record | Fault]:
    origin, seen, guessed = stream.start, False, False
    while True:
        headers: _Headers | None = None
        try:
            if not stream.next_record():
                break
            headers = _read_headers(stream)
            yield _read_block(stream, headers, name)
            guessed = False
        except DamageError as damage:
            # What only looks like a record inside a damaged region belongs to the fault already given.
            if headers is not None or not guessed:
                yield Fault(name, stream.start, str(damage) if seen or headers else f"not a WARC file: {damage}")
            guessed = not stream.self_checking
            if not stream.resync(stream.start):
                return
        seen = True
    if not seen:
        yield Fault(name, origin, "not a WARC file: there is nothing in it")


def _read_headers(stream: Stream) -> _Headers:
    lines, size = [stream.line(MAX_HEADERS)], 0
    if not lines[0].upper().startswith(b"WARC/"):
        raise DamageError(f"expected a record, found {lines[0][:40]!r}")
    while lines[-1].strip(b"\r\n"):
        lines.append(stream.line(MAX_HEADERS))
        if not lines[-1].endswith(b"\n"):
            raise DamageError("record is cut in its headers")
        size += len(lines[-1])
        if size > MAX_HEADERS:
            raise DamageError(f"headers are longer than {MAX_HEADERS} bytes")
    parsed = StatusAndHeadersParser([], verify=False).parse(BytesIO(b"".join(lines)))
    headers = tuple(parsed.headers)
    if header(headers, "WARC-Type") is None:
        raise DamageError("record has no WARC-Type")
    return headers


def _read_block(stream: Stream, headers: _Headers, name: str) -> Record | Fault:
    at = stream.start
    record = Record(at, headers, b"", at)
    length = _content_length(record)
    wanted = record.type in CAPTURE_TYPES
    too_big = wanted and length > MAX_BLOCK
    block = stream.take(length, keep=wanted and not too_big)
    end = stream.end
    intact = digest_holds(record.get("WARC-Block-Digest"), block) if wanted and not too_big else None
    try:
        stream.end_record()
    except DamageError:
        # A digest that holds proves this record; then what follows is a damage of its own.
        if stream.self_checking or not intact:
            raise
    if not wanted and record.type not in _OTHER_TYPES:
        return Fault(name, at, f"record is of a type that WARC does not have: {record.type[:40]!r}")
    if too_big:
        return Fault(name, at, f"record of {length} bytes is over the limit of {MAX_BLOCK}")
    if intact is False:
        return Fault(name, at, "block digest does not match: the record was changed or damaged")
    return Record(at, headers, block, stream.end if stream.self_checking else end)


def _content_length(record: Record) -> int:
    text = (record.get("Content-Length") or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise DamageError(f"record has no usable Content-Length ({text[:20]!r})")
    return int(text)


def digest_holds(declared: str | None, data: bytes) -> bool | None:
    """Whether a digest such as `sha1:3I42...` fits the data; None when there is none or it can not be judged.

    Writers use base 32 (most), base 16 and base 64.
    """
    algorithm, _, value = (declared or "").strip().partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if not value or algorithm not in {"md5", "sha1", "sha256", "sha512"}:
        return None
    expected = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    for decode in (_base16, base64.b32decode, base64.b64decode):
        try:
            found = decode(value + "=" * (-len(value) % 8) if decode is base64.b32decode else value)
        except (ValueError, binascii.Error):
            continue
        if len(found) == len(expected):
            return found == expected
    return None


def _base16(value: str) -> bytes:
    return base64.b16decode(value, casefold=True)

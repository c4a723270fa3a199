"""An HTTP message as a record holds it: status, headers, and the body free of chunks and compression.

What belongs here: HTTP framing and content codings, within a limit, so that a small body that stands for gigabytes
never fills memory. What does not: WARC, character sets.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import brotli  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeadersParser

from warehouse.captures.model import MAX_BODY
from warehouse.captures.records import MAX_HEADERS, header

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_STEP = 64 * 1024
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")
_END_OF_HEADERS = re.compile(rb"\n[ \t]*\r?\n")
_STATUS = re.compile(r"\s*(\d{3})(?!\d)")


class PayloadError(Exception):
    """A body that can not be given at all; says why."""


class BodyLimitError(PayloadError):
    """A body that is larger than the limit once its coding is undone."""


@dataclass(frozen=True, slots=True)
class Message:
    """An HTTP response; `remark` says what is wrong with a body that could be used in part."""

    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    remark: str | None = None


def read_message(block: bytes) -> Message:
    """Read a response as it came over the wire; PayloadError when the body is over the limit or can not be decoded.

    A block without a status line (HTTP/0.9, or a writer that kept the body only) is all body. A header that promises
    chunks or compression where there is none is not believed.
    """
    if not block[:5].upper().startswith(b"HTTP/"):
        return Message(None, (), bounded(block))
    end = _END_OF_HEADERS.search(block, 0, MAX_HEADERS)
    if end is None and len(block) > MAX_HEADERS:
        raise PayloadError(f"HTTP headers are longer than {MAX_HEADERS} bytes")
    stream = BytesIO(block[: end.end()] if end else block)
    parsed = StatusAndHeadersParser([], verify=False).parse(stream)
    headers = tuple(parsed.headers)
    body, remark = block[stream.tell() :], None
    if "chunked" in (header(headers, "Transfer-Encoding") or "").lower():
        body, remark = _dechunk(body)
    for coding in reversed(_codings(headers)):
        body, damage = _decode(coding, body)
        remark = damage or remark
    return Message(_status(parsed.statusline), headers, bounded(body), remark)


def _status(line: str) -> int | None:
    found = _STATUS.match(line)
    return int(found[1]) if found and found[1] >= "100" else None


def _codings(headers: tuple[tuple[str, str], ...]) -> list[str]:
    """Content codings in the order in which they were applied, and those named as transfer codings after them."""
    names = [header(headers, "Content-Encoding") or "", header(headers, "Transfer-Encoding") or ""]
    return [name.strip().lower() for name in ",".join(names).split(",") if name.strip().lower() in _INFLATERS]


def bounded(body: bytes) -> bytes:
    """The body; PayloadError when it is over the limit."""
    if len(body) > MAX_BODY:
        raise PayloadError(f"body is over the limit of {MAX_BODY} bytes")
    return body


def undo_codings(codings: Iterable[str], body: bytes, limit: int = MAX_BODY) -> tuple[bytes, str | None]:
    """A body without its content codings (named in the order in which they were applied), and what was wrong with it.

    Unknown codings end it there: what is under them is given as it is, with a remark. Raises BodyLimitError as soon as
    more than `limit` bytes come out, so a small body never becomes a large one in memory.
    """
    remark = None
    for coding in reversed([name.strip().lower() for name in codings]):
        if coding in ("", "identity"):
            continue
        if coding not in _INFLATERS:
            return body, f"coding {coding[:20]!r} is not known"
        was = body
        body, damage = _decode(coding, body, limit)
        if body is was and was.startswith(_MAGIC.get(coding, b"\0none")):
            damage = f"{coding} body is damaged from its start"
        remark = damage or remark
    return body, remark


def _dechunk(data: bytes) -> tuple[bytes, str | None]:
    pieces: list[bytes] = []
    at = 0
    while True:
        end = data.find(b"\n", at, at + 1024)
        size = _CHUNK_SIZE.fullmatch(data[at:end].split(b";")[0].strip()) if end >= 0 else None
        if size is None:
            if not pieces:
                return data, None
            return b"".join(pieces), f"chunks are damaged or cut after {sum(len(p) for p in pieces)} bytes"
        length, start = int(size[0], 16), end + 1
        if not length:
            return b"".join(pieces), None
        pieces.append(data[start : start + length])
        at = start + length
        at += 2 if data[at : at + 2] == b"\r\n" else data[at : at + 1] == b"\n"


def _decode(coding: str, data: bytes, limit: int = MAX_BODY) -> tuple[bytes, str | None]:
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _INFLATERS[coding](data):
            size += len(piece)
            if size > limit:
                raise BodyLimitError(f"body is over the limit of {limit} bytes when its {coding} is undone")
            pieces.append(piece)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        # Nothing came out: it never was compressed, as with servers that name a coding they do not use.
        if not size:
            return data, None
        return b"".join(pieces), f"{coding} body is damaged or cut after {size} bytes ({error or 'ends early'})"
    return b"".join(pieces), None


def _zlib(data: bytes, window: int) -> Iterator[bytes]:
    while data:
        inflater = zlib.decompressobj(window)
        while not inflater.eof:
            piece = inflater.decompress(data, _STEP)
            data = inflater.unconsumed_tail
            if piece:
                yield piece
            elif not inflater.eof and not data:
                raise EOFError
        # Several members may follow each other; what is no member is padding.
        data = inflater.unused_data if window > zlib.MAX_WBITS and inflater.unused_data[:2] == b"\x1f\x8b" else b""


def _gzip(data: bytes) -> Iterator[bytes]:
    return _zlib(data, 16 + zlib.MAX_WBITS)


def _deflate(data: bytes) -> Iterator[bytes]:
    # The standard means zlib; some servers send bare deflate. The two header bytes tell.
    is_zlib = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] * 256 + data[1]) % 31 == 0
    return _zlib(data, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


def _brotli(data: bytes) -> Iterator[bytes]:
    inflater = brotli.Decompressor()
    piece = inflater.process(data, output_buffer_limit=_STEP)
    while piece or not inflater.is_finished():
        if not piece and inflater.can_accept_more_data():
            raise EOFError
        yield piece
        piece = inflater.process(b"", output_buffer_limit=_STEP)


def _zstd(data: bytes) -> Iterator[bytes]:
    inflater: Any = zstd.ZstdDecompressor()
    while not inflater.eof:
        piece = inflater.decompress(data, _STEP)
        data = b""
        if piece:
            yield piece
        elif inflater.needs_input and not inflater.eof:
            raise EOFError


_INFLATERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}

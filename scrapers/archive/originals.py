"""An answer of an archive back into the capture as it was made, or the reason why it is none.

What belongs here: checking that a replay or a record is the one that was asked for, whole and with the bytes that the
index states. What does not: asking, keeping, what the page says.

    archive error page      a page of the archive itself, with status 200
    range ignored           the whole file, or what begins like one, instead of a range of it
    other record            a capture of another address or moment, or no answer of a site at all
    truncated record        a range that ends early, or a record that is cut
    damaged record          bytes that are no record
    digest mismatch         not the bytes that the index states
    bomb                    more than the limit, once its coding is undone

A record is read by our own reader of WARC and not by warcio's iterator, which gives a cut record short without a word.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from pipelines.read.addresses import parse_address
from scrapers.archive.rows import ERROR_PAGE, Row
from warehouse.captures import BodyLimitError, Fault, payload_digest, undo_codings
from warehouse.captures.payload import PayloadError, read_message
from warehouse.captures.reading import parse_moment
from warehouse.captures.records import Record, digest_holds, header, read_records

Headers = tuple[tuple[str, str], ...]
OTHER, TRUNCATED, MISMATCH, NO_RANGE = "other record", "truncated record", "digest mismatch", "range ignored"
PASSING = (ERROR_PAGE, NO_RANGE)
"""Classes that tell of the archive and not of the capture: they say nothing against asking for it again."""
SOURCE_HEADER = "X-Archive-Source"
"""Headers of this beginning say where a kept capture came from; a site's own of that name are dropped."""
_REPLAYED = "x-archive-orig-"
_ORIGINAL = re.compile(r'<([^<>]+)>\s*;[^<,]*rel="?original"?')
_GZIP = b"\x1f\x8b"
_END_OF_HEAD = b"\r\n\r\n"


class NotOriginalError(Exception):
    """An answer that is not the capture; `reason` is its class in the run record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Original:
    """A capture as it was made. `headers` with those that say where it came from; `body` free of codings."""

    url: str
    moment: datetime
    status: int
    headers: Headers
    body: bytes


def from_replay(row: Row, headers: Headers, body: bytes, wire: tuple[str, bool], address: str, limit: int) -> Original:
    """The capture of a replay of Wayback; NotOriginalError when it is none.

    `wire`: digest of the body as it came, and whether it was coded on the way; `body` is free of that coding. When only
    bytes without their first coding can be had, their digest says nothing: the capture is kept as not verified.
    """
    digest, was_coded = wire
    original = _unprefixed(headers)
    is_replay = bool(original) or header(headers, "Memento-Datetime") is not None
    digests = {digest, payload_digest(body)}
    holds = f"sha1:{row.digest}" in digests if row.digest else None
    if not is_replay and not holds:
        raise NotOriginalError(ERROR_PAGE)
    if _is_other(row, headers):
        raise NotOriginalError(OTHER)
    codings = (header(original, "Content-Encoding") or "").split(",")
    was_framed = any(name.strip() for name in codings) or header(original, "Transfer-Encoding") is not None
    if holds is False and not was_framed:
        raise NotOriginalError(MISMATCH)
    if not was_coded:
        body = _decoded(codings, body, limit)
    kind = header(headers, "Content-Type")
    typed = () if header(original, "Content-Type") or not kind else (("Content-Type", kind),)
    told = _provenance(row, address, holds)
    return Original(row.url, row.moment, 200, (*original, *typed, *told), body)


def from_range(row: Row, status: int, content_range: str | None, block: bytes, address: str) -> Original:
    """The capture of a range of a file of Common Crawl; NotOriginalError when it is none."""
    if status != 206:
        raise NotOriginalError(NO_RANGE if block.startswith(_GZIP) else ERROR_PAGE)
    if len(block) < row.length:
        raise NotOriginalError(TRUNCATED)
    begins = re.match(r"bytes (\d+)-", content_range or "")
    if len(block) > row.length or (begins and int(begins[1]) != row.offset):
        raise NotOriginalError(OTHER)
    record = _record(block)
    moment = parse_moment(record.get("WARC-Date"))
    if record.type != "response" or moment is None or not _is_same(row, record.url, moment):
        raise NotOriginalError(OTHER)
    try:
        message = read_message(record.block)
    except PayloadError:
        raise NotOriginalError("bomb") from None
    if message.status != 200:
        raise NotOriginalError(OTHER)
    holds = _holds(row.digest, [record.block.partition(_END_OF_HEAD)[2], message.body])
    if holds is False:
        raise NotOriginalError(MISMATCH)
    told = _provenance(row, address, holds, record)
    return Original(row.url, moment, 200, (*_own(message.headers), *told), message.body)


def _record(block: bytes) -> Record:
    """The one record of a range; as a file, which is what our reader of WARC takes."""
    with tempfile.TemporaryDirectory(prefix="cityharvest-") as folder:
        path = Path(folder) / "range.warc.gz"
        path.write_bytes(block)
        found = next(iter(read_records(path)), None)
    if isinstance(found, Record):
        return found
    is_cut = isinstance(found, Fault) and "cut" in found.reason
    raise NotOriginalError(TRUNCATED if is_cut else "damaged record")


def _is_same(row: Row, url: str | None, moment: datetime | None) -> bool:
    """Whether address and moment (to the second) are those of the row; what is not stated is not held against it."""
    is_then = moment is None or moment.replace(microsecond=0) == row.moment
    return is_then and (url is None or url == row.url or parse_address(url).page_key == parse_address(row.url).page_key)


def _is_other(row: Row, headers: Headers) -> bool:
    """Whether a replay says itself that it is of another address or moment (RFC 7089)."""
    moment = _http_moment(header(headers, "Memento-Datetime"))
    link = _ORIGINAL.search(header(headers, "Link") or "")
    return not _is_same(row, link[1] if link else None, moment)


def _http_moment(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC) if found else None


def _holds(digest: str, bodies: Sequence[bytes]) -> bool | None:
    """Whether the digest of an index is that of one of these bytes; None when it states none."""
    return any(digest_holds(f"sha1:{digest}", body) for body in bodies) if digest else None


def _decoded(codings: Sequence[str], body: bytes, limit: int) -> bytes:
    try:
        found, remark = undo_codings(codings, body, limit)
    except BodyLimitError:
        raise NotOriginalError("bomb") from None
    if remark:
        raise NotOriginalError(TRUNCATED)
    return found


def _unprefixed(headers: Headers) -> Headers:
    """The headers that the site sent, which a replay gives under another name."""
    cut = len(_REPLAYED)
    return _own(tuple((name[cut:], value) for name, value in headers if name.lower().startswith(_REPLAYED)))


def _own(headers: Headers) -> Headers:
    return tuple(pair for pair in headers if not pair[0].lower().startswith(SOURCE_HEADER.lower()))


def _provenance(row: Row, address: str, holds: bool | None, record: Record | None = None) -> Headers:
    """Where a capture came from, as headers of what is kept."""
    told = {
        "": row.service,
        "-URI": address,
        "-Range": f"bytes={row.offset}-{row.offset + row.length - 1}" if row.file else "",
        "-Record-ID": (record.get("WARC-Record-ID") if record else None) or "",
        "-Truncated": (record.get("WARC-Truncated") if record else None) or "",
        "-Digest": row.digest,
        "-Verified": "yes" if holds else "no",
    }
    return tuple((f"{SOURCE_HEADER}{name}", value) for name, value in told.items() if value)

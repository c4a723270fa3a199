"""Capture files as captures and faults.

What belongs here: from a record to a Capture, and the search for the capture that a revisit refers to. What does not:
the bytes of a file, HTTP, what a page says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from warehouse.captures.model import Capture, Fault
from warehouse.captures.payload import Message, PayloadError, bounded, read_message
from warehouse.captures.records import CAPTURE_TYPES, Record, bare_uri, header, read_records

_OF_A_RUN = "pages.warc.gz"  # of captures/<source>/<run_id>/; elsewhere a file has no earlier runs
_NO_DATE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a revisit says of the capture that it refers to; every part may be missing."""

    url: str | None
    captured_at: datetime | None
    digest: str | None
    record_id: str | None = None


Resolve = Callable[[Reference], Capture | None]


def read_captures(path: Path, resolve: Resolve | None = None) -> Iterator[Capture | Fault]:
    """All captures of one file (`.warc`, `.warc.gz`, `.warc.wet.gz`) in order, and a Fault for what could not be read.

    Streams: memory holds one record, and an index of offsets for revisits. A revisit is given the body of the capture
    it refers to, from this file or from `resolve`; when neither has it, an empty body, and a Fault that names it.
    Without a `resolve` the file of a run (`captures/<source>/<run_id>/pages.warc.gz`) asks the other runs of its
    source.
    A body that could be used in part is given, followed by a Fault. Never raises for what a file holds, nor for a file
    that can not be opened. `file` of what is given is `str(path)`.
    """
    index = _Index()
    resolve = resolve or resolve_from(_other_runs(path))
    for record in read_records(path, name=str(path)):
        if isinstance(record, Fault):
            yield record
        elif record.type in CAPTURE_TYPES:
            yield from _captures(record, path, index, resolve)


def read_capture(path: Path, offset: int) -> Capture | Fault:
    """The capture at an offset that `read_captures` or a writer gave; a revisit keeps an empty body."""
    for record in read_records(path, offset, name=str(path)):
        found = record if isinstance(record, Fault) else next(_single(record, path), None)
        return found or Fault(str(path), offset, "no capture at this offset")
    return Fault(str(path), offset, "no capture at this offset")


def resolve_from(paths: Iterable[Path]) -> Resolve:
    """A `resolve` that looks into other capture files, such as earlier runs of a source.

    A file is indexed when what is looked for was in none before it, so the likeliest come first.
    """
    index = _Index()
    waiting = iter(paths)

    def resolve(reference: Reference) -> Capture | None:
        found = index.find(reference)
        while found is None and (path := next(waiting, None)):
            index.add_file(path)
            found = index.find(reference)
        return found

    return resolve


def _other_runs(path: Path) -> Iterator[Path]:
    """The files of the other runs of a source: the earlier ones first, from the latest back; then the later ones."""
    if path.name != _OF_A_RUN or path.absolute().parent.parent.parent.name != "captures":
        return
    others = sorted(path.parent.parent.glob(f"*/{_OF_A_RUN}"), reverse=True)
    yield from (other for other in others if other.parent.name < path.parent.name)
    yield from (other for other in others if other.parent.name > path.parent.name)


def _captures(record: Record, path: Path, index: _Index, resolve: Resolve | None) -> Iterator[Capture | Fault]:
    for found in _single(record, path):
        if isinstance(found, Capture) and found.record_type == "revisit":
            yield from _revisit(found, _reference(record), index, resolve)
        else:
            if isinstance(found, Capture):
                index.add(record, path)
            yield found


def _single(record: Record, path: Path) -> Iterator[Capture | Fault]:
    """The capture of a record, with an empty body for a revisit, and faults."""
    name, url, moment = str(path), record.url, parse_moment(record.get("WARC-Date"))
    if record.type not in CAPTURE_TYPES or _is_not_web(url):
        return
    if url is None or moment is None:
        yield Fault(name, record.offset, f"record has no usable {'WARC-Target-URI' if url is None else 'WARC-Date'}")
        return
    try:
        message = _message(record)
    except PayloadError as error:
        yield Fault(name, record.offset, f"{error} ({url})")
        return
    kind = (header(message.headers, "Content-Type") or "").strip()
    yield Capture(url, moment, kind, message.body, message.status, record.type, name, record.offset, message.headers)
    for remark in (message.remark, _truncated(record)):
        if remark:
            yield Fault(name, record.offset, f"{remark}; what is there is used ({url})")


def _is_not_web(url: str | None) -> bool:
    return url is not None and url.lower().startswith(("dns:", "whois:", "ntp:", "metadata:", "urn:"))


def _truncated(record: Record) -> str | None:
    if (segment := record.get("WARC-Segment-Number")) is not None:
        return f"record is segment {segment} of a split one"
    reason = record.get("WARC-Truncated")
    return f"body was cut when it was fetched ({reason})" if reason else None


def _message(record: Record) -> Message:
    kind = record.get("Content-Type") or ""
    if record.type == "conversion" or (kind and not kind.lower().startswith("application/http")):
        return Message(None, (("Content-Type", kind),), bounded(record.block))
    if record.type == "revisit":
        # A revisit repeats the headers of the answer, often those of a body that it does not carry.
        return replace(read_message(record.block.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"), body=b"", remark=None)
    return read_message(record.block)


def _revisit(found: Capture, wanted: Reference, index: _Index, resolve: Resolve | None) -> Iterator[Capture | Fault]:
    original = index.find(wanted) or (resolve(wanted) if resolve else None)
    if original is None:
        of = f"{wanted.url or found.url} of {wanted.captured_at or 'an unknown moment'}"
        yield found
        yield Fault(found.file, found.offset, f"revisit refers to a capture that is not here: {of}")
        return
    kind = found.media_type or original.media_type
    yield replace(found, body=original.body, media_type=kind)


def _reference(record: Record) -> Reference:
    url = bare_uri(record.get("WARC-Refers-To-Target-URI"))
    moment = parse_moment(record.get("WARC-Refers-To-Date"))
    return Reference(url, moment, record.get("WARC-Payload-Digest"), record.get("WARC-Refers-To"))


def parse_moment(text: str | None) -> datetime | None:
    """A WARC-Date (ISO 8601, any precision that WARC 1.1 allows, or 14 digits) as aware UTC; None when it is none."""
    text = (text or "").strip()
    try:
        if text.isascii() and text.isdigit() and len(text) == 14:
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if len(text) in (4, 7):
            text += "-01-01"[: 10 - len(text)]
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class _Index:
    """Where the captures are that a revisit may refer to: by record id, by address and moment, by payload digest."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, ...], tuple[Path, int]] = {}

    def add(self, record: Record, path: Path) -> None:
        """Remember a record; the latest of the same key wins."""
        url, moment = record.url or "", parse_moment(record.get("WARC-Date")) or _NO_DATE
        for key in _keys(url, moment, record.get("WARC-Payload-Digest"), record.get("WARC-Record-ID")):
            self._places[key] = (path, record.offset)

    def add_file(self, path: Path) -> None:
        """Remember all captures with a body of a file."""
        for record in read_records(path):
            if isinstance(record, Record) and record.type in CAPTURE_TYPES - {"revisit"}:
                self.add(record, path)

    def find(self, wanted: Reference) -> Capture | None:
        """The capture, read again from its file; None when it is not known."""
        for key in _keys(wanted.url or "", wanted.captured_at, wanted.digest, wanted.record_id):
            if (place := self._places.get(key)) and (found := _read_at(*place, key)) is not None:
                return found
        return None


def _keys(url: str, moment: datetime | None, digest: str | None, record_id: str | None) -> list[tuple[str, ...]]:
    keys: list[tuple[str, ...]] = []
    if record_id:
        keys.append(("id", record_id.strip()))
    if url and moment:
        # Seconds only: a WARC 1.0 writer cuts the fraction when it refers to a capture.
        keys.append(("at", url, moment.replace(microsecond=0).isoformat()))
    if digest:
        keys.append(("digest", digest.strip().lower()))
    return keys


def _read_at(path: Path, offset: int, key: tuple[str, ...]) -> Capture | None:
    for record in read_records(path, offset, name=str(path)):
        if isinstance(record, Fault) or record.offset != offset:
            return None
        moment = parse_moment(record.get("WARC-Date"))
        if key in _keys(record.url or "", moment, record.get("WARC-Payload-Digest"), record.get("WARC-Record-ID")):
            found = next(_single(record, path), None)
            return found if isinstance(found, Capture) else None
    return None

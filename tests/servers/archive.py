"""A local archive of the web on loopback, of both kinds, made of captures that a test gives it.

    /cdx/search/cdx                 index of the Wayback kind: JSON arrays, collapse, from, to, resumeKey
    /web/{stamp}id_/{address}       replay of the bytes as they were captured
    /collinfo.json                  the crawls of the Common Crawl kind, one a year
    /CC-MAIN-{year}-05-index        their indexes: JSON lines, pages
    /crawl-data/{crawl}.warc.gz     their files, by range

The same captures give the same bytes. `faults` says which paths misbehave (with their query, or for any); a path that
ends with `*` stands for all that begin so. It keeps what it was asked (`asked`: path with query, status, range).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from loopback import LoopbackServer, QuietHandler, running

HTML = (("Content-Type", "text/html; charset=utf-8"), ("Server", "a site of then"))
_REPLAY = re.compile(r"/web/(?P<stamp>\d{14})id_/(?P<url>.+)")
_INDEX = re.compile(r"/(?P<crawl>CC-MAIN-\d{4}-05)-index")


@dataclass(frozen=True)
class Kept:
    """One capture in the archive; `payload` as it came over the wire then, coded if `headers` say so."""

    url: str
    stamp: str
    payload: bytes
    headers: tuple[tuple[str, str], ...] = HTML
    status: int = 200

    @property
    def digest(self) -> str:
        """As an index states it."""
        return base64.b32encode(hashlib.sha1(self.payload).digest()).decode()

    @property
    def moment(self) -> datetime:
        """When it was captured."""
        return datetime.strptime(self.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    @property
    def bare(self) -> str:
        """Its address without scheme, by which an index sorts."""
        return self.url.partition("://")[2]


class Asked(NamedTuple):
    """One request as it was answered."""

    path: str
    status: int
    range: str | None


Fault = Callable[["Handler"], bool]
"""Answers instead of the archive and gives True, or gives False to let the archive answer."""


@dataclass
class Archive:
    """What is archived, and how the archive misbehaves. page_size: rows on a page of a Common Crawl index."""

    kept: list[Kept] = field(default_factory=list)
    faults: dict[str, Fault] = field(default_factory=dict)
    stated: dict[tuple[str, str], str] = field(default_factory=dict)  # (address, stamp) -> digest in the indexes
    page_size: int = 3
    robots: str = "User-agent: *\nAllow: /\n"
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def listed(self, query: dict[str, str]) -> list[Kept]:
        """Captures that a query is about, by address and moment."""
        address = query["url"].partition("://")[2] or query["url"]
        is_prefix = query.get("matchType") == "prefix"
        first, last = query.get("from", "0").ljust(14, "0"), query.get("to", "9").ljust(14, "9")
        found = [k for k in self.kept if (k.bare.startswith(address) if is_prefix else k.bare == address)]
        found = [k for k in found if k.status == 200 and first <= k.stamp <= last]
        return sorted(found, key=lambda k: (k.bare, k.stamp))

    def digest(self, kept: Kept) -> str:
        """The digest that the indexes state."""
        return self.stated.get((kept.url, kept.stamp), kept.digest)

    def wayback(self, query: dict[str, str]) -> bytes:
        """An answer of the index of the Wayback kind."""
        found: list[Kept] = []
        for kept in self.listed(query):
            before = found[-1] if found else None
            is_same = before and before.bare == kept.bare and self.digest(before) == self.digest(kept)
            if not (query.get("collapse") == "digest" and is_same):
                found.append(kept)
        start, size = int(query.get("resumeKey", "0")), int(query.get("limit", "100000"))
        names = query.get("fl", "urlkey,timestamp,original,mimetype,statuscode,digest,length").split(",")
        table = [names, *([self.told(kept)[name] for name in names] for kept in found[start : start + size])]
        if query.get("showResumeKey") and start + size < len(found):
            table += [[], [str(start + size)]]
        return json.dumps(table if found else []).encode()

    def told(self, kept: Kept) -> dict[str, str]:
        """What the index of the Wayback kind says of a capture."""
        length = str(len(kept.payload))
        told = {"timestamp": kept.stamp, "original": kept.url, "digest": self.digest(kept), "length": length}
        return told | {"urlkey": kept.bare, "mimetype": "text/html", "statuscode": str(kept.status)}

    def crawls(self) -> list[str]:
        """The crawls of the Common Crawl kind."""
        return sorted({f"CC-MAIN-{kept.stamp[:4]}-05" for kept in self.kept})

    def file(self, crawl: str) -> tuple[bytes, dict[Kept, tuple[int, int]]]:
        """The file of a crawl, and where each capture is in it."""
        out, places = b"", {}
        for kept in sorted((k for k in self.kept if crawl[8:12] == k.stamp[:4]), key=lambda k: (k.bare, k.stamp)):
            packed = gzip.compress(warc_record(kept), mtime=0)
            places[kept] = (len(out), len(packed))
            out += packed
        return out, places

    def commoncrawl(self, crawl: str, query: dict[str, str]) -> tuple[int, bytes]:
        """Status and answer of the index of a crawl."""
        _, places = self.file(crawl)
        found = [kept for kept in self.listed(query) if kept in places]
        if query.get("showNumPages"):
            pages = -(-len(found) // self.page_size)
            return 200, json.dumps({"pages": pages, "pageSize": 1, "blocks": pages}).encode()
        page = int(query.get("page", "0"))
        shown = found[page * self.page_size : (page + 1) * self.page_size]
        if not shown:
            return 404, json.dumps({"message": f"No Captures found for: {query['url']}"}).encode()
        return 200, b"".join(self.line(crawl, kept, places[kept]) for kept in shown)

    def line(self, crawl: str, kept: Kept, place: tuple[int, int]) -> bytes:
        """What the index of the Common Crawl kind says of a capture."""
        told = {"urlkey": kept.bare, "timestamp": kept.stamp, "url": kept.url, "mime": "text/html", "status": "200"}
        where = {"length": str(place[1]), "offset": str(place[0]), "filename": f"crawl-data/{crawl}.warc.gz"}
        return json.dumps(told | {"digest": self.digest(kept)} | where).encode() + b"\n"

    def record_path(self, kept: Kept) -> str:
        """Where the replay of a capture is."""
        return f"/web/{kept.stamp}id_/{kept.url}"

    def pages_asked(self) -> list[str]:
        """What was asked for beside indexes and robots.txt."""
        return [a.path for a in self.asked if a.path.startswith(("/web/", "/crawl-data/"))]


class Handler(QuietHandler):
    """Answers for one archive; misbehaviours write through it as well."""

    protocol_version = "HTTP/1.1"
    archive: Archive

    def do_GET(self) -> None:
        try:
            fault = self.fault()
            if not (fault and fault(self)):
                self.as_it_should_be()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def fault(self) -> Fault | None:
        """The misbehaviour of this path."""
        faults, path = self.archive.faults, unquote(self.path)
        named = faults.get(path) or faults.get(path.partition("?")[0])
        begun = (fault for name, fault in faults.items() if name.endswith("*") and path.startswith(name[:-1]))
        return named or next(begun, None)

    def as_it_should_be(self) -> None:
        """An answer of the archive as it is documented."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/robots.txt":
            self.send(200, self.archive.robots.encode(), {"Content-Type": "text/plain"})
        elif parts.path == "/cdx/search/cdx":
            self.send(200, self.archive.wayback(query), {"Content-Type": "application/json"})
        elif parts.path == "/collinfo.json":
            told = [{"id": crawl, "name": crawl} for crawl in reversed(self.archive.crawls())]
            self.send(200, json.dumps(told).encode(), {"Content-Type": "application/json"})
        elif index := _INDEX.fullmatch(parts.path):
            status, body = self.archive.commoncrawl(index["crawl"], query)
            self.send(status, body, {"Content-Type": "text/x-ndjson"})
        elif parts.path.startswith("/crawl-data/"):
            self.send_range(self.archive.file(parts.path.split("/")[2].removesuffix(".warc.gz"))[0])
        else:
            self.replay()

    def replay(self) -> None:
        """The capture that the path names, or 404."""
        found = _REPLAY.fullmatch(unquote(self.path))
        kept = next(
            (k for k in self.archive.kept if found and (k.url, k.stamp) == (found["url"], found["stamp"])), None
        )
        if kept is None:
            self.send(404, b"<html><title>Not archived</title></html>", {"Content-Type": "text/html"})
        else:
            self.send(200, kept.payload, replayed(kept))

    def send_range(self, content: bytes, cut: int = 0, shift: int = 0) -> None:
        """A part of a file, ending early or beginning elsewhere when told so."""
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not found:
            self.send(200, content, {"Content-Type": "application/gzip"})
            return
        start, end = int(found[1]) + shift, int(found[2]) + 1 + shift
        told = {"Content-Range": f"bytes {start}-{end - 1 - cut}/{len(content)}", "Content-Type": "application/gzip"}
        self.send(206, (content + bytes(shift))[start : end - cut], told)

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Write an answer."""
        with self.archive.lock:
            self.archive.asked.append(Asked(unquote(self.path), status, self.headers.get("Range")))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def warc_record(kept: Kept) -> bytes:
    """A capture as a record of WARC 1.0, made by hand: what reads it must not be what wrote it."""
    named = "".join(f"{name}: {value}\r\n" for name, value in kept.headers)
    block = f"HTTP/1.1 {kept.status} OK\r\n{named}\r\n".encode() + kept.payload
    identity = hashlib.sha256(f"{kept.stamp} {kept.url}".encode()).hexdigest()[:32]
    told = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:{identity}>",
        "WARC-Date": f"{kept.moment:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Target-URI": kept.url,
        "WARC-Payload-Digest": f"sha1:{kept.digest}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def replayed(kept: Kept) -> dict[str, str]:
    """The headers of a replay: those of the site under another name, and those of RFC 7089."""
    coding = {name: value for name, value in kept.headers if name.lower() in ("content-type", "content-encoding")}
    told = {"Memento-Datetime": format_datetime(kept.moment, usegmt=True), "Link": f'<{kept.url}>; rel="original"'}
    return coding | {f"x-archive-orig-{name.lower()}": value for name, value in kept.headers} | told


@contextmanager
def archived(archive: Archive) -> Iterator[str]:
    """Serve an archive on a free port of loopback; gives its address."""
    with running(LoopbackServer(type("ArchiveHandler", (Handler,), {"archive": archive}))) as server:
        yield server.url


def answering(status: int, body: bytes = b"<html><h1>Not now</h1></html>", **headers: str) -> Fault:
    """Always this answer."""

    def fault(handler: Handler) -> bool:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.send(status, body, {"Content-Type": "text/html"} | named)
        return True

    return fault


def ranges(cut: int = 0, shift: int = 0) -> Fault:
    """Ranges that end early, or begin elsewhere."""

    def fault(handler: Handler) -> bool:
        crawl = urlsplit(handler.path).path.split("/")[2].removesuffix(".warc.gz")
        handler.send_range(handler.archive.file(crawl)[0], cut, shift)
        return True

    return fault


def replaying(other: Kept) -> Fault:
    """The replay of another capture than the one that was asked for."""

    def fault(handler: Handler) -> bool:
        handler.send(200, other.payload, replayed(other))
        return True

    return fault

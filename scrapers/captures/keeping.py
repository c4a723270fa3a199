"""Keeping: every response of a source's own pages into its WARC, and the counts of the run.

What belongs here: writing captures and revisits, counting, and handing validators on once their capture is on the disk.
What does not: which pages are asked for (spiders), and how the run is judged (`records`, `trust`).

A page that only leads on to others, such as a list on the way to articles that are a source of their own, is counted
as passed and not kept: the source that owns it keeps it. So an import and a crawl put a page in the same place.

A body that this address gave before, in this run or in an earlier one, is not kept again: the record is a revisit that
refers to the first capture, of profile server-not-modified for a 304 and identical-payload-digest for the same bytes.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.http import Response

from pipelines.read.addresses import parse_address
from scrapers.asking.conditional import KNOWN
from scrapers.asking.validators import Known, Outline, Validators
from scrapers.source import Source
from warehouse.captures import CaptureWriter, StorageError, payload_digest
from warehouse.layout import DataFolder

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

STAGED = "staged_page"
"""Key of `request.meta`: what will be known of the address, once its spider has read the page."""
_OFTEN, _MANY = 2.0, 100  # seconds, rows: what a killed crawl may have to ask for again


class Keeper:
    """Writes and counts. `on_full` is called once when the disk does not take a capture.

    captures: records written; unusable: those of them that hold no page (errors, redirects).
    """

    def __init__(self, source: Source, data: DataFolder, run_id: str, full: bool = False) -> None:
        self.source = source
        self.validators = Validators(data, source.key, run_id, full)
        self.on_full: Callable[[str], None] = lambda message: None
        self.broken: str | None = None
        self.responses: Counter[str] = Counter()
        self.requests = self.captures = self.unusable = self.unchanged = self.passed = self.bytes = 0
        self._run_id = run_id
        self._first: dict[tuple[str, str], Known] = {}
        self._writer = CaptureWriter(data.captures(source.key, run_id) / "pages.warc.gz")
        self._stored_at = time.monotonic()

    @property
    def successes(self) -> int:
        """Answers that could be used."""
        return sum(n for status, n in self.responses.items() if status.startswith("2") or status == "304")

    def keep(self, request: Request, response: Response, moment: datetime) -> None:
        """Write one response, or that it is what this address gave before; count it in any case."""
        self.responses[str(response.status)] += 1
        page = _Page(request, response, moment)
        if self.source.best_match(page.url) is None:
            self.passed += 1
            known = page.known if page.status == 304 else page.first(None, None)
            if known:
                page.stage(known)
            return
        if self.broken:
            return
        with self.noticing():
            self._write(page)

    def learn(self, request: Request, outline: Outline, reader: str) -> None:
        """Remember what a page led to: only one that was read has validators."""
        staged: Known | None = request.meta.get(STAGED)
        if staged is None or self.broken:
            return
        self.validators.add(replace(staged, outline=outline, reader=reader))
        if self.validators.waiting >= _MANY or time.monotonic() - self._stored_at > _OFTEN:
            with self.noticing():
                self._writer.sync()
                self.validators.commit()
            self._stored_at = time.monotonic()

    @contextmanager
    def noticing(self) -> Iterator[None]:
        """A disk that takes no more ends the crawl, once."""
        try:
            yield
        except StorageError as error:
            self.broken = str(error)
            self.on_full(self.broken)

    def close(self) -> None:
        """Finish the file; one of no captures is removed. Then the validators are true."""
        if self.captures:
            self._writer.close()
            self.validators.vouch()
        else:
            self._writer.part.unlink(missing_ok=True)
        self.validators.close()

    def _write(self, page: _Page) -> None:
        if page.status == 304:
            known = page.known
            if known is None or known.run_id is None:
                return  # an answer to a question that was not asked; the spider counts it as a fault
        else:
            known = self._earlier(page)
        if known:
            self._revisit(page, known)
        else:
            offset = self._writer.write_response(page.url, page.moment, page.status, page.headers, page.body)
            known = page.first(self._run_id, offset)
            self._first[page.url, known.digest] = known
        page.stage(known)
        self.captures += 1
        self.unusable += not page.is_usable
        self.bytes += len(page.body)

    def _earlier(self, page: _Page) -> Known | None:
        """The capture of the same bytes of this address, of this run or of an earlier one."""
        digest = payload_digest(page.body)
        if first := self._first.get((page.url, digest)):
            return first
        known = self.validators.find(page.url) if page.status == 200 else None
        same = known and known.run_id and known.digest == digest and known.sha256 == page.sha256
        return known if same else None

    def _revisit(self, page: _Page, known: Known) -> None:
        moment, first, digest = page.moment, known.captured_at, known.digest
        self._writer.write_revisit(page.url, moment, page.url, first, digest, page.status, page.headers)
        self.unchanged += 1


class _Page:
    """A response and its request, as it is kept."""

    def __init__(self, request: Request, response: Response, moment: datetime) -> None:
        self.request, self.moment = request, moment
        self.url: str = request.url
        self.status: int = response.status
        self.body: bytes = response.body
        self.headers = [(name, value) for name, values in response.headers.items() for value in values]
        self.known: Known | None = request.meta.get(KNOWN)

    @property
    def is_usable(self) -> bool:
        """Whether there is a page in it, or known to be what it was."""
        return 200 <= self.status < 300 or self.status == 304

    @property
    def sha256(self) -> str:
        """Of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The first header of that name, as text."""
        wanted = name.lower().encode()
        found = next((value for key, value in self.headers if key.lower() == wanted), None)
        return found.decode("latin-1") if found else None

    def first(self, run_id: str | None, offset: int | None) -> Known:
        """What is known of an address whose body is kept at this place, or nowhere."""
        return Known(self.url, None, None, self.sha256, payload_digest(self.body), self.moment, run_id, offset)

    def stage(self, known: Known) -> None:
        """Note what will be known of the address; a 304 need not repeat the validators that it confirms."""
        if self.status not in (200, 304):
            return
        etag, modified = self.header("ETag"), self.header("Last-Modified")
        if self.status == 304:
            etag, modified = etag or known.etag, modified or known.last_modified
        self.request.meta[STAGED] = replace(known, etag=etag, last_modified=modified)


class KeepResponses:
    """Downloader middleware between decompression and redirects: hands every response to the spider's keeper."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        spider: Any = crawler.spider
        return cls(spider.keeper)

    def process_request(self, request: Request) -> None:
        """Count it as sent."""
        self._keeper.requests += 1
        request.meta.pop(STAGED, None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep it, unless it is robots.txt, which is no page."""
        if parse_address(request.url).path != "/robots.txt":
            self._keeper.keep(request, response, datetime.now(UTC))
        return response

"""Keeping: every response of a source's own pages into its WARC, and the counts of the run.

What belongs here: writing captures and counting. What does not: which pages are asked for (spiders), and how the run
is judged (`records`).

A page that only leads on to others, such as a list on the way to articles that are a source of their own, is counted
as passed and not kept: the source that owns it keeps it. So an import and a crawl put a page in the same place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.http import Response

from pipelines.read.addresses import parse_address
from scrapers.source import Source
from warehouse.captures import CaptureWriter, StorageError, payload_digest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Keeper:
    """Writes and counts. `on_full` is called once when the disk does not take a capture."""

    def __init__(self, source: Source, path: Path) -> None:
        self.source = source
        self.on_full: Callable[[str], None] = lambda message: None
        self.broken: str | None = None
        self.responses: Counter[str] = Counter()
        self.requests = self.captures = self.unchanged = self.passed = self.bytes = 0
        self._first: dict[tuple[str, str], datetime] = {}
        self._writer = CaptureWriter(path)

    @property
    def successes(self) -> int:
        """Answers that could be used."""
        return sum(n for status, n in self.responses.items() if status.startswith("2") or status == "304")

    def keep(self, url: str, response: Response, moment: datetime) -> None:
        """Write one response, or that it is what this address gave before in this run; count it in any case."""
        self.responses[str(response.status)] += 1
        if self.source.best_match(url) is None:
            self.passed += 1
            return
        if self.broken:
            return
        try:
            self._write(url, response, moment)
        except StorageError as error:
            self.broken = str(error)
            self.on_full(self.broken)

    def close(self) -> None:
        """Finish the file; one of no captures is removed."""
        if self.captures:
            self._writer.close()
        else:
            self._writer.part.unlink(missing_ok=True)

    def _write(self, url: str, response: Response, moment: datetime) -> None:
        headers = [(name, value) for name, values in response.headers.items() for value in values]
        digest = payload_digest(response.body)
        first = self._first.setdefault((url, digest), moment)
        if first is moment:
            self._writer.write_response(url, moment, response.status, headers, response.body)
        else:
            self._writer.write_revisit(url, moment, url, first, digest, response.status, headers)
            self.unchanged += 1
        self.captures += 1
        self.bytes += len(response.body)


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

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep it, unless it is robots.txt, which is no page."""
        if parse_address(request.url).path != "/robots.txt":
            self._keeper.keep(request.url, response, datetime.now(UTC))
        return response

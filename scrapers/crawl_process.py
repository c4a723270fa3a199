"""The process of one crawl: `python -m scrapers.crawl_process`, started by `crawl` and by nobody else.

What belongs here: taking the order from the first line of standard input, holding the source's lock, running Scrapy,
writing `run.json`. What does not: choosing what to crawl, salvage.

Scrapy runs once in a process, hence a process a crawl. It ends early, with a partial run, on SIGTERM and SIGINT and
when standard input closes, which it does when the one who gave the order is gone. The lock is held here and not by the
one who orders: who writes, holds.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from scrapy.crawler import CrawlerProcess

from scrapers.archive.keeping import ArchiveKeeper
from scrapers.asking.hosts import HostBook
from scrapers.asking.politeness import scrapy_settings
from scrapers.browsing.browser import rendering
from scrapers.captures.keeping import Keeper
from scrapers.captures.records import RunRecord, judge, run_records, write_record
from scrapers.source import Source
from scrapers.spiders import spider_of
from scrapers.spiders.base import HarvestSpider
from scrapers.spiders.look import LookSpider
from scrapers.trust.refused import HOME
from scrapers.trust.verdict import judged
from warehouse.layout import DataFolder
from warehouse.locks import Held, hold

HELD = 75
"""Exit code when another run holds the source (EX_TEMPFAIL); no other exit code means anything."""
_REFUSED = ("captcha", "login page", "cookie wall", "error page", "throttled", HOME)
"""Classes that tell of a site that did not want to show its pages: then absence says nothing."""

_MOST = 0.5  # share of the details asked for: more than that lost is a bad day, not pages that are gone


class Order(BaseModel):
    """What to crawl, and into which run; `full`: every page is asked for and kept, changed or not.

    `look`: the start page and what it offers. `book`: the folder whose book of hosts counts, else `data`.
    """

    source: Source
    data: Path
    run_id: str
    full: bool = False
    look: bool = False
    book: Path | None = None


def main() -> int:
    """Crawl as ordered on standard input."""
    order = Order.model_validate_json(sys.stdin.readline())
    data = DataFolder(order.data)
    try:
        with hold(data.lock(order.source.key), f"crawl {order.run_id}", wait=False):
            run(order, data)
    except Held as held:
        sys.stderr.write(f"{held}\n")
        return HELD
    return 0


def run(order: Order, data: DataFolder) -> RunRecord:
    """Crawl, close the captures, write the record; the caller holds the lock."""
    source, started = order.source, datetime.now(UTC)
    # The book before the captures: a folder that takes no book leaves no half run.
    book = HostBook(DataFolder(order.book or order.data))
    keeper = (ArchiveKeeper if source.archive else Keeper)(source, data, order.run_id, order.full)
    process = CrawlerProcess(rendering(source, scrapy_settings(source)))
    crawler = process.create_crawler(LookSpider if order.look else spider_of(source.strategy))
    process.crawl(crawler, source=source, keeper=keeper, book=book)
    threading.Thread(target=_stop_when_alone, args=(process,), daemon=True).start()
    process.start()
    keeper.close()
    book.close()
    record = _record(order, started, keeper, crawler.spider)
    record = judged(record, run_records(data, source.key), source.thresholds.min_entries)
    write_record(data, record)
    return record


def _stop_when_alone(process: CrawlerProcess) -> None:
    """Wait for standard input to close, then end the crawl as a signal would."""
    while os.read(0, 4096):  # not through sys.stdin, whose lock a thread that waits would keep beyond the end
        pass
    from twisted.internet import reactor  # importing it earlier would install the wrong one

    running: Any = reactor
    running.callFromThread(process.stop)


def _record(order: Order, started: datetime, keeper: Keeper, spider: Any) -> RunRecord:
    record = RunRecord(
        run_id=order.run_id,
        source=order.source.key,
        outcome="failed",
        finish_reason="never opened",
        started_at=started,
        finished_at=datetime.now(UTC),
        requests=keeper.requests,
        responses=dict(keeper.responses),
        captures=keeper.captures,
        new=keeper.captures - keeper.unchanged,
        unchanged=keeper.unchanged,
        passed=keeper.passed,
        bytes=keeper.bytes,
        full=order.full,
    )
    return _told(record, spider, keeper.successes, keeper.unusable) if spider else record


def _told(record: RunRecord, spider: HarvestSpider, answers: int, unusable: int) -> RunRecord:
    """The record with what the spider knows."""
    errors = spider.errors.copy()
    late = spider.redirects.late  # taken for pages until it was seen where everything leads
    errors[HOME] += late
    errors = +errors
    lost = [url for walk in spider.walks for url in walk.lost.values()]
    reason = spider.finish_reason or "never opened"
    held = getattr(spider, "held", 0)  # of an archive: listed and kept by an earlier run, so not asked for again
    most_details = spider.lost_details if spider.lost_details > len(spider.asked) * _MOST else 0
    lists = len(lost) + sum(errors[name] for name in _REFUSED) + most_details
    told = {
        "finish_reason": reason,
        "outcome": judge(
            reason, record.captures - unusable + held, answers - spider.refused - late, errors.total(), lists
        ),
        "links": len(spider.asked),
        "lost_details": spider.lost_details,
        "items": len(set().union(*(walk.seen for walk in spider.walks))),
        "errors": dict(errors),
        "examples": spider.examples,
        "lost_lists": lost,
    }
    return record.model_copy(update=told)


if __name__ == "__main__":
    sys.exit(main())

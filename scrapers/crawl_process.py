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

from scrapers.keeping import Keeper
from scrapers.politeness import scrapy_settings
from scrapers.records import RunRecord, judge, write_record
from scrapers.source import Source
from scrapers.spiders.liferay import LiferaySpider
from warehouse.layout import DataFolder
from warehouse.locks import Held, hold

HELD = 75
"""Exit code when another run holds the source (EX_TEMPFAIL); no other exit code means anything."""
_SPIDERS = {"liferay": LiferaySpider}


class Order(BaseModel):
    """What to crawl, and into which run."""

    source: Source
    data: Path
    run_id: str


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
    keeper = Keeper(source, data.captures(source.key, order.run_id) / "pages.warc.gz")
    process = CrawlerProcess(scrapy_settings(source))
    crawler = process.create_crawler(_SPIDERS[source.strategy])
    process.crawl(crawler, source=source, keeper=keeper)
    threading.Thread(target=_stop_when_alone, args=(process,), daemon=True).start()
    process.start()
    keeper.close()
    record = _record(order, started, keeper, crawler.spider)
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
    reason = getattr(spider, "finish_reason", None) or "never opened"
    lost = [url for walk in spider.walks for url in walk.lost.values()] if spider else []
    errors = dict(spider.errors) if spider else {"never opened": 1}
    return RunRecord(
        run_id=order.run_id,
        source=order.source.key,
        outcome=judge(reason, keeper.captures, keeper.successes, sum(errors.values()), len(lost)),
        finish_reason=reason,
        started_at=started,
        finished_at=datetime.now(UTC),
        requests=keeper.requests,
        responses=dict(keeper.responses),
        captures=keeper.captures,
        new=keeper.captures - keeper.unchanged,
        unchanged=keeper.unchanged,
        passed=keeper.passed,
        bytes=keeper.bytes,
        links=len(spider.asked) if spider else 0,
        errors=errors,
        lost_lists=lost,
    )


if __name__ == "__main__":
    sys.exit(main())

"""A look at one page before there is a source of it: one polite crawl of the page and of what it offers.

What belongs here: the source that stands in for the one to be made, the scratch folder, and what came of the look. What
does not: the spider (`spiders.look`), what to make of the captures (`proposal`).

    <data>/scratch/captures/<key>/<run_id>/    captures, record and log of looks and trials; nothing there is published
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property

from pipelines.read import read_page
from pipelines.read.addresses import clean_address, parse_address
from scrapers.captures.records import RunRecord
from scrapers.crawl import crawl
from scrapers.proposing.offers import Offer, page_offers, routes
from scrapers.source import Politeness, Source
from warehouse.captures import Capture, read_captures
from warehouse.layout import DataFolder

_BUDGET = 25
"""Requests of a look, at most: the page, robots.txt, and a dozen offers."""
DELAY = 1.0
"""Seconds between the requests of a look."""
_OK = (200, 203)
_KEPT = 4
"""Looks and trials of a source that are kept beside the next one."""


@dataclass(frozen=True)
class Look:
    """What came of a look. `where`: the folder of its captures, record and log."""

    address: str
    record: RunRecord
    captures: tuple[Capture, ...]
    data: DataFolder

    @property
    def where(self) -> str:
        """The folder of the run, for people."""
        return str(self.data.captures(self.record.source, self.record.run_id))

    @cached_property
    def page(self) -> Capture | None:
        """The page itself, after redirects; None when it did not come."""
        return next((one for one in self.captures if one.status in _OK), None)

    @cached_property
    def answers(self) -> tuple[Capture, ...]:
        """Answers that are pages, feeds or data: the page first."""
        return tuple(one for one in self.captures if one.status in _OK)

    @cached_property
    def offers(self) -> dict[str, Offer]:
        """What the page and the API that it names offer, by address."""
        if self.page is None:
            return {}
        page = self.page
        reading = read_page(page.url, page.body, page.media_type, page.captured_at)
        found = page_offers(page.url, page.body, page.media_type, reading)
        named = {offer.url for offer in found if offer.kind == "routes"}
        found += [offer for one in self.answers if one.url in named for offer in routes(one.url, one.body)]
        return {offer.url: offer for offer in found}

    @property
    def elsewhere(self) -> list[Offer]:
        """Offers that were not asked for: those of other hosts."""
        asked = {one.url for one in self.captures}
        hosts = stand_in("look", self.address).hosts
        others = (offer for offer in self.offers.values() if parse_address(offer.url).host not in hosts)
        return [offer for offer in others if offer.url not in asked]


def look_at(key: str, address: str, data: DataFolder, browser: bool = False, private: bool = False) -> Look:
    """Look at a page and what it offers, into the scratch folder of a data folder.

    Raises ValueError for what is no address, and what `crawl` raises.
    """
    source, scratch = stand_in(key, address, browser, private), scratch_of(data, key)
    record = crawl(source, scratch, full=True, look=True, trial_of=data)
    return Look(address, record, tuple(kept(scratch, record.source, record.run_id)), scratch)


def kept(data: DataFolder, source: str, run_id: str) -> list[Capture]:
    """The captures of a run, in the order in which they came."""
    file = data.captures(source, run_id) / "pages.warc.gz"
    return [one for one in read_captures(file) if isinstance(one, Capture)] if file.is_file() else []


def scratch_of(data: DataFolder, key: str) -> DataFolder:
    """The folder for looks and trials; those of a source before its last few are removed."""
    scratch = DataFolder(data.root / "scratch")
    runs = sorted(path for path in scratch.captures(key, "").glob("*") if path.is_dir())
    for run in runs[:-_KEPT]:
        shutil.rmtree(run, ignore_errors=True)
        for rows in scratch.root.glob(f"lake/*/{key}/{run.name}.parquet"):
            rows.unlink(missing_ok=True)
    return scratch


def stand_in(key: str, address: str, browser: bool = False, private: bool = False) -> Source:
    """A source for one look: the host of an address, with and without `www.`."""
    clean = clean_address(address)
    if clean is None:
        raise ValueError(f"{address!r} is not an address of http or https")
    host = parse_address(clean).host
    hosts = (host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")
    return Source(
        key=key,
        title=f"A look at {host}",
        publisher=host,
        languages=["en"],
        scope="city",
        status="candidate",
        strategy="html",
        start=[clean],
        patterns=[f"{name}/{{rest...}}" for name in hosts],
        browser=browser,
        allow_private=private,
        politeness=Politeness.model_validate({"budget": _BUDGET, "delay": DELAY, "retries": 1, "run_time": 600}),
    )

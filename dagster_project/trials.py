"""A trial of a source: a few of its pages, crawled, read and refined in a scratch folder; nothing is published.

What belongs here: the order of crawl, read and refine over the scratch folder, and what came of it. What does not: what
is wrong with it (`verifying`), showing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from pipelines.curate.relevance import ENOUGH
from pipelines.read.runs import read_run
from pipelines.refine.runs import refine_run
from scrapers.captures.records import RunRecord, import_id
from scrapers.crawl import crawl
from scrapers.proposing.look import kept, scratch_of
from scrapers.source import Source
from warehouse.captures import Capture
from warehouse.lake import read_table
from warehouse.layout import DataFolder
from warehouse.tables import RAW_ENTRIES, REFINED_ENTRIES


@dataclass(frozen=True)
class Trial:
    """What came of a trial.

    raw, refined: its entries, row by row the same ones. issues: rows of `issues.json`. by_reader: entries by the reader
    that read them. where: the folder of captures, record and log.
    """

    source: Source
    record: RunRecord
    where: str
    captures: tuple[Capture, ...]
    raw: pd.DataFrame
    refined: pd.DataFrame
    issues: list[dict[str, Any]] = field(default_factory=list)
    by_reader: dict[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the crawl came to its own end, not to that of the pages it was given."""
        return self.record.outcome == "complete"

    def share(self, column: str) -> float:
        """Share of the refined entries that have a value; 0 without entries."""
        return float(self.refined[column].notna().mean()) if len(self.refined) else 0.0

    @property
    def relevant(self) -> int | None:
        """How many entries a release would show: of a city those about the programme's subject; None for others."""
        if self.source.scope != "city":
            return None
        return sum(1 for said in self.refined["relevance"] if said is None or said >= ENOUGH)

    def share_of_lists(self, column: str) -> float:
        """Share of the refined entries whose list is not empty; 0 without entries."""
        return float(self.refined[column].map(len).gt(0).mean()) if len(self.refined) else 0.0


def make_trial(source: Source, data: DataFolder, pages: int) -> Trial:
    """Crawl at most so many pages of a source, whatever its status, and read and refine them.

    Raises what `scrapers.crawl.crawl` raises. robots.txt of each host comes on top of the pages.
    """
    scratch = scratch_of(data, source.key)
    polite = source.politeness.model_copy(update={"budget": pages + len(source.hosts)})
    record = crawl(source.model_copy(update={"politeness": polite}), scratch, full=True, trial_of=data)
    # The pages of an archive are those of another source, to which they go as an import.
    owner, run_id = source.target or source, import_id(record.run_id) if source.target else record.run_id
    captures = tuple(kept(scratch, owner.key, run_id))
    where = str(scratch.captures(owner.key, run_id))
    if not captures:
        return Trial(source, record, where, (), RAW_ENTRIES.frame([]), REFINED_ENTRIES.frame([]))
    read = read_run(scratch, owner.key, run_id, owner.strategy, owner.hints)
    countries = [owner.country] if owner.country else []
    refine = refine_run(scratch, owner.key, run_id, countries, owner.languages, owner.home)
    return Trial(
        source=source,
        record=record,
        where=where,
        captures=captures,
        raw=read_table(scratch, RAW_ENTRIES, owner.key, run_id),
        refined=read_table(scratch, REFINED_ENTRIES, owner.key, run_id),
        issues=[*asdict(read)["issues"], *asdict(refine)["issues"]],
        by_reader=read.by_reader,
    )

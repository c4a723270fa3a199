"""The record of a run: `run.json`, written whole at the end, and the rule that says how the run came out.

What belongs here: the fields of the record, reading and writing it. What does not: counting (`keeping`, `imports`),
thresholds on what pages yield (they are judged where entries are known).
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.layout import DataFolder, written_whole
from warehouse.storage import storing

Outcome = Literal["complete", "partial", "failed", "empty", "imported"]
Verdict = Literal["good", "short", "partial", "failed", "empty"]
FINISHED = "finished"
MOST_FAULTS = 1000
"""Faults kept in one record; a file that is damaged throughout would fill it with millions."""


class RecordedFault(BaseModel):
    """A place in a capture file that could not be read."""

    file: str
    offset: int
    reason: str


class RunRecord(BaseModel):
    """What a run did.

    outcome: complete (finished, something kept, no list page lost), partial (stopped early, a list page lost, most
    details lost, or the site refused us on the way), failed (no answer that could be used), empty (nothing asked or
    nothing of the source among the answers), imported.
    finish_reason: `finished`, or why it ended. requests: sent, further tries included. responses: by status.
    captures: records written. new: of these, with a body not yet in this run; unchanged: the others, and answers 304.
    passed: answers that only led on and belong to no page of the source. bytes: of bodies, decoded. links: pages of
    details asked for. items: different entries that its lists named. errors: by class (`faults`). examples: the first
    address of each class. lost_lists: addresses of list pages that never came, or not as the page. lost_details: how
    many pages of details did not come, or not as the page.

    verdict: good, short (complete, but with too few items), else as the outcome. usual_items: median of the complete
    runs before it. likely_cause, next_step: in words, of a run that is not good (`trust`).
    """

    model_config = ConfigDict(extra="ignore")  # a later version may record more

    run_id: str
    source: str
    outcome: Outcome
    finish_reason: str
    started_at: datetime
    finished_at: datetime
    requests: int = 0
    responses: dict[str, int] = Field(default_factory=dict)
    captures: int = 0
    new: int = 0
    unchanged: int = 0
    passed: int = 0
    bytes: int = 0
    links: int = 0
    items: int = 0
    errors: dict[str, int] = Field(default_factory=dict)
    examples: dict[str, str] = Field(default_factory=dict)
    lost_lists: list[str] = Field(default_factory=list)
    lost_details: int = 0
    faults: list[RecordedFault] = Field(default_factory=list)
    imported_from: str | None = Field(None, description="Name of the imported file.")
    full: bool = Field(False, description="Whether every page was asked for, changed or not.")
    verdict: Verdict | None = None
    usual_items: int | None = None
    likely_cause: str | None = None
    next_step: str | None = None


def judge(finish_reason: str, captures: int, successes: int, errors: int, lost: int) -> Outcome:
    """How a crawl came out. `captures` with a page, `successes` (answers 2xx or 304) and `errors` of any class count;
    `lost`: what says that absence means nothing."""
    if not successes:
        return "failed" if errors or finish_reason != FINISHED else "empty"
    if finish_reason != FINISHED or lost:
        return "partial"
    return "complete" if captures else "empty"


def new_run_id(now: datetime) -> str:
    """Id of a crawl: UTC stamp, so that ids sort by time, and four hex digits against two at the same second."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def import_id(run_id: str) -> str:
    """The run of the pages that a backfill took, by its own; by its name nobody takes it for a crawl that died."""
    return f"import-{run_id}"


def write_record(data: DataFolder, record: RunRecord) -> Path:
    """Write `run.json` of the run; StorageError when the disk does not take it."""
    path = _path(data, record.source, record.run_id)
    with storing("a run record", path), written_whole(path) as part:
        part.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return path


def read_record(data: DataFolder, source: str, run_id: str) -> RunRecord | None:
    """The record of a run; None when there is none, or none that can be read."""
    try:
        return RunRecord.model_validate_json(_path(data, source, run_id).read_bytes())
    except (OSError, ValidationError):
        return None


def run_records(data: DataFolder, source: str) -> list[RunRecord]:
    """All records of a source, by end; runs that kept nothing are among them."""
    folder = data.root / "captures" / source
    found = (read_record(data, source, path.parent.name) for path in sorted(folder.glob("*/run.json")))
    return sorted((record for record in found if record), key=lambda record: (record.finished_at, record.run_id))


def _path(data: DataFolder, source: str, run_id: str) -> Path:
    return data.captures(source, run_id) / "run.json"

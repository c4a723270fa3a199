"""Kept pages on their way in: several files as one import.

What belongs here: adding up the reports of `scrapers.captures`, and noting what was left out. What does not: reading
files, choosing sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dagster_project import runs
from scrapers.captures.imports import import_captures
from scrapers.registry import Registry
from warehouse.captures import Fault
from warehouse.layout import DataFolder


@dataclass(slots=True)
class Taken:
    """Sources that got pages, damage, and addresses that no source claims (the first of `unmatched_count`)."""

    sources: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    unmatched_count: int = 0


def take_in(paths: Sequence[Path], registry: Registry, data: Path) -> Taken:
    """Import each file or folder. Order and repetition change nothing."""
    reports = [import_captures(path, registry, DataFolder(data)) for path in paths]
    damages = [runs.damage(_name(fault.file), fault) for report in reports for fault in report.faults]
    runs.note_left_out(DataFolder(data), {url for report in reports for url in report.unmatched}, damages)
    return Taken(
        sources=sorted({run.source for report in reports for run in report.runs}),
        faults=[fault for report in reports for fault in report.faults],
        unmatched=sorted({url for report in reports for url in report.unmatched}),
        unmatched_count=sum(report.unmatched_count for report in reports),
    )


def _name(file: str) -> str:
    """The name of a file as its run records it, so that damage is told once."""
    return Path(file).name.encode("utf-8", "backslashreplace").decode()

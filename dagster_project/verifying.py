"""A live look at a source: each thing that must be right before it is harvested every night, with what was found.

What belongs here: the checks, in the order of the street, each with its next step. What does not: crawling (`trials`),
changing the YAML (`scrapers.proposing.source_file`), showing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dagster_project.saved_pages import differences, pages_folder, saved_page
from dagster_project.trials import Trial
from pipelines.read.addresses import clean_address
from scrapers.source import Source
from scrapers.trust.refused import REFUSALS
from scrapers.trust.verdict import explained
from warehouse.captures import Capture

_OPEN = ("candidate", "active")
_GOOD = ("200", "203", "304")
# What robots.txt says, or that it can not be had, is a check of its own; so are answers that are no page.
_ROBOTS = "robots"
_FEW = 0.1  # share of requests that may go wrong: lists lead to pages that are gone


@dataclass(frozen=True, slots=True)
class Check:
    """One check: whether it passed, what was found, and what to do when it did not."""

    name: str
    passed: bool
    found: str
    next_step: str = ""


def before_looking(source: Source) -> list[Check]:
    """What the YAML alone tells; nobody is asked while one of these fails."""
    status = f"status is {source.status}"
    return [
        Check("state", source.status in _OPEN, status, "set `status: candidate` in its YAML when it is to come back"),
        Check(
            "schedule", source.cron is not None, f"cron is {source.cron}", 'give it a cron line, such as "20 3 * * *"'
        ),
    ]


def after_looking(trial: Trial) -> list[Check]:
    """What the live look tells."""
    return [_robots(trial), _answers(trial), _reader(trial), _yield(trial), *_thresholds(trial), _saved(trial.source)]


def _robots(trial: Trial) -> Check:
    count = trial.record.errors.get(_ROBOTS, 0)
    found = f"robots.txt forbids {count} addresses, such as {trial.record.examples.get(_ROBOTS)}" if count else "obeyed"
    return Check("robots", count == 0, found, "take what is forbidden out of start and patterns, or ask the operator")


def _answers(trial: Trial) -> Check:
    """Every start address answered with a page, and nothing else went wrong on the way."""
    record = trial.record
    faults = {name: count for name, count in record.errors.items() if name not in (_ROBOTS, "budget")}
    is_grave = any(name in REFUSALS or name.startswith(("changed", "spider")) for name in faults)
    is_grave |= sum(faults.values()) > _FEW * record.requests
    came = {one.url for one in trial.captures if str(one.status) in _GOOD} | {one.url for one in _redirected(trial)}
    missing = [start for start in trial.source.start_addresses if clean_address(start) not in came]
    if record.passed:  # pages that only led on are not kept, so that they came is told by nothing but the walks
        missing = [start for start in missing if clean_address(start) in record.lost_lists]
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(record.responses.items())) or "no answer"
    told = [f"{name} ({count})" for name, count in faults.items()]
    told += [f"no page at {missing[0]}"] if missing else []
    passed = not is_grave and not missing
    cause, remedy = ("", "") if passed else explained(record, record.verdict or "failed")
    return Check("status", passed, "; ".join([statuses, *told, *([cause] if cause else [])]), remedy)


def _redirected(trial: Trial) -> Iterator[Capture]:
    return (one for one in trial.captures if one.status is not None and 300 <= one.status < 400)


def _reader(trial: Trial) -> Check:
    reasons = list(dict.fromkeys(row["reason"] for row in trial.issues if row["stage"] == "read"))
    readers = ", ".join(f"{name} {count}" for name, count in sorted(trial.by_reader.items())) or "none"
    found = f"entries by reader: {readers}; {len(reasons)} kinds of issues{f', first: {reasons[0]}' if reasons else ''}"
    step = f"look at the captures in {trial.where}; mend hints, or report the page"
    return Check("reader", any(trial.by_reader.values()), found, step)


def _yield(trial: Trial) -> Check:
    pages = f"{len(trial.captures)} pages"
    whole = "the whole source" if trial.is_whole else f"a part of it ({trial.record.finish_reason})"
    step = "`cityharvest source try` shows the pages' issues; change strategy, start or hints"
    about = "" if trial.relevant is None else f" ({trial.relevant} about the programme's subject)"
    return Check("yield", len(trial.raw) > 0, f"{len(trial.raw)} entries{about} on {pages}, {whole}", step)


def _thresholds(trial: Trial) -> list[Check]:
    asked, count = trial.source.thresholds, len(trial.raw)
    more = "" if trial.is_whole else "; raise --pages to look at more of it"
    most = asked.max_entries
    checks = [
        Check(
            "min_entries",
            count >= asked.min_entries,
            f"{count}, at least {asked.min_entries}",
            f"mend it or lower the threshold{more}",
        ),
        Check(
            "max_entries",
            most is None or count <= most,
            f"{count}, at most {most or 'any'}",
            "raise the threshold, or narrow start",
        ),
    ]
    for name, column, least in (("min_dated", "date_raw", asked.min_dated), ("min_titled", "title", asked.min_titled)):
        share = trial.share(column)
        checks.append(
            Check(name, share >= least, f"{share:.0%}, at least {least:.0%}", "mend hints, or lower the threshold")
        )
    return checks


def _saved(source: Source) -> Check:
    if source.target:
        return Check("saved page", True, f"its pages are those of {source.target.key}")
    page, step = saved_page(source), f"`cityharvest source try {source.key} --save`, and review what it wrote"
    if page is None:
        where = pages_folder(source)
        return Check("saved page", where is None, f"none in {where or 'an installed copy, which keeps none'}", step)
    changed = differences(page) if page.is_file() else []
    found = f"{page} reads otherwise: {', '.join(changed)}" if changed else f"{page}"
    return Check("saved page", not changed, found, f"review its JSON, or remove both and {step}")

"""`cityharvest sources`: how each source stands, worst first.

What belongs here: showing. What does not: judging (`dagster_project.health`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project import console
from dagster_project.commands.options import DataOption

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dagster_project.health import Health

COLUMNS = ("source", "status", "crawl", "complete", "age", "entries", "usual", "next run")


AllOption = Annotated[bool, typer.Option("--all", help="Also the candidates that were never harvested.")]


def sources(data: DataOption = Path("data"), everything: AllOption = False) -> None:
    """Show how each source stands, worst first, with the likely cause of what is wrong and what to do next.

    crawl: verdict of the last crawl; complete: day of the last complete harvest; usual: entries of those before it.
    """
    from rich import box
    from rich.table import Table

    from dagster_project.health import healths
    from scrapers.registry import load_registry
    from warehouse.layout import DataFolder

    now = datetime.now(UTC)
    rows = healths(DataFolder(data), load_registry(), now)
    new = [] if everything else [row for row in rows if row.status == "candidate" and row.last_complete_at is None]
    rows = [row for row in rows if row not in new]
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in ("age", "entries", "usual", "next run") else "left")
    for row in rows:
        style = "yellow" if row.problems else "dim" if row.status != "active" else ""
        table.add_row(*cells(row, now), style=style)
    console.out.print(table)
    for problem, keys in by_problem(rows).items():
        console.out.print(f"{problem}: {', '.join(keys)}", highlight=False)
    for row in rows:
        if row.likely_cause:
            told = f"{row.source}: {row.likely_cause}. Next: {row.next_step}"
            console.out.print(console.escape(told), highlight=False, soft_wrap=True)
    if new:
        told = f"{len(new)} candidates that nobody looked at yet (--all lists them): `cityharvest source verify KEY`"
        console.out.print(told, highlight=False, soft_wrap=True)


def cells(row: Health, now: datetime) -> list[str]:
    """One source, as in COLUMNS; `usual` is the median of the runs before the last."""
    last = row.last_complete_at
    return [
        row.source,
        row.status,
        "" if row.verdict == "never" else row.verdict,
        f"{last.astimezone(UTC):%Y-%m-%d}" if last else "never",
        span(now - last) if last else "",
        "" if row.entries is None else str(row.entries),
        "" if row.usual is None else str(row.usual),
        f"in {span(row.next_run - now)}" if row.next_run else "",
    ]


def span(passed: timedelta) -> str:
    """Days, or hours when it is less than two days."""
    return f"{passed.days} d" if passed >= timedelta(days=2) else f"{passed // timedelta(hours=1)} h"


def by_problem(rows: Iterable[Health]) -> dict[str, list[str]]:
    """What is wrong, and with which sources."""
    found = defaultdict(list)
    for row in rows:
        for problem in row.problems:
            found[problem].append(row.source)
    return dict(found)

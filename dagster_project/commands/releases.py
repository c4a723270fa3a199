"""`cityharvest releases`: which releases are kept, what each changed, and which of them stay.

What belongs here: options and showing. What does not: listing (`warehouse.catalog`), the policy
(`pipelines.publish.keep`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project import console
from dagster_project.commands.options import DataOption
from dagster_project.commands.query import WRITERS, Format

if TYPE_CHECKING:
    from pipelines.publish.keep import Pruned
    from warehouse.catalog import Published
    from warehouse.layout import DataFolder

COLUMNS = ("release", "created", "entries", "added", "changed", "hidden", "schema", "stays")
GOES = "to be pruned"

PruneOption = Annotated[bool, typer.Option("--prune", help="Remove those that need not stay.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="With --prune: only tell which these are.")]
FormatOption = Annotated[Format, typer.Option("--format", help="table, csv, or json (an array of objects).")]


def releases(
    prune: PruneOption = False,
    dry_run: DryRunOption = False,
    data: DataOption = Path("data"),
    form: FormatOption = Format.TABLE,
) -> None:
    """Show which releases are kept, newest first: what each changed against the one before, and why it stays.

    The last 14 stay, the newest of each month for ever, and each for a day after a newer one came. Times are UTC.
    """
    from warehouse.catalog import published
    from warehouse.layout import DataFolder

    if dry_run and not prune:
        raise typer.BadParameter("goes with --prune", param_hint="--dry-run")
    found = published(DataFolder(data))
    if not found:
        raise console.FailureError(f"no release in {data}/: run `cityharvest harvest` first")
    now = datetime.now(UTC)
    if prune:
        show_pruned(prune_releases(DataFolder(data), now, dry_run), dry_run)
        return
    from pipelines.publish.keep import reasons_to_stay

    reasons = reasons_to_stay(found, now)
    moment = "%Y-%m-%d %H:%M" if form is Format.TABLE else "%Y-%m-%dT%H:%M:%SZ"
    rows = [cells(release, f"{release.created_at:{moment}}", reasons.get(release.name, GOES)) for release in found]
    WRITERS[form](COLUMNS, rows[::-1])


def cells(release: Published, created: str, stays: str) -> tuple[object, ...]:
    """One release, as in COLUMNS; what is not known is None."""
    changes = (release.added, release.changed, release.hidden)
    return (release.name, created, release.entries, *changes, release.schema_version, stays)


def prune_releases(data: DataFolder, now: datetime, dry_run: bool) -> Pruned:
    """Remove them, under the writer's lock; or only find out which these are."""
    from dagster_project.steps import tell_wait
    from pipelines.publish.keep import prune
    from warehouse.locks import hold

    if dry_run:
        return prune(data, now, dry_run=True)
    with console.listening(), hold(data.lock("writer"), "prune", wait=True, on_wait=tell_wait):
        return prune(data, now)


def show_pruned(report: Pruned, dry_run: bool) -> None:
    """Which were removed, or would be, a line each, and how many stay."""
    for name in report.removed:
        console.out.print(name, highlight=False)
    done = "would be removed" if dry_run else "removed"
    console.tell(f"{len(report.removed)} {done}, {len(report.kept)} stay")

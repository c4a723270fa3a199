"""`cityharvest source verify`: a live look that makes a candidate active, or says what is in its way.

What belongs here: options, showing, the change of the YAML when all is well. What does not: the checks (`verifying`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project import console
from dagster_project.commands.harvest import warn_without_contact
from dagster_project.commands.options import DataOption, chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dagster_project.verifying import Check

KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The source.")]
PagesOption = Annotated[int, typer.Option("--pages", min=1, max=5000, help="Pages to ask for, at most.")]


def verify_source(key: KeyArgument, pages: PagesOption = 25, data: DataOption = Path("data")) -> None:
    """Look at a source live; when all is well make it active in its YAML."""
    verify(key, pages, data, datetime.now(UTC).date())


def verify(key: str, pages: int, data: Path, today: date) -> None:
    """The same on a given day. FailureError names what failed; the YAML is then untouched."""
    from dagster_project.trials import make_trial
    from dagster_project.verifying import after_looking, before_looking
    from scrapers.proposing.source_file import activate
    from scrapers.registry import load_registry, source_file
    from warehouse.layout import DataFolder

    source = chosen(load_registry(), [key])[0]
    path = source_file(source.key)
    if path is None or source.strategy == "archive-only":
        raise console.FailureError(f"{source.key} is archive-only: there is nothing live to look at")
    judge(source.key, before_looking(source))
    warn_without_contact()
    console.tell(f"looking at {source.key}: at most {pages} pages, {source.politeness.delay:g} seconds apart or more")
    judge(source.key, after_looking(make_trial(source, DataFolder(data), pages)))
    activate(path, today)
    console.out.print(f"{path}: status is active, verified_at is {today}.", highlight=False, soft_wrap=True)


def judge(key: str, checks: Sequence[Check]) -> None:
    """Show the checks; FailureError when one failed: the first, since the others mostly follow from it."""
    for check in checks:
        mark = "[green]passed[/]" if check.passed else "[red]failed[/]"
        console.out.print(f"{mark}  {check.name}: {console.escape(check.found)}", highlight=False, soft_wrap=True)
        if not check.passed:
            console.out.print(f"        next: {console.escape(check.next_step)}", highlight=False, soft_wrap=True)
    failed = [check for check in checks if not check.passed]
    if failed:
        names = ", ".join(check.name for check in failed)
        raise console.FailureError(f"{key} stays as it is: {names} failed. Next: {failed[0].next_step}")

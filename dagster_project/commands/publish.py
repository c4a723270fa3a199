"""`cityharvest publish`: what is curated becomes a release, and a loss that is real is let through.

What belongs here: options and showing. What does not: what is a loss (`pipelines.publish.gate`), writing it down.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project import console
from dagster_project.commands.harvest import finish
from dagster_project.commands.options import DataOption

if TYPE_CHECKING:
    from scrapers.registry import Registry

LONGEST_WHY = 500
AcceptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-drop",
        metavar="SOURCE",
        help="Let this source's loss of entries through, this once; may be repeated. All others still stop a release.",
    ),
]
WhyOption = Annotated[
    str | None,
    typer.Option("--why", metavar="TEXT", help="Why the loss is real; stands in release.json, for all to read."),
]


def publish(accept_drop: AcceptOption = None, why: WhyOption = None, data: DataOption = Path("data")) -> None:
    """Publish what is curated already: after a release was refused, with what now may pass."""
    from scrapers.registry import load_registry

    reason = console.plain(why or "")[:LONGEST_WHY]
    if accept_drop and not reason:
        raise typer.BadParameter('say why the loss is real, such as --why "the site was closed"', param_hint="--why")
    if reason and not accept_drop:
        raise typer.BadParameter("goes with --accept-drop SOURCE", param_hint="--why")
    accepted = dict.fromkeys(known(load_registry(), data, accept_drop or []), reason)

    from dagster_project.street import Street

    with console.progress() as bars, console.listening():
        bars.add_task("all sources", total=1, step="publish")
        outcome = Street(data).publish({"accepted": accepted})
    finish(outcome, data)


def known(registry: Registry, data: Path, keys: list[str]) -> list[str]:
    """The keys, each of which is of the registry or of the latest release; else a wrong call, told with the nearest."""
    from warehouse.releases import NoRelease, open_release

    try:
        with open_release(data) as release:
            published = {key for (key,) in release.execute("SELECT source FROM sources").fetchall()}
    except NoRelease:
        published = set()
    for key in keys:
        if key not in published:
            try:
                registry.get(key)
            except (KeyError, ValueError, LookupError) as error:
                raise typer.BadParameter(str(error.args[0]), param_hint="--accept-drop") from error
    return keys

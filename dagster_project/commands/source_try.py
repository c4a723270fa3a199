"""`cityharvest source try`: a few pages of a source, read and shown; nothing is published.

What belongs here: options and showing. What does not: the trial (`dagster_project.trials`), the format of saved pages.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dagster_project import console
from dagster_project.commands.harvest import warn_without_contact
from dagster_project.commands.options import DataOption, chosen

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from dagster_project.trials import Trial
    from scrapers.source import Source

KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The source.")]
PagesOption = Annotated[int, typer.Option("--pages", min=1, max=500, help="Pages to ask for, at most.")]
SaveOption = Annotated[bool, typer.Option("--save", help="Keep the first page and what is read of it, for review.")]
ToOption = Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Where --save keeps them.", file_okay=False)]
RowsOption = Annotated[int, typer.Option("--rows", min=1, help="Entries to show, at most.")]


def try_source(
    key: KeyArgument,
    pages: PagesOption = 5,
    rows: RowsOption = 30,
    save: SaveOption = False,
    to: ToOption = None,
    data: DataOption = Path("data"),
) -> None:
    """Crawl a few pages and show what is read of them; nothing is published."""
    from dagster_project.trials import make_trial
    from scrapers.registry import load_registry
    from warehouse.layout import DataFolder

    source = chosen(load_registry(), [key])[0]
    warn_without_contact()
    console.tell(f"asking for at most {pages} pages of {source.key}, {source.politeness.delay:g} seconds apart or more")
    trial = make_trial(source, DataFolder(data), pages)
    show_entries(trial, rows)
    show_what_is_missing(trial)
    if not len(trial.raw):
        cause, step = trial.record.likely_cause, trial.record.next_step
        told = f" ({cause}. Next: {step})" if cause else ""
        raise console.FailureError(f"{source.key}: no entries{told}; captures and log lie in {trial.where}")
    if save:
        keep_page(source, trial, to)


def show_entries(trial: Trial, most: int) -> None:
    """The entries as a table: as displayed, as read, how sure."""
    from rich.table import Table

    table = Table(header_style="bold", show_edge=False)
    for name in ("title", "date as shown", "read as", "place", "kind", "language", "relevant", "sure"):
        table.add_column(name, overflow="fold")
    found = list(zip(trial.raw.to_dict("records"), trial.refined.to_dict("records"), strict=True))
    for raw, refined in found[:most]:
        table.add_row(*map(console.escape, cells(raw, refined)))
    if found:
        console.out.print(table)
    if len(found) > most:
        console.out.print(f"and {len(found) - most} more (--rows)", highlight=False)


def cells(raw: Mapping[Hashable, Any], refined: Mapping[Hashable, Any]) -> list[str]:
    """An entry as a row; `sure` is of the entry, its title and its date where the reader tells them."""
    days = [str(refined[name]) for name in ("start_date", "end_date") if refined[name]]
    time = f" {refined['start_time']:%H:%M}" if refined["start_time"] else ""
    where = [*refined["cities"], *([] if refined["cities"] else refined["countries"])]
    language = f"{refined['language'] or '?'} {refined['language_confidence'] or 0:.0%}"
    evidence = json.loads(raw["evidence"]) if raw["evidence"] else {}
    sure = [f"{name} {one['confidence']:.0%}" for name, one in evidence.items() if one]
    return [
        short(raw["title"]),
        short(raw["date_raw"]),
        f"{' - '.join(dict.fromkeys(days))}{time}" if days else str(refined["date_reason"] or ""),
        short(f"{raw['place_raw'] or ''}{' -> ' if where else ''}{', '.join(where)}"),
        str(refined["kind"]),
        language,
        "" if refined["relevance"] is None else f"{refined['relevance']:.0%}",
        ", ".join(sure) or "as stated",
    ]


def show_what_is_missing(trial: Trial) -> None:
    """Which fields are filled how often, and what could not be read, each reason once with its number."""
    record = trial.record
    counts = f"{len(trial.raw)} entries on {len(trial.captures)} captures ({record.outcome}, {record.finish_reason})"
    shares = {name: trial.share(name) for name in ("title", "start_date", "place_raw", "summary", "language")}
    shares |= {"cities": trial.share_of_lists("cities")}
    filled = ", ".join(f"{name} {share:.0%}" for name, share in shares.items()) if len(trial.raw) else "nothing read"
    console.out.print(f"{counts}. Filled: {filled}.", highlight=False, soft_wrap=True)
    if trial.relevant is not None:
        told = f"{trial.relevant} of them are about the programme's subject; of scope city only these are published."
        console.out.print(told, highlight=False, soft_wrap=True)
    for reason, count in Counter(row["reason"] for row in trial.issues).most_common(10):
        example = next(row["where"] for row in trial.issues if row["reason"] == reason)
        console.out.print(console.escape(f"  {count} x {reason}, such as {short(example, 100)}"), highlight=False)
    for name, count in record.errors.items():
        if name != "budget":
            console.warn(f"{name}: {count} requests, such as {record.examples.get(name)}")


def keep_page(source: Source, trial: Trial, to: Path | None) -> None:
    """Save the first page that was read, and what was read of it."""
    from dagster_project.saved_pages import page_to_save, pages_folder, save_page

    folder, capture = to or pages_folder(source), page_to_save(trial.captures, source)
    if folder is None or capture is None:
        raise console.FailureError(f"{source.key}: nowhere to save the page to: name a folder with --to")
    try:
        page, expected = save_page(source, capture, folder)
    except FileExistsError as error:
        raise console.FailureError(f"{error.args[0]} is there already: remove page and JSON to save anew") from None
    console.out.print(
        f"Saved {page} and {expected}: review each line of the JSON, and", highlight=False, soft_wrap=True
    )
    console.out.print("that the page names no private person and may be kept.", highlight=False, soft_wrap=True)


def short(text: str | None, length: int = 60) -> str:
    """At most so many characters, with a mark where it was cut."""
    shown = text or ""
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"

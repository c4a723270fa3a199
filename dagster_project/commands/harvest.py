"""`cityharvest harvest` and `cityharvest read`: down the whole street to a release.

What belongs here: options, progress, the last word (what came out, what failed, exit code). What does not: the order of
the assets (`street`) and what they do (`steps`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dagster_project import console
from dagster_project.commands.options import CONTACT, DataOption, SourceOption, chosen

if TYPE_CHECKING:
    from dagster_project.imports import Taken
    from dagster_project.street import Outcome
    from scrapers.registry import Registry

CapturesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--captures",
        metavar="PATH",
        exists=True,
        help="Kept pages instead of the network: a .warc, .warc.gz or WET file, or a folder of them; may be repeated.",
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Publish even when much is gone since the last release.")]
FullOption = Annotated[
    bool, typer.Option("--full", help="Ask for every page, not only for what changed since the last harvest.")
]
CandidatesOption = Annotated[
    bool,
    typer.Option("--candidates", help="Also crawl sources that nobody verified yet (`cityharvest source verify`)."),
]
JobsOption = Annotated[
    int,
    typer.Option("--jobs", metavar="N", min=1, max=64, help="How many sources are crawled at once; about 100 MB each."),
]
DiffOption = Annotated[bool, typer.Option("--diff", help="Only show what would change; publish nothing.")]


def harvest(
    source: SourceOption = None,
    captures: CapturesOption = None,
    data: DataOption = Path("data"),
    force: ForceOption = False,
    full: FullOption = False,
    candidates: CandidatesOption = False,
    jobs: JobsOption = 8,
) -> None:
    """Crawl (or take kept pages), read, refine, curate, publish."""
    from scrapers.registry import load_registry

    for name, given in (("--full", full), ("--candidates", candidates)):
        if captures and given:
            raise typer.BadParameter("asks the network for pages; with --captures nothing is asked", param_hint=name)
    registry = load_registry()
    keys = [known.key for known in chosen(registry, source)]
    if captures:
        harvest_kept(registry, keys, captures, data, force)
        return
    keys = with_targets(registry, keys)
    keys = keys or [known.key for known in registry.sources.values() if known.may_be_crawled(candidates)]
    if any(registry.get(key).may_be_crawled(candidates) for key in keys):
        warn_without_contact()
    tell_candidates(registry, keys, candidates)
    asked = {"full": full} | ({"candidates": True} if candidates else {})
    finish(walk(data, keys, {"captures": asked, "release": {"force": force}}, jobs), data)


def with_targets(registry: Registry, keys: list[str]) -> list[str]:
    """The sources, each archive before the source that its pages belong to, which has to read them."""
    targets = [target for key in keys if (target := registry.get(key).archive_of)]
    return [*(key for key in keys if key not in targets), *dict.fromkeys(targets)]


def tell_candidates(registry: Registry, keys: list[str], candidates: bool) -> None:
    """Say which of the chosen sources are not crawled because nobody has verified them."""
    left = [key for key in keys if registry.get(key).is_candidate and not candidates]
    if left:
        remedy = "`cityharvest source verify KEY` makes one active, --candidates crawls them as they are"
        console.warn(f"{', '.join(left)}: candidates, so nothing is fetched; {remedy}")


def warn_without_contact() -> None:
    """Say that those who are harvested can not reach those who harvest."""
    if not os.environ.get(CONTACT, "").strip():
        whom = f"set {CONTACT} to a mail or web address of yours"
        console.warn(f"the user agent names nobody whom a site could write to: {whom}")


def harvest_kept(registry: Registry, keys: list[str], captures: list[Path], data: Path, force: bool) -> None:
    """The same from kept pages: all files are taken in first, so that a page given twice is kept once."""
    from dagster_project.imports import take_in
    from scrapers.captures.imports import ImportPathError

    try:
        taken = take_in(captures, registry, data)
    except ImportPathError as error:
        raise typer.BadParameter(str(error), param_hint="--captures") from error
    for fault in taken.faults:
        console.warn(f"{fault.file} at byte {fault.offset}: {fault.reason}; what was intact is used")
    keys = [key for key in taken.sources if key in keys or not keys]
    if not keys:
        raise console.FailureError(nothing_found(captures, taken))
    config = {"captures": {"crawl": False}, "release": {"force": force}}
    finish(walk(data, keys, config), data, taken)


def nothing_found(captures: list[Path], taken: Taken) -> str:
    """What to say of files that hold no page for us."""
    whose = "of the chosen sources" if taken.sources else "of any source"
    some = f", such as {taken.unmatched[0]}" if taken.unmatched else ""
    left = f"{taken.unmatched_count} pages of other addresses{some}; {len(taken.faults)} faults"
    files = ", ".join(map(str, captures))
    return f"{files}: no page {whose} ({left}). The README lists the sources; latest is untouched"


def read(
    source: SourceOption = None, diff: DiffOption = False, data: DataOption = Path("data"), force: ForceOption = False
) -> None:
    """Read all kept pages again with today's readers, without a crawl."""
    from scrapers.registry import load_registry
    from warehouse.layout import DataFolder

    registry = load_registry()
    wanted = {known.key for known in chosen(registry, source)} or set(registry.sources)
    keys = [key for key in DataFolder(data).sources() if key in wanted]
    if not keys:
        raise console.FailureError(
            f"no kept pages in {data}: run `cityharvest harvest` first, or name the folder with --data"
        )
    again = {"again": True}
    config = {"captures": {"crawl": False}, "raw_entries": again, "refined_entries": again, "release": {"force": force}}
    if diff:
        from dagster_project.commands.diff import show_diff

        show_diff(data, lambda scratch: walk(scratch, keys, config))
        return
    finish(walk(data, keys, config), data)


def walk(data: Path, keys: list[str], config: dict[str, Any], jobs: int = 1) -> Outcome:
    """Run the graph in process under progress bars."""
    from dagster_project.street import Street

    with console.progress() as bars, console.listening():
        task = bars.add_task("starting", total=len(keys) + 1, step="")
        done = iter(range(len(keys) + 2))

        def step(name: str, doing: str) -> None:
            bars.update(task, description=name, completed=next(done), step=doing)

        try:
            return Street(data).walk(keys, config, step, jobs)
        except KeyboardInterrupt as stop:
            kept = "what was fetched is kept, latest is untouched"
            raise console.FailureError(f"stopped before anything was published: {kept}") from stop


def finish(outcome: Outcome, data: Path, taken: Taken | None = None) -> None:
    """The last word: what failed, what came out; fails when nothing was published."""
    from dagster_project.commands import summary

    failed = outcome.figures is None
    # What stopped the release is the error; sources that failed beside it are warnings.
    blocking = [p for p in outcome.problems if failed and p.source is None] or (outcome.problems if failed else [])
    for problem in outcome.problems:
        if problem not in blocking:
            console.warn(str(problem))
        if console.state.debug:
            console.err.print(problem.trace, markup=False, highlight=False)
    if outcome.figures is None:
        raise console.FailureError(f"nothing was published, latest is untouched: {'; '.join(map(str, blocking))}")
    summary.show_sources(data)
    if taken:
        summary.show_unmatched(taken.unmatched, taken.unmatched_count)
    if outcome.older:
        runs = "1 run was" if outcome.older == 1 else f"{outcome.older} runs were"
        console.tell(f"{runs} read by older code: `cityharvest read --diff` shows what today's would change")
    summary.show_release(data, unchanged=bool(outcome.figures.get("unchanged")))

"""`cityharvest read --diff`: what today's readers would change, found out beside the data folder.

What belongs here: the scratch folder, and showing the difference of two sets of entries. What does not: reading; the
graph does that as ever, only elsewhere.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import console

if TYPE_CHECKING:
    from dagster_project.street import Outcome

Entry = Mapping[str, Any]
# Columns of how often and when an entry was seen are not what a reader decides.
IGNORED = ("first_seen_at", "last_seen_at")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sets of entries compared by id; `changed` holds (before, after, names of the columns that differ)."""

    added: list[Entry]
    removed: list[Entry]
    changed: list[tuple[Entry, Entry, list[str]]]


def show_diff(data: Path, walk: Callable[[Path], Outcome]) -> None:
    """Walk the street in a scratch folder over the same captures, and show what would be different from `latest`."""
    from warehouse.releases import open_release

    with open_release(data) as connection:
        before = entries_of(connection)
    with tempfile.TemporaryDirectory(prefix="cityharvest-diff-") as folder:
        scratch = Path(folder)
        link_captures(data, scratch)
        outcome = walk(scratch)
        for problem in outcome.problems:
            console.warn(str(problem))
        if outcome.figures is None:
            raise console.FailureError("today's readers would make no release (see above); nothing was published")
        with open_release(scratch) as connection:
            after = entries_of(connection)
    show(compare(before, after))


def entries_of(connection: Any) -> dict[str, Entry]:
    """All entries of a release by id."""
    answer = connection.execute("select * from entries order by entry_id")
    names = [column[0] for column in answer.description]
    rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return {row["entry_id"]: row for row in rows}


def link_captures(data: Path, scratch: Path) -> None:
    """Captures as symlinks, file by file because reading writes beside them; lake, ledger and overrides as copies."""
    for source in sorted(
        p for p in (data / "captures").rglob("*") if p.is_file() and p.name not in ("read.json", "refine.json")
    ):
        target = scratch / source.relative_to(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source.resolve())
    for name in ("identity.parquet", "overrides.csv"):
        if (data / name).is_file():
            shutil.copy2(data / name, scratch / name)
    if (data / "lake").is_dir():
        shutil.copytree(data / "lake", scratch / "lake")


def compare(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> Difference:
    """What differs, by id; columns that only one of the two has are not compared."""
    changed = []
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        columns = [c for c in new if c in old and c not in IGNORED and old[c] != new[c]]
        if columns:
            changed.append((old, new, columns))
    return Difference(
        added=[after[key] for key in sorted(after.keys() - before.keys())],
        removed=[before[key] for key in sorted(before.keys() - after.keys())],
        changed=changed,
    )


def show(difference: Difference, most: int = 200) -> None:
    """The difference as a table, a line a changed column, and in one sentence."""
    from rich.table import Table

    table = Table(header_style="bold", show_edge=False)
    for name in ("", "entry", "column", "latest release", "today's readers"):
        table.add_column(name, overflow="fold")
    lines = list(lines_of(difference))
    for mark, *cells in lines[:most]:
        table.add_row(mark, *(console.escape(cell) for cell in cells))
    if lines:
        console.out.print(table)
    if len(lines) > most:
        console.out.print(f"and {len(lines) - most} more lines", highlight=False)
    counts = f"{len(difference.added)} added, {len(difference.removed)} removed, {len(difference.changed)} changed"
    console.out.print(f"{counts}. Nothing was published; `cityharvest read` does it.", highlight=False, soft_wrap=True)


def lines_of(difference: Difference) -> Iterable[tuple[str, str, str, str, str]]:
    """Mark, entry, column, before, after."""
    for entry in difference.added:
        yield "[green]+[/]", name_of(entry), "", "", "new entry"
    for entry in difference.removed:
        yield "[red]-[/]", name_of(entry), "", "gone", ""
    for old, new, columns in difference.changed:
        for column in columns:
            yield "[yellow]~[/]", name_of(new), column, text(old[column]), text(new[column])


def name_of(entry: Entry) -> str:
    """Id and title."""
    return f"{entry['entry_id']} {text(entry['title'])}"


def text(value: Any, length: int = 160) -> str:
    """A value as it is shown: null said as such, long ones cut."""
    shown = "null" if value is None else str(value)
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"

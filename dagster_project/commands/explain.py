"""`cityharvest explain`: raw and parsed side by side for each page that tells of an entry, with the rule that decided.

What belongs here: looking up and showing. What does not: any rule; the reasons were written down when they decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dagster_project import console
from dagster_project.commands.options import DataOption

if TYPE_CHECKING:
    import duckdb

# What is shown: label, columns as displayed on the page, columns as read, column with the reason.
LINES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str | None], ...] = (
    ("kind", ("page_kind", "surtitle"), ("kind",), "kind_reason"),
    ("title", ("title",), ("title",), None),
    ("subtitle", ("subtitle",), ("subtitle",), None),
    (
        "date",
        ("date_raw", "date_context"),
        ("start_date", "end_date", "start_time", "end_time", "timezone", "date_precision", "date_role", "is_ongoing"),
        "date_reason",
    ),
    ("place", ("place_raw",), ("cities", "countries", "venue", "is_online"), None),
    ("status", ("status",), ("status",), None),
    ("language", ("language_declared",), ("language", "language_confidence"), None),
    ("summary", ("summary",), ("summary",), None),
    ("sections", ("sections",), ("sections",), None),
)


def explain(
    entry_id: Annotated[str, typer.Argument(metavar="ENTRY_ID", help="As in column entry_id of a release.")],
    data: DataOption = Path("data"),
) -> None:
    """Show raw and parsed side by side, with the rule that decided."""
    from warehouse.releases import open_release

    with open_release(data) as connection:
        current = follow(connection, entry_id)
        entry = rows_of(connection, "select * from entries where entry_id = ?", [current])[0]
        told = rows_of(connection, "select * from entry_sources where entry_id = ? order by captured_at", [current])
    show_entry(entry, len(told))
    for source in told:
        show_source(source, lake_row(data, "raw_entries", source), lake_row(data, "refined_entries", source))


def follow(connection: duckdb.DuckDBPyConnection, entry_id: str) -> str:
    """The id that holds the entry today; says so when it was redirected, and fails when the id was never published."""
    current, seen = entry_id, {entry_id}
    while not connection.execute("select 1 from entries where entry_id = ?", [current]).fetchall():
        onward = rows_of(connection, "select * from entry_redirects where entry_id = ? order by target_id", [current])
        onward = [row for row in onward if row["target_id"] not in seen]
        if not onward:
            remedy = 'take an id from `cityharvest query "select entry_id, title from entries"`'
            raise console.FailureError(f"no entry {entry_id!r} in the latest release: {remedy}")
        current = onward[0]["target_id"]
        seen.add(current)
        others = f" (and {len(onward) - 1} more)" if len(onward) > 1 else ""
        console.tell(f"{onward[0]['entry_id']} was {onward[0]['reason']}: it is {current} now{others}")
    return current


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any]) -> list[dict[str, Any]]:
    """Rows as dicts."""
    answer = connection.execute(sql, values)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def lake_row(data: Path, table: str, source: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a raw entry in the lake; empty when the lake was removed since the release."""
    import duckdb

    files = sorted(str(path) for path in (data / "lake" / table / source["source"]).glob("*.parquet"))
    if not files:
        return {}
    with duckdb.connect() as connection:
        found = rows_of(
            connection,
            "select * from read_parquet(?, union_by_name = true) where raw_entry_id = ?",
            [files, source["raw_entry_id"]],
        )
    return found[0] if found else {}


def show_entry(entry: Mapping[str, Any], count: int) -> None:
    """The merged entry in a few lines."""
    console.out.print(f"[bold]{console.escape(entry['title'] or '(no title)')}[/]", highlight=False)
    when = values(entry, ("start_date", "end_date")) or "no date"
    where = values(entry, ("cities", "countries")) or "no place"
    console.out.print(console.escape(f"{entry['entry_id']} | {entry['kind']} | {when} | {where}"), highlight=False)
    console.out.print(console.escape(str(entry["url"])), highlight=False, soft_wrap=True)
    console.out.print(f"told by {count} raw entr{'y' if count == 1 else 'ies'}:", highlight=False)


def show_source(source: Mapping[str, Any], raw: Mapping[str, Any], refined: Mapping[str, Any]) -> None:
    """One raw entry: where it stands, why it was merged, and each value as displayed, as read, and by which rule."""
    from rich.table import Table

    table = Table(title=console.escape(str(source["page_url"])), title_justify="left", header_style="bold")
    for name in ("", "as displayed", "as read", "decided by"):
        table.add_column(name, overflow="fold")
    for label, shown, read, reason in LINES:
        cells = (values(raw, shown), values(refined, read), str(refined.get(reason or "") or ""))
        if any(cells):
            table.add_row(label, *(console.escape(cell) for cell in cells))
    issues = ["; ".join(row.get("issues") or []) for row in (raw, refined)]
    if any(issues):
        table.add_row("issues", *map(console.escape, issues), "")
    console.out.print()
    console.out.print(table)
    console.out.print(console.escape(origin(source, raw)), highlight=False, soft_wrap=True)


def origin(source: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
    """Where the words stand in the kept pages, who read them, and why they were merged."""
    merged = f"merged: {source['match_reason']} ({source['match_score']})" if source["match_reason"] else "not merged"
    reader = f"reader {raw['reader']}, " if raw.get("reader") else ""
    place = f"{source['capture_file']} at byte {source['capture_offset']}"
    return f"{source['raw_entry_id']}, {reader}captured {source['captured_at']}, {place}; {merged}"


def values(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The values that are there, each with its name when there are several; long ones are cut."""
    known = [(name, row.get(name)) for name in names]
    texts = [
        (name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)) for name, value in known if value
    ]
    if len(names) == 1:
        return cut(texts[0][1]) if texts else ""
    return "\n".join(f"{name}: {cut(text)}" for name, text in texts)


def cut(text: str, length: int = 300) -> str:
    """At most so many characters, with a mark where it was cut."""
    return text if len(text) <= length else f"{text[: length - 1]}…"

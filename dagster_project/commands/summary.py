"""The last word of a harvest: a table of the sources, what was left out, where the release is and how to query it.

What belongs here: counting on the published release, and showing. What does not: exit codes.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from dagster_project import console

# Shares are of the entries that a source tells of; a text that goes on without a date ("ongoing") counts as dated.
PER_SOURCE = """
select s.source, s.captures, count(es.raw_entry_id), avg((e.start_date is not null or e.is_ongoing)::int),
       avg((len(e.countries) > 0 or e.is_online)::int), count(es.match_reason)
from sources s
left join entry_sources es on es.source = s.source
left join entries e on e.entry_id = es.entry_id
group by s.source, s.captures
having s.captures > 0 or count(es.raw_entry_id) > 0
order by s.source
"""
EXAMPLE = "select kind, count(*) from entries group by all"


def show_sources(data: Path) -> None:
    """Each source of the latest release: captures, entries, shares that are dated and placed, merged, issues."""
    from rich.table import Table

    from warehouse.releases import open_release

    with open_release(data) as connection:
        rows = connection.execute(PER_SOURCE).fetchall()
        total = connection.execute("select count(*) from entries").fetchall()[0][0]
    issues = Counter(issue.get("source") for issue in read_issues(data))
    table = Table(header_style="bold", show_edge=False)
    table.add_column("source")
    for name in ("captures", "entries", "dated", "placed", "merged", "issues"):
        table.add_column(name, justify="right")
    for source, captures, entries, dated, placed, merged in rows:
        table.add_row(
            source, str(captures), str(entries), share(dated), share(placed), str(merged), str(issues[source])
        )
    console.out.print(table)
    told = sum(row[2] for row in rows)
    console.out.print(f"{told} mentions on {sum(row[1] for row in rows)} pages make {total} entries.", highlight=False)


def read_issues(data: Path) -> list[dict[str, Any]]:
    """`issues.json` of the latest release."""
    path = data / "published" / "latest" / "issues.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return found if isinstance(found, list) else list(found.get("issues", []))


def share(value: float | None) -> str:
    """A share as a percentage; nothing when there is nothing to share."""
    return "" if value is None else f"{value:.0%}"


def show_unmatched(urls: list[str], count: int, few: int = 5) -> None:
    """Records at addresses that no source claims: how many, and a few by name."""
    if not count:
        return
    pages = "1 page belongs" if count == 1 else f"{count} pages belong"
    console.out.print(f"{pages} to no source; left out:", highlight=False)
    for url in urls[:few]:
        console.out.print(f"  {console.escape(url)}", highlight=False, soft_wrap=True)
    if len(urls) > few:
        console.out.print("  and more, named in issues.json", highlight=False)


def called() -> str:
    """How to call the command again: by its name where the shell finds it, else by its path."""
    path = Path(sys.argv[0])
    if shutil.which(path.name) or not path.is_file():
        return path.name
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def show_release(data: Path, unchanged: bool) -> None:
    """Where the release is, and how to look into it."""
    latest = data / "published" / "latest"
    word = "Unchanged, so no new release was made" if unchanged else "Published"
    folder = f"--data {data} " if data != Path("data") else ""
    console.out.print(f"\n{word}: {latest} -> {latest.resolve().name}", highlight=False, soft_wrap=True)
    console.out.print("Query it:", highlight=False)
    console.out.print(f'  {called()} query {folder}"{EXAMPLE}"', highlight=False, soft_wrap=True)
    files = f"  or open {latest / 'cityharvest.duckdb'}; entries.parquet, .csv and .jsonl lie beside it"
    console.out.print(files, highlight=False, soft_wrap=True)

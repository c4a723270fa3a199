"""How fast the files of a release are written, how much memory that takes, and that the swap shows no half release.

    python benchmarks/bench_publish.py [--entries N] [--releases N]

What belongs here: seconds of all files of N synthetic entries, and their ratio to what DuckDB's own COPY to Parquet,
CSV and JSON of the same tables takes in the same run; the highest memory of a process that publishes a fifth of them
and all; readers of `latest` beside so many releases. What does not: quality; tests say what stands in the files.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import release as publishing
from pipelines.publish.declared import released
from pipelines.publish.release import publish
from warehouse.build import connect, create_table, create_views, literal
from warehouse.layout import DataFolder
from warehouse.releases import DATABASE
from warehouse.tables import RELEASE_TABLES

ROOT = Path(__file__).parents[1]
NOW = datetime(2024, 11, 2, 5, 0, tzinfo=UTC)
# Half of the entries are events; every fourth has no end, every fifth an hour; texts of the length that pages have.
_ROWS = {
    "entries": """
SELECT 'ce-' || substr(md5(i::VARCHAR), 1, 12) AS entry_id,
       CASE WHEN i % 2 = 0 THEN 'event' ELSE ['practice', 'news', 'resource', 'call'][1 + i // 2 % 4] END AS kind,
       CASE WHEN i % 50 = 0 THEN 'cancelled' END AS status,
       'Open day number ' || i || ' of the neighbours’ houses, for all' AS title,
       NULL AS subtitle,
       repeat('What the city did, with whom; and how it went on. ', 1 + (i % 9)::INTEGER) AS summary,
       CASE WHEN i % 2 = 1 AND i // 2 % 4 = 0
            THEN json_object('purpose', repeat('To show that it works. ', 20), 'process', repeat('Step. ', 40)) END
           AS sections,
       'https://www.example.org/page/' || i AS url, 'en' AS language, 0.97 AS language_confidence,
       strftime(DATE '2015-01-01' + (i % 4000)::INTEGER, '%-d %B %Y') AS date_raw,
       DATE '2015-01-01' + (i % 4000)::INTEGER AS start_date,
       CASE WHEN i % 4 <> 0 THEN DATE '2015-01-01' + (i % 4000 + i % 3)::INTEGER END AS end_date,
       CASE WHEN i % 5 = 0 THEN TIME '18:30' END AS start_time,
       CASE WHEN i % 10 = 0 THEN TIME '20:00' END AS end_time,
       CASE WHEN i % 5 = 0 THEN ['Europe/Paris', 'Europe/Oslo', 'Europe/Lisbon'][1 + i % 3] END AS timezone,
       NULL AS timezone_raw, NULL AS start_at,
       CASE WHEN i % 5 = 0 THEN 'time' ELSE 'day' END AS date_precision,
       'event' AS date_role, false AS date_inferred, 'rule: day month year' AS date_reason, false AS is_ongoing,
       'Town hall, City' AS place_raw, 'Town hall' AS venue, ['City ' || i % 300] AS cities,
       ['city-' || i % 300] AS city_ids, [['FR', 'NO', 'PT', 'DE', 'PL', 'GB'][1 + i % 6]] AS countries,
       i % 11 = 0 AS is_online, ['housing', 'education'] AS topics, 0.8 AS relevance,
       TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_minutes(i % 100000) AS first_seen_at,
       TIMESTAMPTZ '2024-10-01 00:00:00+00' + to_minutes(i % 10000) AS last_seen_at, 1 AS source_count
FROM range({n}) r(i)""",
    "entry_sources": """
SELECT entry_id, 'raw-' || substr(md5(entry_id), 1, 16) AS raw_entry_id, 'listing' AS source,
       'https://www.example.org/list' AS page_url, first_seen_at AS captured_at,
       'captures/listing/run/pages.warc.gz' AS capture_file, 4096 AS capture_offset, title, date_raw, place_raw,
       NULL AS match_reason, NULL AS match_score
FROM entries""",
    "entry_links": """
SELECT entry_id, url || '/agenda.pdf' AS url, 'Agenda' AS label, 'document' AS role FROM entries WHERE is_online""",
    "cities": """
SELECT 'city-' || i AS city_id, 'City ' || i AS name, ['FR', 'NO', 'PT', 'DE', 'PL', 'GB'][1 + i % 6] AS country,
       40 + i / 20 AS latitude, -10 + i / 10 AS longitude, 'place' AS status FROM range(5000) r(i)""",
    "sources": """
SELECT 'listing' AS source, 'List' AS title, 'Somebody' AS publisher, 'programme' AS scope, 'active' AS status,
       1 AS captures, {n} AS entries, NULL AS last_run_id, 'complete' AS last_run_outcome, NULL AS last_complete_at,
       TIMESTAMPTZ '2024-11-01 00:00:00+00' AS data_as_of""",
    "entry_versions": """
SELECT entry_id, 1 AS version, first_seen_at AS valid_from, NULL AS valid_to,
       'raw-' || substr(md5(entry_id), 1, 16) AS raw_entry_id, title, date_raw, start_date, end_date, status
FROM entries""",
}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--releases", type=int, default=200, help="how many releases the readers look at")
    options.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--readers-of", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.memory_of:
        print(peak(asked.memory_of))
    elif asked.readers_of:
        print(json.dumps(keep_looking(asked.readers_of)))
    else:
        measure(asked.entries, asked.releases)


def measure(entries: int, releases: int) -> None:
    """All three, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        print_times(Path(folder), entries)
        print_memory(Path(folder), entries)
        print_swaps(Path(folder), releases)


def build(data: DataFolder, entries: int) -> None:
    """A curated warehouse of synthetic rows."""
    data.build.parent.mkdir(parents=True, exist_ok=True)
    data.build.unlink(missing_ok=True)
    with connect(data.build) as con:
        for table in RELEASE_TABLES:
            create_table(con, table)
            if table.name in _ROWS:
                order = ", ".join(table.key)
                rows = _ROWS[table.name].replace("{n}", str(entries))
                con.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM ({rows}) ORDER BY {order}")
        create_views(con)


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def print_times(folder: Path, entries: int) -> None:
    """Two releases: one without a predecessor, and one in which every hundredth entry changed."""
    data = DataFolder(folder / "times")
    build(data, entries)
    for number, what in enumerate(("the first release", "a release after it")):
        if number:
            with connect(data.build) as con:
                con.execute("UPDATE entries SET title = title || ' (new)' WHERE hash(entry_id) % 100 = 0")
        print_release(data, folder / "copies", what, NOW + timedelta(days=number))


def print_release(data: DataFolder, copies: Path, what: str, now: datetime) -> None:
    """DuckDB's own COPY, and all files of one release."""
    spent: list[float] = []
    plain = seconds(lambda: copy(data.build, copies))
    whole = seconds(lambda: timed_publish(data, now, spent))
    print(
        f"{what}: DuckDB's COPY {plain:.2f} s, all files {sum(spent):.2f} s, ratio {sum(spent) / plain:.2f};"
        f" with checks, checksums and swap {whole:.2f} s"
    )


def copy(build: Path, folder: Path) -> None:
    """What DuckDB does by itself: every table and view, as it stands, in three formats."""
    folder.mkdir(exist_ok=True)
    with connect(build, read_only=True) as con:
        for table in released(con):
            for suffix in ("parquet", "csv", "json"):
                con.execute(f"COPY {table.name} TO {literal(str(folder / f'{table.name}.{suffix}'))} (FORMAT {suffix})")


def timed_publish(data: DataFolder, now: datetime, spent: list[float]) -> None:
    """Publish; the seconds of each step that writes files go into `spent`."""

    def timed(step: Callable[..., None]) -> Callable[..., None]:
        def run(con: duckdb.DuckDBPyConnection, *rest: object) -> None:
            spent.append(seconds(lambda: step(con, *rest)))

        return run

    kept = publishing.write_files, publishing.PARTS
    try:
        publishing.write_files = timed(publishing.write_files)  # type: ignore[assignment]
        publishing.PARTS = tuple(timed(part) for part in publishing.PARTS)  # type: ignore[assignment]
        publish(data, [], now)
    finally:
        publishing.write_files, publishing.PARTS = kept


def print_memory(folder: Path, entries: int) -> None:
    """The highest resident memory of a process that publishes, for a fifth of the entries and for all."""
    for number in (entries // 5, entries):
        data = DataFolder(folder / f"memory-{number}")
        build(data, number)
        command = [sys.executable, __file__, "--memory-of", str(data.root)]
        said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        print(f"{number} entries: at most {int(said.stdout) / 1024:.0f} MB")


def peak(root: Path) -> int:
    """Publish, and give the highest resident memory in kB; of this program alone, which getrusage does not tell."""
    publish(DataFolder(root), [], NOW)
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def print_swaps(folder: Path, releases: int) -> None:
    """Readers, each a process, open `latest` in a loop beside so many releases; what they saw that was not whole."""
    data = DataFolder(folder / "swaps")
    build(data, 200)
    publish(data, [], NOW)
    command = [sys.executable, __file__, "--readers-of", str(data.root)]
    readers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    took = seconds(lambda: [publish(data, [], NOW + timedelta(seconds=n), force=True) for n in range(releases)])
    (data.root / "done").touch()
    said = [json.loads(reader.communicate()[0]) for reader in readers]
    looks, faults = sum(one["looks"] for one in said), [fault for one in said for fault in one["faults"]]
    print(f"{releases} releases in {took:.1f} s, {looks} looks at latest, {len(faults)} of them not whole")
    for fault in faults[:5]:
        print(f"  {fault}")


def keep_looking(root: Path) -> dict[str, Any]:
    """Look at the latest release until told that it is done."""
    looks, faults = 0, list[str]()
    while not (root / "done").exists():
        faults += look(DataFolder(root))
        looks += 1
    return {"looks": looks, "faults": faults}


def look(data: DataFolder) -> list[str]:
    """Open the latest release; what is missing, half or of another release."""
    folder = data.latest.resolve()
    try:
        about = json.loads((folder / "release.json").read_text(encoding="utf-8"))
        with duckdb.connect(str(folder / DATABASE), read_only=True) as con:
            (rows,) = con.execute("SELECT count(*) FROM entries").fetchall()[0]
        wrong = [name for name, file in about["files"].items() if (folder / name).stat().st_size != file["bytes"]]
    except (OSError, ValueError, duckdb.Error) as error:
        return [f"{folder.name}: {error}"]
    if about["release"] != folder.name or rows != about["counts"]["entries"] or wrong:
        return [f"{folder.name}: {about['release']}, {rows} rows, {wrong}"]
    return []


if __name__ == "__main__":
    main()

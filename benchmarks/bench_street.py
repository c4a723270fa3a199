"""How fast the street is on the sample pages, stage by stage, and how soon the command answers.

    python benchmarks/bench_street.py [--times N]

What belongs here: wall-clock time of each stage through plain functions, without Dagster, in a folder that is thrown
away. The samples are given N times over, as so many imports of their own. What does not: quality; that has benchmarks
of its own beside this file, on files of labelled texts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagster_project import steps
from dagster_project.imports import take_in
from scrapers.registry import Source, load_registry
from warehouse.layout import DataFolder

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=3, help="how often the samples are given")
    times = options.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        print_street(Path(folder), times)
    print_help()


def print_street(folder: Path, times: int) -> None:
    """Each stage: seconds, and how many of what it makes in a second."""
    data, registry = DataFolder(folder / "data"), load_registry()
    files = [folder / f"samples-{number}.warc.gz" for number in range(times)]
    for file in files:
        subprocess.run([sys.executable, "samples/pack.py", str(file)], cwd=ROOT, check=True, capture_output=True)
    taken = measure("import", "captures", lambda: take_in(files, registry, data.root), lambda _: captures(data))
    sources = [registry.get(key) for key in taken.sources]
    measure("read", "captures", lambda: each(steps.read_source, data, sources), lambda _: captures(data))
    measure("refine", "entries", lambda: each(steps.refine_source, data, sources), total_entries)
    measure("curate", "raw entries", lambda: steps.curate_all(data, registry), lambda r: r.figures["raw_entries"])
    measure(
        "publish",
        "entries",
        lambda: steps.publish_all(data, registry, [], False),
        lambda r: r.figures["counts"]["entries"],
    )


def each(step: Callable[..., steps.StepReport], data: DataFolder, sources: list[Source]) -> list[steps.StepReport]:
    """A step of every source, one after the other."""
    return [step(data, source, again=True) for source in sources]


def captures(data: DataFolder) -> int:
    """Captures kept, over all runs."""
    from scrapers.captures.records import run_records

    return sum(record.captures for source in data.sources() for record in run_records(data, source))


def total_entries(reports: list[steps.StepReport]) -> int:
    """Entries that were refined."""
    return sum(report.figures["entries"] for report in reports)


def released(report: steps.StepReport) -> int:
    """Files of the release."""
    return sum(1 for path in Path(report.figures["folder"]).rglob("*") if path.is_file())


def measure(stage: str, unit: str, work: Callable[[], Any], count: Callable[[Any], int]) -> Any:
    """Run, print a line, give the result."""
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    made = count(result)
    print(f"{stage:8} {seconds:7.2f} s   {made:6} {unit:12} {made / seconds:9.0f} a second")
    return result


def print_help(tries: int = 5) -> None:
    """How soon `--help` answers: the best of some tries."""
    command = [str(Path(sys.executable).parent / "cityharvest"), "--help"]
    took = []
    for _ in range(tries):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        took.append(time.perf_counter() - start)
    print(f"--help   {min(took):7.2f} s")


if __name__ == "__main__":
    main()

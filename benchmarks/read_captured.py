"""Captured listing pages of all known strategies, read by one core: `bench_crawl` runs this as a process of its own.

    python benchmarks/read_captured.py FOLDER PAGES

The pages are those of the test web, eight entries each. They are written as capture files first; what is measured is
`read_captures` and `read_page` over them, page by page, as `cityharvest read` does. Prints one JSON object.

What belongs here: one measurement. What does not: ratios, words for people.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "servers")]

from town_web import TownSite, source_of  # noqa: E402
from towns import KINDS, Town, make_towns  # noqa: E402

from pipelines.read import read_page  # noqa: E402
from warehouse.captures import Capture, CaptureWriter, read_captures  # noqa: E402

ENTRIES = 8
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
MEASURED = tuple(kind for kind in KINDS if kind != "sitemap")  # which has no entries of its own


def main() -> None:
    """Write the captures that are missing, read them, print what it took."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    path = folder / f"captured-{count}.warc.gz"
    written(path, count)
    strategies = {kind: told(kind) for kind in MEASURED}
    read_page("http://a.example/", b"<p>3 May 2026 Oslo</p>", "text/html", MOMENT)  # loads vocabularies and gazetteer
    seconds: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    entries = 0
    for capture in captured(path):
        kind = capture.url.partition("#")[2].replace("-", " ")
        strategy, hints = strategies[kind]
        began = time.process_time()
        reading = read_page(capture.url, capture.body, capture.media_type, capture.captured_at, strategy, hints)
        seconds[kind] += time.process_time() - began
        pages[kind] += 1
        entries += len(reading.entries)
    assert entries > 0.99 * ENTRIES * count, f"{entries} entries of {ENTRIES * count}: this would measure nothing"
    known = [kind for kind in MEASURED if not kind.startswith("html")]
    found = {
        "pages": sum(pages[kind] for kind in known),
        "seconds": sum(seconds[kind] for kind in known),
        "entries": entries,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "by_kind": {kind: pages[kind] / seconds[kind] for kind in MEASURED if seconds[kind]},
    }
    print(json.dumps(found))


def told(kind: str) -> tuple[str, dict[str, Any]]:
    """Strategy and hints of a kind of town."""
    source = source_of(TownSite(make_towns(1, 1, kinds=(kind,))[0]))
    return source["strategy"], source["hints"]


def written(path: Path, count: int) -> None:
    """Write the captures: towns of all kinds in turn, each with one page."""
    batch = len(MEASURED)
    with CaptureWriter(path) as writer:
        for number in range(-(-count // batch)):
            towns = make_towns(batch, ENTRIES, seed=number, kinds=MEASURED)
            for place, town in enumerate(towns[: count - number * batch]):
                keep(writer, town, MOMENT + timedelta(seconds=number * batch + place))


def keep(writer: CaptureWriter, town: Town, moment: datetime) -> None:
    """Write the first page of a town's list."""
    site = TownSite(town)
    site.port = 80
    start = source_of(site)["start"][0].replace("{locale}", town.language)
    target = start.removeprefix(site.root)
    status, body = site.body(target)
    headers = {"Content-Type": site.media_type(target)}
    writer.write_response(f"{start}#{town.kind.replace(' ', '-')}", moment, status, headers, body)


def captured(path: Path) -> Iterator[Capture]:
    """The captures of a file; none of it may be damaged."""
    for found in read_captures(path):
        assert isinstance(found, Capture)
        yield found


if __name__ == "__main__":
    main()

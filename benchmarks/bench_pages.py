"""Measure the reader of unknown listing pages on saved pages with known events, and on our own.

    python benchmarks/bench_pages.py REALPAGES [--part tune|rest|all] [--worst N] [--show NAME] [--write FILE]

REALPAGES is a folder with `gold.jsonl` (a line a page: page, url, captured, events), the pages, and `score.py` that
says what is counted; nothing of it is part of this project. Sites are split once, by a hash of their host: three
fifths are tuned on (`tune`), the rest is looked at rarely (`rest`). Without --part both and all are printed, and after
them the pages of `tests/pages/html`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from bench_own_pages import run

from pipelines.read import read_page
from pipelines.refine.dates import read_dates

_TUNE = 3  # of five


def main() -> None:
    """Read the pages of a part and print the figures, the times and the worst pages."""
    options = _options()
    folder = Path(options.realpages)
    score = _score(folder)
    gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = [page for page in gold if options.show is None or options.show in page["page"]]
    made, seconds = _read_all(folder, [page for page in wanted if options.part in ("all", part(page))])
    if options.write:
        rows = (json.dumps({"page": name, "events": events}, ensure_ascii=False) for name, events in made.items())
        Path(options.write).write_text("\n".join(rows) + "\n", encoding="utf-8")
    for name in ("tune", "rest", "all") if options.part == "all" and not options.show else (options.part,):
        pages = [page for page in wanted if name in ("all", part(page))]
        _print_figures(name, score.figures(pages, made), [seconds[page["page"]] for page in pages])
        if name == options.part:
            _print_worst(score, pages, made, options.worst)
    if options.show:
        _print_pages(wanted, made)
    elif options.part == "all":
        run(options.worst)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("realpages")
    parser.add_argument("--part", choices=("tune", "rest", "all"), default="all")
    parser.add_argument("--worst", type=int, default=10)
    parser.add_argument("--show")
    parser.add_argument("--write")
    return parser.parse_args()


def _score(folder: Path) -> ModuleType:
    """The folder's own `score.py`."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    if spec is None or spec.loader is None:
        sys.exit(f"no score.py in {folder}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def part(page: dict[str, Any]) -> str:
    """The part of a page's site: tune or rest."""
    host = urlsplit(page["url"] or "").netloc
    return "tune" if int(hashlib.sha256(host.encode()).hexdigest(), 16) % 5 < _TUNE else "rest"


def _read_all(folder: Path, pages: list[dict[str, Any]]) -> tuple[dict[str, list[dict[str, Any]]], dict[str, float]]:
    """(events, seconds) by page."""
    made, seconds = {}, {}
    for page in pages:
        body = (folder / page["page"]).read_bytes()
        captured = datetime.fromisoformat(page["captured"] or "2020-01-01").replace(tzinfo=UTC)
        start = time.perf_counter()
        entries = read_page(page["url"] or "https://unknown.example/", body, "text/html", captured).entries
        seconds[page["page"]] = time.perf_counter() - start
        made[page["page"]] = events(entries, captured)
    return made, seconds


def events(entries: list[dict[str, Any]], captured: datetime) -> list[dict[str, Any]]:
    """What the entries say, in the form of `score.py`."""
    contexts = [entry["date_context"] for entry in entries]
    read = read_dates([entry["date_raw"] or "" for entry in entries], captured=captured.date(), contexts=contexts)
    return [
        {
            "title": entry["title"],
            "start": f"{day:%Y-%m-%d}" if day is not None and day == day else None,
            "location": entry["place_raw"],
            "date_raw": entry["date_raw"],
        }
        for entry, day in zip(entries, read["start_date"], strict=True)
    ]


def _print_figures(name: str, figures: dict[str, Any], seconds: list[float]) -> None:
    print(f"--- {name}")
    for label, value in figures.items():
        print(f"{label:38} {value:.3f}" if isinstance(value, float) else f"{label:38} {value}")
    ordered = sorted(seconds)
    if ordered:
        print(
            f"{'ms a page':38} median {1000 * statistics.median(ordered):.1f}"
            f"  p95 {1000 * ordered[int(0.95 * (len(ordered) - 1))]:.1f}  most {1000 * ordered[-1]:.1f}"
        )


def _print_worst(score: ModuleType, pages: list[dict[str, Any]], made: dict[str, Any], count: int) -> None:
    """The pages that lose most events by day and title, and what was lost."""
    rows = []
    for page in pages:
        want, have = page["events"], made[page["page"]]
        days, titles = score.score(want, have)
        rows.append((len(want) - titles + max(len(have) - len(want), 0) / 2, page, days, titles, len(have)))
    print(f"{'worst pages':60} known  made  days titles")
    for _, page, days, titles, have in sorted(rows, key=lambda row: -row[0])[:count]:
        name = page["page"].removeprefix("pages/").removesuffix(".html").split("__", 1)[-1]
        print(f"{name[:60]:60} {len(page['events']):5} {have:5} {days:5} {titles:6}")


def _print_pages(pages: list[dict[str, Any]], made: dict[str, Any]) -> None:
    """Known and made events of a page, side by side in the order of their days."""
    for page in pages:
        known = {(e["start"] or "")[:10]: e for e in page["events"]}
        print(f"=== {page['page']}  captured {page['captured']}  {page['url']}")
        for event in sorted(made.get(page["page"], []), key=lambda e: e["start"] or ""):
            gold = known.pop(event["start"] or "", None)
            print(f"{event['start']} | {event['title']!r} | {event['date_raw']!r} | KNOWN {gold and gold['title']!r}")
        for day, event in known.items():
            print(f"{day} MISSING {event['title']!r}")


if __name__ == "__main__":
    main()

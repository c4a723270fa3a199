"""How fast crawling and reading are, as ratios within one run on one machine.

    python benchmarks/bench_crawl.py [--pages 10000] [--read 10000] [--rounds 3]

1. A crawl that keeps every page, against a bare Scrapy spider that follows the same links of the same site on loopback
   and keeps nothing (`bare_spider.py`); both are processes of their own, by turns, and the median of the rounds counts.
2. The same site harvested again, unchanged: bytes on the wire and time against the first harvest.
3. Captured pages of the known strategies read again, without a network, by one core: pages a second, and the most
   memory that a tenth of them and all of them take.

What belongs here: measuring on the test web. What does not: whether the entries are right (the tests).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "servers")]

from testweb import BASE, LIST, Site, served  # noqa: E402

PER_PAGE = 100
CONCURRENCY = 8


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=10_000, help="pages of items on the site that is crawled")
    options.add_argument("--read", type=int, default=10_000, help="captured pages that are read")
    options.add_argument("--rounds", type=int, default=3, help="how often bare and keeping crawls take turns")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.pages:
            crawls(Path(folder), asked.pages, asked.rounds)
        if asked.read:
            readings(Path(folder), asked.read)


@dataclass(frozen=True)
class Run:
    """One crawl: answers and bytes of its site, seconds from start to end of its process, and of a core."""

    pages: int
    bytes: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Pages a second of the whole process."""
        return self.pages / self.seconds


def crawls(folder: Path, pages: int, rounds: int) -> None:
    """A keeping crawl against a bare one, and a second harvest against the first."""
    site = Site(items=pages, per_page=PER_PAGE, paragraphs=6)
    site.faults = {}
    with served(site) as port:
        warm(site)
        bare, keeping, again = [], [], []
        for number in range(rounds):
            data = folder / f"data-{number}"
            bare.append(measured(site, [str(ROOT / "benchmarks" / "bare_spider.py"), start(port)], ""))
            keeping.append(measured(site, ["-m", "scrapers.crawl_process"], order(port, data, "a")))
            again.append(measured(site, ["-m", "scrapers.crawl_process"], order(port, data, "b")))
            for run in ("a", "b"):
                check(data, run)
    print(f"crawling a site of {pages} pages, {CONCURRENCY} requests at once, median of {rounds}:")
    for name, runs in (("bare spider", bare), ("keeping", keeping), ("again, unchanged", again)):
        seconds, cores = (median(getattr(run, name) for run in runs) for name in ("seconds", "cpu"))
        told = f"{median(r.rate for r in runs):7.0f} pages/s {seconds:7.1f} s {cores:7.1f} s of a core"
        print(f"  {name:18} {told} {runs[-1].bytes / 1e6:8.1f} MB sent, {runs[-1].pages} answers")
    ratio = median(k.rate / b.rate for k, b in zip(keeping, bare, strict=True))
    time_ratio = median(a.seconds / k.seconds for a, k in zip(again, keeping, strict=True))
    print(f"  keeping / bare, pages a second     {ratio:6.2f}   (at least 0.7)")
    print(f"  the same by seconds of a core      {median(map(per_core, bare)) / median(map(per_core, keeping)):6.2f}")
    print(f"  again / first, bytes               {again[-1].bytes / keeping[-1].bytes:6.3f}   (at most 0.1)")
    print(f"  again / first, time                {time_ratio:6.2f}   (at most 0.33)")
    cpu_ratio = median(run.cpu for run in again) / median(run.cpu for run in keeping)
    print(f"  the same by seconds of a core      {cpu_ratio:6.2f}")


def per_core(run: Run) -> float:
    """Seconds of a core for an answer."""
    return run.cpu / run.pages


def warm(site: Site) -> None:
    """Make all pages once: it is the crawl that is measured."""
    for slug in site.slugs:
        site.body(f"{BASE}/-/{slug}")


def start(port: int) -> str:
    """Where the crawl begins."""
    return f"http://127.0.0.1:{port}{LIST}?delta={PER_PAGE}"


def order(port: int, data: Path, run: str) -> str:
    """What `scrapers.crawl_process` is told."""
    from scrapers.source import Source

    host = f"127.0.0.1:{port}"
    polite = {"delay": 0, "concurrency": CONCURRENCY, "budget": 20_000, "timeout": 60}
    source = {
        "key": "bench",
        "title": "A site on loopback",
        "publisher": "Nobody",
        "languages": ["en"],
        "scope": "programme",
        "status": "active",
        "strategy": "liferay",
        "start": [start(port)],
        "patterns": [f"{host}/{{rest...}}"],
        "locales": ["en"],
        "follow_details": True,
        "allow_private": True,
        "cron": "0 3 * * *",
        "politeness": polite,
    }
    told = Source.model_validate(source).model_dump(mode="json")
    return json.dumps({"source": told, "data": str(data), "run_id": f"20260101T000000Z-{run * 4}"}) + "\n"


def measured(site: Site, arguments: list[str], told: str) -> Run:
    """Run a crawl in a process of its own."""
    site.asked.clear()
    site.bytes_sent = 0
    began = time.perf_counter()
    # Its standard input stays open until it ends: a crawl whose master is gone ends early.
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(told.encode())
    process.stdin.flush()
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    process.stdin.close()
    process.stderr.close()
    if process.returncode:
        raise SystemExit(said.decode()[-2000:])
    return Run(len(site.asked), site.bytes_sent, seconds, used.ru_utime + used.ru_stime)


def check(data: Path, run: str) -> None:
    """A crawl that was not whole measures nothing."""
    record = json.loads((data / "captures" / "bench" / f"20260101T000000Z-{run * 4}" / "run.json").read_text())
    if record["outcome"] != "complete" or record["errors"]:
        raise SystemExit(f"the crawl was not whole: {record}")


def readings(folder: Path, pages: int) -> None:
    """Reading without a network: a process of its own each, so that the most memory is that of one reading."""
    print(f"reading {pages} captured pages of known strategies, one core:")
    peaks = []
    for count in (pages // 10, pages):
        program = [sys.executable, __file__.replace("bench_crawl", "read_captured"), str(folder), str(count)]
        done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        peaks.append(found["peak_mb"])
        rate = f"{found['pages'] / found['seconds']:6.0f} pages/s"
        print(f"  {count:7} pages {rate} {found['entries']:9} entries  at most {found['peak_mb']:6.0f} MB")
        if count == pages:
            for kind, speed in sorted(found["by_kind"].items()):
                print(f"     {kind:16} {speed:7.0f} pages/s")
    print(f"  pages a second                     {found['pages'] / found['seconds']:6.0f}   (at least 300)")
    print(f"  memory of all / of a tenth         {peaks[1] / peaks[0]:6.2f}   (flat: about 1)")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(ROOT))
    main()

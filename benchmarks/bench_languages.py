"""Measure `detect_languages`: right, wrong and null by kind and language, and microseconds a text.

    python benchmarks/bench_languages.py PATH [PATH ...]

Each line of PATH is a JSON object with `language` and `text`, or `title` (and `summary`); `kind` groups them. The
texts are judged three times: without a hint, with all languages of the file as candidates, and with the right one.
hr, bs and sr in Latin letters are counted as one beside the strict count.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from pipelines.refine.languages import detect_languages

_ALIKE = {"hr", "bs", "sr"}


def main(paths: list[str]) -> None:
    """Print a block for each file."""
    detect_languages(["warm up: the models are loaded once"])
    for path in paths:
        rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
        texts = [row.get("text") or " ".join(filter(None, (row.get("title"), row.get("summary")))) for row in rows]
        wanted = [row["language"] for row in rows]
        kinds = [row.get("kind", "all") for row in rows]
        print(f"{path}: {len(rows)} texts in {len(set(wanted))} languages")
        candidates = sorted(set(wanted))
        for name, declared in (("no hint", None), ("candidates", [candidates] * len(rows)), ("declared", wanted)):
            report(name, texts, wanted, kinds, declared)


def report(name: str, texts: list[str], wanted: list[str], kinds: list[str], declared: object) -> None:
    """One way of asking: counts by kind, the commonest mistakes, time."""
    start = time.perf_counter()
    got = detect_languages(texts, declared)["language"].tolist()
    micros = (time.perf_counter() - start) / len(texts) * 1e6
    print(f"  {name}: {micros:.0f} us a text")
    for kind in sorted(set(kinds)):
        pairs = [(w, g) for w, g, k in zip(wanted, got, kinds, strict=True) if k == kind]
        right = sum(w == g for w, g in pairs)
        alike = sum(w == g or {w, g} <= _ALIKE for w, g in pairs)
        null = sum(g is None for _, g in pairs)
        wrong = Counter(f"{w}>{g}" for w, g in pairs if g is not None and w != g)
        print(
            f"    {kind:12} right {right / len(pairs):.4f} (hr, bs, sr as one {alike / len(pairs):.4f})"
            f" null {null / len(pairs):.4f} of {len(pairs)}; wrong {wrong.most_common(12)}"
        )


if __name__ == "__main__":
    main(sys.argv[1:] or sys.exit(__doc__))

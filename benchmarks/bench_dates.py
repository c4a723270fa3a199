"""How well and how fast date texts are read: ours beside dateparser with the language given.

    python benchmarks/bench_dates.py DATES.jsonl [--wrong]

The file has a text a line: raw, lang, start, end (inclusive; null for a single day), ref (the day that counts as
today), cls (absolute, yearless), range (true, false). Days are compared; the times of labels are counted apart.
`--wrong` lists what was not right. Speed, one core, processor time: the texts of the file with nothing kept of
them, the same again, and 30,000 new ones as CLDR writes them, other ones in each round. Rounds of ours and of
dateparser take turns, and the best of each counts: what else runs on a machine only ever makes a round slower.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from babel import Locale
from babel.dates import format_date, format_interval

from pipelines.refine.dates import read_dates, reading

ROUNDS = 5
NETWORK = ("en", "fr", "de", "es", "it", "pt", "nl", "sv", "nb", "pl", "uk", "el")
Answer = tuple[str | None, str | None]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--wrong", action="store_true", help="list every text that was not right")
    arguments.add_argument("--no-dateparser", action="store_true", help="ours only")
    options = arguments.parse_args()
    rows = [json.loads(line) for line in options.file.open(encoding="utf-8")]
    ours, clocks = read_ours(rows)
    theirs = [] if options.no_dateparser else read_dateparser(rows)
    for group, key in (("kind", kind_of), ("language", language_of)):
        print_scores(group, rows, ours, theirs, key)
    told = [(row, clock) for row, clock in zip(rows, clocks, strict=True) if "T" in row["start"]]
    good = sum(clock == row["start"][11:16] for row, clock in told)
    print(f"\ntimes: {good} of {len(told)} begin when the label says")
    if options.wrong:
        for row, answer in zip(rows, ours, strict=True):
            if verdict(row, answer) != "right":
                print(
                    verdict(row, answer),
                    row["lang"],
                    repr(row["raw"]),
                    row["start"],
                    row["end"],
                    (row["ref"] or "")[:10],
                    "->",
                    *answer,
                    sep=" | ",
                )
    beside, same = not options.no_dateparser, [rows] * ROUNDS
    print_speed("texts of the file, each once", same, beside)
    print_speed("the same texts again", same, beside, fresh=False)
    print_speed("new texts of usual shapes", [new_texts(30_000, seed) for seed in range(ROUNDS)], beside)


def read_ours(rows: list[dict[str, Any]]) -> tuple[list[Answer], list[str | None]]:
    """Our first and last days, and start times."""
    frame = read_frame(rows)
    days = [(text(start), text(end)) for start, end in zip(frame["start_date"], frame["end_date"], strict=True)]
    return days, [None if clock is None else clock.strftime("%H:%M") for clock in frame["start_time"]]


def read_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """All that `read_dates` gives of them."""
    return read_dates([row["raw"] for row in rows], [row["lang"] for row in rows], [row["ref"] for row in rows])


def read_dateparser(rows: list[dict[str, Any]]) -> list[Answer]:
    """What dateparser makes of it: one day, with the reference day as today."""
    from dateparser.date import DateDataParser

    answers: list[Answer] = []
    parsers: dict[str, Any] = {}
    for row in rows:
        base = datetime.fromisoformat(row["ref"][:10]) if row["ref"] else datetime(2016, 1, 1)  # noqa: DTZ001
        settings: Any = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future"}
        language = "nb" if row["lang"] == "no" else row["lang"][:2]
        key = f"{language} {base}"
        if key not in parsers:
            parsers[key] = DateDataParser(languages=[language], settings=settings)
        found = parsers[key].get_date_data(row["raw"]).date_obj
        day = text(found.date()) if found else None
        answers.append((day, day))
    return answers


def text(day: date | None) -> str | None:
    """ISO, or None."""
    return None if day is None else day.isoformat()


def verdict(row: dict[str, Any], answer: Answer) -> str:
    """right, wrong or null."""
    want = row["start"][:10], (row["end"] or row["start"])[:10]
    return "null" if answer == (None, None) else "right" if answer == want else "wrong"


def kind_of(row: dict[str, Any]) -> str:
    """Single or range, with or without a year."""
    return f"{'range' if row['range'] else 'single'} {row['cls']}"


def language_of(row: dict[str, Any]) -> str:
    """The language without its region."""
    return str(row["lang"])[:2]


def print_scores(
    group: str, rows: list[Any], ours: list[Answer], theirs: list[Answer], key: Callable[[Any], str]
) -> None:
    """A table of right, wrong and null."""
    print(f"\n{group:16} {'n':>4}   ours: right wrong  null" + ("   dateparser: right wrong  null" if theirs else ""))
    groups: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[key(row)].append(number)
        groups["all"].append(number)
    for name, numbers in sorted(groups.items()):
        line = f"{name:16} {len(numbers):4}         {shares(rows, ours, numbers)}"
        print(line + (f"               {shares(rows, theirs, numbers)}" if theirs else ""))


def shares(rows: list[Any], answers: list[Answer], numbers: list[int]) -> str:
    """Shares of right, wrong and null."""
    counts = Counter(verdict(rows[n], answers[n]) for n in numbers)
    return " ".join(f"{counts[what] / len(numbers):5.3f}" for what in ("right", "wrong", "null"))


def new_texts(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Different texts as CLDR writes days, ranges and times in the languages that the network writes most."""
    draw = random.Random(seed)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    locales = {code: Locale.parse("en_GB" if code == "en" else code) for code in NETWORK}
    while len(found) < count:
        code = draw.choice(NETWORK)
        first = date(1980, 1, 1) + timedelta(draw.randrange(25_000))
        kind = draw.choice(("full", "long", "medium", "short", "range", "time"))
        if kind == "range":
            raw = format_interval(first, first + timedelta(draw.randint(1, 300)), "yMMMd", locale=locales[code])
        elif kind == "time":
            hours = f"{draw.randrange(24):02}:{draw.randrange(60):02}"
            raw = f"{format_date(first, 'long', locale=locales[code])}, {hours}"
        else:
            raw = format_date(first, kind, locale=locales[code])
        found[raw, code] = {"raw": raw, "lang": code, "ref": "2020-01-15"}
    return list(found.values())


def print_speed(what: str, rounds: list[list[dict[str, Any]]], beside: bool, fresh: bool = True) -> None:
    """Calls a second of processor time; vocabularies are loaded by then. With `fresh` nothing of ours is kept."""
    ours = theirs = 0.0
    for rows in rounds:
        if fresh:
            reading.forget()
        ours = max(ours, rate(read_frame, rows))
        if beside:
            theirs = max(theirs, rate(read_dateparser, rows[:: max(1, len(rows) // 1000)]))
    line = f"{what:32} ours {ours:9,.0f} a second"
    print(line + (f"   dateparser {theirs:7,.0f}   ratio {ours / theirs:5.1f}" if beside else ""))


def rate(read: Callable[[list[dict[str, Any]]], object], rows: list[dict[str, Any]]) -> float:
    """Texts a second."""
    began = time.process_time()
    read(rows)
    return len(rows) / (time.process_time() - began)


if __name__ == "__main__":
    main()

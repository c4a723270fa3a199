"""Measure the reader of unknown listing pages on our own pages of `tests/pages/html`.

    python benchmarks/bench_own_pages.py [--worst N] [--show NAME]

What counts as right stands in `own_pages.py`. Prints the figures over all pages, by language and by kind of page, and
the pages that lose most. `--show` puts known and made entries of the pages with NAME in their name side by side. Times
are those of a first reading in this process, the dates of entries not among them.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from own_pages import FIELDS, Outcome, counted, f1, figures, read_truth, truths

COLUMNS = (*FIELDS, "next")


def main() -> None:
    """Read the pages and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=10)
    parser.add_argument("--show", metavar="NAME")
    options = parser.parse_args()
    outcomes = [read_truth(truth) for truth in truths() if (options.show or "") in truth.name]
    if options.show:
        print_pages(outcomes)
    else:
        print_all(outcomes, options.worst)


def run(worst: int = 10) -> dict[str, float]:
    """Read all pages, print, and give the figures of `own_pages.figures`: for a bench that prints more than this."""
    outcomes = [read_truth(truth) for truth in truths()]
    print_all(outcomes, worst)
    return figures(counted(outcomes))


def print_all(outcomes: Sequence[Outcome], worst: int) -> None:
    """The figures, the tables and the worst pages."""
    sums = counted(outcomes)
    print(f"--- own pages: {sums['pages']}, {sums['known']} entries known, {sums['made']} made")
    for name, value in figures(sums).items():
        print(f"{name:24} {value:.3f}{_counts(sums, name.removesuffix(' right'))}")
    times = sorted(1000 * one.seconds for one in outcomes)
    print(f"{'ms a page':24} median {times[len(times) // 2]:.1f}  p95 {times[int(0.95 * (len(times) - 1))]:.1f}")
    print_groups("language", outcomes, lambda one: one.truth.told["language"])
    print_groups("kind", outcomes, lambda one: one.truth.told["kind"])
    print(f"\n{'worst pages':36} known  made  days titles  fault")
    for one in sorted(outcomes, key=lambda one: (-one.lost, one.truth.name))[:worst]:
        print(
            f"{one.truth.name[:36]:36} {len(one.truth.events):5} {len(one.made):5} {one.days:5} {len(one.pairs):6}"
            f"  {one.fault or _wrong_fields(one)}"
        )


def _counts(sums: Counter[str], name: str) -> str:
    """How many a field's share is of."""
    if name not in COLUMNS:
        return ""
    stated, right, unstated, made_up = (sums[f"{name} {what}"] for what in ("stated", "right", "unstated", "made up"))
    return f"  {right} of {stated}, made up {made_up} of {unstated}"


def print_groups(name: str, outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> None:
    """A line a group: its pages, entries and hits, its F1, and right of stated for each field."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[key(one)].append(one)
    heads = "".join(f"{column:>9}" for column in COLUMNS)
    print(f"\n{name:10} pages known  made  days titles  day F1 title F1{heads}")
    for label, members in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        sums = counted(members)
        shares = "".join(f"{sums[f'{c} right']:>5}/{sums[f'{c} stated']:<3}" for c in COLUMNS)
        print(
            f"{label:10} {sums['pages']:5} {sums['known']:5} {sums['made']:5} {sums['days']:5} {sums['titles']:6}"
            f"  {f1(sums['days'], sums['made'], sums['known']):6.3f}"
            f" {f1(sums['titles'], sums['made'], sums['known']):8.3f}{shares}"
        )


def _wrong_fields(outcome: Outcome) -> str:
    """The fields that are not right on entries that are."""
    sums = counted([outcome])
    wrong = {name: sums[f"{name} stated"] - sums[f"{name} right"] for name in COLUMNS}
    return ", ".join(f"{name} {count}" for name, count in wrong.items() if count)


def print_pages(outcomes: Sequence[Outcome]) -> None:
    """Known beside made: right (=), missed (-), made and not known (+), and what a right one has wrong."""
    for one in outcomes:
        print(f"=== {one.truth.name}  {one.truth.told['layout']}")
        print(f"next {one.truth.told['next']}  found {one.next_links}  {one.fault or ''}")
        made_of = {id(known): made for known, made in one.pairs}
        for event in one.truth.events:
            made = made_of.pop(id(event), None)
            wrong = [f"{n}: {event[n]!r} read {made[n]!r}" for n in FIELDS if made and event[n] != made[n]]
            print(f"{'=' if made else '-'} {event['start']} {event['title']!r}  {'; '.join(wrong)}")
        right = {id(made) for _, made in one.pairs}
        for event in (event for event in one.made if id(event) not in right):
            print(f"+ {event['start']} {event['title']!r}  of {event['date_raw']!r}, {event['url']}")


if __name__ == "__main__":
    main()

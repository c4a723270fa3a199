"""Which pairs of entries are worth comparing: blocking, so that 100,000 entries do not become five billion pairs.

What belongs here: `candidates`. What does not: the comparison itself (`rules`).

Two entries are compared when they share one of

- the item key;
- the folded title (with the start date and the cities, when the title has no telling word);
- the opening of the teaser, when there is no title;
- a day of a short dated span and a telling word of one of their names;
- the exact days and cities, when one of them has nothing but generic words.

A block larger than `LARGE` is sorted by title and each entry compared with its next `WINDOW` neighbours only (sorted
neighbourhood): the cost stays linear, and the pairs given up are those whose titles lie far apart in a crowd.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import timedelta
from itertools import combinations

from pipelines.curate.features import Features

LARGE = 60
WINDOW = 20
MAX_DAYS = 10  # days of a span that make blocks of their own; longer spans by their first and last day


def candidates(features: Sequence[Features]) -> Iterator[tuple[int, int]]:
    """Pairs of positions (left < right) to compare, each once, in no promised order."""
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for position, feature in enumerate(features):
        for key in set(_block_keys(feature)):
            blocks[key].append(position)
    seen: set[tuple[int, int]] = set()
    for members in blocks.values():
        for pair in _pairs(members, features):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _block_keys(f: Features) -> Iterator[Hashable]:
    if f.key is not None:
        yield ("key", f.key)
    telling = bool(f.names and f.names[0].content)
    if f.title:
        yield ("title", f.title) if telling else ("title", f.title, f.start, f.cities)
    elif f.summary:
        yield ("text", f.summary[:80])
    if f.days is None:
        return
    for day in _days(f):
        yield from ((day, word) for word in f.content)
    if f.cities:
        yield ("days", f.days, f.cities)


def _days(f: Features) -> list[int]:
    assert f.days is not None
    first, last = f.days
    length = (last - first).days
    offsets = range(length + 1) if length < MAX_DAYS else (0, length)
    return [(first + timedelta(days=n)).toordinal() for n in offsets]


def _pairs(members: list[int], features: Sequence[Features]) -> Iterator[tuple[int, int]]:
    if len(members) <= LARGE:
        yield from combinations(members, 2)
        return
    ranked = sorted(members, key=lambda i: (features[i].title, features[i].order))
    for n, left in enumerate(ranked):
        for right in ranked[n + 1 : n + 1 + WINDOW]:
            yield (left, right) if left < right else (right, left)

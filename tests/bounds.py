"""For tests of bounded work: a guard against hangs, and how work grows with its input.

What belongs here: measures that hold on a busy machine as well. What does not: speeds, which stand in `benchmarks/`; a
test never says how many milliseconds something takes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HANG = 30
"""Seconds of processor time: many times what anything under test needs, and little beside a walk that is quadratic."""

ROUNDS = 5


@contextmanager
def still_heap() -> Iterator[None]:
    """What other tests left in memory is not collected meanwhile: its cost is not that of the work under test."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def no_hang() -> Iterator[None]:
    """The work inside ends; on failure it says how long it took."""
    begun = time.process_time()
    yield
    took = time.process_time() - begun
    assert took < HANG, f"{took:.1f} s of processor time"


def growth(work: Callable[[str], object], short: str, long: str) -> float:
    """How many times longer `long` takes than `short`: the best of some rounds each, taken in turns."""
    best = [float("inf")] * 2
    with still_heap():
        for _ in range(ROUNDS):
            for place, text in enumerate((short, long)):
                begun = time.process_time()
                work(text)
                best[place] = min(best[place], time.process_time() - begun)
    return best[1] / max(best[0], 1e-5)

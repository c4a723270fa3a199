"""The same entry shown twice on a page: in a slider and a list, for a phone and a desktop, in a grid and below it.

What belongs here: which showings of one page are one entry. What does not: the same thing on other pages or from other
sources (`pipelines.curate`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.read.generic.finding.judge import Judged
from pipelines.read.generic.values.naming import are_alike, list_words
from pipelines.reference.folding import fold

_ALIKE = 0.8  # of the words of two titles (Dice coefficient)
_MOST = 50  # entries of one day that are compared


def without_repeats(judged: Sequence[Judged]) -> list[Judged]:
    """Each entry once, the fuller showing in the place of the first; a date without a title is no entry of its own
    where another with a title is on that day elsewhere on the page."""
    kept: dict[date | None, list[_Showing]] = defaultdict(list)
    for one in sorted(map(_Showing.of, judged), key=lambda one: (not one.words, -one.judged.score)):
        alike = kept[one.judged.reading.start_date]
        same = next((other for other in alike[:_MOST] if _is_repeat(one, other)), None)
        if same is None:
            alike.append(one)
        elif _lasts_longer(one.judged, same.judged):
            _take_range(same.judged, one.judged)
    chosen = {id(one.judged) for some in kept.values() for one in some}
    return [one for one in judged if id(one) in chosen]


@dataclass(frozen=True, slots=True)
class _Showing:
    """A record with the folded words of its title, but for names of documents: the agenda and the minutes of a meeting
    are of one meeting."""

    judged: Judged
    words: frozenset[str]

    @classmethod
    def of(cls, judged: Judged) -> _Showing:
        """The showing of a record."""
        words = fold(judged.title.text).split() if judged.title else []
        return cls(judged, frozenset([word for word in words if word not in list_words()] or words))


def _take_range(one: Judged, longer: Judged) -> None:
    one.record.mention, one.reading, one.context = longer.record.mention, longer.reading, longer.context


def _lasts_longer(one: Judged, other: Judged) -> bool:
    """Whether a showing gives the range of which the other gives the first day."""
    last, known = one.reading.end_date, other.reading.end_date
    return last is not None and (known is None or last > known)


def _is_repeat(one: _Showing, other: _Showing) -> bool:
    """Whether a showing says no more than a fuller one of the same day."""
    if not one.words:
        return bool(other.words) and one.judged.record.parent is not other.judged.record.parent
    times = {one.judged.reading.start_time, other.judged.reading.start_time} - {None}
    return len(times) < 2 and are_alike(one.words, other.words, _ALIKE)

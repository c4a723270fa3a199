"""When two entries are one: the rules of linkage, from sure to less sure, and what forbids it.

What belongs here: `judge` (do these two show one thing, how sure, why) and `contradicts` (they can not be one thing).
What does not: which pairs are looked at (`blocking`), how pairs become clusters (`clusters`).

The probabilities are judgements, ordered by how much has to agree; they were not fitted to data.
One list seldom shows one thing twice, so two entries of one source need more in common than two of different sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rapidfuzz import fuzz

from pipelines.curate.features import Features, Name, vocabulary

MIN_TEXT = 40  # characters of a teaser below which "the same text" says nothing
MIN_BARE_TEXT = 80  # the same for entries that have no title
ALIKE_WORDS = 88  # rapidfuzz ratio of two words of five letters or more: inflections and spellings, not opposites
UNLIKE_TEXTS = 45  # token_set_ratio under which two teasers in one language tell different things
SPECIFIC = 4  # words, function words apart, that make a name a name by itself; two of them telling
SAME_HOUR = timedelta(hours=1)  # doors and opening words: beyond it, two times of one day are two sessions


@dataclass(frozen=True, slots=True)
class Match:
    """Two entries are one: how sure (0..1) and why."""

    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two names share: rare telling words, whether all telling words of one are in the other, and whether one is
    part of the other, or is it, word for word, and long enough to be a name by itself."""

    rare: int = 0
    contained: bool = False
    part: bool = False
    equal: bool = False


def judge(a: Features, b: Features, common: frozenset[str] = frozenset()) -> Match | None:
    """The surest rule under which the two are one thing; None when no rule says so.

    `common` are words that many titles bear; they do not count as rare.
    """
    if a.key is not None and a.key == b.key:
        return Match(1.0, "same item key")
    if contradicts(a, b):
        return None
    return _same_text(a, b) or _same_title(a, b) or _same_event(a, b, common)


def contradicts(a: Features, b: Features) -> bool:
    """The two can not be one thing: other days, other places, other edition, other kind, or two items of one source.

    A year that was inferred may be wrong, so against such a date only the day and the month count.
    """
    if a.key is not None and a.key == b.key:
        return False
    return (
        _two_items_of_one_source(a, b)
        or _other_days(a, b)
        or _other_hours(a, b)
        or _other_places(a, b)
        or _other_edition(a, b)
        or not _kinds_go_together(a, b)
    )


def _two_items_of_one_source(a: Features, b: Features) -> bool:
    """Two keys of one site, or two items without keys in one capture; what has a date may be told twice."""
    side_by_side = a.key is None and b.key is None and a.capture is not None and a.capture == b.capture
    if not side_by_side and not _two_keys(a, b):
        return False
    told_twice = side_by_side and (a.title, a.summary) == (b.title, b.summary)
    return not told_twice and not (a.start is not None and (a.start, a.end) == (b.start, b.end))


def _two_keys(a: Features, b: Features) -> bool:
    """Two items to the site that shows them. Several of our sources may be lists of one site."""
    if a.key is None or b.key is None or a.key == b.key:
        return False
    return a.source == b.source or (a.site is not None and a.site == b.site)


def _other_days(a: Features, b: Features) -> bool:
    if a.start is None or b.start is None:
        return False
    if a.inferred or b.inferred:
        return not _overlap(_in_year(a, 2000), _in_year(b, 2000))
    return not _overlap((a.start, a.end or date.max), (b.start, b.end or date.max))


def _other_hours(a: Features, b: Features) -> bool:
    """Two sessions of one day. Instants are compared when both are known, else wall clocks.

    One capture gives one thing one time; two sources, or a page before and after a change, may differ a little.
    """
    if a.days != b.days or a.days is None or a.days[0] != a.days[1]:
        return False
    leeway = timedelta(0) if a.capture is not None and a.capture == b.capture else SAME_HOUR
    if a.instant is not None and b.instant is not None:
        return abs(a.instant - b.instant) > leeway
    return a.clock is not None and b.clock is not None and abs(a.clock - b.clock) > leeway


def _in_year(f: Features, year: int) -> tuple[date, date]:
    """The span moved to one (leap) year, for comparing days and months only."""
    assert f.start is not None
    start = f.start.replace(year=year)
    end = f.end.replace(year=year) if f.end else date(year, 12, 31)
    return (start, max(start, end))


def _overlap(a: tuple[date, date], b: tuple[date, date]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _other_places(a: Features, b: Features) -> bool:
    if a.cities and b.cities:
        return not a.cities & b.cities
    return bool(a.countries and b.countries) and not a.countries & b.countries


def _other_edition(a: Features, b: Features) -> bool:
    return bool(a.numbers and b.numbers) and not (a.numbers <= b.numbers or b.numbers <= a.numbers)


def _kinds_go_together(a: Features, b: Features) -> bool:
    return a.kind is None or b.kind is None or a.kind == b.kind or frozenset((a.kind, b.kind)) in vocabulary().kinds


def _same_text(a: Features, b: Features) -> Match | None:
    """The same title and teaser, or one teaser cut shorter; a title alone never suffices here."""
    if _two_keys(a, b) and a.days is None:
        return None
    short, long = sorted((a.summary, b.summary), key=len)
    if len(short) < (MIN_TEXT if a.title else MIN_BARE_TEXT) or a.title != b.title:
        return None
    return Match(0.98, "same text") if long.startswith(short) else None


def _same_title(a: Features, b: Features) -> Match | None:
    """The same title, and the day, the city or the title itself tells enough."""
    if not a.title or a.title != b.title or _two_keys(a, b) or _tell_different_things(a, b):
        return None
    telling, of_one_source = len(a.names[0].content), a.source is not None and a.source == b.source
    same_city, same_dates = bool(a.cities & b.cities), (a.start, a.end) == (b.start, b.end)
    enough = same_city or telling >= (1 if of_one_source else 2)
    if a.start is not None and same_dates and a.cities == b.cities and enough:
        return Match(0.95, "same title and date")
    same_page = a.page is not None and a.page == b.page and a.key is None and b.key is None
    if same_page and same_dates and a.cities == b.cities and " " in a.title:
        return Match(0.85, "same title on the same page")
    if same_city and telling >= (2 if of_one_source else 1):
        return Match(0.9, "same title and city")
    return Match(0.85, "same title") if telling >= 3 else None


def _tell_different_things(a: Features, b: Features) -> bool:
    if min(len(a.summary), len(b.summary)) < MIN_TEXT or a.language != b.language or a.days is not None:
        return False
    return fuzz.token_set_ratio(a.summary, b.summary) < UNLIKE_TEXTS


def _same_event(a: Features, b: Features, common: frozenset[str]) -> Match | None:
    """One event under two titles: days that overlap, the same city (or one unknown), and names that agree."""
    if a.days is None or b.days is None or not _overlap(a.days, b.days):
        return None
    same_city, same_days = bool(a.cities & b.cities), a.days == b.days
    alikes = [likeness(x, y, common) for x in a.names for y in b.names]
    if same_days and same_city and any(alike.equal for alike in alikes):
        return Match(0.93, "same event: same name, days and city")
    if _two_keys(a, b):
        return None
    if any(alike.part for alike in alikes):
        return Match(0.9, "same event: same name, overlapping days")
    if a.source is not None and a.source == b.source:
        return None
    if any(_words_agree(alike, same_days, same_city) for alike in alikes):
        return Match(0.8, f"same event: shared words{', days and city' if same_city else ' and days'}")
    return _same_generic_event(a, b)


def _words_agree(alike: Likeness, same_days: bool, same_city: bool) -> bool:
    """How much the names must share, by what else agrees. Only between different sources."""
    if not alike.contained and alike.rare < 2:
        return False
    if same_city:
        return alike.rare >= (1 if same_days else 2)
    return same_days and alike.contained and alike.rare >= 2


def _same_generic_event(a: Features, b: Features) -> Match | None:
    """A title of generic words ("Expert visit") needs the other's very days and cities; only between two sources."""
    if a.days != b.days or not a.cities or a.cities != b.cities or not a.names or not b.names:
        return None
    x, y = a.names[0], b.names[0]
    if x.content and y.content:
        return None
    bare, other = (x, y) if not x.content else (y, x)
    held = all(any(_alike(w, v) for v in other.generic) for w in bare.generic)
    return Match(0.75, "same event: same kind, days and city") if bare.generic and held else None


def likeness(x: Name, y: Name, common: frozenset[str]) -> Likeness:
    """What two names share; words match when equal or, from five letters on, nearly so."""
    if not x.content or not y.content:
        return Likeness()
    small, large = sorted((x, y), key=lambda name: (len(name.content), len(name.generic), name.text))
    shared = _found(small.content, large.content)
    contained = len(shared) == len(small.content)
    specific = len(small.content) >= 2 and len(small.content | small.generic) >= SPECIFIC
    part = contained and specific and len(_found(small.generic, large.generic)) == len(small.generic)
    equal = part and (len(small.content), len(small.generic)) == (len(large.content), len(large.generic))
    # Two thirds of the shorter name must be found before its rare words count.
    rare = [w for w in shared if w not in common] if 3 * len(shared) >= 2 * len(small.content) else []
    return Likeness(len(rare), contained, part, equal)


def _found(few: frozenset[str], many: frozenset[str]) -> list[str]:
    return [w for w in few if w in many or any(_alike(w, v) for v in many)]


def _alike(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) >= 5 and fuzz.ratio(a, b) >= ALIKE_WORDS)

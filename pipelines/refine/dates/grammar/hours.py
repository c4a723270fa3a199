"""The time of a point: at, from and to hours, parts of day, zones.

What belongs here: how a time belongs to the date beside it. What does not: what a time looks like (`clock`).
"""

from __future__ import annotations

from pipelines.refine.dates.grammar.clock import Clock, clock_at, half_at, zone_at
from pipelines.refine.dates.grammar.figures import month_near
from pipelines.refine.dates.grammar.point import BETWEEN, Point, Source
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.words.pieces import DASHES


def take_clock(source: Source, point: Point, here: int) -> int:
    """A time that begins at a number; the place after it and its end, 0 when there is none."""
    found = clock_at(source.tokens, here, point.is_dated)
    if found is None:
        return _first_hour(source, point, here)
    point.clock, after = found
    if point.clock.time is None and not point.is_dated:
        point.wrong = f"no such time: {point.clock.hour}:{point.clock.minute:02}"
    return take_end(source, point, after)


def _first_hour(source: Source, point: Point, here: int) -> int:
    """The bare hour of "5 to 6 pm", "10 - 11:30"."""
    tokens = source.tokens
    joint, last = tokens[here + 1], tokens[here + 2]
    if tokens[here].num > 24 or tokens[here].digits > 2 or last.kind != "n" or not joins(joint):
        return 0
    found = clock_at(tokens, here + 2, point.is_dated)
    if found is None:
        return 0
    end, after = found
    marked = not end.half and tokens[here + 3].text == ":"
    named = end.half or ("hour" in tokens[after - 1].roles and not (point.month and not point.day))
    close = point.is_dated or end.half or point.weekday >= 0 or last.tight or joint.kind == "w"
    if not marked and not (named and close):
        return 0
    point.clock, point.until_clock = _same_half(Clock(tokens[here].num), end), end
    return after


def take_at(source: Source, point: Point, here: int) -> int:
    """ "at 5", "um 8", "à 5 h", and "from 5 to 6" once the day is known."""
    if point.clock is not None:
        return 0
    tokens, after = source.tokens, here + 1
    dated = bool(point.month or (point.day and point.year))
    while tokens[after].text == "." or tokens[after].roles & {"at", "fill"}:
        after += 1
    found = clock_at(tokens, after, dated)
    if found is not None:
        point.clock, end = found
        return take_end(source, point, end)
    if dated and 0 <= tokens[after].num <= 24 and tokens[after].digits <= 2:
        return _bare_hours(source, point, after)
    return 0


def _bare_hours(source: Source, point: Point, here: int) -> int:
    """A number after an hour's word: "um 8", "van 5 tot 6"; not when a month or a mark makes it a day."""
    tokens, after = source.tokens, here + 1
    word = tokens[here - 1 - (tokens[here - 1].text == ".")]
    if not word.roles & {"at", "between"}:
        return 0
    if joins(tokens[after]) and tokens[after + 1].kind == "n":
        found = clock_at(tokens, after + 1, True) or bare_end(source, after + 1)
        if found is not None:
            point.clock, point.until_clock = Clock(tokens[here].num, half=found[0].half), found[0]
            return found[1]
    if is_of_a_date(tokens[after]) or word.roles & {"fill", "on"}:
        return 0
    point.clock = Clock(tokens[here].num, half=half_at(tokens, after))
    return after + bool(point.clock.half)


def take_end(source: Source, point: Point, after: int) -> int:
    """The end of a time range: 11.00-12.30, "from 11:30 to 1 p.m."; the place after it, or after the time."""
    after = take_zone(source, point, after)
    tokens, here = source.tokens, after
    while tokens[here].roles and tokens[here].roles <= BETWEEN:
        here += 1
    if not joins(tokens[here]):
        return after
    here += 1
    while "at" in tokens[here].roles or (tokens[here].text == "." and tokens[here].tight):
        here += 1
    if _is_a_date(source, point, here):
        return after
    found = clock_at(tokens, here, True) or bare_end(source, here)
    if found is None:
        return after
    point.until_clock, end = found
    if point.clock is not None:
        point.clock = _same_half(point.clock, point.until_clock)
        point.until_clock = _still_afternoon(point.clock, point.until_clock)
    return end


def _is_a_date(source: Source, point: Point, here: int) -> bool:
    """What follows the dash is a date of its own: it has a year, or a dot after it, or no day is known yet."""
    numeric = source.numeric(here)
    if numeric is None or clock_at(source.tokens, here, False):
        return False
    return bool(numeric[0].year) or numeric[1] > here + 3 or not (point.day and point.month)


def bare_end(source: Source, at: int) -> tuple[Clock, int] | None:
    """ "18h-20": a bare hour that ends a range of times and is followed by nothing of a date."""
    token, after = source.tokens[at], source.tokens[at + 1]
    if token.digits > 2 or not 0 < token.num <= 24 or is_of_a_date(after) or (after.tight and after.kind == "w"):
        return None
    if month_near(source, at + 1):
        return None  # "10:00 to 5 de marzo"
    return Clock(token.num), at + 1


def is_of_a_date(token: Token) -> bool:
    """What stands after a day's number rather than after an hour: a month, a mark."""
    return token.word.month > 0 or token.text == "." or (token.tight and (token.text == "/" or token.text in DASHES))


def _same_half(first: Clock, last: Clock) -> Clock:
    """ "5-6 pm" is 17 to 18; "9.30-4.30pm" begins in the morning."""
    if not last.half or first.half or (last.half == "pm" and first.hour > last.hour and last.hour != 12):
        return first
    return Clock(first.hour, first.minute, first.second, last.half)


def _still_afternoon(first: Clock, last: Clock) -> Clock:
    """ "pm 7 to 8" ends at 20; "11 pm to 2" ends in the night."""
    if first.half != "pm" or last.half or not first.hour % 12 <= last.hour < 12:
        return last
    return Clock(last.hour, last.minute, last.second, "pm")


def take_part(source: Source, point: Point, here: int) -> int:
    """Morning, noon, evening: words only, unless a bare hour or a time stands beside them."""
    found = clock_at(source.tokens, here, point.is_dated) if point.clock is None else None
    if found is not None:
        point.clock, after = found
        return take_end(source, point, after)
    label = source.tokens[here].word.label
    if point.part or not label or (source.finding and not point.is_dated and point.weekday < 0):
        return 0
    point.part = label
    return here + 1


def take_zone(source: Source, point: Point, end: int) -> int:
    """The zone that stands at a token; the place after it, or the same place."""
    found = zone_at(source.tokens, end, source.text) if not point.zone else None
    if found is None:
        return end
    point.zone, after = found
    point.zone_raw = source.text[source.tokens[end].start : source.tokens[after - 1].end].strip("()")
    return after


def joins(token: Token) -> bool:
    """A dash, to, and: what stands between two ends."""
    return token.text in DASHES or token.text == "&" or not token.roles.isdisjoint(("to", "and"))

"""A text into one reading: the grammar first, dateparser for what it leaves, and the reason of either.

What belongs here: choosing the phrase that counts, role, times, zone, ongoing, the reason, the EDTF string. What does
not: the grammar itself, frames.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from functools import lru_cache
from typing import NamedTuple

from pipelines.refine.dates.calendar import Days, Known, days_of
from pipelines.refine.dates.fallback import read_with_library
from pipelines.refine.dates.grammar.hours import joins
from pipelines.refine.dates.grammar.numbered import is_part_of_a_name, numbers_things
from pipelines.refine.dates.grammar.parse import Parsed, Watch, parse
from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.point import Point
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.shapes import Chosen, Shapes

LONGEST_TEXT = 300  # characters; no date text of a page is longer
_SMALL = frozenset({"fill", "on", "day_word", "year_word"})
_YEAR_DIGITS = 4
_EARLIEST = 1300  # a lower number beside other words is no year
_REST_OF_A_RANGE = 7  # tokens of a weekday, a day, a month and a year with their marks
_NEAR = 3  # tokens between a part that was read and one that was not
_SIZES = {"year": 4, "month": 7, "day": 10}  # characters of an ISO date
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DateReading(NamedTuple):
    """What a date text means; the columns of `read_dates`."""

    start_date: date | None = None
    end_date: date | None = None
    start_time: time | None = None
    end_time: time | None = None
    timezone: str | None = None
    timezone_raw: str | None = None
    date_precision: str | None = None
    date_role: str | None = None
    date_inferred: bool = False
    is_ongoing: bool = False
    reason: str = ""
    edtf: str | None = None
    is_recurring: bool = False
    days: tuple[date, ...] | None = None


def choose(text: str, languages: tuple[str, ...], watch: Watch | None = None) -> Chosen:
    """The phrase that counts. Nothing here depends on the capture or the context."""
    parsed = parse(text, languages, watch=watch)
    phrases = parsed.phrases
    if len(phrases) > 1 or (phrases and phrases[0].end - phrases[0].start < len(parsed.tokens)):
        phrases = tuple(phrase for phrase in phrases if not is_part_of_a_name(parsed.tokens, phrase))
    # Most texts have one phrase: it is not weighed.
    phrase = phrases[0] if len(phrases) == 1 else max(phrases, key=_weight, default=None)
    for token in parsed.tokens:
        if "every" in token.roles:
            phrase = phrase or Phrase(0, 0)
            phrase.said.add("every")
            break
    if phrase is None or phrase.end == 0:
        return Chosen(phrase)
    whole = is_whole(phrase, parsed)
    return Chosen(phrase, whole, not whole and (_leaves_a_day(phrase, parsed) or _is_any_number(phrase, parsed)))


SHAPES = Shapes(choose)


def forget() -> None:
    """Forget the texts and the shapes of texts read before; for measuring."""
    read_text.cache_clear()
    SHAPES.forget()


@lru_cache(maxsize=32768)
def read_text(text: str, languages: tuple[str, ...], known: Known) -> DateReading:
    """The reading of one text that is said to be a date."""
    if not text.strip():
        return DateReading(reason="empty")
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].rsplit(maxsplit=1)[0]  # at a blank: half a number would be another number
    chosen = SHAPES.choose(text, languages)
    if isinstance(chosen, date):
        return DateReading(chosen, chosen, date_precision="day", reason="rule: date", edtf=chosen.isoformat())
    reading = _NOTHING if chosen.phrase is None else read_phrase(chosen.phrase, chosen.whole, known)
    if chosen.unsure:
        reading = _UNSURE
    if says_something(reading) or reading.reason not in _LEFT_TO_LIBRARY:
        return reading
    if languages:
        other = read_text(text, (), known)
        return other if says_something(other) else reading
    return _from_library(text) or reading


def says_something(reading: DateReading) -> bool:
    """A day, or that it goes on."""
    return bool(reading.start_date or reading.end_date or reading.is_ongoing)


def _from_library(text: str) -> DateReading | None:
    found = read_with_library(text)
    if found is None:
        return None
    day, name = found
    return DateReading(day, day, date_precision="day", reason=f"library: dateparser ({name})", edtf=day.isoformat())


def is_whole(phrase: Phrase, parsed: Parsed) -> bool:
    """No other words stand beside the phrase, but for small ones ("12-14 d.")."""
    tokens, first, last = parsed.tokens, phrase.start, phrase.end
    if not first and last == len(tokens):
        return True
    return all(token.kind == "p" or token.roles & _SMALL for token in (*tokens[:first], *tokens[last:]))


def _leaves_a_day(phrase: Phrase, parsed: Parsed) -> bool:
    """A month or a year was read, and near it stand a number or a month that could be the rest of it: not sure."""
    if not phrase.points or "duration" in phrase.said:
        return False
    if any(p.day for p in phrase.points):
        return _leaves_an_end(phrase, parsed) or _is_any_fraction(phrase, parsed)
    for other in parsed.phrases:
        near = min(abs(other.start - phrase.end), abs(phrase.start - other.end)) <= _NEAR
        if other is not phrase and near and any(p.only_day or (p.month and not p.is_full) for p in other.points):
            return True
    return any(
        _is_small_number(parsed.tokens[at]) for at in (phrase.start - 1, phrase.end) if 0 <= at < len(parsed.tokens)
    )


def _is_any_fraction(phrase: Phrase, parsed: Parsed) -> bool:
    """Two numbers and a mark beside a word that is not understood: "Group 1.2", "12.5 km", "5/6 years"."""
    point = phrase.points[0]
    if len(phrase.points) > 1 or phrase.said or not point.numeric or point.year or point.weekday >= 0 or point.clock:
        return False
    tokens, last = parsed.tokens, phrase.end
    if any(token.is_unknown for token in tokens[max(phrase.start - 1, 0) : phrase.start]):
        return tokens[last - 1].text != "."  # "Markt 12.5." is a day
    dotted = tokens[last - 1].text != "." and any(token.text == "." for token in tokens[phrase.start : last])
    return any("unit" in token.roles or (dotted and token.is_unknown) for token in tokens[last : last + 1])


def _leaves_an_end(phrase: Phrase, parsed: Parsed) -> bool:
    """A dash and a year behind a date without one: "29 May - 3 Jnue 2026" ends on a day that was not understood."""
    tokens, at = parsed.tokens, phrase.end
    if any(p.year for p in phrase.points) or at >= len(tokens) or not joins(tokens[at]):
        return False
    return any(token.digits == _YEAR_DIGITS for token in tokens[at : at + _REST_OF_A_RANGE])


def _is_any_number(phrase: Phrase, parsed: Parsed) -> bool:
    """Four digits and words that are not understood: "1010 Wien", "Act 215/2001"; after a label they are a year."""
    if len(phrase.points) != 1 or phrase.said:
        return False
    point = phrase.points[0]
    if not point.year or point.month or point.span:
        return False
    tokens = parsed.tokens
    if point.year < _EARLIEST or numbers_things(tokens, phrase):
        return True
    label = next((at + 1 for at in range(phrase.start, 0, -1) if tokens[at - 1].text == ":"), 0)
    others = (*tokens[label : phrase.start], *tokens[phrase.end :])
    return any(token.kind == "n" or token.is_unknown for token in others)


def _is_small_number(token: Token) -> bool:
    return token.kind == "n" and token.digits <= 2 and 1 <= token.num <= 31


_NOTHING = DateReading(reason="no date in the words")
_UNSURE = DateReading(reason="words beside the date that are not understood")
_LEFT_TO_LIBRARY = frozenset({_NOTHING.reason, _UNSURE.reason, "no day, month or year in the words"})


def _weight(phrase: Phrase) -> tuple[int, int]:
    """Which phrase of a text counts: deadline above full dates above years above words; the first of equals."""
    full = any(p.is_full for p in phrase.points)
    year = any(p.year for p in phrase.points)
    rank = 5 if full and "deadline" in phrase.said else 4 if full else 3 if year else 2 if phrase.is_dated else 1
    return rank, -phrase.start


def read_phrase(phrase: Phrase, whole: bool, known: Known) -> DateReading:
    """The reading of one phrase; `whole`: it is all that the text says."""
    said = phrase.said
    if not phrase.points:
        return _without_points(said | {"ongoing"} if whole and "weak" in said else said)
    if known.order and any(point.ambiguous for point in phrase.points):
        turned = replace(phrase, points=[_in_order(point, known.order) for point in phrase.points])
        reading = read_phrase(turned, whole, known)
        return reading._replace(reason=f"{reading.reason}; day and month in the order of the dates around")
    if not whole and not known.month and all(point.only_day for point in phrase.points):
        return DateReading(reason="a number without a month, and words beside it that are not understood")
    days = days_of(phrase, known)
    if days.start is None:
        return DateReading(
            reason=days.reason, is_ongoing="ongoing" in said and not phrase.is_dated, is_recurring="every" in said
        )
    return _with_days(phrase, days)


def _in_order(point: Point, order: str) -> Point:
    """An ambiguous number date in an order that is known; as read, the day is first."""
    point = point.copy()
    if point.ambiguous and order == "mdy":
        point.day, point.month = point.month, point.day
    point.ambiguous = False
    return point


def _without_points(said: set[str]) -> DateReading:
    if "tbc" in said:
        return DateReading(reason="rule: still to be confirmed")
    if "none" in said:
        return DateReading(reason="rule: said to be none")
    if "every" in said and "ongoing" not in said:
        return DateReading(reason="rule: recurs, without a date", is_recurring=True)
    if "ongoing" in said:
        return DateReading(
            is_recurring="every" in said, is_ongoing=True, date_role="period", reason="rule: ongoing without a date"
        )
    return DateReading(reason="a duration without a date" if "duration" in said else "no date in the words")


def _with_days(phrase: Phrase, days: Days) -> DateReading:
    said = phrase.said
    start, end = days.start, days.end
    is_open, before = _open_ends(phrase)
    deadline = "deadline" in said
    if deadline:
        start, end, before, is_open = days.end, days.end, False, False
    elif is_open:
        end = None
    elif before:
        start = None
    precision, start_time, end_time, zone, zone_raw = days.precision, None, None, "", ""
    if precision == "day" and _has_clock(phrase):
        start_time, end_time, zone, zone_raw = _times(phrase)
        precision = "day" if start_time is None else "time"
    if before and "every" not in said:
        start_time, end_time = None, start_time
    return DateReading(
        start,
        end,
        start_time,
        end_time,
        zone or None,
        zone_raw or None,
        precision,
        "deadline" if deadline else "period" if is_open or _is_period(phrase, days) else None,
        days.inferred,
        is_open or "ongoing" in said,
        _reason(phrase, days),
        edtf(start, end, days.precision, is_open),
        "every" in said,
        days.each if days.each and not deadline and not is_open else None,
    )


def _has_clock(phrase: Phrase) -> bool:
    for point in phrase.points:  # noqa: SIM110 - a loop: half the time of any() with its generator
        if point.clock is not None:
            return True
    return False


def _open_ends(phrase: Phrase) -> tuple[bool, bool]:
    """Whether the end is open, and whether the start is: "since 2019", "until 3 May"."""
    said = phrase.said
    single, ending = len(phrase.points) == 1, phrase.points[0].ending
    if not said and not (single and ending):
        return False, False
    if "open" in said or "onwards" in said:
        return True, False
    if not single:
        return False, False
    point, until = phrase.points[0], "until" in said or "until_post" in said
    if ("since" in said and not until) or ending == "from" or ("ongoing" in said and not point.day):
        return True, False
    return False, point.until_clock is None and (until or ending == "to")


def _times(phrase: Phrase) -> tuple[time | None, time | None, str, str]:
    """First and last time, zone and zone as stated; nothing where the first is no time of day."""
    clocks = [p for p in phrase.points if p.clock is not None]
    zoned = next((p for p in clocks if p.zone), clocks[0])
    first, last = clocks[0].clock, clocks[-1].until_clock
    if last is None and len(clocks) > 1 and "comma" not in phrase.joins:
        last = clocks[-1].clock
    begin = None if first is None else first.time
    if begin is None:
        return None, None, "", ""
    return begin, None if last is None else last.time, zoned.zone, zoned.zone_raw


def _is_period(phrase: Phrase, days: Days) -> bool:
    """Years and ranges of months are periods by their own words; a month alone may be a date of publication."""
    return days.precision == "year" or (
        days.precision == "month" and (len(phrase.points) > 1 or bool(phrase.points[0].span))
    )


def _reason(phrase: Phrase, days: Days) -> str:
    points = phrase.points
    reason = "rule: range" if len(points) > 1 else "rule: date"
    if days.note:
        reason += f"; {days.note}"
    elif days.inferred:
        reason += "; year from context"
    for point in points:
        if point.ambiguous and point.day != point.month:
            reason += "; day and month in the language's order"
            break
    for point, day in ((points[0], days.start), (points[-1], days.end))[: len(points)]:
        if point.weekday >= 0 and day is not None and days.precision == "day" and day.weekday() != point.weekday:
            reason += f"; {day.isoformat()} is a {_WEEKDAYS[day.weekday()]}, not a {_WEEKDAYS[point.weekday]}"
    for point in points:
        if point.clock is not None:
            wrong = point.clock.time is None
            return reason + f"; no such time: {point.clock.hour}:{point.clock.minute:02}" if wrong else reason
    return reason


def edtf(start: date | None, end: date | None, precision: str | None, is_open: bool) -> str | None:
    """ISO 8601-2 (EDTF) of a reading: `2018-11-28/2018-11-29`, `2019/..`, `2021-07/2021-12`, `2020`."""
    size = _SIZES.get(precision or "", 0)
    if not size or (start is None and end is None):
        return None
    first = start.isoformat()[:size] if start else ".."
    last = end.isoformat()[:size] if end else ".."
    return first if first == last and not is_open else f"{first}/{last}"

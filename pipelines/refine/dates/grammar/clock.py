"""Times of day and zones among the tokens: "11.00-12.30 CET", "1 p.m.", "18h30", "20 Uhr", "noon".

What belongs here: where a time begins and ends, and which zone a zone word means. What does not: dates.
"""

from __future__ import annotations

import re
from datetime import time
from functools import cache
from typing import NamedTuple

from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.words.pieces import DASHES
from pipelines.refine.dates.words.vocabulary import fold, load_yaml

_AFTERNOON = frozenset({"afternoon", "evening", "night"})
_NOON = 12
_HHMM = re.compile(r"[0-2]\d[0-5]\d")


class Clock(NamedTuple):
    """A time of day as read; `half` is "am", "pm" or nothing."""

    hour: int
    minute: int = 0
    second: int = 0
    half: str = ""

    @property
    def time(self) -> time | None:
        """The wall-clock time; None when there is no such time. 24:00 is midnight."""
        hour = self.hour
        if self.half == "pm" and hour < 12:
            hour += 12
        elif self.half == "am" and hour == 12:
            hour = 0
        if hour == 24 and not self.minute and not self.second:
            hour = 0
        return time(hour, self.minute, self.second) if hour < 24 and self.minute < 60 and self.second < 60 else None


def clock_at(tokens: list[Token], at: int, dated: bool) -> tuple[Clock, int] | None:
    """The time that begins at a token and the place after it. `dated`: a date is known already, so 9.30 is a time."""
    token = tokens[at]
    if token.kind == "w":
        return _after_half(tokens, at, dated) if token.roles else None
    if token.kind != "n" or token.digits > 4:
        return None
    next_ = tokens[at + 1]
    if next_.kind == "p":
        found = _with_marks(tokens, at, dated) if next_.tight and next_.text in ":." else None
        if found is None and dated and token.digits == 4:
            found = _hhmm(tokens, at)
    else:
        found = _with_hour_word(tokens, at) if next_.roles else None
    if found is None and dated and token.digits == 4:
        found = _hhmm(tokens, at)
    return None if found is None else _with_half(tokens, *found)


def _with_half(tokens: list[Token], clock: Clock, end: int) -> tuple[Clock, int]:
    """The time with the am, pm or hour's word that follows it."""
    if "hour" in tokens[end].roles and not tokens[end].word.month:
        end += 1
    half = half_at(tokens, end)
    if half and not clock.half and clock.hour <= 12:
        return Clock(clock.hour, clock.minute, clock.second, half), end + 1
    return clock, end


def _after_half(tokens: list[Token], at: int, dated: bool) -> tuple[Clock, int] | None:
    """Languages that say morning or afternoon first (午後5時, délután 5), and noon and midnight as words."""
    token = tokens[at]
    half = half_at(tokens, at)
    if half and tokens[at + 1].kind == "n":
        found = clock_at(tokens, at + 1, dated)
        if found is not None:
            clock, end = found
            return Clock(clock.hour, clock.minute, clock.second, clock.half or half), end
        after = tokens[at + 2]
        if dated and 0 < tokens[at + 1].num <= 12 and after.kind != "p" and not after.word.month:
            return Clock(tokens[at + 1].num, half=half), at + 2
    if token.word.label == "midnight" and dated:
        return Clock(0), at + 1
    return (Clock(12), at + 1) if token.word.label == "noon" and dated else None


def half_at(tokens: list[Token], at: int) -> str:
    """ "am" or "pm" when the token says so, also in words ("in the afternoon")."""
    token = tokens[at]
    if not token.roles:
        return ""
    if "pm" in token.roles or ("part" in token.roles and token.word.label in _AFTERNOON):
        return "pm"
    return "am" if "am" in token.roles or token.word.label == "morning" else ""


def _with_marks(tokens: list[Token], at: int, dated: bool) -> tuple[Clock, int] | None:
    """11:30, 17:49:19, and 11.30 where it can not be a day and a month."""
    first, mark, second = tokens[at : at + 3]
    if second.digits != 2 or not second.tight or first.digits > 2:
        return None
    if mark.text == "." and not _dot_is_clock(tokens, at, dated):
        return None
    seconds, end = 0, at + 3
    if tokens[end].text == mark.text and tokens[end + 1].digits == 2 and tokens[end + 1].tight:
        seconds, end = tokens[end + 1].num, end + 2
    return Clock(first.num, second.num, seconds), end


def _dot_is_clock(tokens: list[Token], at: int, dated: bool) -> bool:
    first, _, second, after, follower = tokens[at : at + 5]
    if first.num > 24 or second.num > 59:
        return False
    if after.tight and after.text == "/":
        return False
    if after.tight and after.text == "." and follower.kind == "n" and (follower.tight or not dated):
        return False
    if after.tight and after.text == "." and not dated and 1 <= second.num <= 12:
        return False
    said = not after.roles.isdisjoint(("hour", "am", "pm"))
    return dated or said or second.num == 0 or second.num > 12


def _with_hour_word(tokens: list[Token], at: int) -> tuple[Clock, int] | None:
    """18h30, 18 h, 20 Uhr, 10時30分, 5 pm."""
    number, word = tokens[at], tokens[at + 1]
    if number.num > 24 or number.digits > 2:
        return None
    if "hour" not in word.roles:
        if number.num == _NOON and word.word.label in ("noon", "midnight"):
            return Clock(_NOON if word.word.label == "noon" else 0), at + 2
        return (Clock(number.num), at + 1) if half_at(tokens, at + 1) else None
    minute = second = 0
    end = at + 2
    if 0 < tokens[end].digits <= 2:
        has_word = "minute" in tokens[end + 1].roles
        follows = tokens[end + 1]
        alone = not (
            follows.word.month
            or "second" in follows.roles
            or follows.text in "./"
            or (follows.text in DASHES and follows.tight)
        )
        if has_word or (tokens[end].digits == 2 and tokens[end].num < 60 and (tokens[end].tight or alone)):
            minute, end = tokens[end].num, end + 1 + has_word
    if tokens[end].kind == "n" and "second" in tokens[end + 1].roles:
        second, end = tokens[end].num, end + 2
    return Clock(number.num, minute, second), end


def _hhmm(tokens: list[Token], at: int) -> tuple[Clock, int] | None:
    """A four-digit time, only in a pair (0930-1045): alone it could be a year."""
    ahead = tokens[at + 1].text in DASHES and _is_hhmm(tokens[at + 2])
    back = at >= 2 and tokens[at - 1].text in DASHES and _is_hhmm(tokens[at - 2])
    if not _is_hhmm(tokens[at]) or not (ahead or back) or 1950 <= tokens[at].num < 2060:
        return None  # 2018-2020 are years, whatever evening they could be
    return Clock(tokens[at].num // 100, tokens[at].num % 100), at + 1


def _is_hhmm(token: Token) -> bool:
    return token.digits == 4 and bool(_HHMM.fullmatch(token.text))


@cache
def _zones() -> tuple[dict[str, str], dict[tuple[str, ...], str], frozenset[tuple[str, ...]]]:
    data = load_yaml("zones.yaml")
    cities = {tuple(fold(name).split()): zone for name, zone in data["cities"].items()}
    words = frozenset(tuple(fold(word).split()) for word in data["time_words"])
    return dict(data["abbreviations"]), cities, words


@cache
def _zone_words() -> frozenset[str]:
    """Words that a zone said in words may begin with."""
    _, cities, words = _zones()
    return frozenset(phrase[0] for phrase in (*cities, *words))


@cache
def zone_words() -> frozenset[str]:
    """All words that zones are said in."""
    abbreviations, cities, words = _zones()
    return frozenset((*map(fold, abbreviations), *(part for phrase in (*cities, *words) for part in phrase)))


def zone_at(tokens: list[Token], at: int, text: str) -> tuple[str, int] | None:
    """The IANA zone said at a token ("CET", "(Brussels time)", "heure de Paris", "UTC+2") and the place after it."""
    if tokens[at].text == "+" or (tokens[at].tight and (tokens[at].text == "z" or _ends_an_iso_moment(tokens, at))):
        return _iso_zone(tokens, at)
    if tokens[at].kind != "w" and tokens[at].text != "(":
        return None
    start = at + 1 if tokens[at].text == "(" else at
    found = _bare_zone(tokens, start, text)
    if found is None or start == at:
        return found
    zone, end = found
    return (zone, end + 1) if tokens[end].text == ")" else None


def _bare_zone(tokens: list[Token], at: int, text: str) -> tuple[str, int] | None:
    if tokens[at].kind != "w":
        return None
    abbreviations, cities, time_words = _zones()
    shown = text[tokens[at].start : tokens[at].end]
    if shown in abbreviations:
        return _with_offset(tokens, at, abbreviations[shown])
    if fold(tokens[at].text) not in _zone_words():
        return None
    folded = tuple(fold(token.text) for token in tokens[at : at + 5])
    for city, zone in cities.items():
        if folded[: len(city)] == city and any(folded[len(city) :][: len(w)] == w for w in time_words):
            return zone, at + len(city) + 1
    for words in time_words:
        rest = folded[len(words) :]
        for city, zone in cities.items():
            if folded[: len(words)] == words and rest[: len(city)] == city:
                return zone, at + len(words) + len(city)
    return None


def _ends_an_iso_moment(tokens: list[Token], at: int) -> bool:
    """The minus of 2019-01-08T18:00:00-06:00; after a time without its T it would be a range."""
    return tokens[at].text in "-−" and any(at >= back and tokens[at - back].text == "t" for back in (4, 6, 8))


def _iso_zone(tokens: list[Token], at: int) -> tuple[str, int] | None:
    """The zone of a moment for machines: 18:00Z, 18:00+02:00, 18:00:00 +0200."""
    if tokens[at].text == "z":
        return "Etc/UTC", at + 1
    sign, number = "-" if tokens[at].text == "+" else "+", tokens[at + 1]
    if not number.tight or number.kind != "n":
        return None
    if number.digits == 4 and number.num % 100 == 0 and number.num <= 1400:
        hours, end = number.num // 100, at + 2
    else:
        mark, minutes = tokens[at + 2 : at + 4]
        if number.digits != 2 or mark.text != ":" or minutes.digits != 2 or minutes.num or number.num > 14:
            return None
        hours, end = number.num, at + 4
    return f"Etc/GMT{sign}{hours}" if hours else "Etc/UTC", end


def _with_offset(tokens: list[Token], at: int, zone: str) -> tuple[str, int]:
    """UTC+2 and GMT-3 are fixed zones; POSIX turns the sign round in their names."""
    if zone == "Etc/UTC" and tokens[at + 1].text in "+-−–":
        number = tokens[at + 2]
        if number.kind == "n" and number.num <= 14 and number.digits <= 2:
            sign = "-" if tokens[at + 1].text == "+" else "+"
            return f"Etc/GMT{sign}{number.num}" if number.num else zone, at + 3
    return zone, at + 1

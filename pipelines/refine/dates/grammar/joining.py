"""What joins two points to a range or a list, and when what follows is of the same phrase.

What belongs here: dashes, "to", "and", commas and slashes between points; weekdays that say when, not which day. What
does not: reading points, the words before and after them (`phrases`).
"""

from __future__ import annotations

from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.point import Point, Source
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.words.pieces import DASHES

_LONGEST_WEEKDAY = 4  # letters of an abbreviation that is not known


def join_at(source: Source, phrase: Phrase, at: int) -> tuple[str, int] | None:
    """What joins a point to the next: ("to", "list" or "comma", place of the next point)."""
    tokens, here, kind = source.tokens, at, ""
    if phrase.points[-1].ending == "from":
        kind = "to"
    while here < source.count:
        token = tokens[here]
        if token.text in DASHES or _is_to(phrase, token) or (token.text == ">" and not source.finding):
            kind = "to"
        elif "and" in token.roles or token.text == "&":
            kind = kind or "list"
        elif token.text in ",/+・" or (token.text == ";" and not source.finding):
            kind = kind or ("comma" if token.text in ",;・" else "list")
        elif not _is_between(token, kind):
            break
        here += 1
    if not kind or here >= source.count or (here == at and kind != "to"):
        return None
    return kind, _after_unknown_weekday(source, phrase, here)


def _is_to(phrase: Phrase, token: Token) -> bool:
    """Whether a word says that the last day follows; "and" does so only after "between" or "from"."""
    if "and" in token.roles:
        return "to" in token.roles and not phrase.said.isdisjoint({"between", "from", "since"})
    return "to" in token.roles or "until" in token.roles


def _is_between(token: Token, kind: str) -> bool:
    """A small word or a mark that may stand beside what joins: "End date: 5 May"."""
    if token.text == ":":
        return kind == "to"
    small = not token.roles.isdisjoint(("fill", "on", "in", "year_word")) or token.text in ".'"
    return small and not token.word.month and token.word.weekday < 0


def _after_unknown_weekday(source: Source, phrase: Phrase, here: int) -> int:
    """The place after a short word that is not known, where a day and a month follow it: "man 2 mar - tqr 5 mar"."""
    token, number = source.tokens[here], source.tokens[here + 1]
    if not token.is_unknown or phrase.points[-1].weekday < 0:
        return here
    if number.text == "." and number.tight:
        here, number = here + 1, source.tokens[here + 2]
    named = _month_follows(source.tokens, here + 2)
    return here + 1 if len(token.text) <= _LONGEST_WEEKDAY and 0 < number.digits <= 2 and named else here


def _month_follows(tokens: list[Token], at: int) -> bool:
    while tokens[at].text == "." or "fill" in tokens[at].roles:
        at += 1
    return tokens[at].word.month > 0


def continues(source: Source, phrase: Phrase, kind: str, start: int, point: Point, after: int) -> bool:
    """Whether a joined point is of the same phrase."""
    before = phrase.points[-1]
    if kind == "comma":
        return _continues_a_list(source, phrase, start, point, after)
    if point.only_clock and before.only_clock and kind == "list":
        return False
    if before.day and before.year and point.month and not (point.day or point.year):
        return False  # "7 May 2026 - April Smith"
    return not (point.only_day and before.day and before.month) or _ends_in_a_day(source, before, point, after)


def _ends_in_a_day(source: Source, before: Point, point: Point, after: int) -> bool:
    """A number after a day of a month: the last day, unless it counts something: "14 March - 20 places".

    After a whole date it is none, but where the year stood first.
    """
    last = source.tokens[after - 1]
    counts = source.tokens[after].is_unknown and not point.ending and not (last.kind == "n" and last.tight)
    return not counts and (before.year_first or not before.year)


def _continues_a_list(source: Source, phrase: Phrase, start: int, point: Point, after: int) -> bool:
    """Commas join days of a month and whole days, not dates of their own."""
    before = phrase.points[-1]
    if point.only_clock and before.clock is not None:
        return True
    if _is_bare_year(before) and _is_bare_year(point):
        return True
    if before.only_day:
        if not point.day:
            return False
        listed = len(phrase.points) > 1 or before.weekday >= 0 or _is_list(source.tokens, phrase, after)
        return listed or not (point.clock or _is_of_a_name(source, phrase))
    if not before.day or not before.month or not point.day:
        return False
    if point.month:  # in running text they may be days of several things
        return not source.finding and (bool(point.year) or not before.year)
    if not point.only_day:
        return False
    if before.year_first or "day_word" in source.tokens[start + 1].roles or _begins_a_range(source.tokens, after):
        return True
    return not before.year and _is_list(source.tokens, phrase, after)


def _begins_a_range(tokens: list[Token], after: int) -> bool:
    """3-5 May, 10-12 June: the number begins a range of days of another month."""
    while tokens[after].text == ".":
        after += 1
    return tokens[after].text in DASHES and 0 < tokens[after + 1].digits <= 2 and _month_follows(tokens, after + 2)


def _is_of_a_name(source: Source, phrase: Phrase) -> bool:
    """Dluga 7, Stage 2: the number behind an unknown word is part of its name."""
    if not phrase.start or phrase.said:
        return False
    return source.tokens[phrase.start - 1].is_unknown


def _is_list(tokens: list[Token], phrase: Phrase, after: int) -> bool:
    """ "December 3, 10 & 17": a comma after a day of a month joins days when an "and" does so too."""
    here = after
    while tokens[here].text == "," and 0 < tokens[here + 1].digits <= 2:
        here += 2
    token, follows = tokens[here : here + 2]
    joined = "and" in token.roles or token.text == "&"
    return joined and 0 < follows.digits <= 2 and not any(point.clock for point in phrase.points)


def _is_bare_year(point: Point) -> bool:
    return bool(point.year) and not (point.month or point.day or point.span or point.clock)


def settle_weekdays(phrase: Phrase) -> None:
    """Weekdays alone before a date say on which days, not the first one.

    "Monday to Friday, 4 May to 26 June" begins on 4 May; "every Tuesday until 30 June" ends on 30 June.
    """
    points = phrase.points
    while len(points) > 1 and points[0].only_weekday:
        points.pop(0)
        joined, follows = phrase.joins.pop(0), points[0]
        if follows.only_weekday:
            continue
        if follows.weekday >= 0:
            phrase.said.add("weekdays")
            follows.weekday = -1
        elif joined == "to":
            phrase.said.add("until")

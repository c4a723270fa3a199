"""Whole date phrases: points joined to ranges and lists, with the words before and after that belong to them.

What belongs here: since, from, until, ongoing, deadline, durations, brackets, N/A; where a phrase begins and ends. What
does not: what a point is made of, missing years, the calendar.
"""

from __future__ import annotations

from pipelines.refine.dates.grammar.clock import Clock
from pipelines.refine.dates.grammar.joining import continues, join_at, settle_weekdays
from pipelines.refine.dates.grammar.leading import duration, lead
from pipelines.refine.dates.grammar.numeric import month_and_day_at
from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.point import Point, Source
from pipelines.refine.dates.grammar.points import read_point
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.words.pieces import DASHES

_WEAK_LEAD = frozenset(
    {"on", "fill", "in", "at", "to", "and", "am", "pm", "number", "ordinal", "hour", "edge", "minute"}
)


class Phrases:
    """Reads phrases from one token list."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens: list[Token] = source.tokens
        self.count = source.count

    def read(self, at: int) -> Phrase | None:
        """The phrase that begins at a token, as long as it goes; None when there is none."""
        phrase = Phrase(at, at)
        here = lead(self.source, phrase, at)
        here = self._ends(phrase, here)
        here = self._trail(phrase, here)
        phrase.end = here
        if phrase.points or phrase.said - {"from", "between", "every"}:
            self._trim(phrase)
            return phrase if phrase.end > phrase.start else None
        return None

    def _trim(self, phrase: Phrase) -> None:
        """A phrase without points keeps only its own words; trailing marks and small words are not part of it."""
        while phrase.end > phrase.start:
            last = self.tokens[phrase.end - 1]
            small = bool(last.roles) and last.roles <= _WEAK_LEAD
            if phrase.points or not ((last.kind == "p" and last.text != ")") or small):
                break
            phrase.end -= 1

    # the points

    def _ends(self, phrase: Phrase, here: int) -> int:
        hour = self._hour_before_a_date(phrase, here)
        if hour:
            return hour
        point, end = read_point(self.source, here)
        if point.is_empty:
            return here
        self._see_near(point, phrase.start, here)
        if "every" in phrase.said and self._begins_inside(point, here, end):
            phrase.said.add("since")
        phrase.points.append(point)
        while end < self.count and not point.wrong:
            joined = join_at(self.source, phrase, end)
            if joined is None:
                break
            kind, start = joined
            point, after = self._next(phrase.points[-1], kind, start)
            if point.is_empty or not continues(self.source, phrase, kind, start, point, after):
                break
            self._see_near(point, end, start)
            phrase.points.append(point)
            phrase.joins.append(kind)
            end = after
        end = self._hours_before_a_date(phrase, end)
        settle_weekdays(phrase)
        return end

    def _begins_inside(self, point: Point, start: int, end: int) -> bool:
        """ "every Friday from 6 March": the day after "from" is the first one."""
        pairs = zip(self.tokens[start:end], self.tokens[start + 1 : end], strict=False)
        return any(one.roles & {"since", "from"} and two.kind == "n" and two.num == point.day for one, two in pairs)

    def _see_near(self, point: Point, start: int, end: int) -> None:
        """ "this 5 May", "next 5 May": the small words before a point may say which one is meant."""
        for token in self.tokens[start:end]:
            if "this" in token.roles or "next" in token.roles:
                point.near = "this" if "this" in token.roles else "next"

    def _next(self, before: Point, kind: str, start: int) -> tuple[Point, int]:
        numbered = before.numeric and before.year_first and kind == "to"
        found = month_and_day_at(self.tokens, start) if numbered else None
        if found is None:
            return read_point(self.source, start)
        return Point(day=found[0].day, month=found[0].month, numeric=True), found[1]

    def _hours_before_a_date(self, phrase: Phrase, end: int) -> int:
        """ "between 3 and 5 on 1/1/2015", "10-18, 9 May": two bare numbers, then a whole date, were hours."""
        points = phrase.points
        if len(points) != 2 or not all(p.only_day for p in points) or end >= self.count:
            return end
        here = end
        while here < self.count and (self.tokens[here].roles & {"on", "fill", "in"} or self.tokens[here].text == ","):
            here += 1
        point, after = read_point(self.source, here)
        if here == end or not (point.day and point.month) or point.clock or points[1].day > 24:
            return end
        if self.tokens[end].text == "," and point.day > points[1].day:
            return end  # 10-18, 20 May: days
        point.clock, point.until_clock = Clock(points[0].day), Clock(points[1].day)
        phrase.points, phrase.joins = [point], []
        return after

    def _hour_before_a_date(self, phrase: Phrase, at: int) -> int:
        """ "at 18, 9 May 2026": the number after an hour's word, before a whole date; the place after it, or 0."""
        number, here = self.tokens[at], at + 1
        if at == phrase.start or not 0 <= number.num <= 24 or number.digits > 2 or not self._says_hour(at):
            return 0
        while self.tokens[here].roles & {"on", "fill", "in", "day_word"} or self.tokens[here].text in ",.":
            here += 1
        point, after = read_point(self.source, here)
        if not (point.day and point.month) or point.clock:
            return 0
        point.clock = Clock(number.num)
        phrase.points.append(point)
        return after

    def _says_hour(self, at: int) -> bool:
        """An hour's word stands before the number, and a comma, a weekday or another number behind it."""
        word = self.tokens[at - 2 if self.tokens[at - 1].text == "." else at - 1]
        after = self.tokens[at + 1]
        if not word.roles & {"at", "hour"} or (word.roles & {"from", "fill"} and after.text != ","):
            return False
        return after.text == "," or after.word.weekday >= 0 or after.kind == "n" or "on" in after.roles

    # after

    def _trail(self, phrase: Phrase, here: int) -> int:
        tokens = self.tokens
        while here < self.count:
            if tokens[here].text == ")" and self._unclosed(phrase.start, here):
                here += 1
                continue
            after = self._trailing(phrase, here)
            if not after:
                break
            here = after
        return here

    def _unclosed(self, start: int, end: int) -> bool:
        depth = 0
        for token in self.tokens[start:end]:
            depth += (token.text == "(") - (token.text == ")")
        return depth > 0

    def _trailing(self, phrase: Phrase, here: int) -> int:
        token = self.tokens[here]
        roles = token.roles
        if token.text == "(":
            return self._bracket(phrase, here)
        if (token.text in ".'" and token.tight and phrase.points) or "fill" in roles:
            return self._after_small(phrase, here + 1)
        if roles & {"onwards", "until_post"} and phrase.points:
            if not phrase.points[-1].clock:  # "from 2 p.m. on": the hour, not the day
                phrase.said.update(roles & {"onwards", "until_post"})
            return here + 1
        if token.text in DASHES or token.text in ",+/;" or roles & {"to", "and"}:
            return self._after_join(phrase, here)
        if not phrase.points and not phrase.said:
            return 0
        if roles & {"ongoing", "tbc"} and "ongoing_weak" not in roles:
            phrase.said.update(roles & {"ongoing", "tbc"})
            return here + 1
        if "since" in roles and phrase.points and not phrase.points[-1].is_full:
            return self._merge(phrase, here)
        return 0

    def _after_small(self, phrase: Phrase, here: int) -> int:
        """What follows an abbreviation's dot or a small word: "2019 г. и далее", "14 d. - vykdoma"."""
        tokens = self.tokens
        while "fill" in tokens[here].roles or (tokens[here].text == "." and tokens[here].tight):
            here += 1
        known = tokens[here].text in DASHES or not tokens[here].roles.isdisjoint(("onwards", "ongoing", "until_post"))
        return self._trailing(phrase, here) if known else 0

    def _after_join(self, phrase: Phrase, here: int) -> int:
        """What follows a dash or a comma: "- ongoing", ", tbc", "+ 8 months' employment", or nothing: "2016-"."""
        tokens, after = self.tokens, here + 1
        if not phrase.points and "duration" not in phrase.said and not phrase.said:
            return 0
        dash = tokens[here].text in DASHES
        while (
            after < self.count
            and tokens[after].roles & {"fill", "on", "until"}
            and not tokens[after].roles & {"ongoing", "onwards"}
        ):
            after += 1
        if after < self.count:
            roles = tokens[after].roles
            if "ongoing_weak" in roles:
                roles = roles | {"ongoing"}
            if roles & {"ongoing", "onwards", "tbc"} or (dash and tokens[after].text == "?"):
                phrase.said.update(roles & {"ongoing", "onwards", "tbc"})
                if phrase.points and roles & {"ongoing", "onwards"} and (dash or "to" in tokens[here].roles):
                    phrase.said.add("open")
                return after + 1
            if tokens[here].text == "+":
                return duration(self.tokens, self.count, phrase, here + 1)
        return self._open_dash(phrase, here) if dash else 0

    def _open_dash(self, phrase: Phrase, here: int) -> int:
        """ "2016-" and "2016 - ": a year and a dash with nothing of a date after it."""
        tokens = self.tokens
        point = phrase.points[-1] if phrase.points else None
        if point is None or not point.year or len(phrase.points) > 1:
            return 0
        last = here + 1 >= self.count
        bracket = not last and tokens[here + 1].text in ")"
        if last or bracket or (tokens[here].tight and not tokens[here + 1].tight):
            phrase.said.add("open")
            return here + 1
        return 0

    def _bracket(self, phrase: Phrase, here: int) -> int:
        """A bracket that says more of the date: another reading, a part of day, "still in use", a duration."""
        close = self._closing(here)
        if not close or (phrase.points and all(p.only_day for p in phrase.points)):
            return 0
        inner = self._merge(phrase, here + 1, probe=True)
        inside = self.tokens[here + 1 : close]
        if inner:
            return close + 1
        if any(t.roles & {"unit", "ongoing", "every", "tbc", "since", "onwards", "part"} for t in inside):
            said = {role for t in inside for role in t.roles & {"tbc"}}
            phrase.said.update(said)
            if inside and "ongoing" in inside[0].roles | inside[-1].roles:
                phrase.said.add("ongoing")
            return close + 1
        return 0

    def _closing(self, here: int) -> int:
        depth = 0
        for ahead in range(here, min(here + 40, self.count)):
            depth += {"(": 1, ")": -1}.get(self.tokens[ahead].text, 0)
            if not depth:
                return ahead
        return 0

    def _merge(self, phrase: Phrase, here: int, probe: bool = False) -> int:
        """Join a second phrase that says more of the first; `probe`: only when it says something."""
        inner = Phrases(self.source).read(here)
        if inner is None:
            return 0
        says = inner.points or inner.said & {"ongoing", "since", "tbc", "every", "deadline"}
        if probe and not says:
            return 0
        if inner.points and ("since" in inner.said or not phrase.points):
            phrase.points, phrase.joins = inner.points, inner.joins
            phrase.said |= inner.said
        elif inner.points and len(inner.points) == 1 and phrase.points:
            _complete(phrase.points[-1], inner.points[0])
        phrase.said |= inner.said & {"ongoing", "tbc", "every"}
        return inner.end


def _complete(point: Point, more: Point) -> None:
    """Take from a bracket what the point lacks: a weekday, a part of day, a time, a year."""
    point.weekday = point.weekday if point.weekday >= 0 else more.weekday
    point.part = point.part or more.part
    point.clock = point.clock or more.clock
    point.until_clock = point.until_clock or more.until_clock
    if not point.year and more.year and not more.month:
        point.year = more.year
    if not point.month and more.day and more.month:
        point.day, point.month, point.year = more.day, more.month, point.year or more.year

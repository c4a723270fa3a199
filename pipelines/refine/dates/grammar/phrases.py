"""Whole date phrases: points joined to ranges and lists, with the words before and after that belong to them.

What belongs here: since, from, until, ongoing, deadline, durations, brackets, N/A; where a phrase begins and ends. What
does not: what a point is made of, missing years, the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.refine.dates.grammar.clock import Clock
from pipelines.refine.dates.grammar.numeric import month_and_day_at
from pipelines.refine.dates.grammar.point import Point, Source
from pipelines.refine.dates.grammar.points import read_point
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.words.pieces import DASHES

_FLAGS = frozenset({"deadline", "since", "from", "until", "between", "every", "ongoing", "tbc", "none"})
_LEAD = frozenset({*_FLAGS, "ongoing_weak", "on", "fill", "in", "at", "edge"})
_WEAK_LEAD = frozenset(
    {"on", "fill", "in", "at", "to", "and", "am", "pm", "number", "ordinal", "hour", "edge", "minute"}
)
_LONGEST_LEAD = 30  # tokens; what hostile text repeats longer than this would be walked again from each of them
_LABEL_REACH = 7  # words between a deadline word and its colon


@dataclass(slots=True)
class Phrase:
    """A phrase: token range, points with how each is joined to the one before ("to" or "list"), and what was said."""

    start: int
    end: int
    points: list[Point] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    @property
    def is_dated(self) -> bool:
        """At least one point says which day, month or year."""
        return any(p.is_full or p.year or p.day or p.month for p in self.points)


class Phrases:
    """Reads phrases from one token list."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens: list[Token] = source.tokens
        self.count = source.count

    def read(self, at: int) -> Phrase | None:
        """The phrase that begins at a token, as long as it goes; None when there is none."""
        phrase = Phrase(at, at)
        here = self._lead(phrase, at)
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

    # before

    def _lead(self, phrase: Phrase, at: int) -> int:
        tokens, here = self.tokens, at
        most = min(self.count, at + _LONGEST_LEAD)
        while here < most:
            token = tokens[here]
            after = self._duration(phrase, here)
            if after:
                here = after
                continue
            if token.kind == "p":
                if here > at and token.text in ":,(+'." and phrase.said and here + 1 < self.count:
                    here += 1
                    continue
                break
            if "every" in phrase.said and token.roles & {"unit", "number", "ordinal"} and not token.roles & _FLAGS:
                here += 1
                continue
            if token.word.month or token.word.weekday >= 0 or not token.roles & _LEAD:
                break
            if "edge" in token.roles and not token.roles & _FLAGS:
                break
            if token.roles & {"at", "between"} and self._begins_with_clock(here):
                break
            here = self._say(phrase, here)
        return here

    def _begins_with_clock(self, here: int) -> bool:
        """ "from 5 to 6 pm of 22 April": the point takes its own words."""
        point, _ = read_point(self.source, here)
        return point.clock is not None and not point.day

    def _say(self, phrase: Phrase, here: int) -> int:
        token = self.tokens[here]
        phrase.said.update(token.roles & _FLAGS)
        if "ongoing_weak" in token.roles:  # "current", "today": they say so only when nothing else stands there
            phrase.said.discard("ongoing")
            phrase.said.add("weak")
        if "deadline" in token.roles:
            return self._after_label(here)
        return here + 1

    def _after_label(self, here: int) -> int:
        """After "Deadline for applications:": words up to the colon belong to the label."""
        for ahead in range(here + 1, min(here + 1 + _LABEL_REACH, self.count)):
            token = self.tokens[ahead]
            if token.text == ":":
                return ahead + 1
            if token.kind != "w" or token.word.month or token.word.weekday >= 0:
                break
        return here + 1

    def _duration(self, phrase: Phrase, here: int) -> int:
        """ "6 months", "two years", "8 months' employment": the place after it, or 0."""
        tokens, after = self.tokens, here + 1
        token = tokens[here]
        number = (token.kind == "n" and token.digits <= 3) or "number" in token.roles
        if not number or after >= self.count or "unit" not in tokens[after].roles or tokens[after].tight:
            return 0
        if tokens[after].word.month or ("hour" in tokens[after].roles and "number" not in token.roles):
            return 0
        phrase.said.add("duration")
        after += 1
        if after + 1 < self.count and tokens[after].text == "'" and tokens[after].tight:
            possessed = tokens[after + 1]
            noun = possessed.kind == "w" and not possessed.tight and not possessed.roles and not possessed.word.month
            return after + 1 + noun
        return after

    # the points

    def _ends(self, phrase: Phrase, here: int) -> int:
        point, end = read_point(self.source, here)
        if point.is_empty:
            return here
        self._see_near(point, phrase.start, here)
        phrase.points.append(point)
        while end < self.count and not point.wrong:
            joined = self._join(phrase, end)
            if joined is None:
                break
            kind, start = joined
            point, after = self._next(phrase.points[-1], kind, start)
            if point.is_empty or not self._continues(phrase, kind, point, after):
                break
            self._see_near(point, end, start)
            phrase.points.append(point)
            phrase.joins.append(kind)
            end = after
        return self._hours_before_a_date(phrase, end)

    def _see_near(self, point: Point, start: int, end: int) -> None:
        """ "this 5 May", "next 5 May": the small words before a point may say which one is meant."""
        for token in self.tokens[start:end]:
            if "this" in token.roles or "next" in token.roles:
                point.near = "this" if "this" in token.roles else "next"

    def _next(self, before: Point, kind: str, start: int) -> tuple[Point, int]:
        found = month_and_day_at(self.tokens, start) if before.year_first and kind == "to" else None
        if found is None:
            return read_point(self.source, start)
        return Point(day=found[0].day, month=found[0].month, numeric=True), found[1]

    def _join(self, phrase: Phrase, at: int) -> tuple[str, int] | None:
        """What joins a point to the next: ("to" or "list", place of the next point)."""
        tokens, here, kind = self.tokens, at, ""
        if phrase.points[-1].ending == "from":
            kind = "to"
        while here < self.count:
            token = tokens[here]
            if token.text in DASHES or self._is_to(phrase, token):
                kind = "to"
            elif "and" in token.roles or token.text == "&":
                kind = kind or "list"
            elif token.text in ",/+":
                kind = kind or ("comma" if token.text == "," else "list")
            elif token.roles & {"fill", "on", "in", "year_word"} or token.text in ".'":
                if token.word.month or token.word.weekday >= 0:
                    break
            else:
                break
            here += 1
        if not kind or here >= self.count or (here == at and kind != "to"):
            return None
        return kind, here

    def _is_to(self, phrase: Phrase, token: Token) -> bool:
        """Whether a word says that the last day follows; "and" does so only after "between" or "from"."""
        if "and" in token.roles:
            return "to" in token.roles and not phrase.said.isdisjoint({"between", "from", "since"})
        return "to" in token.roles or "until" in token.roles

    def _continues(self, phrase: Phrase, kind: str, point: Point, after: int) -> bool:
        """Whether a joined point is of the same phrase; commas join days of a month, not dates of their own."""
        before = phrase.points[-1]
        if kind != "comma":
            return not (point.only_clock and before.only_clock and kind == "list")
        if point.only_clock and before.clock is not None:
            return True
        if _is_bare_year(before) and _is_bare_year(point):
            return True
        if before.only_day:
            return bool(point.day) and not point.clock
        return bool(before.day) and not before.year and point.only_day and self._is_list(phrase, after)

    def _is_list(self, phrase: Phrase, after: int) -> bool:
        """ "December 3, 10 & 17": a comma after a day of a month joins days when an "and" does so too."""
        here = after
        while self.tokens[here].text == "," and 0 < self.tokens[here + 1].digits <= 2:
            here += 2
        token, follows = self.tokens[here : here + 2]
        joined = "and" in token.roles or token.text == "&"
        return joined and 0 < follows.digits <= 2 and not any(point.clock for point in phrase.points)

    def _hours_before_a_date(self, phrase: Phrase, end: int) -> int:
        """ "between 3 and 5 on 1/1/2015": two bare numbers, then a whole date, were hours."""
        points = phrase.points
        if len(points) != 2 or not all(p.only_day for p in points) or end >= self.count:
            return end
        here = end
        while here < self.count and self.tokens[here].roles & {"on", "fill", "in"}:
            here += 1
        point, after = read_point(self.source, here)
        if here == end or not (point.day and point.month) or point.clock or points[1].day > 24:
            return end
        point.clock, point.until_clock = Clock(points[0].day), Clock(points[1].day)
        phrase.points, phrase.joins = [point], []
        return after

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
                return self._duration(phrase, here + 1)
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


def _is_bare_year(point: Point) -> bool:
    return bool(point.year) and not (point.month or point.day or point.span or point.clock)


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

"""The words before a date that belong to it: since, from, until, deadlines with their labels, every, durations.

What belongs here: where a phrase begins, and what its first words say. What does not: points, the words after them.
"""

from __future__ import annotations

from pipelines.refine.dates.grammar.clock import clock_at
from pipelines.refine.dates.grammar.figures import after_ordinal
from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.point import Source
from pipelines.refine.dates.grammar.points import read_point
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.words.pieces import DASHES

_FLAGS = frozenset({"deadline", "since", "from", "until", "between", "every", "ongoing", "tbc", "none"})
_LEAD = frozenset({*_FLAGS, "ongoing_weak", "on", "fill", "in", "at", "edge"})
_SPANS = frozenset({"half", "quarter"})
_COUNTED = frozenset({"unit", "number", "ordinal"})
_LONGEST_LEAD = 30  # tokens; what hostile text repeats longer than this would be walked again from each of them
_LABEL_REACH = 7  # words between a deadline word and its colon


def lead(source: Source, phrase: Phrase, at: int) -> int:
    """Take the words before the first point; the place after them."""
    here, most = at, min(source.count, at + _LONGEST_LEAD)
    while here < most:
        after = (
            duration(source.tokens, source.count, phrase, here)
            or _mark(source, phrase, at, here)
            or _every(source, phrase, here)
            or _word(source, phrase, here)
        )
        if not after:
            break
        here = after
    return here


def _mark(source: Source, phrase: Phrase, at: int, here: int) -> int:
    """A mark between the words before a date ("Deadline: ")."""
    token = source.tokens[here]
    inside = here > at and bool(phrase.said) and here + 1 < source.count
    if token.kind != "p" or not inside:
        return 0
    if token.text in DASHES and "weak" in phrase.said:  # "now - 31 May"
        phrase.said.add("until")
        return here + 1
    after_label = token.text in DASHES and "deadline" in phrase.said
    return here + 1 if token.text in ":,(+'." or after_label else 0


def _every(source: Source, phrase: Phrase, here: int) -> int:
    """ "every two weeks", "every 2nd Tuesday": which of them is no day of a month."""
    token = source.tokens[here]
    if "every" not in phrase.said:
        return 0
    if token.roles & _COUNTED and not token.roles & _FLAGS:
        return here + 1
    after = after_ordinal(source, here) if token.digits == 1 else 0
    return after if after > here + 1 and source.tokens[after].word.weekday >= 0 else 0


def _word(source: Source, phrase: Phrase, here: int) -> int:
    token = source.tokens[here]
    if token.kind == "p" or token.word.month or token.word.weekday >= 0 or not token.roles & _LEAD:
        return 0
    if "edge" in token.roles and not token.roles & _FLAGS:
        return 0
    if "ordinal" in token.roles and source.tokens[here + 1].roles & _SPANS:
        return 0  # "I trimestre": not the article
    if token.roles & {"at", "between"} and _is_hour(source, here):
        return 0  # "from 5 to 6 pm of 22 April": the point takes its own words
    if token.roles & {"from", "since"} and clock_at(source.tokens, here + 1, False):
        return here + 1
    return _say(source, phrase, token, here)


def _is_hour(source: Source, here: int) -> bool:
    point, _ = read_point(source, here)
    return point.clock is not None and not point.day


def _say(source: Source, phrase: Phrase, token: Token, here: int) -> int:
    phrase.said.update(token.roles & _FLAGS)
    if "ongoing_weak" in token.roles:  # "current", "today": they say so only when nothing else stands there
        phrase.said.discard("ongoing")
        phrase.said.add("weak")
    if "deadline" in token.roles:
        return _after_label(source, here)
    return here + 1


def _after_label(source: Source, here: int) -> int:
    """After "Deadline for applications:": words up to the colon belong to the label."""
    for ahead in range(here + 1, min(here + 1 + _LABEL_REACH, source.count)):
        token = source.tokens[ahead]
        if token.text == ":":
            return ahead + 1
        if token.kind != "w" or token.word.month or token.word.weekday >= 0:
            break
    return here + 1


def duration(tokens: list[Token], count: int, phrase: Phrase, here: int) -> int:
    """ "6 months", "two years", "8 months' employment": the place after it, or 0."""
    token, after = tokens[here], here + 1
    number = (token.kind == "n" and token.digits <= 3) or "number" in token.roles
    if not number or after >= count or "unit" not in tokens[after].roles or tokens[after].tight:
        return 0
    if tokens[after].word.month or ("hour" in tokens[after].roles and "number" not in token.roles):
        return 0
    phrase.said.add("duration")
    after += 1
    if after + 1 < count and tokens[after].text == "'" and tokens[after].tight:
        possessed = tokens[after + 1]
        noun = possessed.kind == "w" and not possessed.tight and not possessed.roles and not possessed.word.month
        return after + 1 + noun
    return after

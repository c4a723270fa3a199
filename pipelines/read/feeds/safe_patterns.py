"""Regular expressions from hints that can not hang: what may be in one, checked before it is used.

What belongs here: the check. What does not: what the patterns are for.

Python tries patterns by backtracking. A choice within a repetition can take exponential time, many repetitions one
behind the other a high power of the length; so both are refused, and back references and looking around with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

# The parser of the standard library; it has no public name, and writing one would be a second truth of what `re` reads.
from re import _constants, _parser  # type: ignore[attr-defined]  # isort: skip

_LONGEST = 200
_MOST_REPEATS = 2  # of no fixed number of times
_MOST_OPTIONS = 8  # parts that may be missing
_MOST_TIMES = 50  # of a repetition that has a bound
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_PLAIN = (
    *(_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN, _constants.AT),
    *(_constants.BRANCH, _constants.SUBPATTERN, *_REPEATS),
)


class PatternError(ValueError):
    """A pattern that is refused; the message says why."""


@lru_cache(maxsize=512)
def safe_pattern(text: str) -> re.Pattern[str]:
    """The compiled pattern; PatternError when it is none or could take too long."""
    if len(text) > _LONGEST:
        raise PatternError(f"a pattern of {len(text)} characters, more than {_LONGEST}")
    try:
        parsed = _parser.parse(text)
        choices = [choice for operation in parsed for choice in _choices(operation, inside=False)]
        if choices.count("repeat") > _MOST_REPEATS or choices.count("option") > _MOST_OPTIONS:
            raise PatternError(f"pattern {text!r} has more than {_MOST_REPEATS} repetitions or {_MOST_OPTIONS} options")
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"pattern {text!r} is not read: {error}") from None


def _choices(operation: tuple[Any, Any], inside: bool) -> Iterator[str]:
    """What an operation leaves open: each "repeat" and "option" in it; PatternError for what is not allowed at all."""
    code, argument = operation
    if code not in _PLAIN:
        raise PatternError(f"{str(code).lower().replace('_', ' ')} is not allowed in a pattern")
    if inside and (code == _constants.BRANCH or (code in _REPEATS and argument[0] != argument[1])):
        raise PatternError("a choice or a repetition within a repetition is not allowed in a pattern")
    if code in _REPEATS:
        least, most = argument[:2]
        if _MOST_TIMES < most < _constants.MAXREPEAT:
            raise PatternError(f"a repetition of up to {most} times is not allowed in a pattern")
        if least != most:
            yield "option" if most == 1 else "repeat"
        inside = inside or most > 1
    for one in _parts(code, argument):
        yield from _choices(one, inside)


def _parts(code: Any, argument: Any) -> Iterator[tuple[Any, Any]]:
    """The operations within an operation."""
    if code in _REPEATS:
        yield from argument[2]
    elif code == _constants.SUBPATTERN:
        yield from argument[3]
    elif code == _constants.BRANCH:
        for branch in argument[1]:
            yield from branch

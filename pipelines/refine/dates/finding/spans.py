"""Which phrases of a text are dates of it: what a page reader may cut out as date words.

What belongs here: the rules that say no to a phrase that could be a date in a date field, but not in running text. What
does not: reading.

- A day with its month, a month with its year, an all-number date with its year: always.
- A bare year (1950..2100): after since, from or until; in a range of years; or in a line of names:
  at most sixteen words, each of which begins with a capital or a digit or is a particle. Not after a guard word
  (Room 2017) or before one (2020 East Street).
- The years of a copyright: never.
- Ongoing, N/A, tbc alone: only in a line of names, or when they are all there is.
- A month, a weekday, a season, a number or a time alone: never.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.refine.dates.grammar.numbered import is_house_number, is_joined, is_part_of_a_name
from pipelines.refine.dates.grammar.parse import Parsed
from pipelines.refine.dates.grammar.phrase import Phrase
from pipelines.refine.dates.grammar.point import Point
from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.reading import is_whole

EARLIEST, LATEST = 1950, 2100
_LONGEST_LINE = 16
_SLUG_DASHES = 3
_LED_IN = frozenset({"on", "in", "fill", "at", "am"})
_PARTICLES = frozenset(
    "de di del della da do dos das la le les el los of the and et "
    "und y e i an am im bei sur sous en der die das van aan af og och au à".split()
)


def spans(parsed: Parsed, cut: bool = False) -> Iterator[tuple[int, int, Phrase]]:
    """(start, end, phrase) of each date in a text; `cut`: it is a part of a longer one, so no line of names."""
    names: bool | None = False if cut else None
    running: bool | None = None
    for phrase in parsed.phrases:
        if _is_copyright(parsed.tokens, phrase) or _is_in_an_address(parsed, phrase):
            continue
        if _is_date(parsed.tokens, phrase):
            running = _is_running(parsed) if running is None else running
            # Of a range the small word is the first half: "du 3 au 5".
            yield (*_extent(parsed, phrase, running and len(phrase.points) < 2), phrase)
            continue
        if not _may_be_date(parsed, phrase):
            continue
        if names is None:
            names = _is_line_of_names(parsed)
        if names:
            yield (*_extent(parsed, phrase), phrase)


def _extent(parsed: Parsed, phrase: Phrase, running: bool = False) -> tuple[int, int]:
    """Where a phrase begins and ends; in running text without the small words before it: "On 23 April"."""
    first = phrase.start
    if running:
        while first < phrase.end - 1 and _is_led_in(parsed.tokens, first):
            first += 1
    return parsed.tokens[first].start, parsed.tokens[phrase.end - 1].end


def _is_running(parsed: Parsed) -> bool:
    """A sentence: there is a word outside all phrases that is no name."""
    inside = {n for other in parsed.phrases for n in range(other.start, other.end)}
    words = ((n, t) for n, t in enumerate(parsed.tokens) if t.kind == "w" and n not in inside)
    return any(parsed.text[t.start].islower() and t.text not in _PARTICLES for _, t in words)


def _is_led_in(tokens: tuple[Token, ...], at: int) -> bool:
    """A preposition or an article; what is counted "a day since March"."""
    token, after = tokens[at], tokens[at + 1]
    if token.kind != "w" or token.word.month or token.word.weekday >= 0:
        return False
    if token.roles and token.roles <= _LED_IN:
        return True
    follows = tokens[at + 2] if at + 2 < len(tokens) else None
    counted = "number" in token.roles and "unit" in after.roles and follows is not None and "since" in follows.roles
    return counted or ("unit" in token.roles and "since" in after.roles)


def _is_date(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """True when the words are a date wherever they stand."""
    points = phrase.points
    if _is_an_adjective(tokens, phrase) or is_part_of_a_name(tokens, phrase):
        return False
    if any(p.wrong for p in points):
        return any(p.month and p.day for p in points)
    if any(p.is_full for p in points):
        return not _is_bare_fraction(phrase) and (bool(points[0].day) or _is_month_of_a_year(phrase))
    if _is_range_of_months(phrase):
        return True
    years = [p for p in points if _is_year(p)]
    if phrase.start and "guard" in tokens[phrase.start - 1].roles:
        return False  # fax 2019-2020
    if not years:
        return "deadline" in phrase.said and phrase.is_dated
    if len(years) > 1:
        return years[-1].year > years[0].year
    return bool(phrase.said & {"since", "from", "until", "onwards", "open", "ongoing", "duration"})


def _is_bare_fraction(phrase: Phrase) -> bool:
    """24/7, 1/2, 50/50: two numbers with a slash, and no other word of a date."""
    points = phrase.points
    if len(points) > 1 or phrase.said:
        return False
    p = points[0]
    return bool(p.ambiguous or p.order) and not p.year and p.weekday < 0 and p.clock is None


def _is_month_of_a_year(phrase: Phrase) -> bool:
    """No day is said: then the year has to be one of the programme's time, since 1200 May Street is an address."""
    return all(not p.year or EARLIEST <= p.year <= LATEST or p.day for p in phrase.points)


def _is_range_of_months(phrase: Phrase) -> bool:
    """January - March: two different months, joined by more than "and"."""
    months = [p.month for p in phrase.points if p.month and not p.tentative]
    return len(months) == len(phrase.points) == 2 and months[0] != months[1] and phrase.joins == ["to"]


def _is_year(point: Point) -> bool:
    return EARLIEST <= point.year <= LATEST and not point.month and not point.day


def _may_be_date(parsed: Parsed, phrase: Phrase) -> bool:
    """True when the words are a date if nothing but names stand around them."""
    tokens = parsed.tokens
    if phrase.points:
        if len(phrase.points) > 1 or not _is_year(phrase.points[0]):
            return False
        return not is_joined(tokens, phrase) and not is_house_number(tokens, phrase)
    if "duration" in phrase.said and phrase.end == len(tokens):
        return True
    return bool(phrase.said & {"ongoing", "none", "tbc"}) or ("weak" in phrase.said and is_whole(phrase, parsed))


def _is_an_adjective(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """ "from the 2018 report", "the 2017 Summer conference": the year belongs to what follows."""
    if any(p.month or p.day for p in phrase.points):
        return False
    inside = range(phrase.start + 1, phrase.end)
    return any(tokens[n].digits == 4 and tokens[n - 1].text == "the" for n in inside)


def _is_copyright(tokens: tuple[Token, ...], phrase: Phrase) -> bool:
    """© 2010-2021, Copyright 2018: the years of a site, not of what it tells."""
    before = tokens[max(phrase.start - 2, 0) : phrase.start]
    return not any(p.day or p.month for p in phrase.points) and any(t.text in ("©", "copyright") for t in before)


def _is_in_an_address(parsed: Parsed, phrase: Phrase) -> bool:
    """A part of an address or of a file's name: https://.../newsletter-may-2019-final."""
    start, end = _extent(parsed, phrase)
    first = max(parsed.text.rfind(blank, 0, start) for blank in " \n\t\xa0") + 1
    run = parsed.text[first:end].split(maxsplit=1)[0]
    return "://" in run or run.startswith("www.") or parsed.text[first:start].count("-") >= _SLUG_DASHES


def _is_line_of_names(parsed: Parsed) -> bool:
    """All words outside the phrases are names or particles, and there is no end of a sentence."""
    inside = {n for phrase in parsed.phrases if _may_be_date(parsed, phrase) for n in range(phrase.start, phrase.end)}
    words = [t for n, t in enumerate(parsed.tokens) if n not in inside]
    if len([t for t in words if t.kind == "w"]) > _LONGEST_LINE:
        return False
    for token in words:
        if token.kind == "p" and token.text in '.!?…:;"“”«»' and not _is_abbreviation_dot(parsed, token):
            return False
        shown = parsed.text[token.start : token.end]
        if token.kind == "w" and not token.tight and shown[0].islower() and shown.lower() not in _PARTICLES:
            return False
    return True


def _is_abbreviation_dot(parsed: Parsed, dot: Token) -> bool:
    """St. Gallen, L. Palmer."""
    word = parsed.text[: dot.start].split()[-1:] or [""]
    return dot.text == "." and len(word[0]) <= 3 and word[0][:1].isupper()

"""Dates written with numbers and marks: 12.05.2018, 2018-05-12, 23/sep/2020, 05/2018, 8.5., 2019年1月4日.

What belongs here: which number is the day, the month and the year, and the order of an ambiguous one. What does not:
words between the parts, ranges.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.refine.dates.grammar.tokens import Token
from pipelines.refine.dates.words.pieces import DASHES

EARLIEST, LATEST = 1000, 2200


@dataclass(slots=True)
class Numeric:
    """Parts of an all-number date. `order`: the order that the numbers force; empty when both orders are possible."""

    day: int = 0
    month: int = 0
    year: int = 0
    order: str = ""
    ambiguous: bool = False
    wrong: str = ""
    short: bool = False
    year_first: bool = False


def full_year(token: Token) -> int:
    """The year that a token writes: four digits, or two (70..99 are 19xx); 0 when it is none."""
    if token.digits == 4:
        return token.num if EARLIEST <= token.num <= LATEST else 0
    if token.digits == 2:
        return short_year(token.num)
    return 0


def short_year(number: int) -> int:
    """A year of two digits: 70..99 are 19xx, the others 20xx."""
    return number + (1900 if number >= 70 else 2000)


def numeric_at(
    tokens: list[Token], at: int, order: str, finding: bool = False, dash: bool = False
) -> tuple[Numeric, int] | None:
    """The number date that begins at a token, and the place after it."""
    if tokens[at].digits == 8 and not finding:
        return _compact(tokens[at], at)
    mark = tokens[at + 1]
    if mark.kind == "w" or not _is_part(tokens[at]):
        return None
    if tokens[at].tight and tokens[at - 1].text == mark.text and mark.text == "." and tokens[at - 2].kind == "n":
        return None  # the middle of 06.12.34.56 or 10.10.10.10
    if mark.kind == "n":
        return _blank_triple(tokens, at, order)
    if mark.kind != "p" or not (mark.text in "./" or mark.text in DASHES) or not _is_part(tokens[at + 2]):
        return None
    if _same(tokens[at + 3], mark) and _is_part(tokens[at + 4]) and _spaced_alike(tokens, at):
        if mark.text == "/" and tokens[at + 5].word.month and not tokens[at + 4].word.month:
            return None  # 8/9/10 March are three days
        found = _triple(tokens[at], tokens[at + 2], tokens[at + 4], order)
        if found is not None and not (found.short and _is_more_than_a_year(tokens, at + 4)):
            end = _end_of_triple(tokens, at)
            return (found, end) if end else None
    return _nordic(tokens, at) or _pair(tokens, at, order, finding, dash and not finding)


def _end_of_triple(tokens: list[Token], at: int) -> int:
    """The place after a number date, its last dot included; 0 where more numbers follow: 10.10.10.10, 1.2.3.4."""
    end, mark = at + 5, tokens[at + 1].text
    if tokens[end].text != mark or not tokens[end].tight or mark != ".":
        return end
    return 0 if tokens[end + 1].kind == "n" and tokens[end + 1].tight else end + 1


def _nordic(tokens: list[Token], at: int) -> tuple[Numeric, int] | None:
    """14/3-2026, as Danes and Swedes write it."""
    day, slash, month, dash, year = tokens[at : at + 5]
    if slash.text != "/" or dash.text != "-" or not (slash.tight and month.tight and dash.tight and year.tight):
        return None
    fits = 1 <= day.num <= 31 and 1 <= month.num <= 12 and day.digits <= 2 and month.digits <= 2
    return (Numeric(day.num, month.num, full_year(year)), at + 5) if fits and year.digits == 4 else None


def _is_part(token: Token) -> bool:
    return token.digits in (1, 2, 4) or (token.kind == "w" and token.word.month > 0)


def _compact(token: Token, at: int) -> tuple[Numeric, int] | None:
    """20161018, only where a date is expected: in running text it is any number."""
    year, month, day = token.num // 10000, token.num // 100 % 100, token.num % 100
    fits = 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31
    return (Numeric(day, month, year, year_first=True), at + 1) if fits else None


def month_and_day_at(tokens: list[Token], at: int) -> tuple[Numeric, int] | None:
    """The end of 1989-03-09 - 09-25: after a date that begins with the year, the month comes first."""
    month, mark, day = tokens[at : at + 3]
    if month.digits not in (1, 2) or day.digits not in (1, 2) or mark.text not in "./-" or not mark.tight:
        return None
    if not 1 <= month.num <= 12 or not 1 <= day.num <= 31 or tokens[at + 3].text == ":":
        return None
    return Numeric(day.num, month.num), at + 3 + (mark.text == "." == tokens[at + 3].text)


def _is_more_than_a_year(tokens: list[Token], at: int) -> bool:
    """16.8. 13 Uhr, 19.12. 09:30: two digits that begin a time, not a year."""
    after = tokens[at + 1]
    if tokens[at].tight != tokens[at - 2].tight or "hour" in after.roles:
        return True
    return after.tight and (after.kind == "w" or after.text == ":")


def _same(one: Token, other: Token) -> bool:
    return one.text == other.text or (one.text in DASHES and other.text in DASHES)


def _spaced_alike(tokens: list[Token], at: int) -> bool:
    one, b, two, c = tokens[at + 1 : at + 5]
    if one.text == ".":
        return one.tight and two.tight
    return one.tight == two.tight and b.tight == c.tight and one.tight == b.tight


def _triple(a: Token, b: Token, c: Token, order: str) -> Numeric | None:
    if any(t.word.month for t in (a, b, c)):
        return _named_triple([a, b, c])
    if a.digits == 4:
        return _with_year_first(a, b, c)
    if order == "ymd" and a.digits == 2 and b.digits <= 2 and 1 <= b.num <= 12 and c.digits <= 2 and 1 <= c.num <= 31:
        return Numeric(c.num, b.num, short_year(a.num), short=True)
    if b.digits == 4 or (c.digits != 4 and c.digits != 2):
        return None
    year = full_year(c)
    if not year:
        return Numeric(wrong=f"no plausible year: {c.text}")
    found = _day_month(a.num, b.num, order)
    found.year, found.short = year, c.digits == 2
    return None if found.wrong and c.digits == 2 else found


def _with_year_first(a: Token, b: Token, c: Token) -> Numeric | None:
    year = full_year(a)
    if not year or b.digits > 2 or c.digits > 2:
        return None
    if 1 <= b.num <= 12 and 1 <= c.num <= 31:
        return Numeric(c.num, b.num, year, year_first=True)
    if 1 <= c.num <= 12 and 1 <= b.num <= 31:
        return Numeric(b.num, c.num, year)
    return Numeric(year=year, wrong=f"no such day: {a.text}-{b.text}-{c.text}")


def _named_triple(parts: list[Token]) -> Numeric | None:
    """One part is a month's name, so the others are day and year: that of four digits, else the last, is the year."""
    months = [t for t in parts if t.word.month]
    numbers = [t for t in parts if t.kind == "n"]
    if len(months) != 1 or len(numbers) != 2:
        return None
    day, year = (numbers[1], numbers[0]) if numbers[0].digits == 4 else (numbers[0], numbers[1])
    if day.digits > 2 or not 1 <= day.num <= 31 or not full_year(year):
        return None
    first = numbers[0].digits == 4
    return Numeric(day.num, months[0].word.month, full_year(year), short=year.digits == 2, year_first=first)


def _day_month(first: int, second: int, order: str) -> Numeric:
    """Two numbers as day and month: the order of the language, unless only the other is possible."""
    day_first = 1 <= first <= 31 and 1 <= second <= 12
    month_first = 1 <= second <= 31 and 1 <= first <= 12
    if not day_first and not month_first:
        return Numeric(wrong=f"no such day: {first}/{second}")
    if day_first and month_first:
        day, month = (second, first) if order == "mdy" else (first, second)
        return Numeric(day, month, ambiguous=True)
    return Numeric(first, second, order="dmy") if day_first else Numeric(second, first, order="mdy")


def _month_day(first: int, second: int) -> Numeric:
    """Two numbers where the year stands first: the month, then the day, unless only the other is possible."""
    if 1 <= first <= 12 and 1 <= second <= 31:
        return Numeric(second, first)
    return _day_month(first, second, "")


def _blank_triple(tokens: list[Token], at: int, order: str) -> tuple[Numeric, int] | None:
    """02 04 2009: only with a year of four digits at the end; at the front where the language has it there."""
    a, b, c = tokens[at : at + 3]
    if order == "ymd" and a.digits == 4 and b.digits == c.digits == 2:
        found = _with_year_first(a, b, c)
        return None if found is None or found.wrong else (found, at + 3)
    if c.kind != "n" or c.digits != 4 or a.digits > 2 or b.digits > 2 or not full_year(c) or a.kind != "n":
        return None
    found = _day_month(a.num, b.num, order)
    if found.wrong:
        return None
    found.year = full_year(c)
    return found, at + 3


def _dash_pair(tokens: list[Token], at: int, order: str) -> tuple[Numeric, int] | None:
    """6-4 is 6 April where dates are written so, unless a month or another number makes it a range of days."""
    after = at + 3
    while ("fill" in tokens[after].roles and "unit" not in tokens[after].roles) or tokens[after].text == ".":
        after += 1
    scored = at > 0 and tokens[at - 1].is_unknown
    if tokens[after].word.month or tokens[after].kind == "n" or "unit" in tokens[after].roles or scored:
        return None  # 6-4 April; PSV 3-1; 3-5 years
    first, second = tokens[at].num, tokens[at + 2].num
    found = _month_day(first, second) if order == "ymd" else _day_month(first, second, order)
    turned = found.order == "mdy" and order != "mdy"  # 9-17 are hours
    return None if found.wrong or turned else (found, at + 3)


def _pair(tokens: list[Token], at: int, order: str, finding: bool, dash: bool) -> tuple[Numeric, int] | None:
    a, mark, b = tokens[at : at + 3]
    close = mark.tight and (b.tight or mark.text == ".")
    if mark.text == "/" and mark.tight and (a.word.month or b.word.month):
        close = True
    if not close and not (mark.text == "/" and not mark.tight and not b.tight):
        return None
    if (a.word.month or b.word.month) and mark.text == "/":
        return _named_pair(a, b, at)
    if a.word.month or b.word.month:
        return _named_pair(a, b, at) if close and not (mark.text == "." and not b.tight) else None
    if a.digits == 4 or b.digits == 4:
        return _year_pair(a, b, at)
    if mark.text in DASHES:
        return _dash_pair(tokens, at, order) if dash else None
    return _short_pair(tokens, at, order, finding)


def _named_pair(a: Token, b: Token, at: int) -> tuple[Numeric, int] | None:
    """8/May, nov/2, July-2018."""
    if a.word.month and b.word.month:
        return None
    month, number = (a, b) if a.word.month else (b, a)
    if number.digits == 4:
        return (Numeric(0, month.word.month, full_year(number)), at + 3) if full_year(number) else None
    return (Numeric(number.num, month.word.month), at + 3) if 1 <= number.num <= 31 else None


def _year_pair(a: Token, b: Token, at: int) -> tuple[Numeric, int] | None:
    """2021-07 is a month; 2021-22 and 2011-12 (the next year) are two years, and are left to the ranges."""
    if a.digits == 4 and b.digits == 2 and full_year(a) and 1 <= b.num <= 12 and b.num != (a.num + 1) % 100:
        return Numeric(0, b.num, a.num), at + 3
    if b.digits == 4 and a.digits <= 2 and full_year(b) and 1 <= a.num <= 12:
        return Numeric(0, a.num, b.num), at + 3
    return None


def _short_pair(tokens: list[Token], at: int, order: str, finding: bool) -> tuple[Numeric, int] | None:
    """22/04, and with dots 8.5.; in running text 8.5 without the last dot is a number like any other."""
    a, mark, b = tokens[at : at + 3]
    found = _month_day(a.num, b.num) if order == "ymd" else _day_month(a.num, b.num, order)
    if found.wrong:
        return None
    end = at + 3
    dotted = tokens[end].text == "." and tokens[end].tight
    if finding and mark.text == "." and not dotted and not _begins_a_range(tokens, end):
        return None
    if finding and mark.text == "/" and (a.num, b.num) == (24, 7):
        return None
    if mark.text == "/" and ((tokens[end].text == "/" and tokens[end].tight) or tokens[end].word.month):
        return None  # 8/9 January are two days
    return found, end + (dotted and mark.text == ".")


def is_next_of_a_list(tokens: list[Token], at: int) -> bool:
    """15.05 of "8.05, 15.05, 22.05.2026": a day, though it could be a time."""
    comma, day, dot, month, follows, other, mark = tokens[at - 1 : at + 6] if at else [tokens[-1]] * 7
    dates = dot.text == mark.text == "." and 1 <= day.num <= 31 and 1 <= month.num <= 12
    return comma.text == "," and dates and (follows.text == "," or "and" in follows.roles) and 0 < other.digits <= 2


def _begins_a_range(tokens: list[Token], at: int) -> bool:
    """03.05-05.06.2026: a whole date of the same form follows the dash."""
    if tokens[at].text not in DASHES:
        return False
    day, dot, month, other, year = tokens[at + 1 : at + 6]
    marks = dot.text == other.text == "." and dot.tight and other.tight
    return marks and 0 < day.digits <= 2 and 0 < month.digits <= 2 and year.digits in (2, 4) and year.tight

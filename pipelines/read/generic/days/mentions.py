"""Dates on a page: each mention of a day, with the words that it is made of and what they are the date of.

What belongs here: finding days in blocks, badges that are split over blocks, `<time datetime>`, and the role of a day
(of the thing itself, of its publication, of an update, a deadline). What does not: which entry it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from pipelines.read.generic.days.extents import extent
from pipelines.read.generic.days.months import YEAR, month_in, months_in
from pipelines.read.generic.layout.blocks import Block, is_strong, look_words
from pipelines.read.html.lines import squeeze
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold
from pipelines.refine.dates import DateReading, DateSpan, find_dates, read_date

ROLES = ("updated", "published", "created", "deadline")
_PART = 14  # characters of a part of a badge: "Wednesday", "September"
_LABEL = 30  # characters of a label in a line of its own
_BADGE = 40  # characters of a whole badge
_PROSE = 90  # characters of a line that tells something around its date
_LONGEST = 6_000  # characters of a block that are looked at
_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th|\.|º|ª)?|\d{4}")


def _clock() -> re.Pattern[str]:
    """A time of day: 21:00 and 21h00 anywhere, 21.00 and 21 with a word that says so."""
    words = load_yaml("layouts.yaml")
    leads = "|".join(re.escape(str(word)) for word in sorted(words["clock_leads"], key=len, reverse=True))
    ends = "|".join(re.escape(str(word)) for word in sorted(words["clock_ends"], key=len, reverse=True))
    return re.compile(
        rf"(?:(?<!\w)(?:{leads}) )?(?<![\d:.,])\d{{1,2}}"
        rf"(?::\d{{2}}(?!\d)|h[0-5]\d(?!\d)|[:.h]\d{{2}} ?(?:{ends})(?!\w)| ?(?:{ends})(?!\w))"
        rf"|(?<!\w)(?:{leads}) \d{{1,2}}[.h]\d{{2}}(?![\d.])",
        re.IGNORECASE,
    )


CLOCK = _clock()
# "March 2026 (17)", "March 2026 3": the archive of a month and how much is in it.
_COUNTED = re.compile(r"[^\W\d]\W{0,3}(?:19|20)\d{2}\W{1,3}\d{1,3}\W?$")
# "Porto, 12 March 2026 – The city ...": a news item that begins with its place and day.
_DATELINE = re.compile(r"\W*(?:[^\W\d_]++[ .-]?+){1,5}+,\s*\(?")
# Numbers behind a day that are further days of its month; "19:30" and "4.5" are none.
_MORE_DAYS = re.compile(r"(?:\s*(?:,|&|and|und|et|y|e|og|och|ja|i|a)\s*\d{1,2}(?![\d:]|\.\d))+")
_LETTER = re.compile(r"[^\W\d_]\.?,? (?=\d{1,2}[./]\d{1,2}[./]\d{4}(?!\d))")
_AROUND = 30  # characters around a date in an element of its own
_MOST_DAYS = 60  # of a block that are looked at
_DAY_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_TITLED = ("span", "time", "abbr", "small", "div", "p", "td")
_TITLE = re.compile(r"(?=.{6,40}$).*(?<!\d)(?:19|20)\d{2}(?!\d).*")  # of an element that says a day in full
_BESIDE = 8  # letters beside a date that say nothing of their own: "on", "kl.", "Date:"
_SCHEDULE, _DENSE = 4, 0.3  # so many days that make up so much of a paragraph are a schedule
_LEAD = 40  # characters before a date that may say what it is of


@dataclass(slots=True)
class Mention:
    """A day (or a range of days) that a page names.

    `first` and `last` are the blocks that hold it, `start` and `end` its place in the first one; `days` is the reading
    with the capture as today, so that two mentions may be compared; `has_year` tells whether the words say the year.
    `role` is plain, published, created, deadline, updated or prose. `node` is the element of the block that holds it;
    `is_pure` tells that it is all that its line or its inline element says, but for a time of day.
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    reading: DateReading
    role: str
    node: Any
    is_pure: bool = False
    in_table: bool = False
    context: list[str] = field(default_factory=list)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """First and last day."""
        return self.reading.start_date, self.reading.end_date

    @property
    def has_year(self) -> bool:
        """Whether the words name the year."""
        return not self.reading.date_inferred


def find_mentions(blocks: Sequence[Block], languages: tuple[str, ...], captured: date | None) -> list[Mention]:
    """All mentions of a day, in the order of the page."""
    today = captured or date(2000, 1, 1)  # any day: two mentions of one day must only read alike
    found: list[Mention] = []
    at = 0
    while at < len(blocks):
        badge = _badge(blocks, at, languages, today)
        if badge:
            found.append(badge)
            at = badge.last + 1
            continue
        label = _label(blocks[at - 1], blocks[at]) if at else ""
        found.extend(_mentions_in(blocks[at], label, languages, today))
        at += 1
    return found


def _label(before: Block, block: Block) -> str:
    """The line before a block when it may be its label; in a table only the cell to the left can."""
    if len(before.text) > _LABEL or any(char.isdigit() for char in before.text):
        return ""
    if before.cell is None and block.cell is None:
        return before.text
    is_left = before.cell is not None and block.cell is not None and block.cell.column - before.cell.column in (0, 1)
    return before.text if is_left else ""


def _mentions_in(block: Block, label: str, languages: tuple[str, ...], today: date) -> Iterator[Mention]:
    """The days that one block names; without any, the day of its `<time>`."""
    text = block.text[:_LONGEST]
    spans = [_mended(span, text) for span in _find(text, languages)] if len(text) > 3 else []
    found = [(span, read_date(span.text, languages, today)) for span in spans if not _COUNTED.search(span.text)]
    days = [(span, reading) for span, reading in found if is_day(reading)][:_MOST_DAYS]
    inline = [
        squeeze("".join(p.element.itertext())) for p in block.pieces[:_MOST_DAYS] if p.element is not block.element
    ]
    is_schedule = len(days) >= _SCHEDULE and sum(len(span.text) for span, _ in days) >= _DENSE * len(text)
    for span, reading in days:
        mention = _mention(block, span, reading, label, inline)
        if is_schedule and mention.role == "prose":
            mention.role = "plain"
        yield from _each_day(mention, languages, today)
        if is_schedule:
            yield from _more_days(block, mention, languages, today)
    if not days:
        yield from _stamped(block, languages)


def _find(text: str, languages: tuple[str, ...]) -> list[DateSpan]:
    """The dates of a line; the letter of a weekday before a date in numbers is none of a page or a room ("P 29")."""
    letter = _LETTER.match(text)
    skipped = letter.end() if letter else 0
    found = find_dates(text[skipped:], languages)
    return [replace(span, start=span.start + skipped, end=span.end + skipped) for span in found] if skipped else found


def _mended(span: DateSpan, text: str) -> DateSpan:
    """A date with the words that are its own."""
    start, end = extent(text, span.start, span.end, span.reading.date_role == "deadline")
    return span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end, text=text[start:end])


def _mention(block: Block, span: DateSpan, reading: DateReading, label: str, inline: Sequence[str]) -> Mention:
    """A day of a block; `inline` are the texts of its inline elements, `label` is the line before it."""
    role = "deadline" if reading.date_role == "deadline" else role_of(block, span.start, span.end, label)
    pure = role == "published" or _is_pure(block, span, inline)
    at, element = block.index, block.element
    return Mention(at, at, span.start, span.end, span.text, reading, role, element, pure, block.cell is not None)


def _each_day(mention: Mention, languages: tuple[str, ...], today: date) -> Iterator[Mention]:
    """A mention for each day of a list ("January 8, 22", "12 and 26 March and 2 April") whose words name the months;
    other mentions as they are."""
    days = mention.reading.days or ()
    in_a_row = bool(days) and (days[-1] - days[0]).days == len(days) - 1  # "2 and 3 May": one thing of two days
    months = months_in(mention.text, languages) if len(days) > 1 and not in_a_row else {}
    numbers = [found for found in _DAY_NUMBER.finditer(mention.text) if int(found[0]) in {day.day for day in days}]
    if not months or [int(found[0]) for found in numbers] != [day.day for day in days]:
        yield mention
        return
    for number, day in zip(numbers, days, strict=True):
        one = read_date(day.isoformat())._replace(date_inferred=True)  # a part stands in the words beside it
        at, month = mention.start + number.start(), months.get(day.month, "")
        year = "" if mention.reading.date_inferred else str(day.year)
        context = [f"{month} {year}".strip()]
        yield replace(mention, start=at, end=at + len(number[0]), text=number[0], reading=one, context=context)


def _more_days(block: Block, mention: Mention, languages: tuple[str, ...], today: date) -> Iterator[Mention]:
    """The days that follow in a schedule without their month: "January 8, 22; February 5, 19"."""
    month = month_in(mention.text, languages)
    first = mention.reading.start_date
    more = _MORE_DAYS.match(block.text, mention.end)
    if month is None or first is None or more is None or mention.has_year:
        return
    last = first
    for number in _DAY_NUMBER.finditer(block.text, more.start(), more.end()):
        reading = read_date(f"{month} {number[0]}", languages, today, str(first.year))
        day = reading.start_date
        if day is None or day <= last or day.month != first.month:
            return
        last = day
        yield replace(mention, start=number.start(), end=number.end(), text=number[0], reading=reading, context=[month])


def _is_pure(block: Block, span: DateSpan, inline: Sequence[str]) -> bool:
    """Whether the day is all that its line, or the inline element around it, says."""
    if _letters(block.text[: span.start] + " " + block.text[span.end :]) <= _BESIDE:
        return True
    text = span.text
    near = (one for one in inline if len(one) <= len(text) + _AROUND and text in one)
    return any(_letters(one.replace(text, " ")) <= _BESIDE for one in near)


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in CLOCK.sub(" ", text))


def _stamped(block: Block, languages: tuple[str, ...]) -> Iterator[Mention]:
    """The day of `<time datetime="2026-03-12">`, or of a title ("9 March 2026" for "yesterday"), where the words shown
    name none."""
    for piece in block.pieces:
        stamp = _stamp(piece.element)
        reading = read_date(stamp, languages) if stamp else None
        if reading and is_day(reading) and not reading.date_inferred:
            role = role_of(block, 0, len(block.text))
            yield Mention(block.index, block.index, 0, 0, stamp, reading, role, block.element, is_pure=True)
            return


def _stamp(element: Any) -> str:
    for one in (element, element.getparent()):
        if one is not None and one.tag == "time" and one.get("datetime"):
            return str(one.get("datetime"))[:_BADGE]
    title = element.get("title") or ""
    return str(title) if element.tag in _TITLED and _TITLE.fullmatch(title) else ""


def is_day(reading: DateReading) -> bool:
    """Whether a reading names a day, not only a month or a year."""
    return reading.start_date is not None and reading.date_precision in ("day", "time")


def _badge(blocks: Sequence[Block], at: int, languages: tuple[str, ...], today: date) -> Mention | None:
    """A day that is split over blocks: `12` `MAR` `2026`; the longest that reads as one day."""
    texts: list[str] = []
    best: Mention | None = None
    numbers = 0
    for block in blocks[at : at + 4]:
        if len(block.text) > _PART:
            break
        if block.cell is not None and block.cell is not blocks[at].cell:
            break
        if block.level != blocks[at].level or (best and YEAR.fullmatch(block.text) and is_strong(block)):
            break  # the heading of what follows
        texts.append(block.text)
        numbers += bool(_NUMBER.fullmatch(block.text))
        joined = " ".join(texts)
        if len(joined) > _BADGE:
            break
        if len(texts) < 2 or not numbers or numbers == len(texts):
            continue
        spans = find_dates(joined, languages)
        if len(spans) != 1 or len(spans[0].text) < len(joined) - 2 or _COUNTED.search(joined):
            continue
        reading = read_date(spans[0].text, languages, today)
        if is_day(reading) and _adds(best, reading):
            node = common_element(blocks[at].element, block.element)
            best = Mention(at, block.index, 0, len(blocks[at].text), joined, reading, "plain", node, is_pure=True)
    return best


def _adds(best: Mention | None, reading: DateReading) -> bool:
    """Whether one more block makes the date fuller, rather than another one."""
    if best is None:
        return True
    if not best.has_year and not reading.date_inferred:
        return True
    return reading.start_time is not None and reading.start_date == best.reading.start_date


def common_element(one: Any, other: Any) -> Any:
    """The innermost element around two."""
    around = set()
    while one is not None:
        around.add(one)
        one = one.getparent()
    while other not in around:
        other = other.getparent()
    return other


def role_of(block: Block, start: int, end: int, label: str = "") -> str:
    """What the day is of, by the words before it, its column, the look of its element, and how much stands around."""
    text = block.text
    named = f" {fold(text[max(0, start - _LEAD) : end])} | {fold(block.header)} | {fold(label)} "
    for role in ROLES:
        if role_words(role).search(named):
            return role
    look = look_words(block.element)
    for piece in block.pieces:
        look |= look_words(piece.element) if _is_shared(text[start:end], piece.text.strip()) else set()
    for role in ROLES:
        if not look.isdisjoint(_role_looks(role)):
            return role
    if _DATELINE.fullmatch(text[:start]) and text[end : end + 3].lstrip(" )")[:1] in tuple("–—-"):
        return "published"
    around = len(text) - (end - start)
    return "prose" if around > _PROSE and not block.level and start > 0 else "plain"


def _is_shared(day: str, piece: str) -> bool:
    """Whether a piece of a line holds a day or a part of it: beside it a line may say when the entry was changed."""
    return bool(piece) and (day in piece or piece in day)


@cache
def role_words(role: str) -> re.Pattern[str]:
    """The folded words, between blanks, that say that a day is of some role."""
    words = {fold(str(word)) for word in load_yaml("layouts.yaml")["date_roles"][role]}
    return re.compile(rf"(?<= )(?:{'|'.join(map(re.escape, sorted(words)))})(?= )")


@cache
def _role_looks(role: str) -> frozenset[str]:
    return frozenset(load_yaml("layouts.yaml")["date_looks"][role])

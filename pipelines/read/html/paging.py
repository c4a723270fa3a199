"""Addresses of lists that go over several pages: page numbers, offsets, months; and the step from one to another.

What belongs here: what an address says of its page. What does not: what a link says (`next_links`), canonical addresses
(`addresses`): this is a look that takes 10 us, for those links only that may lead on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from urllib.parse import unquote, urlsplit

from pipelines.reference import load_yaml
from pipelines.reference.folding import fold_word

Day = tuple[int, int, int]
"""Year, month, and day; 0 when the address names a month."""

_MOST_BARE = 100  # a bare number above it is an id, or a year
_MOST_DOUBTFUL = 100
_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:[-/_.](?P<m>0?[1-9]|1[0-2])(?:[-/_.](?P<d>0?[1-9]|[12]\d|3[01]))?"
    r"|(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])?)(?!\d)"
)
_REVERSED = re.compile(r"(?<!\d)(?:(?P<d>0?[1-9]|[12]\d|3[01])[-/.])?(?P<m>0?[1-9]|1[0-2])[-/.](?P<y>20\d\d)(?!\d)")
_BARE = re.compile(r"[/,_-]0*(?P<n>\d{1,3})(?P<end>(?:\.[a-z]{2,5})?/?)$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.[a-z]{2,5}$", re.IGNORECASE)
_EPOCH = re.compile(r"1\d{9}")
_DIGIT, _VALUE, _YEAR = re.compile(r"\d"), re.compile(r"[?&;][^=&]*=(?:\(|%28|\d)"), re.compile(r"(?:19|20)\d\d")
_WORDS = re.compile(r"[^\W\d_]+")
_NAMED_VALUE = re.compile(r"\((?P<name>[^()=]{1,40})=(?P<value>[^()=]{1,40})\)")
_MILLISECONDS = re.compile(r"1\d{12}")
_LATEST_MOMENT = 2 * 10**12


@dataclass(frozen=True, slots=True)
class Spot:
    """What an address says of its place in a list.

    stem: the path without page and date. page: number or offset, None on the first page. bare: the page is a number
    without a word. day: the month or day that is shown. rest: the other query fields.
    """

    host: str
    stem: str
    page: int | None
    bare: bool
    day: Day | None
    rest: frozenset[str]


def read_spot(url: str) -> Spot | None:
    """The place in a list of an absolute address; None when it is none of http or https."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    path, _, matrix = parts.path.partition(";")
    fields = [field for field in re.split("[&;]", f"{parts.query}&{matrix}") if field]
    page, day, rest = _query(fields)
    stem, in_path, bare = _word_page(unquote(path))
    stem, shown = _dated(stem)
    if page is None and in_path is None and shown is None:
        stem, in_path = _bare_page(stem)
        bare = in_path is not None
    stem = _INDEX.sub("", stem).rstrip("/").lower()
    return Spot(host, stem, page if page is not None else in_path, bare, day or shown, frozenset(rest))


def step(here: Spot, there: Spot) -> str | None:
    """How one address follows another: page (the same list, a later page), near (a later page, but another path),
    day (the same list, later in time), same (the same path with other parameters), None (not at all)."""
    if here.host != there.host or _is_never(there, here):
        return None
    exact = here.stem == there.stem
    if there.page is not None and there.page != here.page:
        later = there.page > (here.page or 0)
        return ("page" if exact else None if there.bare else "near") if later else None
    if there.day is not None and there.day != here.day:
        below = there.stem.startswith(here.stem) or here.stem.startswith(there.stem)
        return "day" if below and (here.day is None or there.day > here.day) else None
    return "same" if exact and there.rest - here.rest and here.page is None and here.day is None else None


def is_month_after(there: Day, here: Day) -> bool:
    """Whether a day lies in the month of another one or in the month after it."""
    return 0 <= (there[0] - here[0]) * 12 + there[1] - here[1] <= 1


def is_bounded(there: Day, here: Day | None, captured: date | None, months: int) -> bool:
    """Whether a calendar's next month may be followed, since calendars never end: up to so many months after the
    capture; without a moment of capture one step, from the page that names no month."""
    if captured is None:
        return here is None
    ahead = (there[0] - captured.year) * 12 + there[1] - captured.month
    return 0 <= ahead <= months


def may_be_page(lowered: str) -> bool:
    """A cheap look: whether an address in lower case may be a page of a list, or a month."""
    lowered = lowered[-_END:]
    if not _DIGIT.search(lowered):
        return False
    if ("=" in lowered and _VALUE.search(lowered)) or _YEAR.search(lowered):
        return True
    path = lowered.partition("?")[0]
    tail = path.rstrip("/").rpartition("/")[2]
    return _BARE.search(f"/{tail}") is not None or _word_pattern().search(path) is not None


_END = 400  # characters of an address, where pages are counted


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(str(word) for word in load_yaml("links.yaml")[name])


@cache
def _word_pattern() -> re.Pattern[str]:
    segments = "|".join(map(re.escape, sorted(_listed("page_segments"), key=len, reverse=True)))
    return re.compile(rf"[/._-](?:{segments})[-_/=.]?0*(?P<n>\d{{1,5}})(?=[/.]|$)", re.IGNORECASE)


def _word_page(path: str) -> tuple[str, int | None, bool]:
    """`/page/2/`, `/seite-2`: the path without it, and the number."""
    *_, found = [None, *_word_pattern().finditer(path)]
    return (path[: found.start()] + path[found.end() :], int(found["n"]), False) if found else (path, None, False)


def _bare_page(path: str) -> tuple[str, int | None]:
    """`/news/2`, `news,2.html`: the same for a small number at the end."""
    found = _BARE.search(path)
    if not found or not 0 < int(found["n"]) <= _MOST_BARE:
        return path, None
    return path[: found.start()] + found["end"].rstrip("/"), int(found["n"])


def _dated(path: str) -> tuple[str, Day | None]:
    found = _DATE.search(path)
    if not found or not (found["m"] or found["m2"]):
        return path, None
    return path[: found.start()] + path[found.end() :], _day(found)


def _day(found: re.Match[str]) -> Day:
    had = found.groupdict()
    return int(had["y"]), int(had["m"] or had.get("m2") or 0), int(had["d"] or had.get("d2") or 0)


def _query(fields: list[str]) -> tuple[int | None, Day | None, list[str]]:
    """Page, day and the other fields of a query."""
    page, day, rest, parts = None, None, [], {}
    for field in fields[:40]:
        name, _, value = field.partition("=")
        name, value = unquote(name).lower(), unquote(value)
        if within := _NAMED_VALUE.fullmatch(value):  # `list=(pageindex=2)`, as OpenCities has it
            name, value = within["name"].lower(), within["value"]
        words = frozenset(map(fold_word, _WORDS.findall(name))) | {name}
        if found := _date_value(value):
            day = found
        elif _MILLISECONDS.fullmatch(value) and words & _listed("page_parameters"):
            page = _LATEST_MOMENT - int(value)  # Squarespace: what is older than a moment
        elif _is_page(name, words, value):
            page = int(value)
        elif value.isdecimal() and (unit := _unit(words)):
            parts[unit] = int(value)
        else:
            rest.append(f"{name}={value}")
    if day is None and 1 <= parts.get("month", 0) <= 12:
        day = (parts.get("year", 0), parts["month"], parts.get("day", 0))
    return page, day, rest


def _is_page(name: str, words: frozenset[str], value: str) -> bool:
    if not value.isascii() or not value.isdecimal() or len(value) > 6 or not words & _listed("page_parameters"):
        return False
    return name not in _listed("doubtful_parameters") or int(value) <= _MOST_DOUBTFUL


def _unit(words: frozenset[str]) -> str | None:
    return next((unit for unit in ("year", "month", "day") if words & _listed(f"{unit}_parameters")), None)


def _date_value(value: str) -> Day | None:
    """A parameter that holds a month or a day: ISO, the other way round, or seconds since 1970."""
    if _EPOCH.fullmatch(value):
        moment = datetime.fromtimestamp(int(value), UTC)
        return moment.year, moment.month, moment.day
    found = _DATE.match(value) or _REVERSED.fullmatch(value)
    return _day(found) if found and (found["m"] or found.groupdict().get("m2")) else None


@cache
def _never(name: str) -> frozenset[str]:
    return frozenset(str(word) for word in load_yaml("links.yaml")["never"][name])


def _is_never(there: Spot, here: Spot) -> bool:
    """Whether an address is a trap: it adds an order, an action or a sign-in to the list."""
    added = {field.partition("=")[0] for field in there.rest - here.rest}
    return bool(added & _never("parameters")) or not _never("segments").isdisjoint(there.stem.split("/"))

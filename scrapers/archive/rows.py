"""The index of an archive as it answers: captures, each with its moment, its digest and its place.

    Wayback        one JSON array of arrays, names first; `[]` and `[key]` at the end when there is more
    Common Crawl   a JSON object a line, with file, offset and length of the record

What belongs here: reading an answer. What does not: asking (`asking`), choosing (`choosing`).

An answer is data from elsewhere: a row that is not what it should be is counted and left out, and nothing in it is
believed before the record itself was seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pipelines.read.addresses import clean_address

ERROR_PAGE, DAMAGED = "archive error page", "damaged index"
_STAMP = re.compile(r"[0-9]{14}")
_FILE = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9][A-Za-z0-9._=+/-]{0,400}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_MOST_LENGTH = 200_000_000
_DIGEST = re.compile(r"[A-Z2-7]{32}")


class IndexFaultError(Exception):
    """An answer that is no index; `reason` is its class in the run record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One capture as an index lists it.

    stamp: its moment, 14 digits, UTC. digest: SHA-1 of its payload in base 32, empty when it is not stated. file,
    offset, length: where Common Crawl has the record.
    """

    service: str
    url: str
    stamp: str
    digest: str = ""
    file: str = ""
    offset: int = 0
    length: int = 0

    @property
    def moment(self) -> datetime:
        """The moment of the capture."""
        return datetime.strptime(self.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


@dataclass(slots=True)
class Answer:
    """What one answer lists. following: the key of the next one, None at the end. bad: rows that say nothing."""

    rows: list[Row] = field(default_factory=list)
    following: str | None = None
    bad: int = 0


def wayback_answer(body: bytes) -> Answer:
    """An answer of Wayback; IndexFaultError when it is none."""
    table = _json(body) if body.strip() else []
    if not isinstance(table, list) or not all(isinstance(line, list) for line in table):
        raise IndexFaultError(DAMAGED)
    following = None
    if len(table) >= 2 and not table[-2] and len(table[-1]) == 1 and isinstance(table[-1][0], str):
        following, table = table[-1][0], table[:-2]
    names, lines = (table[0], table[1:]) if table else ([], [])
    if table and not {"timestamp", "original"} <= {str(name) for name in names}:
        raise IndexFaultError(DAMAGED)
    told = (dict(zip(map(str, names), line, strict=False)) for line in lines if line)
    return _answer((_wayback_row(row) for row in told), following)


def commoncrawl_answer(body: bytes) -> Answer:
    """An answer of the index of Common Crawl; IndexFaultError when it is none."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    found = [_json(line) for line in lines]
    if not all(isinstance(row, dict) for row in found):
        raise IndexFaultError(DAMAGED)
    return _answer((_commoncrawl_row(row) for row in found if "message" not in row), None)


def page_count(body: bytes) -> int:
    """How many pages an index of Common Crawl has for a query; IndexFaultError when it does not say."""
    told = _json(body)
    count = told.get("pages") if isinstance(told, dict) else None
    if not isinstance(count, int) or isinstance(count, bool):
        raise IndexFaultError(DAMAGED)
    return max(0, min(count, 1000))


def crawls_between(body: bytes, first: int, last: int) -> list[str]:
    """Crawls of Common Crawl (`collinfo.json`) that may hold captures of these years, the oldest first."""
    told = _json(body)
    if not isinstance(told, list):
        raise IndexFaultError(DAMAGED)
    names = [str(crawl.get("id", "")) for crawl in told if isinstance(crawl, dict)]
    # The year is that of the crawl; the oldest crawls name two, and one may have begun in the December before.
    years = {name: [int(year) for year in re.findall(r"(?<![0-9])(20[0-9]{2})(?![0-9])", name)] for name in names}
    good = [n for n in names if re.fullmatch("[A-Za-z0-9][A-Za-z0-9-]*", n) and years[n]]
    return sorted(n for n in good if min(years[n]) - 1 <= last and first <= max(years[n]))


def says_none(body: bytes) -> bool:
    """Whether an answer 404 of Common Crawl is its way to say that the crawl has no such capture."""
    return body.lstrip()[:1] == b"{" and b"no captures found" in body[:1000].lower()


def _json(body: bytes) -> Any:
    if body.lstrip()[:1] not in (b"[", b"{"):
        raise IndexFaultError(ERROR_PAGE)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise IndexFaultError(DAMAGED) from None


def _answer(rows: Iterable[Row | None], following: str | None) -> Answer:
    answer = Answer(following=following)
    for row in rows:
        if row is None:
            answer.bad += 1
        else:
            answer.rows.append(row)
    return answer


def _wayback_row(told: Mapping[str, Any]) -> Row | None:
    is_page = str(told.get("statuscode", "200")) == "200"  # else an index that does not filter, or a revisit
    return _row("wayback", told.get("original"), told) if is_page else None


def _commoncrawl_row(told: Mapping[str, Any]) -> Row | None:
    file, offset, length = str(told.get("filename", "")), str(told.get("offset", "")), str(told.get("length", ""))
    is_placed = _FILE.fullmatch(file) and _NUMBER.fullmatch(offset) and _NUMBER.fullmatch(length)
    if not is_placed or not 0 < int(length) <= _MOST_LENGTH:
        return None
    return _row("commoncrawl", told.get("url"), told, file, int(offset), int(length))


def _row(
    service: str, url: Any, told: Mapping[str, Any], file: str = "", offset: int = 0, length: int = 0
) -> Row | None:
    stamp, digest = str(told.get("timestamp", "")), str(told.get("digest", "")).upper().removeprefix("SHA1:")
    if not isinstance(url, str) or clean_address(url) is None or not _STAMP.fullmatch(stamp):
        return None
    row = Row(service, url, stamp, digest if _DIGEST.fullmatch(digest) else "", file, offset, length)
    try:
        return row if row.moment else None
    except ValueError:  # the 31st of February
        return None

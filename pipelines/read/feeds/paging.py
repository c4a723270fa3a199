"""The next page of an API, from its address and what came back.

What belongs here: the address of the following page, by the rule of a field map. What does not: fetching, and when a
crawl ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from pipelines.read.feeds.field_maps import Paging
from pipelines.read.feeds.paths import find
from pipelines.read.feeds.strings import absolute

_LAST = 10_000_000
_SAFE = "$,:/()'*!~"


def next_page(value: Any, url: str, paging: Paging, count: int, per_page: int | None) -> str | None:
    """The address of the next page; None when there is none, or this page (of `count` entries) was not full.

    `per_page` is the size of a full page as the source says it.
    """
    if paging.path is not None:
        stated = next((one for one in find(value, paging.path) if isinstance(one, str)), None)
        found = absolute(stated, url) if stated else None
        return found if found != url else None
    return _counted(value, url, paging, count, per_page) if paging.param and count else None


def _counted(value: Any, url: str, paging: Paging, count: int, per_page: int | None) -> str | None:
    assert paging.param is not None
    query = dict(_query(url))
    size = per_page or _number(query.get(paging.size_param or "")) or paging.size
    at = _number(query.get(paging.param))
    at = paging.first if at is None else at
    total = next((one for one in find(value, paging.total) if isinstance(one, int)), None) if paging.total else None
    following = at + 1 if paging.by == "page" else at + count
    if total is not None and paging.by == "offset":
        more = following - paging.first < total
    else:
        more = size is None or count >= size
    if not more or following > _LAST or (paging.most is not None and following >= paging.most):
        return None
    return _with(url, {paging.param: str(following)})


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return []


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) < 9 else None


def _with(url: str, changed: Mapping[str, str]) -> str | None:
    """An address with parameters set; the others stay as they are, in their order."""
    try:
        parts = urlsplit(urljoin(url, ""))
    except ValueError:
        return None
    kept = [pair for pair in parts.query.split("&") if pair and _named(pair) not in changed]
    added = [f"{quote(name, safe=_SAFE)}={quote(value, safe=_SAFE)}" for name, value in changed.items()]
    return urlunsplit(parts._replace(query="&".join([*kept, *added]), fragment=""))


def _named(pair: str) -> str:
    return next((name for name, _ in parse_qsl(pair, keep_blank_values=True)), "")

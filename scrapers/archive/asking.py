"""The addresses of queries to an index and of the records themselves.

What belongs here: addresses and headers of requests. What does not: the requests, what answers say (`rows`,
`originals`).
"""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode

from scrapers.archive.prefixes import Asked
from scrapers.archive.rows import Row
from scrapers.archive.settings import Archive

_UNESCAPED = ":/?=&;,@!$'()*+~%"


def wayback_query(archive: Archive, asked: Asked, key: str | None = None) -> str:
    """A query to the index of Wayback; `key`: where an earlier answer ended."""
    told = {
        "url": asked.address,
        "matchType": "prefix" if asked.is_prefix else "exact",
        "output": "json",
        "fl": "timestamp,original,statuscode,mimetype,digest",
        "filter": "statuscode:200",
        "limit": str(archive.page_size),
        "showResumeKey": "true",
        **_days(archive),
        **({"collapse": "digest"} if archive.collapse else {}),
        **({"resumeKey": key} if key else {}),
    }
    return f"{archive.wayback}/cdx/search/cdx?{urlencode(told)}"


def crawl_list(archive: Archive) -> str:
    """Where Common Crawl lists its crawls."""
    return f"{archive.commoncrawl_index}/collinfo.json"


def commoncrawl_query(archive: Archive, crawl: str, asked: Asked, page: int | None) -> str:
    """A query to the index of one crawl; without a page the question how many there are."""
    told = {
        "url": asked.address,
        "matchType": "prefix" if asked.is_prefix else "exact",
        "output": "json",
        **_days(archive),
        **({"filter": "=status:200", "page": str(page)} if page is not None else {"showNumPages": "true"}),
    }
    return f"{archive.commoncrawl_index}/{crawl}-index?{urlencode(told)}"


def record_address(archive: Archive, row: Row) -> str:
    """Where the record of a row is: as Wayback replays it unchanged (`id_`), or the file of Common Crawl."""
    if row.service == "commoncrawl":
        return f"{archive.commoncrawl_data}/{row.file}"
    return f"{archive.wayback}/web/{row.stamp}id_/{quote(row.url, safe=_UNESCAPED)}"


def byte_range(row: Row) -> str:
    """The bytes of a record in its file, as the header Range says it."""
    return f"bytes={row.offset}-{row.offset + row.length - 1}"


def _days(archive: Archive) -> dict[str, str]:
    return {"from": _day(archive.begin, "000000"), **({"to": _day(archive.end, "235959")} if archive.end else {})}


def _day(day: date, time: str) -> str:
    return f"{day:%Y%m%d}{time}"

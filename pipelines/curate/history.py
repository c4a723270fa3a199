"""What entries said over time, and the links they give.

What belongs here: versions (what changed, from when to when) and links of an entry. What does not: its values now
(`merge`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]

_TRACKED = ("title", "date_raw", "start_date", "end_date", "status")
_WEB = re.compile(r"https?://[^/\s]")
_ROLES = ("registration", "document", "related")


def versions(
    entry_id: str, rows: Sequence[Row], seen: Mapping[str, Sequence[datetime]], title: str | None
) -> list[Row]:
    """Rows of `entry_versions`: what one stream of captures said, collapsed to its changes.

    A list, the item's own page and another language say different things at the same time, which is no change. So one
    stream is followed: the source, language, kind of page and item key of the newest row that bears the entry's title.
    `seen` gives the moments of all sightings of a raw entry.
    """
    newest_first = sorted(rows, key=lambda r: (r["captured_at"], r["raw_entry_id"]), reverse=True)
    leader = next((row for row in newest_first if row["title"] == title), newest_first[0])
    stream = [row for row in rows if _stream(row) == _stream(leader)]
    found: list[dict[str, Any]] = []
    for moment, row in _moments(stream, seen):
        said = {name: row[name] for name in _TRACKED}
        if found and (moment == found[-1]["valid_from"] or said == {name: found[-1][name] for name in _TRACKED}):
            continue
        if found:
            found[-1]["valid_to"] = moment
        found.append({"entry_id": entry_id, "version": len(found) + 1, "valid_from": moment, "valid_to": None,
                      "raw_entry_id": row["raw_entry_id"], **said})  # fmt: skip
    return list(found)


def _moments(stream: Sequence[Row], seen: Mapping[str, Sequence[datetime]]) -> list[tuple[datetime, Row]]:
    moments = [(moment, row) for row in stream for moment in seen.get(row["raw_entry_id"]) or [row["captured_at"]]]
    return sorted(moments, key=lambda m: (m[0], m[1]["raw_entry_id"]))


def _stream(row: Row) -> tuple[Any, ...]:
    return (row["source"], row["language"], row["own_page"], row["item_key"])


def links(entry_id: str, rows: Iterable[Row]) -> list[Row]:
    """Rows of `entry_links`: each address once, with the most telling role and the newest label."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda r: (r["captured_at"], r["raw_entry_id"]), reverse=True):
        for link in _web_links(row["links"]):
            known = found.setdefault(
                link["url"], {"entry_id": entry_id, "url": link["url"], "label": None, "role": "related"}
            )
            known["label"] = known["label"] or link.get("label") or None
            known["role"] = min(known["role"], link.get("role") or "related", key=_rank)
    return [found[url] for url in sorted(found)]


def _web_links(cell: str | None) -> list[dict[str, Any]]:
    """The links of a cell that a browser can follow; a reader may pass on what a page gets wrong."""
    return [link for link in json.loads(cell or "[]") if _WEB.match(str(link.get("url")))]


def _rank(role: str) -> int:
    return _ROLES.index(role) if role in _ROLES else len(_ROLES)

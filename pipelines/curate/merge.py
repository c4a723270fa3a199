"""The values of an entry, out of the rows that show it.

What belongs here: which row gives which values. What does not: which rows are one entry (`clusters`), its id, history.

Values come in groups, each group whole from one row, so that no entry mixes one page's day with another page's city:

- text (title, subtitle, summary, language, topics, relevance, address): English if any row is, else the language of
  the earliest row; then with a teaser, then the newest capture.
- date: a row of the entry's kind; stated before inferred; a list before the item's own page, where dates of publication
  and of the event stand side by side; the newest. Among rows whose days overlap with that, the most precise.
- place: the one that knows most (city, country, online), lists before own pages, a venue, the newest.
- sections: label by label, own pages first, in the language of the text when any row in it has sections.
- kind: what a list says before what the item's own page says; call, event, practice, resource before news.
- status: what each source said last, in its lists and on the item's own page; cancelled before postponed before
  scheduled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]

TEXT = ("title", "subtitle", "summary", "language", "language_confidence", "topics", "relevance")
DATE = (
    "date_raw", "start_date", "end_date", "start_time", "end_time", "timezone", "timezone_raw", "start_at",
    "date_precision", "date_inferred", "date_reason", "is_ongoing",
)  # fmt: skip
PLACE = ("place_raw", "venue", "cities", "city_ids", "countries", "is_online")

_KINDS = ("call", "event", "practice", "resource", "news")
_ROLES = {"call": "deadline", "event": "event", "practice": "period", "resource": "published", "news": "published"}
_PRECISIONS = ("year", "month", "day", "time")
_STATUSES = ("cancelled", "postponed", "scheduled")


def merge(rows: Sequence[Row]) -> dict[str, Any]:
    """One entry out of the refined rows that show it; without id, sightings and count.

    Each row has the columns of `refined_entries`, `own_page` (bool: it was read on the item's own page) and `seen_at`
    (its last sighting: a page may return to what it said before). The order of the rows does not matter.
    """
    ordered = sorted(rows, key=_age, reverse=True)
    text = _text_row(ordered)
    kind = _kind(ordered)
    dated = _date_row(ordered, kind)
    entry: dict[str, Any] = {"kind": kind, "status": _status(ordered), "url": _url(ordered, text)}
    entry |= _group(text, TEXT) | _group(dated, DATE) | _group(_place_row(ordered), PLACE)
    entry["date_role"] = _ROLES[kind] if dated["start_date"] or dated["end_date"] or dated["is_ongoing"] else None
    if kind == dated["kind"]:
        entry["date_role"] = dated["date_role"]
    entry["sections"] = _sections(ordered, text)
    return entry


def _group(row: Row, names: Iterable[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _age(row: Row) -> tuple[datetime, str]:
    """Sorts by the last sighting; the id settles ties."""
    return (row["seen_at"], row["raw_entry_id"])


def _text_row(rows: Sequence[Row]) -> Row:
    """`rows` are newest first; max() keeps the first of equals."""
    titled = [row for row in rows if row["title"]] or list(rows)
    languages = {row["language"] for row in titled}
    earliest = min(titled, key=lambda r: (r["captured_at"], r["raw_entry_id"]))
    language = "en" if "en" in languages else earliest["language"]
    return max((row for row in titled if row["language"] == language), key=lambda r: bool(r["summary"]))


def _kind(rows: Sequence[Row]) -> str:
    lists = [row for row in rows if not row["own_page"]] or rows
    return str(min((row["kind"] for row in lists), key=_KINDS.index))


def _date_row(rows: Sequence[Row], kind: str) -> Row:
    anchor = max(
        rows,
        key=lambda r: (
            r["start_date"] is not None or r["end_date"] is not None or bool(r["is_ongoing"]),
            r["kind"] == kind,
            not r["date_inferred"],
            not r["own_page"],
        ),
    )
    if anchor["start_date"] is None:
        return anchor
    agreeing = [r for r in rows if r["kind"] == anchor["kind"] and r["date_inferred"] == anchor["date_inferred"]]
    return max((r for r in agreeing if _same_days(anchor, r)), key=lambda r: (_precision(r), r is anchor))


def _same_days(a: Row, b: Row) -> bool:
    if b["start_date"] is None:
        return False
    return bool(a["start_date"] <= (b["end_date"] or date.max) and b["start_date"] <= (a["end_date"] or date.max))


def _precision(row: Row) -> int:
    return _PRECISIONS.index(row["date_precision"]) if row["date_precision"] in _PRECISIONS else -1


def _place_row(rows: Sequence[Row]) -> Row:
    return max(
        rows,
        key=lambda r: (
            bool(r["city_ids"] or r["cities"]),
            bool(r["countries"]) or bool(r["is_online"]),
            not r["own_page"],
            r["venue"] is not None,
        ),
    )


def _url(rows: Sequence[Row], text: Row) -> Any:
    """The item's own address: of the row that gives the text, else the newest that has one."""
    return next((row["url"] for row in (text, *rows) if row["item_key"] is not None), text["url"])


def _status(rows: Sequence[Row]) -> str | None:
    newest: dict[tuple[str, bool], str | None] = {}
    for row in rows:
        newest.setdefault((row["source"], row["own_page"]), row["status"])
    return next((status for status in _STATUSES if status in newest.values()), None)


def _sections(rows: Sequence[Row], text: Row) -> str | None:
    """A JSON object, or None when no row has sections."""
    having = [row for row in rows if row["sections"]]
    chosen = [row for row in having if row["language"] == text["language"]] or having
    merged: dict[str, str] = {}
    for row in sorted(chosen, key=lambda r: not r["own_page"]):
        for label, words in json.loads(row["sections"]).items():
            merged.setdefault(label, words)
    return json.dumps(merged, ensure_ascii=False, sort_keys=True) if merged else None

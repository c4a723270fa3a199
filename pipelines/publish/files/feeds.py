"""`changes.atom` (RFC 4287) and `changes.json` (JSON Feed 1.1): what was added, changed and hidden, newest first.

What belongs here: an item an entry and release, for people who follow what happens. What does not: every value that
changed (`changes`).

The feeds hold the newest changes over all releases, at most `MOST`; the earlier ones come from the feed of the release
before. Of a release that adds more, the youngest are told, and an item of its own says how many there are. An item's id
is a tag URI (RFC 4151) of entry and release, whatever the address of the feed; an address of the feed itself is named
only where `CITYHARVEST_BASE_URL` says it. What earlier feeds told of an entry from which an e-mail address or phone
number was removed since is told no more.

All text is plain text and is marked as such, so nothing that a page says is ever markup.
"""

from __future__ import annotations

import json
from collections.abc import Set
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import duckdb

from pipelines.publish.declared import REMOVED
from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files.changes import FILE as CHANGES_FILE
from pipelines.publish.files.changes import withheld_sql
from pipelines.publish.files.text import address, one_line, shown
from warehouse.build import literal

ATOM, JSON_FEED = "changes.atom", "changes.json"
MOST = 200
_TITLE = "cityharvest: what changed"
_ABOUT = "Entries that a release added, changed or hid."
_AUTHOR = "cityharvest"
_TAG = "tag:cityharvest,2024:"
# Columns that a reader of the page would call a change; the rest is bookkeeping.
_TOLD = (
    "kind status title subtitle summary sections url start_date end_date start_time end_time timezone place_raw venue "
    "cities countries is_online topics"
).split()
_WORDS = {"ADD": "Added", "MOD": "Changed", "DEL": "Hidden"}
_WHY = {
    "merged": "It was merged into {target}.",
    "split": "It was split; {target} holds a part of it.",
    "override": "People decided that it is the same as {target}.",
    "relevance": "It is about something else than the programme.",
    "lost": "No page that is kept shows it any more.",
}
_LONGEST = 500  # characters of a value that is told


def write_feeds(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> None:
    """Write both feeds. Raises DamagedRelease, duckdb.Error or OSError."""
    withheld = con.execute(withheld_sql(f"read_parquet({literal(str(folder / CHANGES_FILE))})")).fetchall()
    items = [*_new(con, folder, facts), *_earlier(facts, {entry_id for (entry_id,) in withheld})][:MOST]
    (folder / JSON_FEED).write_text(_json_feed(items, facts), encoding="utf-8")
    (folder / ATOM).write_bytes(_atom(items, facts))


def _earlier(facts: ReleaseFacts, withheld: Set[str]) -> list[dict[str, Any]]:
    path = facts.earlier(JSON_FEED)
    items = json.loads(path.read_text(encoding="utf-8"))["items"] if path else []
    return [item for item in items if item["_cityharvest"].get("entry_id") not in withheld]


def _new(con: duckdb.DuckDBPyConnection, folder: Path, facts: ReleaseFacts) -> list[dict[str, Any]]:
    """Items of this release: what was hidden, what changed, what is new; the latest news of each first."""
    changes = f"read_parquet({literal(str(folder / CHANGES_FILE))})"
    told = ", ".join(map(literal, _TOLD))
    query = f"""
WITH grouped AS (
    FROM {changes} SELECT entry_id, "change", any_value("old") FILTER ("change" = 'DEL') AS was,
           any_value(reason) AS reason, any_value(target_id) AS target_id,
           list({{'column': "column", 'old': "old", 'new': "new"}} ORDER BY "column")
               FILTER ("column" IS NOT NULL) AS pairs
    WHERE "column" IS NULL OR "column" IN ({told}) GROUP BY entry_id, "change"
)
FROM grouped LEFT JOIN entries USING (entry_id)
SELECT entry_id, "change", reason, target_id, pairs, count(*) OVER () AS number,
       coalesce(title, was->>'$.title') AS title, coalesce(entries.url, was->>'$.url') AS url, summary, kind
ORDER BY array_position(['DEL', 'MOD', 'ADD'], "change"), first_seen_at DESC, entry_id LIMIT {MOST}"""  # noqa: S608  # of names that are ours
    rows = con.execute(query)
    names = [column[0] for column in rows.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    items = [_item(row, facts) for row in found]
    number = found[0]["number"] if found else 0
    return [_too_many(number, facts), *items[: MOST - 1]] if number > MOST else items


def _item(row: dict[str, Any], facts: ReleaseFacts) -> dict[str, Any]:
    title = one_line(row["title"] or "") or "An entry without a title"
    lines = [_line(pair) for pair in row["pairs"] or ()]
    if row["change"] == "DEL":
        lines = [_WHY[row["reason"]].format(target=row["target_id"])]
    elif row["change"] == "ADD" and row["summary"]:
        lines = [_cut(shown(row["summary"]))]
    return {
        "id": f"{_TAG}{facts.name}/{row['entry_id']}",
        "url": address(row["url"]),
        "title": f"{_WORDS[row['change']]}: {_cut(title)}",
        "content_text": "\n".join(lines) or _cut(title),
        "date_published": facts.created,
        "tags": [_WORDS[row["change"]].lower(), *([row["kind"]] if row["kind"] else [])],
        "_cityharvest": {"entry_id": row["entry_id"], "release": facts.name, "change": row["change"]},
    }


def _line(pair: dict[str, Any]) -> str:
    old, new = (_cut(one_line(pair[side] or "")) or "nothing" for side in ("old", "new"))
    if pair["old"] is None and any(mark in new for mark in REMOVED):
        return f"{pair['column']}: {new}"  # whether there was nothing, or something that is withheld
    return f"{pair['column']}: {old} → {new}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"


def _too_many(number: int, facts: ReleaseFacts) -> dict[str, Any]:
    return {
        "id": f"{_TAG}{facts.name}",
        "title": f"{number} entries were added, changed or hidden",
        "content_text": f"This feed tells {MOST - 1} of them; {CHANGES_FILE} of release {facts.name} holds all.",
        "date_published": facts.created,
        "_cityharvest": {"release": facts.name},
    }


def _json_feed(items: list[dict[str, Any]], facts: ReleaseFacts) -> str:
    feed: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": _TITLE, "description": _ABOUT}
    if facts.base_url:
        feed |= {"home_page_url": f"{facts.base_url}/", "feed_url": f"{facts.base_url}/{JSON_FEED}"}
    feed |= {"language": "en", "authors": [{"name": _AUTHOR}], "items": items}
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _atom(items: list[dict[str, Any]], facts: ReleaseFacts) -> bytes:
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    moment = items[0]["date_published"] if items else facts.created
    for tag, text in (("id", f"{_TAG}changes"), ("title", _TITLE), ("subtitle", _ABOUT), ("updated", moment)):
        SubElement(feed, tag).text = text
    SubElement(SubElement(feed, "author"), "name").text = _AUTHOR
    if facts.base_url:
        SubElement(feed, "link", rel="self", type="application/atom+xml", href=f"{facts.base_url}/{ATOM}")
        SubElement(feed, "link", rel="alternate", href=f"{facts.base_url}/")
    for item in items:
        _entry(feed, item)
    indent(feed, " ")
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(feed: Element, item: dict[str, Any]) -> None:
    entry = SubElement(feed, "entry")
    SubElement(entry, "id").text = item["id"]
    SubElement(entry, "title", type="text").text = item["title"]
    SubElement(entry, "updated").text = item["date_published"]
    if "url" in item:
        SubElement(entry, "link", rel="alternate", href=item["url"])
    for tag in item.get("tags", ()):
        SubElement(entry, "category", term=tag)
    SubElement(entry, "content", type="text").text = item["content_text"]

"""What refining gives always passes the gate: else one page, dirty or hostile, would keep every release back."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from publish_parts import NOW

from pipelines.curate.build import curate
from pipelines.publish import gate
from pipelines.publish.declared import REMOVED
from pipelines.publish.release import publish
from pipelines.refine import chain, privacy
from pipelines.refine.chain import refine
from warehouse.lake import write_table
from warehouse.layout import DataFolder
from warehouse.tables import RAW_ENTRIES, REFINED_ENTRIES

SEEN = datetime(2024, 5, 1, 8, 0, tzinfo=UTC)
LISTING = {"source": "listing", "title": "List", "publisher": "Somebody", "scope": "programme", "status": "active"}
# Pieces of addresses, numbers, markup, entities and dates, that make more of each when they are put together.
PIECES = (
    "ana.b@town.example|x@y.org|@|.org|.example|[at]|(at)|[dot]| dot |mailto:|%40|&#64;|&commat;|&period;|+33|0033"
    "| 3 88|(0)|-|/|.|88 41 20 00|1234567|Tel.|tel: |+1 (312) 555-0123|&plus;|١٢٣|１２３|\u202f|\u00a0|\u200b|\u00ad"
    "|\u202e|\x00|\x1b|<b>|</b>|<|>|&lt;|&gt;|&amp;|amp;|lt;|&#60;|&#x3c;|<script>|</script>|<!--|-->|b>|/p>"
    "|<p class='x'|<br/>|<i\n>|\n| |a|town|Paris|2021|3 March 2021|1789|2 May 2101|since 1849|;|,|\"|'|\\|="
).split("|")


def text(chance: random.Random) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 14)))


def raw(number: int, chance: random.Random, **said: Any) -> dict[str, Any]:
    names = ("title", "surtitle", "subtitle", "summary", "date_raw", "date_context", "place_raw", "status")
    links = [{"url": f"https://x.example/{number}", "label": text(chance), "role": "related"}]
    sections = {name: text(chance) for name in ("purpose", "contact")}
    return {name: text(chance) for name in names} | {
        "raw_entry_id": f"raw-{number:016x}", "source": "listing", "run_id": "run1", "page_key": "p",
        "ordinal": number, "content_hash": "h", "page_url": "https://x.example/", "captured_at": SEEN,
        "url": f"https://x.example/{number}", "capture_file": "pages.warc.gz", "capture_offset": number, "reader": "t",
        "sections": json.dumps(sections), "links": json.dumps(links), "issues": [],
    } | said  # fmt: skip


def published(tmp_path: Path, rows: list[dict[str, Any]]) -> int:
    """Rows refined, curated and published for real; how many raw entries the release has."""
    data = DataFolder(tmp_path)
    write_table(data, REFINED_ENTRIES, "listing", "run1", refine(RAW_ENTRIES.frame(rows)))
    curate(data, [LISTING], NOW)
    return publish(data, [], NOW).counts["entry_sources"]


def test_pages_of_any_text_are_published(tmp_path: Path) -> None:
    chance = random.Random(7)
    assert published(tmp_path, [raw(n, chance) for n in range(400)]) == 400


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(5))
def test_many_pages_of_any_text_are_published(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    assert published(tmp_path, [raw(n, chance) for n in range(6_000)]) == 6_000


@pytest.mark.parametrize(
    "said",
    [
        {"title": "Write to info@town.example5 May"},  # a line break of the page was lost
        {"summary": f"{'a' * 90}@town.example"},
        {"summary": "It cost +12 000 000 000 in all"},
        {"summary": "IBAN DE89 3704 0044 0532 0130 00"},
        {"title": "Tools &amp;amp; tips", "links": '[{"url": "https://x.example/", "label": "Q&amp;A", "role": "x"}]'},
        {"links": '[{"url": "http:///nowhere", "label": "x"}, {"url": "https://", "label": "y"}, 7]'},
        {"sections": '{"purpose": "3 <p 4", "contact": "5 > 4"}'},
        {"title": "&amp;nbsp;" + "<" * 20 + "b>" * 20, "summary": "&" + "amp;" * 40 + "lt;b&gt;"},
        {"date_raw": "since 1849", "title": "A library"},
        {"date_raw": "3 May 2101"},
        {"place_raw": "+33 Paris 388 41 20 00"},
        {"summary": 'So "long"; ' * 300_000},
    ],
)
def test_what_a_page_may_say_keeps_no_release_back(tmp_path: Path, said: dict[str, Any]) -> None:
    chance = random.Random(1)
    plain = dict.fromkeys(("surtitle", "subtitle", "summary", "date_raw", "date_context", "place_raw", "status"))
    row = raw(1, chance, **(plain | {"title": "Open day", "sections": None, "links": None} | said))
    assert published(tmp_path, [row]) == 1


def test_both_rooms_know_the_same_words_for_what_was_removed() -> None:
    assert (privacy.EMAIL_REMOVED, privacy.PHONE_REMOVED) == REMOVED


def test_both_rooms_know_the_same_years() -> None:
    assert (chain.FIRST_YEAR, chain.LAST_YEAR) == (gate.FIRST_YEAR, gate.LAST_YEAR)

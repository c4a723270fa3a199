"""What cities' own pages tell beside the subject is left out, with its reason, and comes back when it belongs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from curate_parts import NOW, SOURCES, fill_lake, row

from pipelines.curate.build import curate
from warehouse.build import connect
from warehouse.layout import DataFolder

CITY = {"source": "agenda", "title": "Agenda", "publisher": "A city", "scope": "city", "status": "active"}
CONCERT = row("Concert of the brass band", source="agenda", day="2024-05-03", relevance=0.1)
READING = row("Refugees read aloud", source="agenda", day="2024-05-04", relevance=0.8)
UNJUDGED = row("An evening", source="agenda", day="2024-05-05")
VISIT = row("Study visit", day="2024-06-03", relevance=0.0)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def curated(data: DataFolder, table: str) -> dict[str, dict[str, Any]]:
    curate(data, [*SOURCES, CITY], NOW)
    with connect(data.build, read_only=True) as con:
        found = con.table(table)
        rows = [dict(zip(found.columns, values, strict=True)) for values in found.fetchall()]
    return {str(one["title"]): one for one in rows}


def test_a_concert_of_a_city_is_left_out_and_told(data: DataFolder) -> None:
    fill_lake(data, [CONCERT, READING, UNJUDGED, VISIT])
    assert set(curated(data, "entries")) == {"Refugees read aloud", "An evening", "Study visit"}
    (told,) = curated(data, "left_out").values()
    assert (told["title"], told["source"], told["relevance"]) == ("Concert of the brass band", "agenda", 0.1)
    assert "0.10 is below 0.40" in told["reason"]
    assert set(curated(data, "entry_sources")) == {"Refugees read aloud", "An evening", "Study visit"}


def test_counts_tell_what_is_published_and_what_is_left_out(data: DataFolder) -> None:
    fill_lake(data, [CONCERT, READING, VISIT])
    report = curate(data, [*SOURCES, CITY], NOW)
    assert (report.raw_entries, report.entries, report.left_out, report.lost) == (3, 2, 1, [])


def test_what_the_programme_tells_too_is_published(data: DataFolder) -> None:
    told = {"day": "2024-05-03", "cities": ["Lyon"], "item_key": "example.org:concert"}
    fill_lake(
        data,
        [
            row("Concert of all quarters", source="agenda", relevance=0.1, **told),
            row("Concert of all quarters", relevance=0.1, **told),
        ],
    )
    assert [entry["source_count"] for entry in curated(data, "entries").values()] == [2]


def test_it_keeps_its_id_until_it_belongs(data: DataFolder) -> None:
    fill_lake(data, [CONCERT, READING])
    before = curated(data, "left_out")["Concert of the brass band"]["entry_id"]
    fill_lake(data, [CONCERT | {"relevance": 0.9}, READING])
    assert curated(data, "entries")["Concert of the brass band"]["entry_id"] == before

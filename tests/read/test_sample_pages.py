"""The sample pages against their truth, and one content in seven markups."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.read import read_page

SAMPLES = Path(__file__).parents[2] / "samples"
sys.path.insert(0, str(SAMPLES))

from compare import differences, readings  # noqa: E402

PAGES = list(readings())
MARKUPS = sorted((SAMPLES / "markups").glob("*.html"))


@pytest.mark.parametrize(("page", "entries", "found"), PAGES, ids=[page[0] for page in PAGES])
def test_sample_page_reads_as_its_truth_says(page: str, entries: int, found: list[str]) -> None:
    assert not found, f"{page}, {entries} entries"


@pytest.mark.parametrize("path", MARKUPS, ids=[path.stem for path in MARKUPS])
def test_the_markup_does_not_matter(path: Path) -> None:
    truth: dict[str, Any] = yaml.safe_load((SAMPLES / "markups" / "expected.yaml").read_text(encoding="utf-8"))
    url = "https://www.coe.int/en/web/interculturalcities/good-practice"
    reading = read_page(url, path.read_bytes(), "text/html; charset=utf-8", datetime(2022, 5, 10, tzinfo=UTC))
    assert not differences(truth["entries"], reading.entries)


def test_there_are_enough_markups_and_pages() -> None:
    assert len(MARKUPS) >= 4
    assert len(PAGES) >= 40

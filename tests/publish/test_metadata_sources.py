"""Licence and attribution of a source: from its YAML through the registry into the table `sources` of a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.runs import source_rows
from pipelines.curate.coverage import source_rows as covered
from scrapers.registry import RegistryError, load_registry
from warehouse.layout import DataFolder
from warehouse.tables import REFINED_ENTRIES, SIGHTINGS, SOURCES

YAML = """key: {key}
title: The list {key}
publisher: Town of Wexcombe
languages: [en]
scope: city
status: candidate
strategy: archive-only
patterns: ["{key}.example.org"]
"""


def registry_of(folder: Path, **more: str) -> list[dict[str, object]]:
    for key, lines in more.items():
        (folder / f"{key}.yaml").write_text(YAML.format(key=key) + lines, encoding="utf-8")
    return source_rows(load_registry(folder))


def test_what_a_source_states_reaches_the_release(tmp_path: Path) -> None:
    told = registry_of(
        tmp_path,
        open="licence: CC-BY-4.0\nattribution: 'Text: Town of Wexcombe'\n",
        paged="licence: https://paged.example.org/terms\n",
        silent="",
    )
    rows = covered(DataFolder(tmp_path / "data"), told, REFINED_ENTRIES.frame([]), SIGHTINGS.frame([]))
    frame = SOURCES.frame(rows)
    stated = {row["source"]: (row["licence"], row["attribution"]) for row in frame.to_dict("records")}
    assert stated == {
        "open": ("CC-BY-4.0", "Text: Town of Wexcombe"),
        "paged": ("https://paged.example.org/terms", None),
        "silent": (None, None),
    }
    assert SOURCES.to_arrow(frame).num_rows == 3


@pytest.mark.parametrize("line", ["licence: free for all!", "licence: ''", "attribution: ''", "license: CC-BY-4.0"])
def test_what_can_not_be_a_licence_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(RegistryError, match=r"licen|attribution"):
        registry_of(tmp_path, wrong=f"{line}\n")

"""Sources of one's own beside those of the package; candidates are harvested only when told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from offering import EVENTS, Offering
from source_parts import written

from dagster_project import steps
from dagster_project.commands import harvest as harvest_verb
from dagster_project.schedules import CANDIDATES, build_schedules, due
from scrapers import registry
from scrapers.proposing import source_file
from scrapers.registry import RegistryError, load_registry
from warehouse.layout import DataFolder
from warehouse.releases import open_release


def test_an_installed_copy_wants_a_folder_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed = tmp_path / "site-packages" / "scrapers" / "sources"
    monkeypatch.setattr(source_file, "source_folders", lambda: [installed])
    with pytest.raises(RegistryError, match=registry.OWN_SOURCES):
        source_file.writable_folder()


def test_own_sources_stand_beside_those_of_the_package(site: Offering, own: Path) -> None:
    written(own, site)
    assert {"haus", "coe-newsroom"} <= set(load_registry().sources)
    written(own, site, key="coe-newsroom", title="Another newsroom")
    with pytest.raises(RegistryError, match="coe-newsroom"):
        load_registry()


def test_a_harvest_takes_candidates_only_when_told(
    site: Offering, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(own, site)
    asked: list[tuple[list[str], dict[str, Any]]] = []
    monkeypatch.setattr(harvest_verb, "walk", lambda data, keys, config, _: asked.append((keys, config)))
    monkeypatch.setattr(harvest_verb, "finish", lambda *_: None)
    harvest_verb.harvest(data=tmp_path / "data")
    harvest_verb.harvest(data=tmp_path / "data", candidates=True)
    harvest_verb.harvest(source=["haus"], data=tmp_path / "data")
    assert ["haus" in keys for keys, _ in asked] == [False, True, True]
    assert [config["captures"].get("candidates", False) for _, config in asked] == [False, True, False]
    assert "haus: candidates, so nothing is fetched" in capsys.readouterr().err
    report = steps.keep_captures(DataFolder(tmp_path / "data"), load_registry().get("haus"), live=True)
    assert (report.figures["runs"], site.asked) == (0, [])


def test_a_candidate_is_harvested_when_told(site: Offering, own: Path, tmp_path: Path) -> None:
    """The whole command in a process of its own: partitions are those of the registry as it began."""
    written(own, site, scope="programme")
    command = [Path(sys.prefix) / "bin" / "cityharvest", "harvest", "--source", "haus", "--candidates"]
    answer = subprocess.run([*command, "--data", tmp_path / "data"], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    with open_release(tmp_path / "data") as release:
        rows = release.execute("select title from entries order by title").fetchall()
    assert [row[0] for row in rows] == sorted(event.title for event in EVENTS)


def test_schedules_take_candidates_only_when_told(site: Offering, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(own, site, cron="21 3 * * *")
    known = load_registry()
    assert "haus" not in [key for keys in due(known).values() for key in keys]
    assert "haus" in due(known, candidates=True)["21 3 * * *"]
    monkeypatch.setenv(CANDIDATES, "1")
    assert any("haus" in (one.description or "") for one in build_schedules(known))
    monkeypatch.setenv(CANDIDATES, "0")
    assert not any("haus" in (one.description or "") for one in build_schedules(known))

"""Fingerprints of code: what changes them, and what does not."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pipelines.fingerprint import fingerprint


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "rivers"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "data" / "words.yaml").write_text("a: b", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    return folder


def _fresh(*names: str) -> str:
    fingerprint.cache_clear()
    return fingerprint(*names)


def test_changes_with_content_and_names(package: Path) -> None:
    seen = [_fresh("rivers")]
    (package / "data" / "words.yaml").write_text("a: c", encoding="utf-8")
    seen.append(_fresh("rivers"))
    (package / "data" / "words.yaml").rename(package / "data" / "more.yaml")
    seen.append(_fresh("rivers"))
    (package / "new.py").write_text("", encoding="utf-8")
    seen.append(_fresh("rivers"))
    assert len(set(seen)) == 4 and all(len(mark) == 16 for mark in seen)


def test_does_not_change_with_caches_or_order(package: Path) -> None:
    before = _fresh("rivers", "pipelines.refine")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "x.py").write_text("", encoding="utf-8")
    (package / "notes.part").write_text("", encoding="utf-8")
    assert _fresh("pipelines.refine", "rivers") == before


@pytest.mark.parametrize("name", ["no_such_package", "pipelines.fingerprint"])
def test_a_name_that_is_no_package(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is no package"):
        fingerprint(name)

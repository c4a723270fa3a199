"""The sample folder, for the tests of this folder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def _yaml(name: str) -> Any:
    return yaml.safe_load((SAMPLES / name).read_text(encoding="utf-8"))


def _script(name: str) -> ModuleType:
    """A script of the samples folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"samples_{name}", SAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def index() -> list[dict[str, Any]]:
    captures: list[dict[str, Any]] = _yaml("index.yaml")["captures"]
    return captures


@pytest.fixture(scope="session")
def pages() -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = _yaml("expected.yaml")["pages"]
    return pages


@pytest.fixture(scope="session")
def things() -> dict[str, dict[str, Any]]:
    things: dict[str, dict[str, Any]] = _yaml("expected.yaml")["things"]
    return things


@pytest.fixture(scope="session")
def packer() -> ModuleType:
    return _script("pack")


@pytest.fixture(scope="session")
def comparer() -> ModuleType:
    return _script("compare")

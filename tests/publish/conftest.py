"""A plain release, published once for all tests of this folder; a test begins with a copy of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from publish_parts import NOW, build, copied, warehouse

from pipelines.publish.release import Release, publish
from warehouse.layout import DataFolder


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The small warehouse, published into an empty folder at `NOW`; nobody changes it."""
    data = DataFolder(tmp_path_factory.mktemp("plain"))
    build(data, warehouse())
    return publish(data, [], NOW)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    """An empty data folder."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def built(plain: Release, data: DataFolder) -> DataFolder:
    """A data folder with the small warehouse, from which nothing was published yet."""
    data.build.parent.mkdir(parents=True)
    shutil.copyfile(DataFolder(plain.folder.parents[2]).build, data.build)
    return data


@pytest.fixture
def first(plain: Release, data: DataFolder) -> Release:
    """The plain release as the first of the test's own data folder."""
    return copied(plain, data)

"""Opening what was published: the latest, one by name, and a clear word when there is none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from warehouse.build import build_database
from warehouse.layout import DataFolder
from warehouse.releases import (
    DamagedRelease,
    NoRelease,
    latest_release,
    lost_latest,
    open_release,
    opened_release,
)
from warehouse.tables import CITIES

LYON = {"city_id": "fr-lyon", "name": "Lyon", "country": "FR", "status": "member"}


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    """Two releases, the second one the latest."""
    folder = DataFolder(tmp_path)
    for name, rows in (("20240101T000000Z-aaaaaaaa", []), ("20240201T000000Z-bbbbbbbb", [LYON])):
        cities = CITIES.to_arrow(CITIES.frame(rows))
        build_database(folder.releases / name / "cityharvest.duckdb", {"cities": cities})
    folder.latest.symlink_to("releases/20240201T000000Z-bbbbbbbb")
    return folder


def test_the_latest_is_found_and_opened(data: DataFolder) -> None:
    assert latest_release(data) == data.releases.resolve() / "20240201T000000Z-bbbbbbbb"
    with open_release(data.root) as con:
        assert con.sql("select name from cities").fetchall() == [("Lyon",)]


def test_an_older_one_opens_by_name(data: DataFolder) -> None:
    with open_release(str(data.root), "20240101T000000Z-aaaaaaaa") as con:
        assert con.sql("select count(*) from cities").fetchall() == [(0,)]


def test_nothing_can_be_written(data: DataFolder) -> None:
    with open_release(data.root) as con, pytest.raises(duckdb.Error, match="read-only"):
        con.execute("delete from cities")


def test_nothing_is_installed_from_the_net(data: DataFolder) -> None:
    with open_release(data.root) as con:
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            assert con.execute("select current_setting(?)", [setting]).fetchall() == [(False,)]


def test_no_release_says_what_to_do(tmp_path: Path) -> None:
    assert latest_release(DataFolder(tmp_path)) is None
    with pytest.raises(NoRelease, match=r"no release in .*/: run `make harvest` first"):
        open_release(tmp_path)


def test_a_symlink_to_nothing_is_no_release(data: DataFolder) -> None:
    data.latest.unlink()
    data.latest.symlink_to("releases/gone")
    assert latest_release(data) is None
    with pytest.raises(NoRelease, match=r"latest points to releases/gone, which holds no release: in .* run `ln -sfn "):
        open_release(data.root)
    shutil.rmtree(data.releases)
    with pytest.raises(NoRelease, match="latest points to releases/gone, which holds no release: harvest again"):
        open_release(data.root)


@pytest.mark.parametrize("target", [None, "releases/gone"])
def test_the_command_for_a_latest_that_is_gone_mends_it(data: DataFolder, target: str | None) -> None:
    assert lost_latest(data) is None
    data.latest.unlink()
    if target:
        data.latest.symlink_to(target)
    (data.releases / "zz-kept-by-somebody").symlink_to(data.releases / "20240101T000000Z-aaaaaaaa")
    command = str(lost_latest(data)).split("`")[1]
    assert command == "ln -sfn releases/20240201T000000Z-bbbbbbbb published/latest"
    subprocess.run(command.split(), cwd=data.root, check=True)
    assert lost_latest(data) is None
    with open_release(data.root) as con:
        assert opened_release(con).name == "20240201T000000Z-bbbbbbbb"


def test_where_nothing_was_published_nothing_is_lost(tmp_path: Path) -> None:
    assert lost_latest(DataFolder(tmp_path)) is None


def test_a_damaged_release_says_which_and_what_to_do(data: DataFolder) -> None:
    (data.latest / "cityharvest.duckdb").write_bytes(b"no database" * 900)
    with pytest.raises(DamagedRelease, match=r"20240201T000000Z-bbbbbbbb is damaged .*restore it from a copy"):
        open_release(data.root)


@pytest.mark.parametrize("name", ["20990101T000000Z-cccccccc", "../releases/20240101T000000Z-aaaaaaaa", ""])
def test_an_unknown_name_is_refused_with_the_newest(data: DataFolder, name: str) -> None:
    with pytest.raises(NoRelease, match="the newest is 20240201T000000Z-bbbbbbbb"):
        open_release(data.root, name)


def test_tables_and_columns_say_what_they_mean(data: DataFolder) -> None:
    with open_release(data.root) as con:
        (meaning,) = con.execute("select comment from duckdb_tables() where table_name = 'cities'").fetchall()[0]
        units = con.execute("select comment from duckdb_columns() where column_name = 'latitude'").fetchall()
    assert meaning == CITIES.meaning and units == [("degrees north, WGS 84; null when not known",)]

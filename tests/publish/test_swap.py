"""The swap: what is unchanged, what is left behind, what can not be written; killed at any moment, latest is whole."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from publish_parts import NOW, build, warehouse

from pipelines.publish.release import Refused, Release, publish
from warehouse.layout import DataFolder
from warehouse.releases import DamagedRelease, open_release
from warehouse.storage import StorageError

ROOT = Path(__file__).parents[2]


def releases(data: DataFolder) -> list[str]:
    return sorted(path.name for path in data.releases.iterdir())


def test_unchanged_content_keeps_the_latest(data: DataFolder, first: Release) -> None:
    second = publish(data, [], NOW + timedelta(days=1))
    assert second.unchanged and not first.unchanged
    assert (second.name, second.counts, second.created_at) == (first.name, first.counts, first.created_at)
    assert releases(data) == [first.name]


def test_force_publishes_unchanged_content(data: DataFolder, first: Release) -> None:
    second = publish(data, [], NOW, force=True)  # within the same second, too
    assert releases(data) == sorted([first.name, second.name]) and first.name != second.name
    assert data.latest.resolve() == second.folder.resolve()


def test_other_issues_make_another_release(data: DataFolder, first: Release) -> None:
    second = publish(
        data, [{"stage": "crawl", "source": "listing", "where": "", "reason": "refused", "what_to_do": ""}], NOW
    )
    assert not second.unchanged and second.content_hash == first.content_hash


def test_a_reader_keeps_the_release_it_opened(data: DataFolder, first: Release) -> None:
    with open_release(data.root) as reader:
        build(data, warehouse(12))
        publish(data, [], NOW)
        assert reader.sql("select count(*) from entries").fetchall() == [(10,)]
    with open_release(data.root) as reader:
        assert reader.sql("select count(*) from entries").fetchall() == [(12,)]


def test_leftovers_of_dead_runs_are_swept_and_those_of_living_ones_left(built: DataFolder) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, alive = (built.releases / f".staging-{pid}" for pid in (dead.pid, os.getppid()))
    for folder in (left, alive):
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "entries.csv").write_text("half")
    (built.latest.parent / f".staging-{dead.pid}").symlink_to("nowhere")
    (built.latest.parent / f"latest.json.{dead.pid}.part").write_text("{")
    release = publish(built, [], NOW)
    assert releases(built) == sorted([alive.name, release.name])
    assert sorted(p.name for p in built.latest.parent.iterdir()) == ["latest", "latest.json", "releases"]


def test_latest_json_that_was_left_behind_is_set_right(data: DataFolder, first: Release) -> None:
    data.latest_json.write_text('{"release": "an older one"}', encoding="utf-8")
    assert publish(data, [], NOW).unchanged
    assert json.loads(data.latest_json.read_text(encoding="utf-8"))["release"] == first.name


def test_a_place_that_takes_no_release_is_one_clear_error(built: DataFolder) -> None:
    built.releases.parent.mkdir(parents=True, exist_ok=True)
    built.releases.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"could not write a release to .*releases"):
        publish(built, [], NOW)


PUBLISH = (
    "import sys; from pathlib import Path; from datetime import datetime, UTC;"
    "from warehouse.layout import DataFolder; from pipelines.publish.release import publish;"
    "print('ready', flush=True); publish(DataFolder(Path(sys.argv[1])), [], datetime.now(UTC))"
)


def started(data: DataFolder, limit: int | None = None) -> subprocess.Popen[str]:
    def bound() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-c", PUBLISH, str(data.root)], cwd=ROOT, preexec_fn=bound, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("limit", [0, 2_000, 100_000])
def test_a_disk_that_takes_no_more_leaves_latest_alone(data: DataFolder, first: Release, limit: int) -> None:
    """A limit on file size is the full disk that a test can have: the same call fails, at the same places."""
    build(data, warehouse(12))
    _, error = (process := started(data, limit)).communicate(timeout=60)
    assert process.returncode == 1 and "StorageError" in error.splitlines()[-1] and "could not write" in error
    assert data.latest.resolve() == first.folder.resolve() and releases(data) == [first.name]


def whole(data: DataFolder) -> int:
    """Rows of the latest release, after looking at every file of it."""
    folder = data.latest.resolve()
    about = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    assert about["release"] == folder.name
    have = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert have == {*about["files"], "release.json"}
    assert all((folder / name).stat().st_size == file["bytes"] for name, file in about["files"].items())
    named = json.loads(data.latest_json.read_text(encoding="utf-8"))["release"]
    assert (data.releases / named / "release.json").is_file()
    with open_release(data.root) as con:
        (rows,) = con.sql("select count(*) from entries").fetchall()[0]
    assert rows == about["counts"]["entries"]
    return int(rows)


@pytest.mark.torture
def test_killed_at_any_moment_latest_is_whole(data: DataFolder, first: Release) -> None:
    """20 kills at random moments of a publishing that takes as long as it takes here; each is checked and retried."""
    chance = random.Random(20)
    rows, kills, old, new = 10, 0, 0, 0
    build(data, warehouse(rows + 1))
    begin = time.monotonic()
    process = started(data)
    assert process.stdout and process.stdout.readline() == "ready\n"
    process.communicate(timeout=60)
    length = time.monotonic() - begin
    rows += 1
    while kills < 20:
        build(data, warehouse(rows + 1))
        process = started(data)
        assert process.stdout and process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, length * 0.6))
        process.kill()
        process.communicate(timeout=60)
        kills += process.returncode == -signal.SIGKILL
        found = whole(data)
        assert found in (rows, rows + 1)
        old, new, rows = old + (found == rows), new + (found == rows + 1), found
    assert old, "no kill came before the swap: the test does not test"
    build(data, warehouse(rows + 1))
    publish(data, [], NOW)
    assert whole(data) == rows + 1
    assert not [name for name in releases(data) if name.startswith(".")]


@pytest.mark.parametrize("name", ["cityharvest.duckdb", "release.json", "issues.json"])
def test_a_damaged_release_before_is_one_clear_error(data: DataFolder, first: Release, name: str) -> None:
    """What stands there can not be compared with; people decide what to do with it."""
    (first.folder / name).unlink()
    (first.folder / name).write_bytes(b"{ half" if name.endswith(".json") else b"no database" * 900)
    if name == "issues.json":
        (first.folder / name).unlink()
    with pytest.raises(DamagedRelease, match=f"{first.name} is damaged .*restore it from a copy"):
        publish(data, [], NOW)
    assert releases(data) == [first.name]


def test_latest_that_a_copy_made_a_folder_is_one_clear_error(data: DataFolder, first: Release, tmp_path: Path) -> None:
    shutil.copytree(data.root, tmp_path / "copy", symlinks=False)
    with pytest.raises(StorageError, match=r"latest is a folder and no symlink: .*remove the folder"):
        publish(DataFolder(tmp_path / "copy"), [], NOW)
    (tmp_path / "copy" / "published" / "releases").rename(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match=r"latest is a folder and no symlink: .*restore releases/ from a copy"):
        publish(DataFolder(tmp_path / "copy"), [], NOW)


@pytest.mark.parametrize("target", [None, "releases/20200101T000000Z-0123abcd"])
def test_without_a_latest_nothing_is_published_beside_releases_that_are_kept(
    data: DataFolder, first: Release, target: str | None
) -> None:
    """Compared with nothing, a release that lost half would pass, and history would begin anew."""
    data.latest.unlink()
    if target:
        data.latest.symlink_to(target)
    build(data, warehouse(5))
    for force in (False, True):
        with pytest.raises(Refused) as refused:
            publish(data, [], NOW, force=force)
    command = f"ln -sfn releases/{first.name} published/latest"
    assert f"`{command}`" in str(refused.value) and releases(data) == [first.name]
    subprocess.run(command.split(), cwd=data.root, check=True)
    with pytest.raises(Refused, match="5 entries, the release before had 10"):
        publish(data, [], NOW)


def test_a_first_release_that_was_killed_on_its_way_is_in_nobodys_way(data: DataFolder, first: Release) -> None:
    data.latest.unlink()
    data.latest_json.unlink()
    again = publish(data, [], NOW)
    assert data.latest.resolve() == again.folder.resolve() != first.folder.resolve()


def test_an_empty_folder_of_releases_is_a_first_release(built: DataFolder) -> None:
    built.releases.mkdir(parents=True)
    assert not publish(built, [], NOW).unchanged

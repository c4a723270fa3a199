"""Which releases stay: the edges of the policy, and removal that never shows half a release."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from publish_parts import NOW, build, warehouse

from pipelines.publish import keep
from pipelines.publish.keep import Policy, prune, reasons_to_stay
from pipelines.publish.release import publish
from warehouse.catalog import Published, published
from warehouse.layout import DataFolder
from warehouse.releases import NoRelease, open_release, release_names
from warehouse.storage import StorageError

FEW = Policy(last=2)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type, misc]


def listed(*moments: datetime, latest: int = -1) -> list[Published]:
    names = [f"{moment:%Y%m%dT%H%M%SZ}-{number:08x}" for number, moment in enumerate(moments)]
    return [Published(n, m, n == names[latest]) for n, m in zip(names, moments, strict=True)]


def gone(releases: list[Published], now: datetime, policy: Policy = FEW) -> list[int]:
    """Places of those without a reason to stay."""
    reasons = reasons_to_stay(releases, now, policy)
    return [place for place, release in enumerate(releases) if release.name not in reasons]


def test_the_settings_are_the_last_14_one_a_month_and_a_day() -> None:
    assert Policy(last=14, monthly=True, grace=timedelta(days=1)) == keep.POLICY


def test_nothing_is_kept_of_nothing() -> None:
    assert reasons_to_stay([], NOW) == {}


def test_the_last_so_many_stay_and_the_one_before_them_goes() -> None:
    days = [at(2024, 5, day) for day in range(1, 17)]
    assert gone(listed(*days), at(2024, 6, 1), Policy()) == [0, 1]
    assert gone(listed(*days[:14]), at(2024, 6, 1), Policy()) == []


def test_the_newest_of_each_month_stays_for_ever() -> None:
    days = [
        at(2019, 12, 30),
        at(2019, 12, 31, 23, 59, 59),
        at(2020, 1, 1),
        at(2020, 2, 1),
        at(2024, 5, 1),
        at(2024, 5, 2),
    ]
    releases = listed(*days)
    assert gone(releases, at(2030, 1, 1)) == [0]
    reasons = reasons_to_stay(releases, at(2030, 1, 1), FEW)
    assert [reasons.get(release.name) for release in releases] == [
        None, "newest of 2019-12", "newest of 2020-01", "newest of 2020-02", "one of the last 2", "latest",
    ]  # fmt: skip


def test_without_months_only_the_last_stay() -> None:
    releases = listed(*(at(2020, month, 1) for month in range(1, 6)))
    assert gone(releases, at(2030, 1, 1), Policy(last=2, monthly=False)) == [0, 1, 2]


def test_one_that_was_the_latest_within_the_last_day_stays() -> None:
    """Many releases in one day: what a reader may have opened is as old as its successor, not as itself."""
    moments = [at(2024, 5, 1), at(2024, 5, 10, 8), at(2024, 5, 10, 9), at(2024, 5, 10, 10), at(2024, 5, 10, 11)]
    releases = listed(*moments)
    assert gone(releases, at(2024, 5, 10, 12)) == []
    assert gone(releases, at(2024, 5, 11, 8)) == [0]  # replaced exactly a day ago
    assert gone(releases, at(2024, 5, 11, 8, 59, 59)) == [0]
    assert gone(releases, at(2024, 5, 11, 9)) == [0, 1]
    assert reasons_to_stay(releases, at(2024, 5, 11, 8), FEW)[releases[1].name] == "in use until 2024-05-11 09:00"


def test_the_latest_stays_also_when_it_is_not_the_newest() -> None:
    """People may let `latest` point to an older release."""
    releases = listed(*(at(2024, 5, day) for day in range(1, 7)), latest=1)
    assert gone(releases, at(2030, 1, 1)) == [0, 2, 3]
    assert reasons_to_stay(releases, at(2030, 1, 1), FEW)[releases[1].name] == "latest"


def test_without_a_latest_all_stay() -> None:
    releases = [Published(r.name, r.created_at, False) for r in listed(*(at(2024, 5, day) for day in range(1, 7)))]
    assert gone(releases, at(2030, 1, 1)) == []


def test_a_damaged_one_stays_and_does_not_count() -> None:
    releases = listed(*(at(2024, 5, day) for day in range(1, 6)))
    releases[3] = Published(releases[3].name, releases[3].created_at, False, damaged=True)
    assert gone(releases, at(2030, 1, 1)) == [0, 1]


def test_a_clock_that_was_set_back_removes_nothing_that_is_in_use() -> None:
    releases = listed(*(at(2024, 5, day) for day in range(1, 6)))
    assert gone(releases, at(2023, 1, 1)) == []


@pytest.fixture
def data(five: DataFolder, tmp_path: Path) -> DataFolder:
    """A copy of the five releases, to remove some."""
    shutil.copytree(five.root, tmp_path / "data", symlinks=True)
    return DataFolder(tmp_path / "data")


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Five releases of five days of one month; the fifth is the latest."""
    folder = DataFolder(tmp_path_factory.mktemp("five"))
    build(folder, warehouse())
    first = publish(folder, [], at(2024, 5, 5))
    # A release is a folder: copies under earlier names are as good as five times published, and quicker.
    for day in range(1, 5):
        name = f"202405{day:02d}T000000Z-{day:08x}"
        shutil.copytree(first.folder, folder.releases / name)
        about = folder.releases / name / "release.json"
        about.chmod(0o644)
        about.write_text(
            about.read_text(encoding="utf-8").replace("2024-05-05T", f"2024-05-{day:02d}T"), encoding="utf-8"
        )
    return folder


def test_pruning_removes_and_reports(data: DataFolder) -> None:
    before = release_names(data)
    report = prune(data, NOW, FEW)
    assert report.removed == before[:3]
    assert list(report.kept) == before[3:] == release_names(data)
    assert sorted(path.name for path in data.releases.iterdir()) == before[3:]
    with open_release(data.root) as con:
        assert con.sql("select count(*) from entries").fetchall() == [(10,)]
    assert prune(data, NOW, FEW).removed == []


def test_a_dry_run_only_tells(data: DataFolder) -> None:
    before = release_names(data)
    assert prune(data, NOW, FEW, dry_run=True).removed == before[:3]
    assert release_names(data) == before


def test_killed_between_renaming_and_deleting_no_half_release_is_listed(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = release_names(data)

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(shutil, "rmtree", killed)
        prune(data, NOW, FEW)
    leaving = data.releases / f".removing-{before[0]}"
    assert (leaving / "cityharvest.duckdb").is_file()
    assert release_names(data) == [release.name for release in published(data)] == before[1:]
    with pytest.raises(NoRelease):
        open_release(data.root, leaving.name)
    prune(data, NOW, FEW)
    assert sorted(path.name for path in data.releases.iterdir()) == before[3:]


def test_what_is_not_ours_or_can_not_be_read_is_left(data: DataFolder) -> None:
    first, second, *_ = release_names(data)
    (data.releases / first / "release.json").unlink()
    shutil.copytree(data.releases / second, data.releases / "copy of monday")
    assert first not in prune(data, NOW, Policy(last=1)).removed
    assert {first, "copy of monday"} <= set(release_names(data))
    assert next(release for release in published(data) if release.name == first).damaged


def test_a_reader_that_opened_one_reads_on_while_it_goes(data: DataFolder) -> None:
    with open_release(data.root, release_names(data)[0]) as con:
        prune(data, NOW, FEW)
        assert con.sql("select count(*) from entries").fetchall() == [(10,)]


def test_a_disk_that_does_not_let_go_is_told_and_the_others_stay(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = release_names(data)

    def refused(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken, pytest.raises(StorageError, match=r"could not remove .*: remove it by hand"):
        broken.setattr(shutil, "rmtree", refused)
        prune(data, NOW, FEW)
    assert release_names(data) == before[1:]

"""Which releases stay, and the removal of those that do not.

What belongs here: the policy and its settings, and removing a release so that nobody ever sees half of one. What does
not: making releases (`release`), listing them (`warehouse.catalog`), when this is done (`dagster_project.steps`).

The last `POLICY.last` releases stay, the newest of each calendar month (UTC) for ever, the latest whatever its age, and
each for `POLICY.grace` after it ceased to be the latest: who opened `latest` just before still reads it.

    published/releases/.removing-<name>/     a release on its way out: renamed first, so that it is listed no more

Killed between renaming and deleting, the next look removes what is left. A release that can not be read, or a folder
that is not named as ours are, is never removed: people look at it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from warehouse.catalog import Published, published
from warehouse.layout import DataFolder
from warehouse.releases import latest_release
from warehouse.storage import StorageError

_REMOVING = ".removing-"


@dataclass(frozen=True, slots=True)
class Policy:
    """How many stay: the `last` so many, one a month when `monthly`, all for `grace` after a newer one came."""

    last: int = 14
    monthly: bool = True
    grace: timedelta = timedelta(days=1)


POLICY = Policy()
"""The settings: two weeks of daily releases for those who compare, and one a month for those who cite."""


@dataclass(slots=True)
class Pruned:
    """What was removed, and what stays with the reason why, both oldest first."""

    removed: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)


def reasons_to_stay(releases: Sequence[Published], now: datetime, policy: Policy = POLICY) -> dict[str, str]:
    """Why a release stays, by its name; one without a reason may go. `releases` are oldest first, as `published` gives.

    `latest`, `damaged`, `one of the last N`, `newest of YYYY-MM`, or `in use until YYYY-MM-DD HH:MM` (UTC). Without a
    latest release all stay: something is wrong that people must look at.
    """
    if not any(release.is_latest for release in releases):
        return {release.name: "there is no latest release" for release in releases}
    whole = [release for release in releases if not release.damaged]
    reasons = {release.name: "damaged" for release in releases if release.damaged}
    reasons |= _in_use(whole, now, policy)
    if policy.monthly:
        newest = {f"{release.created_at:%Y-%m}": release.name for release in whole}
        reasons |= {name: f"newest of {month}" for month, name in newest.items()}
    reasons |= {release.name: f"one of the last {policy.last}" for release in whole[-policy.last :] if policy.last}
    return reasons | {release.name: "latest" for release in releases if release.is_latest}


def _in_use(whole: Sequence[Published], now: datetime, policy: Policy) -> dict[str, str]:
    """Those that a newer one replaced less than the grace ago; also when the clock was set back meanwhile."""
    until = {older.name: newer.created_at + policy.grace for older, newer in pairwise(whole)}
    return {name: f"in use until {moment:%Y-%m-%d %H:%M}" for name, moment in until.items() if moment > now}


def prune(data: DataFolder, now: datetime, policy: Policy = POLICY, dry_run: bool = False) -> Pruned:
    """Remove the releases that have no reason to stay; `dry_run` only tells. The caller holds the writer's lock.

    StorageError when the disk does not let go of one: those before it are removed, those after it stay.
    """
    if not dry_run:
        _sweep(data)
    releases = published(data, with_changes=False)
    reasons = reasons_to_stay(releases, now, policy)
    report = Pruned(kept={release.name: reasons[release.name] for release in releases if release.name in reasons})
    for name in (release.name for release in releases if release.name not in reasons):
        if not dry_run:
            _remove(data, name)
        report.removed.append(name)
    return report


def _remove(data: DataFolder, name: str) -> None:
    latest = latest_release(data)
    if latest is None or latest.name == name:
        raise ValueError(f"{name} is the latest release: it is never removed")
    leaving = data.releases / f"{_REMOVING}{name}"
    with _removing(data.releases / name):
        (data.releases / name).rename(leaving)
        shutil.rmtree(leaving)


def _sweep(data: DataFolder) -> None:
    """Remove what a killed run left on its way out."""
    for leaving in data.releases.glob(f"{_REMOVING}*"):
        with _removing(leaving):
            shutil.rmtree(leaving)


@contextmanager
def _removing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(error.errno or 0, f"could not remove {folder} ({reason}): remove it by hand") from error

"""Following an id to where its content is now."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from dagster_project import console
from dagster_project.commands.explain import follow


@pytest.fixture
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create table entries as select 'ce-now' as entry_id")
        pairs = [("ce-old", "ce-mid"), ("ce-mid", "ce-now"), ("ce-a", "ce-b"), ("ce-b", "ce-a")]
        connection.execute("create table entry_redirects (entry_id varchar, target_id varchar, reason varchar)")
        connection.executemany("insert into entry_redirects values (?, ?, 'merged')", pairs)
        yield connection


def test_an_id_of_today_stays(release: duckdb.DuckDBPyConnection) -> None:
    assert follow(release, "ce-now") == "ce-now"


def test_a_redirect_is_followed_to_its_end_and_told(
    release: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert follow(release, "ce-old") == "ce-now"
    told = capsys.readouterr().err
    assert "ce-old was merged: it is ce-mid now" in told
    assert "ce-mid was merged: it is ce-now now" in told


@pytest.mark.parametrize("entry_id", ["ce-unknown", "ce-a", "'; drop table entries; --"])
def test_an_id_that_leads_nowhere_is_an_error(release: duckdb.DuckDBPyConnection, entry_id: str) -> None:
    with pytest.raises(console.FailureError, match="no entry"):
        follow(release, entry_id)
    assert release.execute("select count(*) from entries").fetchall() == [(1,)]

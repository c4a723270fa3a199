"""Decisions of people that can not be followed are told; those about entries that are gone name their heirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from curate_parts import NOW, SOURCES, fill_lake, row

from pipelines.curate.build import CurateReport, curate
from pipelines.curate.overrides import Overrides, OverridesError, read_overrides, unmet, with_gone_keys
from warehouse.build import connect
from warehouse.layout import DataFolder

CHOIR = row("Choir of all quarters sings", item_key="example.org:choir")
BAKERY = row("Bakery of the harbour", item_key="example.org:bakery", kind="practice")
KITCHEN = row("Kitchen for newcomers", item_key="example.org:kitchen", kind="resource")


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def decide(data: DataFolder, *lines: str) -> CurateReport:
    data.overrides.write_text("\n".join(["raw_key_left,raw_key_right,decision,who,why", *lines]), encoding="utf-8")
    return curate(data, SOURCES, NOW)


def test_a_key_that_nothing_has_is_an_issue(data: DataFolder) -> None:
    fill_lake(data, [CHOIR])
    (issue,) = decide(data, "example.org:choir,example.org:quire,same,ana,one choir").issues
    assert issue["where"] == "overrides.csv: example.org:choir and example.org:quire"
    assert issue["reason"] == "called same, but no entry has the raw key example.org:quire"
    assert issue["stage"] == "curate" and issue["what_to_do"]


def test_decisions_at_odds_are_an_issue(data: DataFolder) -> None:
    fill_lake(data, [CHOIR, BAKERY, KITCHEN])
    report = decide(
        data,
        "example.org:bakery,example.org:choir,same,ana,one house",
        "example.org:choir,example.org:kitchen,same,ana,one house",
        "example.org:bakery,example.org:kitchen,different,ben,two houses",
    )
    assert report.entries == 2
    assert [issue["reason"] for issue in report.issues] == [
        "called same, but other decisions of the file say the contrary"
    ]


def test_decisions_that_were_followed_are_none() -> None:
    followed = Overrides(same=(("a", "b"),), different=(("a", "c"),))
    assert unmet([["a", "b"], ["c"]], followed, "overrides.csv") == []


def test_people_name_the_heir_of_an_entry_that_is_gone(data: DataFolder) -> None:
    fill_lake(data, [CHOIR, BAKERY])
    curate(data, SOURCES, NOW)
    fill_lake(data, [BAKERY])
    assert len(curate(data, SOURCES, NOW).lost) == 1
    report = decide(data, "example.org:choir,example.org:bakery,same,ana,the choir sings there now")
    assert (report.lost, report.issues, report.entries) == ([], [], 1)
    with connect(data.build, read_only=True) as con:
        (entry_id,) = con.execute("from entries select entry_id").fetchall()[0]
        redirects = con.execute("from entry_redirects select target_id, reason").fetchall()
    assert redirects == [(entry_id, "merged")]


def test_a_gone_key_joins_one_cluster_only() -> None:
    named = with_gone_keys([{"a"}, {"b"}], [("a", "gone"), ("b", "gone"), ("a", "never")], {"a", "b", "gone"})
    assert named == [["a", "gone"], ["b"]]


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "overrides.csv"
    path.write_text("raw_key_left,raw_key_right,decision,who,why\na,b,same,ana,once, and again\n", encoding="utf-8")
    with pytest.raises(OverridesError, match="line 2: more cells than columns"):
        read_overrides(path)

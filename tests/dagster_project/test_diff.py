"""Comparing two sets of entries."""

from __future__ import annotations

from pathlib import Path

from dagster_project.commands.diff import compare, link_captures


def entry(key: str, **values: object) -> dict[str, object]:
    return {"entry_id": key, "title": f"Title of {key}", "start_date": None, "last_seen_at": 1} | values


def test_added_removed_changed() -> None:
    before = {"a": entry("a"), "b": entry("b"), "c": entry("c")}
    after = {"b": entry("b", start_date="2018-11-28"), "c": entry("c", last_seen_at=2), "d": entry("d")}
    difference = compare(before, after)
    assert [e["entry_id"] for e in difference.added] == ["d"]
    assert [e["entry_id"] for e in difference.removed] == ["a"]
    assert [(new["entry_id"], columns) for _, new, columns in difference.changed] == [("b", ["start_date"])]


def test_nothing_differs() -> None:
    same = {"a": entry("a")}
    difference = compare(same, dict(same))
    assert (difference.added, difference.removed, difference.changed) == ([], [], [])


def test_a_scratch_folder_shares_captures_and_nothing_that_is_written(tmp_path: Path) -> None:
    data, scratch = tmp_path / "data", tmp_path / "scratch"
    run = data / "captures" / "coe-newsroom" / "import-0123456789ab"
    run.mkdir(parents=True)
    for name in ("pages.warc.gz", "run.json", "read.json"):
        (run / name).write_text(name)
    (data / "identity.parquet").write_text("ledger")
    link_captures(data, scratch)
    copy = scratch / run.relative_to(data)
    assert (copy / "pages.warc.gz").is_symlink()
    assert (copy / "run.json").is_symlink()
    assert not (copy / "read.json").exists()
    assert not (scratch / "identity.parquet").is_symlink()
    (copy / "read.json").write_text("of the scratch folder")
    assert (run / "read.json").read_text() == "read.json"

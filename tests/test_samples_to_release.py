"""The whole street on the sample captures, through the command line: what a user gets is what the pages say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from sample_release import Harvested

from warehouse.releases import open_release

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
COMMAND = str(Path(sys.executable).with_name("cityharvest"))
TRUTH: dict[str, Any] = yaml.safe_load((SAMPLES / "expected.yaml").read_text(encoding="utf-8"))
# What the first rules for duplicates do not join: translations without a key, and titles that share one common word.
NOT_JOINED = {"hub-icc-webinar", "hub-icc-report", "ev-vinnytsia-2018"}
DATES = ("start_date", "end_date", "start_time", "end_time", "date_precision")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def street(harvested: Harvested, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after two harvests of the sample captures; what the first published is kept in `first.json`."""
    folder = tmp_path_factory.mktemp("street")
    shutil.copytree(harvested.data, folder / "data", symlinks=True)
    kept(folder, "first", harvested.said.stdout)
    done = run("harvest", "--captures", str(harvested.captures), "--data", str(folder / "data"))
    assert done.returncode == 0, done.stderr
    kept(folder, "second", done.stdout)
    return folder


def kept(folder: Path, turn: str, said: str) -> None:
    """What a harvest said, and what it published."""
    (folder / f"{turn}.txt").write_text(said, encoding="utf-8")
    (folder / f"{turn}.json").write_text(json.dumps(rows(folder, "select entry_id, title from entries order by all")))


def rows(folder: Path, sql: str) -> list[dict[str, Any]]:
    with open_release(folder / "data") as connection:
        found = connection.execute(sql)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def plain(text: Any) -> str:
    """Letters and digits without case, marks and blanks: for comparing."""
    decomposed = unicodedata.normalize("NFKD", str(text or "").casefold())
    return "".join(c for c in decomposed if c.isalnum())


@pytest.fixture(scope="module")
def found(street: Path) -> dict[str, set[str]]:
    """Thing of the truth to the entry_ids that hold its mentions."""
    mentions = rows(
        street,
        "select entry_id, s.title, s.date_raw, s.place_raw, s.page_url, e.summary, e.url "
        "from entry_sources s join entries e using (entry_id)",
    )
    captured: dict[str, list[str]] = defaultdict(list)
    for capture in yaml.safe_load((SAMPLES / "index.yaml").read_text(encoding="utf-8"))["captures"]:
        if "file" in capture:
            captured[capture["file"]].append(capture["url"])
    owners: dict[str, set[str]] = defaultdict(set)
    for page in TRUTH["pages"]:
        for entry in page["entries"]:
            ids = {m["entry_id"] for m in mentions if m["page_url"] in captured[page["file"]] and fits(entry, m)}
            owners[entry["thing"]] |= ids
    return owners


def fits(entry: Mapping[str, Any], mention: Mapping[str, Any]) -> bool:
    if entry.get("key", "").startswith("coe:"):
        return str(mention["url"]).rstrip("/").endswith(entry["key"][4:])
    title = plain(entry["title"])
    if entry.get("title_within"):
        return title in plain(mention["title"]) or title in plain(mention["summary"])
    soft = entry.get("soft", [])  # "Expert's visit" is told of many visits: date and place tell them apart
    same = [plain(entry.get(n)) in ("", plain(mention[f"{n}_raw"])) for n in ("date", "place") if n not in soft]
    return title == plain(mention["title"]) and all(same)


def optional_things() -> set[str]:
    entries = [entry for page in TRUTH["pages"] for entry in page["entries"]]
    return {entry["thing"] for entry in entries} - {entry["thing"] for entry in entries if not entry.get("optional")}


def test_every_thing_is_one_entry(found: dict[str, set[str]]) -> None:
    split = {thing for thing, ids in found.items() if len(ids) != 1} - optional_things()
    assert split == NOT_JOINED  # shrink the list when one is joined


def test_nothing_is_merged_by_mistake(found: dict[str, set[str]]) -> None:
    may_join = {
        frozenset((name, other)) for name, thing in TRUTH["things"].items() for other in thing.get("may_join", [])
    }
    owners: dict[str, set[str]] = defaultdict(set)
    for thing, ids in found.items():
        for entry_id in ids:
            owners[entry_id].add(thing)
    merged = [things for things in owners.values() if len(things) > 1]
    assert [things for things in merged if not any(pair <= things for pair in may_join)] == []


THINGS = [(name, thing) for name, thing in TRUTH["things"].items() if name not in optional_things() | NOT_JOINED]


@pytest.fixture(scope="module")
def entries(street: Path) -> dict[str, dict[str, Any]]:
    return {entry["entry_id"]: entry for entry in rows(street, "select * from entries")}


@pytest.mark.parametrize(("name", "thing"), THINGS, ids=[name for name, _ in THINGS])
def test_values_of_the_release(
    name: str, thing: Mapping[str, Any], found: dict[str, set[str]], entries: dict[str, dict[str, Any]]
) -> None:
    (entry_id,) = found[name]
    entry = entries[entry_id]
    wanted_kinds = thing["kind"] if isinstance(thing["kind"], list) else [thing["kind"]]
    assert entry["kind"] in wanted_kinds
    for column in DATES:
        have = entry[column]
        have = have.isoformat("minutes") if column.endswith("time") and have else have and str(have)
        assert have == thing.get(column), column
    for column in ("is_ongoing", "is_online"):
        assert entry[column] == thing.get(column, False), column
    missing = {plain(city) for city in thing.get("cities", [])} - {plain(city) for city in entry["cities"]}
    assert not missing
    assert set(thing.get("countries", [])) <= set(entry["countries"])


def test_a_second_harvest_changes_nothing(street: Path) -> None:
    assert (street / "first.json").read_text() == (street / "second.json").read_text()
    assert "Unchanged" in (street / "second.txt").read_text()
    (count,) = rows(street, "select count(*) as raw, count(distinct raw_entry_id) as ids from entry_sources")
    assert count["raw"] == count["ids"]


def test_no_private_word_is_published(street: Path) -> None:
    private = [word for page in TRUTH["pages"] for entry in page["entries"] for word in entry.get("private", [])]
    assert private
    for path in (street / "data" / "published" / "latest").glob("*.*"):
        if path.suffix in (".csv", ".jsonl", ".json"):
            text = path.read_text(encoding="utf-8")
            assert [word for word in private if word in text] == [], path.name


def test_captures_that_do_not_exist_are_a_usage_error(tmp_path: Path) -> None:
    done = run("harvest", "--captures", str(tmp_path / "nowhere.warc"), "--data", str(tmp_path / "data"))
    assert done.returncode == 2
    assert "nowhere.warc" in re.sub(r"[\s│]", "", done.stderr), "a long path is broken over lines"
    assert "Traceback" not in done.stderr

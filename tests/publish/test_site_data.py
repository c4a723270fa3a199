"""The data files of the site: what they hold, how they are cut, and that nothing but data can be in them."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from publish_parts import Tables
from site_parts import payload, release_of, site_of, some_entries

from pipelines.publish.facts import sha256
from pipelines.publish.site.scripts import as_json, writer
from pipelines.reference import cities
from pipelines.reference.projections import WINDOWS, outlines, position, project, size

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "pipelines" / "publish" / "site" / "page"


@pytest.fixture(scope="module")
def made() -> Tables:
    return some_entries()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, made: Tables) -> Path:
    return release_of(tmp_path_factory.mktemp("data"), made).folder


def parts(folder: Path, name: str) -> list[Path]:
    return sorted((folder / "site" / "data").glob(f"{name}-*.js"))


def test_every_entry_is_in_the_index_once_newest_first(folder: Path, made: Tables) -> None:
    first = payload(folder / "site" / "data" / "first.js")
    index = [payload(path) for path in parts(folder, "index")]
    assert len(index) == first["index"] == 3
    ids = [each for part in index for each in part["id"]]
    assert sorted(ids) == sorted(row["entry_id"] for row in made["entries"]) and first["total"] == len(ids)
    days = [day for part in index for day in part["start"]]
    known = [day for day in days if day is not None]
    assert known == sorted(known, reverse=True) and days[len(known) :] == [None] * (len(days) - len(known))
    assert all({len(column) for column in part.values()} == {len(part["id"])} for part in index)
    assert first["newest"]["index"]["id"] == ids[:50]
    texts = [text for path in parts(folder, "texts") for text in payload(path)]
    by_id = {row["entry_id"]: row["summary"] for row in made["entries"]}
    assert texts == [by_id[each] for each in ids] and first["newest"]["texts"] == texts[:50]


def test_codes_stand_for_what_the_entry_says(folder: Path, made: Tables) -> None:
    first = payload(folder / "site" / "data" / "first.js")
    by_id = {row["entry_id"]: row for row in made["entries"]}
    for path in parts(folder, "index"):
        part = payload(path)
        for at, entry_id in enumerate(part["id"]):
            row = by_id[entry_id]
            for name, column in (("topic", "topics"), ("country", "countries"), ("city", "city_ids")):
                assert [first["dimensions"][name][code][0] for code in part[name][at]] == row[column]
            assert first["kinds"][part["kind"][at]][0] == row["kind"]
            assert bool(part["online"][at]) is row["is_online"]
    for name, values in first["dimensions"].items():
        numbers = [value[2] for value in values]
        assert numbers == sorted(numbers, reverse=True), f"{name}: the most frequent first"
    assert ["anti-rumours", "Anti-rumours", 5] in first["dimensions"]["topic"]
    assert ["FR", "France", 20] in first["dimensions"]["country"]


def test_entries_are_found_by_the_first_id_of_each_part(folder: Path, made: Tables) -> None:
    first = payload(folder / "site" / "data" / "first.js")
    contents = [payload(path) for path in parts(folder, "entries")]
    assert [content["rows"][0][0] for content in contents] == first["firsts"]
    ids = [row[0] for content in contents for row in content["rows"]]
    assert ids == sorted(row["entry_id"] for row in made["entries"])
    told = {row[0]: dict(zip(contents[0]["fields"], row, strict=True)) for c in contents for row in c["rows"]}
    cafe = told["ce-00000000000a"]
    assert [source[6:] for source in cafe["sources"]].count(["same title and date", 0.97]) == 3
    assert cafe["sections"] == {"purpose": "To meet."} and cafe["links"][0][1] == "Agenda"
    assert (cafe["start_date"], cafe["first_seen_at"]) == ("2011-02-15", "2024-11-01 08:00")


def test_an_ongoing_entry_goes_on_until_it_was_last_seen(folder: Path) -> None:
    spans = {
        each["id"][at]: (each["first"][at], each["last"][at])
        for each in map(payload, parts(folder, "index"))
        for at in range(len(each["id"]))
    }
    assert spans["ce-000000000001"] == (2016, 2024)
    assert spans["ce-000000000002"] == (2017, 2021) and spans["ce-00000000001d"] == (None, None)


def test_downloads_have_the_size_and_checksum_of_what_lies_there(folder: Path) -> None:
    files = payload(folder / "site" / "data" / "downloads.js")["files"]
    assert {"cityharvest.duckdb", "entries.csv", "changes.parquet", "events.ics"} <= {path for path, *_ in files}
    for path, size_, digest, _ in files:
        assert ((folder / path).stat().st_size, sha256(folder / path)) == (size_, digest), path


def test_the_first_release_has_no_changes_and_the_next_one_has(tmp_path: Path, made: Tables) -> None:
    first = payload(release_of(tmp_path, made).folder / "site" / "data" / "changes.js")
    assert (first["previous"], first["counts"], first["shown"]) == (None, {"ADD": 120}, [])
    after = some_entries()
    after["entries"][5]["title"], after["entries"][6]["relevance"] = "Renamed", 0.25
    second = payload(release_of(tmp_path, after, days=1).folder / "site" / "data" / "changes.js")
    renamed = ["ce-000000000006", "MOD", "Renamed", "news", None, None, [["title", "Open day 6", "Renamed"]]]
    assert second["shown"] == [renamed], "bookkeeping is not told"
    assert (second["counts"], second["quiet"]) == ({"MOD": 1}, 1), "no number with nothing below it"


def test_the_same_release_gives_the_same_bytes(tmp_path: Path, made: Tables) -> None:
    one, other = (site_of(tmp_path / name, made) for name in ("one", "other"))
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    differ = [str(name) for name in names if (one / name).read_bytes() != (other / name).read_bytes()]
    assert differ == []


def test_a_release_without_places_topics_or_dates_has_a_site(tmp_path: Path) -> None:
    bare = some_entries(30)
    for row in bare["entries"]:
        row |= {"topics": [], "cities": [], "city_ids": [], "countries": [], "language": None, "start_date": None,
                "end_date": None, "is_ongoing": False}  # fmt: skip
    first = payload(site_of(tmp_path / "bare", bare) / "data" / "first.js")
    assert (first["years"], first["dimensions"]["city"], first["total"]) == ([], [], 30)
    nothing: Tables = {name: [] for name in bare}
    first = payload(site_of(tmp_path / "nothing", nothing) / "data" / "first.js")
    assert (first["total"], first["index"], first["firsts"]) == (0, 0, [])


@pytest.mark.parametrize(
    "text",
    ["</script>", "<!--", "\u2028\u2029", "\ud800", "\udfff", "\x00\x1f\x7f\x85", "\u202e\u2066\ufeff", "'\"\\`"],
)
def test_no_text_leaves_its_quotes(text: str, tmp_path: Path) -> None:
    writer(tmp_path, "r1")("texts", as_json([text]), 3)
    said = (tmp_path / "texts-003.js").read_text(encoding="utf-8").removesuffix("\n")
    assert not any(c in said for c in "<\u2028\u2029\x00\n")
    assert payload(tmp_path / "texts-003.js") == [text]


def test_the_parts_of_the_page_are_installed_and_small() -> None:
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    patterns = packaged["pipelines.publish.site"]
    for path in PAGE.iterdir():
        assert any(fnmatch(f"page/{path.name}", pattern) for pattern in patterns), path.name
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name


def test_the_page_names_its_parts_and_no_other_address() -> None:
    frame = (PAGE / "index.html").read_text(encoding="utf-8")
    for path in PAGE.iterdir():
        if path.name != "index.html":
            assert f'"{path.name}' in frame, path.name
    ours = "".join(path.read_text(encoding="utf-8") for path in PAGE.iterdir())
    assert {part.split('"')[0] for part in ours.split("http")[1:] if part.startswith(("://", "s://"))} == {
        "://www.w3.org/2000/svg"
    }
    assert "default-src 'none'" in frame and "unsafe" not in frame and " style=" not in frame
    assert not any(word in ours for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("))


def test_both_maps_keep_areas_and_hold_what_they_should() -> None:
    assert position("europe", 10, 52) == [round(2450 / 5), round(2250 / 5)], "the middle of the projection"
    for area in WINDOWS:
        square_km = [
            abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1))
            for latitude in (38.0, 60.0)
            for (x1, y1), (x2, y2), (x3, y3) in [
                [project(area, lon, lat) for lon, lat in ((10, latitude), (10.1, latitude), (10, latitude + 0.1))]
            ]
        ]
        want = 0.788011 / 0.5  # the ratio of cosines of the two latitudes
        assert square_km[0] / square_km[1] == pytest.approx(want, rel=0.01), area
        assert outlines()[area].startswith("M") and size(area)[0] > size(area)[1]
    members = [city for city in cities() if city.status == "member" and city.longitude is not None]
    assert len(members) > 100
    assert all(position("world", city.longitude or 0, city.latitude or 0) for city in members)

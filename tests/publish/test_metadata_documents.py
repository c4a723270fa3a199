"""The other documents of a release, each read by a program that is not ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import pytest
import yaml
from markdown_it import MarkdownIt
from metadata_parts import json_graph, released, schema_org_graph, second, shape_findings, turtle_graph
from publish_parts import NOW, build, warehouse
from rdflib.compare import isomorphic
from sample_release import Harvested

from pipelines.publish.release import Release, publish
from warehouse.layout import DataFolder
from warehouse.tables import RELEASE_TABLES

NAMES = [*(table.name for table in RELEASE_TABLES), "practices", "events"]


@pytest.fixture(scope="session")
def release(plain: Release) -> Path:
    return plain.folder


@pytest.fixture(scope="session")
def of_samples(harvested: Harvested) -> Path:
    """A release made of the sample pages, through the command line."""
    return (harvested.data / "published" / "latest").resolve()


@pytest.fixture(params=["release", "of_samples"])
def any_release(request: pytest.FixtureRequest) -> Path:
    return Path(request.getfixturevalue(request.param))


def validator(folder: Path, table: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((folder / "schemas" / f"{table}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def lines(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_line_is_as_its_schema_says(any_release: Path) -> None:
    counted = 0
    for table in NAMES:
        schema = validator(any_release, table)
        for line in lines(any_release, table):
            faults = [f"{fault.json_path}: {fault.message}" for fault in schema.iter_errors(line)]
            assert not faults, (table, faults)
            counted += 1
    assert counted > 30


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "party"), ("entry_id", None), ("start_date", "2024-5-3"), ("start_date", "2024-02-31"),
        ("start_time", "25:00:00"), ("start_at", "2024-05-03T09:00:00"), ("source_count", 1.5), ("source_count", 2**31),
        ("cities", None), ("cities", [1]), ("is_online", "no"), ("sections", "text"), ("new", 1),
    ],
)  # fmt: skip
def test_a_schema_sees_what_is_wrong(release: Path, column: str, value: Any) -> None:
    schema, line = validator(release, "entries"), lines(release, "entries")[0]
    assert schema.is_valid(line)
    assert not schema.is_valid(line | {column: value})


def test_a_schema_wants_every_column(release: Path) -> None:
    line = lines(release, "entry_links")[0]
    assert not validator(release, "entry_links").is_valid({k: v for k, v in line.items() if k != "label"})


def test_checksums_are_those_of_the_files(any_release: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=any_release, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = {line.split("  ", 1)[1] for line in (any_release / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}
    have = {path.relative_to(any_release).as_posix() for path in any_release.rglob("*") if path.is_file()}
    assert told == have - {"SHA256SUMS", "release.json"}
    files = json.loads((any_release / "release.json").read_text(encoding="utf-8"))["files"]
    assert set(files) == have - {"release.json"}


def test_the_citation_is_valid_by_the_format_s_own_schema(any_release: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format"]
    done = subprocess.run([*command, str(any_release / "CITATION.cff")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = yaml.safe_load((any_release / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["version"] == any_release.name and said["type"] == "dataset" and said["license"] == "CC-BY-4.0"


def test_the_citation_is_checked_in_earnest(release: Path, tmp_path: Path) -> None:
    text = (release / "CITATION.cff").read_text(encoding="utf-8")
    wrong = tmp_path / "CITATION.cff"
    wrong.write_text(text.replace('license: "CC-BY-4.0"', 'license: "CC-BY-ish"'), encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format"]
    assert subprocess.run([*command, str(wrong)], capture_output=True, check=False).returncode == 1


def test_the_citation_has_address_and_contact_when_they_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYHARVEST_BASE_URL", "https://data.example.org/latest")
    monkeypatch.setenv("CITYHARVEST_PUBLISHER_CONTACT", "https://data.example.org/ask")
    folder = released(tmp_path).folder
    said = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["url"] == f"https://data.example.org/releases/{folder.name}/"
    assert said["contact"] == [{"name": "cityharvest", "website": "https://data.example.org/ask"}]
    test_the_citation_is_valid_by_the_format_s_own_schema(folder)
    schema = json.loads((folder / "schemas" / "cities.schema.json").read_text(encoding="utf-8"))
    assert schema["$id"] == f"{said['url']}schemas/cities.schema.json"


def test_the_data_package_is_valid_and_says_whose_data_are_in_it(any_release: Path) -> None:
    report = frictionless.validate(str(any_release / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])
    assert len(report.tasks) == len(NAMES)
    package = json.loads((any_release / "datapackage.json").read_text(encoding="utf-8"))
    titles = [source["title"] for source in package["sources"]]
    assert len(titles) >= 3 and titles[-2:] == ["GeoNames (GeoNames)", "Unicode CLDR (Unicode, Inc.)"]
    assert [licence["name"] for licence in package["licenses"]] == ["CC-BY-4.0"]


def test_metadata_of_the_samples_is_whole(of_samples: Path) -> None:
    graph = turtle_graph(of_samples)
    assert shape_findings(graph) == (set(), {"contactPoint", "homepage"})
    assert isomorphic(graph, json_graph((of_samples / "dcat.jsonld").read_text(encoding="utf-8")))
    assert shape_findings(schema_org_graph(of_samples)) == (set(), set())


def cells(folder: Path, file: str) -> list[list[str]]:
    """Rows of all tables of a Markdown file as a reader shows them."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse((folder / file).read_text(encoding="utf-8"))
    rows: list[list[str]] = []
    within = False
    for token in tokens:
        if token.type in ("tr_open", "tr_close"):
            within = token.type == "tr_open"
            rows += [[]] if within else []
        elif token.type == "inline" and within:
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def test_licences_are_told_per_source(tmp_path: Path) -> None:
    tables = warehouse()
    listing = tables["sources"][0]
    tables["sources"] = [
        listing | {"licence": "CC-BY-SA-4.0", "attribution": "Text: Somebody"},
        listing | {"source": "silent", "title": "Nothing was read of it"},
    ]
    folder = released(tmp_path, tables).folder
    rows = cells(folder, "LICENSES.md")
    assert ["listing", "List", "Somebody", "CC-BY-SA-4.0", "Text: Somebody"] in rows
    assert not [row for row in rows if "silent" in row]
    text = (folder / "LICENSES.md").read_text(encoding="utf-8")
    assert "<https://creativecommons.org/licenses/by-sa/4.0/>" in text
    assert any("GeoNames" in row[0] and "CC BY 4.0" in row[4] for row in rows)
    assert any("CLDR" in row[0] and "Unicode, Inc." in row[4] for row in rows)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["sources"][0]["licence"] == "CC-BY-SA-4.0"


def test_a_source_that_states_nothing_is_not_given_a_licence(release: Path) -> None:
    assert ["listing", "List", "Somebody", "not stated", "not stated"] in cells(release, "LICENSES.md")


def test_the_same_content_and_moment_give_the_same_bytes(release: Path, tmp_path: Path) -> None:
    again = released(tmp_path).folder
    files = [path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()]
    different = [file for file in files if (again / file).read_bytes() != (release / file).read_bytes()]
    # The database is a copy of the one that was curated: its bytes are the engine's, and its checksum is told by these.
    tell = {"cityharvest.duckdb", "SHA256SUMS", "release.json", "dataset.jsonld", "dcat.ttl", "dcat.jsonld"}
    assert set(different) <= tell
    sums = [_without_database((folder / "dcat.ttl").read_text(encoding="utf-8")) for folder in (release, again)]
    assert sums[0] == sums[1]


def _without_database(turtle: str) -> list[str]:
    return [part for part in turtle.split("\n\n") if "cityharvest.duckdb>\n" not in part]


def test_a_release_without_dates_places_and_sources_has_valid_documents(tmp_path: Path) -> None:
    tables = warehouse(3)
    for row in tables["entries"]:
        row.update(kind="news", start_date=None, end_date=None, start_time=None, start_at=None, date_precision=None)
        row.update(date_role=None, date_raw=None, cities=[], city_ids=[], countries=[], language=None)
    for row in tables["entry_versions"]:
        row.update(start_date=None, end_date=None)
    data = DataFolder(tmp_path)
    build(data, tables)
    folder = publish(data, [], NOW).folder
    violations, missing = shape_findings(turtle_graph(folder))
    assert violations == set() and {"temporal", "spatial"} <= missing
    assert shape_findings(schema_org_graph(folder)) == (set(), set())
    test_the_citation_is_valid_by_the_format_s_own_schema(folder)


def test_the_second_release_has_documents_of_its_own(data: DataFolder, first: Release) -> None:
    later: Release = second(data.root)
    assert first.name not in (later.folder / "CITATION.cff").read_text(encoding="utf-8")
    assert first.name in (later.folder / "dcat.ttl").read_text(encoding="utf-8")

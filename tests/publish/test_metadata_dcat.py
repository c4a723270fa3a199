"""DCAT-AP and schema.org: both notations say the same, and what the profile asks for is there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import rdflib
from metadata_parts import BASE, json_graph, released, schema_org_graph, second, shape_findings, turtle_graph
from publish_parts import copied
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF

from pipelines.publish.release import Refused, Release
from warehouse.layout import DataFolder

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")  # of version 3; the library knows the second
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")


@pytest.fixture(scope="session")
def release(plain: Release) -> Release:
    return plain


@pytest.fixture(scope="module")
def at_home(plain: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with an address, a publisher with a contact, and one before it."""
    data = DataFolder(tmp_path_factory.mktemp("at_home"))
    copied(plain, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CITYHARVEST_BASE_URL", BASE)
        patch.setenv("CITYHARVEST_PUBLISHER", "Office of Data")
        patch.setenv("CITYHARVEST_PUBLISHER_CONTACT", "data@example.org")
        return second(data.root)


def dataset(graph: rdflib.Graph, release: Release) -> rdflib.URIRef:
    found = rdflib.URIRef(f"tag:cityharvest,2024:{release.name}")
    assert (found, rdflib.RDF.type, DCAT.Dataset) in graph
    return found


def test_both_notations_are_the_same_graph(release: Release, at_home: Release) -> None:
    for each in (release, at_home):
        graph = turtle_graph(each.folder)
        other = json_graph((each.folder / "dcat.jsonld").read_text(encoding="utf-8"))
        assert len(graph) > 300 and isomorphic(graph, other)


def test_nothing_but_a_contact_and_a_home_is_missing(release: Release) -> None:
    """Both are recommended, and nobody may make them up."""
    assert shape_findings(turtle_graph(release.folder)) == (set(), {"contactPoint", "homepage"})


def test_a_release_at_home_has_all_that_is_recommended(at_home: Release) -> None:
    graph = turtle_graph(at_home.folder)
    assert shape_findings(graph) == (set(), set())
    (contact,) = set(graph.objects(dataset(graph, at_home), DCAT.contactPoint))
    assert graph.value(contact, VCARD.hasEmail) is not None
    contact_of = graph.value(rdflib.URIRef("tag:cityharvest,2024:releases"), DCAT.contactPoint)
    assert str(graph.value(contact_of, VCARD.hasEmail)) == "mailto:data@example.org"
    publisher = graph.value(dataset(graph, at_home), DCTERMS.publisher)
    assert str(graph.value(publisher, FOAF.name)) == "Office of Data"


@pytest.mark.parametrize(
    ("line", "instead", "found"),
    [
        ('  dct:description "The releases of', '  dct:abstract "The releases of', "description"),
        ("a foaf:Agent", "a foaf:Document", "publisher"),
        ("xsd:nonNegativeInteger", "xsd:string", "byteSize"),
        ("checksumAlgorithm_sha256", "checksumAlgorithm_md5", "algorithm"),
        ("  dcat:accessURL", "  foaf:page", "accessURL"),
        ('dcat:startDate "2024-05-03"', 'dcat:startDate "2025-05-03"', "startDate"),
    ],
)
def test_the_shapes_see_what_is_wrong(release: Release, line: str, instead: str, found: str) -> None:
    text = (release.folder / "dcat.ttl").read_text(encoding="utf-8")
    assert line in text
    graph = rdflib.Graph().parse(data=text.replace(line, instead), format="turtle", publicID=BASE)
    assert found in shape_findings(graph)[0]


def test_every_data_file_is_a_distribution_with_its_size_and_sum(release: Release) -> None:
    graph = turtle_graph(release.folder)
    folder = release.folder
    told = set()
    for distribution in graph.objects(dataset(graph, release), DCAT.distribution):
        address = str(graph.value(distribution, DCAT.downloadURL))
        path = folder / address.removeprefix(BASE)
        told.add(path.relative_to(folder).as_posix())
        assert int(str(graph.value(distribution, DCAT.byteSize))) == path.stat().st_size
        checksum = graph.value(distribution, SPDX.checksum)
        want = hashlib.sha256(path.read_bytes()).hexdigest()
        assert str(graph.value(checksum, SPDX.checksumValue)).lower() == want
    suffixes = (".parquet", ".csv", ".jsonl", ".duckdb", ".ics", ".geojson", ".atom")
    have = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in suffixes}
    assert told == have | {"changes.json"} and len(have) > 30


def test_versions_are_a_series(at_home: Release) -> None:
    graph = turtle_graph(at_home.folder)
    this = dataset(graph, at_home)
    series = graph.value(this, DCAT.inSeries)
    assert series == rdflib.URIRef("tag:cityharvest,2024:releases")
    assert graph.value(series, DCAT.last) == this
    earlier = graph.value(this, DCAT.previousVersion)
    assert earlier == graph.value(this, DCAT.prev) != this
    assert str(graph.value(earlier, DCAT.version)) in str(earlier)


def test_addresses_are_relative_until_somebody_says_where_the_release_is(release: Release, at_home: Release) -> None:
    far = "https://elsewhere.example.org/x/"
    moved = turtle_graph(release.folder, far)
    assert rdflib.URIRef(f"{far}entries.csv") in set(moved.objects(None, DCAT.downloadURL))
    fixed = turtle_graph(at_home.folder, far)
    home = rdflib.URIRef(BASE)
    assert home in set(fixed.objects(None, DCAT.landingPage))


def test_what_has_a_checksum_has_an_address_that_never_changes(at_home: Release) -> None:
    """`latest` is another release tomorrow; the folder `published` is what is served."""
    graph, latest = turtle_graph(at_home.folder), "https://data.example.org/latest"
    served = {str(address) for name in ("accessURL", "downloadURL") for address in graph.objects(None, DCAT[name])}
    for address in served:
        assert address.startswith(f"{latest.removesuffix('latest')}releases/{at_home.name}/")
        assert (at_home.folder.parents[1] / address.removeprefix("https://data.example.org/")).is_file()
    schema = rdflib.Namespace("https://schema.org/")
    assert {str(o) for o in schema_org_graph(at_home.folder).objects(None, schema.contentUrl)} == served
    # What is asked for again and again keeps the address at which the next release will be.
    assert f"SOURCE;VALUE=URI:{latest}/events.ics" in (at_home.folder / "events.ics").read_text("utf-8")
    assert f'"feed_url": "{latest}/changes.json"' in (at_home.folder / "changes.json").read_text("utf-8")


def test_where_only_the_latest_has_an_address_files_have_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYHARVEST_BASE_URL", "https://data.example.org/intercultural")
    graph = turtle_graph(released(tmp_path).folder)
    entries = rdflib.URIRef("https://data.example.org/intercultural/entries.csv")
    assert entries in set(graph.objects(None, DCAT.downloadURL))


def test_schema_org_is_what_search_engines_read(release: Release, at_home: Release) -> None:
    for each in (release, at_home):
        graph = schema_org_graph(each.folder)
        assert shape_findings(graph) == (set(), set())
        schema = rdflib.Namespace("https://schema.org/")
        (found,) = graph.subjects(rdflib.RDF.type, schema.Dataset)
        assert str(graph.value(found, schema.version)) == each.name
        assert len(set(graph.objects(found, schema.distribution))) > 30
        names = {
            str(name) for part in graph.objects(found, schema.isBasedOn) for name in graph.objects(part, schema.name)
        }
        assert names == {"List", "GeoNames", "Unicode CLDR"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CITYHARVEST_LICENCE", "do what you like"),
        ("CITYHARVEST_PUBLISHER_CONTACT", "javascript:alert(1)"),
        ("CITYHARVEST_PUBLISHER_CONTACT", "nobody at all"),
    ],
)
def test_a_setting_that_can_not_be_meant_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(Refused, match=variable):
        released(tmp_path)
    assert not (tmp_path / "published" / "latest").exists()


def test_the_licence_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYHARVEST_LICENCE", "CC0-1.0")
    graph = turtle_graph(released(tmp_path).folder)
    licences = {str(graph.value(d, DCTERMS.license)) for d in graph.subjects(rdflib.RDF.type, DCAT.Distribution)}
    assert licences == {"https://creativecommons.org/publicdomain/zero/1.0/"}

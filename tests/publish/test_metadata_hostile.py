"""Whatever a page, a source or a setting says comes out as text, unchanged in meaning, in every document."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from markdown_it import MarkdownIt
from metadata_parts import HOSTILE, hostile_tables, json_graph, released, shape_findings, turtle_graph
from publish_parts import NOW
from rdflib.compare import isomorphic
from ruamel.yaml import YAML

from pipelines.publish.facts import ReleaseFacts
from pipelines.publish.files.text import one_line
from pipelines.publish.metadata.about import About, Origin
from pipelines.publish.metadata.citation import citation
from pipelines.publish.metadata.dcat import graph
from pipelines.publish.metadata.dictionary import Described, Section, dictionary_markdown
from pipelines.publish.metadata.dictionary_page import dictionary_html
from pipelines.publish.metadata.licences import licences
from pipelines.publish.metadata.markup import markdown
from pipelines.publish.metadata.rdf import Iri, Literal, json_ld, node, turtle
from pipelines.publish.metadata.schemaorg import embedded, schema_org
from pipelines.publish.metadata.stated import stated
from warehouse.tables import Column, Table

# Any text that there is, and more often what means something to one of the formats.
SPECIAL = st.sampled_from("\"'\\|<>&`*_[](){}#$~!:-\n\r\t\x00\u202e\u2028")
PIECE = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(HOSTILE), SPECIAL)
TEXT = st.lists(PIECE).map("".join)
# Words that one YAML or another takes for something else than text, when they stand alone and without quotes.
WORDS = "0o14 0x1F 1e3 1_000 .inf 12:30 2024-01-01 yes NO on ~ null true = << - ? : ! & * % @ ` # ''".split(" ")
LINE = st.one_of(TEXT.map(one_line).filter(bool), st.sampled_from(WORDS))
GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NOTES = "http://www.w3.org/2000/01/rdf-schema#label"


OURS = set(
    "html head meta title style body a header h1 h2 p main nav ul li section div table caption thead tbody tr th td "
    "code bdi".split()
)


def parsed(page: str) -> html.HtmlElement:
    return html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))


def about(*origins: Origin, publisher: str = "Office") -> About:
    table = Table("notes", "Notes.", ("note",), (Column("note", "VARCHAR", "a note"),))
    facts = ReleaseFacts("20241102T050000Z-00000000", NOW, "0" * 64, [table], {"notes": 1})
    said = replace(stated(), publisher=publisher)
    return About(facts, said, [], origins, ["FR"], ["en"], NOW.date(), NOW.date(), None)


def shown(cell: str) -> str:
    """The text of a line of Markdown as a reader shows it; the test fails when any of it is more than text."""
    tokens = GFM.parse(f"| a |\n| - |\n| {cell} |")
    assert [token.type for token in tokens].count("inline") == 2, [token.type for token in tokens]
    inline = [token for token in tokens if token.type == "inline"][1]
    kinds = {child.type for child in inline.children or ()}
    assert kinds <= {"text", "text_special"}, (kinds, cell)
    return "".join(child.content for child in inline.children or ())


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_rdf_keeps_any_text_in_both_notations(text: str) -> None:
    said = [node("dct:Standard", ("rdfs:label", [Literal(text), Literal(text, language="en")]), id="tag:x,2024:y")]
    for found in (
        rdflib.Graph().parse(data=turtle(said), format="turtle", publicID="https://x.example/"),
        json_graph(json_ld(said)),
    ):
        labels = sorted(found.objects(None, rdflib.URIRef(NOTES)), key=lambda label: str(label.language))
        assert [str(label) for label in labels] == [text, text] and len(found) == 3


@settings(max_examples=200, deadline=None)
@given(st.one_of(TEXT, st.text(st.characters())))
def test_an_address_stays_one_address(text: str) -> None:
    said = [node("foaf:Document", ("foaf:page", Iri(f"https://x.example/{text}")), id="tag:x,2024:y")]
    one = rdflib.Graph().parse(data=turtle(said), format="turtle", publicID="https://x.example/")
    assert len(one) == 2 and isomorphic(one, json_graph(json_ld(said)))


@settings(max_examples=300, deadline=None)
@given(LINE)
def test_markdown_shows_any_line_as_it_is(line: str) -> None:
    assert shown(markdown(line)) == line


@settings(max_examples=100, deadline=None)
@given(LINE, LINE, LINE, LINE)
def test_a_source_is_named_alike_in_every_document(title: str, publisher: str, licence: str, attribution: str) -> None:
    release = about(Origin("source", title, publisher, licence, attribution), publisher=publisher)
    for loaded in (yaml.safe_load(citation(release)), YAML(typ="safe", pure=True).load(citation(release))):
        reference = loaded["references"][0]
        assert (reference["title"], reference["notes"]) == (title, attribution)
        assert reference["authors"] == loaded["authors"] == [{"name": publisher}]
    source = schema_org(release)["isBasedOn"][0]
    assert (source["name"], source["publisher"]["name"], source["creditText"]) == (title, publisher, attribution)
    found = rdflib.Graph().parse(data=turtle(graph(release)), format="turtle", publicID="https://x.example/")
    assert {title, publisher, attribution, licence} <= {
        str(o) for o in found.objects() if isinstance(o, rdflib.Literal)
    }
    assert isomorphic(found, json_graph(json_ld(graph(release)), "https://x.example/"))
    texts, kinds, links = row_of_licences(licences(release))
    assert texts == ["source", title, publisher, licence, attribution]
    assert kinds <= {"text", "text_special", "link_open", "link_close"}
    assert len(links) == 1 and links[0].startswith(("https://", "http://"))


def row_of_licences(page: str) -> tuple[list[str], set[str], list[str]]:
    """Of the row of the only source: its cells as a reader shows them, the parts that they consist of, the links."""
    row = page.split("| --- | --- | --- | --- | --- |\n")[1].split("\n")[0]
    tokens = GFM.parse(f"| a | b | c | d | e |\n| - | - | - | - | - |\n{row}")
    cells = [token.children or [] for token in tokens if token.type == "inline"][5:]
    parts = [part for cell in cells for part in cell]
    texts = ["".join(part.content for part in cell if part.type.startswith("text")) for cell in cells]
    return texts, {part.type for part in parts}, [str(p.attrGet("href")) for p in parts if p.type == "link_open"]


@settings(max_examples=100, deadline=None)
@given(LINE)
def test_the_dataset_stays_within_its_script(line: str) -> None:
    dataset = schema_org(about(Origin("source", line, line)))
    page = html.document_fromstring(
        f"<html><body><script type='application/ld+json'>{embedded(dataset)}</script><p>after"
    )
    (script,), (paragraph,) = page.iter("script"), page.iter("p")
    assert json.loads(str(script.text)) == dataset and paragraph.text == "after"


@settings(max_examples=100, deadline=None)
@given(LINE)
def test_the_dictionary_shows_any_value_as_text(line: str) -> None:
    column = Column("note", "VARCHAR", line)
    table = Table("notes", line, ("note",), (column,))
    section = Section(table, "table", 1, ("notes.csv",), (Described(column, (line,), "", (line,)),))
    page = parsed(dictionary_html(about(), [section]))
    places = ("//td[3]", "//td[4]/code", "//td[6]//bdi", "//section/p[1]")
    assert [page.xpath(f"string({place})") for place in places] == [line] * len(places)
    assert {element.tag for element in page.iter(etree.Element)} <= OURS
    assert not [name for element in page.iter(etree.Element) for name in element.attrib if name.startswith("on")]
    last = dictionary_markdown(about(), [section]).splitlines()[-1]
    tokens = [token for token in GFM.parse(f"{'| a ' * 7}|\n{'| - ' * 7}|\n{last}") if token.type == "inline"]
    assert "".join(child.content for child in tokens[-1].children or ()) == line


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("hostile"), hostile_tables()).folder


def test_a_release_of_hostile_sources_has_whole_documents(release: Path) -> None:
    found = turtle_graph(release)
    assert shape_findings(found)[0] == set()
    assert isomorphic(found, json_graph((release / "dcat.jsonld").read_text(encoding="utf-8")))
    texts = {str(text) for text in found.objects() if isinstance(text, rdflib.Literal)}
    assert {one_line(text) for text in HOSTILE} <= texts
    titles = [
        each["title"] for each in yaml.safe_load((release / "CITATION.cff").read_text(encoding="utf-8"))["references"]
    ]
    assert titles[: len(HOSTILE)] == [one_line(text) for text in HOSTILE]


def test_nothing_that_hides_or_turns_text_is_in_a_document(release: Path) -> None:
    documents = ["CITATION.cff", "LICENSES.md", "dictionary.md", "dictionary.html", "dcat.ttl", "dcat.jsonld"]
    documents += ["dataset.jsonld", "datapackage.json"]
    for file in documents:
        text = (release / file).read_text(encoding="utf-8")
        assert not re.findall(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text
        ), file


def test_the_dictionary_is_one_file_without_script(release: Path) -> None:
    text = (release / "dictionary.html").read_text(encoding="utf-8")
    page = parsed(text)
    assert {element.tag for element in page.iter(etree.Element)} <= OURS
    outside = [a for a in page.xpath("//@href | //@src") if not re.fullmatch(r"#[\w.-]+|[\w./-]+", a)]
    assert outside == []
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {a[1:] for a in page.xpath("//@href") if a.startswith("#")} | set(page.xpath("//@aria-labelledby")) <= set(
        ids
    )
    for table in page.iter("table"):
        assert table.find("caption") is not None
        assert {th.get("scope") for th in table.iter("th")} == {"col", "row"}


def test_the_data_package_keeps_the_sources(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    assert [s["title"].partition(" (")[0] for s in package["sources"][-2:]] == ["GeoNames", "Unicode CLDR"]
    assert package["sources"][0]["attribution"] == one_line(f"By {HOSTILE[0]}")

"""`dcat.ttl` and `dcat.jsonld`: the release in the words of DCAT-AP 3, for portals of open data.

What belongs here: which facts are told with which property. What does not: how RDF is written (`rdf`).

https://semiceu.github.io/DCAT-AP/releases/3.0.0/ says which properties are mandatory, recommended and optional, and
from which vocabularies their values come. A catalogue holds one dataset, which is this release; the releases are a
series. A file is a distribution. Who publishes is no official body of a known kind, so the agent has no `dct:type`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from babel.core import Locale, get_global

from pipelines.publish.metadata.about import LICENCES, TAG, About, DataFile, Origin
from pipelines.publish.metadata.rdf import Iri, Literal, Node, node
from pipelines.reference import country_names, load_yaml

_EUROPE = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_SERIES, _CATALOGUE = f"{TAG}releases", f"{TAG}catalogue"
_PAGE = "dictionary.html"


def graph(about: About) -> list[Node]:
    """The catalogue, the series, and everything in them."""
    return [_catalogue(about), _series(about), _dataset(about), *_earlier(about)]


def _catalogue(about: About) -> Node:
    return node(
        "dcat:Catalog",
        ("dct:title", _english("Releases of cityharvest")),
        ("dct:description", _english("The releases of cityharvest, the latest of which is described here.")),
        ("dct:publisher", _publisher(about)),
        ("dcat:dataset", Iri(about.tag())),
        ("dct:issued", _moment(about)),
        ("dct:modified", _moment(about)),
        ("dct:language", _language("ENG", "English")),
        ("dct:license", _licence(about)),
        ("dct:rights", _rights(about)),
        ("dct:spatial", [Iri(_country_iri(code)) for code in about.countries]),
        ("dcat:themeTaxonomy", _taxonomy()),
        ("foaf:homepage", _home(about)),
        id=_CATALOGUE,
    )


def _series(about: About) -> Node:
    return node(
        "dcat:DatasetSeries",
        ("dct:title", _english(f"{about.words['title']} (all releases)")),
        ("dct:description", _english(about.words["description"])),
        ("dct:publisher", _publisher(about)),
        ("dct:accrualPeriodicity", _frequency()),
        ("dcat:contactPoint", _contact(about)),
        ("dct:modified", _moment(about)),
        ("dct:spatial", [Iri(_country_iri(code)) for code in about.countries]),
        ("dct:temporal", _period(about)),
        ("dcat:last", Iri(about.tag())),
        id=_SERIES,
    )


def _dataset(about: About) -> Node:
    earlier = Iri(f"{TAG}{about.facts.previous.name}") if about.facts.previous else None
    return node(
        "dcat:Dataset",
        ("dct:title", _english(about.words["title"])),
        ("dct:description", _english(about.words["description"])),
        ("dct:identifier", Literal(about.tag())),
        ("dct:publisher", _publisher(about)),
        ("dct:creator", _publisher(about)),
        ("dcat:contactPoint", _contact(about)),
        ("dcat:keyword", [_english(word) for word in about.words["keywords"]]),
        ("dcat:theme", [_theme(code, name) for code, name in about.words["themes"].items()]),
        ("dct:issued", _moment(about)),
        ("dct:modified", _moment(about)),
        ("dct:accrualPeriodicity", _frequency()),
        ("dct:accessRights", _typed("dct:RightsStatement", f"{_EUROPE}access-right/PUBLIC", "public")),
        ("dct:language", list(_languages(about))),
        ("dct:spatial", [*(_country(code) for code in about.countries), *_box(about)]),
        ("dct:temporal", _period(about)),
        ("dct:conformsTo", _standard("https://specs.frictionlessdata.io/data-package/", "Frictionless Data Package")),
        ("dct:provenance", node("dct:ProvenanceStatement", ("rdfs:label", _english(about.words["provenance"])))),
        ("prov:wasDerivedFrom", [_origin(origin) for origin in (*about.sources, *about.reference)]),
        ("foaf:page", node("foaf:Document", ("dct:title", _english("Data dictionary")), id=about.link(_PAGE))),
        ("dcat:landingPage", _home(about)),
        ("dcat:version", Literal(about.facts.name)),
        ("dcat:inSeries", Iri(_SERIES)),
        ("dcat:prev", earlier),
        ("dcat:previousVersion", earlier),
        ("dcat:distribution", [_distribution(about, file) for file in about.files]),
        id=about.tag(),
    )


def _earlier(about: About) -> Iterator[Node]:
    """The release before: named, not described again."""
    if about.facts.previous:
        name = about.facts.previous.name
        yield node(
            "dcat:Dataset",
            ("dct:title", _english(f"{about.words['title']} ({name})")),
            ("dct:description", _english("The release before.")),
            ("dct:identifier", Literal(f"{TAG}{name}")),
            ("dcat:version", Literal(name)),
            ("dcat:inSeries", Iri(_SERIES)),
            id=f"{TAG}{name}",
        )


def _distribution(about: About, file: DataFile) -> Node:
    kind, link = file.format, about.link(file.path)
    schema = f"schemas/{file.table}.schema.json" if file.table and file.path.endswith(".jsonl") else None
    iana = kind.get("iana")
    return node(
        "dcat:Distribution",
        ("dct:title", _english(f"{file.path}: {kind['name']}")),
        ("dct:description", _english(file.title)),
        ("dcat:accessURL", Iri(link)),
        ("dcat:downloadURL", Iri(link)),
        ("dcat:mediaType", _typed("dct:MediaType", f"{_IANA}{iana}", iana) if iana else None),
        ("dct:format", _format(about, file)),
        ("dcat:byteSize", Literal(str(file.bytes), "xsd:nonNegativeInteger")),
        ("spdx:checksum", _checksum(file.sha256)),
        ("dct:license", _licence(about)),
        ("dct:rights", _rights(about)),
        ("dct:issued", _moment(about)),
        ("dct:conformsTo", _standard(kind["standard"], kind["name"])),
        ("dct:conformsTo", _standard(about.link(schema), f"JSON Schema of {file.table}") if schema else None),
        ("dcatap:availability", _concept(f"{_EUROPE}planned-availability/AVAILABLE", "available")),
        id=about.tag(file.path),
    )


def _format(about: About, file: DataFile) -> Node:
    code = file.format.get("europe")
    name = f"{_EUROPE}file-type/{code}" if code else f"{TAG}format/{file.path.rpartition('.')[2]}"
    return _typed("dct:MediaTypeOrExtent", name, file.format["name"])


def _checksum(sha256: str) -> Node:
    return node(
        "spdx:Checksum",
        ("spdx:algorithm", Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")),
        ("spdx:checksumValue", Literal(sha256, "xsd:hexBinary")),
    )


def _origin(origin: Origin) -> Node:
    """A source of the registry, or reference data: an entity that the release was made of."""
    link = origin.licence_link
    return node(
        "prov:Entity",
        ("dct:title", Literal(origin.title)),
        ("dct:publisher", node("foaf:Agent", ("foaf:name", Literal(origin.publisher)))),
        ("dct:license", _named(link, origin.licence)),
        ("dct:rights", _statement(origin.attribution)),
        ("foaf:page", node("foaf:Document", id=origin.address) if origin.address else None),
    )


def _named(licence: str | None, name: str | None) -> Node | None:
    said = ("rdfs:label", Literal(name or ""))
    return node("dct:LicenseDocument", said, id=licence) if licence else None


def _statement(text: str | None) -> Node | None:
    return node("dct:RightsStatement", ("rdfs:label", Literal(text))) if text else None


def _publisher(about: About) -> Node:
    return node("foaf:Agent", ("foaf:name", Literal(about.stated.publisher)), id=f"{TAG}publisher")


def _contact(about: About) -> Node | None:
    contact = about.stated.contact
    if contact is None:
        return None
    how = "vcard:hasEmail" if contact.startswith("mailto:") else "vcard:hasURL"
    return node("vcard:Kind", ("vcard:fn", Literal(about.stated.publisher)), (how, Iri(contact)))


def _licence(about: About) -> Node:
    licence = about.stated.licence
    europe = Iri(f"{_EUROPE}licence/{licence.europe}") if licence.europe else None
    said = (("dct:title", _english(licence.title)), ("dct:identifier", Literal(licence.spdx)))
    return node("dct:LicenseDocument", *said, ("owl:sameAs", europe), id=licence.address)


def _rights(about: About) -> Node:
    page = node("foaf:Document", ("dct:title", _english("Licences and attribution")), id=about.link(LICENCES))
    label = ("rdfs:label", _english(about.words["rights"]))
    return node("dct:RightsStatement", label, ("foaf:page", page), id=about.tag("rights"))


def _period(about: About) -> Node | None:
    if about.first is None or about.last is None:
        return None
    start, end = Literal(about.first.isoformat(), "xsd:date"), Literal(about.last.isoformat(), "xsd:date")
    return node("dct:PeriodOfTime", ("dcat:startDate", start), ("dcat:endDate", end))


def _box(about: About) -> Iterator[Node]:
    if about.box:
        west, south, east, north = about.box
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        text = f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"
        yield node("dct:Location", ("dcat:bbox", Literal(text, "geo:wktLiteral")))


def _country(code: str) -> Node:
    names = country_names().get(code, (code,))
    return node("dct:Location", ("skos:prefLabel", _english(names[0])), id=_country_iri(code))


def _country_iri(code: str) -> str:
    return f"{_EUROPE}country/{_alpha3().get(code, code)}"


@cache
def _alpha3() -> dict[str, str]:
    """ISO 3166-1 alpha-2 -> alpha-3; CLDR lists the longer codes as aliases of the shorter ones."""
    aliases = get_global("territory_aliases")
    longer = {new[0]: old for old, new in aliases.items() if len(old) == 3 and old.isalpha() and len(new) == 1}
    return longer | dict(load_yaml("metadata.yaml")["countries"])


def _languages(about: About) -> Iterator[Node]:
    codes = about.words["languages"]
    for language in about.languages:
        if language in codes:
            yield _language(codes[language], Locale("en").languages.get(language, language))


def _language(code: str, name: str) -> Node:
    return _typed("dct:LinguisticSystem", f"{_EUROPE}language/{code}", name)


def _frequency() -> Node:
    return _typed("dct:Frequency", f"{_EUROPE}frequency/IRREG", "irregular")


def _taxonomy() -> Node:
    return node("skos:ConceptScheme", ("dct:title", _english("Data themes")), id=f"{_EUROPE}data-theme")


def _theme(code: str, name: str) -> Node:
    return _concept(f"{_EUROPE}data-theme/{code}", name)


def _concept(iri: str, name: str) -> Node:
    return node("skos:Concept", ("skos:prefLabel", _english(name)), id=iri)


def _typed(kind: str, iri: str, name: str) -> Node:
    return node(kind, ("rdfs:label", _english(name)), id=iri)


def _standard(iri: str, name: str) -> Node:
    return node("dct:Standard", ("dct:title", _english(name)), id=iri)


def _home(about: About) -> Node | None:
    base = about.facts.base_url
    return node("foaf:Document", ("dct:title", _english("cityharvest")), id=f"{base}/") if base else None


def _moment(about: About) -> Literal:
    return Literal(about.facts.created, "xsd:dateTime")


def _english(text: str) -> Literal:
    return Literal(text, language="en")

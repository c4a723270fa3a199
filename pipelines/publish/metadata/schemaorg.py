"""`dataset.jsonld`: the release as a schema.org/Dataset, for search engines of data.

What belongs here: the description, as a dict, and as text for a page. What does not: the page (the site embeds it).

https://developers.google.com/search/docs/appearance/structured-data/dataset says which properties are read.
"""

from __future__ import annotations

import json
from typing import Any

from pipelines.publish.metadata.about import About, DataFile, Origin
from pipelines.reference import country_names
from warehouse.tables import ENTRIES

# What ends a script element, or a line in older JavaScript, is written as an escape, which JSON reads as the same.
_IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def schema_org(about: About) -> dict[str, Any]:
    """The release as a schema.org/Dataset; a property without a value is left out."""
    facts, words = about.facts, about.words
    publisher = {"@type": "Organization", "name": about.stated.publisher} | _contact(about.stated.contact)
    said = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": about.tag(),
        "name": words["title"],
        "description": words["description"],
        "identifier": about.tag(),
        "url": f"{facts.own_url}/" if facts.own_url else None,
        "version": facts.name,
        "dateCreated": facts.created,
        "datePublished": facts.created,
        "keywords": words["keywords"],
        "inLanguage": list(about.languages),
        "isAccessibleForFree": True,
        "license": about.stated.licence.address,
        "usageInfo": words["rights"],
        "publisher": publisher,
        "creator": publisher,
        "temporalCoverage": f"{about.first}/{about.last}" if about.first else None,
        "spatialCoverage": _places(about),
        "measurementTechnique": words["method"],
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.name, "description": column.meaning} for column in ENTRIES.columns
        ],
        "isBasedOn": [_origin(origin) for origin in (*about.sources, *about.reference)],
        "distribution": [_download(about, file) for file in about.files],
    }
    return _without_empty(said)


def embedded(dataset: dict[str, Any]) -> str:
    """The dataset as text that may stand within a script element of a page, whatever its words are."""
    return json.dumps(dataset, ensure_ascii=False).translate(_IN_SCRIPT)


def _contact(contact: str | None) -> dict[str, Any]:
    if contact is None:
        return {}
    how = {"email": contact.removeprefix("mailto:")} if contact.startswith("mailto:") else {"url": contact}
    return {"contactPoint": {"@type": "ContactPoint", "contactType": "questions about the data"} | how}


def _places(about: About) -> list[dict[str, Any]]:
    names = country_names()
    places: list[dict[str, Any]] = [
        {"@type": "Country", "name": names.get(code, (code,))[0], "identifier": code} for code in about.countries
    ]
    if about.box:
        west, south, east, north = about.box
        places.append({"@type": "Place", "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}})
    return places


def _origin(origin: Origin) -> dict[str, Any]:
    return _without_empty(
        {
            "@type": "CreativeWork",
            "name": origin.title,
            "publisher": {"@type": "Organization", "name": origin.publisher},
            "url": origin.address,
            "license": origin.licence_link,
            "creditText": origin.attribution,
        }
    )


def _download(about: About, file: DataFile) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.path,
        "description": file.title,
        "contentUrl": about.link(file.path),
        "encodingFormat": file.format.get("iana") or file.format["type"],
        "contentSize": str(file.bytes),
        "sha256": file.sha256,
    }


def _without_empty(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value not in (None, [], "")}

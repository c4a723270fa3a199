"""Metadata: the documents of a release that say what its files hold, whose they are, and how to cite them.

    datapackage.json                    Frictionless data package: the CSV files                            (package)
    dcat.jsonld  dcat.ttl               DCAT-AP 3: catalogue, series, dataset, a distribution a file        (dcat, rdf)
    dataset.jsonld                      schema.org/Dataset                                                  (schemaorg)
    schemas/<table>.schema.json         JSON Schema 2020-12 of a line of <table>.jsonl                      (rows)
    CITATION.cff                        Citation File Format 1.2.0                                          (citation)
    LICENSES.md                         licence and attribution, per source and of the whole                (licences)
    dictionary.md  dictionary.html      the data dictionary                                                 (dictionary)
    SHA256SUMS                          for `sha256sum -c`: every file but itself and release.json          (checksums)

What belongs here: what each document says and how it is written, out of the declarations of the tables and the facts of
the release. What does not: data files (`files`), words and codes (`pipelines/reference/metadata.yaml`).

A release has no home on the web. Its documents name it by tag URIs (RFC 4151) and its files by addresses relative to
the document; `CITYHARVEST_BASE_URL` makes these absolute. The same content, moment and settings give the same bytes.
"""

from pipelines.publish.metadata.about import About, describe
from pipelines.publish.metadata.schemaorg import schema_org
from pipelines.publish.metadata.stated import stated
from pipelines.publish.metadata.write import write_metadata

__all__ = ["About", "describe", "schema_org", "stated", "write_metadata"]

"""`LICENSES.md`: under which licence the release is, and whose texts and data are in it.

What belongs here: the page. What does not: which licence a source states (its YAML in the registry says it).
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.publish.metadata.about import About, Origin
from pipelines.publish.metadata.markup import markdown

_NOT_STATED = "not stated"


def licences(about: About) -> str:
    """The page, in Markdown."""
    licence = about.stated.licence
    return f"""# Licences and attribution

Release {markdown(about.facts.name)}, published by {markdown(about.stated.publisher)}.

## The compilation

Licensed under [{markdown(licence.title)}](<{licence.address}>) ({markdown(licence.spdx)}).

{markdown(about.words["rights"])}

## The sources

Where a licence is "{_NOT_STATED}", nobody has looked it up or the publisher states none: ask before you use more than
facts.

| source | title | publisher | licence | attribution |
| --- | --- | --- | --- | --- |
{_rows(_source(origin) for origin in about.sources)}

## Reference data

| data | used for | publisher | licence | attribution |
| --- | --- | --- | --- | --- |
{_rows(_reference(origin) for origin in about.reference)}
"""


def _source(origin: Origin) -> tuple[str, ...]:
    licence = _licence(origin)
    return (
        markdown(origin.key),
        markdown(origin.title),
        markdown(origin.publisher),
        licence,
        markdown(origin.attribution or _NOT_STATED),
    )


def _reference(origin: Origin) -> tuple[str, ...]:
    title = f"[{markdown(origin.title)}](<{origin.address}>)"
    said = (markdown(text or "") for text in (origin.what, origin.publisher))
    return (title, *said, _licence(origin), markdown(origin.attribution or ""))


def _licence(origin: Origin) -> str:
    link = origin.licence_link
    return f"[{markdown(origin.licence or '')}](<{_plain(link)}>)" if link else _NOT_STATED


def _plain(link: str) -> str:
    """An address between angle brackets of a link in a table: what could end either is percent-encoded."""
    return link.replace("|", "%7C").replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)

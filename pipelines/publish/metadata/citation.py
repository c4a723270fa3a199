"""`CITATION.cff`: how to cite the release, in the Citation File Format 1.2.0.

What belongs here: the file, as YAML that every version of YAML reads alike. What does not: licences (`licences`).

https://github.com/citation-file-format/citation-file-format/blob/1.2.0/schema-guide.md. The sources are references, so
that whoever cites can name the publishers, too. Every text is in double quotes: no word is ever a number, a truth value
or the beginning of something else.
"""

from __future__ import annotations

from typing import Any

import yaml

from pipelines.publish.metadata.about import About, Origin

_MESSAGE = "If you use these data, please cite the release, and name the publishers of the sources you draw on."


class _Text(str):
    """A text that is written in double quotes."""


class _Dumper(yaml.SafeDumper):
    """Writes blocks, indented, texts quoted, and never an anchor."""

    def ignore_aliases(self, data: Any) -> bool:
        """No anchors: not every reader follows them."""
        return True


_Dumper.add_representer(_Text, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def citation(about: About) -> str:
    """The file."""
    facts, licence = about.facts, about.stated.licence
    said: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": about.words["title"],
        "version": facts.name,
        "date-released": facts.created[:10],
        "authors": [{"name": about.stated.publisher}],
        "abstract": about.words["description"],
        "keywords": about.words["keywords"],
        "license": licence.spdx,
        "identifiers": [{"type": "other", "value": about.tag(), "description": "The release, wherever its files lie."}],
    }
    if facts.own_url:
        said["url"] = f"{facts.own_url}/"
    if contact := about.stated.contact:
        how = ("email", contact.removeprefix("mailto:")) if contact.startswith("mailto:") else ("website", contact)
        said["contact"] = [{"name": about.stated.publisher, how[0]: how[1]}]
    said["references"] = [_reference(origin) for origin in (*about.sources, *about.reference)]
    return yaml.dump(_quoted(said), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9)


def _reference(origin: Origin) -> dict[str, Any]:
    said = {
        "type": "website" if origin.address is None else "data",
        "title": origin.title,
        "authors": [{"name": origin.publisher}],
        "url": origin.address,
        "notes": origin.attribution,
    }
    return {key: value for key, value in said.items() if value}


def _quoted(value: Any) -> Any:
    if isinstance(value, str):
        return _Text(value)
    if isinstance(value, dict):
        return {key: _quoted(each) for key, each in value.items()}
    return [_quoted(each) for each in value]

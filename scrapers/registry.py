"""The registry: all sources, read from one YAML each, and which source an address belongs to.

What belongs here: loading, rules between sources, routing. What does not: the fields of a source (`source`), what a
pattern means (`patterns`).

An address is reduced to its canonical form and goes to the source with the most specific pattern that matches; two
sources whose best patterns are equally specific are an error, told when such an address is met, and at loading when the
patterns are the same text.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from pipelines.read.addresses import Address, parse_address
from scrapers.archive.prefixes import of_patterns
from scrapers.archive.settings import Archive
from scrapers.source import Politeness, Source, Thresholds
from scrapers.yaml_lines import YamlDocument, YamlFaultError

__all__ = [
    "Politeness",
    "Registry",
    "RegistryError",
    "Source",
    "Thresholds",
    "load_registry",
    "load_source",
    "source_file",
    "source_folders",
]

_FOLDER = Path(__file__).with_name("sources")
OWN_SOURCES = "CITYHARVEST_SOURCES"
"""Environment variable: a folder of sources of one's own, beside those of the package."""


class RegistryError(ValueError):
    """What is wrong with the registry, or with what is asked of it: a line a problem, each with file and line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Registry:
    """All sources, by key, in the order of their keys."""

    sources: dict[str, Source]

    def get(self, key: str) -> Source:
        """The source of a key, or of a key that it once had; an unknown key raises RegistryError with the nearest."""
        if key in self.sources:
            return self.sources[key]
        for source in self.sources.values():
            if key in source.renamed_from:
                return source
        raise RegistryError([f"unknown source {key!r}{_nearest(key, self.sources)}"])

    def route(self, url: str | Address) -> Source | None:
        """The source that an address belongs to; None when it is of none. Two that fit as well raise RegistryError."""
        address = parse_address(url) if isinstance(url, str) else url
        found = [(source.best_match(address), source) for source in self._by_host.get(address.host, [])]
        matches = [(pattern.specificity, source) for pattern, source in found if pattern]
        best = max((specificity for specificity, _ in matches), default=None)
        winners = [source for specificity, source in matches if specificity == best]
        if len(winners) > 1:
            names = " and ".join(source.key for source in winners)
            raise RegistryError([f"{address.url} fits {names} equally well: make a pattern of one more specific"])
        return winners[0] if winners else None

    @cached_property
    def _by_host(self) -> dict[str, list[Source]]:
        hosts: dict[str, list[Source]] = {}
        for source in (source for source in self.sources.values() if source.target is None):
            for host in {pattern.host for pattern in source.compiled}:
                hosts.setdefault(host, []).append(source)
        return hosts


def load_registry(folder: Path | None = None) -> Registry:
    """Read every `*.yaml` of a folder and the folders in it. All faults are raised as one RegistryError.

    Without a folder: those of the package, and of the folder that `CITYHARVEST_SOURCES` names.
    """
    folders = [folder] if folder else source_folders()
    if missing := [f"{place}: no such folder of sources" for place in folders if not place.is_dir()]:
        raise RegistryError(missing)
    sources: dict[Path, Source] = {}
    misnamed = (path for place in folders for path in sorted(place.rglob("*.yml")))
    problems = [f"{_shown(path)}:1: a source's file ends with .yaml" for path in misnamed]
    for path in (path for place in folders for path in sorted(place.rglob("*.yaml"))):
        try:
            sources[path] = _load(path)
        except RegistryError as error:
            problems += error.problems
    problems += _conflicts(sources)
    problems += _aim(sources)
    if problems:
        raise RegistryError(problems)
    return Registry({source.key: source for source in sorted(sources.values(), key=lambda source: source.key)})


def source_folders() -> list[Path]:
    """The folders of sources: that of the package, and one's own when there is one."""
    own = os.environ.get(OWN_SOURCES, "").strip()
    return [_FOLDER, *([Path(own)] if own and Path(own).resolve() != _FOLDER.resolve() else [])]


def source_file(key: str) -> Path | None:
    """The file of a source; None when it has none."""
    found = (path for folder in source_folders() for path in sorted(folder.rglob("*.yaml")) if path.stem == key)
    return next(found, None)


def load_source(path: Path) -> Source:
    """One source by its file; RegistryError says what is wrong with it, with file and line."""
    return _load(path)


def _load(path: Path) -> Source:
    try:
        document = YamlDocument(path.read_text(encoding="utf-8"))
    except YamlFaultError as problem:
        raise RegistryError([f"{_shown(path)}:{problem.line}: {problem}"]) from None
    except UnicodeDecodeError as error:
        raise RegistryError([f"{_shown(path)}:1: not UTF-8: {error.reason} at byte {error.start}"]) from None
    if not isinstance(document.value, dict):
        raise RegistryError([f"{_shown(path)}:1: a source is a mapping of keys to values"])
    try:
        source = Source.model_validate(document.value)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise RegistryError([f"{_shown(path)}:{_place(document, f)}: {_told(f)}" for f in faults]) from None
    if source.key != path.stem:
        line = document.line(("key",))
        raise RegistryError([f"{_shown(path)}:{line}: key {source.key!r} is not the file's name {path.stem!r}"])
    return source


def _place(document: YamlDocument, fault: Any) -> int:
    return document.line(fault["loc"])


def _told(fault: Any) -> str:
    """A fault of pydantic in our words."""
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    if fault["type"] == "extra_forbidden":
        return f"unknown key {name!r}{_nearest(name, _fields(fault['loc'][:-1]))}"
    if fault["type"] == "missing":
        return f"key {name!r} is missing"
    where = ".".join(str(step) for step in fault["loc"])
    told = str(fault["msg"]).removeprefix("Value error, ")  # pydantic's way to say that a check of ours failed
    return f"{where}: {told}" if where else told


def _fields(loc: tuple[str | int, ...]) -> list[str]:
    nested: dict[str, type[BaseModel]] = {"politeness": Politeness, "thresholds": Thresholds, "archive": Archive}
    fields = nested.get(str(loc[-1]) if loc else "", Source).model_fields
    return [field.alias or name for name, field in fields.items() if name != "target"]


def _nearest(name: str, names: Any) -> str:
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(names)) or 'none'}"


def _aim(sources: dict[Path, Source]) -> Iterator[str]:
    """Give each archive the source that it is of; problems where there is none to give."""
    known = {key: source for source in sources.values() for key in (*source.renamed_from, source.key)}
    for path, source in list(sources.items()):
        if source.archive is None or source.archive_of is None:
            continue
        target = known.get(source.archive_of)
        if source.target or target is None or target.strategy == "archive":
            others = [key for key, other in known.items() if other.strategy != "archive"]
            told = f"archive_of: unknown source {source.archive_of!r}" if source.target is None else "target is given"
            yield f"{_shown(path)}:1: {told}{_nearest(source.archive_of, others)}"
            continue
        try:
            _ = source.archive.addresses or of_patterns(target.patterns, target.locales or target.languages)
        except ValueError as error:
            yield f"{_shown(path)}:1: {error}"
        sources[path] = source.model_copy(update={"target": target})


def _conflicts(sources: dict[Path, Source]) -> Iterator[str]:
    """Problems between sources: keys, titles and patterns that two of them claim."""
    owners: dict[tuple[str, str], tuple[Path, str]] = {}
    for path, source in sources.items():
        claims = [("key", key) for key in {source.key, *source.renamed_from}]
        claims += [("pattern", pattern.lower()) for pattern in dict.fromkeys(source.patterns)]
        claims.append(("title", source.title))
        for claim in sorted(claims):
            file, other = owners.setdefault(claim, (path, source.key))
            if file != path:
                yield f"{_shown(path)}:1: {claim[0]} {claim[1]!r} is that of source {other!r} already"


def _shown(path: Path) -> str:
    """A path as people would type it: relative when it lies below the working folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)

"""The file of a source, as people get it for review and as a live look changes it.

What belongs here: writing the YAML of a proposal, with a comment beside what was decided for the reader; setting the
status and the day of a look in a file without touching the rest of it. What does not: proposing (`proposal`), what keys
mean (`source`), reading the registry.

A text of a page goes into the YAML as a quoted string of printable characters, so it can say nothing but itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from pipelines.read.addresses import parse_address
from scrapers.proposing.offers import Offer
from scrapers.proposing.proposal import Form
from scrapers.registry import OWN_SOURCES, RegistryError, load_source, source_folders
from scrapers.source import Source
from scrapers.yaml_lines import YamlDocument, YamlFaultError
from warehouse.layout import written_whole
from warehouse.storage import storing

_INSTALLED = {"site-packages", "dist-packages"}
_BUDGETS = {"sitemap": 1000, "rss": 20, "ical": 20}
_STATUS = re.compile(r"""^(status:[ \t]*)(["']?)[a-z]+\2(?=[ \t]*(?:#[^\r\n]*)?\r?$)""", re.MULTILINE)
_VERIFIED = re.compile(r"^(verified_at:[ \t]*)(?:null|~|\d{4}-\d{2}-\d{2})?(?=[ \t]*(?:#[^\r\n]*)?\r?$)", re.MULTILINE)


@dataclass(frozen=True)
class Draft:
    """What a YAML is written from. `*_reason`: where a value comes from, for the one who reviews it."""

    key: str
    page: str
    form: Form
    day: date
    title: str
    publisher: str
    languages: tuple[str, ...]
    languages_reason: str
    country: str | None
    country_reason: str
    scope: str = "city"
    browser: bool = False
    private: bool = False
    others: tuple[Form, ...] = ()
    variants: tuple[Offer, ...] = field(default_factory=tuple)

    def yaml(self) -> str:
        """The text of the file; ValueError when it would be no source."""
        text = "\n".join(self._lines()) + "\n"
        try:
            Source.model_validate(YamlDocument(text).value)
        except (ValidationError, YamlFaultError) as error:
            raise ValueError(f"no source can be made of {self.form.url}: {' '.join(str(error).split())}") from None
        return text

    def _lines(self) -> Iterator[str]:
        form = self.form
        yield f"# Proposed on {self.day} after one look at {_plain(self.page)}"
        yield f"# {form.strategy} gave {len(form.entries)} entries: {filled_words(form)}."
        yield f"# Review it line by line; `cityharvest source try {self.key}` shows what it gives."
        yield f"key: {self.key}"
        yield f"title: {_quoted(self.title)}"
        yield f"publisher: {_quoted(self.publisher)}"
        yield f"country: {_quoted(self.country) if self.country else 'null'}  # {_plain(self.country_reason)}"
        yield f"languages: [{', '.join(map(_quoted, self.languages))}]  # {_plain(self.languages_reason)}"
        yield f"scope: {self.scope}"
        yield "status: candidate  # `cityharvest source verify` makes it active"
        yield f"strategy: {form.strategy}  # {_plain(form.why)}"
        yield from (f"#   also read: {_plain(other_words(other))}" for other in self.others[:4])
        if form.hints:
            yield f"hints: {json.dumps(dict(form.hints), ensure_ascii=False)}"
        yield f"start: [{_quoted(form.url)}]"
        yield from (f"#   - {_quoted(offer.url)}  # {_plain(offer.why)}" for offer in self.variants[:8])
        yield "patterns:"
        yield from (f"  - {_quoted(pattern)}" for pattern in patterns(form, self.page))
        yield from self._details()
        if self.browser:
            yield "browser: true  # its pages are empty without scripts"
        if self.private:
            yield "allow_private: true  # its host is in a private network"
        yield f"cron: {_quoted(nightly(self.key))}  # once a night, UTC; a list that seldom changes needs less"
        yield f"politeness: {{delay: 2, concurrency: 1, budget: {_BUDGETS.get(form.strategy, 200)}}}"
        yield from self._thresholds()
        yield "verified_at: null"

    def _details(self) -> Iterator[str]:
        if self.form.strategy == "sitemap":
            yield "follow_details: true  # a sitemap has no entries of its own"
        elif self.form.strategy in ("html", "liferay", "rss", "wp_rest"):
            yield "follow_details: false  # true also fetches the page of each entry; add a pattern for those pages"

    def _thresholds(self) -> Iterator[str]:
        seen = len(self.form.details) or len(self.form.entries)
        yield "thresholds:"
        yield f"  min_entries: {max(1, seen // 2)}  # half of the {seen} that one look showed; fewer means a new layout"
        dated = self.form.filled.get("date_raw", 0.0)
        if dated >= 0.5:
            least = int((dated - 0.2) * 10) / 10
            yield f"  min_dated: {least}  # {dated:.0%} had words of a date; a fifth less is allowed"


def patterns(form: Form, page: str) -> list[str]:
    """Patterns of the addresses of a form: its own, and those below a page, where its further pages are."""
    own = parse_address(form.url)
    if form.strategy in ("html", "liferay", "jsonld"):
        return [_below(form.url)]
    return [f"{own.host}{own.path}", *([_below(page)] if form.strategy == "sitemap" else [])]


def filled_words(form: Form) -> str:
    """What the entries of a form have, in words."""
    names = {"date_raw": "a date", "place_raw": "a place", "summary": "a text", "url": "an address of their own"}
    return ", ".join(f"{form.filled.get(name, 0):.0%} with {word}" for name, word in names.items())


def other_words(form: Form) -> str:
    """A form that was not chosen, in words."""
    return f"{form.strategy} at {form.url}: {len(form.entries)} entries, rating {form.rating:.2f}"


def nightly(key: str) -> str:
    """A cron line: a minute of the night, UTC, by the key, so that sources spread over it."""
    number = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16)
    return f"{number % 60} {number // 60 % 4} * * *"


def writable_folder() -> Path:
    """Where new sources are written: one's own folder, else that of the project when it is not an installed copy.

    RegistryError says how to name a folder of one's own.
    """
    folder = source_folders()[-1]
    if len(source_folders()) == 1 and _INSTALLED & set(folder.resolve().parts):
        remedy = f"set {OWN_SOURCES} to a folder for your own sources"
        raise RegistryError([f"{folder} is part of an installation: {remedy}"])
    return folder


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; FileExistsError when it is."""
    with storing("a source", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)


def activate(path: Path, day: date) -> None:
    """Set `status: active` and `verified_at` in the file of a source; everything else stays as it is, byte for byte.

    RegistryError when the two are not written on lines of their own, or the result would not be this source.
    """
    text = path.read_bytes().decode("utf-8")
    end = "\r\n" if "\r\n" in text else "\n"
    changed, statuses = _STATUS.subn(r"\g<1>active", text)
    changed, days = _VERIFIED.subn(rf"\g<1>{day}", changed)
    if days == 0:
        changed = f"{changed.rstrip()}{end}verified_at: {day}{end}"
    before = load_source(path)
    wanted = before.model_copy(update={"status": "active", "verified_at": day})
    if statuses != 1 or days > 1 or Source.model_validate(YamlDocument(changed).value) != wanted:
        raise RegistryError([f"{path}: write `status: active` and `verified_at: {day}` by hand, a line each"])
    with storing("a source", path), written_whole(path) as part:
        part.write_bytes(changed.encode("utf-8"))


def _below(url: str) -> str:
    address = parse_address(url)
    path = address.path.rstrip("/")
    return f"{address.host}{path}[/{{rest...}}]" if path else f"{address.host}/{{rest...}}"


def _quoted(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)


def _plain(text: str) -> str:
    """Printable characters on one line."""
    return "".join(character for character in " ".join(text.split())[:400] if character.isprintable())

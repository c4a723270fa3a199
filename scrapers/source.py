"""The model of a source: what one YAML in `sources/` may say, and what it means.

What belongs here: fields, their defaults, and rules within one source. What does not: reading files (`registry`), rules
between sources (`registry`), fetching.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from pipelines.read.addresses import Address, clean_address, parse_address
from pipelines.read.feeds import PAGES_TOO
from scrapers.archive.settings import Archive
from scrapers.cron import cron_problem
from scrapers.patterns import Pattern

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$", max_length=60)]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]
CityId = Annotated[str, Field(pattern="^[a-z]{2}-[a-z0-9-]+$")]
Share = Annotated[float, Field(ge=0, le=1)]
Strategy = Literal[
    "archive",
    "archive-only",
    "liferay",
    "html",
    "jsonld",
    "ical",
    "rss",
    "sitemap",
    "wp_rest",
    "opendatasoft",
    "ckan",
    "socrata",
    "linkedevents",
    "json_api",
]
Hint = str | int | float | bool | list[str] | dict[str, str | int]
PAGED = ("liferay", "html", "jsonld", *PAGES_TOO)
"""Strategies whose reader also reads the pages of single entries."""
RENDERED = ("liferay", "html", "jsonld")
"""Strategies whose lists are pages for people, which a browser can render."""


def _is_address(text: str) -> str:
    if clean_address(text.replace("{locale}", "en")) is None:
        raise ValueError(f"{text!r} is not an address of http or https")
    return text


def _is_licence(text: str) -> str:
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9.+-]*", text) and clean_address(text) is None:
        raise ValueError(f"{text!r} is neither an SPDX identifier (CC-BY-4.0) nor an address of http or https")
    return text


def _is_pattern(text: str) -> str:
    Pattern(text)
    return text


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Politeness(_Part):
    """How a source is fetched; robots.txt is always obeyed."""

    delay: float = Field(2.0, ge=0, le=60, description="Seconds between requests to one host, at least.")
    concurrency: int = Field(1, ge=1, le=8, description="Requests under way at once to one host.")
    budget: int = Field(500, ge=1, le=20_000, description="Requests in one run, at most; more ends it as partial.")
    daily: int = Field(25_000, ge=1, le=25_000, description="Requests to one host in a day (UTC), of all its sources.")
    timeout: float = Field(60.0, gt=0, le=600, description="Seconds for one response.")
    max_bytes: int = Field(20_000_000, ge=1000, le=200_000_000, description="Size of one response, at most.")
    retries: int = Field(3, ge=0, le=10, description="Further tries after a failure that may pass.")
    backoff: float = Field(5.0, ge=0, le=600, description="Seconds before the first of them; twice as long each time.")
    max_wait: float = Field(120.0, ge=0, le=3600, description="Longest wait, also one that the server asks for.")
    run_time: int = Field(21_600, ge=1, le=86_400, description="Seconds of one run; more ends it as partial.")


class Thresholds(_Part):
    """What a complete crawl yields at least; less is a fault of ours or of the site, and stops the release."""

    min_entries: int = Field(0, ge=0, description="Raw entries of one complete run.")
    max_entries: int | None = Field(None, ge=1, description="More than this warns.")
    min_dated: Share = Field(0.0, description="Share of entries with words read as a date.")
    min_titled: Share = Field(0.0, description="Share of entries with a title.")


class Source(_Part):
    """One source: a list, or a kind of page, of one publisher."""

    key: Key = Field(description="Its name in the captures, the lake and the release; the file's name without suffix.")
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    licence: Annotated[str, AfterValidator(_is_licence)] | None = Field(
        None, description="Licence that the publisher states for its texts: SPDX identifier or address."
    )
    attribution: str | None = Field(None, min_length=1, description="Words by which the publisher asks to be named.")
    country: str | None = Field(None, pattern="^[A-Z]{2}$", description="ISO 3166-1, when all entries are of it.")
    cities: list[CityId] = Field(default_factory=list, description="Cities of the programme that it tells of, by id.")
    languages: list[Language] = Field(min_length=1, description="Languages in which entries are written.")
    scope: Literal["programme", "city"]
    status: Literal["candidate", "active", "paused", "retired"]
    strategy: Strategy = Field(
        description="`archive-only` is never fetched; its captures are read. `archive` takes those of another source."
    )
    hints: dict[str, Hint] = Field(
        default_factory=dict, description="What the reader is told; `next` may be a mapping: how pages are counted."
    )
    start: list[Annotated[str, AfterValidator(_is_address)]] = Field(
        default_factory=list, description="Where a crawl begins; `{locale}` stands for each of `locales`."
    )
    patterns: list[Annotated[str, AfterValidator(_is_pattern)]] = Field(
        default_factory=list, description="See `patterns`; an archive has those of the other source."
    )
    archive_of: Key | None = Field(None, description="The source whose captures are taken out of archives.")
    archive: Archive | None = Field(None, description="Which captures, and where.")
    target: Source | None = Field(None, description="The source of `archive_of`; the registry fills it in.")
    locales: list[Language] = Field(default_factory=list, description="Menu languages that are crawled.")
    follow_details: bool = Field(False, description="Whether detail pages of this source are fetched.")
    browser: bool = Field(False, description="Whether its pages are rendered in a browser; see `browser`.")
    allow_private: bool = Field(False, description="Whether its hosts may be in a private network; for tests.")
    webhook: Annotated[str, AfterValidator(_is_address)] | None = Field(
        None, description="Where a failed or short run is reported (POST, JSON); a public address."
    )
    cron: str | None = Field(None, description="When it is crawled, UTC.")
    politeness: Politeness = Field(default_factory=Politeness)
    thresholds: Thresholds = Field(default_factory=Thresholds)
    verified_at: date | None = Field(None, description="Day of the last live look; null when nobody looked yet.")
    renamed_from: list[Key] = Field(default_factory=list, description="Former keys.")

    @field_validator("cron")
    @classmethod
    def _cron_is_good(cls, value: str | None) -> str | None:
        problem = cron_problem(value) if value is not None else None
        if problem:
            raise ValueError(problem)
        return value

    @field_validator("hints")
    @classmethod
    def _only_next_is_a_mapping(cls, value: dict[str, Hint]) -> dict[str, Hint]:
        wrong = [name for name, hint in value.items() if isinstance(hint, dict) and name != "next"]
        if wrong:
            raise ValueError(f"hint {wrong[0]!r} is a mapping, which only `next` may be")
        return value

    @model_validator(mode="after")
    def _details_can_be_read(self) -> Self:
        if self.follow_details and self.strategy not in (*PAGED, "archive-only"):
            raise ValueError(f"strategy {self.strategy} reads no pages of single entries: take follow_details out")
        if self.strategy == "sitemap" and not self.follow_details:
            raise ValueError("a sitemap has no entries of its own: it needs follow_details")
        return self

    @model_validator(mode="after")
    def _archive_is_told(self) -> Self:
        if self.strategy != "archive":
            if self.archive_of or self.archive or self.target:
                raise ValueError("archive_of and archive belong to strategy archive")
            if not self.patterns:
                raise ValueError(f"strategy {self.strategy} needs patterns")
            return self
        if not (self.archive_of and self.archive):
            raise ValueError("strategy archive needs archive_of (the key of a source) and archive (with `from`)")
        if self.start or self.patterns or self.hints or self.locales:
            raise ValueError(f"start, patterns, locales and hints are those of {self.archive_of}: take them out")
        return self

    @model_validator(mode="after")
    def _browser_is_of_use(self) -> Self:
        if self.browser and self.strategy not in RENDERED:
            raise ValueError(f"strategy {self.strategy} reads no page that a browser renders: take browser out")
        return self

    @model_validator(mode="after")
    def _crawl_is_possible(self) -> Self:
        if self.strategy == "archive-only":
            if self.start or self.cron:
                raise ValueError("a source that is archive-only has no start and no cron")
            return self
        if not self.start and self.strategy != "archive":
            raise ValueError(f"strategy {self.strategy} needs start addresses")
        if self.status == "active" and self.cron is None:
            raise ValueError("an active source that is crawled needs a cron line")
        if any("{locale}" in start for start in self.start) and not self.locales:
            raise ValueError("start addresses with {locale} need locales")
        return self

    @property
    def is_crawled(self) -> bool:
        """Whether a live harvest fetches it."""
        return self.may_be_crawled(candidates=False)

    def may_be_crawled(self, candidates: bool) -> bool:
        """Whether a live harvest fetches it; candidates only when told so."""
        return self.strategy != "archive-only" and (self.status == "active" or (candidates and self.is_candidate))

    @property
    def home(self) -> str | None:
        """The city of its entries that name no place; None when it tells of several, or of the whole programme."""
        told = self.target or self
        return told.cities[0] if told.scope == "city" and len(told.cities) == 1 else None

    @property
    def is_candidate(self) -> bool:
        """Whether nobody has verified it yet."""
        return self.status == "candidate"

    @cached_property
    def compiled(self) -> tuple[Pattern, ...]:
        """Its patterns; those of the other source for an archive."""
        return tuple(Pattern(text) for text in (self.target or self).patterns)

    @property
    def start_addresses(self) -> list[str]:
        """Start addresses, one for each locale."""
        return [s.replace("{locale}", x) for s in self.start for x in (self.locales if "{locale}" in s else [""])]

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts, with their ports, that a crawl of it may ask: its own, or those of archives."""
        if self.archive:
            return self.archive.hosts
        starts = (parse_address(start).host for start in self.start_addresses)
        return frozenset({*(pattern.host for pattern in self.compiled), *starts})

    def best_match(self, address: Address | str) -> Pattern | None:
        """The most specific of its patterns that match an address."""
        found = parse_address(address) if isinstance(address, str) else address
        matching = [pattern for pattern in self.compiled if pattern.matches(found)]
        return max(matching, key=lambda pattern: pattern.specificity) if matching else None

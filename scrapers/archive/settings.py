"""What the YAML of a source of strategy `archive` says of archives.

What belongs here: fields and their defaults. What does not: fetching; importing this must not import Scrapy.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pipelines.read.addresses import clean_address, parse_address

Service = Literal["wayback", "commoncrawl"]


def _is_address(text: str) -> str:
    if clean_address(text.removesuffix("*")) is None:
        raise ValueError(f"{text!r} is not an address of http or https (`*` may end it)")
    return text


def _is_base(text: str) -> str:
    if clean_address(text) is None or "?" in text or "#" in text:
        raise ValueError(f"{text!r} is not the address of a server")
    return text.rstrip("/")


Base = Annotated[str, AfterValidator(_is_base)]


class Archive(BaseModel):
    """Which captures of the other source are asked for, and where."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, serialize_by_alias=True)

    begin: date = Field(alias="from", description="First day of captures, UTC.")
    end: date | None = Field(None, alias="to", description="Last day; open when null.")
    services: list[Service] = Field(
        default=["wayback"], min_length=1, description="In the order in which they are asked."
    )
    addresses: list[Annotated[str, AfterValidator(_is_address)]] = Field(
        default_factory=list, description="Asked for; with `*` at the end all that begin so. Default: by the patterns."
    )
    collapse: bool = Field(True, description="Leave out captures whose bytes this address gave before.")
    per_month: int = Field(1, ge=1, le=31, description="Captures of one address in a month, at most.")
    crawls: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")]] = Field(
        default_factory=list, description="Crawls of Common Crawl; default: all that may hold captures of the time."
    )
    page_size: int = Field(2000, ge=1, le=50_000, description="Captures in one answer of the index of Wayback.")
    wayback: Base = Field("https://web.archive.org", description="Index and replay of the Internet Archive.")
    commoncrawl_index: Base = Field("https://index.commoncrawl.org", description="Indexes of Common Crawl.")
    commoncrawl_data: Base = Field("https://data.commoncrawl.org", description="WARC files of Common Crawl.")

    @model_validator(mode="after")
    def _time_goes_forward(self) -> Self:
        if self.end is not None and self.end < self.begin:
            raise ValueError(f"`to` ({self.end}) is before `from` ({self.begin})")
        return self

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts, with their ports, of the services that are used."""
        bases = {"wayback": [self.wayback], "commoncrawl": [self.commoncrawl_index, self.commoncrawl_data]}
        return frozenset(parse_address(base).host for service in self.services for base in bases[service])

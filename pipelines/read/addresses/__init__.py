"""Addresses: every address of the same page or item reduced to one canonical address and one key.

What belongs here: what an address says by itself. What does not: fetching, routing to a source, reading pages.

    https://www.coe.int/{locale}/web/{site}/{page}?delta=N&start=P      listing; start is the page number, from 1
    https://www.coe.int/{locale}/web/{site}/-/{slug}                    detail, key coe:{slug}
    .../{page}/-/asset_publisher/{id}/content/{slug}                    the same article, older shape
    /{locale}/c/portal/update_language?languageId=xx_YY&redirect=PATH   PATH in language xx
    https://www.coe.int/t/...asp                                        legacy; lower-cased path
    https://rm.coe.int/[{slug}/|native/]{hexid}                         document, key rm:{hexid}
    https://www.covid-congress-hub.org/{locale}/{kind}/{id}-{slug}.html hub, key hub:{kind}/{id}

Other hosts that use Liferay's shapes are read the same way, with `{host}:{slug}` as key; any other address keeps its
scheme, path and parameters, without sessions and tracking. The words are in `vocabulary.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipelines.read.addresses.parts import Parts, split
from pipelines.read.addresses.shapes import is_trap, meaning, page_number, reduced

__all__ = ["Address", "clean_address", "parse_address"]

_MOST_STEPS = 8  # a switch of a switch of a switch; what nests deeper was made to


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says.

    url: canonical; for shape `invalid` the text as given. item_key: of the item it shows, None when it shows no single
    item or does not name it. page_key: the same for every address of the same page in the same language. locale:
    language of the menu, ISO 639-1, None when the address does not say. shape: listing, detail, document, hub, legacy,
    other, invalid. page: of a list, from 1. is_trap: not to be followed by a spider; it tells of the address as it was
    found, not of `url`, so it takes no part in comparisons.
    """

    url: str
    item_key: str | None
    page_key: str
    locale: str | None
    shape: str
    page: int
    is_trap: bool = field(default=False, compare=False)

    @property
    def host(self) -> str:
        """Host of the canonical address, with its port when that is not the usual one."""
        return self.url.partition("://")[2].partition("/")[0]

    @property
    def path(self) -> str:
        """Path of the canonical address, escaped, from its first slash, without query."""
        return self.url.partition("://")[2].partition("?")[0].removeprefix(self.host)


def parse_address(url: str, base: str | None = None) -> Address:
    """Read an address, relative to `base` when that is given. Never raises: what can not be read has shape `invalid`.

    `parse_address(parse_address(x).url) == parse_address(x)` for every text.
    """
    return _parse(url, base)


# A page links to the same menu as the page before it: most addresses have been read a moment ago.
@lru_cache(maxsize=8192)
def _parse(url: str, base: str | None) -> Address:
    parts = split(url, base)
    final = _canonical(parts) if parts else None
    if parts is None or final is None:
        text = url.strip()
        return Address(text, None, text, None, "invalid", 1, is_trap=True)
    told = meaning(final)
    bare = replace(final, netloc=final.netloc.removeprefix("www."), path=told.page_path or final.path)
    return Address(
        url=final.url,
        item_key=told.item_key,
        page_key=bare.url.partition("://")[2],
        locale=told.locale,
        shape=told.shape,
        page=page_number(final),
        is_trap=is_trap(parts) or is_trap(final),
    )


def clean_address(url: str, base: str | None = None) -> str | None:
    """The address to fetch: as found, absolute, without session and tracking; None when it is none of http or https.

    Unlike the canonical address it keeps the shape in which the site itself gave it.
    """
    parts = split(url, base)
    return parts.url if parts else None


def _canonical(parts: Parts) -> Parts | None:
    """Reduce until nothing changes, so that a canonical address is its own; None when it does not come to rest."""
    for _ in range(_MOST_STEPS):
        nearer = split(reduced(parts).url)
        if nearer is None or nearer == parts:
            return nearer
        parts = nearer
    return None

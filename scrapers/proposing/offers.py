"""Offers: what a page says it can be had as beside itself, each with its address and why it is worth a look.

What belongs here: feeds, calendars, APIs and language variants that a page names, routes of WordPress, sitemaps of
robots.txt. What does not: asking for them (`spiders.look`), which is the best (`proposal`).

Nothing is guessed: an address is one that the page names, or that the portal which serves it documents (`offers.yaml`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml
from parsel import Selector

from pipelines.read.addresses import clean_address, parse_address
from pipelines.read.html.decode import decode
from pipelines.read.reading import PageReading

ENOUGH = 3
"""Entries of a page from which on nobody looks for sitemaps."""
_ROLES = {"feed": "feed", "calendar": "calendar"}
_MOST_LINKS = 3000
_MOST = 12
_PER_PAGE = 50
_ROUTE = re.compile(r"^/wp/v2/([a-z0-9_-]{1,60})$")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to look at. kind: feed, calendar, api, routes (of WordPress), variant (the page in another language).

    why: where it was found, in a few words.
    """

    url: str
    kind: str
    why: str


def page_offers(url: str, body: bytes, media_type: str, reading: PageReading) -> list[Offer]:
    """What a page offers, each address once, the most telling first. `reading`: what was read of it."""
    text, _ = decode(body, media_type)
    page = Selector(text or "<html/>", type="html", base_url=url)
    found: dict[str, Offer] = {}
    for offer in (
        *_by_address(url),
        *_wordpress(page, url),
        *_apis(page, url),
        *_linked(reading),
        *_variants(page, url),
    ):
        if offer.url != clean_address(url):
            found.setdefault(offer.url, offer)
    return list(found.values())[:_MOST]


def routes(url: str, body: bytes) -> list[Offer]:
    """Lists of entries among the routes of a WordPress API: its events, types of its own, posts."""
    try:
        told = json.loads(body)
    except ValueError:
        return []
    names = told.get("routes") if isinstance(told, dict) else None
    known = [name for name in names if isinstance(name, str)] if isinstance(names, dict) else []
    wordpress = _known()["wordpress"]
    own = [found[1] for name in known if (found := _ROUTE.match(name))]
    kinds = [name for name in own if any(word in name for word in wordpress["types"])]
    wanted = [wordpress["events"]] if f"/{wordpress['events']}" in known else []
    wanted += [f"wp/v2/{name}" for name in kinds[:3]]
    wanted += [wordpress["posts"]] if f"/{wordpress['posts']}" in known else []
    return [Offer(_below(url, route), "api", f"route {route} of its WordPress API") for route in wanted]


def sitemaps(robots: str, url: str) -> list[str]:
    """The sitemaps that robots.txt names."""
    named = (line.partition(":") for line in robots.splitlines()[:5000])
    found = (clean_address(value.strip(), url) for name, _, value in named if name.strip().lower() == "sitemap")
    return list(dict.fromkeys(filter(None, found)))


def is_below(address: str, page: str) -> bool:
    """Whether an address lies below a page: on its host, under its path."""
    this, that = parse_address(page), parse_address(address)
    folder = this.path.rstrip("/") + "/"
    return that.host == this.host and that.path.startswith(folder) and len(that.path) > len(folder)


def _by_address(url: str) -> Iterator[Offer]:
    """The data of a portal's page, by the address of the page."""
    for rule in _known()["addresses"]:
        if found := re.search(rule["pattern"], url):
            yield Offer(
                found.expand(rule["data"]), "api", f"where a portal of {rule['kind']} has the data of this page"
            )


def _wordpress(page: Selector, url: str) -> Iterator[Offer]:
    relation = _known()["wordpress"]["relation"]
    for href in page.xpath("//link[@rel=$rel]/@href", rel=relation).getall()[:1]:
        if address := clean_address(href, url):
            yield Offer(address, "routes", "the page names the API of its WordPress")


def _apis(page: Selector, url: str) -> Iterator[Offer]:
    """Links, and addresses in attributes of data, that are an API's."""
    values = page.xpath("//a/@href | //link/@href | //@data-url | //@data-api | //@data-src").getall()
    for value in values[:_MOST_LINKS]:
        address = urljoin(url, value.strip()) if len(value) < 2000 else ""
        for rule in _known()["apis"]:
            if re.search(rule["pattern"], address) and (clean := clean_address(address)):
                yield Offer(clean, "api", f"the page names this API ({rule['kind']})")


def _linked(reading: PageReading) -> Iterator[Offer]:
    for link in reading.links:
        if link.role in _ROLES:
            yield Offer(link.url, _ROLES[link.role], f"the page links to this {link.role}")


def _variants(page: Selector, url: str) -> Iterator[Offer]:
    for link in page.xpath("//link[@rel='alternate'][@hreflang][@href]")[:_MOST_LINKS]:
        language, address = link.attrib["hreflang"].strip().lower(), clean_address(link.attrib["href"], url)
        if address and re.fullmatch(r"[a-z]{2}(?:-[a-z]{2,4})?", language):
            yield Offer(address, "variant", f"the page in {language[:2]}")


def _below(root: str, route: str) -> str:
    """A route below the root of an API, which may stand in a parameter (`?rest_route=/`)."""
    joint = "&" if "?" in root else "?"
    return f"{root.rstrip('/')}/{route}{joint}per_page={_PER_PAGE}"


@cache
def _known() -> dict[str, Any]:
    found = yaml.safe_load(Path(__file__).with_name("offers.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found

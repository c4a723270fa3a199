"""From a look at a page to the draft of a source: the form that was chosen, and what the refiners say of it.

What belongs here: languages, country and names of a draft, each with its reason. What does not: looking and rating
(`scrapers.proposing.look`, `scrapers.proposing.proposal`), writing (`scrapers.proposing.source_file`), showing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.read.addresses import parse_address
from pipelines.read.html.decode import decode
from pipelines.read.html.markup import Document, parse
from pipelines.reference import country_names
from pipelines.refine.languages import detect_languages
from pipelines.refine.places import read_places
from scrapers.proposing.look import Look
from scrapers.proposing.proposal import Form
from scrapers.proposing.source_file import Draft

_PART = 0.15  # share of the entries from which a language is one of the source
_MOST = 0.8  # share of the places from which they tell the country
_FEW = 3
# Endings of countries that anybody may register, and does: they tell nothing of where a site is from.
_ANYBODYS = frozenset("ai cc co eu fm gg io la ly me nu sh to tv ws".split())
_CODES = {"uk": "GB"}


@dataclass(frozen=True, slots=True)
class Given:
    """What the user said of the source to be made; None and empty where it is to be found out."""

    title: str | None = None
    publisher: str | None = None
    country: str | None = None
    languages: Sequence[str] = ()
    scope: str = "city"
    browser: bool = False
    private: bool = False


def draft_of(key: str, look: Look, forms: Sequence[Form], given: Given, day: date) -> Draft:
    """The draft of the first of the forms. ValueError when nothing tells its languages and none were given."""
    form, page = forms[0], look.page
    assert page is not None
    document = parse(decode(page.body, page.media_type)[0], page.url)
    languages, languages_reason = languages_of(form, document, given.languages)
    country, country_reason = country_of(form, given.country)
    host = parse_address(page.url).host
    publisher = given.publisher or _site_name(document) or host
    title = given.title or (document.title if document else "") or f"{host}, {form.strategy}"
    return Draft(
        key=key,
        page=page.url,
        form=form,
        day=day,
        title=f"{title} ({key})" if not given.title else title,
        publisher=publisher,
        languages=tuple(languages),
        languages_reason=languages_reason,
        country=country,
        country_reason=country_reason,
        scope=given.scope,
        browser=given.browser,
        private=given.private,
        others=tuple(other for other in forms[1:] if other.entries),
        variants=tuple(offer for offer in look.offers.values() if offer.kind == "variant"),
    )


def languages_of(form: Form, document: Document | None, given: Sequence[str]) -> tuple[list[str], str]:
    """Languages of the entries, the most frequent first, and how they are known."""
    if given:
        return list(given), "as told"
    texts = [" ".join(filter(None, (entry["title"], entry["summary"]))) for entry in form.entries]
    found = Counter(code for code in detect_languages(texts)["language"] if code)
    known = [code for code, count in found.most_common() if count >= _PART * found.total()]
    if known:
        return known, f"told from the texts of {found.total()} of {len(texts)} entries"
    said = {str(entry["language_declared"]) for entry in form.entries if entry.get("language_declared")}
    page = (document.language or "")[:2].lower() if document else ""
    said |= {page} if re.fullmatch("[a-z]{2}", page) else set()
    if not said:
        raise ValueError("the entries are too short to tell their language, and the page does not say: give --language")
    return sorted(said), "as the page declares it: its entries are too short to tell"


def country_of(form: Form, given: str | None) -> tuple[str | None, str]:
    """The country (ISO 3166-1) of all entries, and how it is known; None when it is not."""
    if given:
        return given, "as told"
    ending = parse_address(form.url).host.partition(":")[0].rpartition(".")[2]
    code = _CODES.get(ending, ending.upper())
    if ending not in _ANYBODYS and code in country_names():
        return code, f"by the ending .{ending} of its host"
    places = [str(entry["place_raw"]) for entry in form.entries if entry.get("place_raw")]
    found = Counter(one for countries in read_places(places)["countries"] for one in countries)
    named, count = next(iter(found.most_common(1)), ("", 0))
    if count >= _FEW and count >= _MOST * found.total():
        return named, f"{count} of {found.total()} places that were read lie there"
    return None, "not known: put it in (ISO 3166-1) when all entries are of one country"


def _site_name(document: Document | None) -> str | None:
    found: list[Any] = document.tree.xpath("//meta[@property='og:site_name']/@content") if document else []
    return str(found[0]).strip()[:200] or None if found else None


def shares(form: Form) -> Mapping[str, str]:
    """Shares of the entries with each field, as they are shown; empty without entries."""
    return {name: f"{share:.0%}" for name, share in form.filled.items()}

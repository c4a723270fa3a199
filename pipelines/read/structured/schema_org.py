"""Things of schema.org to statements, whatever the syntax that they came in: JSON-LD, microdata, RDFa.

What belongs here: which types state an event or a piece of news, and how a place, an address and a status are said.
What does not: finding the things on a page. A thing is a dict with `@type` and properties, as in JSON-LD.

Source: https://schema.org/Event, https://schema.org/Article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.read.structured.moments import moment_of
from pipelines.read.structured.stated import Stated, make_stated, plain_text
from pipelines.read.structured.vocabulary import first_of, fold_key, folded, text_of, values_of, word_ranks
from pipelines.reference import load_yaml

Things = Mapping[str, Mapping[str, Any]]


def kind_of(types: Any) -> str | None:
    """event or news, when one of the types is a type of these ("https://schema.org/MusicEvent", ["Event", ...])."""
    for one in values_of(types):
        name = fold_key(one.rstrip("/").rpartition("/")[2].rpartition("#")[2]) if isinstance(one, str) else ""
        if name in word_ranks("event_types"):
            return "event"
        if name in word_ranks("news_types"):
            return "news"
    return None


def state(thing: Mapping[str, Any], base: str, syntax: str, node: Any = None, known: Things | None = None) -> Any:
    """The statement of a thing; None when it is no event and no news, or says no title or no day.

    `known` are the things of the page by their `@id`, for those that are only referred to.
    """
    kind = kind_of(thing.get("@type"))
    if kind is None:
        return None
    had = folded(thing)
    part = {name: first_of(had, "properties", name) for name in load_yaml("structured.yaml")["properties"]}
    parts = {name: text_of(part[name]) for name in ("title", "summary", "status")}
    start = part["start" if kind == "event" else "published"]
    parts["start"] = text_of(start) or moment_of(start)
    parts["end"] = text_of(part["end"]) or moment_of(part["end"]) if kind == "event" else None
    parts["place"] = place_of(part["place"], known or {}) if kind == "event" else None
    parts["url"] = _url(part["url"], thing.get("@id"), base)
    made: Stated | None = make_stated(kind, parts, base, syntax, node)
    return made


def _url(value: Any, identity: Any, base: str) -> str | None:
    """The address: as stated, else that of an `@id`, whose fragment names a thing and no page."""
    if found := text_of(value):
        return found
    named = next((one.get("@id") for one in values_of(value) if isinstance(one, dict)), None)
    for one in (named, identity):
        page = one.partition("#")[0] if isinstance(one, str) and not one.startswith("_:") else ""
        if page and page != base.partition("#")[0]:
            return page
    return None


def place_of(value: Any, known: Things) -> str | None:
    """The words of a place: text, a Place with name and address, an address, or several of these."""
    said = [text for one in values_of(value) if (text := _place(one, known))]
    return "; ".join(dict.fromkeys(said)) or None


def _place(value: Any, known: Things) -> str:
    if isinstance(value, str):
        return "" if value.startswith(("http://", "https://")) else plain_text(value)
    if not isinstance(value, dict):
        return ""
    had = folded(_meant(value, known))
    if fold_key(str(text_of(had.get("@type")))) == "virtuallocation":
        return plain_text(text_of(had.get("name")) or "Online")
    address = next((one for one in values_of(had.get("address", had)) if one), None)
    if isinstance(address, dict):
        address = _address(folded(_meant(address, known)))
    return join_place([text_of(had.get("name")), text_of(address)])


def _meant(value: Mapping[str, Any], known: Things) -> Mapping[str, Any]:
    """What an object refers to when it holds nothing but the `@id` of another."""
    identity = value.get("@id")
    return known.get(identity, value) if isinstance(identity, str) and len(value) == 1 else value


def _address(had: Mapping[str, Any]) -> str:
    groups = load_yaml("structured.yaml")["address"]
    said = [" ".join(filter(None, (text_of(_named(had.get(name))) for name in group))) for group in groups]
    return join_place(said)


def _named(value: Any) -> Any:
    """A part of an address; a country may be a thing with a name."""
    return folded(value).get("name", value) if isinstance(value, dict) else value


def join_place(parts: Iterable[str | None]) -> str:
    """Parts of a place joined by commas, each once: an address often begins with the name of its place."""
    joined = ""
    for part in parts:
        text = plain_text(part) if part else ""
        if not joined or text.casefold().startswith(joined.casefold()):
            joined = text or joined
        elif text and text.casefold() not in joined.casefold():
            joined = f"{joined}, {text}"
    return joined

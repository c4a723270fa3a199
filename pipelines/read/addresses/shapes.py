"""The shapes of the sites that are understood: what an address is reduced to, and what it then means.

What belongs here: Liferay portals (coe.int and others), the documents of rm.coe.int, the Congress hub, the ASP site
before 2016. What does not: what holds for any address (`parts`), and what a page says.

`reduced` takes an address one step nearer to its canonical form; the caller repeats it until nothing changes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import unquote

from pipelines.read.addresses.parts import Parts, field_name, split
from pipelines.read.addresses.vocabulary import listed, vocabulary

_LOCALE = r"(?:/(?P<locale>[a-zA-Z]{2})(?:[-_][a-zA-Z]{2,4})?)?"
_PORTAL = re.compile(_LOCALE + r"(?P<rest>/(?:web|group|c)(?:/.*)?|(?:/[^/]+)*/-/.+)", re.IGNORECASE)
# `/web/` and `/-/` alone prove nothing on a host that is not known: archives and code forges have them too.
_PORTAL_ELSEWHERE = re.compile(
    r"/[a-z]{2}(?:[-_][a-z]{2,4})?/(?:web|-|c/portal)/.+|/web/[^/]+/(?:.+/)?(?:-|w)/.+|/c/portal/.+|.+/-/asset_publisher/.+",
    re.IGNORECASE,
)
_ASSET = re.compile(
    r"(?P<site>/(?:web|group)/[^/]+)?(?P<page>/.*)?/-/asset_publisher/[^/]+/content/(?P<slug>(?!id$)[^/]+)(?:/[a-z_]+)?/?"
)
_ARTICLE = re.compile(r"(?P<site>/(?:web|group)/[^/]+)?(?P<page>/.*?)?/(?:-|(?<=\w/)w)/(?P<slug>[^/]+)/?")
_UPDATE_LANGUAGE = re.compile(_LOCALE + r"/c/portal/update_language/?", re.IGNORECASE)
_LANGUAGE_ID = re.compile(r"(?P<language>[a-z]{2})(?:[_-][A-Za-z]{2,4})*")
_DOCUMENT = re.compile(r"/(?:[^/]+/)*(?:090000)?(?P<id>[0-9a-f]{8,10})(?:\.[a-z]{3,4})?/?", re.IGNORECASE)
_DOCUMENT_ID = re.compile(r"(?:090000)?(?P<id>[0-9a-f]{8,10})", re.IGNORECASE)
_HUB = re.compile(r"/(?P<locale>en|fr)/(?P<kind>[a-z]+)/0*(?P<id>[0-9]{1,9})(?:-[^/]*)?\.html")
_HUB_KINDS = frozenset({"partner", "ressource", "initiative"})
_LEGACY_LANGUAGE = re.compile(r"_(?P<locale>[a-z]{2})\.aspx?$")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a canonical address says by itself."""

    shape: str
    item_key: str | None = None
    locale: str | None = None
    page_path: str | None = None


def reduced(parts: Parts) -> Parts:
    """The address one step nearer to its canonical form; itself when there is nothing left to do."""
    family = parts.known.family if parts.known else None
    if family == "documents":
        return _reduced_document(parts)
    if family == "hub":
        return replace(parts, fields=()) if _HUB.fullmatch(parts.path) else parts
    if family == "liferay" and is_legacy(parts):
        return replace(parts.without(vocabulary().liferay_noise), path=parts.path.lower())
    if family == "liferay" or _portal(parts):
        return _reduced_portal(parts)
    return parts


def meaning(parts: Parts) -> Meaning:
    """What a canonical address means."""
    family = parts.known.family if parts.known else None
    if family == "documents":
        found = _DOCUMENT.fullmatch(parts.path)
        return Meaning("document", f"rm:{found['id'].lower()}") if found else Meaning("other")
    if family == "hub":
        return _hub_meaning(parts)
    if family == "liferay" and is_legacy(parts):
        found = _LEGACY_LANGUAGE.search(parts.path)
        return Meaning("legacy", locale=found["locale"] if found else None)
    portal = _portal(parts)
    if portal or family == "liferay":
        return _portal_meaning(parts, portal)
    return Meaning("document" if _is_file(parts) else "other")


def is_legacy(parts: Parts) -> bool:
    """Whether it is an address of the coe.int site before 2016, whose paths are case-insensitive."""
    return parts.path.lower().startswith("/t/") or parts.path.lower().endswith(".asp")


def is_trap(parts: Parts) -> bool:
    """Whether a spider must not follow it: it leads to a copy of another page, or to an action."""
    words = vocabulary()
    portal = _portal(parts)
    rest = (portal["rest"] if portal else parts.path).lower().rstrip("/")
    if any(rest == path or rest.startswith(path + "/") for path in words.trap_paths):
        return True
    if portal and rest.rpartition("/")[2] in words.trap_segments:
        return True
    return any(
        listed(name, (trap,)) and listed(value.strip("/"), values)
        for name, value in parts.values()
        for trap, values in words.trap_parameters.items()
    )


def page_number(parts: Parts) -> int:
    """The number of the page of a list, from 1; 1 when the address does not say."""
    words = vocabulary()
    is_portal = (parts.known is not None and parts.known.family == "liferay") or _portal(parts) is not None
    names = words.page_numbers if is_portal else words.page_numbers_elsewhere
    numbers = [int(v) for name, v in parts.values() if listed(name, names) and re.fullmatch("[0-9]{1,6}", v)]
    return max([1, *numbers])


def _portal(parts: Parts) -> re.Match[str] | None:
    """The path taken apart into locale and rest, when it is that of a Liferay portal."""
    if parts.known is None and not _PORTAL_ELSEWHERE.fullmatch(parts.path):
        return None
    return _PORTAL.fullmatch(parts.path)


def _is_file(parts: Parts) -> bool:
    return parts.path.lower().endswith(vocabulary().document_suffixes)


def _reduced_document(parts: Parts) -> Parts:
    # The search service of before 2016 names the document in its query.
    named = [
        m for name, value in parts.values() if name.lower() == "documentid" and (m := _DOCUMENT_ID.fullmatch(value))
    ]
    found = named[0] if named else _DOCUMENT.fullmatch(parts.path)
    return replace(parts, path=f"/{found['id'].lower()}", fields=()) if found else parts


def _hub_meaning(parts: Parts) -> Meaning:
    found = _HUB.fullmatch(parts.path)
    if not found:
        locale = parts.path.split("/")[1]
        return Meaning("hub", locale=locale if locale in ("en", "fr") else None)
    page_path = f"/{found['locale']}/{found['kind']}/{found['id']}"
    item_key = f"hub:{found['kind']}/{found['id']}" if found["kind"] in _HUB_KINDS else None
    return Meaning("hub", item_key, found["locale"], page_path)


def _reduced_portal(parts: Parts) -> Parts:
    target = _language_target(parts)
    if target is not None:
        return target
    parts = parts.without(vocabulary().liferay_noise)
    portal = _portal(parts)
    if not portal:
        return parts
    locale, rest = f"/{portal['locale'].lower()}" if portal["locale"] else "", portal["rest"]
    found = _article(rest)
    if found:
        # Only coe.int is known to serve every article at `/-/slug` of its site.
        path = f"{found['site'] or ''}/-/{found['slug']}" if parts.known else rest.rstrip("/")
        return replace(parts, path=locale + path, fields=())
    path = re.sub("/{2,}", "/", rest).rstrip("/")
    return replace(parts, path=locale + path, fields=_paging(parts.fields))


def _article(rest: str) -> re.Match[str] | None:
    """The slug in a portal path without its locale, when the path shows one article."""
    found = _ASSET.fullmatch(rest)
    if found:
        return found
    found = _ARTICLE.fullmatch(rest)
    return None if not found or found["slug"] in vocabulary().applications else found


def _paging(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Query fields with page numbers in one form: no leading zeros, page 1 left out, as is what is no number."""
    kept = []
    for field in fields:
        value = field.partition("=")[2]
        if not listed(field_name(field), vocabulary().page_numbers):
            kept.append(field)
        elif re.fullmatch("[0-9]{1,6}", value) and int(value) > 1:
            kept.append(f"{field.partition('=')[0]}={int(value)}")
    return tuple(kept)


def _language_target(parts: Parts) -> Parts | None:
    """The page that a language switch shows, in that language; None when it is none, or leads off the site."""
    if not _UPDATE_LANGUAGE.fullmatch(parts.path):
        return None
    values = dict(reversed(parts.values()))
    redirect = values.get("redirect", "")
    for _ in range(3):  # escaped once too often by those who copied the address
        if redirect.startswith(("/", "http:", "https:")) or "%" not in redirect:
            break
        redirect = unquote(redirect)
    target = split(redirect, parts.url) if redirect else None
    if target is None or target.netloc != parts.netloc:
        return None
    # A redirect that was not escaped loses its paging to the outer address.
    stray = [f for f in parts.fields if listed(field_name(f), ("delta", *vocabulary().page_numbers))]
    fields = tuple(sorted({*target.fields, *stray}))
    language = _LANGUAGE_ID.fullmatch(values.get("languageId", ""))
    return replace(target, path=_in_locale(target.path, language["language"] if language else None), fields=fields)


def _in_locale(path: str, language: str | None) -> str:
    portal = _PORTAL.fullmatch(path)
    return f"/{language}{portal['rest']}" if language and portal else path


def _portal_meaning(parts: Parts, portal: re.Match[str] | None) -> Meaning:
    rest = portal["rest"] if portal else parts.path
    locale = portal["locale"].lower() if portal and portal["locale"] else None
    found = _article(rest)
    if found:
        prefix = parts.known.prefix if parts.known else parts.netloc.removeprefix("www.")
        return Meaning("detail", f"{prefix}:{_slug(found['slug'])}", locale)
    if "/-/asset_publisher/" in rest and "/content/id/" in rest:
        return Meaning("detail", None, locale)
    if _is_file(parts) or rest.startswith("/documents/"):
        return Meaning("document", None, locale)
    paged = any(listed(name, ("delta", *vocabulary().page_numbers)) for name, _ in parts.values())
    is_list = paged or listed(rest.rpartition("/")[2], vocabulary().listings)
    return Meaning("listing" if is_list and "/-/" not in rest and not rest.startswith("/c/") else "other", None, locale)


def _slug(segment: str) -> str:
    """A slug as a key: unescaped, composed, lower case; Liferay compares them so."""
    text = unquote(segment)
    return segment.lower() if "\ufffd" in text else unicodedata.normalize("NFC", text).lower()

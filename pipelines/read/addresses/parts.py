"""An address taken apart into host, path and query fields, in one normal form, and put together again.

What belongs here: what holds for every address on every host (scheme, host, port, escapes, sessions, tracking). What
does not: the shapes of a site, which are told in `shapes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote_plus, unquote_to_bytes, urljoin, urlsplit

from w3lib.url import safe_url_string

from pipelines.read.addresses.vocabulary import Host, listed, vocabulary

_PATH_SAFE = "-._~!$&'()*+,;=:@"
_FIELD_SAFE = "-._~!$'()*,;:@/?"
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST = 8192
"""Addresses longer than this many characters are not addresses of pages."""


@dataclass(frozen=True, slots=True)
class Parts:
    """An address of http or https: lower-case host, escaped path, query fields `name=value` as escaped text."""

    scheme: str
    netloc: str
    path: str
    fields: tuple[str, ...]

    @property
    def known(self) -> Host | None:
        """What is known of its host."""
        return vocabulary().hosts.get(self.netloc)

    @property
    def url(self) -> str:
        """The address as text."""
        return f"{self.scheme}://{self.netloc}{self.path}" + ("?" + "&".join(self.fields) if self.fields else "")

    def values(self) -> list[tuple[str, str]]:
        """Query fields as unescaped (name, value)."""
        return [(field_name(field), unquote_plus(field.partition("=")[2])) for field in self.fields]

    def without(self, names: tuple[str, ...]) -> Parts:
        """The address without the query fields of these names."""
        return replace(self, fields=tuple(f for f in self.fields if not listed(field_name(f), names)))


def split(url: str, base: str | None = None) -> Parts | None:
    """Take an address apart; None when it is none of http or https. Never raises."""
    try:
        return _split(_absolute(url, base))
    except ValueError:  # bad brackets, bad port, lone surrogates, hosts that IDNA refuses
        return None


def field_name(field: str) -> str:
    """The unescaped name of a query field."""
    return unquote_plus(field.partition("=")[0])


def _absolute(url: str, base: str | None) -> str:
    text = re.sub(r"[\t\r\n]", "", url).strip()
    if base and split(base):
        return urljoin(base, text)
    if text.startswith("//"):
        return "https:" + text
    # An address written in prose lacks its scheme; only hosts that are known are taken for one.
    return f"https://{text}" if re.split(r"[/?#]", text, maxsplit=1)[0].lower() in vocabulary().hosts else text


def _split(url: str) -> Parts | None:
    if len(url) > LONGEST:
        return None
    pieces = urlsplit(safe_url_string(url))
    host = (pieces.hostname or "").rstrip(".")
    bracketed = f"[{host}]" if ":" in host else host
    if pieces.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(bracketed):
        return None
    port = pieces.port
    netloc = bracketed if port in (None, _DEFAULT_PORTS[pieces.scheme]) else f"{bracketed}:{port}"
    known = vocabulary().hosts.get(netloc)
    fields = [field for field in map(_field, pieces.query.split("&")) if field]
    parts = Parts(
        scheme="https" if known else pieces.scheme,  # elsewhere nobody promises that https answers
        netloc=known.host if known else netloc,
        path=_path(pieces.path),
        fields=tuple(sorted(fields)),
    )
    return parts.without(vocabulary().noise)


def _path(path: str) -> str:
    escaped = [quote(unquote_to_bytes(segment), safe=_PATH_SAFE) for segment in path.split("/")]
    segments = _SESSION.sub("", "/".join(escaped)).split("/")[1:]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    ends_in_folder = bool(segments) and segments[-1] in (".", "..")
    return "/" + "/".join([*kept, *([""] if ends_in_folder and kept else [])])


def _field(field: str) -> str:
    name, equals, value = field.partition("=")
    # `&amp;` is left in addresses that were copied out of a page's source.
    return re.sub("^(?:amp;)+", "", _escaped(name)) + equals + _escaped(value)


def _escaped(text: str) -> str:
    return quote(unquote_to_bytes(text.replace("+", " ")), safe=_FIELD_SAFE)

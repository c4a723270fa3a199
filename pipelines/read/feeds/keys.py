"""Keys of entries of feeds and APIs: what a site calls an entry, made unlike what every other site calls one.

What belongs here: which names hold anywhere, and which within a site. What does not: where a name stands in a body.

The same key is the same entry, in whatever source (`pipelines.curate.rules`). Post 7 of one site is not post 7 of
another, so a name that is a mere number or word gets the site's host. RFC 5545 (3.8.4.7) and the Atom format (RFC 4287,
4.2.6) have names that hold anywhere: an address, a tag, something@host; RSS and many calendars do not keep to it.
"""

from __future__ import annotations

from pipelines.read.addresses import parse_address

_LONG = 16  # characters, as of a UUID's half: nobody counts as far
_MARKS = ("://", "@", "urn:", "tag:")


def site_key(kind: str, name: str, url: str) -> str:
    """The key of what a site calls by this name; `url` is an address of the site."""
    return f"{kind}:{parse_address(url).host}:{name}"


def name_key(kind: str, name: str, url: str) -> str:
    """The key of a name that is meant to hold anywhere; of one that can not, the key within its site."""
    holds = len(name) >= _LONG or any(mark in name for mark in _MARKS)
    return f"{kind}:{name}" if holds else site_key(kind, name, url)

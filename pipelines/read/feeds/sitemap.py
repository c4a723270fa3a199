"""Sitemaps and their indexes to links: pages with role detail, further sitemaps with role next.

What belongs here: addresses and when they changed, and which of them a source wants. What does not: entries, which the
pages give. Source: https://www.sitemaps.org/protocol.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.read.feeds.bounded import load_xml, unpacked
from pipelines.read.feeds.moments import moment_of, words
from pipelines.read.feeds.payload import MOST_LINKS, Feed, Payload
from pipelines.read.feeds.safe_patterns import PatternError, safe_pattern
from pipelines.read.feeds.strings import absolute
from pipelines.read.reading import Link

_ROLES = {"urlset": ("url", "detail"), "sitemapindex": ("sitemap", "next")}
_LONGEST = 300  # characters of an address that patterns are tried on


def local_name(element: Any) -> str:
    """The name of an element without its namespace, in lower case; empty for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def read_sitemap(payload: Payload) -> Feed:
    """The links of a sitemap, also packed with gzip.

    Hints: `include` and `exclude`, each a regular expression or a list of some, looked for in the address; an address
    is taken when one of `include` (or none is given) and none of `exclude` is found in it. Further sitemaps are taken
    unless `exclude` is found in them.
    """
    feed = Feed()
    body, cut = unpacked(payload.body)
    loaded = load_xml(body, payload.media_type)
    feed.issues += [issue for issue in (cut, loaded.issue) if issue]
    if loaded.value is None:
        return feed
    root = next((one for one in loaded.value.iter() if local_name(one) in _ROLES), None)
    if root is None:
        feed.note(f"not a sitemap: its root is <{local_name(loaded.value)[:40]}>", "body")
        return feed
    name, role = _ROLES[local_name(root)]
    include, exclude = (_patterns(payload, hint, feed) for hint in ("include", "exclude"))
    if include is None or exclude is None:
        return feed
    found: dict[str, Link] = {}
    addresses = list(_addresses(root, name, payload.url))
    if loaded.broken:
        feed.note("XML that is broken: read as far as it can be, without its last address, which may be cut", "body")
        del addresses[-1:]
    for url, modified in addresses:
        wanted = not exclude or not _is_found(exclude, url)
        if wanted and (role == "next" or not include or _is_found(include, url)):
            found.setdefault(url, Link(url, role, modified))
        if len(found) >= MOST_LINKS:
            feed.note(f"more than {MOST_LINKS} addresses: the rest is left out", "urlset")
            break
    feed.links = list(found.values())
    return feed


def _patterns(payload: Payload, hint: str, feed: Feed) -> list[re.Pattern[str]] | None:
    """The patterns of a hint; None when one of them is refused: a source that is half filtered is a wrong one."""
    found = []
    for said in payload.texts_hint(hint):
        try:
            found.append(safe_pattern(said))
        except PatternError as error:
            feed.note(f"hint `{hint}`: {error}: no address is taken", "hints")
            return None
    return found


def _is_found(patterns: list[re.Pattern[str]], url: str) -> bool:
    return any(pattern.search(url[:_LONGEST]) for pattern in patterns)


def _addresses(root: Any, name: str, base: str) -> Iterator[tuple[str, str | None]]:
    """Address and last change of every element of a name."""
    for element in root:
        if local_name(element) != name:
            continue
        said = {local_name(child): (child.text or "") for child in reversed(element)}
        url = absolute(said.get("loc"), base)
        if url:
            moment = moment_of(said.get("lastmod", "").strip())
            yield url, words(moment) if moment else None

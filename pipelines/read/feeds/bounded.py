"""Bodies to JSON values, XML trees and text, within bounds, and never with an exception.

What belongs here: charsets, refusals (size, nesting, entities, bombs) and parsing. What does not: what a value means.

A body of 10 MB can hold millions of empty values or elements, which take more memory than all else; so their signs
are counted before they are parsed: 1,000,000 JSON values take about 100 MB.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from html import escape
from html.entities import html5
from itertools import islice
from typing import Any

from lxml import etree

from pipelines.read.html.decode import MAX_BYTES, charset_text
from pipelines.read.reading import Issue

_MOST_VALUES = 1_000_000
_MOST_TAGS = 1_000_000
_MOST_AMPERSANDS = 50_000  # each is an error that is kept
_GZIP = b"\x1f\x8b"
_BAD_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(?:([A-Za-z]{2,31});)?")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value or tree, None when there is none, with an Issue that says what was wrong; `broken`: it was mended."""

    value: Any = None
    issue: Issue | None = None
    broken: bool = False


def unpacked(body: bytes) -> tuple[bytes, Issue | None]:
    """A body without gzip; of one that unpacks to more than `MAX_BYTES` the beginning, with an Issue."""
    if not body.startswith(_GZIP):
        return body, None
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_BYTES)
    except zlib.error:
        return b"", Issue("gzip that can not be unpacked", "body")
    if unpacker.unconsumed_tail:
        return plain, Issue(f"unpacks to more than {MAX_BYTES} bytes: read as far as that", "body")
    return plain, None if unpacker.eof else Issue("gzip that is cut off: read as far as it goes", "body")


def load_json(body: bytes) -> Parsed:
    """The value of a JSON body: UTF-8, UTF-16 or UTF-32, a byte order mark allowed."""
    try:
        said = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return Parsed(issue=Issue("not JSON: its charset is not known", "body"))
    if said.count(",") + said.count("[") + said.count("{") > _MOST_VALUES:
        return Parsed(issue=Issue(f"JSON of more than {_MOST_VALUES} values", "body"))
    try:
        return Parsed(json.loads(said, strict=False, parse_constant=lambda _: None))
    except json.JSONDecodeError as error:
        return Parsed(
            issue=Issue(f"not JSON: {error.msg.removesuffix(' at')} at character {error.pos} of {len(said)}", "body")
        )
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits; brackets in brackets
        return Parsed(issue=Issue(f"JSON that is not read: {type(error).__name__}", "body"))


def load_xml(body: bytes, media_type: str) -> Parsed:
    """The root element of an XML body; broken XML is mended as far as it can be, nothing is fetched or expanded."""
    said, issue = charset_text(body, media_type)
    if said.count("<") > _MOST_TAGS:
        return Parsed(issue=Issue(f"XML of more than {_MOST_TAGS} tags", "body"))
    if next(islice(_BARE_AMPERSAND.finditer(said), _MOST_AMPERSANDS, None), None):
        return Parsed(issue=Issue(f"XML of more than {_MOST_AMPERSANDS} bare ampersands", "body"))
    if _ENTITY.search(said):
        return Parsed(issue=Issue("XML that declares entities", "body"))
    said = _BAD_XML.sub(" ", _DECLARATION.sub("", said.lstrip("\ufeff"), count=1)).lstrip()
    root, broken = _tree(said)
    if broken and "&" in said:
        mended, still_broken = _tree(_BARE_AMPERSAND.sub(_mended, said))
        root, broken = (mended, False) if not still_broken else (root, True)
    if root is None:
        return Parsed(issue=issue or Issue("not XML: no element in it", "body"))
    return Parsed(root, issue, broken)


def _mended(found: re.Match[str]) -> str:
    """An ampersand that stands for itself, and an entity of HTML, which XML does not know."""
    known = html5.get(f"{found[1]};") if found[1] else None
    return escape(known) if known else f"&amp;{found[0][1:]}"


def _tree(said: str) -> tuple[Any, bool]:
    """The root of a text, as far as it can be read, and whether it is broken."""
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(said.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, True
    return root, any(error.level >= etree.ErrorLevels.FATAL for error in parser.error_log)

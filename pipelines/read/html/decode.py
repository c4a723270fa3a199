"""Bytes to text: is this a page at all, and in which charset.

What belongs here: refusing what is no page (with a reason) and decoding the rest. What does not: parsing.

The order of evidence is that of browsers (BOM, header, `<meta>`), but a declared charset that can not decode the bytes
is not believed when UTF-8 can: wrong declarations are common on the sources we read.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from w3lib.encoding import html_body_declared_encoding, html_to_unicode, http_content_type_encoding, resolve_encoding

from pipelines.read.reading import Issue
from pipelines.reference import load_yaml

MAX_BYTES = 10_000_000
_HEAD = 4096
_SAMPLE = 100_000  # characters by which a charset is judged
_LEAST_LETTERS = 0.8  # of the letters beyond ASCII are those of the language; names of elsewhere are the rest
_LEAST_KANA = 0.15  # of Japanese letters are kana
_LANG = re.compile(rb"""<html\b[^>]*?\blang\s*=\s*["']?([a-zA-Z]{2})\b""")
_JAPANESE = ["shift_jis", "euc-jp", "iso-2022-jp"]
_KANA = frozenset(map(chr, range(0x3041, 0x30FF)))
_BINARY = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP or DOCX",
    b"\xd0\xcf\x11\xe0": "Office document",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}


def decode(body: bytes, media_type: str) -> tuple[str, Issue | None]:
    """The text of a page; empty with an Issue when it is none, text with an Issue when its charset was mended."""
    body = _as_utf8(body)
    refusal = _refusal(body, media_type)
    if refusal:
        return "", Issue(refusal, "body")
    return charset_text(body, media_type)


def charset_text(body: bytes, media_type: str) -> tuple[str, Issue | None]:
    """The text of a body of any kind, with an Issue when its charset was mended; refuses nothing.

    The declarations of HTML and of XML in its first 4 kB are looked at.
    """
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return body.decode("utf-16", "replace"), None
    declared = next(iter(_declared(body, media_type)), None)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _by_language(body, media_type) or _decode_legacy(body, media_type, declared)
    mended = declared not in (None, "utf-8", "ascii") and not body.isascii()
    return text, Issue(f"declared as {declared}, read as utf-8", "charset") if mended else None


def _declared(body: bytes, media_type: str) -> list[str]:
    """The charsets that the header and the page declare, in this order."""
    names = (http_content_type_encoding(media_type), html_body_declared_encoding(body[:_HEAD]))
    return [known for name in names if name and (known := resolve_encoding(name))]


def _by_language(body: bytes, media_type: str) -> tuple[str, Issue | None] | None:
    """A page in an old charset that says its language: the first charset, declared or usual, that gives the letters of
    the language; None when none does. Japanese has no list of letters: kana tell it."""
    found = _LANG.search(body[:_HEAD])
    language = found[1].decode("ascii").lower() if found else ""
    declared = _declared(body, media_type)
    usual = load_yaml("charsets.yaml").get(language, {}).get("charsets", []) if language != "ja" else _JAPANESE
    for charset in dict.fromkeys([*declared, *usual]):
        text = body.decode(charset, "replace")
        if _is_of(text[:_SAMPLE], language):
            first = declared[0] if declared else "nothing"
            mended = charset != first
            return text, Issue(f"declared as {first}, read as {charset}", "charset") if mended else None
    return None


def _is_of(text: str, language: str) -> bool:
    """Whether the letters beyond ASCII are those of a language."""
    known = _KANA if language == "ja" else set(load_yaml("charsets.yaml").get(language, {}).get("letters", ""))
    letters = [char for char in text.lower() if char.isalpha() and not char.isascii()]
    strange = text.count("\ufffd") + sum("\x80" <= char < "\xa0" for char in text)
    least = _LEAST_KANA if language == "ja" else _LEAST_LETTERS
    return bool(letters) and 50 * strange <= len(letters) and sum(c in known for c in letters) >= least * len(letters)


def _as_utf8(body: bytes) -> bytes:
    """A body in UTF-16 with its mark as UTF-8; any other as it is."""
    is_utf16 = body.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return body.decode("utf-16", "replace").encode("utf-8", "replace") if is_utf16 else body


def _decode_legacy(body: bytes, media_type: str, declared: str | None) -> tuple[str, Issue | None]:
    """What is not UTF-8: as declared, else as Windows-1252, the web's default for old western pages."""
    if declared in (None, "utf-8"):
        text = body.decode("utf-8-sig", "replace")
        lost = text.count("\ufffd")
        if 10 * lost < len(text) - len(text.encode("ascii", "ignore")):  # cut in a character, or a few bytes damaged
            return text, Issue(f"{lost} characters lost", "charset")
        return body.decode("cp1252", "replace"), Issue("not utf-8, read as cp1252", "charset")
    text = html_to_unicode(media_type or None, body, default_encoding="cp1252")[1]
    lost = text.count("\ufffd")
    return text, Issue(f"{lost} characters lost", "charset") if lost else None


def unreadable(body: bytes) -> str | None:
    """Why these bytes are nothing that any reader reads: empty, too long, a file of another kind; None otherwise."""
    if not body.strip():
        return "empty page"
    if len(body) > MAX_BYTES:
        return f"page of {len(body)} bytes, more than {MAX_BYTES}"
    binary = next((name for magic, name in _BINARY.items() if body.startswith(magic)), None)
    return f"not HTML but {binary}" if binary else None


def _refusal(body: bytes, media_type: str) -> str | None:
    """Why these bytes are no page; None when they may be one."""
    kind = media_type.partition(";")[0].strip().lower()
    if refused := unreadable(body):
        return refused
    if b"\x00" in body[:1024]:
        return "not HTML but binary"
    if kind and not (kind.startswith("text/") or "html" in kind or "xml" in kind):
        return f"not HTML but {kind}"
    return "not HTML but JSON" if body.lstrip()[:1] in (b"{", b"[") and b"<" not in body[:200] else None

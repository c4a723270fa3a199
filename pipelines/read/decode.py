"""Bytes to text: is this a page at all, and in which charset.

What belongs here: refusing what is no page (with a reason) and decoding the rest. What does not: parsing.

The order of evidence is that of browsers (BOM, header, `<meta>`), but a declared charset that can not decode the bytes
is not believed when UTF-8 can: wrong declarations are common on the sources we read.
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from w3lib.encoding import html_body_declared_encoding, html_to_unicode, http_content_type_encoding, resolve_encoding

from pipelines.read.reading import Issue

MAX_BYTES = 10_000_000
_BINARY = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP or DOCX",
    b"\xd0\xcf\x11\xe0": "Office document",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}


def decode(body: bytes, media_type: str) -> tuple[str, Issue | None]:
    """The text of a page; empty with an Issue when it is none, text with an Issue when its charset was mended."""
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        body = body.decode("utf-16", "replace").encode("utf-8", "replace")
    refusal = _refusal(body, media_type)
    if refusal:
        return "", Issue(refusal, "body")
    declared = resolve_encoding(
        http_content_type_encoding(media_type) or html_body_declared_encoding(body[:4096]) or ""
    )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_legacy(body, media_type, declared)
    mended = declared not in (None, "utf-8", "ascii") and not body.isascii()
    return text, Issue(f"declared as {declared}, read as utf-8", "charset") if mended else None


def _decode_legacy(body: bytes, media_type: str, declared: str | None) -> tuple[str, Issue | None]:
    """What is not UTF-8: as declared, else as Windows-1252, the web's default for old western pages."""
    if declared in (None, "utf-8"):
        text = body.decode("utf-8-sig", "replace")
        lost = text.count("\ufffd")
        if 10 * lost < sum(not char.isascii() for char in text):  # cut in a character, or a few bytes damaged
            return text, Issue(f"{lost} characters lost", "charset")
        return body.decode("cp1252", "replace"), Issue("not utf-8, read as cp1252", "charset")
    text = html_to_unicode(media_type or None, body, default_encoding="cp1252")[1]
    lost = text.count("\ufffd")
    return text, Issue(f"{lost} characters lost", "charset") if lost else None


def _refusal(body: bytes, media_type: str) -> str | None:
    """Why these bytes are no page; None when they may be one."""
    kind = media_type.partition(";")[0].strip().lower()
    if not body.strip():
        return "empty page"
    if len(body) > MAX_BYTES:
        return f"page of {len(body)} bytes, more than {MAX_BYTES}"
    binary = next((name for magic, name in _BINARY.items() if body.startswith(magic)), None)
    if binary or b"\x00" in body[:1024]:
        return f"not HTML but {binary or 'binary'}"
    if kind and not (kind.startswith("text/") or "html" in kind or "xml" in kind):
        return f"not HTML but {kind}"
    return "not HTML but JSON" if body.lstrip()[:1] in (b"{", b"[") and b"<" not in body[:200] else None

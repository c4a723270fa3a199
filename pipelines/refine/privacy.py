"""Privacy: e-mail addresses and phone numbers out of what is published.

What belongs here: finding and replacing them. The rule is the simplest safe one: all of them go, of offices as of
people, as nobody can tell `maria@city.example` from `culture@city.example` for sure; the page that is linked still
shows them.
What does not: names of people, which practices name on purpose.

A number is a phone number when it begins with + or 00, stands behind a label ("Tel."), or has a national shape with
separators that no date, price, postcode or identifier has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import unquote

from pipelines.reference import load_yaml

EMAIL_REMOVED, PHONE_REMOVED = "[e-mail removed]", "[phone removed]"

_EMAIL = re.compile(
    r"(?<![\w.+-])(?:mailto:\s*)?[\w.+'&%-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.[^\W\d_]{2,24}",
    re.IGNORECASE,
)
_PERSONAL_SCHEME = re.compile(r"\s*(?:mailto|tel|sms|callto|whatsapp|facetime|skype):", re.IGNORECASE)
_GROUP = r"[ \u00a0\u202f.\-–/]{1,2}"  # what parts the groups of a number
# +33 (0)3 88 41 20 00, 0033 3 88 41 20 00
_INTERNATIONAL = re.compile(
    rf"(?<![\w+])(?:\+\s?\(?|00[ .\-]?(?=[1-9]))\d{{1,3}}\)?(?:(?:{_GROUP})?\(?\d{{1,5}}\)?){{1,8}}(?!\w)"
)
_NATIONAL = re.compile(
    r"(?<![\w.,/+-])(?:"
    r"(?:8 )?\(\d[\d -]{1,5}\)[ ./-]{0,3}\d{2,4}(?:[ .-]?\d{2,4}){1,3}"  # (0113) 222 4444, 8 (912) 345-67-89
    r"|0\d(?:([ .])\d{2})(?:\1\d{2}){3}"  # 03 88 41 20 00
    r"|(?P<groups>0\d{1,4}(?:[ /-]\d{2,8}){1,4})"  # 020 7946 0018, 0113-222-4444, 089/1234567
    r"|\d{3}-\d{3}-\d{4}"  # 312-555-0123
    r")(?![\w/]|[ .,-]{1,3}\d)"
)
# What has the shape of a number with groups and is none: a date, a range of years, an amount with thousands.
_NO_PHONE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[ ./-]{1,2}(?:0?[1-9]|1[0-2])[ ./-]{1,2}(?:19|20)\d\d"
    r"|(?:19|20)\d\d[ ./-](?:0?[1-9]|1[0-2])[ ./-]\d{1,2}"
    r"|(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d))?"
    r"|\+?\s?\d{1,3}(?:[ .]000)+"
)
# Whatever the rules above let pass for want of a blank or for its length: no text may be published with it, and one
# that was would keep the whole release back. ASCII, for a letter of any alphabet ends a number as it begins one.
_ANY_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_ANY_NUMBER = re.compile(r"(^|[^\w+.,])(?:\+|00)[1-9]\d{0,2}[\s()./-]*(?:\d[\s()./-]*){6,}\d", re.ASCII)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")  # ISO 13616, IBAN
_DIGITS_OF = {"label": (5, 15), "00": (10, 17), "": (7, 15)}  # at most 15 by ITU-T E.164, and the prefix


def redact(text: str) -> tuple[str, tuple[str, ...]]:
    """(the text with neutral words in place of e-mail addresses and phone numbers, what went: "e-mail", "phone").

    Redacting a redacted text changes nothing.
    """
    found: list[str] = []
    if "@" in text or _spelled().search(text):
        for pattern in (_EMAIL, _spelled(), _ANY_EMAIL):
            text, count = pattern.subn(EMAIL_REMOVED, text)
            found += ["e-mail"] * bool(count)
    if sum(c.isdecimal() for c in text) >= 5:
        for pattern in (_labelled(), _INTERNATIONAL, _NATIONAL):
            text = pattern.sub(lambda match: _number(match, found), text)
        # A number that is gone may have been all that kept the next one from looking like one.
        while (plain := _ANY_NUMBER.sub(lambda match: _any_number(match, found), text)) != text:
            text = plain
    return text, tuple(dict.fromkeys(found))


def is_personal_address(url: str) -> bool:
    """A link that is an e-mail address or a phone number, or carries one."""
    return bool(_PERSONAL_SCHEME.match(url) or _EMAIL.search(unquote(url)))


def redact_links(links: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Links without those to e-mail addresses and phone numbers; labels redacted."""
    kept = (link for link in links if not is_personal_address(str(link.get("url") or "")))
    return [link | {"label": redact(label)[0]} if (label := link.get("label")) else dict(link) for link in kept]


def _number(match: re.Match[str], found: list[str]) -> str:
    """The replacement of a match, or the match itself when it is no phone number."""
    labelled = "label" in match.re.groupindex
    number = match["number"] if labelled else match[0]
    fewest, most = _DIGITS_OF["label" if labelled else "00" if number.startswith("00") else ""]
    if not fewest <= sum(c.isdecimal() for c in number) <= most or _NO_PHONE.fullmatch(number.strip()):
        return match[0]
    if match.re is _NATIONAL and match["groups"] and not _is_grouped_number(number):
        return match[0]
    if _in_account(match):
        return match[0]
    found.append("phone")
    return match["label"] + PHONE_REMOVED if labelled else PHONE_REMOVED


def _any_number(match: re.Match[str], found: list[str]) -> str:
    """The replacement of what nothing but the number of an account may look like."""
    if _in_account(match):
        return match[0]
    found.append("phone")
    return f"{match[1]}{PHONE_REMOVED}"


def _in_account(match: re.Match[str]) -> bool:
    return any(start < match.end() and match.start() < end for start, end in _accounts(match.string))


def _is_grouped_number(number: str) -> bool:
    """Groups that no date, time of day or account has: 9 to 11 digits, a group of three or more that is no year."""
    groups = re.findall(r"\d+", number)
    return 9 <= sum(map(len, groups)) <= 11 and any(
        len(g) > 2 and not re.fullmatch(r"(?:19|20)\d\d", g) for g in groups
    )


def _accounts(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _ACCOUNT.finditer(text)]


@cache
def _labelled() -> re.Pattern[str]:
    """A label and the number behind it."""
    words = sorted(load_yaml("personal.yaml")["phone_labels"], key=len, reverse=True)
    labels = "|".join(map(re.escape, words))
    number = r"[+(]{0,2}\d(?:[ \u00a0\u202f.\-–/()]{0,3}\d){4,17}"
    return re.compile(
        rf"(?P<label>(?<!\w)(?:{labels})\s?[.:º°]{{0,2}}\s{{0,2}})(?P<number>{number})(?!\w)", re.IGNORECASE
    )


@cache
def _spelled() -> re.Pattern[str]:
    """name (at) city.org, name [at] city [dot] org, name AT city DOT org."""
    words = load_yaml("personal.yaml")
    at, dot = ("|".join(map(re.escape, sorted(words[k], key=len, reverse=True))) for k in ("at_words", "dot_words"))
    at_sign = rf"\s?[(\[{{<]\s?(?i:{at})\s?[)\]}}>]\s?"
    dot_sign = rf"(?:\.|\s?[(\[{{<]\s?(?i:{dot})\s?[)\]}}>]\s?|\s(?i:dot)\s)"
    host = rf"[\w-]{{1,63}}(?:{dot_sign}[\w-]{{1,63}}){{0,5}}{dot_sign}[^\W\d_]{{2,24}}\b"
    spoken = r"[\w.+-]{1,64}\s(?i:at)\s[\w-]{1,63}(?:\s(?i:dot)\s[\w-]{1,63}){1,4}\b"
    return re.compile(rf"(?<![\w.+-])(?:[\w.+-]{{1,64}}{at_sign}{host}|{spoken})")

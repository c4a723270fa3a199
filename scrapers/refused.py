"""Answers with status 200 that are not the page: captchas, logins, walls, soft 404s, redirects to the home page.

What belongs here: recognising one from its content, or from where its redirects led. What does not: statuses and
failures (`faults`), what follows for the run (`trust`).

The phrases of most classes are those that the page reader knows (`pipelines.read.refusals`); cookie walls are told by
`cookie_walls.yaml` here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from pipelines.read.decode import decode
from pipelines.read.lines import Line
from pipelines.read.markup import parse
from pipelines.read.refusals import is_refusal

HOME = "redirect to home page"
REFUSALS = frozenset({"captcha", "login page", "cookie wall", "error page", "soft 404", HOME})
"""Classes of answers that are not taken for the page."""
_MANY = 3  # addresses that all lead to one; two may be an old and a new name of a page
_UNSHOWN = re.compile(rb"<(script|style|svg|template)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_LONG = 12_000  # bytes of text; the readers take no page for a refusal whose text is longer than 3,000 characters
_LONG_MARKUP = 1_000_000  # bytes; no wall is as large, whatever its scripts
_CHARACTERS = 3_000
_LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")


def refusal_class(url: str, body: bytes, media_type: str) -> str | None:
    """The class of a page that refuses; None when it does not, and when it is no HTML."""
    if "html" not in media_type.lower() and media_type.strip():
        return None
    if len(body) > _LONG_MARKUP or len(_UNSHOWN.sub(b"", body)) > _LONG:
        return None
    text, _ = decode(body, media_type)
    document = parse(text, url) if text else None
    if document is None:
        return None
    said = is_refusal(document.lines, document.title)
    return said.partition(":")[0] if said else _cookie_wall([document.title, *_texts(document.lines)])


def _texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def _cookie_wall(texts: list[str]) -> str | None:
    """A page that says nothing but that cookies must be accepted first."""
    if sum(map(len, texts)) > _CHARACTERS:
        return None
    shown = f" {_plain(' '.join(texts))} "
    return "cookie wall" if any(f" {phrase} " in shown for phrase in _phrases()) else None


@cache
def _phrases() -> tuple[str, ...]:
    phrases = yaml.safe_load(Path(__file__).with_name("cookie_walls.yaml").read_text(encoding="utf-8"))
    return tuple(_plain(phrase) for phrase in phrases["cookie wall"])


def _plain(text: str) -> str:
    """Small letters without marks, words apart by one space."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c))))


@dataclass(slots=True)
class Redirects:
    """Where redirects of a run led: sites send what they no longer have to their home page, with status 200."""

    led_to: dict[str, set[str]] = field(default_factory=dict)

    def fault(self, asked: str, reached: str) -> str | None:
        """The class of an answer that was reached by redirect; None when it may be the page under another address.

        Many addresses that lead to one are known as such from the third on; `late` tells of those before it.
        """
        if is_home(reached) and not is_home(asked):
            return HOME
        origins = self.led_to.setdefault(reached, set())
        origins.add(urlsplit(asked).path)
        return HOME if len(origins - {urlsplit(reached).path}) >= _MANY else None

    @property
    def late(self) -> int:
        """Answers that were taken for pages before it was seen that many addresses lead to the same."""
        return sum(_MANY - 1 for origins in self.led_to.values() if len(origins) >= _MANY)


def is_home(url: str) -> bool:
    """Whether an address is that of a home page: no path, or a language and no more."""
    parts = [part for part in urlsplit(url).path.lower().split("/") if part]
    names = ("home", "index.html", "index.php", "default.aspx", "startseite", "accueil", "inicio")
    left = [part for part in parts if not _LOCALE.fullmatch(part) and part not in names]
    return not left and len(parts) <= 2 and not urlsplit(url).query

"""Answers with status 200 that are not the page: captchas, logins, walls, soft 404s, redirects to the home page.

What belongs here: recognising one from its content, or from where its redirects led. What does not: statuses and
failures (`faults`), what follows for the run (`trust`).

The phrases of most classes are those that the page reader knows (`pipelines.read.html.refusals`); cookie walls are told
by `cookie_walls.yaml` here.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from pipelines.read.html.decode import charset_text, decode
from pipelines.read.html.lines import Line
from pipelines.read.html.markup import parse
from pipelines.read.html.refusals import Phrases, is_refusal, plain_words, refusing_phrases

HOME = "redirect to home page"
REFUSALS = frozenset({"captcha", "login page", "cookie wall", "error page", "soft 404", HOME})
"""Classes of answers that are not taken for the page."""
_MANY = 3  # addresses that all lead to one; two may be an old and a new name of a page
_UNSHOWN = re.compile(rb"<(script|style|svg|template)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(rb"<[^>]*>")
_TAGS = re.compile(r"<[^>]*>")
_IN_WORD = re.compile(r"(?<=\w)(?:</?(?:a|b|big|em|font|i|mark|small|span|strong|u|wbr)\b[^>]*>)+(?=\w)", re.IGNORECASE)
_LONG = 12_000  # bytes of text; the readers take no page for a refusal whose text is longer than 3,000 characters
_LONG_MARKUP = 1_000_000  # bytes; no wall is as large, whatever its scripts
_CHARACTERS = 3_000
_LOCALE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")


def refusal_class(url: str, body: bytes, media_type: str) -> str | None:
    """The class of a page that refuses; None when it does not, and when it is no HTML."""
    if "html" not in media_type.lower() and media_type.strip():
        return None
    if len(body) > _LONG_MARKUP:
        return None
    shown = _UNSHOWN.sub(b"", body)
    if len(_TAG.sub(b"", shown)) > _LONG:
        return None
    # Nearly no page goes further than this, and a tree of each costs ten times as much.
    if not _may_refuse(shown, media_type):
        return None
    text, _ = decode(body, media_type)
    document = parse(text, url) if text else None
    if document is None:
        return None
    said = is_refusal(document.lines, document.title)
    return said.partition(":")[0] if said else _cookie_wall([document.title, *_texts(document.lines)])


def _may_refuse(markup: bytes, media_type: str) -> bool:
    """Whether a phrase that refuses stands anywhere in the text of a page, tags between its words or within one."""
    said = markup.decode("ascii") if markup.isascii() else charset_text(markup, media_type)[0]
    texts = [said, *([_IN_WORD.sub("", said)] if _IN_WORD.search(said) else [])]
    shown = "".join(plain_words(html.unescape(_TAGS.sub(" ", text))) for text in texts)
    return refusing_phrases().are_in(shown) or _cookie_phrases().are_in(shown)


def _texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def _cookie_wall(texts: list[str]) -> str | None:
    """A page that says nothing but that cookies must be accepted first."""
    if sum(map(len, texts)) > _CHARACTERS:
        return None
    return "cookie wall" if _cookie_phrases().are_in(plain_words(" ".join(texts))) else None


@cache
def _cookie_phrases() -> Phrases:
    phrases = yaml.safe_load(Path(__file__).with_name("cookie_walls.yaml").read_text(encoding="utf-8"))
    return Phrases(phrases["cookie wall"])


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
        origins, page = self.led_to.setdefault(reached, set()), urlsplit(asked)
        if page.path != urlsplit(reached).path:  # else it is its own address, with or without something more
            origins.add(f"{page.path}?{page.query}")
        return HOME if len(origins) >= _MANY else None

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

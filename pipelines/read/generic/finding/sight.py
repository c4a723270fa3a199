"""What is seen of a page before anything is decided: its blocks, its language, its days, its headings.

What belongs here: the steps that look at the whole page once. What does not: which days are entries.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from pipelines.read.generic.days.calendars import calendar_mentions
from pipelines.read.generic.days.grids import grid_mentions
from pipelines.read.generic.days.mentions import Mention, find_mentions
from pipelines.read.generic.days.numbers import with_days_in_numbers
from pipelines.read.generic.days.periods import Headings
from pipelines.read.generic.days.weeks import week_mentions
from pipelines.read.generic.layout.blocks import Block, read_blocks
from pipelines.read.generic.layout.columns import demote_columns
from pipelines.read.generic.layout.outline import Outline
from pipelines.read.generic.layout.rows import fill_tables
from pipelines.read.generic.layout.wording import page_languages
from pipelines.read.generic.values.pairs import paired
from pipelines.read.html.markup import Document
from pipelines.reference.folding import fold

_PARTS = re.compile(r"\s+[|–—:»>·-]+\s+|::")
_SMALL = 2  # letters of a word that says nothing


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as it was seen.

    `captured` is the day that counts as today. `languages` is the one in which it writes its dates. `mentions` are its
    days in their order, `by_block` the same by the blocks that hold them. `cut` says what of an endless page was not
    looked at.
    """

    document: Document
    captured: date | None
    outline: Outline
    languages: tuple[str, ...]
    mentions: list[Mention]
    by_block: dict[int, list[Mention]]
    headings: Headings
    cut: str | None

    @property
    def blocks(self) -> Sequence[Block]:
        """The lines of the page."""
        return self.outline.blocks


def look_at(document: Document, captured: date | None) -> Sight:
    """See a page. Rows that only its attributes hold are put into its tables first."""
    fill_tables(document.tree)
    blocks, cut = read_blocks(document.tree)
    outline = Outline(blocks)
    languages = page_languages((document.language or "").strip(), blocks)
    found = with_days_in_numbers(find_mentions(blocks, languages, captured), blocks, languages, captured)
    mentions = paired(found, blocks, languages)
    demote_columns(mentions, blocks)
    numbers = grid_mentions(outline, languages, captured, _by_block(mentions))
    below, heads = calendar_mentions(outline, languages, captured, _by_block([*mentions, *numbers]))
    weeks, tops = week_mentions(outline, languages, captured, _by_block([*mentions, *below]))
    heads |= tops
    apart = [mention for mention in [*mentions, *numbers] if mention.first not in heads]
    mentions = sorted([*apart, *below, *weeks], key=lambda mention: (mention.first, mention.start))
    by_block = _by_block(mentions)
    share = site_share(document)
    headings = Headings(outline, document.tree, _own_title(document, share), by_block, share)
    return Sight(document, captured, outline, languages, mentions, by_block, headings, cut)


def site_share(document: Document) -> Callable[[str], float]:
    """How much some words name the site, 0 to 1: its name is declared (`og:site_name`), or its words make the host."""
    declared = {fold(str(one.get("content") or "")) for one in document.tree.iter("meta") if _names_site(one)}
    host = urlsplit(document.base).netloc.lower()

    def share(text: str) -> float:
        words = [word for word in fold(text).split() if len(word) > _SMALL]
        return 1.0 if fold(text) in declared else sum(word in host for word in words) / max(len(words), 1)

    return share


def _own_title(document: Document, share: Callable[[str], float]) -> str:
    """The `<title>` with the part first that names the page, not the site."""
    parts = [part for part in _PARTS.split(document.title) if part.strip()]
    return " | ".join(sorted(parts, key=share)) if len(parts) > 1 else document.title


def _names_site(meta: Any) -> bool:
    return "og:site_name" in meta.values() or "application-name" in meta.values()


def _by_block(mentions: Sequence[Mention]) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        for index in range(mention.first, mention.last + 1):
            found[index].append(mention)
    return found

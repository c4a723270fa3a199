"""Pages that lie with status 200: error pages, logins, captchas, walls.

What belongs here: telling such a page from one with content. What does not: what to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipelines.read.lines import Line
from pipelines.reference import load_yaml
from pipelines.reference.folding import fold, fold_long

# A page that refuses says so in its title or its first lines, and says little else.
_LINES = 40
MOST = 3000


@cache
def _phrases() -> dict[str, str]:
    """Folded phrase to the class of the refusal."""
    return {fold(str(p)): name for name, phrases in load_yaml("refusals.yaml").items() for p in phrases}


def may_refuse(text: str) -> bool:
    """Whether a phrase of a refusal stands anywhere in the text of a page: quicker than asking its lines."""
    folded = f" {fold_long(text)} "
    return any(f" {phrase} " in folded for phrase in _phrases())


def is_refusal(lines: Sequence[Line], title: str) -> str | None:
    """Why the page is no content ("soft 404", "login page", "captcha"), or None."""
    if sum(len(line.text) for line in lines) > MOST:
        return None
    texts = [title, *(line.text for line in lines[:_LINES] if len(line.text) < 200)]
    for text in texts:
        folded = f" {fold(text)} "
        for phrase, name in _phrases().items():
            if f" {phrase} " in folded:
                return f"{name}: {text[:80]}"
    return None

"""The rows of `issues.json`: no e-mail address of a person among what went wrong.

What belongs here: looking at their texts. What does not: cleaning them, which is done where the rows come from.

A warning: the rows hold words of errors as well, and an error must not keep a release back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.publish.gate.rows import E_MAIL

_E_MAIL = re.compile(E_MAIL)
_ADDRESS = re.compile(r"https?://\S+")  # the address of a page is where to look, whatever stands in it
_TEXTS = ("where", "reason", "what_to_do")


def check_issues(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Warnings of the rows; what was found is not repeated."""
    found = [row for row in rows if any(_holds_e_mail(str(row.get(text) or "")) for text in _TEXTS)]
    if not found:
        return []
    first = " of ".join(str(found[0].get(key) or "all sources") for key in ("stage", "source"))
    return [f"issues.json: {len(found)} rows with e-mail addresses, the first from {first}"]


def _holds_e_mail(text: str) -> bool:
    return "@" in text and _E_MAIL.search(_ADDRESS.sub(" ", text)) is not None

"""Words for "online" in titles and sentences.

What belongs here: the question whether words say that a thing takes place online. What does not: places; the words
themselves, which are data.
"""

from __future__ import annotations

import re
from functools import cache

from pipelines import reference
from pipelines.reference.folding import fold


def says_online(text: str) -> bool:
    """The words say that the thing takes place online: "webinar", "online conference", not "an online tool"."""
    return bool(_pattern().search(f" {fold(text)} "))


@cache
def _pattern() -> re.Pattern[str]:
    """A word that always says so, or a word for online and one for a gathering with at most one word between."""
    data = reference.load_yaml("online.yaml")
    always, beside, gatherings = (_any(data[key]) for key in ("always", "beside", "gatherings"))
    return re.compile(
        rf" (?:{always}) | (?:{beside})(?: \w+)? (?:{gatherings}) | (?:{gatherings})(?: \w+)? (?:{beside}) "
    )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted({fold(word) for word in words}, key=len, reverse=True))

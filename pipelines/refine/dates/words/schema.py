"""The shape of a language's data file: which words it has to give, and nothing else.

What belongs here: the model of `pipelines/reference/dates/<language>.yaml`. What does not: loading, folding, grammar.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Words = list[str]
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "winter": 4}
_EDGES = {"begin": 1, "mid": 2, "end": 3}
_UNITS = {"day": 1, "week": 2, "month": 3, "year": 4, "hour": 5}
_NAMES = ("guard", "street", "street_after", "organisation")
_ORDINALS = {"1": 1, "2": 2, "3": 3, "4": 4, "last": -1}


class Language(BaseModel):
    """The date words of one language, beside the month and weekday names that CLDR gives.

    `order`: which part stands first in an all-number date that could be read in two ways. `numeric_dash`: "6-4" alone
    is a day and a month. `suffixes`: what may stand at a number ("1st"). `endings`: case endings of months and
    numbers. `weekday_letters`: Monday to Sunday as one letter in brackets. `near`: "this 5 May", "next 5 May".
    `guard`, `street`: words after which a number, or even a day, is a name (Room 5, Rue du 8 mai); `street_after`:
    words before which it is (12 March Road); `organisation`: words that a year beside them belongs to. `everyday`:
    month names that are common words when written small ("may"). `prefixes`: letters that may be written onto a
    month's name. `era`: names of reigns by the year before their first ("令和" by 2018).
    """

    model_config = ConfigDict(extra="forbid")

    language: str
    order: Literal["dmy", "mdy", "ymd"]
    numeric_dash: bool = False
    months: dict[str, int]
    weekdays: dict[str, int]
    suffixes: Words
    endings: dict[Literal["from", "to", "in"], Words] = Field(default_factory=dict)
    weekday_letters: Words = Field(default_factory=list)
    prefixes: Words = Field(default_factory=list)
    on: Words
    near: dict[Literal["this", "next"], Words] = Field(default_factory=dict)
    fill: Words
    in_: Words = Field(alias="in")
    at: Words
    from_: Words = Field(alias="from")
    between: Words
    since: Words = Field(min_length=1)
    to: Words = Field(min_length=1)
    and_: Words = Field(alias="and", min_length=1)
    until: Words
    until_post: Words
    onwards: Words = Field(min_length=1)
    ongoing: Words = Field(min_length=1)
    ongoing_weak: Words
    deadline: Words = Field(min_length=1)
    half: Words = Field(min_length=1)
    quarter: Words = Field(min_length=1)
    season: dict[Literal["spring", "summer", "autumn", "winter"], Words]
    edge: dict[Literal["begin", "mid", "end"], Words]
    part: dict[Literal["morning", "noon", "afternoon", "evening", "night", "midnight", "day"], Words]
    everyday: Words = Field(default_factory=list)
    hour: Words
    minute: Words
    second: Words = Field(default_factory=list)
    am: Words
    pm: Words
    unit: dict[Literal["day", "week", "month", "year", "hour"], Words]
    year_word: Words
    month_word: Words = Field(default_factory=list)
    era: dict[int, Words] = Field(default_factory=dict)
    day_word: Words = Field(default_factory=list)
    every: Words = Field(min_length=1)
    none: Words = Field(min_length=1)
    tbc: Words = Field(min_length=1)
    ordinal: dict[str, Words]
    number: dict[int, Words]
    guard: Words
    street: Words = Field(default_factory=list)
    street_after: Words = Field(default_factory=list)
    organisation: Words = Field(default_factory=list)

    def entries(self) -> Iterator[tuple[str, str, int, str]]:
        """Every word with its role, label and number: (role, label, value, word)."""
        plain = (
            "on",
            "fill",
            "in_",
            "at",
            "from_",
            "between",
            "since",
            "to",
            "and_",
            "until",
            "until_post",
            "onwards",
            "ongoing",
        )
        more = ("ongoing_weak", "deadline", "half", "quarter", "hour", "minute", "second", "am", "pm", "year_word")
        for role in (*plain, *more, "month_word", "day_word", "every", "none", "tbc", *_NAMES):
            for word in getattr(self, role):
                yield role.rstrip("_"), "", 0, word
        yield from self._labelled()

    def _labelled(self) -> Iterator[tuple[str, str, int, str]]:
        """The words that come in groups."""
        for role, numbers in (("season", _SEASONS), ("edge", _EDGES), ("unit", _UNITS), ("ordinal", _ORDINALS)):
            for label, words in getattr(self, role).items():
                for word in words:
                    yield role, label, numbers[str(label)], word
        for label, words in self.part.items():
            yield from (("part", label, 0, word) for word in words)
        for number, words in self.era.items():
            yield from (("era", "", number, word) for word in words)
        for number, words in self.number.items():
            yield from (("number", "", number, word) for word in words)
        yield from ((near, "", 0, word) for near, words in self.near.items() for word in words)
        yield from (("on", "", 0, word) for words in self.near.values() for word in words if word not in self.on)

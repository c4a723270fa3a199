"""Every language's data file is complete, and says each word once."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pipelines.refine.dates.words.cldr import cldr_names, names_from_babel
from pipelines.refine.dates.words.lexicon import guess_language, lexicon
from pipelines.refine.dates.words.schema import Language
from pipelines.refine.dates.words.vocabulary import fold, language_codes, language_words, load_language, load_yaml

NETWORK = "en fr de es it pt nl sv nb da fi el tr pl uk ru sq sr eu ca hr ro sk cs hu".split()


def test_the_languages_of_the_network_are_there() -> None:
    assert set(NETWORK) <= set(language_codes())


@pytest.mark.parametrize("code", language_codes())
def test_language_is_complete(code: str) -> None:
    language = load_language(code)
    words = language_words(code)
    assert language.language == code
    assert {word.month for word in words.values()} >= set(range(1, 13)) or language.month_word
    assert {word.weekday for word in words.values()} >= set(range(7))
    assert all(language.season.values())
    assert {"1", "2", "3", "4"} <= set(language.ordinal)
    assert set(range(1, 7)) <= set(language.number)
    assert set(language.months.values()) <= set(range(1, 13))
    assert set(language.weekdays.values()) <= set(range(7))


@pytest.mark.parametrize("code", language_codes())
def test_language_says_no_word_twice_in_one_role(code: str) -> None:
    entries = [(role, label, fold(word)) for role, label, _, word in load_language(code).entries()]
    twice = sorted({entry for entry in entries if entries.count(entry) > 1})
    assert twice == []


@pytest.mark.parametrize("code", language_codes())
def test_no_month_is_shadowed(code: str) -> None:
    """A CLDR month name keeps its month in the language's lexicon."""
    own, joined = language_words(code), lexicon(code).words
    for key, word in own.items():
        if word.month and key in joined:
            assert joined[key].month == word.month, key


@pytest.mark.parametrize("code", language_codes())
def test_the_names_kept_are_those_of_babel(code: str) -> None:
    kept = {what: [tuple(name) for name in names] for what, names in cldr_names()[code].items()}
    assert kept == names_from_babel(code)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="seasons"):
        Language.model_validate({**load_yaml("en.yaml"), "seasons": {}})


def test_a_missing_key_is_refused() -> None:
    data = {key: value for key, value in load_yaml("en.yaml").items() if key != "since"}
    with pytest.raises(ValidationError, match="since"):
        Language.model_validate(data)


@pytest.mark.parametrize(
    ("words", "language"),
    [("depuis mars", "fr"), ("seit mai", "de"), ("травня року", "uk"), ("desde mayo", "es"), ("xyz", None)],
)
def test_guesses_the_language_of_date_words(words: str, language: str | None) -> None:
    assert guess_language(words.split()) == language


def test_folding_forgives_accents_and_apostrophes() -> None:
    assert fold("Août") == fold("AOUT") == "aout"
    assert fold("kasım") == "kasim"
    assert fold("ožujka") == "ozujka"

"""Language models: how well a text fits each language, as points (nats) that can be added.

What belongs here: py3langid; the trigram profiles of langdetect, summed exactly over the text instead of sampled, so
that the result is the same whatever the order, the seed or the process (as right as its sampling, and twenty times
faster); and the words and beginnings of words of `language_markers.yaml`. What does not: deciding (`languages`).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np
import numpy.typing as npt
from langdetect.detector_factory import PROFILES_DIRECTORY
from langdetect.utils.ngram import NGram
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipelines.reference import load_yaml
from warehouse.storage import storing

Scores = dict[str, float]

_SMOOTHING = 0.2 / 10_000  # of a trigram that a profile lacks
_WORD_WEIGHT = 3.0  # nats for a word that a near relative does not have
_STEM_WEIGHT = 8.0  # nats for a beginning that a near relative can not have


def model_scores(text: str) -> Scores:
    """Log-posterior under py3langid; its `no` is Bokmål, as Nynorsk has a class of its own."""
    scores: Scores = {code: float(score) for code, score in _model().rank(text)}
    scores["nb"] = scores.pop("no")
    return scores


def profile_scores(text: str) -> Scores:
    """Log-likelihood under each profile of langdetect, over all trigrams, bigrams and letters of the text."""
    index, table, languages = _profiles()
    rows = [index[gram] for gram in _grams(text) if gram in index]
    sums = table[rows].sum(axis=0) if rows else np.zeros(len(languages))
    return dict(zip(languages, map(float, sums), strict=True))


def _grams(text: str) -> Iterable[str]:
    """The n-grams that langdetect counts: up to three letters, none from words in capitals."""
    window = NGram()
    for letter in text:
        window.add_char(letter)
        if window.capitalword:
            continue
        for size in range(1, min(len(window.grams), NGram.N_GRAM) + 1):
            yield window.grams[-size:]


def word_scores(text: str) -> Scores:
    """Points for words, and beginnings of words, that a language has and its near relatives do not."""
    table, stems, longest = _marker_words()
    words: Counter[str] = Counter()
    begun: Counter[str] = Counter()
    for word in dict.fromkeys(text.lower().split()):
        words.update(table.get(word, ()))
        begun.update({code for size in range(3, longest + 1) for code in stems.get(word[:size], ())})
    return {code: _WORD_WEIGHT * math.log1p(words[code]) + _STEM_WEIGHT * begun[code] for code in words | begun}


@cache
def _marker_words() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], int]:
    """Word to the languages that have it, beginning to the languages that have it, length of the longest beginning."""
    known = load_yaml("language_markers.yaml")
    words: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    for code, group in known["words"].items():
        for word in group:
            words.setdefault(word, set()).add(code)
    for rule in known["stems"]:
        for stem in rule["stems"]:
            stems.setdefault(stem, set()).update(rule["languages"])
    fixed = [{key: tuple(sorted(codes)) for key, codes in table.items()} for table in (words, stems)]
    return fixed[0], fixed[1], max(map(len, stems))


@cache
def _model() -> Any:
    """The model of py3langid, our own instance: nobody else's restriction of languages changes it.

    It is unpacked into a temporary file, hence StorageError when the disk there is full.
    """
    with storing("the unpacked language model", Path(gettempdir())):
        return LanguageIdentifier.from_model_file(MODEL_FILE)


@cache
def model_codes() -> frozenset[str]:
    """All languages of the model that have an ISO 639-1 code."""
    return frozenset(code for code in _model().labels if len(code) == 2)


@cache
def _profiles() -> tuple[dict[str, int], npt.NDArray[np.float32], list[str]]:
    """langdetect's profiles as one table: row of each n-gram, log-probability by language, the languages."""
    wanted = {*load_yaml("language_markers.yaml")["languages"]}
    files = [p for p in sorted(Path(PROFILES_DIRECTORY).iterdir()) if p.name in wanted]
    profiles = {p.name: json.loads(p.read_text(encoding="utf-8")) for p in files}
    grams = sorted({gram for profile in profiles.values() for gram in profile["freq"] if len(gram) <= NGram.N_GRAM})
    index = {gram: row for row, gram in enumerate(grams)}
    table = np.zeros((len(grams), len(profiles)), dtype=np.float32)
    for column, profile in enumerate(profiles.values()):
        for gram, count in profile["freq"].items():
            if gram in index:
                table[index[gram], column] = count / profile["n_words"][len(gram) - 1]
    return index, np.log(table + _SMOOTHING), list(profiles)

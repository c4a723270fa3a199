"""Languages: which language a text is written in, or null.

What belongs here: the decision. The script of the letters goes first, then the scores of the models, then what is known
of the languages of the source. What does not: scoring (`language_models`), words (`language_markers.yaml`), which texts
of an entry are judged (`chain`).

Codes are ISO 639-1. Norwegian is told apart as nb and nn, and never given as `no`.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import pandas as pd

from pipelines.reference import load_yaml
from pipelines.refine.language_models import Scores, model_codes, model_scores, profile_scores, word_scores

Declared = str | Sequence[str | Sequence[str] | None] | None

_MAX_CHARACTERS = 800  # more text changes no answer and costs time
_PROFILE_WEIGHT = 0.1  # measured: 0.05 to 0.1 is best, more lets the weaker model outvote the better one
_DECLARED_WEIGHT = math.log(6)  # what a single declared language is worth
_OUTSIDE = 0.02  # share of probability below which a text is in none of the candidate languages
_SURE = 0.5  # below this, taken together with its near relatives, the language is unknown
_LONG = 60  # letters from which languages are considered that no source is expected to write in
_FOREIGN = 3.0  # how much more such a language has to convince, in units of the temperature
_LIKELIER = 0.34  # least share of a language among its relatives
_FEW_LETTERS, _FEW_WORDS = 10, 4
# A language that a model does not know is scored as its nearest relatives there.
_RELATIVES = {"nb": "no", "nn": "no", "bs": "hr", "sr": "hr", "gl": "pt", "lb": "de", "az": "tr"}
_CYRILLIC_RELATIVES = {"sr": "mk", "be": "uk"}


def detect_languages(texts: Iterable[str | None], declared: Declared = None) -> pd.DataFrame:
    """The language of each text.

    `declared`: None; one ISO 639-1 code for all; or a sequence with an element a text: a code, a sequence of candidate
    codes, or None. A single code is a hint that clear words outweigh (the language of a menu proves nothing);
    candidates exclude other languages, unless the text is plainly in none of them.
    Columns: language (ISO 639-1, None when unknown: no letters, too few words, names only, or no clear winner) and
    language_confidence (0..1, None when unknown). ValueError when `declared` is a sequence of another length.
    """
    lines = [text if isinstance(text, str) else None for text in texts]
    hints = [declared] * len(lines) if declared is None or isinstance(declared, str) else list(declared)
    if len(hints) != len(lines):
        raise ValueError(f"declared has {len(hints)} elements for {len(lines)} texts: give one for each, or one code")
    found = [_detect(text, language_codes(hint)) for text, hint in zip(lines, hints, strict=True)]
    columns = {"language": [code for code, _ in found], "language_confidence": [score for _, score in found]}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def language_codes(hint: str | Sequence[str] | None) -> tuple[str, ...]:
    """ISO 639-1 codes, in lower case and without regions ("pt-BR"), each once; Norwegian means both its forms."""
    given = [hint] if isinstance(hint, str) else list(hint or ())
    bare = [code.strip().lower().replace("_", "-").split("-")[0] for code in given if isinstance(code, str)]
    both = [form for code in bare for form in (("nb", "nn") if code == "no" else (code,))]
    return tuple(dict.fromkeys(code for code in both if len(code) == 2 and code.isascii() and code.isalpha()))


@lru_cache(maxsize=20_000)
def _detect(text: str | None, hints: tuple[str, ...]) -> tuple[str | None, float | None]:
    if text is None:
        return None, None
    text = _readable(text[:_MAX_CHARACTERS])
    script, letters = _script(text)
    known = load_yaml("language_markers.yaml")
    written = known["scripts"].get(script, [])
    if len(written) == 1 and letters >= 2:
        return written[0], 1.0
    if _is_too_little(text, letters, script):
        return None, None
    others = _other_scripts(script)
    universe = _possible(text, script, written) or sorted({*known["languages"], *hints} - others)
    if not written and letters >= _LONG:
        universe += sorted(model_codes() - set(universe) - others)
    shares = _shares(text, universe, _CYRILLIC_RELATIVES if script == "CYRILLIC" else _RELATIVES)
    return _decide(shares, hints)


def _decide(shares: Scores, hints: tuple[str, ...]) -> tuple[str | None, float | None]:
    """The winner among the candidates, or among all when the text is plainly in none of them."""
    inside = {code: shares[code] for code in hints if code in shares}
    if len(hints) > 1 and sum(inside.values()) >= _OUTSIDE:
        shares = inside
    elif len(hints) == 1 and inside:
        shares = shares | {hints[0]: inside[hints[0]] * math.exp(_DECLARED_WEIGHT)}
    total = sum(shares.values())
    best = max(shares, key=lambda code: (shares[code], code))
    confidence = shares[best] / total
    kin = _relatives_of(best)
    together = sum(share for code, share in shares.items() if code in kin) / total
    return (best, round(confidence, 4)) if together >= _SURE and confidence >= _LIKELIER else (None, None)


@cache
def _relatives_of(code: str) -> frozenset[str]:
    """The language and those that it is taken for; between them the likelier one stands, with its low confidence."""
    families: list[list[str]] = load_yaml("language_markers.yaml")["families"]
    return frozenset({code, *(other for family in families if code in family for other in family)})


def _readable(text: str) -> str:
    """Only letters, marks, apostrophes, hyphens and blanks: addresses, digits and signs are in no language."""
    kept = [word for word in text.split() if "@" not in word and "://" not in word and not word.startswith("www.")]
    signs = "".join(
        c if c.isalpha() or unicodedata.category(c)[0] == "M" or c in "'’-·" else " " for c in " ".join(kept)
    )
    return " ".join(signs.split())


def _script(text: str) -> tuple[str, int]:
    """The script of most letters, and how many letters there are; Latin names in another script weigh half."""
    counts = Counter(_script_of(c) for c in text if c.isalpha())
    letters = sum(counts.values())
    if counts["HIRAGANA"] + counts["KATAKANA"] and "CJK" in counts:
        counts["HIRAGANA"] += counts.pop("CJK")
    weighed = {name: (n if name == "LATIN" else 2 * n) for name, n in counts.items()}
    return (max(weighed, key=lambda name: (weighed[name], name)) if weighed else ""), letters


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def _is_too_little(text: str, letters: int, script: str) -> bool:
    """Too few letters, or a few words that are all names or abbreviations."""
    words = text.split()
    if letters < (_FEW_LETTERS if script in ("LATIN", "CYRILLIC") else 2):
        return True
    return len(words) < _FEW_WORDS and all(word[0].isupper() for word in words)


def _possible(text: str, script: str, written: Sequence[str]) -> list[str]:
    """The languages of the script, less those that lack a letter of the text."""
    possible = set(written)
    lowered = set(text.lower())
    for rule in load_yaml("language_markers.yaml")["letters"].get(script, []):
        if lowered & set(rule["letters"]) and possible & set(rule["languages"]):
            possible &= set(rule["languages"])
    return sorted(possible)


def _other_scripts(script: str) -> set[str]:
    """Languages that are written in another script than this one, and `no`, which is given as nb or nn."""
    scripts: dict[str, list[str]] = load_yaml("language_markers.yaml")["scripts"]
    return {code for name, codes in scripts.items() if name != script for code in codes} - {"sr"} | {"no"}


def _shares(text: str, universe: Sequence[str], relatives: dict[str, str]) -> Scores:
    """Share of probability of each language; the temperature keeps long texts from being all too sure."""
    scores = model_scores(text)
    profiles = profile_scores(text)
    best_profile = max(profiles.values())
    words = word_scores(text)
    total = {
        code: scores[code]
        + _PROFILE_WEIGHT * profiles.get(relatives.get(code, code), best_profile)
        + words.get(code, 0.0)
        for code in universe
        if code in scores
    } or {universe[0]: 0.0}
    heat = math.sqrt(len(text.encode("utf-8"))) / 2
    expected = load_yaml("language_markers.yaml")["languages"]
    logits = {code: value / heat - (0.0 if code in expected else _FOREIGN) for code, value in total.items()}
    top = max(logits.values())
    shares = {code: math.exp(value - top) for code, value in logits.items()}
    whole = sum(shares.values())
    return {code: value / whole for code, value in shares.items()}

"""Cleaning: what goes, what stays, what is flagged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reference import load_yaml
from pipelines.refine.clean import LETTERS_LOST, clean_text


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("CitÃ© des deux rives â€“ aoÃ»t", "Cité des deux rives – août"),
        ("  Two\u00a0 words \t\n here ", "Two words here"),
        (
            "‟Curled” quotes and ‘these’ stay – so do ﬁ, CAPITALS and 10³",
            "‟Curled” quotes and ‘these’ stay – so do ﬁ, CAPITALS and 10³",
        ),
        ("<b>Bo</b>ld<br>and <a href='x'>linked</a>", "Bold and linked"),
        ("&lt;i&gt;twice&lt;/i&gt; &amp;amp; thrice", "twice & thrice"),
        ("a < b and c > d, <Name of city>, AT&T, R&region;", "a < b and c > d, <Name of city>, AT&T, R&region;"),
        ("before<script>var a = 1;</script>after", "before after"),
        ("e\u0301te\u0301 <!-- hidden --> soft\u00adhyphen zero\u200bwidth", "été softhyphen zerowidth"),
        ("left\u202eright\u2066\u2069 \x07bell \ue001icon", "leftright bell icon"),
        ("pair \ud83d\ude00 is joined", "pair 😀 is joined"),
    ],
)
def test_what_is_cleaned(shown: str, meant: str) -> None:
    assert clean_text(shown).text == meant
    assert clean_text(shown).issues == ()


@pytest.mark.parametrize("text", [None, 5, float("nan"), "", "   ", "\x00", "<br><br>", "\u200b"])
def test_nothing_is_none(text: object) -> None:
    assert clean_text(text).text is None


@pytest.mark.parametrize(
    "text", ["Mayor Bo?ena ?uri? spoke", "Caf\ufffd culture", "a lone \ud800 surrogate", "???? ????? in Varna"]
)
def test_lost_letters_are_flagged_and_not_invented(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned.issues == (LETTERS_LOST,)
    assert cleaned.text == text.replace("\ud800", "\ufffd")


@pytest.mark.parametrize(
    "text", ["Why? Because.", "see https://city.example/list?page=2", "What???", "page?id=3&x=1", "Who?Where"]
)
def test_questions_are_not_lost_letters(text: str) -> None:
    assert clean_text(text).issues == ()


@pytest.mark.parametrize(
    ("shown", "meant", "language"),
    [
        ("(anglais seulement) Call for partners", "Call for partners", "en"),
        ("Call for partners [English only]", "Call for partners", "en"),
        ("(English Only)\nCall for partners", "Call for partners", "en"),
        ("En français seulement\nAppel à partenaires", "Appel à partenaires", "fr"),
        ("Speaking English only at home", "Speaking English only at home", None),
    ],
)
def test_language_markers(shown: str, meant: str, language: str | None) -> None:
    cleaned = clean_text(shown)
    assert (cleaned.text, cleaned.language) == (meant, language)


def test_lines_stay_when_asked() -> None:
    assert clean_text("One<p>Two</p>\r\n\r\n  Three ", lines=True).text == "One\nTwo\nThree"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=80), st.booleans())
def test_any_text_can_be_stored(text: str, lines: bool) -> None:
    clean = clean_text(text, lines=lines).text
    assert clean is None or (clean.strip() and clean.encode("utf-8"))
    assert not set(clean or "") & set("\x00\x1b\u202e\u2066\u200b\ufeff")


@given(st.text(alphabet="<>/&;!-bpscrit amlgq3#x", max_size=60))
def test_no_markup_is_left(text: str) -> None:
    once = clean_text(text).text or ""
    assert clean_text(once).text == (once or None)
    assert "<b>" not in once and "<script>" not in once and "&lt;" not in once


def test_deep_escapes_end() -> None:
    text = "&" + "amp;" * 20_000 + "lt;b&gt;" + "<" * 20_000
    assert "&amp;" not in (clean_text(text).text or "")


def test_vocabulary_is_words() -> None:
    known = load_yaml("furniture_markers.yaml")
    words = [word for group in known["language_markers"].values() for word in group]
    assert all(isinstance(word, str) and word.strip() == word for word in words)
    assert len({word.casefold() for word in words}) == len(words)
    names = [name for group in known["elements"].values() for name in group]
    assert all(isinstance(name, str) for name in names) and len(set(names)) == len(names)

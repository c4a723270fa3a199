"""What holds for every text that is taken for an address."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.read.addresses import clean_address, parse_address

SEEDS = [
    "https://www.coe.int/en/web/interculturalcities/newsroom;jsessionid=0A?delta=10&start=2",
    "https://coe.int/sr/c/portal/update_language?languageId=eu_ES&p_l_id=1&redirect=%2Fsr%2Fweb%2Finterculturalcities%2Fgood-practice%3Fdelta%3D20%26start%3D11",
    "https://www.coe.int/en/web/interculturalcities/good-pratice/-/asset_publisher/lA8/content/culture-is?_101_INSTANCE_lA8_viewMode=view/",
    "https://www.coe.int/en/web/interculturalcities/-/households-welcome-",
    "http://www.coe.int/t/dg4/cultureheritage/culture/Cities/Events_en.asp?toPrint=yes",
    "https://rm.coe.int/report-on-cities/16806f1234",
    "https://www.covid-congress-hub.org/en/partner/8-cites-interculturelles.html",
    "https://participa.city.example/es/web/guest/w/l%C3%B3pez",
    "http://user:pass@[2001:db8::1]:8080/a/../b//c;x=1?q=%zz&=&a#f",
]
PIECES = st.sampled_from(
    [
        *"/?&=#%;:@.-[] \\\t\n",
        "..",
        "//",
        "%2F",
        "%25",
        "%3B",
        "%C3",
        "&amp;",
        "www.",
        "en",
        "web",
        "-",
        "/-/",
        "/w/",
        "start=2",
        "cur=",
        "delta=3",
        "jsessionid=",
        ";jsessionid=1",
        "asset_publisher",
        "content",
        "redirect=",
        "%252F",
        "languageId=fr_FR",
        "/c/portal/update_language?",
        "https://",
        "coe.int",
        "é",
        "\u0301",
        "\ud800",
        "\x00",
        "٣",
        "ß",
        "İ",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real address with pieces put in, taken out, or repeated, a few times."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 5))):
        at, length = draw(st.integers(0, len(text))), draw(st.integers(0, 6))
        text = text[:at] + draw(PIECES) + text[at + draw(st.sampled_from([0, length])) :]
    return text


def check(text: str, base: str | None = None) -> None:
    found = parse_address(text, base)
    again = parse_address(found.url)
    assert again == found, "a canonical address is its own"
    assert found.shape in {"listing", "detail", "document", "hub", "legacy", "other", "invalid"}
    assert found.page >= 1
    assert found.locale is None or (len(found.locale) == 2 and found.locale.islower())
    if found.shape != "invalid":
        assert found.url.startswith(("http://", "https://"))
        assert found.url.isascii()
        assert not any(c.isspace() for c in found.url)
        assert f"https://{found.host}{found.path}".removeprefix("https://") in found.url
        cleaned = clean_address(text, base)
        assert cleaned is not None
        assert clean_address(cleaned) == cleaned
        assert parse_address(cleaned) == found, "cleaning does not change what an address means"


@given(st.text())
def test_any_text(text: str) -> None:
    check(text)


@given(mutated())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_addresses(text: str) -> None:
    check(text)


@given(mutated(), st.one_of(st.sampled_from(SEEDS), st.text()))
@settings(deadline=None)
def test_mutated_addresses_relative_to_anything(text: str, base: str) -> None:
    check(text[8:], base)


@pytest.mark.torture
@given(mutated())
@settings(max_examples=30_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_many_mutated_addresses(text: str) -> None:
    check(text)

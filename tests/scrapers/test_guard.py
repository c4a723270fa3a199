"""Which addresses a crawl may ask."""

from __future__ import annotations

import pytest

from scrapers.addresses import is_public
from scrapers.asking.guard import refusal
from scrapers.registry import load_registry

NEWS = load_registry().get("coe-newsroom")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://www.coe.int/en/web/interculturalcities/newsroom?delta=100&start=2", None),
        ("http://coe.int/robots.txt", None),
        ("https://www.coe.int/en/c/portal/login", "trap"),
        ("https://www.coe.int/en/c/portal/update_language?languageId=fr_FR&redirect=%2Fen%2Fweb%2Fx", "trap"),
        ("https://www.coe.int.evil.example/en/web/interculturalcities/newsroom", "other host"),
        ("https://www.coe.int@evil.example/", "other host"),
        ("https://www.coe.int:8080/en/web/interculturalcities/newsroom", "other host"),
        ("https://rm.coe.int/16806f1234", "other host"),
        ("http://127.0.0.1/", "other host"),
        ("file:///etc/passwd", "not http"),
        ("ftp://www.coe.int/x", "not http"),
        ("data:text/html,x", "not http"),
    ],
)
def test_refusals(url: str, reason: str | None) -> None:
    assert refusal(url, NEWS) == reason


@pytest.mark.parametrize(
    "host", ["127.0.0.1:80", "10.1.2.3", "[::1]", "[fd00::1]", "169.254.169.254", "[::ffff:10.0.0.1]"]
)
def test_literal_private_addresses_are_refused(make_source, host: str) -> None:
    source = make_source(patterns=["a.example/x"], start=[f"http://{host}/x"], allow_private=False)
    assert refusal(f"http://{host}/x", source) == "private address"
    assert refusal(f"http://{host}/x", source.model_copy(update={"allow_private": True})) is None


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::", False),
        ("fe80::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::127.0.0.1", False),
        ("64:ff9b::93.184.216.34", True),
        ("64:ff9b:1::10.0.0.1", False),
        ("2002:c0a8:101::1", False),
        ("::127.0.0.1", False),
        ("fec0::1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public

"""What is the same entry in whatever source, and what only bears the same number."""

from __future__ import annotations

import pytest

from pipelines.read.feeds.keys import name_key, site_key

ONE, OTHER = "https://www.lyriac.example/feed", "https://wexcombe.example/feed"


def test_a_number_of_one_site_is_not_that_of_another() -> None:
    assert site_key("wp", "7", ONE) == "wp:www.lyriac.example:7"
    assert site_key("wp", "7", ONE) != site_key("wp", "7", OTHER)


@pytest.mark.parametrize(
    ("name", "anywhere"),
    [
        ("7", False),
        ("lyriac-4711", False),
        ("https://a.example/x", True),
        ("tag:a.example,2026:1", True),
        ("urn:x:1", True),
        ("choir@a.example", True),
        ("040000008200E00074C5B7101A82E008", True),
    ],
)
def test_names_that_hold_anywhere(name: str, anywhere: bool) -> None:
    assert (name_key("guid", name, ONE) == name_key("guid", name, OTHER)) is anywhere

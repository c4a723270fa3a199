"""The order in which pages of a list are asked, and when it ends; by playing lists, without a server."""

from __future__ import annotations

from collections.abc import Callable

from scrapers.spiders.walks import MOST_ROUNDS, Walk

START = "https://www.coe.int/en/web/interculturalcities/newsroom?delta=100"


def play(walk: Walk, answer: Callable[[int, int], set[str] | None], most: int = 500) -> list[int]:
    """Walk with `answer(request, page)`, None for a page that fails; gives the pages that were asked."""
    asked: list[int] = []
    step: tuple[int, str] | None = (1, walk.address(1))
    while step:
        page, url = step
        asked.append(page)
        assert len(asked) < most, "the walk does not end"
        items = answer(len(asked), page)
        step = walk.failed(page, url, is_end=False) if items is None else walk.arrived(page, items, None)
    return asked


def pages(*sizes: int) -> list[set[str]]:
    return [{f"{page}-{n}" for n in range(size)} for page, size in enumerate(sizes)]


def test_a_list_is_walked_twice_when_it_has_pages() -> None:
    content = pages(3, 3, 1)
    asked = play(Walk(START), lambda _, page: content[min(page, 3) - 1])
    assert asked == [1, 2, 3, 4, 1, 2, 3, 4]


def test_a_list_of_one_page_is_walked_once() -> None:
    assert play(Walk(START), lambda _, page: {"a", "b"}) == [1, 2]


def test_an_empty_list_is_asked_once() -> None:
    assert play(Walk(START), lambda _, page: set()) == [1]


def test_a_list_that_always_brings_something_new_is_left_in_the_end() -> None:
    walk = Walk(START)
    asked = play(walk, lambda request, page: {f"{request}"} if page < 4 else set())
    assert walk.round == MOST_ROUNDS
    assert len(asked) == MOST_ROUNDS * 4


def test_a_page_that_fails_once_is_found_in_the_next_round() -> None:
    content, walk = pages(3, 3, 3), Walk(START)
    play(walk, lambda request, page: None if request == 2 else content[min(page, 3) - 1])
    assert walk.seen == set().union(*content)
    assert not walk.lost


def test_a_page_that_always_fails_is_lost_after_one_more_round() -> None:
    content, walk = pages(3, 3, 3), Walk(START)
    asked = play(walk, lambda request, page: None if page == 2 else content[min(page, 3) - 1])
    assert walk.lost == {2: START + "&start=2"}
    assert asked.count(2) == 2


def test_a_server_that_fails_is_left_alone() -> None:
    assert play(Walk(START), lambda request, page: None) == [1, 2]


def test_no_such_page_is_the_end_and_no_loss() -> None:
    walk = Walk(START)
    step = walk.arrived(1, {"a"}, None)
    assert step == (2, START + "&start=2")
    assert walk.failed(*step, is_end=True) is None
    assert not walk.lost


def test_a_first_page_that_does_not_exist_is_a_loss() -> None:
    walk = Walk(START)
    walk.failed(1, START, is_end=True)
    assert walk.lost


def test_a_list_without_page_size_follows_its_own_links() -> None:
    walk = Walk("https://city.example/events")
    assert walk.arrived(1, {"a"}, "https://city.example/events?page=2") == (2, "https://city.example/events?page=2")
    assert walk.arrived(2, {"b"}, None) == (1, "https://city.example/events")
    assert Walk("https://city.example/events").arrived(1, {"a"}, None) is None

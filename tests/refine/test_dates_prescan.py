"""The cheap look before parsing hides no date, and keeps long texts cheap."""

from __future__ import annotations

import random

import pytest
from bounds import growth

from pipelines.refine.dates import find_dates
from pipelines.refine.dates.finding.prescan import LONG, windows
from pipelines.refine.dates.finding.spans import spans
from pipelines.refine.dates.grammar.parse import parse
from pipelines.refine.dates.words.lexicon import lexicon
from pipelines.refine.dates.words.vocabulary import language_codes

PIECES = (
    "1 12 31 45 99 2019 20017 May mai März mar - – / . , ( ) ' : from to since au 日 年 月 de the h pm ongoing % 5.6. "
    "3/4 12-05-18 weeks Deadline: two months N/A ２０１９ ٥".split()
)
WORDS = "The council of the town met in the hall by the river and spoke of the park, the school and the bridge. "
DATES = [
    ("3 May 2019", None),
    ("03/05/2019", None),
    ("2019-05-03", None),
    ("02 04 2009", None),
    ("since 2014", None),
    ("2018-2020", None),
    ("Deadline: 3 May", None),
    ("January - March", None),
    ("8 mars, 18h", None),
    ("3.5.2019", None),
    ("Fri 3/5 at 18:00", None),
    ("von Mai bis Juni 2019", "de"),
    ("2019年5月3日", "ja"),
]


def all_words() -> list[str]:
    """Words and phrases of all languages."""
    found: list[str] = []
    for code in language_codes():
        found += lexicon(code).words
        for first, group in lexicon(code).phrases.items():
            found += [" ".join((first, *rest)) for entries in group.values() for rest, _ in entries]
    return found


@pytest.mark.parametrize("tags", [(), ("en",), ("fr", "de"), ("hu",)])
def test_it_hides_no_date_of_a_short_text(tags: tuple[str, ...]) -> None:
    draw, words = random.Random(len(tags)), all_words()
    dated = 0
    for _ in range(1_500):
        parts = [
            draw.choice(words).capitalize() if draw.random() < 0.4 else draw.choice(PIECES)
            for _ in range(draw.randint(1, 8))
        ]
        text = "".join(part + draw.choice(["", " ", " ", " "]) for part in parts)[:LONG]
        expected = [(start, end) for start, end, _ in spans(parse(text, tags, finding=True))]
        assert [(span.start, span.end) for span in find_dates(text, tags)] == expected, text
        dated += bool(expected)
    assert dated > 100


@pytest.mark.parametrize(("shown", "language"), DATES)
@pytest.mark.parametrize("place", [0, 3, 20])
def test_a_date_is_found_wherever_it_stands_in_a_long_text(shown: str, language: str | None, place: int) -> None:
    before = WORDS * place
    text = f"{before}{shown}, {WORDS * (20 - place)}"
    (span,) = [span for span in find_dates(text, language) if shown in span.text]
    assert text[span.start : span.end] == span.text
    assert span.start == len(before)


def test_a_long_table_of_dates_keeps_them_all() -> None:
    rows = [f"{day}/{month}/2019 Room 5 Agenda" for month in range(1, 13) for day in (1, 14, 28)]
    found = find_dates("\n".join(rows))
    assert [span.text for span in found] == [row.split()[0] for row in rows]


@pytest.mark.parametrize("text", ["Read more", "Town hall, room 3", "Agenda (PDF, 2.5 MB)", "Mon-Fri 9-17", ""])
def test_nothing_is_parsed_of_a_text_without_signs(text: str) -> None:
    assert windows(text, ()) == []


def soup(seed: int, marks: str, most: int) -> str:
    draw = random.Random(seed)
    return "".join(f"{draw.randrange(10 ** draw.randint(1, most))}{draw.choice(marks)}" for _ in range(9_000))[:10_000]


HOSTILE = {
    "numbers": soup(1, " .,-/:", 5),
    "small numbers": soup(2, " .-/:", 2),
    "prose": (WORDS * 100)[:10_000],
    "prose with numbers": ((WORDS + "There are 24 rooms, open 24/7, for $1,200.50. ") * 80)[:10_000],
    "one word": "a" * 10_000,
    "one number": "9" * 10_000,
    "marks": ".,-/:()'|" * 1_100,
    **{
        unit: (unit * 10_000)[:10_000] for unit in ("every ", "day ", "1.1. ", "5/", "h5", "日5", "2019 ", "(1 ", "to ")
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ten_thousand_characters_take_time_in_proportion(name: str) -> None:
    text = HOSTILE[name]
    assert growth(find_dates, text[:1_250], text) < 32  # eight times as long; the square would be 64

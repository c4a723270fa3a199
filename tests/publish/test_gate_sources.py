"""The gate source by source: which fell, what may pass because people said so, and that nothing else does."""

from __future__ import annotations

import json

import pytest
from publish_parts import NOW, SEEN, Tables, build, entry, raw, version, warehouse

from pipelines.publish.release import Refused, publish
from warehouse.layout import DataFolder


def told_by(**numbers: list[int]) -> Tables:
    """A warehouse in which each source tells of the entries with these numbers."""
    tables = warehouse(0) | {"entry_links": []}
    everything = sorted({number for told in numbers.values() for number in told})
    tables["entries"] = [entry(number) for number in everything]
    tables["entry_sources"] = [
        raw(number, raw_entry_id=f"raw-{source}-{number}", source=source)
        for source, told in numbers.items()
        for number in told
    ]
    first = {r["entry_id"]: r["raw_entry_id"] for r in reversed(tables["entry_sources"])}
    tables["entry_versions"] = [version(number, raw_entry_id=first[f"ce-{number:012x}"]) for number in everything]
    tables["sources"] = [
        {"source": source, "title": "List", "publisher": "Somebody", "scope": "programme", "status": "active",
         "captures": 1, "entries": len(told), "data_as_of": SEEN}
        for source, told in numbers.items()
    ]  # fmt: skip
    return tables


def numbers(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


def refused(data: DataFolder, accepted: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(Refused) as told:
        publish(data, [], NOW, accepted=accepted)
    return told.value.problems


def test_a_source_that_fell_stops_also_when_the_whole_did_not(data: DataFolder) -> None:
    """Another source that grew hides the loss in the tables."""
    build(data, told_by(town=numbers(1, 10), city=numbers(11, 20)))
    first = publish(data, [], NOW)
    build(data, told_by(town=numbers(1, 7), city=numbers(11, 30)))
    (problem,) = refused(data)
    assert problem.startswith("source town: 7 entries, the release before had 10: more than a fifth is gone")
    assert "`cityharvest publish --accept-drop town --why ...`" in problem
    assert data.latest.resolve() == first.folder.resolve()


def test_a_fifth_less_passes(data: DataFolder) -> None:
    build(data, told_by(town=numbers(1, 10)))
    publish(data, [], NOW)
    build(data, told_by(town=numbers(1, 8)))
    assert publish(data, [], NOW).counts["entries"] == 8


def test_an_entry_is_counted_once_however_many_pages_of_a_source_tell_of_it(data: DataFolder) -> None:
    tables = told_by(town=numbers(1, 10))
    build(data, tables)
    tables["entry_sources"] += [
        raw(1, raw_entry_id="raw-again-1", source="town"),
        raw(1, raw_entry_id="raw-again-2", source="town"),
    ]
    build(data, tables)
    publish(data, [], NOW)
    build(data, told_by(town=numbers(1, 10)))
    assert publish(data, [], NOW).warnings == []


def test_of_a_small_source_one_may_go_but_not_all(data: DataFolder) -> None:
    build(data, told_by(town=numbers(1, 20), hamlet=numbers(21, 23)))
    publish(data, [], NOW)
    build(data, told_by(town=numbers(1, 20), hamlet=[21]))
    publish(data, [], NOW)
    build(data, told_by(town=numbers(1, 20), hamlet=[]))
    assert [problem.split(":")[0] for problem in refused(data)] == ["source hamlet"]


def test_what_another_source_tells_too_is_no_loss_of_the_whole(data: DataFolder) -> None:
    build(data, told_by(town=numbers(1, 10), city=numbers(1, 10)))
    publish(data, [], NOW)
    build(data, told_by(town=numbers(1, 10), city=[]))
    publish(data, [], NOW, accepted={"city": "the site was closed"})


def test_an_accepted_drop_passes_is_told_and_written_down(data: DataFolder) -> None:
    build(data, told_by(town=numbers(1, 10), city=numbers(11, 20)))
    publish(data, [], NOW)
    build(data, told_by(town=[], city=numbers(11, 20)))
    assert refused(data)[0].startswith("source town: 0 entries")
    release = publish(data, [], NOW, accepted={"town": "the site was closed"})
    about = json.loads((release.folder / "release.json").read_text(encoding="utf-8"))
    assert about["accepted"] == [{"source": "town", "why": "the site was closed", "when": about["created_at"]}]
    assert (
        "source town: 0 entries, the release before had 10: accepted, because the site was closed" in release.warnings
    )
    # It held for that release only: the next compares with it, and says nothing of the source.
    build(data, told_by(town=[], city=numbers(11, 21)))
    after = publish(data, [], NOW)
    assert json.loads((after.folder / "release.json").read_text(encoding="utf-8"))["accepted"] == []


def test_an_accepted_drop_lets_nothing_else_through(data: DataFolder) -> None:
    build(data, told_by(town=numbers(1, 10), city=numbers(11, 20)))
    publish(data, [], NOW)
    build(data, told_by(town=[], city=numbers(11, 17)))
    problems = refused(data, {"town": "closed"})
    assert problems[0].startswith("source city: 7 entries")
    (whole,) = [problem for problem in problems if problem.startswith("entries: ")]
    assert whole.startswith("entries: 7 rows, the release before had 10: more than a fifth is gone")
    assert "`cityharvest publish --accept-drop city --accept-drop town --why ...`" in whole


def test_an_acceptance_that_is_not_needed_is_told(data: DataFolder) -> None:
    build(data, told_by(town=numbers(1, 10)))
    publish(data, [], NOW)
    build(data, told_by(town=numbers(1, 11)))
    warnings = publish(data, [], NOW, accepted={"town": "closed"}).warnings
    assert warnings == ["source town: a drop was accepted, and there is none"]


def links(*numbers: int) -> list[dict[str, str]]:
    return [
        {"entry_id": f"ce-{1:012x}", "url": f"https://www.example.org/{number}", "label": "Agenda", "role": "document"}
        for number in numbers
    ]


def aside(*numbers: int) -> list[dict[str, object]]:
    """Rows of `left_out`."""
    return [
        {"entry_id": f"ce-{number:012x}", "source": "town", "title": "A walk", "url": "https://www.example.org/w",
         "relevance": 0.1, "reason": "relevance 0.10 is below 0.40"}
        for number in numbers
    ]  # fmt: skip


def test_of_a_small_table_one_row_may_go_but_not_all(data: DataFolder) -> None:
    tables = told_by(town=numbers(1, 4))
    build(data, tables | {"entry_links": links(1, 2, 3, 4)})
    publish(data, [], NOW)
    fewer = told_by(town=numbers(1, 3))
    build(data, fewer | {"entry_links": links(1, 2)})
    assert publish(data, [], NOW).counts["entries"] == 3
    build(data, fewer)
    assert [problem.split(":")[0] for problem in refused(data)] == ["entry_links"]


def test_what_is_left_out_may_become_an_entry(data: DataFolder) -> None:
    build(data, told_by(town=numbers(1, 10)) | {"left_out": aside(*range(11, 21))})
    publish(data, [], NOW)
    build(data, told_by(town=numbers(1, 20)) | {"left_out": []})
    assert publish(data, [], NOW).counts["left_out"] == 0


def test_the_way_out_of_a_table_that_fell_is_one(data: DataFolder) -> None:
    """Entries that only the town tells of had the links, so accepting its loss is enough, and is what is proposed."""
    tables = told_by(town=numbers(1, 10), city=numbers(11, 20))
    build(data, tables | {"entry_links": links(*range(10))})
    publish(data, [], NOW)
    build(data, tables | {"entry_links": links(1)})
    (problem,) = refused(data)
    assert problem.startswith("entry_links: 1 rows, the release before had 10")
    assert "`cityharvest publish --accept-drop town --why ...`" in problem
    assert publish(data, [], NOW, accepted={"town": "its pages name no documents now"}).counts["entry_links"] == 1


def test_a_table_of_no_source_passes_by_force_only_and_says_so(data: DataFolder) -> None:
    tables = told_by(town=numbers(1, 10))
    more = [{"city_id": f"fr-{n}", "name": f"Place {n}", "country": "FR", "status": "place"} for n in range(9)]
    build(data, tables | {"cities": tables["cities"] + more})
    publish(data, [], NOW)
    build(data, tables)
    (problem,) = refused(data)
    assert problem.startswith("cities: 1 rows") and "`cityharvest read --force`" in problem
    assert len(refused(data, {"town": "closed"})) == 1
    assert publish(data, [], NOW, force=True).counts["cities"] == 1

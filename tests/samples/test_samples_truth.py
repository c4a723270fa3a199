"""The truth about the samples fits the pages: every word of it can be seen there, and nothing was forgotten."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, time
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import yaml

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
KINDS = {"practice", "event", "call", "resource", "news"}
SECTIONS = {"purpose", "stimulus", "process", "impact", "references", "contact"}
TRAPS = {
    "soft-404", "empty", "json-as-html", "utf8-declared-latin1", "latin1-declared-utf8", "mojibake", "missing-charset",
    "only-furniture", "unclosed-tags", "script-noise", "hostile-title", "long-title", "comments", "hidden-template",
    "captcha", "login", "error-500", "redirect", "pdf",
}  # fmt: skip
SOURCES = {
    "coe-newsroom", "coe-finland-news", "coe-cyprus-news", "coe-good-practice", "coe-meetings", "coe-covid19",
    "coe-articles", "coe-legacy", "congress-hub",
}  # fmt: skip
ADDRESSES = [
    r"^https://www\.coe\.int/en/web/interculturalcities/newsroom$",
    r"^http://www\.coe\.int/en/web/interculturalcities/newsroom$",
    r"^https://coe\.int/en/web/interculturalcities/newsroom$",
    r"newsroom;jsessionid=",
    r"newsroom\?delta=\d+&start=2$",
    r"/fr/web/interculturalcities/newsroom",
    r"/el/web/interculturalcities/newsroom",
    r"/finland-news$",
    r"/cyprus-news$",
    r"/good-practice\?delta=",
    r"/good-practice\?desktop=true",
    r"/good-pratice$",
    r"/interculturalcities/view$",
    r"/meetings$",
    r"/covid-19-special-page$",
    r"/interculturalcities/-/[a-z0-9-]+$",
    r"/-/[a-z-]+-$",
    r"/-/asset_publisher/\w+/content/[a-z0-9-]+\?_101_INSTANCE_",
    r"/c/portal/update_language\?languageId=\w+&p_l_id=\d+&redirect=",
    r"p_l_back_url=",
    r"^http://www\.coe\.int/t/dg4/cultureheritage/culture/cities/\w+_en\.asp$",
    r"/cities/Events_en\.asp$",
    r"_en\.asp\?toPrint=yes$",
    r"^https://rm\.coe\.int/[a-z-]+/[0-9a-f]+$",
    r"covid-congress-hub\.org/en/partner/\d+-",
    r"covid-congress-hub\.org/fr/partner/\d+-",
    r"covid-congress-hub\.org/en/ressource/\d+-",
    r"covid-congress-hub\.org/(en|fr)/initiative/\d+-",
]
_UNSEEN = "//script|//style|//noscript|//template|//comment()|//head|//*[@hidden]|//*[contains(@style,'display: none')]"


def decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252")


def squeezed(text: str) -> str:
    """Without any blanks: where a tag ends, none may stand and one may be meant."""
    return "".join(text.split())


def visible(path: Path) -> str:
    """What a visitor sees, without blanks."""
    source = decoded(path.read_bytes())
    if not source.strip() or path.suffix != ".html":
        return ""
    tree = lxml.html.document_fromstring(source)
    for node in tree.xpath(_UNSEEN):
        if node.getparent() is not None:
            node.drop_tree()
    return squeezed(" ".join(tree.itertext()))


def parts(words: str) -> list[str]:
    """Words that were put together from several places of the page are looked for one by one."""
    return [part for half in words.split("; ") for part in half.split(", ")]


def test_every_file_is_indexed_and_has_its_truth(index: list[dict[str, Any]], pages: list[dict[str, Any]]) -> None:
    on_disk = {p.relative_to(SAMPLES).as_posix() for p in (SAMPLES / "pages").rglob("*") if p.is_file()}
    told = [page["file"] for page in pages]
    assert len(told) == len(set(told))
    assert on_disk == {row["file"] for row in index if "file" in row} == set(told)
    assert len([f for f in on_disk if f.endswith(".html")]) >= 44


def test_every_address_shape_is_there(index: list[dict[str, Any]]) -> None:
    missing = [shape for shape in ADDRESSES if not any(re.search(shape, row["url"]) for row in index)]
    assert missing == []
    assert len({(row["url"], row["captured_at"]) for row in index}) == len(index)


def test_every_source_trap_and_shape_is_there(index: list[dict[str, Any]], pages: list[dict[str, Any]]) -> None:
    assert {row["source"] for row in index if "source" in row} == SOURCES
    assert {page["trap"] for page in pages if "trap" in page} == TRAPS
    assert {page["shape"] for page in pages} == {"listing", "detail", "page", "document", "none"}
    assert {page["page_kind"] for page in pages if "page_kind" in page} == {"news", "practice", "event"}
    assert sum("revisit_of" in row for row in index) >= 1
    assert len({page["layout"] for page in pages}) >= 20
    assert all(page["entries"] == [] for page in pages if page["shape"] in ("none", "document"))


def test_titles_stand_on_the_page_in_this_order(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        text, at = visible(SAMPLES / page["file"]), 0
        for entry in page["entries"]:
            found = text.find(squeezed(entry["title"]), at)
            assert found >= 0, f"{page['file']}: no {entry['title'][:60]!r} after character {at}"
            at = found + len(squeezed(entry["title"]))


def test_all_other_words_stand_on_the_page(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        text = visible(SAMPLES / page["file"])
        for entry in page["entries"]:
            for name in ("surtitle", "subtitle", "date"):
                assert squeezed(entry.get(name, "")) in text, f"{page['file']}: {entry['title'][:40]}: {name}"
            for part in parts(entry.get("place", "")):
                assert squeezed(part) in text, f"{page['file']}: {entry['title'][:40]}: {part}"
            for text_of in (*entry.get("sections", {}).values(), *entry.get("other_sections", {}).values()):
                assert all(squeezed(line) in text for line in text_of.splitlines()), f"{page['file']}: {text_of[:40]}"
            assert all(squeezed(word) in text for word in entry.get("private", [])), page["file"]


def test_item_keys_are_those_of_links_or_addresses(index: list[dict[str, Any]], pages: list[dict[str, Any]]) -> None:
    urls = defaultdict(list)
    for row in index:
        urls[row.get("file")].append(row["url"])
    for page in pages:
        html = decoded((SAMPLES / page["file"]).read_bytes()) if page["entries"] else ""
        places = " ".join([html, *urls[page["file"]]]).replace("%2F", "/")
        for entry in page["entries"]:
            if (key := entry.get("key", "")).startswith("coe:"):
                slug = re.escape(key.removeprefix("coe:"))
                assert re.search(rf"/(-|content)/{slug}(?![\w-])", places), f"{page['file']}: {key}"
            elif key.startswith("rm:"):
                assert f'/{key.removeprefix("rm:")}"' in html, f"{page['file']}: {key}"
            elif key:
                kind, number = key.removeprefix("hub:").split("/")
                assert f"/{kind}/{number}-" in places, f"{page['file']}: {key}"


def test_entries_and_things_belong_together(pages: list[dict[str, Any]], things: dict[str, dict[str, Any]]) -> None:
    named = {entry["thing"] for page in pages for entry in page["entries"]}
    assert named == set(things)
    owners = defaultdict(set)
    for page in pages:
        for entry in page["entries"]:
            if "key" in entry:
                owners[entry["key"]].add(entry["thing"])
    assert {key: names for key, names in owners.items() if len(names) > 1} == {}
    assert all(other in things for thing in things.values() for other in thing.get("may_join", []))


def test_values_are_well_formed(pages: list[dict[str, Any]], things: dict[str, dict[str, Any]]) -> None:
    for name, thing in things.items():
        start, end = thing.get("start_date"), thing.get("end_date")
        assert not start or not end or date.fromisoformat(start) <= date.fromisoformat(end), name
        assert bool(start) == ("date_precision" in thing), name
        assert ("start_time" in thing) == (thing.get("date_precision") == "time"), name
        assert all(time.fromisoformat(thing[k]) for k in ("start_time", "end_time") if k in thing), name
        assert all(re.fullmatch("[A-Z]{2}", country) for country in thing.get("countries", [])), name
        assert len(thing.get("cities", [])) == 0 or thing["countries"], name
        assert end or not start or thing.get("is_ongoing"), f"{name}: an open end needs is_ongoing"
    told = [entry for page in pages for entry in page["entries"]] + list(things.values())
    for entry in told:
        kinds = entry["kind"] if isinstance(entry["kind"], list) else [entry["kind"]]
        assert set(kinds) <= KINDS
        assert set(entry.get("sections", {})) <= SECTIONS


def test_values_come_from_words_of_an_entry(pages: list[dict[str, Any]], things: dict[str, dict[str, Any]]) -> None:
    words = defaultdict(list)
    for page in pages:
        for entry in page["entries"]:
            words[entry["thing"]].append(entry)
    for name, thing in things.items():
        dates = " ".join(entry.get("date", "") for entry in words[name])
        places = " ".join(entry.get("place", "") for entry in words[name])
        assert ("start_date" in thing) == bool(re.search(r"\d", dates)), f"{name}: {dates!r}"
        webinar = any(entry["title"].startswith("Webinar") for entry in words[name])
        assert bool(thing.get("countries") or thing.get("is_online")) == bool(places.strip() or webinar), name
        assert thing.get("is_online", False) == ("Online" in places or webinar), name
        for year in {thing[k][:4] for k in ("start_date", "end_date") if k in thing}:
            inferred = any("date_inferred" in entry for entry in words[name])
            assert inferred or year in dates or f"-{year[2:]}" in dates, f"{name}: {year} is not in {dates!r}"


def things_by_title(pages: list[dict[str, Any]], word: str) -> dict[str, set[str]]:
    found = defaultdict(set)
    for page in pages:
        for entry in page["entries"]:
            if word in entry["title"].lower():
                found[entry["title"]].add(entry["thing"])
    return found


def test_the_hard_cases_of_merging_are_there(pages: list[dict[str, Any]]) -> None:
    side = things_by_title(pages, "side event")
    assert len(side) >= 3
    assert len(set().union(*side.values())) == 1
    visits = things_by_title(pages, "expert's visit")["Expert's visit"]
    assert len(visits) >= 5
    vinnytsia = {t for page in pages for e in page["entries"] if (t := e["thing"]).startswith("ev-vinnytsia")}
    assert vinnytsia == {"ev-vinnytsia-2017", "ev-vinnytsia-2018"}
    shown = defaultdict(set)
    for page in pages:
        for entry in page["entries"]:
            shown[entry["thing"]].add((page["shape"], entry["language"]))
    assert any({("listing", "en"), ("listing", "fr")} <= s for s in shown.values()), (
        "a practice on the English and the French list"
    )
    assert {("listing", "fr"), ("detail", "fr")} <= shown["gp-leeds-map"]


def test_markups_show_the_same_six_practices() -> None:
    folder = SAMPLES / "markups"
    truth = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    assert sorted(truth["files"]) == sorted(p.name for p in folder.glob("*.html"))
    assert len(truth["files"]) >= 5
    for name in truth["files"]:
        text, at = visible(folder / name), 0
        for entry in truth["entries"]:
            for words in (entry["title"], *parts(entry["place"]), entry.get("date", ""), entry["summary"]):
                assert squeezed(words) in text[at:], f"{name}: {words[:60]}"
            at = text.index(squeezed(entry["title"]), at)


@pytest.mark.parametrize("name", ["bare-headings.html", "bare-table.html", "bare-divs.html"])
def test_bare_markups_hold_no_class(name: str) -> None:
    assert "class=" not in (SAMPLES / "markups" / name).read_text(encoding="utf-8")


def test_people_are_invented() -> None:
    for path in (SAMPLES / "pages").rglob("*.html"):
        hosts = re.findall(r"[\w.+-]+@([\w-]+\.[\w.-]+)", decoded(path.read_bytes()))
        assert set(hosts) <= {"example.org"}, path

"""What pages say in JSON-LD, microdata, RDFa and h-event: each thing once, and nothing else taken for an entry."""

from __future__ import annotations

import json
from typing import Any

import pytest
from structured_parts import BASE, EVENT, MICRODATA, code, ld, names, stated

from pipelines.read.structured import Stated


def test_json_ld_says_all_that_it_has() -> None:
    place = {"@type": "Place", "name": "Old mill", "address": {
        "@type": "PostalAddress", "streetAddress": "Mill Lane 3", "postalCode": "5003", "addressLocality": "Bergen",
        "addressCountry": {"@type": "Country", "name": "Norway"}}}  # fmt: skip
    event = EVENT | {
        "@context": "https://schema.org", "@type": ["Thing", "schema:MusicEvent"], "location": place, "url": "../mill",
        "endDate": "2026-03-12T21:00:00+01:00",
        "description": "<p>Bring a <b>pot</b>&nbsp;&amp; a song.</p><p>All ages.</p>",
        "eventStatus": "https://schema.org/EventCancelled"}  # fmt: skip
    assert stated(ld(event)) == [
        Stated(
            "event",
            "Kitchen of many tongues",
            "2026-03-12T18:00:00+01:00",
            "2026-03-12T21:00:00+01:00",
            "Old mill, Mill Lane 3, 5003 Bergen, Norway",
            "https://town.example.org/mill",
            "Bring a pot & a song. All ages.",
            "cancelled",
            "json-ld",
        )
    ]


def test_news_have_the_day_of_publishing_and_neither_end_nor_place() -> None:
    article = {"@type": "NewsArticle", "headline": "A bridge gets two names", "datePublished": "2026-02-01",
               "endDate": "2027-01-01", "location": "Porto",
               "mainEntityOfPage": {"@id": "https://town.example.org/b"}}  # fmt: skip
    (found,) = stated(ld(article))
    assert (found.kind, found.start, found.end, found.place) == ("news", "2026-02-01", None, None)
    assert found.url == "https://town.example.org/b"


@pytest.mark.parametrize(
    "block",
    [
        [EVENT],
        {"@graph": [{"@type": "WebSite", "name": "Town"}, EVENT]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": EVENT}]},
        {"@type": "City", "name": "Town", "event": EVENT},
        f"<!-- {json.dumps(EVENT)} -->",
        f"//<![CDATA[\n{json.dumps(EVENT)}\n//]]>",
        f"{json.dumps(EVENT)};",
        json.dumps(EVENT)[:-1] + ",}",
        json.dumps(EVENT).replace("of many", "of\tmany"),
        json.dumps(EVENT).replace('"', "&quot;"),
        json.dumps(EVENT).replace('"', "'"),
        json.dumps([EVENT, 5, None, ["x"]]),
        json.dumps(EVENT).replace("Kitchen", "/* no comment */Kitchen").replace("/* no comment */", "") + "// end",
    ],
)
def test_json_ld_in_every_dress(block: Any) -> None:
    assert names(stated(ld(block))) == [(EVENT["name"], EVENT["startDate"])]


def test_a_number_of_seconds_is_a_day() -> None:
    assert names(stated(ld(EVENT | {"startDate": 1773338400}))) == [(EVENT["name"], "2026-03-12T18:00:00+00:00")]


def test_nested_events_and_things_that_are_only_referred_to() -> None:
    graph = [
        EVENT | {"location": {"@id": "#hall"}, "subEvent": [EVENT | {"name": "First pot"}], "@id": BASE + "#kitchen"},
        {"@type": "Place", "@id": "#hall", "name": "Hall", "address": "Hall, Quay 1"},
    ]
    whole, part = stated(ld({"@graph": graph}))
    assert (whole.title, whole.place, whole.url) == ("Kitchen of many tongues", "Hall, Quay 1", None)
    assert part.title == "First pot"


def test_several_blocks_one_of_them_broken() -> None:
    found = stated(ld(EVENT) + ld('{"@type": "Event", "name":') + ld(EVENT | {"name": "Second"}))
    assert [one.title for one in found] == ["Kitchen of many tongues", "Second"]


@pytest.mark.parametrize(
    "thing",
    [
        {"@type": "WebSite", "name": "Town", "datePublished": "2026-01-01"},
        {"@type": "WebPage", "name": "Agenda", "dateModified": "2026-01-01", "datePublished": "2026-01-01"},
        {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "Home", "startDate": "2026"}]},
        {"@type": "Organization", "name": "Library", "openingHours": "Mo-Fr 09:00-17:00"},
        {"@type": "Offer", "name": "Ticket", "validFrom": "2026-01-01"},
        {"@type": "Event", "name": "No day"},
        {"@type": "Event", "name": "A rule", "eventSchedule": {"@type": "Schedule", "startDate": "2026-01-01"}},
        {"@type": "Event", "name": "—", "startDate": "2026-01-01"},
        {"@type": "Event", "startDate": "2026-01-01"},
        {"@type": "Article", "headline": "Only modified", "dateModified": "2026-01-01"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_entry(thing: dict[str, Any]) -> None:
    assert stated(ld(thing)) == []


def test_offers_of_an_event_are_no_events() -> None:
    offer = {"@type": "SaleEvent", "name": "Ticket sale", "startDate": "2026-01-01"}
    assert len(stated(ld(EVENT | {"offers": offer}))) == 1


@pytest.mark.parametrize("syntax", ["microdata", "rdfa"])
def test_attributes_of_the_page_itself(syntax: str) -> None:
    body = MICRODATA
    if syntax == "rdfa":
        body = body.replace("itemscope itemtype", "vocab='http://schema.org/' typeof").replace("itemprop", "property")
    (found,) = stated(body)
    assert (found.title, found.start, found.end) == ("Lights on the canal", "2026-05-01", "2026-05-03")
    assert (found.place, found.url) == ("Canal, Quay 9, Gent", "https://town.example.org/agenda/lights")
    assert (found.syntax, found.node.get("id")) == (syntax, "a")
    if syntax == "microdata":
        assert (found.summary, found.status) == ("Boats with lamps.", "postponed")


def test_prefixed_rdfa() -> None:
    day = '<i property="schema:startDate" content="2026-04-04">x</i>'
    body = f'<div typeof="schema:Event"><h2 property="schema:name">Tea</h2>{day}</div>'
    assert names(stated(body)) == [("Tea", "2026-04-04")]


def test_an_empty_attribute_says_nothing() -> None:
    body = """<div itemscope itemtype="https://schema.org/Event"><b itemprop="name" content="">Tea</b>
      <time itemprop="startDate" datetime="">2026-04-04</time></div>"""
    assert names(stated(body)) == [("Tea", "2026-04-04")]


def test_an_organizer_is_not_the_event() -> None:
    body = """<div itemscope itemtype="https://schema.org/Event"><b itemprop="name">Open yard</b>
      <i itemprop="startDate" content="2026-06-06"></i>
      <p itemprop="organizer" itemscope itemtype="https://schema.org/Organization"><b itemprop="name">Yard club</b></p>
      <p itemscope itemtype="https://schema.org/Place"><b itemprop="name">Elsewhere</b></p></div>"""
    assert names(stated(body)) == [("Open yard", "2026-06-06")]


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        ('<abbr class="dtstart" title="2026-03-12T18:00+01:00">12 March</abbr>', "2026-03-12T18:00+01:00"),
        ('<time class="dt-start" datetime="2026-03-12 18:00">12 March</time>', "2026-03-12 18:00"),
        ('<p class="dtstart"><abbr class="value" title="2026-03-12">12 March</abbr> at <b class="value">18:00</b></p>',
         "2026-03-12T18:00"),
        ('<p class="dtstart"><i class="value-title" title="2026-03-12T18:00"> </i>12 March</p>', "2026-03-12T18:00"),
        ('<span class="dt-start">2026-03-12</span>', "2026-03-12"),
    ],
)  # fmt: skip
def test_events_by_class_names(moment: str, start: str) -> None:
    body = f"""<div class="card vevent h-event"><a class="summary url" href="/kiln">An evening at the kiln</a>{moment}
      <p class="location vcard"><span class="fn org">Pottery</span>, <span class="street-address">Clay Road 2</span></p>
      <p class="description">Bring clay.</p></div>"""
    (found,) = stated(body)
    assert (found.title, found.start, found.syntax) == ("An evening at the kiln", start, "h-event")
    assert (found.place, found.url) == ("Pottery, Clay Road 2", "https://town.example.org/kiln")
    assert found.summary == "Bring clay."


def test_events_and_people_within_an_event_are_not_it() -> None:
    body = """<div class="vevent"><p class="organizer vcard"><a class="fn url" href="/club">Club</a></p>
      <div class="vevent"><b class="summary">Part</b><i class="dtstart">2026-03-13</i></div>
      <b class="summary">Whole</b><i class="dtstart">2026-03-12</i><a class="url" href="/whole">more</a></div>"""
    whole, part = stated(body)
    assert (whole.title, whole.start, whole.url) == ("Whole", "2026-03-12", "https://town.example.org/whole")
    assert (part.title, part.start, part.url) == ("Part", "2026-03-13", None)


def test_class_names_that_only_look_like_it() -> None:
    assert stated('<div class="prevevent-list"><b class="summary">No</b><i class="dtstart">2026-03-12</i></div>') == []


def test_a_thing_stated_twice_is_one_and_keeps_what_each_says() -> None:
    both = ld({"@type": "Event", "name": "Choir", "startDate": "2026-03-12", "location": "Hall"}) + code(
        'x = [{"title": "Choir", "start": "2026-03-12T19:00", "url": "/c"}, {"title": "Choir", "start": "2026-03-13"}]'
    )
    one, other = stated(both)
    assert (one.start, one.place, one.url) == ("2026-03-12T19:00", "Hall", "https://town.example.org/c")
    assert (one.syntax, other.start) == ("json-ld", "2026-03-13")


@pytest.mark.parametrize("change", [{"url": "/other"}, {"location": "Elsewhere"}, {"startDate": "2026-03-12T20:00"}])
def test_two_things_of_one_name_and_day_stay_two(change: dict[str, str]) -> None:
    one = {"@type": "Event", "name": "Story hour", "startDate": "2026-03-12T18:00", "url": "/one", "location": "Hall"}
    one = one if "url" in change else {key: one[key] for key in one if key != "url"}
    assert len(stated(ld([one, one | change, one]))) == 2


def test_one_instant_in_two_zones_is_one() -> None:
    assert len(stated(ld([EVENT, EVENT | {"startDate": "2026-03-12T17:00:00Z"}]))) == 1

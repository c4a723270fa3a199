"""JSON that pages carry for their own scripts: lists of events and of news, and everything else that has dates."""

from __future__ import annotations

import json

import pytest
from structured_parts import ENTRIES, code, names, stated

FOUND = [("Choir", "2026-03-12T19:00"), ("Chess", "2026-03-13")]


@pytest.mark.parametrize(
    "body",
    [
        f'<script type="application/json">{{"page": {{"data": {{"items": {ENTRIES}}}}}}}</script>',
        f'<script id="__NEXT_DATA__" type="application/json">{{"props": {{"pageProps": {{"e": {ENTRIES}}}}}}}</script>',
        code(f"window.__INITIAL_STATE__ = {{'agenda': {ENTRIES}}}; start();"),
        code(f"var events = {ENTRIES};"),
        code(f"var events = {ENTRIES.replace('}, {', '} {')};"),
        code("var e = JSON.parse(" + json.dumps(json.dumps({"list": json.loads(ENTRIES)})) + ");"),
        code("""$(function () { $('#calendar').fullCalendar({ lang: lang(), header: {left: 'prev'}, // the week
          events: [ {title: 'Choir', start: "2026-03-12T19:00", url: "/c/1", allDay: false,}, /* and */
                    {title: "Chess", start: new Date('2026-03-13')}, ], eventClick: function (e) { go(e); } }); });"""),
        f"<div data-events='{ENTRIES}'></div>",
        "<i data-e='{\"title\": \"Choir\", \"start\": \"2026-03-12T19:00\"}'></i>"
        "<i data-e='{\"title\": \"Chess\", \"start\": \"2026-03-13\"}'></i>",
        code('const byId = {"7": {"name": "Choir", "startDate": "2026-03-12T19:00"}, '
             '"8": {"name": "Chess", "startDate": "2026-03-13"}}'),
        code('q = {"edges": [{"node": {"title": "Choir", "start_date": {"date": "2026-03-12T19:00"}}}, '
             '{"node": {"title": "Chess", "start_date": {"date": "2026-03-13"}}}]}'),
        code("x = " + json.dumps({"options": json.dumps({"events": json.loads(ENTRIES)})})),
        code('w = [{"title": "Choir", "scheduling": {"config": {"startDate": "2026-03-12T19:00"}}}, '
             '{"title": "Chess", "dates": {"start": "2026-03-13"}}]'),
        code('x = [{"titre": {"rendered": "Choir"}, "dateDebut": "2026-03-12", "heure": "19:00"}, '
             '{"titre": {"rendered": "Chess"}, "dateDebut": "2026-03-13"}]'),
    ],
)  # fmt: skip
def test_json_that_a_page_carries(body: str) -> None:
    found = stated(body)
    assert names(found) == FOUND
    assert {(one.kind, one.syntax) for one in found} == {("event", "script-json")}


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("1773338400", "2026-03-12T18:00:00+00:00"),
        ("1773338400000", "2026-03-12T18:00:00+00:00"),
        ('"1773338400"', "2026-03-12T18:00:00+00:00"),
        ('"/Date(1773338400000)/"', "2026-03-12T18:00:00+00:00"),
        ("new Date(2026, 2, 12, 18)", "2026-03-12T18:00"),
        ('"20260312T180000Z"', "20260312T180000Z"),
    ],
)
def test_moments_of_json(value: str, start: str) -> None:
    body = code(f"var e = [{{title: 'Choir practice', start: {value}}}, {{title: 'Chess', start: {value}}}]")
    assert names(stated(body)) == [("Choir practice", start), ("Chess", start)]


def test_places_ends_status_and_hours_of_json() -> None:
    one = {"name": "Walk", "date": "2026-03-12", "time": "9.30", "endTime": "11:00", "cancelled": True,
           "venue": {"name": "Gate", "address": "Wall St 4", "city": "York"}, "teaser": "<p>Shoes</p>"}  # fmt: skip
    (found, _) = stated(code("x=" + json.dumps([one, one | {"name": "Run", "cancelled": False}])))
    assert (found.start, found.end, found.status) == ("2026-03-12T09:30", "2026-03-12T11:00", "cancelled")
    assert (found.place, found.summary) == ("Gate, Wall St 4, York", "Shoes")


@pytest.mark.parametrize(
    ("objects", "kind"),
    [
        ('{"posts": [{"title": "A", "date": "2026-03-12"}, {"title": "B", "date": "2026-03-13"}]}', "news"),
        ('[{"title": "A", "publishedAt": "2026-03-12"}, {"title": "B", "publishedAt": "2026-03-13"}]', "news"),
        ('[{"title": "A", "date": "2026-03-12", "author": "x"}, {"title": "B", "date": "2026-03-13"}]', "news"),
        ('[{"title": "A", "date": "2026-03-12", "lieu": "x"}, {"title": "B", "date": "2026-03-13"}]', "event"),
    ],
)
def test_news_and_events_in_json(objects: str, kind: str) -> None:
    assert [one.kind for one in stated(code(f"x = {objects};"))] == [kind, kind]


@pytest.mark.parametrize(
    "objects",
    [
        '[{"title": "Only one", "start": "2026-03-12"}]',
        '[{"title": "A", "start": 12}, {"title": "B", "start": 24}]',
        '[{"title": "A", "start": "soon"}, {"title": "B", "start": "later 2026-03-12"}]',
        '[{"start": "2026-03-12"}, {"start": "2026-03-13"}]',
        '[{"title": "a.png", "date": "2026-03-12", "filesize": 1}, {"title": "b", "date": "2026-03-12", "sku": 1}]',
        '[{"title": "A", "start": "2026-03-12"}, {"title": "B", "start": "2026-03-12"}, {"id": 1}, {"id": 2}, {}]',
        '[{"title": "A", "modified": "2026-03-12"}, {"title": "B", "modified": "2026-03-12"}]',
    ],
)
def test_objects_that_are_no_entries(objects: str) -> None:
    assert stated(code(f"x = {objects};")) == []


def test_nothing_is_executed_and_expressions_are_not_read() -> None:
    assert stated(code("x = [{title: 'A' + who(), start: '2026-03-12'}, {title: 'B', start: '2026-03-13'}]")) == []

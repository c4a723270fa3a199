"""Pages with structured data, for the tests of reading it."""

from __future__ import annotations

import json
from typing import Any

from pipelines.read.html.markup import parse
from pipelines.read.structured import Stated, read_structured

BASE = "https://town.example.org/agenda/"
EVENT = {"@type": "Event", "name": "Kitchen of many tongues", "startDate": "2026-03-12T18:00:00+01:00"}
ENTRIES = '[{"title": "Choir", "start": "2026-03-12T19:00", "url": "/c/1"}, {"title": "Chess", "start": "2026-03-13"}]'
MICRODATA = """<article id="a" itemscope itemtype="http://schema.org/Festival" itemref="more">
  <h3 itemprop="name"><a itemprop="url" href="lights">Lights on <i>the</i> canal</a></h3>
  <time itemprop="startDate" datetime="2026-05-01">first of May</time><meta itemprop="endDate" content="2026-05-03">
  <div itemprop="location" itemscope itemtype="http://schema.org/Place"><span itemprop="name">Canal</span>
    <p itemprop="address" itemscope itemtype="http://schema.org/PostalAddress">
      <b itemprop="streetAddress">Quay 9</b> <b itemprop="addressLocality">Gent</b></p></div>
  <link itemprop="eventStatus" href="https://schema.org/EventPostponed"></article>
  <p id="more" itemprop="description">Boats with lamps.</p>"""


def stated(body: str) -> list[Stated]:
    document = parse(f"<html><body><p>Agenda</p>{body}</body></html>", BASE)
    assert document is not None
    return read_structured(document)


def ld(value: Any) -> str:
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


def code(text: str) -> str:
    return f"<script>{text}</script>"


def names(found: list[Stated]) -> list[tuple[str, str]]:
    return [(one.title, one.start) for one in found]

"""Towns as pages: lists in several layouts, each as a common content system makes it, and the pages of single entries.

What belongs here: HTML. What does not: feeds and APIs (`town_feeds`), the truth (`towns`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from itertools import groupby

from babel.dates import format_date
from towns import Entry, Town


def day_words(day: date, language: str, style: str = "long") -> str:
    """A day as its language writes it."""
    return str(format_date(day, style, locale=language))


def span_words(entry: Entry, language: str) -> str:
    """The day or days of an entry."""
    start = day_words(entry.start, language)
    return f"{start} – {day_words(entry.end, language)}" if entry.end else start


def page(town: Town, title: str, content: str, head: str = "", follow: str | None = None) -> str:
    """A whole page with what towns have around their content."""
    said = town.labels
    menu = "".join(f'<li><a href="{path}">{said[name]}</a></li>' for name, path in _MENU)
    paging = f'<nav class="pager"><a rel="next" href="{escape(follow)}">{said["next"]}</a></nav>' if follow else ""
    return (
        f'<!DOCTYPE html><html lang="{town.language}"><head><meta charset="utf-8"><title>{title} | {town.name}</title>'
        f'{head}</head><body><header><a href="/">{town.name}</a><nav><ul>{menu}</ul></nav></header>'
        f"<main><h1>{title}</h1>{content}{paging}</main>"
        f"<footer><p>{town.name}, {said['contact']}: desk@example.org</p></footer></body></html>"
    )


_MENU = (("home", "/"), ("events", "/events"), ("contact", "/contact"))


def list_page(town: Town, shown: Sequence[Entry], follow: str | None) -> str:
    """A page of the list of a town, in its layout."""
    content = _LAYOUTS[town.kind](town, shown)
    head = _statements(town, shown) if town.kind == "jsonld" else ""
    return page(town, town.labels["events"], content, head, follow)


def detail_page(town: Town, entry: Entry) -> str:
    """The page of an entry."""
    said = town.labels
    content = (
        f'<div class="facts"><p>{said["date"]}: {span_words(entry, town.language)}</p>'
        f"<p>{said['place']}: {escape(entry.place)}</p></div>"
        f'<div class="text"><p>{escape(entry.summary)}</p></div>'
    )
    return page(town, escape(entry.title), content)


def _each(town: Town, shown: Sequence[Entry], markup: str) -> str:
    """One piece of markup for each entry, with its words in the places of their names."""

    def said(e: Entry) -> dict[str, str]:
        words = {"title": escape(e.title), "place": escape(e.place), "summary": escape(e.summary)}
        return words | {"url": e.url, "when": span_words(e, town.language), "more": town.labels["more"]}

    return "".join(markup.format_map(said(e)) for e in shown)


def _cards(town: Town, shown: Sequence[Entry]) -> str:
    heading, when = '<h3><a href="{url}">{title}</a></h3>', '<p class="when">{when}</p><p class="where">{place}</p>'
    more = '<p>{summary}</p><a href="{url}">{more}</a>'
    return _each(town, shown, f'<article class="card">{heading}{when}{more}</article>')


def _table(town: Town, shown: Sequence[Entry]) -> str:
    said = town.labels
    head = f"<tr><th>{said['date']}</th><th>{said['title']}</th><th>{said['place']}</th></tr>"
    rows = _each(town, shown, '<tr><td>{when}</td><td><a href="{url}">{title}</a></td><td>{place}</td></tr>')
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _list(town: Town, shown: Sequence[Entry]) -> str:
    row = '<li><span class="d">{when}</span> <a href="{url}">{title}</a><br><em>{place}</em></li>'
    return f"<ul>{_each(town, shown, row)}</ul>"


def _terms(town: Town, shown: Sequence[Entry]) -> str:
    row = '<dt>{when}</dt><dd><a href="{url}">{title}</a><p>{place}</p></dd>'
    return f"<dl>{_each(town, shown, row)}</dl>"


def _badges(town: Town, shown: Sequence[Entry]) -> str:
    def badge(day: date) -> str:
        month = str(format_date(day, "LLL", locale=town.language))
        return f'<span class="badge"><b>{day.day}</b> <i>{month}</i> <small>{day.year}</small></span>'

    def days(e: Entry) -> str:
        return badge(e.start) + (f" – {badge(e.end)}" if e.end else "")

    return "".join(
        f'<div class="row"><div class="left">{days(e)}</div><div class="right"><h4><a href="{e.url}">{escape(e.title)}'
        f'</a></h4><div class="where">{escape(e.place)}</div></div></div>'
        for e in shown
    )


def _months(town: Town, shown: Sequence[Entry]) -> str:
    parts = []
    for (year, month), entries in groupby(shown, key=lambda e: (e.start.year, e.start.month)):
        heading = str(format_date(date(year, month, 1), "LLLL yyyy", locale=town.language))
        rows = "".join(
            f'<div class="item"><p class="day">{_short(e, town.language)}</p><h3><a href="{e.url}">{escape(e.title)}'
            f"</a></h3><p>{escape(e.place)}</p></div>"
            for e in entries
        )
        parts.append(f"<section><h2>{heading}</h2>{rows}</section>")
    return "".join(parts)


def _short(entry: Entry, language: str) -> str:
    """The days without their year: the heading above has it."""
    days = [entry.start, *([entry.end] if entry.end else [])]
    return " – ".join(str(format_date(day, "d MMMM", locale=language)) for day in days)


def _plain(town: Town, shown: Sequence[Entry]) -> str:
    return "".join(f'<p><a href="{e.url}">{escape(e.title)}</a></p>' for e in shown)


def _microdata(town: Town, shown: Sequence[Entry]) -> str:
    return "".join(
        f'<div itemscope itemtype="https://schema.org/Event"><a itemprop="url" href="{e.url}"><span itemprop="name">'
        f'{escape(e.title)}</span></a><time itemprop="startDate" datetime="{e.start}">{span_words(e, town.language)}'
        f"</time>{_end(e)}<div itemprop='location' itemscope itemtype='https://schema.org/Place'><span itemprop='name'>"
        f"{escape(e.venue)}</span></div><p itemprop='description'>{escape(e.summary)}</p></div>"
        for e in shown
    )


def _end(entry: Entry) -> str:
    return f'<meta itemprop="endDate" content="{entry.end}">' if entry.end else ""


def _statements(town: Town, shown: Sequence[Entry]) -> str:
    events = [
        {
            "@type": "Event",
            "name": e.title,
            "startDate": f"{e.start}T{e.hour:02d}:00:00",
            **({"endDate": f"{e.end}T{e.hour + 2:02d}:00:00"} if e.end else {}),
            "url": e.url,
            "description": e.summary,
            "location": {"@type": "Place", "name": e.venue, "address": {"addressLocality": town.name}},
        }
        for e in shown
    ]
    said = json.dumps({"@context": "https://schema.org", "@graph": events}, ensure_ascii=False)
    return f'<script type="application/ld+json">{said}</script>'


_LAYOUTS: dict[str, Callable[[Town, Sequence[Entry]], str]] = {
    "html cards": _cards,
    "html table": _table,
    "html list": _list,
    "html terms": _terms,
    "html badges": _badges,
    "html months": _months,
    "jsonld": _plain,
    "microdata": _microdata,
}


LIFERAY = "/{locale}/web/interculturalcities"


def liferay_page(town: Town, shown: Sequence[Entry]) -> str:
    """A page of a portal's list."""
    base = LIFERAY.format(locale=town.language)
    blocks = "".join(
        f'<div class="element"><h3><a href="{base}/-/{slug(e)};jsessionid=0A{e.number}?p_l_id=77">{escape(e.title)}'
        f"</a></h3><span>{span_words(e, town.language)} {escape(e.place)}</span><p>{escape(e.summary)}</p>"
        f'<a href="{base}/-/{slug(e)}">Read More</a></div>'
        for e in shown
    )
    return page(town, town.labels["events"], blocks)


def liferay_detail(town: Town, entry: Entry) -> str:
    """The page of an item of a portal."""
    facts = f"<p>{span_words(entry, town.language)} {escape(entry.place)}</p><p>{escape(entry.summary)}</p>"
    return page(town, escape(entry.title), facts)


def slug(entry: Entry) -> str:
    """The end of an item's address on a portal."""
    return f"item-{entry.number:05d}-"

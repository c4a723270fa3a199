"""Pages made to stop a reader: each as bytes, near the 10 MB that are read at most or as many elements as do harm.

What belongs here: how each kind of hostile page is made. What does not: what must come of it (`test_generic_hostile`).
"""

from __future__ import annotations

from collections.abc import Callable

MB = 1_000_000
DATED = '<p><a href="/agenda/{n}">Open workshop {n}</a> 12 March 2026</p>'
CARD = (
    '<li class="card"><h3><a href="/agenda/{n}">Open workshop {n}</a></h3><p>{day} March 2026</p><p>Old mill</p></li>'
)


def page(*parts: str, head: str = "") -> bytes:
    """A page around some markup."""
    return f"<!DOCTYPE html><html lang='en'><head><title>Agenda</title>{head}</head><body>{''.join(parts)}".encode(
        "utf-8", "surrogatepass"
    )


def cards(count: int = 4) -> str:
    """A plain list of events, for what is around it to harm."""
    return "<ul>" + "".join(CARD.format(n=n, day=n % 28 + 1) for n in range(count)) + "</ul>"


def numbered(pattern: str, count: int) -> str:
    """A pattern filled with 0, 1, 2, ..."""
    return "".join(pattern.format(n=n, day=n % 28 + 1, month=n % 12 + 1, year=2020 + n % 9) for n in range(count))


def nested(tag: str, count: int = 100_000) -> bytes:
    """One element in another, with a day inside and none closed."""
    return page(cards(), f"<{tag}>" * count, "12 March 2026 Open workshop", cards())


def shallow(tag: str, text: str = "12 March 2026 <i>Open workshop</i>") -> bytes:
    """One element in another to the depth that the parser allows, again and again."""
    return page((f"<{tag}>" * 120 + text + f"</{tag}>" * 120) * 800)


def attribute(name: str, value: str, tag: str = "p") -> bytes:
    """An attribute of 1 MB, around a list and on an element of it."""
    long = (value * (MB // len(value) + 1))[:MB]
    return page(f'<div {name}="{long}">', cards(), f'<{tag} {name}="{long}">12 March 2026 Open workshop</{tag}></div>')


def one_line(text: str, size: int = 9_900_000) -> bytes:
    """One paragraph of some words again and again."""
    return page("<p>", text * (size // len(text.encode())), "</p>")


_ENTITIES = "".join(
    f'<!ENTITY e{n} "{"&e" + str(n - 1) + ";" if n else "lol"}{"&e" + str(n - 1) + ";" if n else ""}">'
    for n in range(40)
)
_BOMB = f"<!DOCTYPE html [{_ENTITIES}]><html><body><p>&e39; 12 March 2026</p>"
_TABLE = "<table><tr><th>Date</th><th>Event</th></tr>"
_ROW = "<tr><td>{day} March 2026</td><td><a href='/a/{n}'>Open workshop {n}</a></td></tr>"

KINDS: dict[str, Callable[[], bytes]] = {
    "nested div": lambda: nested("div"),
    "nested table": lambda: nested("table"),
    "nested table cells": lambda: nested("table><tr><td"),
    "nested b": lambda: nested("b"),
    "nested a": lambda: nested("a href=/x"),
    "nested span": lambda: nested("span"),
    "nested ul": lambda: nested("ul><li"),
    "nested pre": lambda: nested("pre"),
    "nested menus": lambda: nested("div class=menu"),
    "nested hidden": lambda: nested("div class=accordion hidden"),
    "nested dl": lambda: nested("dl><dd"),
    "nested font": lambda: nested("font"),
    "shallow div": lambda: shallow("div"),
    "shallow span": lambda: shallow("span"),
    "shallow a": lambda: shallow("a href=/x"),
    "shallow menus": lambda: shallow("div class=menu"),
    "shallow pre": lambda: shallow("div class=menu", "a\n" * 200),
    "shallow accordion": lambda: shallow("div class=tab-accordion"),
    "shallow b": lambda: shallow("b"),
    "a million links": lambda: page("<a href=>" * 1_000_000)[:9_990_000],
    "links, closed": lambda: page(numbered("<a href=/{n}>x</a>", 470_000)),
    "links in one list": lambda: page("<div>", "<a href=/a>12 March 2026</a>" * 330_000, "</div>"),
    "links in one line": lambda: page("<p>See ", numbered("<a href=/{n}>w{n}</a> or ", 300_000), "</p>"),
    "links to anchors": lambda: page(numbered("<a id=a{n} href=#a{day}>March 2026</a> ", 200_000)),
    "links across blocks": lambda: page("<a href=/x><div>12 March 2026</div>" * 100_000),
    "links around blocks": lambda: page("<a href=/x>" * 100, "<div>12 March 2026</div>" * 100_000),
    "anchors in circles": lambda: page(numbered("<div id=t{n}><a href=#t{day} aria-controls=t{n}>2026</a>", 100_000)),
    "dated paragraphs": lambda: page(numbered(DATED, 100_000)),
    "dates only": lambda: page("<p>12 March 2026</p>" * 400_000),
    "different dates": lambda: page(numbered("<p>{day}.{month}.{year}</p>", 400_000)),
    "days without year": lambda: page(numbered("<p>{day} March <a href=/{n}>Open workshop {n}</a></p>", 100_000)),
    "cards": lambda: page(cards(50_000)),
    "cards, many days": lambda: page(
        numbered('<li class="card"><h3>Talk {n}</h3><p>{day}.{month}.{year}</p></li>', 100_000)
    ),
    "badges": lambda: page(numbered("<div><p>{day}</p><p>MAR</p><p>Talk {n}</p></div>", 100_000)),
    "flat headings and dates": lambda: page(numbered("<h3>Talk number {n}</h3><p>{day}.{month}.{year}</p>", 100_000)),
    "table rows": lambda: page(_TABLE, numbered(_ROW, 50_000), "</table>"),
    "table cells": lambda: page("<table><tr>", "<td>12 March 2026</td>" * 100_000, "</table>"),
    "cells of one row": lambda: page(
        "<table><tr><th>Date</th></tr><tr>", numbered("<td>{day}.{month}.{year}", 300_000)
    ),
    "cells of months": lambda: page(
        "<table><tr>" + "<th>March 2026</th>" * 5 + "</tr>",
        "<tr>" + "<td>1, 2, 3</td>" * 5 + "</tr>" * 1,
        ("<tr>" + "<td>1, 2, 3, 4</td>" * 5 + "</tr>") * 30_000,
    ),
    "tables": lambda: page((_TABLE + _ROW.format(n=1, day=2) + "</table>") * 60_000),
    "table around tables": lambda: page("<table><tr><td>" * 80 + ("<table><tr><td>1<td>2</table>" * 20_000)),
    "tables in tables": lambda: page(("<table><tr><td>" * 40 + "1.3.2026" + "</td></tr></table>" * 40) * 1_500),
    "colspan": lambda: page(_TABLE, "<tr><td colspan=65534 rowspan=65534>12 March 2026</td><td>x</td></tr>" * 20_000),
    "rowspan of digits": lambda: page(
        _TABLE, f"<tr><td rowspan={'9' * 100_000} colspan={'9' * 100_000}>1.3.2026<td>x</tr>" * 20
    ),
    "rowspan odd": lambda: page(_TABLE, "<tr><td rowspan=٣ colspan=²>12 March 2026<td>x</tr>" * 200),
    "rowspan only": lambda: page(_TABLE, numbered("<tr><td rowspan=50>{day} March 2026<td>Talk {n}</tr>", 20_000)),
    "dates in one element": lambda: one_line("12 March 2026, ", 3 * MB),
    "dates between breaks": lambda: page("<p>", numbered("{day}.{month}.{year} Talk {n}<br>", 200_000)),
    "short dates": lambda: one_line("1.1.2026 "),
    "short dates joined": lambda: one_line("1.1.2026"),
    "days list": lambda: one_line("1, 2, 3 & 4, "),
    "no blank": lambda: one_line("x"),
    "blanks": lambda: one_line(" "),
    "letters and dots": lambda: one_line("x."),
    "digits": lambda: one_line("7"),
    "digits and blanks": lambda: one_line("7 "),
    "dashes": lambda: one_line("-"),
    "colons": lambda: one_line("1:"),
    "brackets": lambda: one_line("("),
    "brackets in titles": lambda: page(numbered(f"<h3>{'(' * 240}</h3><p>{{day}} March 2026</p>", 20_000)),
    "pipes": lambda: one_line(" | "),
    "capitals": lambda: one_line("aB"),
    "letters before a date": lambda: page(f"<p>{'x' * 3_000} 12 March 2026 - word</p>" * 20),
    "words before a date": lambda: page(f"<p>{'Porto ' * 500}12 March 2026 - word</p>" * 20),
    "days and a letter": lambda: page(
        "<table><tr><th>March 2026</th>" + "<th>x" * 3, f"<tr><td>{'1 ' * 19}x<td>5" * 900
    ),
    "clocks": lambda: one_line("at 21:00, "),
    "NUL": lambda: page("\0" * 2000, cards()) + b"\0" * 9 * MB,
    "NUL between": lambda: page(cards().replace(">", ">\0")),
    "surrogates": lambda: page("\ud800\udc00\udfff" * 900_000, cards()),
    "UTF-16 without mark": lambda: page(cards(20_000)).decode().encode("utf-16-le"),
    "UTF-16 with mark": lambda: b"\xff\xfe" + page(cards(5_000)).decode().encode("utf-16-le"),
    "UTF-16 cut": lambda: b"\xff\xfe" + page(cards(50)).decode().encode("utf-16-le")[:-1],
    "right to left": lambda: one_line("\u202e12 \u202bMarch\u202c 2026\u202d "),
    "right to left cards": lambda: page(cards(2000).replace("Open", "\u202eOpen\u2066")),
    "combining marks": lambda: one_line("a" + "\u0301" * 50),
    "wide digits": lambda: one_line("１２．３．２０２６ "),
    "Han digits": lambda: one_line("2026年3月12日"),
    "ligatures": lambda: one_line("\ufdfa"),
    "headings": lambda: page(numbered("<h3>Talk number {n}</h3>", 50_000), cards()),
    "headings of months": lambda: page(numbered("<h3>March 2026</h3><p>{day} Talk {n}</p>", 50_000)),
    "headings with records": lambda: page(
        numbered("<h6>March 2026</h6>", 40_000), numbered("<div><h5>Talk {n}</h5><p>{day} March</p></div>", 20_000)
    ),
    "bold lines": lambda: page(numbered("<p><b>March 2026</b></p>", 100_000), cards(5_000)),
    "times": lambda: page(numbered('<time datetime="2026-03-12">Thursday</time> ', 50_000)),
    "times in lines": lambda: page(numbered('<p><time datetime="2026-03-{day:02}">soon</time> Talk {n}</p>', 50_000)),
    "calendar days": lambda: page("<h2>March 2026</h2>", numbered("<td>{day}</td>", 200_000)),
    "weekdays": lambda: page("<h2>March 2026</h2>", numbered("<p>Monday {day}</p>", 200_000)),
    "weekdays without month": lambda: page(numbered("<p>Monday {day}</p>", 300_000)),
    "classes": lambda: page(numbered("<div class='k{n} c-{n}x' id=i{n}><p>{day} March 2026</p>Talk</div>", 30_000)),
    "classes of one element": lambda: page(f"<div class='{' '.join(f'k{n}' for n in range(200_000))}'>", cards()),
    "spans in a line": lambda: page("<p>12 March 2026 ", numbered("<span>word {n}</span> ", 20_000), "</p>"),
    "dated spans in a line": lambda: page("<p>", numbered("<span>{day}.{month}.2026</span> ", 20_000), "</p>"),
    "links in a dated line": lambda: page("<p>12 March 2026 ", numbered("<a href=/{n}>word {n}</a> ", 20_000), "</p>"),
    "spans in a card": lambda: page(cards().replace("Old mill", "<span>Old</span><b>mill</b>" * 20_000)),
    "text nodes": lambda: page("<p>", "a<br>" * 900_000),
    "breaks": lambda: page("<br>" * 2_000_000),
    "lines in pre": lambda: page("<pre>", "12 March 2026\n" * 300_000),
    "lines in deep pre": lambda: page("<div>" * 200, "<pre>", "x\n" * 3_000_000),
    "empty elements": lambda: page("<i></i>" * 1_000_000),
    "comments": lambda: page("<!---->" * 1_000_000, cards()),
    "instructions": lambda: page("<?x?>" * 1_000_000, cards()),
    "unknown tags": lambda: page(numbered("<x{n}>12 March 2026</x{n}>", 200_000)),
    "attributes": lambda: page(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>", cards()),
    "attribute class": lambda: attribute("class", "menu aB1-"),
    "attribute id": lambda: attribute("id", "xY-"),
    "attribute style": lambda: attribute("style", "display "),
    "attribute style blanks": lambda: attribute("style", "display" + " " * 2000),
    "attribute href": lambda: attribute("href", "https://x.example/a/2026/03/12?page=2&", "a"),
    "attribute href slashes": lambda: attribute("href", "/", "a"),
    "attribute href dots": lambda: attribute("href", "../", "a"),
    "attribute href anchor": lambda: attribute("href", "#", "a"),
    "attribute datetime": lambda: attribute("datetime", "2026-03-12T", "time"),
    "attribute datetime digits": lambda: attribute("datetime", "9", "time"),
    "attribute label": lambda: attribute("aria-label", "March 2026 "),
    "attribute level": lambda: attribute("aria-level", "9"),
    "attribute role": lambda: attribute("role", "heading "),
    "attribute type": lambda: attribute("type", "text/calendar "),
    "level of digits": lambda: page(f"<p role=heading aria-level={'9' * 100_000}>March 2026</p>", cards()),
    "odd levels": lambda: page(
        "<p role=heading aria-level=²>March 2026</p><p role=heading aria-level=٣>x</p>", cards()
    ),
    "base": lambda: page(cards(), head=f"<base href='http://[{'x' * MB}'>"),
    "bad addresses": lambda: page(numbered("<a href='http://[{n}'>Talk {n}</a> 12 March 2026<br>", 2_000)),
    "long addresses": lambda: page(
        numbered(f"<p><a href='/{'a/' * 400}{{n}}'>Talk {{n}}</a> 12 March 2026</p>", 8_000)
    ),
    "long title": lambda: page(cards(), head=f"<title>{'March 2026 | ' * 700_000}</title>"),
    "entities": lambda: _BOMB.encode(),
    "entities repeated": lambda: page("<p>", "&#x202e;&amp;&bogus;&lt;" * 400_000, "</p>"),
    "numeric entities": lambda: page(cards().replace("March", "&#0;&#xD800;&#x110000;&#99999999999999;March")),
    "never closed": lambda: page(
        numbered("<div class=c><ul><li><h3><a href=/{n}>Talk {n}<p>{day} March 2026<b>", 50_000)
    ),
    "cut in a tag": lambda: page(cards(3000), "<a href='"),
    "cut in a character": lambda: page(cards(3000), "é")[:-1],
    "quotes never closed": lambda: page('<a href="' * 500_000, cards()),
    "angles": lambda: page("<" * 9_000_000),
    "scripts": lambda: page("<script>var a=[{}];</script>" * 300_000, cards()),
    "script never closed": lambda: page(cards(), "<script>", "var d = '2026-03-12';" * 400_000),
    "styles": lambda: page("<style>p{}</style>" * 300_000, cards()),
    "hidden parts": lambda: page("<div hidden class=tab>12 March 2026</div>" * 200_000),
    "menus": lambda: page("<div class=menu><a href=/>12 March 2026</a></div>" * 150_000),
    "banners": lambda: page("<div class=cookie><p>12 March 2026</p></div>" * 150_000),
    "huge years": lambda: page(numbered("<p>12 March 99999999999999{n} Talk</p>", 2_000)),
    "year 0": lambda: page(
        numbered("<p>{day} March 0000 Talk {n}</p><p>{day}.3.9999 Talk</p><p>0001-01-01</p>", 2_000)
    ),
    "end of time": lambda: page(
        numbered("<p>31.12.9999 - 1.1.10000 Talk {n}</p><h2>9999</h2><p>30 December Tea</p>", 800)
    ),
    "times out of range": lambda: page(
        numbered('<p><time datetime="9999-99-99T99:99">{day}</time> Talk {n}</p>', 2_000)
    ),
    "numbers as dates": lambda: page(numbered("<p>99999999999/99999999/9999999999 1/{n}/26 Talk</p>", 20_000)),
    "selects": lambda: page("<select>", "<option>12 March 2026" * 300_000),
    "definition list": lambda: page("<dl>", numbered("<dt>{day} March 2026<dd>Talk {n}", 150_000)),
    "status words": lambda: page(numbered("<p>{day} March 2026 Talk {n}</p><p>CANCELLED</p>", 30_000)),
    "a day in blocks": lambda: page("<h2>12 March 2026</h2>", numbered("<div><p>Talk {n}</p></div>", 100_000)),
    "a day in rows": lambda: page(
        _TABLE, "<tr><td rowspan=99>12 March 2026<td>x", numbered("<tr><td>18:30 Talk {n}", 100_000)
    ),
    "document links": lambda: page(numbered("<p>12 March 2026 <a href=/{n}.pdf>Agenda</a></p>", 50_000)),
    "forms": lambda: page("<form><input value='12 March 2026'>" * 200_000),
    "svg": lambda: page("<svg>" * 50_000, cards()),
    "template": lambda: page("<template>" * 50_000, cards()),
    "framesets": lambda: b"<html><frameset>" + b"<frame src=/x>" * 500_000,
    "XHTML": lambda: (
        b'<?xml version="1.0" encoding="utf-7"?><html xmlns="http://www.w3.org/1999/xhtml"><body>' + cards().encode()
    ),
    "charset unknown": lambda: b"<html><meta charset=klingon><body>" + cards(200).encode() + b"\xff\xfe\x80" * 1000,
    "charset utf-7": lambda: b"<html><meta charset=utf-7><body>" + b"+AGEAYgBj-" * 500_000 + b"\xff",
    "charset utf-16": lambda: b"<html><meta charset=utf-16><body>" + cards(20_000).encode() + b"\xff",
    "charset gb18030": lambda: b"<html><meta charset=gb18030><body>" + b"\x81\x30\x81" * 3_000_000,
    "bytes": lambda: bytes(range(1, 256)) * 38_000,
}

"""`dictionary.html`: the data dictionary as a page: one file, no script, light and dark, for screen readers as well.

What belongs here: the page as a tree, which the library writes, so that no text is ever markup. What does not: what it
says (`dictionary`), its frame and looks (`dictionary.html`).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from string import Template
from xml.etree.ElementTree import Element, SubElement, tostring

from pipelines.publish.metadata.about import About
from pipelines.publish.metadata.dictionary import HEADS, Described, Section

_FRAME = Path(__file__).with_name("dictionary.html")


def dictionary_html(about: About, described: Iterable[Section]) -> str:
    """The page; it may load nothing, not even its own address."""
    found = list(described)
    frame = _FRAME.read_text(encoding="utf-8")
    style = re.findall("<style>(.*?)</style>", frame, re.DOTALL)[0]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    body = "\n".join(map(_html, (_nav(found), *(_section(section) for section in found))))
    said = {"release": about.facts.name, "created": about.facts.created, "style_hash": f"sha256-{digest}", "body": body}
    return Template(frame).substitute(said)


def _html(element: Element) -> str:
    return tostring(element, encoding="unicode", method="html")


def _nav(found: list[Section]) -> Element:
    nav = Element("nav", {"aria-label": "Tables"})
    items = SubElement(nav, "ul")
    for section in found:
        _text(SubElement(items, "li"), "a", section.table.name, href=f"#{section.table.name}")
    return nav


def _section(section: Section) -> Element:
    table, caption = section.table, f"{section.table.name}-columns"
    part = Element("section", {"id": table.name})
    _text(part, "h2", f"{table.name} ({section.kind})")
    _text(part, "p", table.meaning)
    about = _text(part, "p", f"{section.rows:,} rows, identified by ")
    _links(about, table.key, [f"#{table.name}.{key}" for key in table.key])
    about[-1].tail = "; files: "
    _links(about, section.files, section.files)
    # A region that scrolls must be reached by the keyboard, and have a name.
    scroll = SubElement(part, "div", {"class": "scroll", "role": "region", "aria-labelledby": caption, "tabindex": "0"})
    _table(scroll, section, caption)
    return part


def _links(parent: Element, texts: Iterable[str], addresses: Iterable[str]) -> None:
    for text, address in zip(texts, addresses, strict=True):
        if len(parent) and not parent[-1].tail:
            parent[-1].tail = ", "
        link = SubElement(parent, "a", {"href": address})
        _text(link, "code", text)


def _table(parent: Element, section: Section, caption: str) -> None:
    table = SubElement(parent, "table")
    _text(table, "caption", f"Columns of {section.table.name}", id=caption)
    heads = SubElement(SubElement(table, "thead"), "tr")
    for head in HEADS:
        _text(heads, "th", head, scope="col")
    rows = SubElement(table, "tbody")
    for described in section.columns:
        _row(SubElement(rows, "tr"), section.table.name, described)


def _row(row: Element, table: str, described: Described) -> None:
    column = described.column
    head = SubElement(row, "th", {"scope": "row", "id": f"{table}.{column.name}"})
    _text(head, "code", column.name)
    _text(SubElement(row, "td"), "code", column.type)
    _text(row, "td", "yes" if column.nullable else "no")
    _text(row, "td", column.meaning)
    _codes(SubElement(row, "td"), described.allowed)
    refers = SubElement(row, "td")
    if described.refers_to:
        _links(refers, [described.refers_to], [f"#{described.refers_to}"])
    examples = SubElement(row, "td")
    if described.examples:
        values = SubElement(examples, "ul")
        for value in described.examples:
            _text(SubElement(values, "li"), "bdi", value)


def _codes(cell: Element, values: Iterable[str]) -> None:
    for value in values:
        if len(cell):
            cell[-1].tail = ", "
        _text(cell, "code", value)


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    element.text = text
    return element

"""Microdata and RDFa Lite: events and news that are stated in attributes of the elements that show them.

What belongs here: an element and its properties as a thing, for both syntaxes, which differ in the names of their
attributes only. What does not: what a thing says (`schema_org`). Of RDFa this is the Lite subset without `about`.

By hand, because extruct takes 25 ms (microdata) and 204 ms (RDFa) for a page of 100 kB.
Source: https://html.spec.whatwg.org/multipage/microdata.html, https://www.w3.org/TR/rdfa-lite/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from pipelines.read.structured.json_text import Budget
from pipelines.read.structured.schema_org import kind_of, state
from pipelines.read.structured.stated import Stated, shown_text

_MOST_REFERENCES = 20
_MOST_ELEMENTS = 100_000
_LONGEST_TYPES = 1000
# Where an element of HTML says its value, before its text: microdata, section 5.2.4.
_VALUE_ATTRIBUTES = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("img", "audio", "video", "source", "iframe", "embed"), "src"),
    **dict.fromkeys(("time", "ins", "del"), "datetime"),
    **dict.fromkeys(("data", "meter"), "value"),
    "object": "data",
}
_IDENTIFIED, _REFERS = etree.XPath("//*[@id]"), etree.XPath("boolean(//@itemref)")
_ADDRESSES = frozenset(("url", "sameas", "image", "mainentityofpage"))


@dataclass(frozen=True, slots=True)
class _Syntax:
    """The attributes of a syntax: what opens a thing, its type, the name of a property, further elements of it."""

    name: str
    opens: str
    type: str
    property: str
    references: str | None
    used: etree.XPath


_SYNTAXES = (
    _Syntax("microdata", "itemscope", "itemtype", "itemprop", "itemref", etree.XPath("boolean(//@itemscope)")),
    _Syntax("rdfa", "typeof", "typeof", "property", None, etree.XPath("boolean(//@typeof)")),
)


def read_attributes(tree: Any, base: str, budget: Budget) -> Iterator[Stated]:
    """The events and news of the page in both syntaxes, in the order of the page."""
    for syntax in _SYNTAXES:
        if not syntax.used(tree):
            continue
        named = _named(tree) if syntax.references else {}
        for element in islice(tree.iter("*"), _MOST_ELEMENTS):
            if budget.things <= 0:
                break
            types = element.get(syntax.type)
            if types and _states(types[:_LONGEST_TYPES]) and budget.thing():
                found = state(_thing(element, syntax, named, budget), base, syntax.name, element)
                if found:
                    yield found


def _named(tree: Any) -> dict[str, Any]:
    """The elements of the page by their ids, when anything refers to one."""
    return {one.get("id"): one for one in reversed(_IDENTIFIED(tree))} if _REFERS(tree) else {}


@lru_cache(maxsize=256)
def _states(types: str) -> bool:
    return kind_of(types.split()) is not None


def _types(element: Any, syntax: _Syntax) -> list[str]:
    return [str(name) for name in (element.get(syntax.type) or "")[:_LONGEST_TYPES].split()]


def _thing(element: Any, syntax: _Syntax, named: dict[str, Any], budget: Budget) -> dict[str, Any]:
    """An element with its properties, also those of things within; outer elements first, without recursion."""
    thing: dict[str, Any] = {"@type": _types(element, syntax)}
    stack = [(child, thing) for child in reversed(_parts(element, syntax, named))]
    while stack and budget.element():
        child, owner = stack.pop()
        names = (child.get(syntax.property) or "").split()
        below = owner
        if child.get(syntax.opens) is not None:
            below = {"@type": _types(child, syntax)}
        for name in names[:5]:
            owner.setdefault(name, []).append(below if below is not owner else _value(child, name))
        stack += [(one, below) for one in reversed(_parts(child, syntax, named)) if isinstance(one.tag, str)]
    return thing


def _parts(element: Any, syntax: _Syntax, named: dict[str, Any]) -> list[Any]:
    """The children of an element, and the elements elsewhere that it names as parts of it."""
    names = (element.get(syntax.references) or "").split() if named and syntax.references else []
    return [*element, *(named[name] for name in names[:_MOST_REFERENCES] if name in named)]


def _value(element: Any, name: str) -> str:
    """What an element says: `content`, else the attribute that its kind has for it, else its text.

    The address of a link is no title: `<a property="name" href=...>` is common and means the text.
    """
    if content := element.get("content"):
        return str(content)
    attribute = _VALUE_ATTRIBUTES.get(element.tag)
    wanted = element.tag == "link" or attribute not in ("href", "src") or name.lower().rpartition(":")[2] in _ADDRESSES
    given = element.get(attribute) if attribute and wanted else None
    if not given and name.lower().rpartition(":")[2] == "url":
        given = element.get("resource")
    return str(given) if given else shown_text(element)

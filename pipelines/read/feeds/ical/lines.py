"""Content lines of a calendar to its components: `BEGIN:VEVENT` ... `END:VEVENT` with the properties that we read.

What belongs here: unfolding, parameters, escapes, and damage: missing ends, lines that are broken without a blank.
What does not: what a property means. Source: RFC 5545, sections 3.1 and 3.6.

Attendees, organisers and alarms are never looked at: they name people, not what happens.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_FOLD = re.compile(r"\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}(?=[;:])")
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,60})=((?:"[^"]*"|[^";:])*)')
_ESCAPE = re.compile(r"\\([\\;,:nN\"])")
_DATE = re.compile(r"[0-9TZPYMDWHStz:+\-.,/ ]*")
_DATES = frozenset(("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"))
_TEXTS = frozenset(("SUMMARY", "DESCRIPTION", "LOCATION"))
_WANTED = (
    frozenset(
        """BEGIN END UID SUMMARY DESCRIPTION LOCATION URL STATUS RRULE DURATION ATTACH SEQUENCE METHOD TZID TZOFFSETTO
    TZOFFSETFROM X-WR-TIMEZONE X-LIC-LOCATION X-MICROSOFT-CDO-ALLDAYEVENT""".split()
    )
    | _DATES
)
_LONGEST = 20_000  # characters of a value; what is longer is cut
_MOST_PROPERTIES = 500  # of one component
_MOST_COMPONENTS = 25_000  # more than a page gives entries
_READ = frozenset(("VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"))


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its value as written, and its parameters with names in upper case."""

    value: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The value as a text, its escapes resolved."""
        said = self.value
        if self.parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":  # vCalendar 1.0
            said = quopri.decodestring(said.encode("utf-8", "replace")).decode("utf-8", "replace")
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], said)


@dataclass(slots=True)
class Component:
    """A component: its name, its properties, the components in it; `whole`: its end was there."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)
    whole: bool = False
    size: int = 0

    def first(self, name: str) -> Property | None:
        """The first property of a name."""
        found = self.properties.get(name)
        return found[0] if found else None

    def value(self, name: str) -> str:
        """The value of the first property of a name; empty when there is none."""
        found = self.first(name)
        return found.value.strip() if found else ""

    def add(self, name: str, held: Property) -> None:
        """Take a property, unless there are too many."""
        if self.size < _MOST_PROPERTIES:
            self.properties.setdefault(name, []).append(held)
            self.size += 1


def components(text: str) -> Component:
    """The calendar of a text; of several the components of all. Never raises.

    What is too much is left out, and then the calendar is not `whole`.
    """
    root = Component("VCALENDAR", whole=True)
    stack = [root]
    left = _MOST_COMPONENTS
    skipped = 0  # components within one that is not read
    for name, held in _properties(text):
        if name == "BEGIN":
            opened = held.value.strip().upper()
            skipped += bool(skipped) or opened not in _READ
            if not skipped:
                _open(opened, stack)
                left -= 1
            if not left:
                root.whole = False
                break
        elif name == "END":
            if skipped:
                skipped = max(0, skipped - 1) if held.value.strip().upper() != "VEVENT" else 0
            if not skipped:
                _close(held.value.strip().upper(), stack)
        elif not skipped:
            stack[-1].add(name, held)
    return root


def _open(name: str, stack: list[Component]) -> None:
    """Begin a component; an event that was not ended ends here, as events are never in one another."""
    if name == "VCALENDAR":
        del stack[1:]
        return
    if name in ("VEVENT", "VTIMEZONE"):
        del stack[1:]
    part = Component(name)
    stack[-1].parts.append(part)
    stack.append(part)


def _close(name: str, stack: list[Component]) -> None:
    """End the innermost component of a name; an end without a beginning is passed over."""
    for at in range(len(stack) - 1, 0, -1):
        if stack[at].name == name:
            stack[at].whole = True
            del stack[at:]
            return


def _properties(text: str) -> Iterator[tuple[str, Property]]:
    """Name and property of every line that is read."""
    last: tuple[str, Property] | None = None
    for line in _FOLD.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        found = _NAME.match(line)
        if found is None:
            if last and last[0] in _TEXTS and line.strip() and len(last[1].value) < _LONGEST:
                last = last[0], Property(f"{last[1].value}\\n{line[:_LONGEST]}", last[1].parameters)
            continue
        if last:
            yield last
        name = found[0].upper()
        last = (name, _property(name, line[found.end() :])) if name in _WANTED else None
    if last:
        yield last


def _property(name: str, rest: str) -> Property:
    """The parameters and the value behind a name. What is no date, in the place of one, begins with the rest of a
    zone's name that holds a colon and is not quoted; then the value is behind the last colon."""
    parameters, at = {}, 0
    while found := _PARAMETER.match(rest, at):
        parameters[found[1].upper()] = found[2].strip('"')[:200]
        at = found.end()
    colon = rest.find(":", at)
    if name in _DATES and not _DATE.fullmatch(rest, colon + 1):
        colon = rest.rfind(":")
    return Property(rest[colon + 1 : colon + 1 + _LONGEST] if colon >= 0 else "", parameters)

"""What whoever publishes says of a release: its licence, who publishes it, whom to ask.

What belongs here: the settings, checked. What does not: the address of the release (`pipelines.publish.facts`).

    CITYHARVEST_LICENCE             SPDX identifier of the compilation's licence; CC-BY-4.0 when nobody says so
    CITYHARVEST_PUBLISHER           name of who publishes it; cityharvest when nobody says so
    CITYHARVEST_PUBLISHER_CONTACT   mail or web address for questions; published, so no default
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from pipelines.publish.files.text import one_line
from pipelines.reference import load_yaml

LICENCE, PUBLISHER, CONTACT = "CITYHARVEST_LICENCE", "CITYHARVEST_PUBLISHER", "CITYHARVEST_PUBLISHER_CONTACT"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_WEB = re.compile(r"https?://[\w.-]+(:\d+)?(/[!-~]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of a compilation; `europe` is its code in the EU's table, None when it is not in it."""

    spdx: str
    title: str
    address: str
    europe: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """The settings; `contact` is a `mailto:` or web address, None when nobody is to be asked."""

    licence: Licence
    publisher: str = "cityharvest"
    contact: str | None = None


def stated() -> Stated:
    """What the environment says. ValueError, with what to do, when a setting can not be meant."""
    publisher = one_line(os.environ.get(PUBLISHER, "")) or "cityharvest"
    return Stated(licence(os.environ.get(LICENCE, "").strip()), publisher, _contact())


def licence(spdx: str) -> Licence:
    """The licence of an SPDX identifier, the usual one for an empty text. ValueError when we can not name it."""
    known = load_yaml("metadata.yaml")
    spdx = spdx or known["default_licence"]
    if spdx not in known["licences"]:
        raise ValueError(f"{LICENCE} is {spdx!r}; give one of {', '.join(known['licences'])}")
    return Licence(spdx, **known["licences"][spdx])


def _contact() -> str | None:
    said = os.environ.get(CONTACT, "").strip()
    if said and not (_MAIL.fullmatch(said) or _WEB.fullmatch(said)):
        raise ValueError(f"{CONTACT} is {said!r}, which is neither a mail nor a web address")
    return f"mailto:{said}" if _MAIL.fullmatch(said) else said or None

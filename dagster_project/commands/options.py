"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scrapers.registry import Registry, Source

CONTACT = "CITYHARVEST_CONTACT"
"""The variable of `scrapers.asking.politeness`, whose import costs half a second; a test holds the two together."""

DataOption = Annotated[Path, typer.Option("--data", metavar="DIR", help="The data folder.", file_okay=False)]
SourceOption = Annotated[
    list[str] | None, typer.Option("--source", metavar="KEY", help="Only this source; may be repeated.")
]


def chosen(registry: Registry, keys: list[str] | None) -> list[Source]:
    """The sources with these keys, each once; an unknown key is a wrong call (exit 2), told with the nearest."""
    try:
        return [registry.get(key) for key in dict.fromkeys(keys or ())]
    except (KeyError, ValueError, LookupError) as error:
        raise typer.BadParameter(str(error.args[0] if error.args else error), param_hint="--source") from error

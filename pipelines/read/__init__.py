"""read: one capture to its raw entries and links.

What belongs here: a pure function from (address, media type, bytes) to what the page says, as displayed. What does not:
fetching, meaning (`refine`), comparing entries with each other (`curate`).

Every page becomes lines (`lines`, `markup`), a line has a role (`roles`, `metadata`), lines make records (`segments`,
`regions`, `tables`), and a record makes an item (`records`). `page` chooses the reader; `runs` reads a whole run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.read.reading import Issue, Link, PageReading

if TYPE_CHECKING:
    from pipelines.read.page import read_page

__all__ = ["Issue", "Link", "PageReading", "read_page"]


def __getattr__(name: str) -> Any:
    """`read_page` on first use: who asks only for an address need not wait for gazetteer and calendars."""
    if name == "read_page":
        from pipelines.read.page import read_page

        return read_page
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

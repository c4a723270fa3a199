"""read: one capture to its raw entries and links.

What belongs here: a pure function from (address, media type, bytes) to what the page says, as displayed. What does not:
fetching, meaning (`refine`), comparing entries with each other (`curate`).

`page` chooses the reader: `feeds` for what is no page at all, `coe` for the layouts of the Council of Europe, `generic`
for any other page. `html` takes pages apart for both, `structured` reads what they state for machines, `addresses` what
an address tells. `runs` reads a whole run.
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

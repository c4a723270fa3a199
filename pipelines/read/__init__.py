"""read: one capture to its raw entries and links.

What belongs here: a pure function from (address, media type, bytes) to what the page says, as displayed. What does not:
fetching, meaning (`refine`), comparing entries with each other (`curate`).

Every page becomes lines (`lines`, `markup`), a line has a role (`roles`, `metadata`), lines make records (`segments`,
`regions`, `tables`), and a record makes an item (`records`). `page` chooses the reader; `runs` reads a whole run.
"""

from pipelines.read.page import read_page
from pipelines.read.reading import Issue, Link, PageReading

__all__ = ["Issue", "Link", "PageReading", "read_page"]

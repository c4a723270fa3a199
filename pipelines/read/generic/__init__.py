"""generic: the entries of any listing page, with no rule for the site.

What belongs here: everything that `read_anything` does with a page that no other reader knows. What does not: pages
whose markup is known (`pipelines.read`), what a page says in structured form (`pipelines.read.structured`).
"""

from __future__ import annotations

from pipelines.read.generic.reader import read_anything

__all__ = ["read_anything"]

"""Plain text within a line of Markdown.

What belongs here: escaping, so that what a page says is shown and never read as markup. What does not: HTML, which is
written as a tree, so that the library escapes.
"""

from __future__ import annotations

import re

# CommonMark takes a backslash before any ASCII punctuation; `~`, `$` and `:name:` are GitHub's. What begins or ends a
# tag, an entity or a cell becomes an entity, since tables are cut into cells before backslashes are looked at.
_ENTITIES = {"|": "&#124;", "<": "&lt;", ">": "&gt;", "&": "&amp;"}
_SPECIAL = re.compile(r"[\\`*_\[\]{}#~$!|<>&]|:(?=[a-z][\w+-]*:)")


def markdown(text: str) -> str:
    """A text on one line as it may stand in a cell of a table, or in a paragraph after its first word."""
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match.group(), f"\\{match.group()}"), text)

"""Which characters a text may have where programs show it to people: calendars and feeds.

What belongs here: leaving out what is no text or turns a screen around, in SQL and in Python alike. What does not: the
escapes of a format (beside the format), the data formats, which keep a text as it is.

Left out: control characters, overrides and embeddings of the writing direction, noncharacters. Every kind of line break
becomes LF, since programs disagree on which of them end a line.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from warehouse.build import literal

# Both engines read these patterns: RE2 and Python's re know the same two-digit escapes, the rest stands as itself.
_BREAK = "\r\n|[\r\\x0b\\x0c\\x1c-\\x1e\u0085\u2028\u2029]"
_NOT_SHOWN = (
    "[\\x00-\\x08\\x0e-\\x1f\\x7f\u0080-\u0084\u0086-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_LONE = re.compile("[\ud800-\udfff]")
_SAFE_IN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"  # RFC 3986: reserved characters and %, beside what quote() never touches


def shown(text: str) -> str:
    """A text as it may be shown."""
    text = _LONE.sub("\ufffd", text)  # only Python knows halves of characters; a database never holds one
    return re.sub(_NOT_SHOWN, "", re.sub(_BREAK, "\n", text))


def one_line(text: str) -> str:
    """A text as it may be shown, on one line."""
    return " ".join(shown(text).split())


def shown_sql(expression: str) -> str:
    """SQL for `shown`."""
    broken = f"regexp_replace({expression}, {literal(_BREAK)}, chr(10), 'g')"
    return f"regexp_replace({broken}, {literal(_NOT_SHOWN)}, '', 'g')"


def one_line_sql(expression: str) -> str:
    r"""SQL for `one_line`; of the blanks only those that `\s` knows in both engines become one."""
    return f"trim(regexp_replace({shown_sql(expression)}, '\\s+', ' ', 'g'))"


def address(url: str) -> str:
    """An address in the characters that RFC 3986 allows; what it means stays."""
    return quote(_LONE.sub("\ufffd", url), safe=_SAFE_IN_ADDRESS)


def address_sql(expression: str) -> str:
    """SQL for `address`."""
    encoded = f"url_encode({expression})"
    for character in _SAFE_IN_ADDRESS.replace("%", "") + "%":  # % last: "%2526" is "%26", which is no "&"
        encoded = f"replace({encoded}, {literal(quote(character, safe=''))}, {literal(character)})"
    plain = literal(r"^[\w!#$%&'()*+,./:;=?@\[\]~-]*$")
    return f"CASE WHEN regexp_matches({expression}, {plain}) THEN {expression} ELSE {encoded} END"

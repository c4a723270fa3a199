"""JavaScript literals as JSON text: unquoted keys, single quotes, trailing commas, comments, `new Date(...)`.

What belongs here: rewriting a literal, token by token. What does not: expressions; a literal that holds one is not
read, because nothing here computes anything.
"""

from __future__ import annotations

import json
import re

# The signs of a literal. `++` gives nothing back, so that no text takes more than one look.
_TOKEN = re.compile(
    r"""(?P<space>\s++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)
    |(?P<string>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|`(?:[^`\\$]|\\.)*+`)
    |(?P<date>new\s+Date\s*\((?P<moment>[^()]{0,60})\))
    |(?P<number>-?(?:0[xX][0-9a-fA-F]{1,12}(?![\w])|(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?)(?![\w.]))
    |(?P<word>[^\W\d][\w$.]{0,80}|\$[\w$.]{0,80})
    |(?P<sign>[{}\[\]:,])""",
    re.VERBOSE | re.DOTALL,
)
_CLOSES = {"{": "}", "[": "]"}
_ESCAPE = re.compile(r'\\(x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|\r?\n|.)|"', re.DOTALL)
_KEPT_ESCAPES = frozenset('"\\/bfnrt')
_WORDS = {"true": "true", "false": "false"}
_KEY = re.compile(r"\s*:")


class LiteralError(ValueError):
    """A text that is no literal, or too long; `tokens` is how many were looked at."""

    def __init__(self, tokens: int) -> None:
        super().__init__("no literal")
        self.tokens = tokens


def read_literal(text: str, at: int, most: int) -> tuple[str, int, int]:
    """The literal that begins at `at` as JSON text, where it ends, and its number of tokens.

    LiteralError when there is none, or not within `most` tokens; a token takes 2 us.
    """
    tokens = 0
    written: list[str] = []
    open_signs: list[str] = []
    for tokens in range(1, most + 1):
        token = _TOKEN.match(text, at)
        if not token:
            break
        at, kind = token.end(), token.lastgroup
        if kind == "sign" and not _write_sign(token[0], written, open_signs):
            break
        if kind not in ("sign", "space"):
            _write_value(token, bool(_KEY.match(text, at)), written)
        if not open_signs and written:
            return "".join(written), at, tokens
    raise LiteralError(tokens)


def _write_sign(sign: str, written: list[str], open_signs: list[str]) -> bool:
    """Write a bracket, a comma or a colon; False where it can not stand."""
    last = written[-1] if written else ""
    if sign in _CLOSES:
        if last in ("}", "]"):
            written.append(",")  # the comma between two entries was forgotten
        open_signs.append(sign)
        written.append(sign)
        return True
    if sign in "}]":
        if not open_signs or _CLOSES[open_signs.pop()] != sign:
            return False
        if last == ",":
            written.pop()
    if sign == "," and last in (",", "[", "{"):
        return True
    written.append(sign)
    return True


def _write_value(token: re.Match[str], is_key: bool, written: list[str]) -> None:
    kind, text = token.lastgroup, token[0]
    if kind == "string":
        written.append(f'"{_ESCAPE.sub(_escape, text[1:-1])}"')
    elif is_key:
        written.append(json.dumps(text))
    elif kind == "word":
        written.append(_WORDS.get(text, "null"))  # a name stands for something that is not known here
    elif kind == "number":
        written.append(_number(text))
    else:
        written.append(_moment(token["moment"]))


def _escape(found: re.Match[str]) -> str:
    """One escape of JavaScript as JSON has it."""
    code = found[1]
    if code is None:
        return '\\"'
    if code[0] == "x":
        return f"\\u00{code[1:]}"
    if code[0] == "u" and len(code) > 1:
        return _point(code[1:].strip("{}"))
    if code in ("\n", "\r\n"):
        return ""
    return f"\\{code}" if code in _KEPT_ESCAPES else code


def _point(digits: str) -> str:
    number = int(digits, 16)
    return json.dumps(chr(number))[1:-1] if number <= 0x10FFFF else ""


def _number(text: str) -> str:
    return json.dumps(int(text, 16) if "x" in text.lower() else float(text) if set(text) & set(".eE") else int(text))


def _moment(arguments: str) -> str:
    """`new Date("2026-03-12")` and `new Date(2026, 2, 12, 18)` (months from 0) as a string; null for any other."""
    quoted = re.fullmatch(r"""\s*["']([^"']*)["']\s*""", arguments)
    if quoted:
        return json.dumps(quoted[1])
    numbers = [int(part) for part in re.findall(r"\d{1,15}", arguments)]
    if re.search(r"[^\d\s,]", arguments) or not numbers:
        return "null"
    if len(numbers) == 1:
        return str(numbers[0])
    year, month, day, hour, minute = [*numbers, 1, 0, 0][:5] if len(numbers) == 2 else [*numbers, 0, 0][:5]
    time = f"T{hour:02}:{minute:02}" if len(numbers) > 3 else ""
    return json.dumps(f"{year:04}-{month + 1:02}-{day:02}{time}")

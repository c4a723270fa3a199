"""Text into typed tokens: numbers, words with what they can be, marks.

What belongs here: cutting a text and looking words up. What does not: what the tokens mean together.

A token knows whether it touches the one before it ("18h30", "1-2"), since that is what tells a number's ending from a
word. Scripts that are written without blanks are cut by the longest word of the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.refine.dates.words.lexicon import Lexicon, Piece
from pipelines.refine.dates.words.pieces import PIECE
from pipelines.refine.dates.words.vocabulary import UNKNOWN, Word, fold

_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"
)
_UNSPACED = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_MOST_SEEN = 20_000  # pieces kept for a language
_FIRST_UNSPACED = "\u2e80"
_MARK_FORMS = {**dict.fromkeys("’ʼ`´‘΄׳", "'"), **dict(zip("،、，：（）／．", ",,,:()/.", strict=True))}


class Token:
    """One number ("n"), word ("w") or mark ("p") of a text, with its place in it."""

    __slots__ = ("digits", "end", "kind", "num", "roles", "start", "text", "tight", "word")

    def __init__(
        self, kind: str, text: str, start: int, end: int, tight: bool, word: Word, num: int = -1, digits: int = 0
    ) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end
        self.tight = tight
        self.word = word
        self.roles = word.roles
        self.num = num
        self.digits = digits

    @property
    def is_unknown(self) -> bool:
        """A word that no date is made of."""
        return self.kind == "w" and not self.roles and not self.word.month and self.word.weekday < 0

    def __repr__(self) -> str:
        return f"<{self.kind} {self.text!r} {self.word.month or ''} {sorted(self.roles)}>"


END = Token("e", "\n", -1, -1, False, UNKNOWN)
_Raw = tuple[Piece, int, int]


def tokenise(text: str, lexicon: Lexicon) -> list[Token]:
    """All tokens of a text, phrases of the lexicon joined into one."""
    raw: list[_Raw] = []
    end, find, seen = 0, text.find, lexicon.seen
    for shown in PIECE.findall(text):
        start = find(shown, end)  # between two pieces stand blanks only
        end = start + len(shown)
        piece = seen.get(shown) or _see(shown, lexicon)
        if piece.kind == "c":
            raw.extend(_cut(shown, start, lexicon))
        else:
            raw.append((piece, start, end))
    return _join(raw)


def _see(shown: str, lexicon: Lexicon) -> Piece:
    """What a piece is in this language; kept, since the same few words and numbers come again and again."""
    if len(lexicon.seen) > _MOST_SEEN:
        lexicon.seen.clear()
    first = shown[0]
    if first.isalpha():
        if first >= _FIRST_UNSPACED and _UNSPACED.match(shown):
            piece = Piece("c", shown)
        else:
            piece = _word(fold(shown), lexicon)
    elif first.isdecimal():
        number = int(shown) if len(shown) < 9 else -1
        piece = Piece("n", shown, num=number, digits=len(shown), phrases=lexicon.phrases.get(shown))
    elif shown == "@":
        piece = _word(shown, lexicon)  # a word that is written as a mark
    elif shown in _INVISIBLE:
        piece = Piece("i", shown)
    else:
        mark = _MARK_FORMS.get(shown, shown)
        piece = Piece("p", mark, phrases=lexicon.phrases.get(mark))
    lexicon.seen[shown] = piece
    return piece


def _word(folded: str, lexicon: Lexicon) -> Piece:
    return Piece("w", folded, lexicon.words.get(folded, UNKNOWN), phrases=lexicon.phrases.get(folded))


def _join(raw: list[_Raw]) -> list[Token]:
    """Tokens of the pieces; the longest phrase wins."""
    tokens: list[Token] = []
    at, last, count = 0, -1, len(raw)
    while at < count:
        piece, start, end = raw[at]
        kind, text, word, num, digits, phrases = piece
        at += 1
        if kind == "i":  # marks of direction and zero width: what they stand between still touches
            last = end if start == last else last
            continue
        # A phrase that begins with a number touches it: "2.ª", not "2 a 5".
        if phrases and at < count and (kind != "n" or raw[at][1] == end):
            for rest, meaning in phrases.get(raw[at][0].text, ()):
                size = len(rest)
                if size == 1 or tuple(some[0].text for some in raw[at : at + size]) == rest:
                    text, word, kind, num, digits = " ".join((text, *rest)), meaning, "w", -1, 0
                    at += size
                    end = raw[at - 1][2]
                    break
        tokens.append(Token(kind, text, start, end, start == last, word, num, digits))
        last = end
    return tokens


def _cut(piece: str, start: int, lexicon: Lexicon) -> Iterator[_Raw]:
    """Words of a run that has no blanks: the longest known word at each place, else one letter."""
    at = 0
    while at < len(piece):
        size = 1
        longest = lexicon.longest if fold(piece[at]) in lexicon.firsts else 1
        for length in range(min(longest, len(piece) - at), 1, -1):
            if fold(piece[at : at + length]) in lexicon.words:
                size = length
                break
        yield _word(fold(piece[at : at + size]), lexicon), start + at, start + at + size
        at += size

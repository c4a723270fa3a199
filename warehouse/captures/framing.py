"""A capture file as a run of bytes: plain or gzip, where a record starts, and how to go on after damage.

What belongs here: bytes, offsets, gzip members. What does not: the meaning of a record.

warcio's own iterator (1.8.1) is not used for this, because of what it does on damage, seen by running it: a cut record
is returned short without a word, also with `check_digests`; a flipped bit writes to stderr and ends the file; a record
with a wrong length swallows the next one; a single gzip member holding many records raises after the first.
"""

from __future__ import annotations

import io
import os
import zlib
from abc import ABC, abstractmethod
from typing import BinaryIO

from warehouse.captures.model import DamageError

_STEP = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b\x08"
_RECORD_MARK = b"WARC/1."
_BLANK = b"\r\n"


class Stream(ABC):
    """Decoded bytes of a file, read forward. `start` is the offset in the file of the record that is read."""

    self_checking: bool
    """Whether the container proves by itself that a record is whole, and that a record starts where one seems to."""

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self.file = file
        self.start = offset
        self._buffer = b""
        self._at = 0
        self._open(offset)

    @abstractmethod
    def _open(self, offset: int) -> None:
        """Go to a byte offset of the file and forget what was buffered."""

    @abstractmethod
    def _more(self) -> bytes:
        """More decoded bytes; empty at the end of the file, or of the gzip member. DamageError when broken."""

    @property
    @abstractmethod
    def end(self) -> int:
        """Offset in the file right behind what was taken, or behind the gzip member once that is read to its end."""

    @abstractmethod
    def end_record(self) -> None:
        """Read what closes a record; DamageError when the record proves to be broken."""

    @abstractmethod
    def next_record(self) -> bool:
        """Go to the next record; False at the end of the file."""

    @abstractmethod
    def resync(self, damaged: int) -> bool:
        """Go to the first record that starts after the damaged one; False when there is none."""

    def peek(self, size: int) -> bytes:
        """The next bytes without taking them; fewer at an end."""
        while len(self._buffer) - self._at < size and (more := self._more()):
            self._buffer = self._buffer[self._at :] + more
            self._at = 0
        return self._buffer[self._at : self._at + size]

    def take(self, size: int, keep: bool = True) -> bytes:
        """Exactly `size` bytes (nothing when not to be kept); DamageError when the data ends before."""
        pieces, missing = [], size
        while missing:
            piece = self.peek(1) and self._buffer[self._at : self._at + missing]
            if not piece:
                raise DamageError(f"record is cut: {size - missing} of {size} bytes are there")
            self._at += len(piece)
            missing -= len(piece)
            if keep:
                pieces.append(piece)
        return b"".join(pieces)

    def line(self, limit: int) -> bytes:
        """The next line with its end; DamageError when it is longer than the limit, short at the end of the data."""
        size = 256
        while True:
            found = self.peek(size)
            end = found.find(b"\n") + 1
            if end or len(found) < size:
                return self.take(end or len(found))
            if size >= limit:
                raise DamageError(f"a header line is longer than {limit} bytes")
            size *= 4

    def skip_blank(self) -> None:
        """Pass over empty lines."""
        while (head := self.peek(2)) and head[:1] in _BLANK:
            self._at += 1


class _Plain(Stream):
    """An uncompressed file."""

    self_checking = False

    def _open(self, offset: int) -> None:
        self.file.seek(offset)
        self._buffer, self._at, self._read = b"", 0, offset

    def _more(self) -> bytes:
        data = self.file.read(_STEP)
        self._read += len(data)
        return data

    @property
    def end(self) -> int:
        return self._read - len(self._buffer) + self._at

    def take(self, size: int, keep: bool = True) -> bytes:
        # Asked first, or a file of many records with huge lengths would be read to its end for each of them.
        there = os.fstat(self.file.fileno()).st_size - self.end
        if size > there:
            raise DamageError(f"record is cut: {there} of {size} bytes are there")
        return super().take(size, keep)

    def end_record(self) -> None:
        # Two line ends close a record. Some writers leave them out; then only a record or the end may follow.
        head = self.peek(2)
        if head[:1] == b"\n" or not head.strip(_BLANK):
            return
        if not self.peek(len(_RECORD_MARK)).startswith(_RECORD_MARK):
            raise DamageError("record does not end where its Content-Length says")

    def next_record(self) -> bool:
        self.skip_blank()
        self.start = self.end
        return bool(self.peek(1))

    def resync(self, damaged: int) -> bool:
        self._open(damaged)
        self._at = len(self.peek(1))
        while window := self.peek(_STEP):
            found = window.find(b"\n" + _RECORD_MARK)
            if found >= 0:
                self._at += found + 1
                return True
            if len(window) < _STEP:
                return False
            self._at += len(window) - len(_RECORD_MARK)
        return False


class _Gzip(Stream):
    """A file of gzip members: as a rule one record in each, else several records in a member."""

    self_checking = True

    def _open(self, offset: int) -> None:
        self.file.seek(offset)
        self._raw, self._raw_end = b"", offset
        self._start_member()

    def _start_member(self) -> None:
        self._buffer, self._at = b"", 0
        self.start = self.end
        self._inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def _fill_raw(self) -> bool:
        data = self.file.read(_STEP)
        self._raw += data
        self._raw_end += len(data)
        return bool(data)

    def _more(self) -> bytes:
        # A bound on each step: a kilobyte may stand for a megabyte of zeros.
        while not self._inflater.eof:
            if not self._raw and not self._fill_raw():
                raise DamageError("the file is cut inside this record")
            try:
                data = self._inflater.decompress(self._raw, _STEP)
            except zlib.error as error:
                raise DamageError(f"compressed data is damaged ({error})") from error
            self._raw = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            if data:
                return data
        return b""

    @property
    def end(self) -> int:
        return self._raw_end - len(self._raw)

    def end_record(self) -> None:
        # Reading on to the end of the member has zlib check its CRC, so a record is given only when it is whole.
        self.skip_blank()
        if self.peek(1) and not self.peek(len(_RECORD_MARK)).startswith(_RECORD_MARK):
            raise DamageError("record does not end where its Content-Length says")

    def next_record(self) -> bool:
        self.skip_blank()
        while not self.peek(1):
            if not self._raw and not self._fill_raw():
                return False
            self._start_member()
            self.skip_blank()
        return True

    def resync(self, damaged: int) -> bool:
        at = damaged
        while (at := self._find_magic(at + 1)) >= 0:
            self._open(at)
            try:
                if self.peek(len(_RECORD_MARK)) == _RECORD_MARK:
                    return True
            except DamageError:
                continue
        return False

    def _find_magic(self, start: int) -> int:
        self.file.seek(start)
        window = b""
        while data := self.file.read(_STEP):
            window += data
            if (found := window.find(_GZIP_MAGIC)) >= 0:
                return start + found
            start += len(window) - 2
            window = window[-2:]
        return -1


def open_stream(file: BinaryIO, name: str, offset: int = 0) -> Stream:
    """The stream for a file: by its first bytes, and by its name only when these say nothing."""
    file.seek(offset)
    head = file.read(8)
    file.seek(0, io.SEEK_SET)
    damaged_gzip = name.endswith(".gz") and not head.startswith(_RECORD_MARK[:5])
    return _Gzip(file, offset) if head.startswith(_GZIP_MAGIC[:2]) or damaged_gzip else _Plain(file, offset)

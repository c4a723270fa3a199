"""What all writers of this room share: one clear error for a disk that does not take what is written.

What belongs here: `StorageError` and the block that turns an OSError into it. What does not: writing itself.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space, then run it again",
    errno.EDQUOT: "the disk quota is used up; free some space, then run it again",
    errno.EFBIG: "the file may not grow further (limit of the file system or `ulimit -f`); raise it, then run it again",
    errno.EROFS: "the file system is read-only; choose another data folder",
    errno.EACCES: "permission denied; choose another data folder or change its owner",
    errno.EPERM: "permission denied; choose another data folder or change its owner",
    errno.EIO: "the disk reports an error; check it before you go on",
}
STORAGE_ERRORS = tuple(_REMEDIES)
"""Error numbers for which it is known what to do."""


class StorageError(OSError):
    """Something could not be stored; the message says what, where, and what to do."""

    def __str__(self) -> str:
        return self.strerror or super().__str__()


@contextmanager
def storing(what: str, path: Path) -> Iterator[None]:
    """Turn an OSError of the block into a StorageError that names `what` and `path`."""
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        raise failed(what, path, error.errno or 0, error.strerror or str(error)) from error
    except UnicodeEncodeError as error:
        # Libraries take a path as UTF-8 only; bytes of it that are none are lone surrogates in Python.
        shown = str(path).encode("utf-8", "backslashreplace").decode()
        if shown == str(path):
            raise
        raise failed(what, Path(shown), errno.EILSEQ, "the path is not UTF-8; choose another data folder") from error


def failed(what: str, path: Path, number: int, reason: str) -> StorageError:
    """The error for something that was not stored: what to do where the error number tells, else the reason."""
    return StorageError(number, f"could not write {what} to {path}: {_REMEDIES.get(number, reason)}")

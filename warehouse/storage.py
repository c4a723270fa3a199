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
        remedy = _REMEDIES.get(error.errno or 0, error.strerror or str(error))
        raise StorageError(error.errno, f"could not write {what} to {path}: {remedy}") from error

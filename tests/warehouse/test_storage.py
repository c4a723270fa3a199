"""A disk that does not take what is written: one error that says what, where and what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import duckdb
import pytest

from warehouse.build import storing_database
from warehouse.storage import StorageError, storing


@pytest.mark.parametrize(
    ("number", "remedy"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EISDIR, "Is a directory")],
)
def test_an_error_of_the_system_says_what_to_do(number: int, remedy: str) -> None:
    refused = pytest.raises(StorageError, match=rf"could not write a page to /data/x: .*{remedy}")
    with refused as raised, storing("a page", Path("/data/x")):
        raise OSError(number, os.strerror(number))
    assert raised.value.errno == number


def test_a_full_disk_that_the_engine_tells_in_its_own_words_says_what_to_do() -> None:
    text = 'Async write failed: {"exception_message":"Could not write file \\"x\\": No space left on device"}'
    refused = pytest.raises(StorageError, match="the disk is full; free some space")
    with refused as raised, storing_database("a release", Path("/data/x")):
        raise duckdb.IOException(text)
    assert raised.value.errno == errno.ENOSPC


def test_any_other_word_of_the_engine_is_kept() -> None:
    refused = pytest.raises(StorageError, match="could not write a release to /data/x: block is gone")
    with refused, storing_database("a release", Path("/data/x")):
        raise duckdb.IOException("block is gone\nand more")


def test_a_path_that_is_not_utf_8_is_told() -> None:
    path = Path(os.fsdecode(b"/data/\xff"))
    refused = pytest.raises(StorageError, match=r"could not write a table to /data/\\udcff: the path is not UTF-8")
    with refused, storing("a table", path):
        str(path).encode()


def test_text_that_is_not_utf_8_is_not_blamed_on_the_path() -> None:
    with pytest.raises(UnicodeEncodeError), storing("a table", Path("/data/é")):
        "\udcff".encode()

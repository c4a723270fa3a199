from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from warc_parts import NOON, split

from warehouse.captures import CaptureWriter, StorageError, read_captures, salvage

WRITE_FOREVER = """
import datetime, os, pathlib, sys
from warehouse.captures import CaptureWriter
writer = CaptureWriter(pathlib.Path(sys.argv[1]))
moment = datetime.datetime(2018, 4, 18, 12, tzinfo=datetime.UTC)
i = 0
while True:
    writer.write_response(f"https://example.org/{i}", moment, 200, [], os.urandom(int(sys.argv[2])))
    i += 1
    print(i, flush=True)
"""


def killed_run(path: Path, after: int, size: int) -> int:
    """How many records a process said it wrote before it was killed with SIGKILL."""
    command = [sys.executable, "-c", WRITE_FOREVER, str(path), str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= after:
                process.send_signal(signal.SIGKILL)
                break
        rest = process.stdout.read().split()
    assert process.returncode == -signal.SIGKILL
    return int(rest[-1]) if rest else after


@pytest.mark.parametrize(("after", "size"), [(1, 10), (25, 3000), (5, 3_000_000)])
def test_a_killed_run_keeps_each_record_that_was_written(tmp_path: Path, after: int, size: int) -> None:
    path = tmp_path / "pages.warc.gz"
    said = killed_run(path, after, size)
    assert [p.name for p in tmp_path.iterdir()] == ["pages.warc.gz.part"]
    done = salvage(tmp_path / "pages.warc.gz.part")
    captures, faults = split(read_captures(path))
    assert faults == []
    assert [c.url for c in captures] == [f"https://example.org/{i}" for i in range(done.kept)]
    assert all(len(c.body) == size for c in captures)
    assert said <= done.kept <= said + 1
    assert done.lost in (0, 1)
    assert [p.name for p in tmp_path.iterdir()] == ["pages.warc.gz"]


def part_of(path: Path, pages: int) -> Path:
    writer = CaptureWriter(path)
    for i in range(pages):
        writer.write_response(f"https://example.org/{i}", NOON, 200, [], b"page %d" % i)
    writer._file.close()
    return writer.part


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_cut_anywhere(tmp_path: Path, name: str) -> None:
    data = part_of(tmp_path / name, 4).read_bytes()
    part, whole = tmp_path / f"{name}.part", tmp_path / name
    before = 0
    for cut in range(0, len(data) + 1, 7):
        whole.unlink(missing_ok=True)
        part.write_bytes(data[:cut])
        done = salvage(part)
        captures, faults = split(read_captures(whole))
        assert faults == []
        assert len(captures) == done.kept >= before
        assert done.lost == len(done.faults) <= 1
        before = done.kept
    part.write_bytes(data)
    whole.unlink()
    assert (salvage(part).kept, salvaged_bytes(whole)) == (4, data)


def salvaged_bytes(path: Path) -> bytes:
    return path.read_bytes()


def test_damage_in_the_middle_loses_that_record_only(tmp_path: Path) -> None:
    part = part_of(tmp_path / "pages.warc.gz", 5)
    captures, _ = split(read_captures(part))
    data = bytearray(part.read_bytes())
    data[captures[2].offset + 100] ^= 0xFF
    part.write_bytes(data)
    done = salvage(part)
    assert (done.kept, done.lost, [f.offset for f in done.faults]) == (4, 1, [captures[2].offset])
    assert [c.body[-1:] for c in split(read_captures(done.path))[0]] == [b"0", b"1", b"3", b"4"]


def test_refuses_to_replace_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    with CaptureWriter(path):
        pass
    whole = path.read_bytes()
    part = part_of(path, 2)
    with pytest.raises(StorageError, match=r"exists already"):
        salvage(part)
    assert path.read_bytes() == whole
    assert part.exists()


def test_only_a_part(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not the \.part"):
        salvage(tmp_path / "pages.warc.gz")
    with pytest.raises(ValueError, match=r"not there"):
        salvage(tmp_path / "pages.warc.gz.part")


LIMITED = """
import datetime, os, pathlib, resource, sys
from warehouse.captures import CaptureWriter, StorageError
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
moment = datetime.datetime(2018, 4, 18, 12, tzinfo=datetime.UTC)
try:
    with CaptureWriter(pathlib.Path(sys.argv[1])) as writer:
        for i in range(1000):
            writer.write_response(f"https://example.org/{i}", moment, 200, [], os.urandom(7000))
except StorageError as error:
    print(error)
"""


def test_a_file_that_may_not_grow_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    said = subprocess.run([sys.executable, "-c", LIMITED, str(path)], check=True, capture_output=True, text=True).stdout
    assert said.startswith(f"could not write captures to {path}.part: the file may not grow further")
    done = salvage(path.with_name("pages.warc.gz.part"))
    assert (done.kept, done.lost) == (13, 0), "the part ends with the last whole record"


def test_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a small disk here; the test with a limit on file size stands for it")
    try:
        path = disk / "pages.warc.gz"
        (disk / "other").write_bytes(b"x" * 100_000)
        with pytest.raises(StorageError, match=r"could not write captures to .*: the disk is full; free some space"):
            fill(path)
        (disk / "other").unlink()
        done = salvage(path.with_name("pages.warc.gz.part"))
        assert done.kept > 5
        assert done.lost == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def fill(path: Path) -> None:
    with Path("/dev/urandom").open("rb") as noise, CaptureWriter(path) as writer:
        for i in range(1000):
            writer.write_response(f"https://example.org/{i}", NOON, 200, [], noise.read(7000))

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from bounds import no_hang
from warc_parts import NOON, http, members, plain_record, read_bytes, split

from warehouse.captures import Capture, CaptureWriter, read_captures

NAMES = ["pages.warc", "pages.warc.gz"]
_noise = random.Random(7)
BODIES = [bytes(_noise.randrange(256) for _ in range(300)) + b"\r\nWARC/1.0\r\nnot a record\r\n" * 2 for _ in range(5)]


@pytest.fixture(params=NAMES)
def whole(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, list[Capture]]:
    path = tmp_path / request.param
    with CaptureWriter(path) as writer:
        for i, body in enumerate(BODIES):
            writer.write_response(f"https://example.org/{i}", NOON, 200, [("Content-Type", "text/html")], body)
    captures, faults = split(read_captures(path))
    assert (len(captures), faults) == (5, [])
    return path, captures


def test_cut_at_every_offset(whole: tuple[Path, list[Capture]]) -> None:
    path, captures = whole
    data = path.read_bytes()
    starts = [c.offset for c in captures]
    for cut in range(starts[1], len(data) + 1, 3):
        path.write_bytes(data[:cut])
        found, faults = split(read_captures(path))
        complete = sum(1 for start in [*starts[1:], len(data)] if start <= cut)
        # A plain record is whole before the two line ends that close it.
        assert found in (captures[:complete], captures[: complete + 1] if path.suffix == ".warc" else None)
        assert len(faults) <= 1
        on_a_border = cut - max(start for start in [*starts, len(data)] if start <= cut) == 0
        if not on_a_border and len(found) == complete and len(captures) > complete:
            tail = data[starts[complete] : cut].strip(b"\r\n")
            assert [f.offset for f in faults] == ([starts[complete]] if tail else [])


def test_any_damaged_byte_loses_one_record_at_most(whole: tuple[Path, list[Capture]]) -> None:
    path, captures = whole
    data = path.read_bytes()
    start, end = captures[2].offset, captures[3].offset
    unseen = 0
    for at in range(start, end, 5):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        found, faults = split(read_captures(path))
        kept = [c for c in captures if c in found]
        # The line end before a record belongs to the one before, so in a plain file it may be the next that is lost.
        assert kept in (captures, captures[:2] + captures[3:], captures[:3] + captures[4:]), at
        # In a plain file a changed header line (an address, a date) is a valid other one; in gzip the CRC tells.
        if not faults and found != captures:
            unseen += 1
        assert len(faults) <= 2
    assert unseen == 0 or path.suffix == ".warc"


def test_a_changed_body_in_a_plain_file_fails_its_digest(tmp_path: Path) -> None:
    with CaptureWriter(tmp_path / "pages.warc") as writer:
        for i in range(3):
            writer.write_response(f"https://example.org/{i}", NOON, 200, [], b"body of page %d" % i)
    data = (tmp_path / "pages.warc").read_bytes()
    captures, faults = read_bytes(tmp_path, data.replace(b"body of page 1", b"body of Page 1"))
    assert [c.body[-1:] for c in captures] == [b"0", b"2"]
    assert "digest does not match" in faults[0].reason
    assert data[faults[0].offset :].startswith(b"WARC/1.1")


@pytest.mark.parametrize("junk", [b"\x00" * 3000, b"junk\r\nmore\r\n", b"\x1f\x8b\x08\x00junk" * 9, b"\xff" * 70_000])
@pytest.mark.parametrize("name", NAMES)
def test_junk_between_records(tmp_path: Path, junk: bytes, name: str) -> None:
    records = [plain_record(http(b"%d" % i)) for i in range(4)]
    packed = [members(r) for r in records] if name.endswith(".gz") else records
    data = packed[0] + packed[1] + junk + b"\r\n" * (not name.endswith(".gz")) + packed[2] + packed[3]
    captures, faults = read_bytes(tmp_path, data, name)
    assert [c.body for c in captures] == [b"0", b"1", b"2", b"3"]
    assert [f.offset for f in faults] == [len(packed[0] + packed[1])]


@pytest.mark.parametrize("wrong", [5, 60, 100_000])
def test_a_wrong_length_costs_one_record(tmp_path: Path, wrong: int) -> None:
    records = [plain_record(http(b"page %d " % i * 9), url=f"https://example.org/{i}") for i in range(4)]
    records[1] = plain_record(http(b"page 1 " * 9), length=wrong)
    for data, name in ((b"".join(records), "x.warc"), (members(*records), "x.warc.gz")):
        captures, faults = read_bytes(tmp_path, data, name)
        assert [c.body[5:6] for c in captures] == [b"0", b"2", b"3"]
        assert len(faults) == 1


def test_first_bytes_of_a_gzip_file_are_gone(tmp_path: Path) -> None:
    records = [plain_record(http(b"%d" % i)) for i in range(3)]
    captures, faults = read_bytes(tmp_path, members(*records)[9:], "x.warc.gz")
    assert [c.body for c in captures] == [b"1", b"2"]
    assert [f.offset for f in faults] == [0]


def test_writers_that_leave_out_the_closing_lines(tmp_path: Path) -> None:
    for end in (b"", b"\n", b"\r\n", b"\r\n\r\n\r\n\r\n"):
        data = b"".join(plain_record(http(b"%d" % i), end=end) for i in range(3))
        captures, faults = read_bytes(tmp_path, data)
        assert ([c.body for c in captures], faults) == ([b"0", b"1", b"2"], [])


def test_a_gzip_file_inside_a_page_is_not_taken_for_a_record(tmp_path: Path) -> None:
    inner = gzip.compress(b"<p>a page, not a record</p>", mtime=0)
    stored = gzip.compress(plain_record(http(inner * 3)), compresslevel=0, mtime=0)
    broken = stored[:-6] + b"\x00" * 6
    captures, faults = read_bytes(tmp_path, broken + members(plain_record(http(b"after"))), "x.warc.gz")
    assert [c.body for c in captures] == [b"after"]
    assert [f.offset for f in faults] == [0]


def test_a_type_that_the_standard_does_not_know_is_reported(tmp_path: Path) -> None:
    captures, faults = read_bytes(tmp_path, plain_record(http(b"1"), kind="rdsponse") + plain_record(http(b"2")))
    assert [c.body for c in captures] == [b"2"]
    assert "rdsponse" in faults[0].reason


def test_many_records_with_huge_lengths_take_no_long_time(tmp_path: Path) -> None:
    records = [plain_record(http(b"x" * 1000), length=10**14) for _ in range(5000)]
    with no_hang():
        captures, faults = read_bytes(tmp_path, b"".join(records))
    assert (captures, len(faults)) == ([], 5000)


@pytest.mark.torture
def test_random_damage_never_raises(tmp_path: Path) -> None:
    rng = random.Random(11)
    for name in NAMES:
        with CaptureWriter(tmp_path / name) as writer:
            for i, body in enumerate(BODIES):
                writer.write_response(f"https://example.org/{i}", NOON, 200, [("Content-Encoding", "gzip")], body)
        data = (tmp_path / name).read_bytes()
        for _ in range(4000):
            bad = bytearray(data)
            for _ in range(rng.randrange(1, 6)):
                at, size = rng.randrange(len(bad)), rng.randrange(1, 40)
                bad[at : at + size] = rng.randbytes(rng.choice([0, size, size + 3]))
            for found in read_bytes(tmp_path, bytes(bad), f"bad-{name}"):
                assert isinstance(found, list)

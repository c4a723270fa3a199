"""Packs the sample pages into one WARC: `python samples/pack.py OUT.warc.gz`.

What belongs here: reading `index.yaml` and handing each capture to the capture writer. What does not: the pages, the
truth about them (`expected.yaml`), or any reading of a page.

The same pages and index give the same bytes, for a file of the same name. Exit 2 with one line on stderr when the index
or a file it names is missing or wrong; then nothing is written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from warehouse.captures import CaptureWriter, payload_digest

HERE = Path(__file__).resolve().parent
_RESPONSE = {"file", "url", "captured_at", "status", "headers"}
_REVISIT = {"revisit_of", "url", "captured_at", "status", "headers"}


class SampleIndexError(ValueError):
    """The index, or a file that it names, is not as it should be; the message says which and what."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One capture of the index: a response with its body, or a revisit that refers to an earlier response."""

    url: str
    captured_at: datetime
    status: int
    headers: dict[str, str]
    body: bytes | None
    refers_to: Sample | None = None


def load_samples(folder: Path = HERE) -> list[Sample]:
    """All captures of `index.yaml` in `folder`, in its order. Raises SampleIndexError."""
    rows = _rows(folder / "index.yaml")
    samples: list[Sample] = []
    seen: dict[tuple[str, datetime], Sample] = {}
    for number, row in enumerate(rows, 1):
        sample = _sample(folder, f"index.yaml, capture {number}", row, seen)
        seen[sample.url, sample.captured_at] = sample
        samples.append(sample)
    return samples


def pack(target: Path, folder: Path = HERE) -> int:
    """Write all samples to `target` (.warc.gz or .warc); gives their number. Raises SampleIndexError, OSError."""
    samples = load_samples(folder)
    with CaptureWriter(target) as writer:
        for sample in samples:
            _write(writer, sample)
    return len(samples)


def _write(writer: CaptureWriter, sample: Sample) -> None:
    if sample.body is not None:
        writer.write_response(sample.url, sample.captured_at, sample.status, sample.headers, sample.body)
        return
    first = sample.refers_to
    assert first is not None and first.body is not None
    digest = payload_digest(first.body)
    writer.write_revisit(
        sample.url, sample.captured_at, first.url, first.captured_at, digest, sample.status, sample.headers
    )


def _rows(index: Path) -> list[Any]:
    if not index.is_file():
        raise SampleIndexError(f"{index}: no such file")
    try:
        content = yaml.safe_load(index.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SampleIndexError(f"{index}: not readable as YAML: {' '.join(str(error).split())}") from error
    rows = content.get("captures") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not rows:
        raise SampleIndexError(f"{index}: needs a list under the key 'captures'")
    return rows


def _sample(folder: Path, where: str, row: Any, seen: Mapping[tuple[str, datetime], Sample]) -> Sample:
    if not isinstance(row, dict):
        raise SampleIndexError(f"{where}: not a mapping")
    _check_keys(where, row)
    url, status = str(row["url"]), row["status"]
    if not url.startswith("http") or not isinstance(status, int) or not isinstance(row["headers"], dict):
        raise SampleIndexError(f"{where}: url must be an address, status a number, headers a mapping")
    headers = {str(name): str(value) for name, value in row["headers"].items()}
    captured_at = _moment(where, row["captured_at"])
    if "file" in row:
        return Sample(url, captured_at, status, headers, _body(folder, where, str(row["file"])))
    return Sample(url, captured_at, status, headers, None, _referred(where, row["revisit_of"], seen))


def _referred(where: str, of: Any, seen: Mapping[tuple[str, datetime], Sample]) -> Sample:
    if not isinstance(of, dict) or set(of) != {"url", "captured_at"}:
        raise SampleIndexError(f"{where}: revisit_of needs url and captured_at of an earlier capture")
    first = seen.get((str(of["url"]), _moment(where, of["captured_at"])))
    if first is None or first.body is None:
        raise SampleIndexError(f"{where}: revisit of {of['url']} at {of['captured_at']}, which is no capture before it")
    return first


def _check_keys(where: str, row: Mapping[str, Any]) -> None:
    needed = _REVISIT if "revisit_of" in row else _RESPONSE
    if missing := sorted(needed - set(row)):
        raise SampleIndexError(f"{where}: lacks {', '.join(missing)}")
    if unknown := sorted(set(row) - needed - {"source"}):
        raise SampleIndexError(f"{where}: unknown key {', '.join(unknown)}")


def _body(folder: Path, where: str, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise SampleIndexError(f"{where}: {path} is missing; add the file or take the capture out")
    return path.read_bytes()


def _moment(where: str, text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise SampleIndexError(f"{where}: {text!r} is not a moment like 2020-08-01T08:00:00Z")
    return moment


def _lines(arguments: list[str]) -> Iterator[str]:
    if len(arguments) != 1:
        raise SampleIndexError("usage: python samples/pack.py OUT.warc.gz")
    target = Path(arguments[0])
    yield f"{pack(target)} captures in {target}\n"


def main() -> int:
    """Pack as the command line asks; 0 when the file was written, else 2."""
    try:
        sys.stdout.writelines(_lines(sys.argv[1:]))
    except (SampleIndexError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

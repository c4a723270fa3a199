"""What a reading of a sample page lacks, against the truth: `python samples/compare.py [PART_OF_A_FILE_NAME]`.

What belongs here: the rules by which entries that were read are compared with those of `expected.yaml` (README.md
explains its keys). What does not: reading, refining, or any bar that a reader has to reach.

Blanks are not compared. Date words may be more or fewer than the truth's as long as one holds the other; place words
must be among the truth's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
Entry = Mapping[str, Any]
_NOTHING = {"", "n/a"}


def differences(truth: Sequence[Entry], read: Sequence[Entry]) -> list[str]:
    """What differs, one line each; empty when the reading is perfect. `read` has the columns of `raw_entries`."""
    found = _paired(truth, read)
    lines = [f"missing: {_name(t)}" for t, i in zip(truth, found, strict=True) if i is None and not t.get("optional")]
    lines += [f"not an entry: {_name(e)}" for i, e in enumerate(read) if i not in found]
    order = [i for i in found if i is not None]
    if order != sorted(order):
        lines.append("entries stand in another order")
    for wanted, i in zip(truth, found, strict=True):
        if i is not None:
            lines += [f"{line}: {_name(wanted)}" for line in _fields(wanted, read[i])]
    return lines


def _paired(truth: Sequence[Entry], read: Sequence[Entry]) -> list[int | None]:
    """For each entry of the truth the entry that was read of it: the free one that fits best, the first of equals."""
    free, found = set(range(len(read))), []
    for wanted in truth:
        candidates = [i for i in sorted(free) if _same(wanted, read[i])]
        best = min(candidates, key=lambda i: len(list(_fields(wanted, read[i]))), default=None)
        free.discard(best if best is not None else -1)
        found.append(best)
    return found


def _same(wanted: Entry, got: Entry) -> bool:
    if wanted.get("key") and wanted["key"] == got.get("item_key"):
        return True
    return bool(wanted["title"]) and _title_fits(wanted, got)


def _title_fits(wanted: Entry, got: Entry) -> bool:
    title, have = _plain(wanted["title"]), _plain(got.get("title"))
    if wanted.get("title_within"):
        return title in have or title in _plain(got.get("summary"))
    if wanted.get("may_cut"):
        return len(have) > 100 and title.startswith(have.rstrip("….")[:100])
    return title == have


def _fields(wanted: Entry, got: Entry) -> Iterator[str]:
    soft = wanted.get("soft", [])
    if not _title_fits(wanted, got):
        yield f"title {got.get('title')!r}"
    for name in ("surtitle", "subtitle"):
        if _plain(wanted.get(name)) != _plain(got.get(name)):
            yield f"{name} {got.get(name)!r}"
    if not _date_fits(_plain(wanted.get("date")), _plain(got.get("date_raw")), "date" in soft):
        yield f"date {got.get('date_raw')!r}"
    if not _place_fits(_words(wanted.get("place")), _words(got.get("place_raw")), "place" in soft):
        yield f"place {got.get('place_raw')!r}"
    if wanted.get("key") != got.get("item_key"):
        yield f"key {got.get('item_key')!r}"
    sections = got.get("sections") or {}
    for name, text in wanted.get("sections", {}).items():
        if _plain(text) not in _plain(sections.get(name)):
            yield f"section {name} {sections.get(name)!r}"


def _date_fits(wanted: str, got: str, soft: bool) -> bool:
    if wanted in _NOTHING or got in _NOTHING:
        return (wanted in _NOTHING and got in _NOTHING) or (soft and got in _NOTHING)
    return wanted in got or got in wanted


def _place_fits(wanted: set[str], got: set[str], soft: bool) -> bool:
    return got <= wanted and (bool(got) or not wanted or soft)


def _plain(text: Any) -> str:
    return "".join(str(text or "").split()).casefold()


def _words(text: Any) -> set[str]:
    return set(re.findall(r"\w+", str(text or "").casefold()))


def _name(entry: Entry) -> str:
    return repr(str(entry.get("title") or entry.get("key") or entry.get("item_key") or "")[:70])


def readings(part: str = "") -> Iterator[tuple[str, int, list[str]]]:
    """Read each page whose name holds `part`, as first captured: its file, how many entries it has, what differs."""
    from pipelines.read import read_page
    from scrapers.registry import load_registry

    registry = load_registry()
    captures = yaml.safe_load((HERE / "index.yaml").read_text(encoding="utf-8"))["captures"]
    first = {row["file"]: row for row in reversed(captures) if "file" in row}
    for page in yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))["pages"]:
        row = first[page["file"]]
        if part in page["file"] and row["status"] == 200:
            moment = datetime.fromisoformat(row["captured_at"])
            body = (HERE / page["file"]).read_bytes()
            source = registry.route(row["url"])
            told = (source.strategy, source.hints) if source else (None, None)
            read = read_page(row["url"], body, row["headers"]["Content-Type"], moment, *told).entries
            yield page["file"], len(page["entries"]), differences(page["entries"], read)


def main() -> int:
    """Print what differs, page by page; 0 when nothing does."""
    pages = list(readings("".join(sys.argv[1:2])))
    for name, _, lines in pages:
        sys.stdout.writelines(f"{name}: {line}\n" for line in lines)
    good = sum(not lines for _, _, lines in pages)
    sys.stdout.write(f"{good} of {len(pages)} pages ({sum(n for _, n, _ in pages)} entries) read as expected\n")
    return 0 if good == len(pages) else 1


if __name__ == "__main__":
    sys.exit(main())

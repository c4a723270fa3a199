"""Captures: web pages as they were fetched, kept in WARC 1.1 files.

    model       Capture and Fault, the limits
    framing     a file as a run of bytes: plain or gzip, where records start, how to go on after damage
    records     one WARC record: its headers and its block, checked
    payload     an HTTP message: status, headers, the body free of chunks and compression
    reading     read_captures: a file as captures and faults, revisits resolved
    writing     CaptureWriter: what is written reads back, and the same pages give the same bytes
    salvaging   the `.part` of a dead run becomes a whole file

What belongs here: the WARC format. What does not: which source a page belongs to, what it says, folders of files.

A file read here may come from anyone. Addresses in it are data and never part of a path; sizes are bounded; damage is a
`Fault` with its offset, and the records before and after it are used.
"""

from __future__ import annotations

from warehouse.captures.model import MAX_BODY, Capture, Fault
from warehouse.captures.payload import BodyLimitError, undo_codings
from warehouse.captures.reading import Reference, Resolve, read_capture, read_captures, resolve_from
from warehouse.captures.salvaging import Salvaged, salvage
from warehouse.captures.writing import CaptureWriter, payload_digest
from warehouse.storage import StorageError

__all__ = [
    "MAX_BODY",
    "BodyLimitError",
    "Capture",
    "CaptureWriter",
    "Fault",
    "Reference",
    "Resolve",
    "Salvaged",
    "StorageError",
    "payload_digest",
    "read_capture",
    "read_captures",
    "resolve_from",
    "salvage",
    "undo_codings",
]

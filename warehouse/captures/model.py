"""What reading a capture file gives, and the limits that hold for it. No reading, no writing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

MAX_BODY = 50 * 1024 * 1024
"""Largest body, in bytes after decompression; a larger one is a Fault."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One response, or archived text, at one moment.

    url            address as the record gives it; data, never a path
    captured_at    aware, UTC
    media_type     Content-Type as in the header, charset included; empty when there is none
    body           bytes free of transfer and content encoding; of a revisit: those of the capture it refers to
    status         HTTP status; None for text, and where the record has none
    record_type    'response', 'revisit' or 'conversion'
    file, offset   where the record is: byte offset in the file, of the gzip member in a compressed one
    headers        HTTP headers in order, as kept in the record
    """

    url: str
    captured_at: datetime
    media_type: str
    body: bytes
    status: int | None
    record_type: str
    file: str
    offset: int
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be read: where, and why."""

    file: str
    offset: int
    reason: str


class DamageError(Exception):
    """The bytes at hand are not a whole record; says why. Stays inside this package."""

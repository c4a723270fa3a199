"""What sites of the test web do wrong: each function gives a fault for `Site.faults`."""

from __future__ import annotations

import gzip
import sys
import time
import zlib
from email.utils import formatdate

import brotli
from testweb import BASE, ITEM, Fault, Handler, html

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_HTML = {"Content-Type": "text/html; charset=utf-8"}


def slow(seconds: float) -> Fault:
    """The page, late."""

    def fault(handler: Handler) -> bool:
        time.sleep(seconds)
        return False

    return fault


def dripping(seconds: float) -> Fault:
    """A body that comes a byte at a time and never ends in that time."""

    def fault(handler: Handler) -> bool:
        handler.send(200, b"<", _HTML, length=10_000)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)
        return True

    return fault


def status(number: int, times: int = 10_000, retry_after: str | float | None = None) -> Fault:
    """A status instead of the page, so often; a number for Retry-After is a moment in so many seconds, as a date."""
    left = [times]

    def fault(handler: Handler) -> bool:
        left[0] -= 1
        if left[0] < 0:
            return False
        is_date = isinstance(retry_after, float)
        told = formatdate(time.time() + float(retry_after or 0), usegmt=True) if is_date else retry_after
        handler.send(number, b"<p>Not now.</p>", _HTML | ({"Retry-After": str(told)} if told is not None else {}))
        return True

    return fault


def moved(location: str) -> Fault:
    """A redirect."""

    def fault(handler: Handler) -> bool:
        handler.send(302, b"", {"Location": location})
        return True

    return fault


def body(content: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> Fault:
    """A body as it is given, status 200."""

    def fault(handler: Handler) -> bool:
        handler.send(200, content, _HTML | (headers or {}), length)
        if length is not None:
            handler.close_connection = True
        return True

    return fault


def hangs_up(handler: Handler) -> bool:
    """The connection is closed without a word."""
    handler.note(0)
    handler.close_connection = True
    return True


def cut(content: bytes = b"<html><body><p>The first half") -> Fault:
    """Less than Content-Length says."""
    return body(content, length=len(content) + 500)


def cut_gzip() -> Fault:
    """A gzip body that was cut before it was sent: Content-Length is that of the half."""
    packed = gzip.compress(bytes(range(256)) * 400, mtime=0)
    return body(packed[: len(packed) // 2], {"Content-Encoding": "gzip"})


def noise_gzip() -> Fault:
    """A gzip header with noise behind it."""
    return body(b"\x1f\x8b\x08\x00" + bytes(range(255, 0, -1)) * 9, {"Content-Encoding": "gzip"})


def bomb(coding: str, megabytes: int = 400) -> Fault:
    """A small body that stands for a large one."""
    if coding == "zstd":
        content = zstd.compress(bytes(megabytes << 20))
    elif coding == "br":
        packer = brotli.Compressor(quality=1)
        content = b"".join(packer.process(bytes(1 << 20)) for _ in range(megabytes)) + packer.finish()
    else:
        deflater = zlib.compressobj(9, zlib.DEFLATED, 31)
        content = b"".join(deflater.compress(bytes(1 << 20)) for _ in range(megabytes)) + deflater.flush()
    return body(content, {"Content-Encoding": coding})


def endless_chunks(handler: Handler) -> bool:
    """A chunked body without an end, as fast as it goes."""
    handler.send(200, b"", _HTML | {"Transfer-Encoding": "chunked"})
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    for _ in range(4_000):
        handler.wfile.write(chunk)
    return True


def says(title: str, text: str) -> Fault:
    """A short page with status 200 that is not what was asked for."""
    return body(html(title, f"<h1>{title}</h1><p>{text}</p>").encode())


def captcha() -> Fault:
    """A page that wants to know whether we are human."""
    return says("One moment please", "Verify you are human by ticking the box.")


def login() -> Fault:
    """A page that wants a password."""
    return says("Welcome back", "Please sign in. Forgot your password? Ask the desk.")


def soft_404() -> Fault:
    """A page that is gone and says so with status 200."""
    return says("Page not found", "We looked everywhere.")


def cookie_wall() -> Fault:
    """A page that shows nothing until cookies are accepted."""
    return says("Your privacy", "You must accept cookies to go on to our pages.")


def error_page() -> Fault:
    """A page of a broken application with status 200."""
    return says("Sorry", "Service unavailable")


def in_charset(text: str, real: str, declared: str) -> Fault:
    """A page whose declared charset is not that of its bytes."""
    content = f"<html><head><title>x</title></head><body><h1>{text}</h1><p>{text} {'word ' * 60}</p></body></html>"
    return body(content.encode(real), {"Content-Type": f"text/html; charset={declared}"})


def endless_list(handler: Handler) -> bool:
    """A list of which every page brings new items and leads to another."""
    number = int(handler.path.partition("start=")[2] or 1)
    teasers = "".join(
        f'<div><h3><a href="{ITEM}page-{number}-{n}-">Notice {number} {n}</a></h3><span>{n + 1} May 2024</span></div>'
        for n in range(3)
    )
    handler.send(200, html("News", teasers).encode(), _HTML)
    return True


def endless_calendar(handler: Handler) -> bool:
    """Months without an entry, each with a link to the next."""
    month = int(handler.path.partition("month=")[2] or 1)
    follow = f'<a rel="next" href="{BASE}/newsroom?month={month + 1}">Next</a>'
    handler.send(200, html("Calendar", f"<p>Nothing in month {month}.</p>{follow}").encode(), _HTML)
    return True


def new_layout(slugs: list[str]) -> Fault:
    """The same items in a layout that shows nothing but pictures with links."""
    tiles = "".join(f'<a href="{ITEM}{slug}"><img src="/x.png" alt=""></a>' for slug in slugs)
    return body(html("News", f"<div>{tiles}</div>").encode())

"""The proxy that a browser sees the world through: only public addresses, and only so many bytes.

What belongs here: an HTTP proxy on loopback for one browser, that resolves and checks every name itself. What does not:
driving the browser (`browser_handler`).

A page that is rendered asks for scripts and data of any host, follows redirects by itself and resolves names by itself;
checking its requests one by one would miss the redirects, and a name may answer otherwise a moment later. Here every
connection passes, and goes to the very address that was checked. What is encrypted is passed on as it is.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Iterable
from contextlib import suppress

from scrapers.addresses import is_public

PRIVATE, DNS, REFUSED, TOO_LARGE = "private address", "dns", "refused", "too large"
_SECONDS = 20.0  # for a request to come, and for a connection to be made
_IDLE = 60.0
_CHUNK = 65_536
_TARGET = re.compile(rb"(?:http://)?(\[[0-9a-fA-F:.]{2,45}\]|[^/:\[\]?#@\s]{1,253})(?::(\d{1,5}))?(/[^\s]*)?")
_NOT_PASSED = (b"proxy-", b"connection:", b"keep-alive:")


class RefusedConnectionError(Exception):
    """A connection that is not made; the text is why."""


class GuardProxy:
    """A proxy on a free port of loopback. `own`: hosts with their ports that may be private, empty for none.

    reasons: why connections to a host (with its port) were not made; a later one that is made takes it out.
    """

    def __init__(self, own: Iterable[str] = ()) -> None:
        self._own = frozenset(own)
        self._left = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.reasons: dict[str, str] = {}

    async def start(self) -> str:
        """Begin to listen; gives the address."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Let go of everything."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def allow(self, count: int) -> None:
        """Let so many bytes more come in."""
        self._left = max(self._left, 0) + count

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._attend(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # either side went away, or said nothing; the browser sees a connection that ended
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _SECONDS)
        line, _, rest = head.partition(b"\r\n")
        method, _, target = line.rpartition(b" ")[0].partition(b" ")
        is_tunnel = method == b"CONNECT"
        found = _TARGET.fullmatch(target)
        if not found or is_tunnel == bool(found[3]):
            writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            return
        port = int(found[2] or (443 if is_tunnel else 80))
        try:
            there, up = await self._connect(found[1].decode("ascii", "replace").strip("[]"), port, is_tunnel)
        except RefusedConnectionError as refused:
            said = str(refused).encode()
            size = str(len(said)).encode()
            writer.write(b"HTTP/1.1 502 Refused\r\nConnection: close\r\nContent-Length: " + size + b"\r\n\r\n" + said)
            return
        try:
            if is_tunnel:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await self._both_ways(reader, writer, there, up)
            else:
                up.write(method + b" " + found[3] + b" HTTP/1.1\r\n" + _closing(rest))
                await self._one_answer(reader, writer, there, up)
        finally:
            up.close()

    async def _connect(
        self, host: str, port: int, is_tunnel: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to a checked address of a host, or RefusedConnectionError, whose reason is noted."""
        name = host.lower() if port == (443 if is_tunnel else 80) else f"{host.lower()}:{port}"
        try:
            made = await self._try_each(await self._addresses(host, port, name), port)
        except RefusedConnectionError as refused:
            self.reasons[name] = str(refused)
            raise
        self.reasons.pop(name, None)
        return made

    async def _addresses(self, host: str, port: int, name: str) -> list[str]:
        if self._left <= 0:
            raise RefusedConnectionError(TOO_LARGE)
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise RefusedConnectionError(DNS) from None
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if name not in self._own and not all(map(is_public, addresses)):
            raise RefusedConnectionError(PRIVATE)
        return addresses

    async def _try_each(self, addresses: list[str], port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for address in addresses:
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(address, port), _SECONDS)
        raise RefusedConnectionError(REFUSED)

    async def _both_ways(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        up: asyncio.StreamWriter,
    ) -> None:
        """Pass bytes on until either side ends."""
        ways = [asyncio.ensure_future(self._pass(reader, up)), asyncio.ensure_future(self._pass(there, writer, True))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _one_answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        up: asyncio.StreamWriter,
    ) -> None:
        """Pass on what belongs to this request and its answer, and say that the connection ends with it."""
        sending = asyncio.ensure_future(self._pass(reader, up))
        try:
            head = await asyncio.wait_for(there.readuntil(b"\r\n\r\n"), _IDLE)
            line, _, rest = head.partition(b"\r\n")
            writer.write(line + b"\r\n" + _closing(rest))
            await self._pass(there, writer, True)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: bool = False) -> None:
        while chunk := await asyncio.wait_for(reader.read(_CHUNK), _IDLE):
            if counted:
                self._left -= len(chunk)
                if self._left < 0:
                    return
            writer.write(chunk)
            await writer.drain()


def _closing(head: bytes) -> bytes:
    """Headers without those that are for a proxy, and with the word that the connection ends."""
    kept = [line for line in head.split(b"\r\n") if line and not line.lower().startswith(_NOT_PASSED)]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""])

"""A WebSocket client that costs next to nothing, so that thousands of shoppers fit into one process and it measures the
server and not itself. It offers what browsers offer (permessage-deflate too), and answers pings."""

from __future__ import annotations

import asyncio
import base64
import secrets
import struct
from collections.abc import Callable, Mapping
from typing import Any

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
OFFERED = "permessage-deflate; client_max_window_bits"
CONNECT_S = 20.0
NO_MASK = b"\0\0\0\0"
"""A key like any other (RFC 6455, 5.3); with it a text goes out as it is."""

Heard = Callable[[bytes], None]


class Refused(Exception):
    """The server did not open the socket, or took an extension that this client has not."""


class Wire(asyncio.Protocol):
    """One open socket. `heard` gets each text as it comes."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self.closed = False
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: Any = None
        self._rest = b""
        self._ready = False

    def connection_made(self, transport: Any) -> None:
        """From the loop."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """From the loop."""
        self._rest = self._rest + data if self._rest else data
        if not self._ready and not self._greeted():
            return
        at = 0
        while (found := _frame(self._rest, at)) is not None:
            kind, payload, at = found
            if kind == TEXT:
                self.heard(payload)
            elif kind == PING:
                self._write(PONG, payload)
            elif kind == CLOSE:
                self._transport.close()
        self._rest = self._rest[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        """From the loop."""
        self.closed = True
        if not self._opened.done():
            self._opened.set_exception(Refused("the line was closed"))

    def say(self, text: bytes) -> None:
        """Sends a text."""
        self._write(TEXT, text)

    def hang_up(self) -> None:
        """The line is gone, without a goodbye."""
        if self._transport is not None:
            self._transport.abort()

    async def opened(self) -> None:
        """Waits for the server's yes. Raises `Refused`."""
        await self._opened

    def _greeted(self) -> bool:
        head, end, rest = self._rest.partition(b"\r\n\r\n")
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 101") or b"permessage-deflate" in head.lower():
            self._opened.set_exception(Refused(head.decode("latin-1")))
            return False
        self._rest, self._ready = rest, True
        self._opened.set_result(None)
        return True

    def _write(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        head = (
            struct.pack("!BB", 0x80 | kind, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x80 | kind, 0xFE, size)
        )
        self._transport.write(head + NO_MASK + payload)


async def connect(port: int, path: str, heard: Heard, headers: Mapping[str, str] | None = None) -> Wire:
    """Opens a socket on this machine. Raises `Refused`, `OSError`, `TimeoutError`."""
    loop = asyncio.get_running_loop()
    lines = {
        "Host": f"127.0.0.1:{port}", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(), "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Extensions": OFFERED, **(headers or {}),
    }  # fmt: skip
    async with asyncio.timeout(CONNECT_S):
        transport, wire = await loop.create_connection(lambda: Wire(heard), "127.0.0.1", port)
        request = f"GET {path} HTTP/1.1\r\n" + "".join(f"{name}: {text}\r\n" for name, text in lines.items())
        transport.write(f"{request}\r\n".encode())
        await wire.opened()
    return wire


def _frame(data: bytes, at: int) -> tuple[int, bytes, int] | None:
    """Kind and payload of the whole frame that begins at `at`, and where the next begins."""
    if len(data) < at + 2:
        return None
    size, start = data[at + 1] & 0x7F, at + 2
    if size >= 126:
        width = 2 if size == 126 else 8
        if len(data) < start + width:
            return None
        size, start = int.from_bytes(data[start : start + width], "big"), start + width
    end = start + size
    return (data[at] & 0x0F, data[start:end], end) if len(data) >= end else None

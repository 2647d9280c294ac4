"""The cheapest HTTP client that does: one connection kept open, JSON both ways. What it costs is not the server's."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any

PATIENCE_S = 60.0


class HttpError(Exception):
    """The server answered with another status than 200."""


class Connection:
    """One connection to 127.0.0.1; it is opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Connection:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes it."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def post(self, path: str, payload: object) -> Any:
        """Sends JSON, returns what comes back. OSError when nobody listens, `HttpError` for any status but 200."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        async with asyncio.timeout(PATIENCE_S):
            if self._streams is None or self._streams[0].at_eof():
                self.close()
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(head.encode() + body)
            status, found = await self._read(reader)
        if status != 200:
            raise HttpError(f"{status}: {found.decode('utf-8', 'replace')[:300]}")
        return json.loads(found)

    async def _read(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in head[1:])}
        if "content-length" not in fields:
            raise HttpError(f"an answer without a length: {head[0]}")
        found = await reader.readexactly(int(fields["content-length"]))
        if fields.get("connection", "").lower() == "close":
            self.close()
        return int(head[0].split()[1]), found

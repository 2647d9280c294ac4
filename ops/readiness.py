"""Waits until something that was started can be used."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

LOOK_S = 0.1
ANSWER_S = 2.0


async def until(ready: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until `ready()` is true."""
    while not await ready():
        await asyncio.sleep(LOOK_S)


async def redis_answers(port: int) -> bool:
    """Whether the embedded Redis has read its data and takes commands."""
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), ANSWER_S)
        try:
            writer.write(b"PING\r\n")
            return await asyncio.wait_for(reader.readline(), ANSWER_S) == b"+PONG\r\n"
        finally:
            writer.close()
    return False


async def http_answers(url: str) -> bool:
    """Whether a GET there is answered with 200."""
    with contextlib.suppress(httpx.HTTPError):
        async with httpx.AsyncClient(timeout=ANSWER_S, trust_env=False) as client:
            return (await client.get(url)).status_code == httpx.codes.OK
    return False


async def file_exists(path: Path) -> bool:
    """Whether the process that was given this file says that it is ready."""
    return path.exists()

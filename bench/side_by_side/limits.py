"""What the machine could do at best: a Redis round trip, a write that is on the disk, and a socket that only echoes."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import websockets

from bench.side_by_side.both import Both
from bench.side_by_side.figures import Rows, alone
from bench.side_by_side.processes import Measured, environment
from ledger import connect
from ledger.testing import free_port

TIMES = 500
KEY = "bench:limits"
TRIES, AGAIN_S = 200, 0.05


async def measured(both: Both, rounds: int) -> Rows:
    """`redis_ping_ms`, `redis_write_ms` (appended, with `appendfsync always`) and `socket_echo_ms`."""
    redis = connect(both.shopdesk.redis.url)
    try:
        pings = await _times(redis.ping)
        writes = await _times(lambda: redis.xadd(KEY, {"text": "x" * 200}))
        await redis.delete(KEY)
    finally:
        await redis.aclose()
    return {
        "redis_ping_ms": alone(pings, "ms"),
        "redis_write_ms": alone(writes, "ms"),
        "socket_echo_ms": alone(await _echoes(both), "ms"),
    }


async def _times(once: Callable[[], Awaitable[object]]) -> list[float]:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await once()
        times.append((time.perf_counter() - began) * 1000)
    return times


async def _echoes(both: Both) -> list[float]:
    port = free_port()
    command = [sys.executable, "-m", "bench.side_by_side.echo", str(port)]
    server = Measured(command, environment(both.folder), both.folder / "echo.log")
    try:
        async with await _connected(port) as socket:

            async def once() -> None:
                await socket.send("x" * 200)
                await socket.recv()

            return await _times(once)
    finally:
        server.stop()


async def _connected(port: int) -> websockets.ClientConnection:
    for _ in range(TRIES):
        try:
            return await websockets.connect(f"ws://127.0.0.1:{port}/", proxy=None, compression=None)
        except OSError:
            await asyncio.sleep(AGAIN_S)
    raise RuntimeError("the echo did not start")

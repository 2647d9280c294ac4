"""Many sockets at once: everybody is served, and the one who talks does not wait for the others."""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import AsyncExitStack

import httpx
import pytest

from ledger import Ledger, ShopperSide
from web.gateway.sessions import Sessions
from web.gateway.settings import Settings
from web.gateway.testing import RunningGateway
from web.tests.gateway.backstage import number
from web.tests.gateway.shopper import Shopper, Socket

SOCKETS, MESSAGES = 300, 20


async def test_three_hundred_sockets_and_one_who_talks(
    gateway: RunningGateway,
    ledger: Ledger,
    client: httpx.AsyncClient,
    shopper: Shopper,
    record_property: pytest.RecordProperty,
) -> None:
    tokens = Sessions(Settings(gateway.secret, gateway.identity_secret))
    crowd = [f"crowd-{n}" for n in range(SOCKETS)]
    for cid in crowd:
        await ShopperSide(ledger).open(cid, "zh")
    async with AsyncExitStack() as stack:
        sockets = [Socket(f"{gateway.socket_url}?token={tokens.issue(cid, 'zh')}") for cid in crowd]

        async def enter(socket: Socket) -> None:
            await stack.enter_async_context(socket)
            await socket.replayed()

        await asyncio.gather(*(enter(socket) for socket in sockets))
        assert await number(client, gateway, "connections") >= SOCKETS
        talking = await stack.enter_async_context(shopper.socket())
        times = []
        for n in range(MESSAGES):
            began = time.perf_counter()
            await talking.send("message", mid=f"m{n}", text="在吗")
            await talking.until("ack", mid=f"m{n}")
            times.append(time.perf_counter() - began)
        record_property("median_ms", round(statistics.median(times) * 1000, 1))
        assert statistics.median(times) < 1.0
        await asyncio.gather(*(socket.send("message", mid="m1", text="一起说") for socket in sockets))
        await asyncio.gather(*(socket.until("ack", mid="m1") for socket in sockets))

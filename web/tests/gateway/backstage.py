"""What the tests do where no shopper looks: the bot's answer, and waiting for what no event tells of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import httpx

from ledger import Handoff, Reply
from web.gateway.testing import RunningGateway

LONGEST_S = 30.0


class Answer(Protocol):
    """The bot answers what is unread in a conversation."""

    async def __call__(self, cid: str, *replies: Reply, handoff: Handoff | None = None) -> None: ...


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(LONGEST_S):
        while not await holds():
            await asyncio.sleep(0.02)


async def number(client: httpx.AsyncClient, gateway: RunningGateway, name: str) -> float:
    """A number of /metrics, named with its labels but without what all names begin with; 0 when it is not there yet."""
    text = (await client.get(f"{gateway.url}/metrics")).text
    values = [line.rpartition(" ") for line in text.splitlines() if line.startswith("shopdesk_gateway_")]
    return next((float(value) for metric, _, value in values if metric == f"shopdesk_gateway_{name}"), 0.0)

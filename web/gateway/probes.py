"""What those who run the gateway ask it: whether it works, and its numbers."""

from __future__ import annotations

import asyncio

from sanic import HTTPResponse, Request

from ledger import LedgerUnavailable
from web.gateway.conversations import Conversations
from web.gateway.errors import Unavailable
from web.gateway.metrics import CONTENT_TYPE, Metrics

PATIENCE_S = 2.0


class Probes:
    """`/healthz` and `/metrics`. Both ask Redis, so that the number is never an old one."""

    def __init__(self, conversations: Conversations, metrics: Metrics) -> None:
        self._conversations, self._metrics = conversations, metrics

    async def health(self, request: Request) -> HTTPResponse:
        """`GET /healthz`: 200 when the door works. Raises `Unavailable`."""
        if not await self._redis_answers():
            raise Unavailable("Redis does not answer")
        return HTTPResponse(b'{"status":"ok"}', 200, content_type="application/json")

    async def numbers(self, request: Request) -> HTTPResponse:
        """`GET /metrics`."""
        self._metrics.redis_up.set(await self._redis_answers())
        return HTTPResponse(self._metrics.text(), 200, content_type=CONTENT_TYPE)

    async def _redis_answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._conversations.ping()
        except (LedgerUnavailable, TimeoutError):
            return False
        return True

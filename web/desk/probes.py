"""What those who run the desk ask it: whether it works, and its numbers."""

from __future__ import annotations

import asyncio

from sanic import HTTPResponse, Request

from ledger import DeskSide, LedgerUnavailable
from web.desk.database import Database, DatabaseUnavailable
from web.desk.dispatcher import Dispatcher
from web.desk.errors import Unavailable
from web.desk.metrics import CONTENT_TYPE, Metrics
from web.desk.mirror import Mirror

PATIENCE_S = 2.0


class Probes:
    """`/healthz` and `/metrics`; both ask Redis, so that the number is never an old one."""

    def __init__(
        self, desk: DeskSide, database: Database, mirror: Mirror, dispatcher: Dispatcher, metrics: Metrics
    ) -> None:
        self._desk, self._database, self._mirror = desk, database, mirror
        self._dispatcher, self._metrics = dispatcher, metrics

    async def health(self, request: Request) -> HTTPResponse:
        """`GET /healthz`: 200 when Redis and the database answer. Raises `Unavailable`."""
        if not await self._redis_answers():
            raise Unavailable("Redis does not answer")
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._database.ping()
        except (DatabaseUnavailable, TimeoutError):
            raise Unavailable("the database does not answer") from None
        return HTTPResponse(b'{"status":"ok"}', 200, content_type="application/json")

    async def numbers(self, request: Request) -> HTTPResponse:
        """`GET /metrics`."""
        floor, metrics = self._mirror.floor, self._metrics
        waiting = len(floor.waiting())
        metrics.redis_up.set(await self._redis_answers())
        metrics.waiting.set(waiting)
        metrics.held.set(len(floor.talks) - waiting)
        metrics.online.set(sum(agent.status == "online" for agent in floor.agents.values()))
        metrics.leads.set(self._dispatcher.leads)
        metrics.dispatch_s.set(self._dispatcher.last_ms / 1000)
        return HTTPResponse(metrics.text(), 200, content_type=CONTENT_TYPE)

    async def _redis_answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._desk.now_ms()
        except (LedgerUnavailable, TimeoutError):
            return False
        return True

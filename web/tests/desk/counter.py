"""What the tests of the customer column share: conversations in the ledger, and a served app with somebody signed in."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sanic import HTTPResponse, Request, Sanic

from ledger import DeskSide, Handoff, Ledger, ShopperSide
from web.desk.errors import http_answer, refusal
from web.desk.login_api import COOKIE

_numbers = itertools.count(1)
PATIENCE_S = 20.0


@dataclass
class Earlier:
    """Stands in for the archive and the notes, which have tests of their own."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    delay_s: float = 0.0

    async def earlier(self, customer: str, limit: int) -> list[dict[str, Any]]:
        self.asked.append(customer)
        await asyncio.sleep(self.delay_s)
        return self.rows[:limit]

    async def notes_of(self, customer: str) -> list[dict[str, Any]]:
        self.asked.append(customer)
        return self.notes


async def conversation(
    ledger: Ledger, customer: str = "", name: str = "", lang: str = "zh", *, proved: dict[str, str] | None = None
) -> str:
    """One that waits for a person; `proved` is the order that the bot was shown a proof of."""
    cid, shopper = f"talk{next(_numbers)}", ShopperSide(ledger)
    await shopper.open(cid, lang, customer, name)
    context: dict[str, Any] = {"order": proved["number"], "slots": {"order_verified": proved}} if proved else {}
    await shopper.ask_for_person(cid, Handoff("asked", "顾客要求人工", "orders", 3, context=context))
    return cid


async def held_by(ledger: Ledger, cid: str, agent: str) -> None:
    """The agent serves it."""
    assert await DeskSide(ledger, grace_ms=60_000).claim(cid, agent, agent)


@asynccontextmanager
async def served(*routes: tuple[Any, str, list[str]]) -> AsyncIterator[httpx.AsyncClient]:
    """The handlers behind a real server, with the desk's shape of errors."""
    app: Any = Sanic(f"counter{next(_numbers)}", configure_logging=False)
    app.config.ACCESS_LOG = False
    app.config.TOUCHUP = False  # which rewrites Sanic's own methods, once a process
    for handler, path, methods in routes:
        app.add_route(handler, path, methods, name=f"{handler.__name__}")

    @app.exception(Exception)
    async def answer_error(request: Request, error: Exception) -> HTTPResponse:
        return http_answer(refusal(error), "zh")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        serving = asyncio.create_task(server.serve_forever())
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=address, timeout=PATIENCE_S, trust_env=False) as client:
                yield client
        finally:
            server.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
    Sanic.unregister_app(app)


def as_who(token: str) -> dict[str, str]:
    """The header of somebody who is signed in."""
    return {"Cookie": f"{COOKIE}={token}"}

"""The agents' WebSocket door: who may come in, and who is in."""

from __future__ import annotations

import asyncio
import logging

from sanic import Request, Websocket

from web.desk.connection import GOING_AWAY, GOODBYE_S, TOKEN_REFUSED, TRY_AGAIN_LATER, Connection, Wiring
from web.desk.errors import Refused, refusal
from web.desk.frames import write
from web.desk.login_api import token_of
from web.desk.wording import error_text
from web.visitor import preferred_lang

logger = logging.getLogger(__name__)
MOST_OF_ACCOUNT = 20
"""Each tab has one; whoever needs more than these has a page that runs wild."""


class SocketDoor:
    """Lets sockets in, and knows those that are open."""

    def __init__(self, to: Wiring) -> None:
        self._to = to
        self._open: set[Connection] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def serve(self, request: Request, ws: Websocket) -> None:
        """`GET /api/desk/ws`. The `Origin` has been checked before the upgrade."""
        try:
            login = await self._to.logins.enter(token_of(request))
        except Refused as refused:
            await self._turn_away(ws, refused, preferred_lang(request.headers.get("accept-language")))
            return
        if self._stopping:
            ws.fail_connection(GOING_AWAY)
            return
        if sum(one.account.username == login.account.username for one in self._open) >= MOST_OF_ACCOUNT:
            ws.fail_connection(TRY_AGAIN_LATER, "too many sockets")
            return
        connection = Connection(ws, login, token_of(request), self._to)
        self._open.add(connection)
        self._to.metrics.connections.inc()
        logger.info("socket_opened agent=%s", login.account.username)
        try:
            await connection.run()
        except Exception as error:
            refusal(error)  # which logs it; the browser comes again
        finally:
            self._open.discard(connection)
            # A task of its own: the server cancels this one as soon as the line is gone.
            leaving = asyncio.create_task(connection.leave())
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
            self._to.metrics.connections.dec()
            logger.info("socket_closed agent=%s", login.account.username)

    def stop(self) -> None:
        """Closes every socket with 1001, and those that still come."""
        self._stopping = True
        for connection in list(self._open):
            connection.go_away()

    async def _turn_away(self, ws: Websocket, refused: Refused, lang: str) -> None:
        self._to.metrics.errors.labels(refused.code).inc()
        await ws.send(write({"type": "error", "code": refused.code, "message": error_text(refused.code, lang)}))
        await ws.close(TOKEN_REFUSED)
        await ws.wait_for_connection_lost(GOODBYE_S)

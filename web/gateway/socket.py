"""The shoppers' WebSocket door: who may come in, and who is in."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from sanic import Request, Websocket

from web.gateway.connection import BAD_REQUEST, GOING_AWAY, GOODBYE_S, TOKEN_REFUSED, Connection, Wiring
from web.gateway.errors import BadFrame, Refused, refusal
from web.gateway.frames import error_frame, read_after, write_frame
from web.gateway.sessions import Sessions
from web.visitor import preferred_lang

logger = logging.getLogger(__name__)
BROKEN_TEXT = 1007


class SocketDoor:
    """Lets sockets in, and knows those that are open."""

    def __init__(self, sessions: Sessions, to: Wiring) -> None:
        self._sessions, self._to, self._metrics = sessions, to, to.metrics
        self._open: set[Connection] = set()
        self._stopping = False

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    async def serve(self, request: Request, ws: Websocket) -> None:
        """`GET /api/chat/ws?token=…&after=…`. The `Origin` has been checked before the upgrade."""
        _refuse_broken_text(ws)
        try:
            session = self._sessions.read(request.args.get("token"))
            after = read_after(request.args.get("after"))
        except Refused as refused:
            await self._turn_away(ws, refused, preferred_lang(request.headers.get("accept-language")))
            return
        if self._stopping:
            ws.fail_connection(GOING_AWAY)
            return
        connection = Connection(ws, session, after, self._to)
        self._open.add(connection)
        self._metrics.connections.inc()
        logger.info("socket_opened conversation=%s", session.cid)
        try:
            await connection.run()
        except Exception as error:
            refusal(error)  # which logs it; the client comes again
        finally:
            self._open.discard(connection)
            self._metrics.connections.dec()
            logger.info("socket_closed conversation=%s", session.cid)

    def stop(self) -> None:
        """Closes every socket with 1001, and those that still come."""
        self._stopping = True
        for connection in list(self._open):
            connection.go_away()

    async def _turn_away(self, ws: Websocket, refused: Refused, lang: str) -> None:
        self._metrics.errors.labels(refused.code).inc()
        await ws.send(write_frame(error_frame(refused, lang)))
        await ws.close(BAD_REQUEST if isinstance(refused, BadFrame) else TOKEN_REFUSED)
        await ws.wait_for_connection_lost(GOODBYE_S)


def _refuse_broken_text(ws: Websocket) -> None:
    """Ends the connection when a text is not UTF-8 (RFC 6455, 8.1). Sanic would lose it, and frames after it, in silence."""
    process_events = ws.process_events

    async def process_or_fail(events: Sequence[Any]) -> None:
        try:
            await process_events(events)
        except UnicodeDecodeError:
            ws.fail_connection(BROKEN_TEXT)

    ws.process_events = process_or_fail  # type: ignore[method-assign]
